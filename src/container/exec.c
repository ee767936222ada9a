/* SPDX-License-Identifier: Apache-2.0 */
/*
 * container/exec.c - a further process in a running container.
 */
#include "container/exec.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "base/fsx.h"
#include "base/text.h"
#include "container/planner.h"
#include "runtime/enter.h"

struct exec {
	struct container_spec spec; /* borrows all but env */
	struct ids ids;
	struct limits limits;
	struct planner planner;
	struct enter enter;
};

/* The container's spec with this command, user and environment. */
static void
exec_shape(struct container_spec *spec, const struct exec_spec *exec)
{
	*spec = *exec->container;
	spec->argv = *exec->argv;
	spec->env = (struct strvec)STRVEC_INIT;
	strvec_add_all(&spec->env, &exec->container->env);
	for (size_t i = 0; exec->env && i < exec->env->len; i++) {
		const char *text = exec->env->v[i];
		size_t len = strcspn(text, "=");
		cleanup_free char *name = xstrndup(text, len);

		if (text[len])
			strvec_env_set(&spec->env, name, text + len + 1);
	}
	if (exec->user)
		spec->user = (char *)exec->user;
	if (exec->cwd)
		spec->cwd = (char *)exec->cwd;
	spec->tty = exec->tty;
	spec->init = false;
	if (exec->privileged) {
		spec->privileged = true;
		spec->caps = UINT64_MAX;
	}
}

/* What the container's maps are, the kernel knows. */
static int
exec_learn_ids(pid_t pid, struct ids *ids, struct err *err)
{
	cleanup_strbuf struct strbuf word = STRBUF_INIT;
	char path[48];
	int r;

	(void)snprintf(path, sizeof(path), "/proc/%d/uid_map", (int)pid);
	r = idmap_read(path, &ids->uids, err);
	(void)snprintf(path, sizeof(path), "/proc/%d/gid_map", (int)pid);
	if (r == 0)
		r = idmap_read(path, &ids->gids, err);
	(void)snprintf(path, sizeof(path), "/proc/%d/setgroups", (int)pid);
	if (r == 0)
		r = fsx_read_file(AT_FDCWD, path, 64, &word, err);
	if (r < 0)
		return r;
	ids->deny_setgroups = text_starts(word.buf, "deny");
	ids->single = ids->uids.len == 1 && ids->uids.extents[0].count == 1;
	if (ids->single) {
		ids->you_uid = ids->uids.extents[0].inside;
		ids->you_gid = ids->gids.extents[0].inside;
	}
	return 0;
}

/* In the helper, within the container. */
static int
exec_look_inside(void *data, int rootfd, struct rt_late *late, struct err *err)
{
	const struct exec *exec = data;

	return ids_resolve(&exec->spec, &exec->ids, rootfd, late, err);
}

static int
exec_run(struct exec *exec, struct session *session,
	 const struct exec_spec *spec, struct err *err)
{
	struct rt_plan *plan = &exec->planner.plan;
	int r;

	exec_shape(&exec->spec, spec);
	exec->planner.limits = &exec->limits;
	r = exec_learn_ids(spec->pid, &exec->ids, err);
	if (r == 0)
		r = limits_join(&exec->limits, spec->cgroup, session->paths.uid,
				err);
	if (r == 0)
		r = enter_init(&exec->enter, err);
	if (r == 0)
		r = planner_build_exec(&exec->planner, session, &exec->spec,
				       &exec->ids, exec->enter.late, err);
	if (r < 0)
		return r;
	plan->keep_cwd = true;
	plan->outlives = true;
	(void)memcpy(plan->stdio, spec->stdio, sizeof(plan->stdio));
	exec->enter.target = spec->pid;
	exec->enter.target_pidfd = spec->pidfd;
	exec->enter.plan = plan;
	exec->enter.size = spec->size;
	exec->enter.look_inside = exec_look_inside;
	exec->enter.data = exec;
	return enter_spawn(&exec->enter, err);
}

int
exec_spawn(struct session *session, const struct exec_spec *spec,
	   struct exec_proc *ret_proc, bool *ret_not_run, struct err *err)
{
	struct exec exec = { .limits = LIMITS_INIT, .enter = ENTER_INIT };
	int r = exec_run(&exec, session, spec, err);

	if (r == 0)
		*ret_proc = (struct exec_proc){
			.pid = exec.enter.pid,
			.pidfd = take_fd(exec.enter.pidfd),
			.ttyfd = take_fd(exec.enter.ttyfd),
		};
	*ret_not_run = exec.enter.command_failed;
	enter_release(&exec.enter);
	planner_release(&exec.planner);
	limits_close(&exec.limits);
	strvec_release(&exec.spec.env);
	return r;
}
