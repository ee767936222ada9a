/* SPDX-License-Identifier: Apache-2.0 */
/*
 * container/monitor_ctl.c - a monitor's control socket and its clients.
 *
 * A client is a connection: what it asked for ends with it. The run directory
 * is the user's alone, so who can connect may ask.
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/io.h"
#include "container/live.h"
#include "container/monitor_priv.h"

#define PEER_STREAMS 3

struct monitor_peer {
	struct monitor *monitor;
	struct monitor_peer *next;
	int fd;
	struct loop_source *source;
	bool starts; /* it wants to hear of the start */
	bool waits;  /* it wants to hear of the end */
	bool asks;   /* it wants to hear of the next health check */
	int pipes[PEER_STREAMS];
	struct monitor_input *input;
	struct fanout_sink sinks[LOG_STREAM_COUNT];
};

static void
peer_send(const struct monitor_peer *peer, enum monitor_answer answer,
	  int value)
{
	struct monitor_reply reply = { .answer = answer, .value = value };

	/* Who went away is noticed by the loop. */
	(void)send(peer->fd, &reply, sizeof(reply),
		   MSG_NOSIGNAL | MSG_DONTWAIT);
}

static void
peer_send_err(const struct monitor_peer *peer, const struct err *err)
{
	(void)send(peer->fd, err, sizeof(*err), MSG_NOSIGNAL | MSG_DONTWAIT);
}

static void
peer_detach(struct monitor_peer *peer)
{
	for (int i = 0; i < LOG_STREAM_COUNT; i++)
		fanout_remove(&peer->sinks[i]);
	monitor_io_remove_input(take_ptr(peer->input));
	for (int i = 0; i < PEER_STREAMS; i++) {
		cleanup_close_p(&peer->pipes[i]);
		peer->pipes[i] = -EBADF;
	}
}

static void
peer_free(struct monitor_peer *peer)
{
	struct monitor_peer **at = &peer->monitor->peers;

	while (*at != peer)
		at = &(*at)->next;
	*at = peer->next;
	peer_detach(peer);
	loop_remove(peer->source);
	(void)close(peer->fd);
	free(peer);
}

/* The fds that came are the peer's by now, in their places. */
static int
peer_attach(struct monitor_peer *peer, struct err *err)
{
	struct monitor *monitor = peer->monitor;

	if (monitor->phase == MONITOR_OVER)
		return err_set(err, ESRCH, "the container has ended");
	peer->waits = true;
	for (int i = 0; i < LOG_STREAM_COUNT; i++) {
		peer->sinks[i].fd = peer->pipes[1 + i];
		if (peer->sinks[i].fd < 0)
			continue;
		(void)fcntl(peer->sinks[i].fd, F_SETFL, O_WRONLY | O_NONBLOCK);
		fanout_add(&monitor->out[i], &peer->sinks[i]);
	}
	if (peer->pipes[0] >= 0)
		peer->input = monitor_io_add_input(monitor, peer->pipes[0]);
	return 0;
}

static int
peer_send_pidfd(struct monitor_peer *peer, struct err *err)
{
	const struct launch *launch = &peer->monitor->start.launch;
	struct monitor_reply reply = { .answer = MONITOR_OK,
				       .value = launch->pid };

	if (peer->monitor->phase != MONITOR_UP)
		return err_set(err, ESRCH, "the container is not running");
	(void)io_send_fds(peer->fd, &reply, sizeof(reply), &launch->pidfd, 1);
	return 1;
}

static void
peer_resize(const struct monitor_peer *peer, const struct monitor_request *req)
{
	const struct launch *launch = &peer->monitor->start.launch;
	struct winsize size = { .ws_row = (unsigned short)req->a,
				.ws_col = (unsigned short)req->b };

	/* One that starts again has it from here. */
	peer->monitor->size = size;
	if (launch->ttyfd >= 0)
		(void)ioctl(launch->ttyfd, TIOCSWINSZ, &size);
}

static void
peer_wait(struct monitor_peer *peer)
{
	const struct monitor *monitor = peer->monitor;

	peer->waits = monitor->phase != MONITOR_OVER;
	if (!peer->waits)
		peer_send(peer, MONITOR_EXIT, monitor->exit_status);
}

/* Returns 0 for "ok", 1 when it is answered or will be, or -errno. */
static int
peer_do(struct monitor_peer *peer, const struct monitor_request *req,
	struct err *err)
{
	struct monitor *monitor = peer->monitor;

	switch ((enum monitor_op)req->op) {
	case MONITOR_ATTACH:
		return peer_attach(peer, err);
	case MONITOR_SIGNAL:
		return monitor_signal(monitor, (int)req->a, err);
	case MONITOR_STOP:
		monitor->keep |= (req->flags & MONITOR_KEEP) != 0;
		monitor->removed |= (req->flags & MONITOR_REMOVED) != 0;
		peer_wait(peer);
		monitor_stop(monitor, (int)req->a, req->b);
		return 1;
	case MONITOR_PAUSE:
		return monitor_pause(monitor, true, err);
	case MONITOR_UNPAUSE:
		return monitor_pause(monitor, false, err);
	case MONITOR_RESIZE:
		peer_resize(peer, req);
		return 1;
	case MONITOR_WAIT:
		peer_wait(peer);
		return 1;
	case MONITOR_PIDFD:
		return peer_send_pidfd(peer, err);
	case MONITOR_RELOAD:
		return monitor_reload(monitor, err);
	case MONITOR_PROBE:
		peer->asks = true;
		return monitor_probe_now(monitor, err) ?: 1;
	}
	return err_set(err, EPROTO,
		       "the container's monitor does not know request %u",
		       req->op);
}

