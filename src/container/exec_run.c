/* SPDX-License-Identifier: Apache-2.0 */
/*
 * container/exec_run.c - a command in a running container, from our terminal.
 *
 * A command that is left alone with a terminal (-d -t, or detach keys) needs
 * somebody who holds the other end and reads what it writes: a child of ours,
 * which ends with it.
 */
#include "container/exec_run.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/close_range.h>
#include <signal.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/proc.h"
#include "base/text.h"
#include "container/attach.h"
#include "container/events.h"
#include "container/exec.h"
#include "container/pipes.h"
#include "sys/ns.h"

#define EXEC_ID_BYTES 65 /* 64 hex digits and NUL */

struct exec_job {
	struct session *session;
	const struct container *container;
	const struct exec_request *request;
	struct container_image image;
	struct container_spec spec;
	struct pipes pipes;
	struct exec_proc proc;
	char id[EXEC_ID_BYTES];
};

static int
exec_check_state(const struct container *container, struct err *err)
{
	const struct container_state *state = &container->state;
	const char *hint = NULL;

	if (state->elsewhere) {
		(void)err_set(err, EBUSY, "container '%s' runs on host '%s'",
			      container->name, state->host);
		hint = "log in there";
	} else if (state->status == CONTAINER_PAUSED) {
		(void)err_set(err, EBUSY, "container '%s' is paused",
			      container->name);
		hint = "dhow unpause lets it go on";
	} else if (state->status == CONTAINER_RESTARTING) {
		(void)err_set(err, EBUSY, "container '%s' is restarting",
			      container->name);
		hint = "wait until it runs";
	} else if (state->status != CONTAINER_RUNNING) {
		(void)err_set(err, EBUSY, "container '%s' is not running: %s",
			      container->name,
			      container_status_name(state->status));
		hint = "dhow start runs it";
	} else {
		return 0;
	}
	err_hint(err, "%s", hint);
	return -EBUSY;
}

static void
exec_note(const struct exec_job *job, const char *action, const char *extra)
{
	cleanup_strvec struct strvec attributes = STRVEC_INIT;
	struct store *store;

	if (session_store(job->session, &store, NULL) < 0)
		return;
	strvec_addf(&attributes, "execID=%s", job->id);
	if (extra)
		strvec_add(&attributes, extra);
	container_event(store, &job->spec, action, &attributes);
}

/* "exec_start: sh -c …" */
static void
exec_note_command(const struct exec_job *job, const char *action)
{
	cleanup_strbuf struct strbuf what = STRBUF_INIT;

	strbuf_addstr(&what, action);
	for (size_t i = 0; i < job->request->argv->len; i++)
		strbuf_addf(&what, "%s%s", i ? " " : ": ",
			    job->request->argv->v[i]);
	exec_note(job, what.buf, NULL);
}

static int
exec_open_streams(struct exec_job *job, struct exec_spec *spec, struct err *err)
{
	int r = 0;

	if (job->request->tty)
		return 0;
	if (job->request->detach)
		for (int i = 0; r == 0 && i < 3; i++) {
			job->pipes.container[i] =
				open("/dev/null", O_RDWR | O_CLOEXEC);
			if (job->pipes.container[i] < 0)
				r = err_sys(err, "open /dev/null");
		}
	else
		r = pipes_open(&job->pipes, job->request->open_stdin, err);
	(void)memcpy(spec->stdio, job->pipes.container, sizeof(spec->stdio));
	return r;
}

