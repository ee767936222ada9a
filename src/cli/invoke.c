/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cli/invoke.c - a command with its words.
 */
#include "cli/invoke.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "cli/exit.h"
#include "cli/help.h"
#include "cli/say.h"

/* What tells other tools where their daemon is says nothing to dhow. */
static void
warn_of_remotes(void)
{
	static const char *const names[] = {
		"CONTAINER_CONNECTION",
		"CONTAINER_HOST",
		"DOCKER_CONTEXT",
		"DOCKER_HOST",
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		const char *value = getenv(names[i]);

		if (value && value[0] && strcmp(value, "default") != 0)
			say_warning(
				"%s is set and ignored: dhow works on this host only",
				names[i]);
	}
}

static int
check_arity(const struct cmd *cmd, size_t count, struct err *err)
{
	size_t limit = cmd->min_operands;
	const char *bound = "at least ";
	int r;

	if (count >= cmd->min_operands &&
	    (cmd->max_operands == CMD_MANY || count <= cmd->max_operands))
		return 0;
	if (count > limit) {
		limit = cmd->max_operands;
		bound = "at most ";
	}
	if (cmd->min_operands == cmd->max_operands)
		bound = "";
	if (limit)
		r = err_set(err, EINVAL, "'dhow %s' takes %s%zu argument%s",
			    cmd->path, bound, limit, limit == 1 ? "" : "s");
	else
		r = err_set(err, EINVAL, "'dhow %s' takes no arguments",
			    cmd->path);
	err_hint(err, "usage: dhow %s%s%s%s", cmd->path,
		 cmd->flag_count ? " [OPTIONS]" : "", cmd->operands ? " " : "",
		 cmd->operands ?: "");
	return r;
}

int
invoke_print_help(const struct cmd *cmd)
{
	cleanup_strbuf struct strbuf sb = STRBUF_INIT;

	if (cmd)
		help_add_command(&sb, cmd);
	else
		help_add_top(&sb);
	say_text(&sb);
	return 0;
}

/* As Docker Compose: 1 where docker itself says 125. */
static int
usage_status(const struct cmd *cmd)
{
	return text_starts(cmd->path, "compose") ? 1 : EXIT_USAGE;
}

int
invoke_command(const struct invoke *invoke, struct err *err)
{
	const struct cmd *cmd = invoke->cmd;
	cleanup_args struct args args;
	struct cmd_ctx ctx = {
		.cmd = cmd,
		.global = invoke->global,
		.group = invoke->group,
		.args = &args,
		.fail_status = cmd->fail_status,
		.err = err,
	};
	int r;

	args_init(&args, cmd->flags, cmd->flag_count);
	r = args_parse(&args, invoke->argc, invoke->argv, cmd->stop_at_operand,
		       NULL, err);
	if (r < 0) {
		if (r == -EINVAL)
			err_hint(err, "'dhow %s --help' lists the flags",
				 cmd->path);
		say_error(err);
		return usage_status(cmd);
	}
	if (args.help)
		return invoke_print_help(cmd);
	r = check_arity(cmd, args.operands.len, err);
	if (r < 0) {
		say_error(err);
		return 1;
	}
	for (size_t i = 0; i < args.warnings.len; i++)
		say_warning("%s", args.warnings.v[i]);
	if (!cmd->hidden)
		warn_of_remotes();
	r = cmd->run(&ctx);
	if (r >= 0)
		return r;
	say_error(err);
	return exit_status(r, ctx.fail_status);
}
