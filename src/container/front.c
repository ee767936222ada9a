/* SPDX-License-Identifier: Apache-2.0 */
/*
 * container/front.c - the caller's terminal or pipes and a container that
 * another process watches.
 *
 * It is over when the monitor told the exit status and closed its ends of the
 * output: by then all of it is here.
 */
#include "container/front.h"

#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/cleanup.h"
#include "base/loop.h"
#include "container/detach.h"
#include "container/monitor_client.h"
#include "container/stream.h"
#include "sys/pty.h"

struct front_work {
	struct front *front;
	struct loop *loop;
	struct stream streams[3];
	bool over[3];
	struct pty_raw raw;
	struct detach_scan detach;
	bool exited, detached;
	int status;
	struct err *err;
};

static void
front_send_size(const struct front *front)
{
	struct monitor_request request = { .op = MONITOR_RESIZE };
	struct winsize size;

	if (ioctl(STDIN_FILENO, TIOCGWINSZ, &size) < 0)
		return;
	request.a = size.ws_row;
	request.b = size.ws_col;
	(void)monitor_client_send(front->fd, &request, NULL, 0, NULL);
}

int
front_attach(struct front *front, const bool streams[3], struct err *err)
{
	static const unsigned int bits[] = { MONITOR_IN, MONITOR_OUT,
					     MONITOR_ERR };
	struct monitor_request request = { .op = MONITOR_ATTACH };
	int theirs[3], r = 0;
	size_t count = 0;

	for (int i = 0; i < 3; i++) {
		int ends[2];

		if (!streams[i] || (front->tty && i == 2))
			continue;
		if (pipe2(ends, O_CLOEXEC) < 0) {
			r = err_sys(err, "create a pipe");
			break;
		}
		front->pipes[i] = ends[i ? 0 : 1];
		theirs[count++] = ends[i ? 1 : 0];
		request.flags |= bits[i];
	}
	if (r == 0)
		r = monitor_client_send(front->fd, &request, theirs, count,
					err);
	while (count)
		(void)close(theirs[--count]);
	return r;
}

void
front_release(struct front *front)
{
	for (int i = 0; i < 3; i++) {
		cleanup_close_p(&front->pipes[i]);
		front->pipes[i] = -EBADF;
	}
}

static void
front_check_end(struct front_work *work)
{
	if (work->exited && work->over[1] && work->over[2])
		loop_stop(work->loop, 0);
}

static void
front_on_stream_end(struct stream *stream)
{
	struct front_work *work = stream->data;
	size_t i = (size_t)(stream - work->streams);

	work->over[i] = true;
	/* The container sees the end of its input too. */
	if (i == 0) {
		cleanup_close_p(&work->front->pipes[0]);
		work->front->pipes[0] = -EBADF;
	}
	front_check_end(work);
}

static bool
front_on_typed(struct stream *stream, const char *data, size_t len)
{
	struct front_work *work = stream->data;

	if (!detach_scan_add(&work->detach, data, len))
		return true;
	work->detached = true;
	loop_stop(work->loop, 0);
	return false;
}

static int
front_on_answer(struct loop_source *source, uint32_t events, void *data)
{
	struct front_work *work = data;
	struct monitor_reply reply;
	int r = monitor_client_recv(work->front->fd, &reply, work->err);

	if (r < 0)
		return r;
	if (reply.answer != MONITOR_EXIT)
		return 0;
	work->status = reply.value;
	work->exited = true;
	loop_remove(source);
	stream_cancel(&work->streams[0]);
	front_check_end(work);
	return 0;
}

/* A signal that ends us must not leave the terminal raw. */
static void
front_leave(struct front_work *work, int signo)
{
	work->detached = true;
	work->status = 128 + signo;
	loop_stop(work->loop, 0);
}

static int
front_on_signal(struct loop_source *source, const struct signalfd_siginfo *info,
		void *data)
{
	struct front_work *work = data;
	struct monitor_request request = { .op = MONITOR_SIGNAL,
					   .a = (int)info->ssi_signo };

	if (info->ssi_signo == SIGWINCH)
		front_send_size(work->front);
	else if (work->front->sig_proxy && !work->exited)
		(void)monitor_client_send(work->front->fd, &request, NULL, 0,
					  NULL);
	else
		front_leave(work, (int)info->ssi_signo);
	return 0;
}

static void
front_watch_signals(struct front_work *work)
{
	/* Not those about ourselves: SIGCHLD, SIGTTIN, SIGSEGV, … */
	static const int ending[] = { SIGHUP, SIGINT, SIGQUIT, SIGTERM };
	static const int passed[] = { SIGUSR1, SIGUSR2, SIGCONT, SIGALRM };
	sigset_t set;

	(void)signal(SIGPIPE, SIG_IGN);
	(void)sigemptyset(&set);
	if (work->front->tty)
		(void)sigaddset(&set, SIGWINCH);
	for (size_t i = 0; i < ARRAY_LEN(ending); i++)
		(void)sigaddset(&set, ending[i]);
	for (size_t i = 0; work->front->sig_proxy && i < ARRAY_LEN(passed); i++)
		(void)sigaddset(&set, passed[i]);
	(void)loop_add_signals(work->loop, &set, front_on_signal, work);
}

static void
front_start_stream(struct front_work *work, int i)
{
	struct stream *stream = &work->streams[i];
	int fd = work->front->pipes[i];

	if (fd < 0) {
		work->over[i] = true;
		return;
	}
	stream->from = i ? fd : STDIN_FILENO;
	stream->to = i ? i : fd;
	/* Who no longer reads our output does not end the container. */
	stream->drop_on_error = i != 0;
	stream->tap = i == 0 ? front_on_typed : NULL;
	stream->ended = front_on_stream_end;
	stream->data = work;
	stream_start(stream, work->loop);
}

int
front_run(struct front *front, int *ret_status, bool *ret_detached,
	  struct err *err)
{
	struct front_work *work = xcalloc(1, sizeof(*work));
	int r;

	work->front = front;
	work->err = err;
	work->loop = loop_new();
	if (front->tty && front->pipes[0] >= 0) {
		work->detach.keys = front->detach_keys;
		/* Without a terminal of our own there is nothing to set. */
		(void)pty_raw_enter(&work->raw, STDIN_FILENO, NULL);
	}
	front_watch_signals(work);
	/* From here on no change is missed; what came before is told now. */
	if (front->tty)
		front_send_size(front);
	(void)loop_add_fd(work->loop, front->fd, EPOLLIN, front_on_answer,
			  work);
	for (int i = 1; i < 3; i++)
		front_start_stream(work, i);
	front_start_stream(work, 0);
	r = loop_run(work->loop);
	pty_raw_leave(&work->raw);
	*ret_status = work->status;
	*ret_detached = work->detached;
	loop_free(work->loop);
	free(work);
	return r;
}
