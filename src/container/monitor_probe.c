/* SPDX-License-Identifier: Apache-2.0 */
/*
 * container/monitor_probe.c - a monitor asks for its container's health.
 *
 * One question at a time: the next is due so long after the last was
 * answered. A container that is paused is not asked.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/proc.h"
#include "base/units.h"
#include "container/exec.h"
#include "container/health.h"
#include "container/monitor_priv.h"

#define PROBE_KILLED (-1)

static void
probe_arm(struct monitor *monitor)
{
	struct monitor_probe *probe = &monitor->probe;
	int64_t up_ns = units_monotonic_ns() - monitor->up_ns;

	loop_set_timer(probe->timer,
		       health_delay_ns(&monitor->state.health,
				       &monitor->job->spec->health, up_ns));
}

/* It turned unhealthy. */
static void
probe_act(struct monitor *monitor)
{
	switch (monitor->job->spec->health.on_failure) {
	case HEALTH_ACTION_KILL:
		(void)kill(monitor->start.launch.pid, SIGKILL);
		break;
	case HEALTH_ACTION_RESTART:
		monitor->revive = true;
		monitor_stop(monitor, 0, MONITOR_STOP_DEFAULT);
		break;
	case HEALTH_ACTION_STOP:
		monitor_stop(monitor, 0, MONITOR_STOP_DEFAULT);
		break;
	case HEALTH_ACTION_NONE:
	case HEALTH_ACTION_COUNT:
		break;
	}
}

static void
probe_answered(struct monitor *monitor, int exit_code)
{
	struct monitor_probe *probe = &monitor->probe;
	struct container_health *health = &monitor->state.health;
	const struct health_answer answer = {
		.start_ns = probe->start_ns,
		.end_ns = units_now_ns(),
		.exit_code = exit_code,
		.output = probe->output.buf,
	};
	bool changed =
		health_judge(health, &monitor->job->spec->health, &answer,
			     units_monotonic_ns() - monitor->up_ns);

	monitor_record(monitor, false);
	strbuf_reset(&probe->output);
	if (changed)
		monitor_event(monitor,
			      health->status == HEALTH_HEALTHY
				      ? "health_status: healthy"
				      : "health_status: unhealthy",
			      NULL);
	monitor_ctl_probed(monitor, exit_code, NULL);
	probe_arm(monitor);
	if (changed && health->status == HEALTH_UNHEALTHY)
		probe_act(monitor);
}

/* What it wrote, as far as it is kept. Returns false at the end. */
static bool
probe_read(struct monitor_probe *probe)
{
	char buffer[HEALTH_OUTPUT_MAX_BYTES];
	ssize_t n = read(probe->outfd, buffer, sizeof(buffer));
	size_t room = HEALTH_OUTPUT_MAX_BYTES - probe->output.len;

	if (n <= 0)
		return n < 0 && (errno == EAGAIN || errno == EINTR);
	strbuf_add(&probe->output, buffer, (size_t)n < room ? (size_t)n : room);
	return true;
}

/* Forget the process that was asked; it has been reaped. */
static void
probe_close(struct monitor_probe *probe)
{
	loop_remove(probe->exited);
	loop_remove(probe->reading);
	loop_remove(probe->late);
	probe->exited = probe->reading = probe->late = NULL;
	cleanup_close_p(&probe->outfd);
	cleanup_close_p(&probe->pidfd);
	probe->outfd = probe->pidfd = -EBADF;
	probe->pid = 0;
}

static int
probe_on_output(struct loop_source *source, uint32_t events, void *data)
{
	struct monitor *monitor = data;

	if (probe_read(&monitor->probe))
		return 0;
	loop_remove(source);
	monitor->probe.reading = NULL;
	return 0;
}

static int
probe_on_exit(struct loop_source *source, uint32_t events, void *data)
{
	struct monitor *monitor = data;
	struct monitor_probe *probe = &monitor->probe;
	int status = proc_wait(probe->pid);
	bool late = probe->late == NULL;

	/* What it left behind may keep the pipe: only what is there counts. */
	(void)probe_read(probe);
	probe_close(probe);
	if (late) {
		strbuf_reset(&probe->output);
		strbuf_addstr(&probe->output,
			      "Health check exceeded timeout (");
		units_add_duration(&probe->output,
				   monitor->job->spec->health.timeout_ns);
		strbuf_addch(&probe->output, ')');
	}
	probe_answered(monitor, late ? PROBE_KILLED : proc_exit_status(status));
	return 0;
}

