/* SPDX-License-Identifier: Apache-2.0 */
/*
 * container/inside.c - work on a container's files as the container sees
 * them.
 *
 * A container that never ran gets its writable layer here; which driver made
 * that is noted, for its first start.
 */
#include "container/inside.h"

#include <errno.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/proc.h"
#include "base/text.h"
#include "container/lifecycle_priv.h"
#include "container/live.h"
#include "container/start.h"
#include "runtime/enter.h"

static int
inside_join(const struct container *container, const struct inside *inside,
	    struct err *err)
{
	const struct container_state *state = &container->state;
	struct proc_ident ident = { .pid = state->pid,
				    .start_ticks = state->pid_start };
	struct enter_visit visit = {
		.target = state->pid,
		.keep = inside->keep,
		.only_root = inside->only_root,
		.visit = inside->work,
		.data = inside->data,
	};
	cleanup_close int pidfd = -EBADF;

	(void)memcpy(ident.boot_id, state->boot_id, sizeof(ident.boot_id));
	pidfd = proc_open_pidfd(&ident);
	if (pidfd < 0)
		return err_set(err, EBUSY, "container '%s' has just ended",
			       container->name);
	visit.target_pidfd = pidfd;
	return enter_visit(&visit, err);
}

/* Only what concerns files: no network, no limits, no terminal. */
static void
inside_shape(struct container_spec *spec)
{
	spec->net_mode = NET_MODE_NONE;
	spec->tty = false;
	limits_spec_release(&spec->limits);
	port_list_release(&spec->ports);
	strvec_release(&spec->sysctls);
	free(take_ptr(spec->pidfile));
	free(spec->user);
	spec->user = xstrdup("");
}

/* Nothing is mounted on /dev and the like: what belongs there has no place. */
static size_t
inside_drop_mounts(struct rt_mount *mounts, size_t len)
{
	size_t kept = 0;

	for (size_t i = 0; i < len; i++)
		if (!text_starts(mounts[i].target, "/dev/") &&
		    !text_starts(mounts[i].target, "/proc/") &&
		    !text_starts(mounts[i].target, "/sys/"))
			mounts[kept++] = mounts[i];
	return kept;
}

static void
inside_change_plan(struct planner *planner, const struct inside *inside)
{
	struct rt_plan *plan = &planner->plan;
	static const char *const none[] = { NULL };

	plan->unshare_flags = CLONE_NEWNS;
	plan->new_pid = false;
	plan->hostname = plan->domainname = NULL;
	plan->loopback_up = false;
	plan->base_mount_count = 0;
	plan->mount_count = inside->only_root
				    ? 0
				    : inside_drop_mounts(planner->mounts,
							 plan->mount_count);
	plan->masked = plan->readonly = none;
	plan->visit = inside->work;
	plan->visit_data = inside->data;
}

static int
inside_note_driver(const struct start *start, const struct container *container,
		   struct err *err)
{
	cleanup_container_state struct container_state state =
		CONTAINER_STATE_INIT;
	int r;

	if (container->state.driver)
		return 0;
	r = container_state_read(start->dir.fd, start->rundirfd, container->id,
				 &state, err);
	if (r < 0)
		return r;
	free(state.driver);
	state.driver = xstrdup(driver_name(start->rootfs.driver));
	/* Our own lock makes it look alive. */
	state.status = container->state.status;
	return container_state_write(start->dir.fd, &state, true, err);
}

static int
inside_mount(struct start *start, const struct container *container,
	     const struct inside *inside, struct err *err)
{
	struct session *session = start->session;
	int r;

	r = session_store(session, &start->store, err);
	if (r < 0)
		return r;
	r = container_dir_open(&start->dir, start->store, start->spec, err);
	if (r == 0)
		r = start_prepare(start, err);
	if (r < 0)
		return r;
	inside_change_plan(&start->planner, inside);
	r = start_begin(start, err);
	if (r == 0)
		r = inside_note_driver(start, container, err);
	return r < 0 ? r : launch_wait_visit(&start->launch, err);
}

static int
inside_start(struct session *session, const struct container *container,
	     const struct inside *inside, struct err *err)
{
	cleanup_container_image struct container_image image = { 0 };
	cleanup_container_spec struct container_spec spec = { 0 };
	struct container_state state = CONTAINER_STATE_INIT;
	struct start start = START_INIT;
	int rundirfd, lockfd, r;

	rundirfd = paths_open_run(&session->paths, err);
	if (rundirfd < 0)
		return rundirfd;
	r = container_load_spec(session, container, &spec, &image, err);
	if (r < 0)
		return r;
	/* One that just ended is still taken down. */
	lockfd = lifecycle_lock(session, container, &state, err);
	container_state_release(&state);
	if (lockfd == -EALREADY)
		return err_set(err, EBUSY, "container '%s' was just started",
			       container->name);
	if (lockfd < 0)
		return lockfd;
	inside_shape(&spec);
	start.session = session;
	start.spec = &spec;
	start.exists = true;
	start.again = container->state.driver;
	start.lockfd = lockfd;
	r = inside_mount(&start, container, inside, err);
	launch_release(&start.launch);
	rootfs_finish(&start.rootfs);
	start_release(&start);
	idspace_release(rundirfd, getpid());
	live_remove(rundirfd, container->id);
	(void)close(lockfd);
	return r;
}

int
inside_run(struct session *session, const struct container *container,
	   const struct inside *inside, struct err *err)
{
	const struct container_state *state = &container->state;

	if (state->elsewhere)
		return err_set(err, EBUSY, "container '%s' runs on host '%s'",
			       container->name, state->host);
	if (state->status == CONTAINER_RUNNING ||
	    state->status == CONTAINER_PAUSED)
		return inside_join(container, inside, err);
	if (container_status_is_live(state->status))
		return err_set(err, EBUSY, "container '%s' is %s",
			       container->name,
			       container_status_name(state->status));
	return inside_start(session, container, inside, err);
}
