/* SPDX-License-Identifier: Apache-2.0 */
/*
 * container/monitor.c - who watches a container for its life.
 *
 * A crash leaves the record as it was last written, the lock free and no
 * process: the kernel ends the container's first process with us.
 *
 * The order at an end: last words to the log, ports free, record or removal,
 * then those who wait are told; what is slow (mounts, trees, the disk's own
 * time) comes after that.
 */
#include "container/monitor.h"

#include <errno.h>
#include <malloc.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/log.h"
#include "base/proc.h"
#include "base/units.h"
#include "container/events.h"
#include "container/live.h"
#include "container/monitor_priv.h"
#include "container/stragglers.h"

/* How long readers get for the last words before they are left behind. */
#define LAST_WORDS_NS (10 * UNITS_NS_PER_S)

static void monitor_again(struct monitor *monitor);

/* It runs. */
static void
monitor_note_start(struct monitor *monitor)
{
	bool attached = monitor->job->attached && !monitor->ran;

	monitor->phase = MONITOR_UP;
	monitor->ran = true;
	monitor->by_user = monitor->revive = false;
	monitor->up_ns = units_monotonic_ns();
	monitor_probe_open(monitor);
	monitor_record_start(monitor);
	container_event_start(monitor->start.store, monitor->job->spec,
			      &monitor->state, attached);
}

static int monitor_on_exit(struct loop_source *source, uint32_t events,
			   void *data);

static int
monitor_on_limit(struct loop_source *source, void *data)
{
	struct monitor *monitor = data;

	(void)kill(monitor->start.launch.pid, SIGKILL);
	return 0;
}

static void
monitor_watch_process(struct monitor *monitor)
{
	int64_t limit_ns = monitor->job->spec->timeout_s * UNITS_NS_PER_S;

	monitor->exited =
		loop_add_fd(monitor->loop, monitor->start.launch.pidfd, EPOLLIN,
			    monitor_on_exit, monitor);
	monitor_watch_network(monitor);
	monitor_watch_owners(monitor);
	if (limit_ns)
		monitor->limit_timer = loop_add_timer(
			monitor->loop, limit_ns, monitor_on_limit, monitor);
}

