/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cli/cmd_start.c - dhow start, dhow attach.
 */
#include <errno.h>
#include <unistd.h>

#include "base/alloc.h"
#include "cli/cmd_list.h"
#include "cli/cmd_session.h"
#include "cli/exit.h"
#include "cli/targets.h"
#include "container/lifecycle.h"
#include "sys/sealed.h"

#define NEEDS_CRIU "checkpoints need privileges of the host"

static int
read_keys(struct cmd_ctx *ctx, struct detach_keys *keys)
{
	const char *text = args_str(ctx->args, "detach-keys");
	int r = detach_keys_parse(text ?: DETACH_KEYS_DEFAULT, keys, ctx->err);

	return r < 0 ? err_wrap(ctx->err, r, "--detach-keys '%s'", text) : 0;
}

static int
start_one(struct session *session, const struct container *container,
	  void *data, struct err *err)
{
	struct lifecycle_started started;

	return lifecycle_start(session, container, data, &started, err);
}

static int
start_attached(struct cmd_ctx *ctx, struct session *session,
	       const struct strvec *names, const struct lifecycle_start *how)
{
	cleanup_container struct container container = CONTAINER_INIT;
	struct lifecycle_started started;
	int r;

	if (names->len != 1)
		return err_set(ctx->err, EINVAL,
			       "you can attach to one container at a time");
	r = container_find(session, names->v[0], &container, ctx->err);
	if (r < 0)
		return r;
	r = lifecycle_start(session, &container, how, &started, ctx->err);
	if (r < 0 && started.not_run)
		ctx->fail_status = exit_status_of_exec(r);
	return r < 0 ? r : started.exit_status;
}

static int
run_start(struct cmd_ctx *ctx)
{
	cleanup_session struct session session = SESSION_INIT;
	cleanup_strvec struct strvec names = STRVEC_INIT;
	struct detach_keys keys;
	struct lifecycle_start how = {
		.driver = args_str(ctx->global, "storage-driver"),
		.attach = args_bool(ctx->args, "attach") ||
			  args_bool(ctx->args, "interactive"),
		.open_stdin = args_bool(ctx->args, "interactive"),
		.sig_proxy = args_bool(ctx->args, "sig-proxy"),
		.detach_keys = &keys,
	};
	int r;

	r = read_keys(ctx, &keys);
	if (r == 0)
		r = sealed_ensure(ctx->err);
	if (r == 0)
		r = cmd_session(ctx, &session);
	if (r == 0)
		r = targets_collect(ctx, &session, targets_any, &names);
	if (r < 0)
		return r;
	return how.attach
		       ? start_attached(ctx, &session, &names, &how)
		       : targets_each(&session, &names, false, start_one, &how);
}

static const struct flag start_flags[] = {
	{ .name = "all", .kind = FLAG_BOOL, .help = "start every container" },
	{ .name = "attach",
	  .kind = FLAG_BOOL,
	  .letter = 'a',
	  .help = "show its output and wait for its end" },
	{ .name = "checkpoint",
	  .kind = FLAG_STR,
	  .meta = "NAME",
	  .refuse = NEEDS_CRIU,
	  .hidden = true },
	{ .name = "checkpoint-dir",
	  .kind = FLAG_STR,
	  .meta = "DIR",
	  .refuse = NEEDS_CRIU,
	  .hidden = true },
	{ .name = "detach-keys",
	  .kind = FLAG_STR,
	  .meta = "KEYS",
	  .help = "what to type to leave a terminal (default ctrl-p,ctrl-q)" },
	TARGETS_FILTER,
	{ .name = "interactive",
	  .kind = FLAG_BOOL,
	  .letter = 'i',
	  .help = "attach, and pass our input on" },
	TARGETS_LATEST,
	{ .name = "sig-proxy",
	  .kind = FLAG_BOOL,
	  .fallback = "true",
	  .help = "pass signals on to the process" },
};

static const struct cmd_example start_examples[] = {
	{ "start a container that was stopped", "dhow start web" },
};

const struct cmd cmd_start = {
	.path = "start",
	.aliases = "container start",
	.summary = "start containers that do not run",
	.operands = "CONTAINER...",
	.about =
		"A container starts with all that it was made with, and with what it wrote. One that runs already is no failure.",
	.exits =
		"1 when a container could not be started; with --attach, that of its command.",
	CMD_FLAGS(start_flags),
	CMD_EXAMPLES(start_examples),
	.max_operands = CMD_MANY,
	.offer = OFFER_CONTAINER,
	.run = run_start,
};

static int
run_attach(struct cmd_ctx *ctx)
{
	cleanup_session struct session session = SESSION_INIT;
	cleanup_strvec struct strvec names = STRVEC_INIT;
	cleanup_container struct container container = CONTAINER_INIT;
	struct lifecycle_started started;
	struct detach_keys keys;
	const struct lifecycle_start how = {
		.attach = true,
		.open_stdin = !args_bool(ctx->args, "no-stdin"),
		.sig_proxy = args_bool(ctx->args, "sig-proxy"),
		.detach_keys = &keys,
	};
	int r;

	r = read_keys(ctx, &keys);
	if (r == 0)
		r = cmd_session(ctx, &session);
	if (r == 0)
		r = targets_collect(ctx, &session, targets_any, &names);
	if (r == 0)
		r = container_find(&session, names.v[0], &container, ctx->err);
	if (r < 0)
		return r;
	if (container.state.status == CONTAINER_PAUSED) {
		(void)err_set(ctx->err, EBUSY, "container '%s' is paused",
			      container.name);
		err_hint(ctx->err, "dhow unpause lets it go on");
		return -EBUSY;
	}
	r = lifecycle_attach(&session, &container, &how, &started, ctx->err);
	return r < 0 ? r : started.exit_status;
}

static const struct flag attach_flags[] = {
	{ .name = "detach-keys",
	  .kind = FLAG_STR,
	  .meta = "KEYS",
	  .help = "what to type to leave a terminal (default ctrl-p,ctrl-q)" },
	TARGETS_LATEST,
	{ .name = "no-stdin",
	  .kind = FLAG_BOOL,
	  .help = "do not pass our input on" },
	{ .name = "sig-proxy",
	  .kind = FLAG_BOOL,
	  .fallback = "true",
	  .help = "pass signals on to the process" },
};

static const struct cmd_example attach_examples[] = {
	{ "see what a container writes from now on",
	  "dhow attach --no-stdin web" },
};

const struct cmd cmd_attach = {
	.path = "attach",
	.aliases = "container attach",
	.summary = "connect the terminal to a running container",
	.operands = "CONTAINER",
	.about =
		"What the container writes is shown, what is typed goes to its input, until it ends or the detach keys are typed. Several may be attached; a slow one slows the container.",
	.exits = "That of the container's command; 0 after the detach keys.",
	CMD_FLAGS(attach_flags),
	CMD_EXAMPLES(attach_examples),
	.max_operands = 1,
	.offer = OFFER_CONTAINER,
	.run = run_attach,
};
