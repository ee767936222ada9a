/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cli/compose_act.c - carry a plan out.
 *
 * States of a step: waiting → running → done or failed. A step that was never
 * started because something failed stays waiting; what it would have done, the
 * next "up" does. Children are in process groups of their own: Ctrl-C reaches
 * us alone, and we end them in order.
 */
#include "cli/compose_act.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/fsx.h"
#include "base/io.h"
#include "base/loop.h"
#include "base/units.h"
#include "cli/commands.h"
#include "cli/compose_show.h"
#include "cli/compose_wait.h"
#include "cli/exit.h"
#include "cli/say.h"

#define ACT_LIMIT 16 /* at once, unless --parallel says otherwise */
#define ACT_TICK_NS (INT64_C(100) * 1000000)
#define ACT_NOISE_BYTES (256U << 10)

enum act_state {
	ACT_WAITING,
	ACT_RUNNING,
	ACT_DONE,
	ACT_FAILED,
};

struct act;

struct act_run {
	struct act *act;
	const struct plan_step *step;
	enum act_state state;
	pid_t pid;
	int pidfd;
	int reportfd;                  /* its struct err, if it fails */
	int noisefd;                   /* what it wrote */
	struct loop_source *listening; /* to noisefd */
	struct strbuf noise;
};

struct act {
	struct compose *compose;
	const struct plan *plan;
	struct compose_show *show;
	struct loop *loop;
	struct act_run *runs; /* one per step */
	size_t running, limit;
	int signal; /* that asked us to end */
	bool failed, timed_out;
	struct strbuf stories; /* of failures, told at the end */
};

/* The child. */

/* The command that the words begin with, and how many name it. */
static const struct cmd *
find_command(const struct strvec *words, int *ret_used, struct err *err)
{
	const struct cmd *cmd;

	if (commands_find((int)words->len, words->v, &cmd, ret_used, err) < 0)
		return NULL;
	return cmd;
}

static int
child_command(struct act *act, const struct plan_step *step, struct err *err)
{
	int used = 0;
	const struct cmd *cmd = find_command(&step->words, &used, err);
	cleanup_args struct args args;
	struct cmd_ctx ctx = {
		.cmd = cmd,
		.global = act->compose->ctx->global,
		.args = &args,
		.err = err,
	};
	int r;

	if (!cmd)
		return -ENOENT;
	args_init(&args, cmd->flags, cmd->flag_count);
	r = args_parse(&args, (int)step->words.len - used, step->words.v + used,
		       cmd->stop_at_operand, NULL, err);
	if (r < 0)
		return r;
	for (size_t i = 0; i < args.warnings.len; i++)
		say_warning("%s", args.warnings.v[i]);
	r = cmd->run(&ctx);
	(void)fflush(NULL);
	/* It told what it failed of. */
	return r > 0 ? -EPROTO : r;
}

static void __attribute__((noreturn))
child_main(struct act *act, const struct plan_step *step, int reportfd)
{
	struct err err = ERR_INIT;
	int r;

	r = step->kind == PLAN_WAIT
		    ? compose_wait_step(&act->compose->session, step, &err)
		    : child_command(act, step, &err);
	if (r < 0)
		(void)io_write_all(reportfd, &err, sizeof(err));
	_exit(r < 0 ? 1 : 0);
}

static void
child_streams(const struct plan_step *step, int noisefd)
{
	int nullfd = open("/dev/null", O_RDWR | O_CLOEXEC);
	int outfd = step->verbose ? STDERR_FILENO : noisefd;

	(void)dup2(nullfd, STDIN_FILENO);
	(void)dup2(outfd, STDERR_FILENO);
	(void)dup2(step->verbose ? STDERR_FILENO : nullfd, STDOUT_FILENO);
}