static int
probe_on_late(struct loop_source *source, void *data)
{
	struct monitor *monitor = data;

	loop_remove(source);
	monitor->probe.late = NULL;
	(void)kill(monitor->probe.pid, SIGKILL);
	return 0;
}

static void
probe_watch(struct monitor *monitor)
{
	struct monitor_probe *probe = &monitor->probe;

	probe->exited = loop_add_fd(monitor->loop, probe->pidfd, EPOLLIN,
				    probe_on_exit, monitor);
	probe->reading = loop_add_fd(monitor->loop, probe->outfd, EPOLLIN,
				     probe_on_output, monitor);
	probe->late = loop_add_timer(monitor->loop,
				     monitor->job->spec->health.timeout_ns,
				     probe_on_late, monitor);
}

static int
probe_spawn(struct monitor *monitor, const int stdio[3], struct err *err)
{
	cleanup_strvec struct strvec argv = STRVEC_INIT;
	struct monitor_probe *probe = &monitor->probe;
	struct exec_proc proc = EXEC_PROC_INIT;
	struct exec_spec spec = {
		.container = monitor->job->spec,
		.pid = monitor->start.launch.pid,
		.pidfd = monitor->start.launch.pidfd,
		.argv = &argv,
		.stdio = { stdio[0], stdio[1], stdio[2] },
	};
	bool not_run;
	int r;

	health_add_argv(&monitor->job->spec->health, &argv);
	r = exec_spawn(monitor->job->session, &spec, &proc, &not_run, err);
	if (r < 0)
		return r;
	probe->pid = proc.pid;
	probe->pidfd = proc.pidfd;
	return 0;
}

static int
probe_on_due(struct loop_source *source, void *data)
{
	struct monitor *monitor = data;
	struct monitor_probe *probe = &monitor->probe;
	cleanup_close int null = open("/dev/null", O_RDWR | O_CLOEXEC);
	struct err err = ERR_INIT;
	int ends[2];

	if (monitor->state.status == CONTAINER_PAUSED || null < 0 ||
	    pipe2(ends, O_CLOEXEC) < 0) {
		probe_arm(monitor);
		return 0;
	}
	(void)fcntl(ends[0], F_SETFL, O_NONBLOCK);
	probe->outfd = ends[0];
	probe->start_ns = units_now_ns();
	if (probe_spawn(monitor, (const int[3]){ null, ends[1], ends[1] },
			&err) < 0) {
		probe_close(probe);
		strbuf_addstr(&probe->output, err.text);
		probe_answered(monitor, PROBE_KILLED);
	} else {
		probe_watch(monitor);
	}
	(void)close(ends[1]);
	return 0;
}

void
monitor_probe_open(struct monitor *monitor)
{
	struct monitor_probe *probe = &monitor->probe;

	container_health_reset(&monitor->state.health);
	if (!health_spec_is_set(&monitor->job->spec->health))
		return;
	*probe = (struct monitor_probe)MONITOR_PROBE_INIT;
	monitor->state.health.status = HEALTH_STARTING;
	probe->timer = loop_add_timer(monitor->loop, -1, probe_on_due, monitor);
	probe_arm(monitor);
}

int
monitor_probe_now(struct monitor *monitor, struct err *err)
{
	struct monitor_probe *probe = &monitor->probe;

	if (!health_spec_is_set(&monitor->job->spec->health)) {
		(void)err_set(err, EINVAL, "it has no health check");
		err_hint(err, "'dhow update --health-cmd' gives it one");
		return -EINVAL;
	}
	if (monitor->phase != MONITOR_UP || !probe->timer)
		return err_set(err, ESRCH, "the container is not running");
	if (monitor->state.status == CONTAINER_PAUSED)
		return err_set(err, EBUSY, "the container is paused");
	if (probe->pid <= 0)
		loop_set_timer(probe->timer, 0);
	return 0;
}

void
monitor_probe_close(struct monitor *monitor)
{
	struct monitor_probe *probe = &monitor->probe;
	struct err over = ERR_INIT;

	if (!probe->timer)
		return;
	(void)err_set(&over, ESRCH, "the container has ended");
	monitor_ctl_probed(monitor, 0, &over);
	loop_remove(probe->timer);
	probe->timer = NULL;
	if (probe->pid > 0) {
		/* It is dead already, with the PID namespace; or is now. */
		(void)kill(probe->pid, SIGKILL);
		(void)proc_wait(probe->pid);
	}
	probe_close(probe);
	strbuf_release(&probe->output);
}
