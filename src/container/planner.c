/* SPDX-License-Identifier: Apache-2.0 */
/*
 * container/planner.c - from what was asked for to a runtime plan.
 */
#include "container/planner.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/proc.h"
#include "base/text.h"

#define PLANNER_PATH \
	"/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

const char *
planner_keep(struct planner *planner, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	strvec_add_take(&planner->strings, xvasprintf(fmt, args));
	va_end(args);
	return planner->strings.v[planner->strings.len - 1];
}

static const struct limits *
planner_holds(const struct planner *planner)
{
	static const struct limits nothing = LIMITS_INIT;

	return planner->limits ?: &nothing;
}

static void
planner_add_namespaces(struct planner *planner,
		       const struct container_spec *spec)
{
	struct rt_plan *plan = &planner->plan;

	plan->unshare_flags = CLONE_NEWNS | CLONE_NEWCGROUP;
	if (!spec->host_ipc)
		plan->unshare_flags |= CLONE_NEWIPC;
	if (!spec->host_uts) {
		plan->unshare_flags |= CLONE_NEWUTS;
		plan->hostname = spec->hostname;
		plan->domainname = spec->domainname;
	}
	if (spec->net_mode == NET_MODE_BRIDGE ||
	    spec->net_mode == NET_MODE_NONE)
		plan->unshare_flags |= CLONE_NEWNET;
	plan->join_netfd = -EBADF;
	plan->loopback_up =
		spec->net_mode == NET_MODE_NONE ||
		(spec->net_mode == NET_MODE_BRIDGE && !spec->networks.len);
	plan->new_pid = !spec->host_pid;
}

/* Docker's lists; a privileged container sees everything. */
void
planner_list_masks(const struct container_spec *spec, struct strvec *masked,
		   struct strvec *readonly)
{
	static const char *const hidden[] = {
		"/proc/acpi",
		"/proc/asound",
		"/proc/interrupts",
		"/proc/kcore",
		"/proc/keys",
		"/proc/latency_stats",
		"/proc/sched_debug",
		"/proc/scsi",
		"/proc/timer_list",
		"/proc/timer_stats",
		"/sys/devices/virtual/powercap",
		"/sys/firmware",
	};
	static const char *const fixed[] = {
		"/proc/bus",           "/proc/fs", "/proc/irq", "/proc/sys",
		"/proc/sysrq-trigger",
	};

	if (!spec->privileged && !spec->unmasked) {
		for (size_t i = 0; i < ARRAY_LEN(hidden); i++)
			if (!strvec_has(&spec->unmasks, hidden[i]))
				strvec_add(masked, hidden[i]);
		for (size_t i = 0; i < ARRAY_LEN(fixed); i++)
			if (!strvec_has(&spec->unmasks, fixed[i]))
				strvec_add(readonly, fixed[i]);
	}
	strvec_add_all(masked, &spec->extra_masks);
}

static void
planner_add_masks(struct planner *planner, const struct container_spec *spec)
{
	planner_list_masks(spec, &planner->masked, &planner->readonly);
	planner->plan.masked =
		(const char *const *)strvec_argv(&planner->masked);
	planner->plan.readonly =
		(const char *const *)strvec_argv(&planner->readonly);
}

/* Where argv[0] may be: one path, or each directory of the container's PATH. */
static void
planner_add_command(struct planner *planner, const struct container_spec *spec)
{
	struct rt_plan *plan = &planner->plan;
	const char *name = spec->argv.v[0];

	if (strchr(name, '/')) {
		strvec_add(&planner->exec_paths, name);
	} else {
		const char *path = strvec_env_get(&planner->env, "PATH");
		cleanup_strvec struct strvec dirs = STRVEC_INIT;

		strvec_split(&dirs, path ? path : PLANNER_PATH, ":");
		for (size_t i = 0; i < dirs.len; i++)
			strvec_addf(&planner->exec_paths, "%s/%s", dirs.v[i],
				    name);
	}
	plan->argv = (const char *const *)spec->argv.v;
	plan->exec_paths =
		(const char *const *)strvec_argv(&planner->exec_paths);
	plan->cwd = *spec->cwd ? spec->cwd : "/";
	plan->tty = spec->tty;
	plan->init = spec->init;
	/* Who listens inside need not know how we were called. */
	if (spec->init &&
	    proc_own_cmdline(&plan->cmdline, &plan->cmdline_len) < 0)
		plan->cmdline = NULL;
	plan->umask = spec->umask;
}

