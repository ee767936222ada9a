/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cli/cmd_compose_exec.c - dhow compose exec, attach and cp.
 *
 * The service becomes its container; the rest is what dhow's own command of
 * that name does.
 */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "base/alloc.h"
#include "cli/cmd_list.h"
#include "cli/commands.h"
#include "cli/compose_ctx.h"

#define INDEX_ROW                                                      \
	{                                                              \
		.name = "index", .meta = "N", .kind = FLAG_INT,        \
		.max = INT32_MAX,                                      \
		.help = "which container, where a service has several" \
	}

static const struct flag exec_flags[] = {
	{ .name = "detach",
	  .letter = 'd',
	  .kind = FLAG_BOOL,
	  .help = "do not wait for the command" },
	{ .name = "env",
	  .letter = 'e',
	  .meta = "NAME[=VALUE]",
	  .kind = FLAG_LIST,
	  .help = "set a variable, or pass on the host's" },
	INDEX_ROW,
	{ .name = "interactive",
	  .letter = 'i',
	  .kind = FLAG_BOOL,
	  .fallback = "true",
	  .help = "pass our input on" },
	{ .name = "no-tty",
	  .letter = 'T',
	  .kind = FLAG_BOOL,
	  .help = "no terminal, even where there is one" },
	{ .name = "privileged",
	  .kind = FLAG_BOOL,
	  .help = "all capabilities in the container's user namespace" },
	{ .name = "tty",
	  .letter = 't',
	  .kind = FLAG_BOOL,
	  .fallback = "true",
	  .help = "a terminal, where we have one" },
	{ .name = "user",
	  .letter = 'u',
	  .meta = "USER[:GROUP]",
	  .kind = FLAG_STR,
	  .help = "run as this user of the container" },
	{ .name = "workdir",
	  .letter = 'w',
	  .meta = "DIR",
	  .kind = FLAG_STR,
	  .help = "working directory in the container" },
};

static const struct flag attach_flags[] = {
	{ .name = "detach-keys",
	  .meta = "KEYS",
	  .kind = FLAG_STR,
	  .help = "what to type to leave" },
	INDEX_ROW,
	{ .name = "no-stdin",
	  .kind = FLAG_BOOL,
	  .help = "do not pass our input on" },
	{ .name = "sig-proxy",
	  .kind = FLAG_BOOL,
	  .fallback = "true",
	  .help = "pass signals on" },
};

static const struct flag cp_flags[] = {
	{ .name = "all",
	  .kind = FLAG_BOOL,
	  .help = "containers of compose run too" },
	{ .name = "archive",
	  .letter = 'a',
	  .kind = FLAG_BOOL,
	  .help = "keep owners" },
	{ .name = "follow-link",
	  .letter = 'L',
	  .kind = FLAG_BOOL,
	  .help = "copy what a link names" },
	INDEX_ROW,
};

/* dhow's command of that name, which another part brings. */
static int
invoke(struct compose *compose, const char *name, const struct strvec *words)
{
	const struct cmd *cmd = commands_get(span_of(name));

	if (!cmd)
		return err_set(compose->ctx->err, ENOENT,
			       "dhow has no '%s' yet", name);
	return compose_invoke(compose, cmd, words);
}

/* A terminal unless told otherwise, or there is none. */
static bool
wants_tty(const struct args *args)
{
	return args_bool(args, "tty") && !args_bool(args, "no-tty") &&
	       !args_bool(args, "detach") && isatty(STDIN_FILENO) &&
	       isatty(STDOUT_FILENO);
}

static int
run_exec(struct cmd_ctx *ctx)
{
	const struct args *args = ctx->args;
	const struct strvec *env = args_list(args, "env");
	cleanup_compose struct compose compose = COMPOSE_INIT;
	cleanup_strvec struct strvec words = STRVEC_INIT;
	const struct world_container *one;
	int r = compose_find_one(&compose, ctx, args_operand(args, 0), true,
				 &one);

	if (r)
		return r;
	if (args_bool(args, "detach"))
		strvec_add(&words, "--detach");
	else if (args_bool(args, "interactive"))
		strvec_add(&words, "--interactive");
	if (wants_tty(args))
		strvec_add(&words, "--tty");
	if (args_bool(args, "privileged"))
		strvec_add(&words, "--privileged");
	compose_add_flag(&words, "--user", args_str(args, "user"));
	compose_add_flag(&words, "--workdir", args_str(args, "workdir"));
	for (size_t i = 0; i < env->len; i++)
		compose_add_flag(&words, "--env", env->v[i]);
	strvec_add(&words, one->id);
	strvec_add_array(&words, args->operands.v + 1);
	return invoke(&compose, "exec", &words);
}