static int
start_child(struct act_run *run, struct err *err)
{
	int report[2], noise[2];
	pid_t parent = getpid();

	if (pipe2(report, O_CLOEXEC) < 0 || pipe2(noise, O_CLOEXEC) < 0)
		return err_sys(err, "make a pipe");
	(void)fflush(NULL);
	run->pid = fork();
	if (run->pid < 0)
		return err_sys(err, "start a process");
	if (!run->pid) {
		sigset_t none;

		(void)setpgid(0, 0);
		(void)prctl(PR_SET_PDEATHSIG, SIGTERM);
		if (getppid() != parent)
			_exit(1);
		(void)sigemptyset(&none);
		(void)sigprocmask(SIG_SETMASK, &none, NULL);
		child_streams(run->step, noise[1]);
		child_main(run->act, run->step, report[1]);
	}
	(void)setpgid(run->pid, run->pid);
	(void)close(report[1]);
	(void)close(noise[1]);
	run->reportfd = report[0];
	run->noisefd = noise[0];
	(void)fcntl(run->reportfd, F_SETFL, O_NONBLOCK);
	(void)fcntl(run->noisefd, F_SETFL, O_NONBLOCK);
	run->pidfd = (int)syscall(SYS_pidfd_open, run->pid, 0);
	return run->pidfd < 0 ? err_sys(err, "watch a process") : 0;
}

/* Grants: path, mode, "file" or "text", and that. */
static int
write_grant(const struct plan_step *step, struct err *err)
{
	char *const *words = step->words.v;
	cleanup_strbuf struct strbuf sb = STRBUF_INIT;
	cleanup_free char *dir = xstrdup(words[0]);
	unsigned int mode = 0444;
	int r = 0;

	*strrchr(dir, '/') = '\0';
	if (!strcmp(words[2], "file"))
		r = fsx_read_file(AT_FDCWD, words[3], 16U << 20, &sb, err);
	else
		strbuf_addstr(&sb, words[3]);
	if (r == 0)
		r = units_parse_mode(words[1], &mode, err);
	if (r == 0)
		r = fsx_mkdir_p(AT_FDCWD, dir, 0700, err);
	return r < 0 ? r
		     : fsx_write_atomic(AT_FDCWD, words[0], sb.buf, sb.len,
					mode, 0, err);
}

/* The parent. */

static void
show_step(struct act *act, const struct plan_step *step, const char *words,
	  enum show_state state)
{
	if (!step->quiet || state == SHOW_FAILED)
		compose_show_update(act->show, step->subject, words, state);
}

static void
fail_step(struct act_run *run, const struct err *err)
{
	struct act *act = run->act;
	const struct plan_step *step = run->step;

	if (step->optional) {
		run->state = ACT_DONE;
		compose_show_update(act->show, step->subject,
				    step->skipped ? step->skipped : "Skipped",
				    SHOW_WARNING);
		if (err->text[0] && !step->skipped)
			strbuf_addf(&act->stories, "warning: %s: %s\n",
				    step->subject, err->text);
		return;
	}
	run->state = ACT_FAILED;
	act->failed = true;
	show_step(act, step, "Error", SHOW_FAILED);
	/* What the command said itself is told already. */
	if (act->signal || (!err->text[0] && run->noise.len))
		return;
	strbuf_addf(&act->stories, "Error: %s: %s\n", step->subject,
		    err->text[0] ? err->text : "it ended without a word");
	if (err->hint[0])
		strbuf_addf(&act->stories, "hint: %s\n", err->hint);
}

static void
finish_step(struct act_run *run)
{
	run->state = ACT_DONE;
	show_step(run->act, run->step, run->step->done, SHOW_DONE);
}

static int
on_noise(struct loop_source *source, uint32_t events, void *data)
{
	struct act_run *run = data;
	char bytes[4096];
	ssize_t n;

	while ((n = read(run->noisefd, bytes, sizeof(bytes))) > 0)
		if (run->noise.len < ACT_NOISE_BYTES)
			strbuf_add(&run->noise, bytes, (size_t)n);
	if (n == 0)
		loop_set_events(source, 0);
	return 0;
}

