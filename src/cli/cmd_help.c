/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cli/cmd_help.c - dhow help: the same words as --help.
 */
#include "base/alloc.h"
#include "cli/cmd_list.h"
#include "cli/commands.h"
#include "cli/help.h"
#include "cli/say.h"

static int
run(struct cmd_ctx *ctx)
{
	cleanup_strbuf struct strbuf sb = STRBUF_INIT;
	const struct strvec *words = &ctx->args->operands;
	const struct cmd *cmd;
	int used, r;

	if (!words->len) {
		help_add_top(&sb);
	} else if (words->len == 1 && commands_is_group(words->v[0])) {
		help_add_group(&sb, words->v[0]);
	} else {
		r = commands_find((int)words->len, words->v, &cmd, &used,
				  ctx->err);
		if (r < 0)
			return r;
		help_add_command(&sb, cmd);
	}
	say_text(&sb);
	return 0;
}

static const struct cmd_example examples[] = {
	{ "explain the flags of version", "dhow help version" },
};

const struct cmd cmd_help = {
	.path = "help",
	.summary = "explain dhow or one of its commands",
	.operands = "[COMMAND]",
	CMD_EXAMPLES(examples),
	.max_operands = 2,
	.offer = OFFER_COMMAND,
	.run = run,
};
