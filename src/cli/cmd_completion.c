/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cli/cmd_completion.c - dhow completion: a script for a shell.
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>

#include "base/alloc.h"
#include "base/fsx.h"
#include "cli/cmd_list.h"
#include "cli/say.h"
#include "cli/shell.h"

static const struct {
	const char *name;
	void (*add)(struct strbuf *sb, bool texts);
} shells[] = {
	{ "bash", shell_add_bash },
	{ "fish", shell_add_fish },
	{ "zsh", shell_add_zsh },
};

static int
run(struct cmd_ctx *ctx)
{
	cleanup_strbuf struct strbuf sb = STRBUF_INIT;
	const char *shell = args_operand(ctx->args, 0);
	const char *file = args_str(ctx->args, "file");

	for (size_t i = 0; i < ARRAY_LEN(shells); i++)
		if (!strcmp(shells[i].name, shell))
			shells[i].add(&sb, !args_bool(ctx->args, "no-desc"));
	if (!sb.len)
		return err_set(
			ctx->err, EINVAL,
			"there is no completion for '%s', only for bash, fish and zsh",
			shell);
	if (file)
		return fsx_write_atomic(AT_FDCWD, file, sb.buf, sb.len, 0644, 0,
					ctx->err);
	say_text(&sb);
	return 0;
}

static const struct flag flags[] = {
	{ .name = "file",
	  .letter = 'f',
	  .meta = "FILE",
	  .kind = FLAG_STR,
	  .offer = OFFER_FILE,
	  .help = "write the script to a file" },
	{ .name = "no-desc",
	  .kind = FLAG_BOOL,
	  .help = "leave out the texts beside the words" },
};

static const struct cmd_example examples[] = {
	{ "complete in this shell", "dhow completion bash" },
};

const struct cmd cmd_completion = {
	.path = "completion",
	.summary = "print a completion script for bash, fish or zsh",
	.operands = "bash|fish|zsh",
	.about =
		"The script is static: nothing runs when a shell starts, and names of images are asked for only when the cursor is where one may stand.",
	CMD_FLAGS(flags),
	CMD_EXAMPLES(examples),
	.min_operands = 1,
	.max_operands = 1,
	.run = run,
};
