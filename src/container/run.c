/* SPDX-License-Identifier: Apache-2.0 */
/*
 * container/run.c - a new container, from start to end or to its own devices.
 */
#include "container/run.h"

#include <string.h>

#include "container/events.h"
#include "container/front.h"
#include "container/monitor_client.h"
#include "container/spawn.h"

/* Can its caller's end not be the container's? */
static bool
run_is_apart(const struct container_spec *spec,
	     const struct run_options *options)
{
	return options->detach || !options->sig_proxy ||
	       (spec->tty && spec->open_stdin) ||
	       spec->restart.policy != RESTART_NO;
}

static void
run_note_detached(const struct monitor_job *job)
{
	struct store *store;

	if (session_store(job->session, &store, NULL) == 0)
		container_event(store, job->spec, "detach", NULL);
}

static int
run_apart(struct monitor_job *job, const struct run_options *options,
	  struct run_result *result, struct err *err)
{
	cleanup_spawn struct spawn spawn = SPAWN_INIT;
	struct front front = FRONT_INIT;
	int r;

	r = spawn_open(&spawn, err);
	front.fd = spawn.ourfd;
	front.tty = job->spec->tty;
	front.sig_proxy = options->sig_proxy && !front.tty;
	front.detach_keys = &job->spec->detach_keys;
	if (r == 0 && !options->detach)
		r = front_attach(&front, job->streams, err);
	if (r == 0)
		r = spawn_monitor(&spawn, job, err);
	if (r == 0)
		r = monitor_client_wait_start(spawn.ourfd,
					      &result->command_failed, err);
	result->detached = r == 0 && options->detach;
	if (r == 0 && !options->detach)
		r = front_run(&front, &result->exit_status, &result->detached,
			      err);
	if (r == 0 && result->detached && !options->detach)
		run_note_detached(job);
	front_release(&front);
	return r;
}

int
run_container(struct session *session, struct container_spec *spec,
	      const struct run_options *options, struct run_result *ret_result,
	      struct err *err)
{
	struct monitor_job job = MONITOR_JOB_INIT;
	struct run_result result = { .exit_status = 0 };
	int r;

	job.session = session;
	job.spec = spec;
	job.driver = options->driver;
	job.attached = !options->detach;
	if (spec->tty && !options->detach)
		(void)ioctl(STDIN_FILENO, TIOCGWINSZ, &job.size);
	job.sig_proxy = options->sig_proxy && !spec->tty;
	(void)memcpy(job.streams, spec->attach, sizeof(job.streams));
	if (run_is_apart(spec, options)) {
		r = run_apart(&job, options, &result, err);
	} else {
		job.local = true;
		r = monitor_run(&job, &result.exit_status,
				&result.command_failed, err);
	}
	*ret_result = result;
	return r;
}