/* A warning names the service, and is told once for all its containers. */
static void
tell_noise(struct act_run *run)
{
	struct strbuf *stories = &run->act->stories;
	const char *service = run->step->service;
	struct span rest = span_new(run->noise.buf, run->noise.len);
	const struct span lead = span_of("warning: ");
	struct span line;

	while (span_next(&rest, '\n', &line)) {
		cleanup_strbuf struct strbuf sb = STRBUF_INIT;

		if (service && span_starts(line, "warning: ")) {
			line = span_skip(line, lead.len);
			strbuf_addf(&sb, "warning: service %s: ", service);
		}
		strbuf_add(&sb, line.ptr, line.len);
		strbuf_addch(&sb, '\n');
		if (!service || !stories->len || !strstr(stories->buf, sb.buf))
			strbuf_add(stories, sb.buf, sb.len);
	}
}

static int
on_child_exit(struct loop_source *source, uint32_t events, void *data)
{
	struct act_run *run = data;
	struct act *act = run->act;
	struct err err = ERR_INIT;
	int status = proc_wait(run->pid);

	loop_remove(source);
	/* Whoever it left behind may hold the pipes: nobody waits for an end.
	 */
	if (read(run->reportfd, &err, sizeof(err)) != (ssize_t)sizeof(err))
		err_reset(&err);
	(void)on_noise(run->listening, EPOLLIN, run);
	loop_remove(run->listening);
	if (!run->step->skipped)
		tell_noise(run);
	(void)close(run->reportfd);
	(void)close(run->noisefd);
	(void)close(run->pidfd);
	run->pid = 0;
	act->running--;
	if (proc_exit_status(status) == 0)
		finish_step(run);
	else
		fail_step(run, &err);
	strbuf_release(&run->noise);
	return 0;
}

static void
begin_step(struct act_run *run)
{
	struct act *act = run->act;
	const struct plan_step *step = run->step;
	struct err err = ERR_INIT;
	int r = 0;

	run->state = ACT_RUNNING;
	if (step->kind == PLAN_NOTE) {
		finish_step(run);
		return;
	}
	show_step(act, step, step->doing, SHOW_WORKING);
	if (step->verbose)
		compose_show_clear(act->show);
	if (step->kind == PLAN_WRITE) {
		r = write_grant(step, &err);
		if (r == 0)
			finish_step(run);
		else
			fail_step(run, &err);
		return;
	}
	r = start_child(run, &err);
	if (r < 0) {
		fail_step(run, &err);
		return;
	}
	act->running++;
	run->listening =
		loop_add_fd(act->loop, run->noisefd, EPOLLIN, on_noise, run);
	(void)loop_add_fd(act->loop, run->pidfd, EPOLLIN, on_child_exit, run);
}

static bool
is_ready(const struct act *act, const struct act_run *run)
{
	for (size_t i = 0; i < run->step->need_count; i++)
		if (act->runs[run->step->needs[i]].state != ACT_DONE)
			return false;
	return run->state == ACT_WAITING;
}

/* Start whatever can be; returns whether something did. */
static bool
begin_ready(struct act *act)
{
	bool any = false;

	for (size_t i = 0; i < act->plan->len; i++) {
		if (act->failed || act->signal || act->running >= act->limit)
			break;
		if (!is_ready(act, &act->runs[i]))
			continue;
		begin_step(&act->runs[i]);
		any = true;
	}
	return any;
}

/* What may take long and leaves nothing half done; the rest ends by itself. */
static bool
is_endable(const struct plan_step *step)
{
	return step->kind == PLAN_WAIT || step->verbose ||
	       (step->words.len && !strcmp(step->words.v[0], "pull"));
}

static void
end_children(struct act *act, int signo)
{
	for (size_t i = 0; i < act->plan->len; i++)
		if (act->runs[i].state == ACT_RUNNING && act->runs[i].pid > 0 &&
		    (signo == SIGKILL || is_endable(act->runs[i].step)))
			(void)kill(-act->runs[i].pid, signo);
}

