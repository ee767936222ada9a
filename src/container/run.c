/* SPDX-License-Identifier: Apache-2.0 */
/*
 * container/run.c - a container from start to end in the foreground.
 */
#include "container/run.h"

#include <unistd.h>

#include "base/proc.h"
#include "base/units.h"
#include "container/attach.h"
#include "container/janitor.h"
#include "container/live.h"
#include "container/start.h"

/* What the janitor needs to know. */
static void
run_brief_janitor(struct start *start, struct janitor *janitor)
{
	*janitor = (struct janitor){
		.dir = &start->dir,
		.volumes = &start->spec->anonymous,
		.rundirfd = start->rundirfd,
		.mntfd = start->launch.mntfd,
		.fuse_pidfd = start->rootfs.fuse_pidfd,
		.holds = start->session->ids.entered,
		.removes = start->spec->auto_remove,
		.wordfd = -EBADF,
	};
}

static int
run_start(struct start *start, struct janitor *janitor, struct err *err)
{
	int r = start_begin(start, err);

	if (r < 0)
		return r;
	/* While the command is loaded there is time for this. */
	run_brief_janitor(start, janitor);
	janitor_start(janitor);
	return start_finish(start, err);
}

static int
run_attach(struct start *start, bool sig_proxy, struct run_result *result,
	   struct err *err)
{
	struct attach attach = {
		.pid = start->launch.pid,
		.pidfd = start->launch.pidfd,
		.pipes = &start->pipes,
		.ttyfd = start->launch.ttyfd,
		.open_stdin = start->spec->open_stdin,
		.sig_proxy = sig_proxy && !start->spec->tty,
		.detach_keys = &start->spec->detach_keys,
		.timeout_ns = start->spec->timeout_s * UNITS_NS_PER_S,
	};
	enum attach_end end;
	int status, r;

	r = attach_run(&attach, &status, &end, err);
	if (r < 0)
		return r;
	if (end == ATTACH_EXITED) {
		start->launch.pid = 0; /* reaped */
		result->exit_status = proc_exit_status(status);
	}
	result->detached = end == ATTACH_DETACHED;
	return 0;
}

/*
 * What of the container can be seen is gone when this returns; what is slow
 * to take down (mounts, trees) is left to the janitor.
 */
static void
run_clean(struct start *start, struct janitor *janitor,
	  const struct run_result *result, bool started)
{
	const struct container_spec *spec = start->spec;

	launch_release(&start->launch);
	if (!janitor->dir)
		run_brief_janitor(start, janitor);
	janitor->removes |= !started;
	janitor->mntfd = -EBADF;
	/* The container ran: a record that fails is not its fault. */
	if (start->created && !janitor->removes)
		(void)container_dir_record_exit(&start->dir,
						result->exit_status, NULL);
	if (!started && spec->cidfile)
		(void)unlink(spec->cidfile);
	if (spec->pidfile)
		(void)unlink(spec->pidfile);
	if (start->created)
		janitor_dismiss(janitor);
	else
		idspace_release(start->rundirfd, getpid());
	if (start->lockfd >= 0)
		live_remove(start->rundirfd, spec->id);
	cleanup_close_p(&start->lockfd);
	start_release(start);
}

int
run_foreground(struct session *session, struct container_spec *spec,
	       const char *driver, bool sig_proxy,
	       struct run_result *ret_result, struct err *err)
{
	struct start start = START_INIT;
	struct janitor janitor = JANITOR_INIT;
	struct run_result result = { .exit_status = 0 };
	bool started;
	int r;

	start.session = session;
	start.spec = spec;
	start.driver = driver;
	r = start_claim(&start, err);
	if (r < 0)
		return r;
	r = start_prepare(&start, err);
	if (r == 0)
		r = run_start(&start, &janitor, err);
	started = r == 0;
	result.command_failed = start.launch.command_failed;
	if (started)
		r = run_attach(&start, sig_proxy, &result, err);
	run_clean(&start, &janitor, &result, started);
	*ret_result = result;
	return r;
}