/* fds come in the order of the flags; nobody else takes any. */
static void
peer_take_fds(struct monitor_peer *peer, const struct monitor_request *req,
	      int *fds, size_t count)
{
	static const unsigned int bits[] = { MONITOR_IN, MONITOR_OUT,
					     MONITOR_ERR };
	size_t used = 0;

	for (int i = 0; i < PEER_STREAMS; i++)
		if (req->op == MONITOR_ATTACH && (req->flags & bits[i]) &&
		    used < count && peer->pipes[i] < 0)
			peer->pipes[i] = fds[used++];
	while (used < count)
		(void)close(fds[used++]);
}

/* Returns -EAGAIN when there is nothing to read, -EPIPE at the end. */
static int
peer_serve(struct monitor_peer *peer)
{
	struct monitor_request req;
	struct err err = ERR_INIT;
	int fds[IO_MAX_FDS], r;
	size_t count = IO_MAX_FDS;
	ssize_t n = io_recv_fds(peer->fd, &req, sizeof(req), fds, &count);

	if (n == -EAGAIN)
		return -EAGAIN;
	if (n <= 0)
		return -EPIPE;
	if (n != sizeof(req) || req.magic != MONITOR_MAGIC) {
		while (count)
			(void)close(fds[--count]);
		r = err_set(
			&err, EPROTO,
			"the container was started by another version of dhow");
	} else {
		peer_take_fds(peer, &req, fds, count);
		r = peer_do(peer, &req, &err);
	}
	if (r < 0)
		peer_send_err(peer, &err);
	else if (r == 0)
		peer_send(peer, MONITOR_OK, 0);
	return 0;
}

static int
peer_on_request(struct loop_source *source, uint32_t events, void *data)
{
	struct monitor_peer *peer = data;

	if (peer_serve(peer) == -EPIPE)
		peer_free(peer);
	return 0;
}

static struct monitor_peer *
peer_add(struct monitor *monitor, int fd)
{
	struct monitor_peer *peer = xcalloc(1, sizeof(*peer));

	(void)fcntl(fd, F_SETFL, O_RDWR | O_NONBLOCK);
	peer->monitor = monitor;
	peer->fd = fd;
	for (int i = 0; i < PEER_STREAMS; i++)
		peer->pipes[i] = -EBADF;
	peer->source =
		loop_add_fd(monitor->loop, fd, EPOLLIN, peer_on_request, peer);
	peer->next = monitor->peers;
	monitor->peers = peer;
	return peer;
}

static int
monitor_ctl_on_connect(struct loop_source *source, uint32_t events, void *data)
{
	struct monitor *monitor = data;
	int fd = accept4(monitor->ctlfd, NULL, NULL, SOCK_CLOEXEC);

	if (fd >= 0)
		(void)peer_add(monitor, fd);
	return 0;
}

int
monitor_ctl_open(struct monitor *monitor, struct err *err)
{
	monitor->ctlfd = live_listen(monitor->start.rundirfd,
				     monitor->job->spec->id, err);
	if (monitor->ctlfd < 0)
		return monitor->ctlfd;
	monitor->listening = loop_add_fd(monitor->loop, monitor->ctlfd, EPOLLIN,
					 monitor_ctl_on_connect, monitor);
	return 0;
}

void
monitor_ctl_adopt(struct monitor *monitor, int fd)
{
	struct monitor_peer *peer = peer_add(monitor, fd);

	peer->starts = true;
	while (peer_serve(peer) == 0)
		;
}

void
monitor_ctl_give_input(struct monitor *monitor)
{
	for (struct monitor_peer *peer = monitor->peers; peer;
	     peer = peer->next)
		if (peer->pipes[0] >= 0 && !peer->input)
			peer->input =
				monitor_io_add_input(monitor, peer->pipes[0]);
}

void
monitor_ctl_started(struct monitor *monitor)
{
	for (struct monitor_peer *peer = monitor->peers; peer;
	     peer = peer->next)
		if (peer->starts) {
			peer->starts = false;
			peer_send(peer, MONITOR_STARTED,
				  monitor->start.launch.pid);
		}
}

void
monitor_ctl_exited(struct monitor *monitor)
{
	for (struct monitor_peer *peer = monitor->peers; peer;
	     peer = peer->next)
		if (peer->waits) {
			peer->waits = false;
			peer_send(peer, MONITOR_EXIT, monitor->exit_status);
		}
}

void
monitor_ctl_probed(struct monitor *monitor, int exit_code,
		   const struct err *err)
{
	for (struct monitor_peer *peer = monitor->peers; peer;
	     peer = peer->next) {
		if (peer->asks && err)
			peer_send_err(peer, err);
		else if (peer->asks)
			peer_send(peer, MONITOR_PROBED, exit_code);
		peer->asks = false;
	}
}

void
monitor_ctl_detach_all(struct monitor *monitor)
{
	for (struct monitor_peer *peer = monitor->peers; peer;
	     peer = peer->next)
		peer_detach(peer);
}

void
monitor_ctl_release(struct monitor *monitor)
{
	while (monitor->peers)
		peer_free(monitor->peers);
	loop_remove(monitor->listening);
	cleanup_close_p(&monitor->ctlfd);
	monitor->ctlfd = -EBADF;
}
