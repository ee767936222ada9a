/* SPDX-License-Identifier: Apache-2.0 */
/*
 * container/attach.c - the caller's terminal or pipes and a running container.
 *
 * One epoll loop: our standard streams, the container's pipes or pty, every
 * signal worth passing on, and the pidfd of its first process. It is over when
 * that process ended and all it wrote was passed on. A process that it left
 * behind is gone with its pid namespace; with leaves_others it goes on, and
 * what it still writes to our streams is lost.
 */
#include "container/attach.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/cleanup.h"
#include "base/loop.h"
#include "container/detach.h"
#include "container/stream.h"
#include "sys/pty.h"

struct attach_state {
	const struct attach *attach;
	struct loop *loop;
	struct stream streams[3];
	bool over[3];  /* streams that ended or never were */
	int tty_input; /* a second fd of the pty, for the way in */
	struct pty_raw raw;
	struct detach_scan detach;
	bool exited;
	bool detached;
	int status;
};

/* Over when the process ended and nothing it wrote is still on the way. */
static void
attach_check_end(struct attach_state *state)
{
	if (state->exited && state->over[1] && state->over[2])
		loop_stop(state->loop, 0);
}

static void
attach_on_stream_end(struct stream *stream)
{
	struct attach_state *state = stream->data;
	size_t i = (size_t)(stream - state->streams);

	state->over[i] = true;
	/* The container sees the end of its input too. */
	if (i == 0 && state->attach->ttyfd < 0) {
		cleanup_close_p(&state->attach->pipes->ours[0]);
		state->attach->pipes->ours[0] = -EBADF;
	}
	attach_check_end(state);
}

static bool
attach_on_typed(struct stream *stream, const char *data, size_t len)
{
	struct attach_state *state = stream->data;

	if (!detach_scan_add(&state->detach, data, len))
		return true;
	state->detached = true;
	loop_stop(state->loop, 0);
	return false;
}

static int
attach_on_exit(struct loop_source *source, uint32_t events, void *data)
{
	struct attach_state *state = data;

	while (waitpid(state->attach->pid, &state->status, 0) < 0)
		if (errno != EINTR)
			return -errno;
	state->exited = true;
	loop_remove(source);
	stream_finish(&state->streams[0]);
	if (state->attach->leaves_others) {
		stream_drain(&state->streams[1]);
		stream_drain(&state->streams[2]);
	}
	attach_check_end(state);
	return 0;
}

static int
attach_on_signal(struct loop_source *source,
		 const struct signalfd_siginfo *info, void *data)
{
	struct attach_state *state = data;
	const struct attach *attach = state->attach;
	int signo = (int)info->ssi_signo;

	if (signo == SIGWINCH) {
		if (attach->ttyfd >= 0)
			pty_copy_size(STDIN_FILENO, attach->ttyfd);
		return 0;
	}
	if (attach->sig_proxy && !state->exited)
		(void)kill(attach->pid, signo);
	return 0;
}

static int
attach_on_timeout(struct loop_source *source, void *data)
{
	struct attach_state *state = data;

	(void)kill(state->attach->pid, SIGKILL);
	return 0;
}

static void
attach_watch_signals(struct attach_state *state)
{
	/* Not those about ourselves: SIGCHLD, SIGTTIN, SIGSEGV, … */
	static const int passed[] = { SIGHUP,  SIGINT,  SIGQUIT, SIGTERM,
				      SIGUSR1, SIGUSR2, SIGCONT, SIGALRM };

	sigset_t set;

	(void)sigemptyset(&set);
	(void)sigaddset(&set, SIGWINCH);
	for (size_t i = 0; state->attach->sig_proxy && i < ARRAY_LEN(passed);
	     i++)
		(void)sigaddset(&set, passed[i]);
	(void)loop_add_signals(state->loop, &set, attach_on_signal, state);
}

static void
attach_start_stream(struct attach_state *state, int i, int from, int to)
{
	struct stream *stream = &state->streams[i];

	if (from < 0 || to < 0) {
		state->over[i] = true;
		return;
	}
	stream->from = from;
	stream->to = to;
	/* Who no longer reads our output does not end the container. */
	stream->drop_on_error = i != 0;
	stream->tap = i == 0 ? attach_on_typed : NULL;
	stream->ended = attach_on_stream_end;
	stream->data = state;
	stream_start(stream, state->loop);
}

static void
attach_start_streams(struct attach_state *state)
{
	const struct attach *attach = state->attach;
	const int *ours = attach->pipes->ours;

	if (attach->ttyfd >= 0) {
		state->tty_input = fcntl(attach->ttyfd, F_DUPFD_CLOEXEC, 3);
		attach_start_stream(state, 1, attach->ttyfd, STDOUT_FILENO);
		attach_start_stream(state, 2, -EBADF, -EBADF);
		attach_start_stream(state, 0,
				    attach->open_stdin ? STDIN_FILENO : -EBADF,
				    state->tty_input);
		return;
	}
	attach_start_stream(state, 1, ours[1], STDOUT_FILENO);
	attach_start_stream(state, 2, ours[2], STDERR_FILENO);
	attach_start_stream(state, 0, ours[0] >= 0 ? STDIN_FILENO : -EBADF,
			    ours[0]);
}

int
attach_run(const struct attach *attach, int *ret_status,
	   enum attach_end *ret_end, struct err *err)
{
	struct attach_state *state = xcalloc(1, sizeof(*state));
	int r;

	state->attach = attach;
	state->loop = loop_new();
	state->tty_input = -EBADF;
	state->detach.keys = attach->ttyfd >= 0 ? attach->detach_keys : NULL;
	(void)signal(SIGPIPE, SIG_IGN);
	/* Without a terminal of our own there is nothing to set. */
	if (attach->ttyfd >= 0 && attach->open_stdin)
		(void)pty_raw_enter(&state->raw, STDIN_FILENO, NULL);
	attach_watch_signals(state);
	/* From here on no change is missed; what came before is told now. */
	if (attach->ttyfd >= 0)
		pty_copy_size(STDIN_FILENO, attach->ttyfd);
	(void)loop_add_fd(state->loop, attach->pidfd, EPOLLIN, attach_on_exit,
			  state);
	if (attach->timeout_ns)
		(void)loop_add_timer(state->loop, attach->timeout_ns,
				     attach_on_timeout, state);
	attach_start_streams(state);
	r = loop_run(state->loop);
	pty_raw_leave(&state->raw);
	if (r == 0 && state->exited)
		*ret_status = state->status;
	*ret_end = state->detached ? ATTACH_DETACHED : ATTACH_EXITED;
	loop_free(state->loop);
	cleanup_close_p(&state->tty_input);
	free(state);
	return r < 0 ? err_code(err, -r, "wait for the container") : 0;
}
