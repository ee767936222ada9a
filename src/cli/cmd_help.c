/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cli/cmd_help.c - dhow help: the same words as --help, or the manual page.
 */
#include <errno.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/io.h"
#include "base/proc.h"
#include "cli/cmd_list.h"
#include "cli/commands.h"
#include "cli/help.h"
#include "cli/man.h"
#include "cli/say.h"

/* Let man(1) set and page it, where there is one. */
static int
show_page(const struct strbuf *page, struct err *err)
{
	cleanup_close int fd = memfd_create("dhow.1", MFD_CLOEXEC);
	cleanup_strvec struct strvec words = STRVEC_INIT;
	struct proc_spawn spawn = PROC_SPAWN_INIT;
	int r;

	if (fd < 0)
		return err_sys(err, "make a file in memory");
	r = io_write_all(fd, page->buf, page->len);
	if (r < 0 || lseek(fd, 0, SEEK_SET) < 0)
		return err_code(err, EIO, "write a file in memory");
	spawn.path = "man";
	strvec_split(&words, "man -l -", " ");
	spawn.argv = words.v;
	spawn.stdin_fd = fd;
	spawn.stdout_fd = STDOUT_FILENO;
	return proc_run(&spawn, err);
}

static int
print_page(const struct cmd *cmd, struct err *err)
{
	cleanup_strbuf struct strbuf page = STRBUF_INIT;
	cleanup_free char *man = NULL;

	man_add(&page, cmd);
	man = isatty(STDOUT_FILENO) ? proc_find_program("man") : NULL;
	if (man)
		return show_page(&page, err);
	say_text(&page);
	return 0;
}

static int
find_named(const struct strvec *words, const struct cmd **ret_cmd,
	   struct err *err)
{
	int used;

	if (!words->len) {
		*ret_cmd = &commands_global;
		return 0;
	}
	return commands_find((int)words->len, words->v, ret_cmd, &used, err);
}

static int
run(struct cmd_ctx *ctx)
{
	cleanup_strbuf struct strbuf sb = STRBUF_INIT;
	const struct strvec *words = &ctx->args->operands;
	bool wants_page = args_bool(ctx->args, "man");
	const struct cmd *cmd;
	int r;

	if (!wants_page && words->len == 1 &&
	    !commands_has_flags(words->v[0]) &&
	    commands_is_group(words->v[0])) {
		help_add_group(&sb, words->v[0]);
		say_text(&sb);
		return 0;
	}
	r = find_named(words, &cmd, ctx->err);
	if (r < 0)
		return r;
	if (wants_page)
		return print_page(cmd, ctx->err);
	if (cmd == &commands_global)
		help_add_top(&sb);
	else
		help_add_command(&sb, cmd);
	say_text(&sb);
	return 0;
}

static const struct flag flags[] = {
	{ .name = "man",
	  .kind = FLAG_BOOL,
	  .help = "show the manual page, or print its source where there is no terminal" },
};

static const struct cmd_example examples[] = {
	{ "explain the flags of version", "dhow help version" },
	{ "read the manual page of a command that is not installed",
	  "dhow help --man version" },
};

const struct cmd cmd_help = {
	.path = "help",
	.summary = "explain dhow or one of its commands",
	.operands = "[COMMAND]",
	CMD_FLAGS(flags),
	CMD_EXAMPLES(examples),
	.max_operands = 3,
	.offer = OFFER_COMMAND,
	.run = run,
};
