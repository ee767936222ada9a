/* SPDX-License-Identifier: Apache-2.0 */
/*
 * container/monitor_verbs.c - what a monitor is asked to do to its container.
 */
#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/units.h"
#include "container/freeze.h"
#include "container/monitor_priv.h"
#include "data/node.h"
#include "spec/signal_spec.h"
#include "sys/pty.h"

#define CONFIG_MAX_BYTES (4U << 20)

static int
monitor_stop_signal(const struct monitor *monitor)
{
	int signo = SIGTERM;

	(void)signal_spec_parse(monitor->job->spec->stop_signal ?: "TERM",
				&signo, NULL);
	return signo;
}

int
monitor_signal(struct monitor *monitor, int signo, struct err *err)
{
	if (monitor->phase != MONITOR_UP)
		return err_set(err, ESRCH, "the container is not running");
	/* Who asks for its end does not want it back; the host may. */
	if (!monitor->leaving &&
	    (signo == SIGKILL || signo == monitor_stop_signal(monitor)))
		monitor->by_user = true;
	if (monitor->state.status == CONTAINER_PAUSED && signo == SIGKILL)
		(void)monitor_pause(monitor, false, NULL);
	if (syscall(SYS_pidfd_send_signal, monitor->start.launch.pidfd, signo,
		    NULL, 0) < 0)
		return err_sys(err, "send signal %d", signo);
	monitor_event(monitor, "kill", "signal=%d", signo);
	return 0;
}

static int
monitor_on_kill(struct loop_source *source, void *data)
{
	struct monitor *monitor = data;

	(void)monitor_signal(monitor, SIGKILL, NULL);
	return 0;
}

void
monitor_stop(struct monitor *monitor, int signo, int64_t timeout_s)
{
	if (!monitor->leaving)
		monitor->by_user = true;
	monitor->stopping = true;
	if (monitor->phase == MONITOR_WAITING) {
		monitor_unwatch(monitor);
		monitor->state.stopped_by_user = monitor->by_user;
		monitor_end(monitor);
		monitor_io_abandon(monitor);
		loop_stop(monitor->loop, 0);
	}
	if (monitor->phase != MONITOR_UP)
		return;
	if (timeout_s == MONITOR_STOP_DEFAULT)
		timeout_s = monitor->job->spec->stop_timeout_s;
	if (monitor->state.status == CONTAINER_PAUSED)
		(void)monitor_pause(monitor, false, NULL);
	(void)monitor_signal(monitor, signo ?: monitor_stop_signal(monitor),
			     NULL);
	loop_remove(monitor->kill_timer);
	monitor->kill_timer =
		timeout_s < 0 ? NULL
			      : loop_add_timer(monitor->loop,
					       timeout_s * UNITS_NS_PER_S,
					       monitor_on_kill, monitor);
}

int
monitor_pause(struct monitor *monitor, bool pause, struct err *err)
{
	enum container_status want =
		pause ? CONTAINER_RUNNING : CONTAINER_PAUSED;
	const struct cgroup *cgroup = &monitor->start.limits.cgroup;
	int r;

	if (monitor->phase != MONITOR_UP)
		return err_set(err, ESRCH, "the container is not running");
	if (monitor->state.status != want)
		return err_set(err, EALREADY, "the container is %s paused",
			       pause ? "already" : "not");
	if (cgroup_has(cgroup, CGROUP_FREEZER))
		r = cgroup_freeze(cgroup, pause, err);
	else
		r = freeze_tree(monitor->start.launch.pid, pause, err);
	if (r < 0)
		return r;
	monitor->state.status = pause ? CONTAINER_PAUSED : CONTAINER_RUNNING;
	monitor_record(monitor, false);
	monitor_event(monitor, pause ? "pause" : "unpause", NULL);
	return 0;
}

/* @fresh: taken when it is another question. */
static void
monitor_reload_health(struct monitor *monitor, struct health_spec *fresh)
{
	struct health_spec *now = &monitor->job->spec->health;
	cleanup_node struct node *was = health_spec_to_node(now);
	cleanup_node struct node *is = health_spec_to_node(fresh);
	struct health_spec old = *now;

	now->on_failure = fresh->on_failure;
	if (node_equal(was, is))
		return;
	*now = *fresh;
	*fresh = old;
	if (monitor->phase != MONITOR_UP)
		return;
	monitor_probe_close(monitor);
	monitor_probe_open(monitor);
	monitor_record(monitor, false);
}

int
monitor_reload(struct monitor *monitor, struct err *err)
{
	cleanup_container_spec struct container_spec fresh;
	struct container_spec *spec = monitor->job->spec;
	cleanup_node struct node *doc = NULL;
	int r;

	container_spec_init(&fresh);
	r = node_read_json_file(monitor->start.dir.fd, "config.json",
				CONFIG_MAX_BYTES, &doc, err);
	if (r == 0)
		r = container_spec_from_node(doc, &fresh, err);
	if (r < 0)
		return r;
	spec->restart = fresh.restart;
	monitor_reload_health(monitor, &fresh.health);
	if (strcmp(spec->name, fresh.name) != 0) {
		free(spec->name);
		spec->name = take_ptr(fresh.name);
		networking_rename(&monitor->start.net);
	}
	return 0;
}

/* Told to end by the host: as a stop, but its policy brings it back. */
static int
monitor_on_term(struct loop_source *source, const struct signalfd_siginfo *info,
		void *data)
{
	struct monitor *monitor = data;

	monitor->leaving = true;
	monitor_stop(monitor, 0, MONITOR_STOP_DEFAULT);
	return 0;
}

static int
monitor_on_passed_signal(struct loop_source *source,
			 const struct signalfd_siginfo *info, void *data)
{
	struct monitor *monitor = data;
	int signo = (int)info->ssi_signo;

	if (signo == SIGWINCH) {
		if (monitor->start.launch.ttyfd >= 0)
			pty_copy_size(STDIN_FILENO,
				      monitor->start.launch.ttyfd);
	} else if (monitor->phase == MONITOR_UP) {
		(void)kill(monitor->start.launch.pid, signo);
	}
	return 0;
}

void
monitor_watch_signals(struct monitor *monitor)
{
	/* Not those about ourselves: SIGCHLD, SIGTTIN, SIGSEGV, … */
	static const int passed[] = { SIGHUP,  SIGINT,  SIGQUIT, SIGTERM,
				      SIGUSR1, SIGUSR2, SIGCONT, SIGALRM };
	sigset_t set;

	(void)signal(SIGPIPE, SIG_IGN);
	if (!monitor->job->local) {
		(void)signal(SIGHUP, SIG_IGN);
		(void)loop_add_signal(monitor->loop, SIGTERM, monitor_on_term,
				      monitor);
		return;
	}
	(void)sigemptyset(&set);
	(void)sigaddset(&set, SIGWINCH);
	for (size_t i = 0; monitor->job->sig_proxy && i < ARRAY_LEN(passed);
	     i++)
		(void)sigaddset(&set, passed[i]);
	(void)loop_add_signals(monitor->loop, &set, monitor_on_passed_signal,
			       monitor);
}