static int
exec_start(struct exec_job *job, struct exec_result *result, struct err *err)
{
	const struct exec_request *request = job->request;
	const struct container_state *state = &job->container->state;
	struct proc_ident ident = { .pid = state->pid,
				    .start_ticks = state->pid_start };
	struct winsize size;
	struct exec_spec spec = {
		.container = &job->spec,
		.pid = state->pid,
		.cgroup = state->cgroup,
		.argv = request->argv,
		.env = request->env,
		.user = request->user,
		.cwd = request->cwd,
		.privileged = request->privileged,
		.tty = request->tty,
	};
	int r;

	(void)memcpy(ident.boot_id, state->boot_id, sizeof(ident.boot_id));
	if (request->tty && ioctl(STDIN_FILENO, TIOCGWINSZ, &size) == 0)
		spec.size = &size;
	r = exec_open_streams(job, &spec, err);
	if (r < 0)
		return r;
	spec.pidfd = proc_open_pidfd(&ident);
	if (spec.pidfd < 0)
		return err_set(err, EBUSY, "container '%s' has just ended",
			       job->container->name);
	result->entered = true;
	exec_note_command(job, "exec_create");
	r = exec_spawn(job->session, &spec, &job->proc, &result->not_run, err);
	pipes_started(&job->pipes);
	(void)close(spec.pidfd);
	if (r == 0)
		exec_note_command(job, "exec_start");
	return r;
}

/* Somebody reads what is written to the terminal, until nobody can write. */
static int
exec_leave_tty(const struct exec_job *job, struct err *err)
{
	char buffer[4096];
	pid_t pid;

	if (job->proc.ttyfd < 0)
		return 0;
	/* We may lead the session whose end the child must survive. */
	(void)signal(SIGHUP, SIG_IGN);
	pid = ns_clone(0, NULL, err);
	if (pid != 0)
		return pid < 0 ? pid : 0;
	(void)setsid();
	(void)dup2(job->proc.ttyfd, STDIN_FILENO);
	(void)fcntl(STDIN_FILENO, F_SETFL, O_RDWR);
	(void)syscall(SYS_close_range, 1, ~0U, 0);
	while (read(STDIN_FILENO, buffer, sizeof(buffer)) > 0 || errno == EINTR)
		;
	_exit(0);
}

static int
exec_attach(struct exec_job *job, struct exec_result *result, struct err *err)
{
	struct attach attach = {
		.pid = job->proc.pid,
		.pidfd = job->proc.pidfd,
		.pipes = &job->pipes,
		.ttyfd = job->proc.ttyfd,
		.open_stdin = job->request->open_stdin,
		.sig_proxy = !job->request->tty,
		.detach_keys = job->request->detach_keys,
		.leaves_others = true,
	};
	cleanup_free char *extra = NULL;
	enum attach_end end;
	int status, r;

	r = attach_run(&attach, &status, &end, err);
	if (r < 0)
		return r;
	if (end == ATTACH_DETACHED) {
		result->detached = true;
		exec_note(job, "exec_detach", NULL);
		return exec_leave_tty(job, err);
	}
	result->exit_status = proc_exit_status(status);
	extra = xasprintf("exitCode=%d", result->exit_status);
	exec_note(job, "exec_die", extra);
	return 0;
}

int
exec_run(struct session *session, const struct container *container,
	 const struct exec_request *request, struct exec_result *ret_result,
	 struct err *err)
{
	struct exec_job job = {
		.session = session,
		.container = container,
		.request = request,
		.pipes = PIPES_INIT,
		.proc = EXEC_PROC_INIT,
	};
	int r;

	*ret_result = (struct exec_result){ .exit_status = 0 };
	r = exec_check_state(container, err);
	if (r < 0)
		return r;
	r = container_load_spec(session, container, &job.spec, &job.image, err);
	if (r < 0)
		return r;
	text_random_hex(job.id, EXEC_ID_BYTES - 1);
	r = exec_start(&job, ret_result, err);
	if (r == 0 && request->detach)
		r = exec_leave_tty(&job, err);
	else if (r == 0)
		r = exec_attach(&job, ret_result, err);
	ret_result->detached |= r == 0 && request->detach;
	pipes_release(&job.pipes);
	cleanup_close_p(&job.proc.pidfd);
	cleanup_close_p(&job.proc.ttyfd);
	container_spec_release(&job.spec);
	container_image_release(&job.image);
	return r;
}
