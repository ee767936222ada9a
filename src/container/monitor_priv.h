/* SPDX-License-Identifier: Apache-2.0 */
/*
 * container/monitor_priv.h - between the files of the monitor.
 */
#ifndef DHOW_CONTAINER_MONITOR_PRIV_H
#define DHOW_CONTAINER_MONITOR_PRIV_H

#include <sys/ioctl.h>

#include "base/loop.h"
#include "container/fanout.h"
#include "container/janitor.h"
#include "container/log_file.h"
#include "container/monitor.h"
#include "container/monitor_msg.h"
#include "container/restart.h"
#include "container/start.h"
#include "container/state.h"
#include "container/stream.h"

enum monitor_phase {
	MONITOR_STARTING,
	MONITOR_UP,
	MONITOR_WAITING, /* to start it again */
	MONITOR_OVER,
};

struct monitor_peer;

/* One way in to the container's standard input. */
struct monitor_input {
	struct monitor *monitor;
	struct monitor_input *next;
	struct stream stream;
};

/* A question on its way; see monitor_probe.c. */
struct monitor_probe {
	struct loop_source *timer; /* NULL: the container is not asked */
	struct loop_source *exited, *reading, *late;
	pid_t pid; /* 0: none on its way */
	int pidfd, outfd;
	int64_t start_ns;
	struct strbuf output;
};

#define MONITOR_PROBE_INIT                                               \
	{                                                                \
		.pidfd = -EBADF, .outfd = -EBADF, .output = STRBUF_INIT, \
	}

struct monitor {
	const struct monitor_job *job;
	struct start start;
	struct janitor janitor;
	struct container_state state;
	struct restart restart;
	enum monitor_phase phase;
	struct loop *loop;
	int exit_status;
	struct winsize size; /* of the terminal to come */
	int64_t up_ns;       /* monotonic, when the command began */
	int64_t draft_ns;    /* when it started, as the draft says; or 0 */
	bool ran;            /* it was up once */
	bool by_user;        /* this end was asked for */
	bool stopping;       /* … by stop */
	bool leaving;        /* the host goes down: it is not started again */
	bool removed;        /* … to be removed */
	bool keep;           /* --rm does not hold this time */
	bool revive;         /* start it again whatever the policy says */

	/* monitor.c */
	struct loop_source *exited, *kill_timer, *limit_timer, *again_timer;
	struct loop_source *drop_timer, *owners;
	pid_t owners_pid; /* who answers about owners, or 0 */

	/* monitor_network.c */
	struct loop_source *net, *net_timer;
	int64_t net_delay_ns; /* of the next try to join; 0: it has joined */

	struct monitor_probe probe;

	/* monitor_io.c */
	struct log_file log;
	char *attrs;                         /* of its records, or NULL */
	struct fanout out[LOG_STREAM_COUNT]; /* a terminal is the first */
	bool out_over[LOG_STREAM_COUNT];
	int inputfd; /* the container's standard input, or -EBADF */
	struct monitor_input *inputs;
	struct fanout_sink local[LOG_STREAM_COUNT];

	/* monitor_ctl.c */
	int ctlfd;
	struct loop_source *listening;
	struct monitor_peer *peers;
};

/* monitor_verbs.c: what clients and the host ask for. */
int monitor_signal(struct monitor *monitor, int signo, struct err *err);
void monitor_stop(struct monitor *monitor, int signo, int64_t timeout_s);
int monitor_pause(struct monitor *monitor, bool pause, struct err *err);
int monitor_reload(struct monitor *monitor, struct err *err);
/* Signals to ourselves. */
void monitor_watch_signals(struct monitor *monitor);

/* monitor_record.c */
void monitor_record(struct monitor *monitor, bool sync);
/* That it runs: everything but that, while there is time; then that. */
void monitor_draft_start(struct monitor *monitor);
void monitor_record_start(struct monitor *monitor);
/* Where it is reached now, for the record to come. */
void monitor_note_network(struct monitor *monitor);
/* Note what happened; @fmt: one attribute "k=v", or NULL. */
void monitor_event(struct monitor *monitor, const char *action, const char *fmt,
		   ...) __attribute__((format(printf, 3, 4)));

/* monitor.c */
/* The container is over: it is recorded or removed, and everybody told. */
void monitor_end(struct monitor *monitor);
/* Timers and watches of one life end. */
void monitor_unwatch(struct monitor *monitor);

/* monitor_io.c: the container's streams, for one life. */
void monitor_io_init(struct monitor *monitor);
/* Before the first byte is read: who reads is there. */
void monitor_io_open(struct monitor *monitor);
/* The process ended: its last words are in the log when this returns. */
void monitor_io_finish(struct monitor *monitor);
/* Has everybody got all of it? */
bool monitor_io_is_over(const struct monitor *monitor);
/* Nobody who has not read it by now will. */
void monitor_io_abandon(struct monitor *monitor);
void monitor_io_close(struct monitor *monitor);
void monitor_io_release(struct monitor *monitor);
/* Pass @fd's bytes on as input; NULL when there is no input. */
struct monitor_input *monitor_io_add_input(struct monitor *monitor, int fd);
void monitor_io_remove_input(struct monitor_input *input);
/* Everything was passed on: monitor.c. */
void monitor_on_io_over(struct monitor *monitor);

/* monitor_network.c: its networks, for one life. */
void monitor_watch_network(struct monitor *monitor);
/* Others may have the addresses from now on, @for_good: the ports too. */
void monitor_leave_network(struct monitor *monitor, bool for_good);

/* monitor_owners.c: for one life. */
void monitor_watch_owners(struct monitor *monitor);

/* monitor_probe.c: health, for one life. */
void monitor_probe_open(struct monitor *monitor);
void monitor_probe_close(struct monitor *monitor);
/* Ask now, or wait for who is being asked: monitor_ctl_probed() tells. */
int monitor_probe_now(struct monitor *monitor, struct err *err);

/* monitor_ctl.c: the control socket. */
int monitor_ctl_open(struct monitor *monitor, struct err *err);
/* The client that was there from the beginning: what it has asked so far. */
void monitor_ctl_adopt(struct monitor *monitor, int fd);
/* There is an input now: connect those who attached before. */
void monitor_ctl_give_input(struct monitor *monitor);
/* Tell those who care: it runs, it ended. */
void monitor_ctl_started(struct monitor *monitor);
void monitor_ctl_exited(struct monitor *monitor);
/* The health check was answered, or, with @err, will not be. */
void monitor_ctl_probed(struct monitor *monitor, int exit_code,
			const struct err *err);
/* The streams of all who attached are over. */
void monitor_ctl_detach_all(struct monitor *monitor);
void monitor_ctl_release(struct monitor *monitor);

#endif
