/* SPDX-License-Identifier: Apache-2.0 */
/*
 * build/task.c - a piece of work in a child process.
 *
 * States: running → told (the result came) → freed. The process itself may
 * live on for some ms after it told, while its mounts are taken down: it is
 * reaped when it is gone, by then nobody waits for it.
 */
#include "build/task.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/cleanup.h"
#include "base/io.h"
#include "base/proc.h"

#define TASK_PIECE_BYTES 65536
#define TASK_MAX_LINE (16U << 20)

struct task {
	struct task_spec spec;
	pid_t pid;
	int outfd, messagefd;
	struct loop_source *out, *message;
	struct strbuf text; /* lines not complete yet */
};

/* A child that told its result and is not gone yet. */
struct ending {
	pid_t pid;
	int pidfd;
};

void
task_die_with_parent(const struct task_link *link)
{
	(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
	/* It was gone before we asked. */
	if (getppid() != link->parent)
		_exit(1);
}

static void
put_line(struct task_link *link, const struct node *doc)
{
	cleanup_strbuf struct strbuf line = STRBUF_INIT;

	node_write_json(&line, doc, NODE_COMPACT);
	strbuf_addch(&line, '\n');
	/* The build is gone: so are we, soon. */
	(void)io_write_all(link->messagefd, line.buf, line.len);
}

void
task_tell(struct task_link *link, const struct task_status *status)
{
	cleanup_node struct node *doc = node_new_obj();

	if (status->note) {
		node_set_str(doc, "note", status->note);
	} else {
		node_set_str(doc, "id", status->id ?: "");
		node_set_str(doc, "action", status->action ?: "");
		node_set_int(doc, "done", status->done);
		node_set_int(doc, "total", status->total);
	}
	put_line(link, doc);
}

void
task_close_out(struct task_link *link)
{
	if (link->outfd >= 0)
		(void)close(link->outfd);
	link->outfd = -EBADF;
}

static _Noreturn void
child(const struct task_spec *spec, struct task_link *link)
{
	cleanup_node struct node *doc = node_new_obj();
	struct node *result = node_set(doc, "result", node_new_obj());
	struct err err = ERR_INIT;
	sigset_t none;
	int r;

	(void)sigemptyset(&none);
	(void)sigprocmask(SIG_SETMASK, &none, NULL);
	task_die_with_parent(link);
	r = spec->work(spec->data, link, result, &err);
	node_set_int(doc, "code", r);
	if (r < 0) {
		node_set_str(doc, "text", err.text);
		node_set_str(doc, "hint", err.hint);
	}
	task_close_out(link);
	put_line(link, doc);
	_exit(0);
}

static void
free_task(struct task *task)
{
	if (task->out)
		loop_remove(task->out);
	if (task->message)
		loop_remove(task->message);
	(void)close(task->outfd);
	(void)close(task->messagefd);
	strbuf_release(&task->text);
	free(task);
}

static int
on_gone(struct loop_source *source, uint32_t events, void *data)
{
	struct ending *ending = data;

	(void)proc_wait(ending->pid);
	loop_remove(source);
	(void)close(ending->pidfd);
	free(ending);
	return 0;
}

/* Reap it when it is gone. */
static void
let_end(struct loop *loop, pid_t pid)
{
	struct ending *ending = xcalloc(1, sizeof(*ending));

	ending->pid = pid;
	ending->pidfd = (int)syscall(SYS_pidfd_open, pid, 0);
	if (ending->pidfd < 0) {
		(void)proc_wait(pid);
		free(ending);
		return;
	}
	(void)loop_add_fd(loop, ending->pidfd, EPOLLIN, on_gone, ending);
}

/* All that the pipe holds now. */
static void
drain_output(struct task *task)
{
	char buf[TASK_PIECE_BYTES];
	ssize_t n;

	while ((n = read(task->outfd, buf, sizeof(buf))) > 0)
		if (task->spec.output)
			task->spec.output(task->spec.data,
					  span_new(buf, (size_t)n));
	if (n == 0 && task->out) {
		loop_remove(task->out);
		task->out = NULL;
	}
}

static void
finish(struct task *task, int r, const struct node *result,
       const struct err *err)
{
	struct task_spec spec = task->spec;
	struct loop *loop = loop_of(task->message);

	drain_output(task);
	let_end(loop, task->pid);
	free_task(task);
	spec.end(spec.data, r, result, err);
}

/* Returns true when it was the last line: the task is gone then. */
static bool
take_line(struct task *task, struct span line)
{
	cleanup_node struct node *doc = NULL;
	struct err err = ERR_INIT;
	struct task_status status;
	int64_t code;

	if (node_parse_json(line, "task", &doc, NULL) < 0)
		return false;
	if (!node_get(doc, "result")) {
		status = (struct task_status){
			.id = node_get_str(doc, "id"),
			.action = node_get_str(doc, "action"),
			.done = node_get_int(doc, "done", 0),
			.total = node_get_int(doc, "total", 0),
			.note = node_get_str(doc, "note"),
		};
		if (task->spec.status)
			task->spec.status(task->spec.data, &status);
		return false;
	}
	code = node_get_int(doc, "code", 0);
	if (code < 0) {
		(void)err_set(&err, (int)-code, "%s",
			      node_str_or(node_get(doc, "text"), ""));
		err_hint(&err, "%s", node_str_or(node_get(doc, "hint"), ""));
	}
	finish(task, (int)code, node_get(doc, "result"), &err);
	return true;
}

static int
on_message(struct loop_source *source, uint32_t events, void *data)
{
	struct task *task = data;
	char *room = strbuf_grow(&task->text, TASK_PIECE_BYTES);
	ssize_t n = read(task->messagefd, room, TASK_PIECE_BYTES);
	struct err err = ERR_INIT;
	struct span rest;
	size_t end;

	if (n < 0 && (errno == EINTR || errno == EAGAIN))
		return 0;
	if (n <= 0 || task->text.len > TASK_MAX_LINE) {
		(void)err_set(&err, EPROTO, "a child of the build was ended");
		finish(task, -EPROTO, NULL, &err);
		return 0;
	}
	task->text.len += (size_t)n;
	rest = span_new(task->text.buf, task->text.len);
	while ((end = span_find(rest, '\n')) < rest.len) {
		if (take_line(task, span_new(rest.ptr, end)))
			return 0;
		rest = span_skip(rest, end + 1);
	}
	memmove(task->text.buf, rest.ptr, rest.len);
	strbuf_truncate(&task->text, rest.len);
	return 0;
}

static int
on_output(struct loop_source *source, uint32_t events, void *data)
{
	drain_output(data);
	return 0;
}

struct task *
task_start(struct loop *loop, const struct task_spec *spec, struct err *err)
{
	struct task *task;
	struct task_link link = { .parent = getpid() };
	int out[2], message[2];
	pid_t pid;

	if (pipe2(out, O_CLOEXEC) < 0) {
		(void)err_sys(err, "make a pipe");
		return NULL;
	}
	if (pipe2(message, O_CLOEXEC) < 0) {
		(void)err_sys(err, "make a pipe");
		(void)close(out[0]);
		(void)close(out[1]);
		return NULL;
	}
	pid = fork();
	if (pid == 0) {
		link.outfd = out[1];
		link.messagefd = message[1];
		(void)close(out[0]);
		(void)close(message[0]);
		child(spec, &link);
	}
	(void)close(out[1]);
	(void)close(message[1]);
	if (pid < 0) {
		(void)err_sys(err, "start a child");
		(void)close(out[0]);
		(void)close(message[0]);
		return NULL;
	}
	(void)fcntl(out[0], F_SETFL, O_NONBLOCK);
	task = xcalloc(1, sizeof(*task));
	task->spec = *spec;
	task->pid = pid;
	task->outfd = out[0];
	task->messagefd = message[0];
	task->text = (struct strbuf)STRBUF_INIT;
	task->out = loop_add_fd(loop, out[0], EPOLLIN, on_output, task);
	task->message =
		loop_add_fd(loop, message[0], EPOLLIN, on_message, task);
	return task;
}

void
task_kill(struct task *task)
{
	if (!task)
		return;
	(void)kill(task->pid, SIGKILL);
	(void)proc_wait(task->pid);
	free_task(task);
}
