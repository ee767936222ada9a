/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cli/compose_attached.c - up in the foreground.
 */
#include "cli/compose_attached.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/proc.h"
#include "base/units.h"
#include "cli/compose_follow.h"
#include "cli/compose_phases.h"
#include "cli/compose_watch.h"
#include "cli/exit.h"
#include "cli/say.h"

/* A child that carries a plan out. */
struct worker {
	pid_t pid;
	int pidfd;
};

struct attached {
	struct compose *compose;
	struct compose_follow *follow;
	struct worker starter, stopper, killer, watcher;
	int signalfd;
	int pollfd; /* epoll of the signals and the workers */
	int interrupts;
	bool aborting;
	bool stops; /* once nothing is started any more, all is stopped */
	bool stop_failed;
	int status; /* to end with */
	bool has_status;
};

/* What the child does; NULL: the files are watched. */
struct work {
	const struct plan *plan;
	const char *title;
	const char *prefix; /* of what watching tells */
};

static int
do_work(struct compose *compose, const struct work *work)
{
	const struct act_opts opts = { .title = work->title,
				       .beside_output = true };

	const struct watch_opts watch = { .quiet_build = true,
					  .beside_output = true,
					  .prefix = work->prefix };

	return work->plan ? compose_act(compose, work->plan, &opts)
			  : compose_watch(compose, &watch);
}

static void __attribute__((noreturn))
child_main(struct compose *compose, const struct work *work, pid_t parent)
{
	sigset_t none;
	int r;

	(void)setpgid(0, 0);
	(void)prctl(PR_SET_PDEATHSIG, SIGTERM);
	if (getppid() != parent)
		_exit(1);
	(void)sigemptyset(&none);
	(void)sigprocmask(SIG_SETMASK, &none, NULL);
	r = do_work(compose, work);
	if (r < 0)
		say_error(compose->ctx->err);
	(void)fflush(NULL);
	_exit(r < 0 ? 1 : r);
}

static int
hire(struct attached *a, const struct work *work, struct worker *ret_worker)
{
	struct compose *compose = a->compose;
	struct epoll_event event = { .events = EPOLLIN,
				     .data.ptr = ret_worker };
	pid_t parent = getpid();

	(void)fflush(NULL);
	ret_worker->pid = fork();
	if (ret_worker->pid < 0)
		return err_sys(compose->ctx->err, "start a process");
	if (!ret_worker->pid)
		child_main(compose, work, parent);
	(void)setpgid(ret_worker->pid, ret_worker->pid);
	ret_worker->pidfd = (int)syscall(SYS_pidfd_open, ret_worker->pid, 0);
	if (ret_worker->pidfd < 0 ||
	    epoll_ctl(a->pollfd, EPOLL_CTL_ADD, ret_worker->pidfd, &event) < 0)
		return err_sys(compose->ctx->err, "watch a process");
	return 0;
}

static bool
works(const struct worker *worker)
{
	return worker->pid > 0;
}

/* Its exit status, once it is over. */
static int
reap(struct attached *a, struct worker *worker)
{
	int status = proc_exit_status(proc_wait(worker->pid));

	(void)epoll_ctl(a->pollfd, EPOLL_CTL_DEL, worker->pidfd, NULL);
	(void)close(worker->pidfd);
	*worker = (struct worker){ .pidfd = -EBADF };
	return status;
}

static int
open_signals(struct attached *a)
{
	struct epoll_event event = { .events = EPOLLIN, .data.ptr = NULL };
	sigset_t set;

	(void)sigemptyset(&set);
	(void)sigaddset(&set, SIGINT);
	(void)sigaddset(&set, SIGTERM);
	(void)sigprocmask(SIG_BLOCK, &set, NULL);
	a->signalfd = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	a->pollfd = epoll_create1(EPOLL_CLOEXEC);
	if (a->signalfd < 0 || a->pollfd < 0 ||
	    epoll_ctl(a->pollfd, EPOLL_CTL_ADD, a->signalfd, &event) < 0)
		return err_sys(a->compose->ctx->err, "watch signals");
	return 0;
}