static void
monitor_brief_janitor(struct monitor *monitor)
{
	struct start *start = &monitor->start;

	monitor->janitor = (struct janitor){
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

/* While the command is loaded there is time for what others need. */
static void
monitor_settle(struct monitor *monitor)
{
	struct err err = ERR_INIT;

	if (monitor->ctlfd < 0 && monitor_ctl_open(monitor, &err) < 0)
		log_debug("%s", err.text);
	if (!monitor->job->local || monitor->janitor.dir)
		return;
	monitor_brief_janitor(monitor);
	janitor_start(&monitor->janitor);
}

static int
monitor_up(struct monitor *monitor, struct err *err)
{
	struct start *start = &monitor->start;
	bool created = start->created;
	int r;

	start->size = monitor->size;
	start->watches_owners = true;
	r = start_prepare(start, err);
	if (r == 0)
		r = start_begin(start, err);
	if (r < 0)
		return r;
	if (!created && !monitor->job->container)
		monitor_event(monitor, "create", NULL);
	monitor_settle(monitor);
	monitor_draft_start(monitor);
	r = start_finish(start, err);
	if (r < 0)
		return r;
	monitor_note_start(monitor);
	monitor_watch_process(monitor);
	return 0;
}

void
monitor_unwatch(struct monitor *monitor)
{
	struct loop_source **sources[] = {
		&monitor->exited,      &monitor->kill_timer,
		&monitor->limit_timer, &monitor->again_timer,
		&monitor->drop_timer,  &monitor->net,
		&monitor->net_timer,   &monitor->owners,
	};

	for (size_t i = 0; i < ARRAY_LEN(sources); i++) {
		loop_remove(*sources[i]);
		*sources[i] = NULL;
	}
}

static bool
monitor_removes(const struct monitor *monitor)
{
	return monitor->job->spec->auto_remove && !monitor->keep;
}

void
monitor_end(struct monitor *monitor)
{
	struct container_state *state = &monitor->state;

	monitor->phase = MONITOR_OVER;
	monitor_leave_network(monitor, true);
	state->status = CONTAINER_EXITED;
	state->pid = 0;
	container_state_clear_network(state);
	if (!monitor->janitor.dir)
		monitor_brief_janitor(monitor);
	monitor->janitor.removes = monitor_removes(monitor);
	if (!monitor->janitor.removes)
		monitor_record(monitor, false);
	janitor_bury(&monitor->janitor);
	if (monitor->janitor.removes)
		monitor_event(monitor, "destroy", NULL);
	monitor_ctl_exited(monitor);
}

static int
monitor_on_again(struct loop_source *source, void *data)
{
	monitor_again(data);
	return 0;
}

static void
monitor_wait_to_restart(struct monitor *monitor, int64_t delay_ns)
{
	monitor->phase = MONITOR_WAITING;
	monitor_leave_network(monitor, false);
	monitor->state.status = CONTAINER_RESTARTING;
	monitor->state.pid = 0;
	monitor_record(monitor, false);
	monitor_ctl_exited(monitor);
	monitor->again_timer = loop_add_timer(monitor->loop, delay_ns,
					      monitor_on_again, monitor);
}

static int
monitor_on_drop(struct loop_source *source, void *data)
{
	monitor_io_abandon(data);
	return 0;
}

/* Start it again, or be over. */
static void
monitor_decide(struct monitor *monitor)
{
	const struct restart_end end = {
		.exit_code = monitor->exit_status,
		.stopped_by_user = monitor->by_user,
		.up_ns = units_monotonic_ns() - monitor->up_ns,
	};
	int64_t delay_ns = 0;

	if (!monitor->leaving &&
	    (restart_decide(&monitor->restart, &monitor->job->spec->restart,
			    &end, &delay_ns) ||
	     monitor->revive))
		monitor_wait_to_restart(monitor, delay_ns);
	else
		monitor_end(monitor);
	if (monitor_io_is_over(monitor))
		monitor_on_io_over(monitor);
	else if (!monitor->job->local)
		monitor->drop_timer = loop_add_timer(
			monitor->loop, LAST_WORDS_NS, monitor_on_drop, monitor);
}

static int
monitor_on_exit(struct loop_source *source, uint32_t events, void *data)
{
	struct monitor *monitor = data;
	struct container_state *state = &monitor->state;
	int status = proc_wait(monitor->start.launch.pid);

	if (status < 0)
		return status;
	monitor->start.launch.pid = 0;
	if (monitor->job->spec->host_pid)
		stragglers_kill(monitor->start.launch.mntfd);
	monitor_probe_close(monitor);
	monitor_unwatch(monitor);
	monitor_io_finish(monitor);
	monitor->exit_status = proc_exit_status(status);
	state->exit_code = monitor->exit_status;
	state->oom_killed = cgroup_was_oom(&monitor->start.limits.cgroup);
	if (state->oom_killed)
		monitor_event(monitor, "oom", NULL);
	state->finished_ns = units_now_ns();
	state->stopped_by_user = monitor->by_user;
	container_event_end(monitor->start.store, monitor->job->spec, state,
			    monitor->stopping && !monitor->removed);
	monitor_decide(monitor);
	return 0;
}

void
monitor_on_io_over(struct monitor *monitor)
{
	if (monitor->phase == MONITOR_OVER)
		loop_stop(monitor->loop, 0);
	else if (monitor->phase == MONITOR_WAITING)
		monitor_ctl_detach_all(monitor);
}

/* Give up: what of it was made for the next life is taken back. */
static void
monitor_fail_again(struct monitor *monitor, const struct err *err)
{
	start_down(&monitor->start);
	container_state_drop_draft(monitor->start.dir.fd);
	free(monitor->state.error);
	monitor->state.error = xstrdup(err->text);
	monitor->exit_status = 128;
	monitor->state.exit_code = 128;
	monitor_event(monitor, "die", "exitCode=%d", 128);
	monitor_decide(monitor);
}

static void
monitor_again(struct monitor *monitor)
{
	struct err err = ERR_INIT;

	loop_remove(monitor->again_timer);
	monitor->again_timer = NULL;
	monitor_io_abandon(monitor);
	monitor_ctl_detach_all(monitor);
	monitor_io_close(monitor);
	start_down(&monitor->start);
	monitor->stopping = false;
	if (monitor_up(monitor, &err) < 0) {
		log_debug("start again: %s", err.text);
		monitor_fail_again(monitor, &err);
		return;
	}
	monitor_io_open(monitor);
}

/* A container that was there stays there, with the reason. */
static void
monitor_note_failure(struct monitor *monitor, const struct err *err)
{
	struct container_state *state = &monitor->state;
	const struct launch *launch = &monitor->start.launch;

	free(state->error);
	state->error = xstrdup(err->text);
	state->exit_code = !launch->command_failed ? 128
			   : err->code == ENOENT   ? 127
						   : 126;
	if (state->status != CONTAINER_CREATED)
		state->status = CONTAINER_EXITED;
	state->pid = 0;
	container_state_drop_draft(monitor->start.dir.fd);
	monitor_record(monitor, true);
}

/*
 * Children that nobody here waits for: dhow-net has a parent for a moment.
 * The others' ends are events of their own.
 */
static int
monitor_on_child(struct loop_source *source, const struct signalfd_siginfo *sig,
		 void *data)
{
	const struct monitor *monitor = data;
	const pid_t own[] = { monitor->start.launch.pid,
			      monitor->start.rootfs.fuse_pid,
			      monitor->probe.pid };

	for (;;) {
		siginfo_t info = { .si_pid = 0 };

		if (waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT) < 0 ||
		    info.si_pid == 0)
			return 0;
		for (size_t i = 0; i < ARRAY_LEN(own); i++)
			if (info.si_pid == own[i])
				return 0;
		(void)waitid(P_PID, (id_t)info.si_pid, &info,
			     WEXITED | WNOHANG);
	}
}

static void
monitor_fail(struct monitor *monitor, const struct err *err)
{
	monitor->phase = MONITOR_OVER;
	if (monitor->job->container)
		monitor_note_failure(monitor, err);
	if (!monitor->start.created)
		return;
	if (!monitor->janitor.dir)
		monitor_brief_janitor(monitor);
	monitor->janitor.removes = !monitor->job->container;
	janitor_bury(&monitor->janitor);
}

/*
 * What is slow is done here, after everybody was told; for a foreground run
 * the janitor does it.
 */
static void
monitor_release(struct monitor *monitor)
{
	struct start *start = &monitor->start;
	const struct container_spec *spec = monitor->job->spec;

	launch_release(&start->launch);
	monitor->janitor.mntfd = -EBADF;
	if (!monitor->ran && start->made_cidfile)
		(void)unlink(spec->cidfile);
	if (spec->pidfile)
		(void)unlink(spec->pidfile);
	if (start->created)
		janitor_dismiss(&monitor->janitor);
	else if (start->rundirfd >= 0)
		idspace_release(start->rundirfd, getpid());
	if (start->created && !monitor->janitor.removes)
		monitor_record(monitor, true);
	if (start->lockfd >= 0)
		live_remove(start->rundirfd, spec->id);
	cleanup_close_p(&start->lockfd);
	monitor_ctl_release(monitor);
	monitor_unwatch(monitor);
	monitor_io_release(monitor);
	container_state_release(&monitor->state);
	start_release(start);
	loop_free(monitor->loop);
}

static void
monitor_init(struct monitor *monitor, const struct monitor_job *job)
{
	*monitor = (struct monitor){
		.job = job,
		.start = START_INIT,
		.janitor = JANITOR_INIT,
		.state = CONTAINER_STATE_INIT,
		.loop = loop_new(),
		.inputfd = -EBADF,
		.ctlfd = -EBADF,
	};
	monitor->start.session = job->session;
	monitor->start.spec = job->spec;
	monitor->start.driver = job->driver;
	monitor_io_init(monitor);
	if (!job->container)
		return;
	monitor->state = job->container->state;
	job->container->state = (struct container_state)CONTAINER_STATE_INIT;
	monitor->start.exists = true;
	monitor->start.lockfd = job->lockfd;
	monitor->start.again = monitor->state.driver;
}

static int
monitor_begin(struct monitor *monitor, struct err *err)
{
	const struct monitor_job *job = monitor->job;
	struct start *start = &monitor->start;
	int r;

	start->rundirfd = paths_open_run(&job->session->paths, err);
	if (start->rundirfd < 0)
		return start->rundirfd;
	r = session_store(job->session, &start->store, err);
	if (r == 0 && job->container)
		r = container_dir_open(&start->dir, start->store, job->spec,
				       err);
	if (r == 0)
		r = start_claim(start, err);
	if (r < 0)
		return r;
	if (job->peerfd >= 0)
		monitor_ctl_adopt(monitor, job->peerfd);
	r = monitor_up(monitor, err);
	if (r < 0)
		return r;
	monitor_io_open(monitor);
	monitor_ctl_started(monitor);
	return 0;
}

int
monitor_run(const struct monitor_job *job, int *ret_status, bool *ret_not_run,
	    struct err *err)
{
	struct monitor *monitor = xcalloc(1, sizeof(*monitor));
	int r;

	monitor_init(monitor, job);
	monitor->size = job->size;
	r = monitor_begin(monitor, err);
	*ret_not_run = monitor->start.launch.command_failed;
	if (r < 0) {
		monitor_fail(monitor, err);
	} else {
		monitor_watch_signals(monitor);
		if (!job->local)
			(void)loop_add_signal(monitor->loop, SIGCHLD,
					      monitor_on_child, monitor);
		if (!job->local)
			(void)malloc_trim(0);
		r = loop_run(monitor->loop);
		if (r < 0)
			(void)err_code(err, -r, "watch the container");
	}
	*ret_status = monitor->exit_status;
	monitor_release(monitor);
	free(monitor);
	return r;
}