static int
run_attach(struct cmd_ctx *ctx)
{
	const struct args *args = ctx->args;
	cleanup_compose struct compose compose = COMPOSE_INIT;
	cleanup_strvec struct strvec words = STRVEC_INIT;
	const struct world_container *one;
	int r = compose_find_one(&compose, ctx, args_operand(args, 0), true,
				 &one);

	if (r)
		return r;
	compose_add_flag(&words, "--detach-keys",
			 args_str(args, "detach-keys"));
	if (args_bool(args, "no-stdin"))
		strvec_add(&words, "--no-stdin");
	strvec_add(&words, args_bool(args, "sig-proxy") ? "--sig-proxy=true"
							: "--sig-proxy=false");
	strvec_add(&words, one->id);
	return invoke(&compose, "attach", &words);
}

/* "SERVICE:PATH": the service's name, or NULL for a path of the host. */
static char *
service_of(const char *text)
{
	size_t len = strcspn(text, ":/");

	return text[len] == ':' ? xstrndup(text, len) : NULL;
}

static int
copy_one(struct compose *compose, const struct world_container *one, bool into)
{
	const struct args *args = compose->ctx->args;
	const char *from = args_operand(args, 0), *to = args_operand(args, 1);
	cleanup_strvec struct strvec words = STRVEC_INIT;

	if (args_bool(args, "archive"))
		strvec_add(&words, "--archive");
	if (args_bool(args, "follow-link"))
		strvec_add(&words, "--follow-link");
	if (into)
		strvec_add(&words, from);
	strvec_addf(&words, "%s%s", one->id, strchr(into ? to : from, ':'));
	if (!into)
		strvec_add(&words, to);
	return invoke(compose, "cp", &words);
}

static int
run_cp(struct cmd_ctx *ctx)
{
	const struct args *args = ctx->args;
	cleanup_compose struct compose compose = COMPOSE_INIT;
	cleanup_free char *from = service_of(args_operand(args, 0));
	cleanup_free char *to = service_of(args_operand(args, 1));
	const char *service = from ? from : to;
	int64_t index = args_int(args, "index");
	const struct world_container *one;
	int r;

	if (!service || (from && to))
		return err_set(
			ctx->err, EINVAL,
			"one side must be SERVICE:PATH, the other a path of the host");
	r = compose_find_one(&compose, ctx, service, false, &one);
	if (r || from || index)
		return r ? r : copy_one(&compose, one, !from);
	/* Into every container of the service. */
	for (size_t i = 0; r == 0 && i < compose.world.container_count; i++) {
		one = &compose.world.containers[i];
		if (!strcmp(one->service, service) &&
		    (!one->oneoff || args_bool(args, "all")))
			r = copy_one(&compose, one, true);
	}
	return r;
}

static const struct cmd_example exec_examples[] = {
	{ "a shell in a service's container", "dhow compose exec web sh" },
};

const struct cmd cmd_compose_exec = {
	.path = "compose exec",
	.summary = "run a command in a service's container",
	.operands = "SERVICE COMMAND [ARG...]",
	.exits = "That of the command; 1 when the service does not run.",
	CMD_FLAGS(exec_flags),
	CMD_EXAMPLES(exec_examples),
	.min_operands = 2,
	.max_operands = CMD_MANY,
	.stop_at_operand = true,
	.run = run_exec,
};

static const struct cmd_example attach_examples[] = {
	{ "the terminal of a service", "dhow compose attach web" },
};

const struct cmd cmd_compose_attach = {
	.path = "compose attach",
	.summary = "attach to a service's container",
	.operands = "SERVICE",
	CMD_FLAGS(attach_flags),
	CMD_EXAMPLES(attach_examples),
	.min_operands = 1,
	.max_operands = 1,
	.run = run_attach,
};

static const struct cmd_example cp_examples[] = {
	{ "a file of a service", "dhow compose cp web:/etc/hostname ." },
};

const struct cmd cmd_compose_cp = {
	.path = "compose cp",
	.summary = "copy files between a service and the host",
	.operands = "SERVICE:SRC DEST|-",
	.about = "Either side may be the service. What is copied in goes to "
		 "all of its containers, unless --index names one.",
	CMD_FLAGS(cp_flags),
	CMD_EXAMPLES(cp_examples),
	.min_operands = 2,
	.max_operands = 2,
	.run = run_cp,
};
