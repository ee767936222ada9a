/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cli/cmd_complete.c - dhow __complete: names for completion scripts.
 *
 * A line per name, with a text behind a tab where there is one. It answers
 * nothing rather than fail: a message would land in somebody's prompt.
 */
#include <string.h>

#include "base/alloc.h"
#include "base/text.h"
#include "cli/cmd_list.h"
#include "cli/commands.h"
#include "cli/say.h"

static void
add_name(struct strbuf *sb, const char *prefix, const char *name,
	 const char *text)
{
	if (text_starts(name, prefix))
		strbuf_addf(sb, "%s\t%s\n", name, text);
}

static void
add_commands(struct strbuf *sb, const char *prefix)
{
	for (size_t i = 0; i < commands_count; i++)
		if (!commands_all[i]->hidden)
			add_name(sb, prefix, commands_all[i]->path,
				 commands_all[i]->summary);
}

static void
add_aliases(struct strbuf *sb, const char *prefix)
{
	for (size_t i = 0; i < commands_count; i++) {
		const struct cmd *cmd = commands_all[i];
		struct span rest = span_of(cmd->aliases ?: ""), alias;

		while (!cmd->hidden && span_next(&rest, '|', &alias)) {
			cleanup_free char *name = span_dup(alias);

			add_name(sb, prefix, name, cmd->path);
		}
	}
}

static const struct {
	const char *kind;
	void (*add)(struct strbuf *sb, const char *prefix);
} kinds[] = {
	{ "alias", add_aliases },
	{ "command", add_commands },
};

static int
run(struct cmd_ctx *ctx)
{
	cleanup_strbuf struct strbuf sb = STRBUF_INIT;
	const char *kind = args_operand(ctx->args, 0);
	const char *prefix = args_operand(ctx->args, 1) ?: "";

	for (size_t i = 0; i < ARRAY_LEN(kinds); i++)
		if (!strcmp(kinds[i].kind, kind))
			kinds[i].add(&sb, prefix);
	say_text(&sb);
	return 0;
}

const struct cmd cmd_complete = {
	.path = "__complete",
	.summary = "print names for a completion script",
	.operands = "KIND [PREFIX]",
	.min_operands = 1,
	.max_operands = 2,
	.hidden = true,
	.run = run,
};