/* Whose output is shown. */

static bool
is_attached(const struct compose *compose, const char *service)
{
	const struct args *args = compose->ctx->args;
	const struct strvec *only = args_list(args, "attach");
	const struct node *body = project_service(&compose->project, service);

	if (strvec_has(args_list(args, "no-attach"), service))
		return false;
	if (only->len)
		return strvec_has(only, service);
	if (!node_get_bool(body, "attach", true))
		return false;
	return !compose->in.named->len ||
	       args_bool(args, "attach-dependencies") ||
	       strvec_has(compose->in.named, service);
}

static bool
aborts(const struct args *args)
{
	return args_bool(args, "abort-on-container-exit") ||
	       args_bool(args, "abort-on-container-failure") ||
	       args_given(args, "exit-code-from");
}

static bool
wants(const struct compose *compose, const struct world_container *one,
      bool *ret_shown)
{
	*ret_shown = is_attached(compose, one->service);
	return !one->oneoff && strvec_has(&compose->selected, one->service) &&
	       (*ret_shown || aborts(compose->ctx->args));
}

/* Stopping. */

static int
stop_all(struct attached *a, enum plan_verb verb)
{
	const struct plan_verb_opts opts = { .verb = verb };
	cleanup_plan struct plan plan = PLAN_INIT;
	int r = compose_look(a->compose);

	if (r < 0)
		return r;
	plan_each(&a->compose->in, &opts, &plan);
	if (!plan.len)
		return 0;
	return hire(a,
		    &(struct work){ .plan = &plan,
				    .title = verb == PLAN_KILL ? "Killing"
							       : "Stopping" },
		    verb == PLAN_KILL ? &a->killer : &a->stopper);
}

/* What is being started has to be there before it can be stopped. */
static int
stop_gracefully(struct attached *a)
{
	if (works(&a->watcher))
		(void)kill(a->watcher.pid, SIGTERM);
	if (works(&a->starter)) {
		a->stops = true;
		(void)kill(a->starter.pid, SIGTERM);
		return 0;
	}
	return works(&a->stopper) ? 0 : stop_all(a, PLAN_STOP);
}

static int
interrupt(struct attached *a)
{
	struct signalfd_siginfo info;

	while (read(a->signalfd, &info, sizeof(info)) == sizeof(info))
		a->interrupts++;
	if (a->interrupts == 1) {
		(void)fprintf(
			stderr,
			"Gracefully Stopping... press Ctrl+C again to force\n");
		return stop_gracefully(a);
	}
	if (works(&a->starter))
		(void)kill(a->starter.pid, SIGTERM);
	/* Whoever stops them sees them end. */
	return works(&a->killer) ? 0 : stop_all(a, PLAN_KILL);
}

static int
starter_ended(struct attached *a, int status)
{
	cleanup_free char *prefix = compose_follow_prefix(a->follow, "⦿ ");
	const struct work watching = { .prefix = prefix };

	if (status && !a->interrupts && !a->aborting) {
		a->status = status;
		a->has_status = true;
	}
	if (a->stops)
		return stop_all(a, PLAN_STOP);
	if (!status && args_bool(a->compose->ctx->args, "watch"))
		return hire(a, &watching, &a->watcher);
	return 0;
}

static int
handle_events(struct attached *a)
{
	struct epoll_event events[4];
	int count = epoll_wait(a->pollfd, events, 4, 0);
	int r = 0;

	for (int i = 0; r == 0 && i < count; i++) {
		struct worker *worker = events[i].data.ptr;

		if (!worker)
			r = interrupt(a);
		else if (worker == &a->starter)
			r = starter_ended(a, reap(a, worker));
		else if (reap(a, worker) && worker != &a->watcher)
			a->stop_failed = true;
	}
	return r;
}

