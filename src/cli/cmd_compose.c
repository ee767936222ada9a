/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cli/cmd_compose.c - dhow compose: flags of its own, then a verb.
 */
#include <errno.h>

#include "base/alloc.h"
#include "cli/cmd_list.h"
#include "cli/commands.h"
#include "cli/compose_open.h"
#include "cli/invoke.h"

static int
run(struct cmd_ctx *ctx)
{
	const struct strvec *words = &ctx->args->operands;
	cleanup_free char *path = NULL;
	struct invoke invoke = {
		.global = ctx->global,
		.group = ctx->args,
	};
	struct strvec version = STRVEC_INIT;

	if (args_bool(ctx->args, "version")) {
		invoke.cmd = &cmd_compose_version;
		invoke.argv = strvec_argv(&version);
		return invoke_command(&invoke, ctx->err);
	}
	if (!words->len)
		return invoke_print_help(ctx->cmd);
	path = xasprintf("compose %s", words->v[0]);
	invoke.cmd = commands_get(span_of(path));
	if (!invoke.cmd)
		return commands_refuse_verb("compose", words->v[0], ctx->err);
	invoke.argc = (int)words->len - 1;
	invoke.argv = words->v + 1;
	return invoke_command(&invoke, ctx->err);
}

const struct flag compose_flags[] = {
	{ .name = "all-resources",
	  .kind = FLAG_BOOL,
	  .help = "keep networks and volumes that no service uses" },
	{ .name = "ansi",
	  .kind = FLAG_ENUM,
	  .values = "auto|never|always",
	  .help = "when to use colours and to move the cursor (COMPOSE_ANSI)" },
	{ .name = "compatibility",
	  .kind = FLAG_BOOL,
	  .help = "join names with underscores (COMPOSE_COMPATIBILITY)" },
	{ .name = "dry-run",
	  .kind = FLAG_BOOL,
	  .help = "say what would be done, and why, without doing it" },
	{ .name = "env-file",
	  .meta = "FILE",
	  .kind = FLAG_LIST,
	  .offer = OFFER_FILE,
	  .help = "variables for the files, instead of .env; the later one wins" },
	{ .name = "file",
	  .letter = 'f',
	  .meta = "FILE",
	  .kind = FLAG_LIST,
	  .offer = OFFER_FILE,
	  .help = "file to read, - for standard input; the later one is merged over the earlier" },
	{ .name = "no-ansi",
	  .kind = FLAG_BOOL,
	  .help = "same as --ansi=never" },
	{ .name = "parallel",
	  .meta = "N",
	  .kind = FLAG_INT,
	  .fallback = "-1",
	  .min = -1,
	  .max = 10000,
	  .help = "how many things are done at once; -1 is as many as fit (COMPOSE_PARALLEL_LIMIT)" },
	{ .name = "profile",
	  .meta = "NAME",
	  .kind = FLAG_LIST,
	  .help = "turn services of a profile on; * is all (COMPOSE_PROFILES)" },
	{ .name = "progress",
	  .kind = FLAG_ENUM,
	  .values = "auto|tty|plain|json|quiet",
	  .help = "how to show what is being done (COMPOSE_PROGRESS), on standard error unless COMPOSE_STATUS_STDOUT is set" },
	{ .name = "project-directory",
	  .meta = "DIR",
	  .kind = FLAG_STR,
	  .offer = OFFER_DIR,
	  .help = "where relative paths start (default: the directory of the first file)" },
	{ .name = "project-name",
	  .letter = 'p',
	  .meta = "NAME",
	  .kind = FLAG_STR,
	  .help = "name of the project (COMPOSE_PROJECT_NAME)" },
	{ .name = "verbose",
	  .kind = FLAG_BOOL,
	  .ignore = "",
	  .help = "say more; dhow --debug does" },
	{ .name = "version",
	  .letter = 'v',
	  .kind = FLAG_BOOL,
	  .help = "print the version" },
	{ .name = "workdir",
	  .kind = FLAG_ALIAS,
	  .alias_of = "project-directory" },
};

const size_t compose_flag_count = ARRAY_LEN(compose_flags);

static const struct cmd_example examples[] = {
	{ "start what compose.yaml describes, in the background",
	  "dhow compose up -d" },
	{ "stop and remove it again", "dhow compose down" },
};

const struct cmd cmd_compose = {
	.path = "compose",
	.summary = "run projects of several containers",
	.operands = "COMMAND [ARG...]",
	.about = "A project is what Compose files describe: services, each one "
		 "or more containers of an image, with networks and volumes. "
		 "compose(5) tells what may stand in the files.\n\n"
		 "Without -f, compose.yaml (or compose.yml, "
		 "docker-compose.yml, docker-compose.yaml) is looked for here "
		 "and in the directories above, with an override file beside "
		 "it.",
	CMD_FLAGS(compose_flags),
	CMD_EXAMPLES(examples),
	.max_operands = CMD_MANY,
	.stop_at_operand = true,
	.has_verbs = true,
	.run = run,
};
