/* SPDX-License-Identifier: Apache-2.0 */
/*
 * container/monitor_io.c - a container's streams: log, readers, input.
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/alloc.h"
#include "container/log_attrs.h"
#include "container/monitor_priv.h"
#include "sys/pty.h"

static void
monitor_io_tap(struct fanout *fanout, const char *data, size_t len)
{
	struct monitor *monitor = fanout->data;

	log_file_add(&monitor->log, (enum log_stream)(fanout - monitor->out),
		     data, len);
}

static void
monitor_io_ended(struct fanout *fanout)
{
	struct monitor *monitor = fanout->data;

	monitor->out_over[fanout - monitor->out] = true;
	if (monitor_io_is_over(monitor))
		monitor_on_io_over(monitor);
}

void
monitor_io_init(struct monitor *monitor)
{
	const struct monitor_job *job = monitor->job;

	log_file_init(&monitor->log, monitor->start.dir.fd, &job->spec->log);
	monitor->attrs = log_attrs_text(job->spec);
	monitor->log.attrs = monitor->attrs;
	for (int i = 0; i < LOG_STREAM_COUNT; i++) {
		monitor->out[i] = (struct fanout)FANOUT_INIT;
		monitor->out[i].tap = monitor_io_tap;
		monitor->out[i].ended = monitor_io_ended;
		monitor->out[i].data = monitor;
		monitor->local[i].fd = i ? STDERR_FILENO : STDOUT_FILENO;
		monitor->local[i].shared = true;
		if (job->local && job->streams[1 + i])
			fanout_add(&monitor->out[i], &monitor->local[i]);
	}
}

/* A terminal has one stream; it does not block, whoever else writes to it. */
static void
monitor_io_open_tty(struct monitor *monitor, int ttyfd)
{
	(void)fcntl(ttyfd, F_SETFL, O_RDWR | O_NONBLOCK);
	monitor->out[LOG_STDOUT].from = ttyfd;
	monitor->out_over[LOG_STDERR] = true;
	monitor->inputfd = fcntl(ttyfd, F_DUPFD_CLOEXEC, 3);
}

void
monitor_io_open(struct monitor *monitor)
{
	struct start *start = &monitor->start;
	int ttyfd = start->launch.ttyfd;

	monitor->log.dirfd = start->dir.fd;
	if (ttyfd >= 0) {
		monitor_io_open_tty(monitor, ttyfd);
	} else {
		monitor->inputfd = take_fd(start->pipes.ours[0]);
		for (int i = 0; i < LOG_STREAM_COUNT; i++)
			monitor->out[i].from = start->pipes.ours[1 + i];
	}
	if (monitor->job->local && monitor->job->streams[0])
		(void)monitor_io_add_input(monitor, STDIN_FILENO);
	monitor_ctl_give_input(monitor);
	for (int i = 0; i < LOG_STREAM_COUNT; i++)
		if (!monitor->out_over[i])
			fanout_start(&monitor->out[i], monitor->loop);
}

static void
monitor_io_close_input(struct monitor *monitor)
{
	cleanup_close_p(&monitor->inputfd);
	monitor->inputfd = -EBADF;
}

/*
 * The client that a container was made for is the only one its input waits
 * for: when that ends, so does the input. Otherwise others may still come.
 */
static void
monitor_input_ended(struct stream *stream)
{
	struct monitor_input *input = stream->data;
	struct monitor *monitor = input->monitor;

	(void)close(stream->to);
	stream->to = -EBADF;
	if (!monitor->job->spec->tty && monitor->job->spec->attach[0])
		monitor_io_close_input(monitor);
}

struct monitor_input *
monitor_io_add_input(struct monitor *monitor, int fd)
{
	struct monitor_input *input;

	if (monitor->inputfd < 0 || !monitor->job->spec->open_stdin)
		return NULL;
	input = xcalloc(1, sizeof(*input));
	input->monitor = monitor;
	input->stream.from = fd;
	input->stream.to = fcntl(monitor->inputfd, F_DUPFD_CLOEXEC, 3);
	input->stream.ended = monitor_input_ended;
	input->stream.data = input;
	input->next = monitor->inputs;
	monitor->inputs = input;
	stream_start(&input->stream, monitor->loop);
	return input;
}

void
monitor_io_remove_input(struct monitor_input *input)
{
	struct monitor_input **at;

	if (!input)
		return;
	at = &input->monitor->inputs;
	while (*at != input)
		at = &(*at)->next;
	*at = input->next;
	stream_cancel(&input->stream);
	cleanup_close_p(&input->stream.to);
	free(input);
}

bool
monitor_io_is_over(const struct monitor *monitor)
{
	return monitor->out_over[LOG_STDOUT] && monitor->out_over[LOG_STDERR];
}

void
monitor_io_finish(struct monitor *monitor)
{
	for (struct monitor_input *i = monitor->inputs; i; i = i->next)
		stream_cancel(&i->stream);
	for (int i = 0; i < LOG_STREAM_COUNT; i++)
		if (!monitor->out_over[i])
			fanout_finish(&monitor->out[i]);
	log_file_flush(&monitor->log);
}

void
monitor_io_abandon(struct monitor *monitor)
{
	for (int i = 0; i < LOG_STREAM_COUNT; i++)
		if (!monitor->out_over[i])
			fanout_abandon(&monitor->out[i]);
}

void
monitor_io_close(struct monitor *monitor)
{
	monitor_io_close_input(monitor);
	for (int i = 0; i < LOG_STREAM_COUNT; i++) {
		fanout_release(&monitor->out[i]);
		monitor->out_over[i] = false;
	}
}

void
monitor_io_release(struct monitor *monitor)
{
	while (monitor->inputs)
		monitor_io_remove_input(monitor->inputs);
	monitor_io_close(monitor);
	log_file_release(&monitor->log);
	free(take_ptr(monitor->attrs));
}