/* A container ended: is that the end of all? */
static int
member_ended(struct attached *a, const char *service, int code)
{
	const struct args *args = a->compose->ctx->args;
	const char *from = args_str(args, "exit-code-from");

	if (from && !strcmp(from, service)) {
		a->status = code;
		a->has_status = true;
	}
	if (a->aborting || a->interrupts || !aborts(args) ||
	    (args_bool(args, "abort-on-container-failure") && !code))
		return 0;
	a->aborting = true;
	if (!from) {
		a->status = code;
		a->has_status = true;
	}
	(void)fprintf(stderr, "Aborting on container exit...\n");
	return stop_gracefully(a);
}

static bool
is_over(const struct attached *a, enum follow_event event)
{
	if (works(&a->starter) || works(&a->stopper) || works(&a->killer))
		return false;
	/* The start failed: what runs is left running, as elsewhere. */
	if (a->has_status && !a->aborting && !a->interrupts)
		return true;
	/* All were stopped: their last words and ends are still to be told. */
	return event == FOLLOW_ALL_ENDED || a->stop_failed;
}

/* May containers be started yet? A rebuild replaces those that are there. */
static bool
starts(const struct attached *a)
{
	return works(&a->starter) || works(&a->stopper) || works(&a->killer) ||
	       (works(&a->watcher) && !a->interrupts && !a->aborting);
}

static int
follow_all(struct attached *a)
{
	enum follow_event event = FOLLOW_NOTHING;
	struct err *err = a->compose->ctx->err;

	for (;;) {
		const char *service = NULL;
		int code = 0;
		int r = compose_follow_step(a->follow, a->pollfd, starts(a),
					    &event, &service, &code, err);

		if (r == 0 && event == FOLLOW_ENDED)
			r = member_ended(a, service, code);
		if (r == 0)
			r = handle_events(a);
		if (r < 0)
			return r;
		if (event != FOLLOW_ENDED && is_over(a, event))
			return 0;
	}
}

static int
run_attached(struct attached *a)
{
	cleanup_plan struct plan plan = PLAN_INIT;
	struct compose *compose = a->compose;
	int r;

	compose->in.no_start = false;
	compose->in.force_recreate = false;
	compose->in.always_recreate_deps = false;
	compose->in.ignore_orphans = true;
	compose_follow_look(a->follow);
	compose_follow_announce(a->follow);
	r = open_signals(a);
	if (r == 0)
		r = plan_up(&compose->in, &plan, compose->ctx->err);
	if (r == 0)
		r = hire(a, &(struct work){ .plan = &plan, .title = "Running" },
			 &a->starter);
	if (r == 0)
		r = follow_all(a);
	if (works(&a->watcher)) {
		(void)kill(a->watcher.pid, SIGTERM);
		(void)reap(a, &a->watcher);
	}
	if (r < 0)
		return r;
	if (a->has_status && !a->interrupts)
		return a->status;
	return a->interrupts ? EXIT_INTERRUPTED : 0;
}

int
compose_attached(struct compose *compose)
{
	const struct args *args = compose->ctx->args;
	const struct act_opts act = { .title = "Creating" };
	const struct follow_opts opts = {
		.timestamps = args_bool(args, "timestamps"),
		.no_color = args_bool(args, "no-color"),
		.no_prefix = args_bool(args, "no-log-prefix"),
		.wants = wants,
		.notices = true,
		.only_new = true,
		.since_ns = units_now_ns(),
		.tail = -1,
	};
	struct attached a = { .compose = compose,
			      .starter.pidfd = -EBADF,
			      .stopper.pidfd = -EBADF,
			      .killer.pidfd = -EBADF,
			      .watcher.pidfd = -EBADF,
			      .signalfd = -EBADF,
			      .pollfd = -EBADF };
	int r;

	compose->in.no_start = true;
	r = compose_converge(compose, &act);
	if (r == 0)
		r = compose_look(compose);
	if (r == 0)
		r = compose_look_images(compose);
	if (r)
		return r;
	a.follow = compose_follow_new(compose, &opts);
	r = run_attached(&a);
	compose_follow_free(a.follow);
	if (a.signalfd >= 0)
		(void)close(a.signalfd);
	if (a.pollfd >= 0)
		(void)close(a.pollfd);
	return r;
}
