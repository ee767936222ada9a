/* SPDX-License-Identifier: Apache-2.0 */
/*
 * base/loop.c - one thread, many events: epoll, timers, signals, pidfds.
 *
 * Every source is one epoll entry: an fd of the caller, a timerfd or a
 * signalfd of ours. A removed source stays allocated until the round of
 * events that may still name it is over.
 */
#include "base/loop.h"

#include <assert.h>
#include <errno.h>
#include <signal.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/units.h"

enum loop_kind {
	LOOP_FD,
	LOOP_TIMER,
	LOOP_SIGNAL,
};

struct loop_source {
	struct loop *loop;
	struct loop_source *next;
	enum loop_kind kind;
	int fd;
	uint32_t events;
	bool removed;
	union {
		loop_fd_fn fd_fn;
		loop_timer_fn timer_fn;
		loop_signal_fn signal_fn;
	};
	void *data;
};

struct loop {
	int epfd;
	struct loop_source *sources;
	bool garbage; /* some source is marked removed */
	bool stopped;
	int code;
};

struct loop *
loop_new(void)
{
	struct loop *loop = xcalloc(1, sizeof(*loop));

	loop->epfd = epoll_create1(EPOLL_CLOEXEC);
	assert(loop->epfd >= 0);
	return loop;
}

static void
loop_source_free(struct loop_source *source)
{
	if (source->kind != LOOP_FD && source->fd >= 0)
		(void)close(source->fd);
	free(source);
}

void
loop_free(struct loop *loop)
{
	if (!loop)
		return;
	while (loop->sources) {
		struct loop_source *source = loop->sources;

		loop->sources = source->next;
		if (!source->removed)
			(void)epoll_ctl(loop->epfd, EPOLL_CTL_DEL, source->fd,
					NULL);
		loop_source_free(source);
	}
	(void)close(loop->epfd);
	free(loop);
}

static struct loop_source *
loop_add(struct loop *loop, enum loop_kind kind, int fd, uint32_t events,
	 void *data)
{
	struct loop_source *source = xcalloc(1, sizeof(*source));
	struct epoll_event ev = { .events = events, .data.ptr = source };
	int r;

	*source = (struct loop_source){
		.loop = loop,
		.next = loop->sources,
		.kind = kind,
		.fd = fd,
		.events = events,
		.data = data,
	};
	loop->sources = source;
	r = epoll_ctl(loop->epfd, EPOLL_CTL_ADD, fd, &ev);
	assert(r == 0);
	return source;
}

struct loop_source *
loop_add_fd(struct loop *loop, int fd, uint32_t events, loop_fd_fn fn,
	    void *data)
{
	struct loop_source *source = loop_add(loop, LOOP_FD, fd, events, data);

	source->fd_fn = fn;
	return source;
}

struct loop_source *
loop_add_timer(struct loop *loop, int64_t delay_ns, loop_timer_fn fn,
	       void *data)
{
	int fd = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
	struct loop_source *source;

	assert(fd >= 0);
	source = loop_add(loop, LOOP_TIMER, fd, EPOLLIN, data);
	source->timer_fn = fn;
	loop_set_timer(source, delay_ns);
	return source;
}

struct loop_source *
loop_add_signals(struct loop *loop, const sigset_t *set, loop_signal_fn fn,
		 void *data)
{
	struct loop_source *source;
	int fd;

	(void)sigprocmask(SIG_BLOCK, set, NULL);
	fd = signalfd(-1, set, SFD_CLOEXEC | SFD_NONBLOCK);
	assert(fd >= 0);
	source = loop_add(loop, LOOP_SIGNAL, fd, EPOLLIN, data);
	source->signal_fn = fn;
	return source;
}

struct loop_source *
loop_add_signal(struct loop *loop, int signo, loop_signal_fn fn, void *data)
{
	sigset_t set;

	(void)sigemptyset(&set);
	(void)sigaddset(&set, signo);
	return loop_add_signals(loop, &set, fn, data);
}

void
loop_set_events(struct loop_source *source, uint32_t events)
{
	struct epoll_event ev = { .events = events, .data.ptr = source };
	int r;

	if (source->removed || source->events == events)
		return;
	source->events = events;
	r = epoll_ctl(source->loop->epfd, EPOLL_CTL_MOD, source->fd, &ev);
	assert(r == 0);
}

void
loop_set_timer(struct loop_source *source, int64_t delay_ns)
{
	struct itimerspec when = { 0 };
	int r;

	assert(source->kind == LOOP_TIMER);
	if (delay_ns == 0)
		delay_ns = 1;
	if (delay_ns > 0) {
		when.it_value.tv_sec = delay_ns / UNITS_NS_PER_S;
		when.it_value.tv_nsec = delay_ns % UNITS_NS_PER_S;
	}
	r = timerfd_settime(source->fd, 0, &when, NULL);
	assert(r == 0);
}

int
loop_source_fd(const struct loop_source *source)
{
	return source->fd;
}

struct loop *
loop_of(const struct loop_source *source)
{
	return source->loop;
}

void
loop_remove(struct loop_source *source)
{
	if (!source || source->removed)
		return;
	(void)epoll_ctl(source->loop->epfd, EPOLL_CTL_DEL, source->fd, NULL);
	source->removed = true;
	source->loop->garbage = true;
}

static void
loop_collect(struct loop *loop)
{
	struct loop_source **at = &loop->sources;

	if (!loop->garbage)
		return;
	loop->garbage = false;
	while (*at) {
		struct loop_source *source = *at;

		if (source->removed) {
			*at = source->next;
			loop_source_free(source);
		} else {
			at = &source->next;
		}
	}
}

static int
loop_signal(struct loop_source *source)
{
	struct signalfd_siginfo info;
	int r = 0;

	while (r >= 0 && !source->removed &&
	       read(source->fd, &info, sizeof(info)) == sizeof(info))
		r = source->signal_fn(source, &info, source->data);
	return r;
}

static int
loop_dispatch(struct loop_source *source, uint32_t events)
{
	uint64_t ticks;

	switch (source->kind) {
	case LOOP_FD:
		return source->fd_fn(source, events, source->data);
	case LOOP_TIMER:
		if (read(source->fd, &ticks, sizeof(ticks)) != sizeof(ticks))
			return 0; /* armed again since it fired */
		return source->timer_fn(source, source->data);
	case LOOP_SIGNAL:
		return loop_signal(source);
	}
	return 0;
}

int
loop_step(struct loop *loop, int timeout_ms)
{
	struct epoll_event events[32];
	int n, r = 0;

	n = epoll_wait(loop->epfd, events, ARRAY_LEN(events), timeout_ms);
	if (n < 0)
		return errno == EINTR ? 0 : -errno;
	for (int i = 0; i < n && r >= 0 && !loop->stopped; i++) {
		struct loop_source *source = events[i].data.ptr;

		if (!source->removed)
			r = loop_dispatch(source, events[i].events);
	}
	loop_collect(loop);
	return r < 0 ? r : 0;
}

int
loop_run(struct loop *loop)
{
	loop->stopped = false;
	loop->code = 0;
	while (!loop->stopped) {
		int r = loop_step(loop, -1);

		if (r < 0)
			return r;
	}
	return loop->code;
}

void
loop_stop(struct loop *loop, int code)
{
	loop->stopped = true;
	loop->code = code;
}

int
loop_fd(const struct loop *loop)
{
	return loop->epfd;
}
