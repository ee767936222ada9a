/* SPDX-License-Identifier: Apache-2.0 */
/*
 * image/transfer_client.c - have dhow-transfer do something and listen.
 */
#include "image/transfer_client.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/wait.h>

#include "base/alloc.h"
#include "base/io.h"
#include "base/log.h"
#include "base/proc.h"

/* Secrets may be in it: it is never a file with a name. */
static int
request_fd(const struct transfer_request *request, struct err *err)
{
	cleanup_node struct node *doc = NULL;
	cleanup_strbuf struct strbuf text = STRBUF_INIT;
	cleanup_close int fd = -EBADF;
	int r;

	doc = decode_write(transfer_request_fields, request);
	node_write_json(&text, doc, NODE_COMPACT);
	fd = memfd_create("dhow-request", MFD_CLOEXEC | MFD_ALLOW_SEALING);
	if (fd < 0)
		return err_sys(err, "make the request");
	r = io_write_all(fd, text.buf, text.len);
	if (r < 0 || lseek(fd, 0, SEEK_SET) < 0)
		return err_code(err, r < 0 ? -r : errno, "write the request");
	if (fcntl(fd, F_ADD_SEALS,
		  F_SEAL_WRITE | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL) < 0)
		return err_sys(err, "seal the request");
	return take_fd(fd);
}

struct helper {
	pid_t pid;
	int eventfd;
};

static int
helper_start(struct transfer_request *request, const struct transfer_sink *sink,
	     struct helper *ret_helper, struct err *err)
{
	char name[] = TRANSFER_PROGRAM;
	char *argv[] = { name, NULL };
	cleanup_free char *path = NULL;
	cleanup_close int reqfd = -EBADF;
	cleanup_close int readfd = -EBADF;
	cleanup_close int writefd = -EBADF;
	int pipefds[2];
	int r;

	r = proc_find_helper(TRANSFER_PROGRAM, &path, err);
	if (r < 0)
		return r;
	reqfd = request_fd(request, err);
	if (reqfd < 0)
		return reqfd;
	if (pipe2(pipefds, O_CLOEXEC) < 0)
		return err_sys(err, "make a pipe");
	readfd = pipefds[0];
	writefd = pipefds[1];
	r = proc_spawn(
		&(struct proc_spawn){
			.path = path,
			.argv = argv,
			.stdin_fd = sink->stdin_fd,
			.stdout_fd = sink->gives_stdout ? STDOUT_FILENO : -1,
			.stderr_fd = -1,
			.pass_fds = (int[]){ reqfd, writefd },
			.pass_fd_count = 2,
		},
		&ret_helper->pid, NULL, err);
	if (r < 0)
		return r;
	ret_helper->eventfd = take_fd(readfd);
	return 0;
}

/* Returns 1 for the last event, 0 for another, or -errno. */
static int
take_event(const struct transfer_event *event, const struct transfer_sink *sink,
	   struct err *err)
{
	if (event->kind == TRANSFER_DONE)
		return 1;
	if (event->kind != TRANSFER_ERROR) {
		if (sink->event)
			sink->event(sink->data, event);
		return 0;
	}
	err_set(err, event->code > 0 ? (int)event->code : EPROTO, "%s",
		event->text ? event->text : "no reason was given");
	if (event->hint)
		err_hint(err, "%s", event->hint);
	return event->code > 0 ? -(int)event->code : -EPROTO;
}

static int
take_line(struct span line, const struct transfer_sink *sink, struct err *err)
{
	cleanup_node struct node *doc = NULL;
	struct transfer_event event = { .kind = 0 };
	int r;

	r = node_parse_json(line, "event", &doc, err);
	if (r == 0)
		r = decode_read(doc, transfer_event_fields, 0, &event, err);
	if (r == 0)
		r = take_event(&event, sink, err);
	decode_release(transfer_event_fields, &event);
	return r;
}

/* All lines until the last event; 0 then, -EPROTO when they just end. */
static int
listen_to(int fd, const struct transfer_sink *sink, struct err *err)
{
	cleanup_strbuf struct strbuf text = STRBUF_INIT;

	while (text.len < TRANSFER_EVENT_MAX_BYTES) {
		ssize_t n = read(fd, strbuf_grow(&text, 8192), 8192);
		struct span rest;
		size_t end;

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			break;
		text.len += (size_t)n;
		rest = span_new(text.buf, text.len);
		while ((end = span_find(rest, '\n')) < rest.len) {
			int r = take_line(span_new(rest.ptr, end), sink, err);

			if (r != 0)
				return r > 0 ? 0 : r;
			rest = span_skip(rest, end + 1);
		}
		memmove(text.buf, rest.ptr, rest.len);
		strbuf_truncate(&text, rest.len);
	}
	return -EPROTO;
}

static int
helper_finish(struct helper *helper, int r, struct err *err)
{
	int status;

	(void)close(helper->eventfd);
	status = proc_wait(helper->pid);
	if (r != -EPROTO || (err && err->code))
		return r;
	if (status >= 0 && WIFSIGNALED(status))
		return err_set(err, EPROTO,
			       TRANSFER_PROGRAM " was ended by signal %d",
			       WTERMSIG(status));
	return err_set(err, EPROTO,
		       TRANSFER_PROGRAM " ended with status %d and no result",
		       status < 0 ? -1 : WEXITSTATUS(status));
}

static void
set_text(char **field, const char *text)
{
	free(*field);
	*field = xstrdup(text);
}

/* The one thing a signal handler can reach. */
static volatile sig_atomic_t interrupted_pid;

static void
pass_on(int signo)
{
	(void)kill((pid_t)interrupted_pid, signo);
}

/*
 * SIGINT is for the helper, which tells how it ended. Ctrl-C reaches it
 * anyway, kill does not; once more does no harm. Who ignores SIGINT goes on.
 */
static void
pass_on_interrupts(pid_t pid, struct sigaction *ret_saved)
{
	struct sigaction action = { .sa_handler = pass_on };

	interrupted_pid = pid;
	(void)sigaction(SIGINT, NULL, ret_saved);
	if (ret_saved->sa_handler != SIG_IGN)
		(void)sigaction(SIGINT, &action, NULL);
}

int
transfer_run(struct session *session, struct transfer_request *request,
	     const struct transfer_sink *sink, struct err *err)
{
	struct sigaction saved;
	struct helper helper;
	int r;

	request->debug = log_enabled();
	set_text(&request->root, session->paths.data);
	set_text(&request->runroot, session->paths.run);
	err_reset(err);
	r = helper_start(request, sink, &helper, err);
	if (r < 0)
		return err_wrap(err, r, "start " TRANSFER_PROGRAM);
	pass_on_interrupts(helper.pid, &saved);
	r = listen_to(helper.eventfd, sink, err);
	r = helper_finish(&helper, r, err);
	(void)sigaction(SIGINT, &saved, NULL);
	return r;
}
