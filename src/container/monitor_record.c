/* SPDX-License-Identifier: Apache-2.0 */
/*
 * container/monitor_record.c - what a monitor tells of its container: the
 * record and the events.
 *
 * That it runs is drafted while the command is loaded and published when it
 * does: to make a file takes its time.
 */
#include <errno.h>
#include <stdarg.h>
#include <string.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/log.h"
#include "base/proc.h"
#include "base/units.h"
#include "container/events.h"
#include "container/monitor_priv.h"

void
monitor_event(struct monitor *monitor, const char *action, const char *fmt, ...)
{
	cleanup_strvec struct strvec extra = STRVEC_INIT;
	va_list args;

	if (fmt) {
		va_start(args, fmt);
		strvec_add_take(&extra, xvasprintf(fmt, args));
		va_end(args);
	}
	container_event(monitor->start.store, monitor->job->spec, action,
			&extra);
}

void
monitor_record(struct monitor *monitor, bool sync)
{
	struct err err = ERR_INIT;

	/* The container goes on; the kernel knows what the record does not. */
	if (container_state_write(monitor->start.dir.fd, &monitor->state, sync,
				  &err) < 0)
		log_debug("%s", err.text);
}

static void
monitor_note_processes(struct monitor *monitor)
{
	struct container_state *state = &monitor->state;
	struct proc_ident ident;
	char host[256] = "";

	state->pid = monitor->start.launch.pid;
	if (proc_identify(state->pid, &ident) == 0)
		state->pid_start = ident.start_ticks;
	if (proc_identify(0, &ident) == 0) {
		state->monitor_pid = ident.pid;
		state->monitor_start = ident.start_ticks;
		(void)memcpy(state->boot_id, ident.boot_id,
			     sizeof(state->boot_id));
	}
	(void)gethostname(host, sizeof(host) - 1);
	free(state->host);
	state->host = xstrdup(host);
	free(state->driver);
	state->driver = xstrdup(driver_name(monitor->start.rootfs.driver));
	free(state->cgroup);
	state->cgroup = limits_to_text(&monitor->start.limits);
}

void
monitor_note_network(struct monitor *monitor)
{
	const struct port_plan *ports = &monitor->start.ports;
	struct container_state *state = &monitor->state;

	container_state_clear_network(state);
	for (size_t i = 0; i < ports->len; i++)
		array_push(state->ports.items, state->ports.len,
			   state->ports.cap, ports->bindings[i].spec);
	networking_describe(&monitor->start.net, state);
}

/* All that is known of a life before it begins, but that it does. */
static void
monitor_note_life(struct monitor *monitor)
{
	struct container_state *state = &monitor->state;

	container_health_reset(&state->health);
	state->exit_code = 0;
	state->oom_killed = false;
	state->stopped_by_user = false;
	free(take_ptr(state->error));
	state->restart_count = monitor->restart.count;
	monitor_note_processes(monitor);
	monitor_note_network(monitor);
}

void
monitor_draft_start(struct monitor *monitor)
{
	struct container_state *state = &monitor->state;
	enum container_status status = state->status;
	int64_t started_ns = state->started_ns;

	monitor->draft_ns = 0;
	monitor_note_life(monitor);
	/* The first probe changes what is told. */
	if (health_spec_is_set(&monitor->job->spec->health))
		return;
	state->status = CONTAINER_RUNNING;
	state->started_ns = units_now_ns();
	if (container_state_draft(monitor->start.dir.fd, state, NULL) == 0)
		monitor->draft_ns = state->started_ns;
	state->status = status;
	state->started_ns = started_ns;
}

void
monitor_record_start(struct monitor *monitor)
{
	struct container_state *state = &monitor->state;

	state->status = CONTAINER_RUNNING;
	state->started_ns = monitor->draft_ns ?: units_now_ns();
	if (monitor->draft_ns &&
	    container_state_publish(monitor->start.dir.fd) == 0)
		return;
	monitor_record(monitor, false);
}