static int
on_signal(struct loop_source *source, const struct signalfd_siginfo *info,
	  void *data)
{
	struct act *act = data;

	end_children(act, act->signal ? SIGKILL : SIGTERM);
	act->signal = (int)info->ssi_signo;
	return 0;
}

static int
on_tick(struct loop_source *source, void *data)
{
	struct act *act = data;

	compose_show_tick(act->show);
	loop_set_timer(source, ACT_TICK_NS);
	return 0;
}

static int
on_timeout(struct loop_source *source, void *data)
{
	struct act *act = data;

	act->failed = act->timed_out = true;
	strbuf_addstr(&act->stories,
		      "Error: timeout while waiting for the services\n");
	end_children(act, SIGTERM);
	return 0;
}

static int
limit_of(const struct compose *compose)
{
	const struct args *group = compose->ctx->group;
	const char *text = compose_variable(compose, "COMPOSE_PARALLEL_LIMIT");
	int64_t limit = group ? args_int(group, "parallel") : -1;

	if (limit <= 0 && text)
		(void)units_parse_i64(text, -1, 10000, &limit, NULL);
	return limit > 0 ? (int)limit : ACT_LIMIT;
}

static void
run_all(struct act *act, int64_t timeout_ns)
{
	sigset_t set, before;

	(void)sigemptyset(&set);
	(void)sigaddset(&set, SIGINT);
	(void)sigaddset(&set, SIGTERM);
	(void)sigaddset(&set, SIGHUP);
	(void)sigprocmask(SIG_BLOCK, NULL, &before);
	act->loop = loop_new();
	(void)loop_add_signals(act->loop, &set, on_signal, act);
	(void)loop_add_timer(act->loop, ACT_TICK_NS, on_tick, act);
	if (timeout_ns > 0)
		(void)loop_add_timer(act->loop, timeout_ns, on_timeout, act);
	for (;;) {
		while (begin_ready(act))
			;
		if (!act->running)
			break;
		(void)loop_step(act->loop, -1);
	}
	loop_free(act->loop);
	/* Whoever goes on has its own way with signals. */
	(void)sigprocmask(SIG_SETMASK, &before, NULL);
}

static int
print_dry(const struct compose *compose, const struct plan *plan)
{
	cleanup_strbuf struct strbuf sb = STRBUF_INIT;

	plan_print(plan, false, &sb);
	say_text(&sb);
	return 0;
}

int
compose_act(struct compose *compose, const struct plan *plan,
	    const struct act_opts *opts)
{
	struct act act = {
		.compose = compose,
		.plan = plan,
		.limit = (size_t)limit_of(compose),
		.stories = STRBUF_INIT,
	};

	for (size_t i = 0; i < plan->warnings.len; i++)
		say_warning("%s", plan->warnings.v[i]);
	if (compose->ctx->group && args_bool(compose->ctx->group, "dry-run"))
		return print_dry(compose, plan);
	if (!plan->len)
		return 0;
	act.show = compose_show_new(compose->ctx,
				    &(struct show_opts){
					    .title = opts->title,
					    .is_shared = opts->beside_output,
					    .quiet = opts->quiet,
				    });
	act.runs = xcalloc(plan->len, sizeof(*act.runs));
	for (size_t i = 0; i < plan->len; i++)
		act.runs[i] = (struct act_run){ .act = &act,
						.step = &plan->steps[i],
						.noise = STRBUF_INIT };
	run_all(&act, opts->timeout_ns);
	compose_show_free(act.show);
	free(act.runs);
	(void)fflush(stdout);
	(void)io_write_all(STDERR_FILENO, act.stories.buf, act.stories.len);
	strbuf_release(&act.stories);
	if (act.signal)
		return EXIT_INTERRUPTED;
	return act.failed ? 1 : 0;
}