/*
 * PATH, HOSTNAME and TERM, then the image's and the user's own; HOME is known
 * late and stands in memory shared with the child.
 */
static void
planner_add_env(struct planner *planner, const struct container_spec *spec,
		const struct ids *ids, struct rt_late *late)
{
	struct strvec *env = &planner->env;
	size_t n;

	strvec_env_set(env, "PATH", PLANNER_PATH);
	if (!spec->bare_env)
		strvec_env_set(env, "HOSTNAME", spec->hostname);
	if (spec->tty)
		strvec_env_set(env, "TERM", "xterm");
	/* apt steps down to a user that does not exist here, and checks. */
	if (ids->single)
		strvec_env_set(env, "APT_CONFIG", "/dev/.dhow/apt.conf");
	for (size_t i = 0; i < spec->env.len; i++) {
		cleanup_free char *name = xstrdup(spec->env.v[i]);
		char *eq = strchr(name, '=');

		if (!eq)
			continue;
		*eq = '\0';
		strvec_env_set(env, name, eq + 1);
	}
	for (size_t i = 0; i < spec->secrets.len; i++)
		if (spec->secrets.items[i].is_env)
			strvec_env_set(env, spec->secrets.items[i].target,
				       spec->secrets.items[i].value.buf);
	planner->envp = xcalloc(env->len + 2, sizeof(*planner->envp));
	for (n = 0; n < env->len; n++)
		planner->envp[n] = env->v[n];
	if (!strvec_env_get(env, "HOME"))
		planner->envp[n] = late->home_env;
	planner->plan.envp = planner->envp;
}

static int
planner_add_confinement(struct planner *planner, struct session *session,
			const struct container_spec *spec,
			const struct ids *ids, struct err *err)
{
	struct rt_plan *plan = &planner->plan;
	int r = 0;

	plan->caps_bounding = spec->caps;
	plan->caps_effective = plan->caps_bounding;
	plan->no_new_privs = spec->no_new_privs;
	if (!spec->privileged && spec->seccomp != SECURITY_SECCOMP_UNCONFINED) {
		int cachefd = paths_open_cache(&session->paths, NULL);

		r = seccomp_profile_load(cachefd < 0 ? -1 : cachefd,
					 spec->seccomp_path,
					 plan->caps_bounding, &planner->seccomp,
					 err);
		if (r < 0)
			return err_wrap(err, r, "seccomp profile");
		plan->seccomp = planner->seccomp.prog;
	}
	if (ids->single) {
		struct seccomp_fakeid fake = { .uid = ids->you_uid,
					       .gid = ids->you_gid };

		seccomp_fakeid_build(&fake, &planner->fake_ids);
		plan->fake_ids = planner->fake_ids.prog;
		fake.is_watched = planner->watches_owners;
		if (fake.is_watched) {
			seccomp_fakeid_build(&fake, &planner->watched_ids);
			plan->watched_ids = planner->watched_ids.prog;
		}
	}
	return r;
}

static int
planner_add_sysctls(struct planner *planner, const struct container_spec *spec,
		    struct err *err)
{
	planner->sysctls =
		xcalloc(spec->sysctls.len, sizeof(*planner->sysctls));
	for (size_t i = 0; i < spec->sysctls.len; i++) {
		const char *text = spec->sysctls.v[i];
		const char *eq = strchr(text, '=');
		char *path;

		if (!eq)
			return err_set(err, EINVAL, "sysctl '%s' has no value",
				       text);
		path = xstrndup(text, (size_t)(eq - text));
		strvec_add_take(&planner->strings, path);
		planner->sysctls[i] = (struct rt_sysctl){ path, eq + 1 };
	}
	planner->plan.sysctls = planner->sysctls;
	planner->plan.sysctl_count = spec->sysctls.len;
	return 0;
}

/* A limit above our own hard one cannot be: it is lowered to that. */
static void
planner_add_rlimit(struct planner *planner, int resource, struct rlimit limit)
{
	struct rlimit ours;

	if (getrlimit((__rlimit_resource_t)resource, &ours) == 0) {
		if (limit.rlim_max > ours.rlim_max)
			limit.rlim_max = ours.rlim_max;
		if (limit.rlim_cur > limit.rlim_max)
			limit.rlim_cur = limit.rlim_max;
	}
	planner->rlimits[planner->plan.rlimit_count++] =
		(struct rt_rlimit){ resource, limit };
}

