/* SPDX-License-Identifier: Apache-2.0 */
/*
 * base/loop.h - one thread, many events: epoll, timers, signals, pidfds.
 *
 * Sources are owned by the loop from loop_add_*() to loop_remove() or
 * loop_free(); the fds they watch stay the caller's. A callback may remove
 * any source, its own too. A callback that returns < 0 ends loop_run() with
 * that code.
 */
#ifndef DHOW_BASE_LOOP_H
#define DHOW_BASE_LOOP_H

#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/epoll.h>
#include <sys/signalfd.h>

#include "base/err.h"

struct loop;
struct loop_source;

typedef int (*loop_fd_fn)(struct loop_source *source, uint32_t events,
			  void *data);
typedef int (*loop_timer_fn)(struct loop_source *source, void *data);
typedef int (*loop_signal_fn)(struct loop_source *source,
			      const struct signalfd_siginfo *info, void *data);

struct loop *loop_new(void);
void loop_free(struct loop *loop);

/* Watch @fd for EPOLLIN/EPOLLOUT/… (a pidfd is EPOLLIN when it exits). */
struct loop_source *loop_add_fd(struct loop *loop, int fd, uint32_t events,
				loop_fd_fn fn, void *data);
/* Fire once after @delay_ns; loop_set_timer() arms it again. */
struct loop_source *loop_add_timer(struct loop *loop, int64_t delay_ns,
				   loop_timer_fn fn, void *data);
/* Block a set of signals and deliver them here by signalfd. */
struct loop_source *loop_add_signals(struct loop *loop, const sigset_t *set,
				     loop_signal_fn fn, void *data);
/* The same for one. */
struct loop_source *loop_add_signal(struct loop *loop, int signo,
				    loop_signal_fn fn, void *data);

void loop_set_events(struct loop_source *source, uint32_t events);
/* @delay_ns < 0 disarms. */
void loop_set_timer(struct loop_source *source, int64_t delay_ns);
int loop_source_fd(const struct loop_source *source);
struct loop *loop_of(const struct loop_source *source);
void loop_remove(struct loop_source *source);

/* Run until loop_stop() or a failing callback; returns its code. */
int loop_run(struct loop *loop);
void loop_stop(struct loop *loop, int code);
/* One round that waits at most @timeout_ms (-1: for ever). */
int loop_step(struct loop *loop, int timeout_ms);
/* Readable when loop_step() has something to do: to nest it in a poll(). */
int loop_fd(const struct loop *loop);

#endif