static void
planner_add_rlimits(struct planner *planner, const struct container_spec *spec)
{
	int64_t pids = spec->limits.pids;
	bool has_nproc = false;

	planner->rlimits =
		xcalloc(spec->ulimits.len + 1, sizeof(*planner->rlimits));
	planner->plan.rlimits = planner->rlimits;
	for (size_t i = 0; i < spec->ulimits.len; i++) {
		const struct ulimit_spec *from = &spec->ulimits.items[i];

		has_nproc |= from->resource == RLIMIT_NPROC;
		planner_add_rlimit(planner, from->resource,
				   (struct rlimit){ from->soft, from->hard });
	}
	if (pids > 0 && !has_nproc && !planner_holds(planner)->holds_pids &&
	    limits_can_count_processes())
		planner_add_rlimit(planner, RLIMIT_NPROC,
				   (struct rlimit){ (rlim_t)pids,
						    (rlim_t)pids });
}

/* "0-3,7", checked by limits_spec_check(). */
static void
planner_add_affinity(struct planner *planner, const char *list)
{
	if (!list || planner_holds(planner)->holds_cpuset)
		return;
	CPU_ZERO(&planner->affinity);
	for (const char *p = list; *p; p += *p == ',') {
		char *end;
		unsigned long first = strtoul(p, &end, 10), last = first;

		if (*end == '-')
			last = strtoul(end + 1, &end, 10);
		for (; first <= last && first < CPU_SETSIZE; first++)
			CPU_SET(first, &planner->affinity);
		p = end;
	}
	planner->plan.affinity = &planner->affinity;
}

static void
planner_add_limits(struct planner *planner, const struct container_spec *spec,
		   uid_t uid)
{
	struct rt_plan *plan = &planner->plan;
	int lowest;

	plan->cgroup_procs = planner_holds(planner)->procs;
	planner_add_rlimits(planner, spec);
	planner_add_affinity(planner, spec->limits.cpuset_cpus);
	plan->has_oom_score_adj = spec->has_oom_score_adj;
	if (!spec->has_oom_score_adj)
		return;
	lowest = limits_lowest_oom_score(uid);
	plan->oom_score_adj =
		spec->oom_score_adj < lowest ? lowest : spec->oom_score_adj;
}

int
planner_build_exec(struct planner *planner, struct session *session,
		   const struct container_spec *spec, const struct ids *ids,
		   struct rt_late *late, struct err *err)
{
	planner->plan.uids = ids->uids;
	planner->plan.gids = ids->gids;
	planner->plan.deny_setgroups = ids->deny_setgroups;
	planner_add_env(planner, spec, ids, late);
	planner_add_command(planner, spec);
	planner_add_limits(planner, spec, session->ids.uid);
	return planner_add_confinement(planner, session, spec, ids, err);
}

int
planner_build(struct planner *planner, struct session *session,
	      const struct container_spec *spec, const struct ids *ids,
	      const struct container_dir *dir, struct rt_late *late,
	      struct err *err)
{
	struct rt_plan *plan = &planner->plan;
	int r;

	plan->store_path = session->paths.data;
	planner_add_namespaces(planner, spec);
	planner_add_masks(planner, spec);
	r = planner_build_exec(planner, session, spec, ids, late, err);
	if (r == 0)
		r = planner_add_sysctls(planner, spec, err);
	if (r == 0)
		r = cdi_gift_make(spec, session->paths.config, &planner->gift,
				  err);
	return r < 0 ? r : planner_add_mounts(planner, spec, ids, dir, err);
}

void
planner_release(struct planner *planner)
{
	for (size_t i = 0; i < planner->option_len; i++)
		free(planner->options[i]);
	free(planner->options);
	free(planner->base);
	free(planner->mounts);
	free(planner->envp);
	free(planner->sysctls);
	free(planner->rlimits);
	free(planner->copies);
	strvec_release(&planner->strings);
	strvec_release(&planner->dev_nodes);
	strvec_release(&planner->masked);
	strvec_release(&planner->dirs);
	strvec_release(&planner->readonly);
	strvec_release(&planner->env);
	strvec_release(&planner->exec_paths);
	mount_list_release(&planner->resolved);
	cdi_gift_release(&planner->gift);
	seccomp_filter_release(&planner->seccomp);
	seccomp_filter_release(&planner->fake_ids);
	seccomp_filter_release(&planner->watched_ids);
	*planner = (struct planner){ .option_len = 0 };
}
