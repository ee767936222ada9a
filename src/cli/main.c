/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cli/main.c - from argv to a command and its exit status.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "cli/commands.h"
#include "cli/exit.h"
#include "cli/help.h"
#include "cli/say.h"
#include "cli/version.h"

/* A file opened later must not become stdin, stdout or stderr. */
static int
fill_standard_fds(void)
{
	for (int fd = 0; fd <= 2; fd++) {
		if (fcntl(fd, F_GETFD) >= 0)
			continue;
		if (open("/dev/null", fd ? O_WRONLY : O_RDONLY) != fd)
			return -EBADF;
	}
	return 0;
}

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

static void
set_levels(const struct args *global)
{
	const char *level = args_str(global, "log-level");

	log_enable(args_bool(global, "debug") || !strcmp(level, "debug"));
	say_quiet(!strcmp(level, "error") || !strcmp(level, "fatal"));
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

/* A command did its work only when its words arrived. */
static int
finish_output(int status)
{
	struct err err = ERR_INIT;

	if (!fflush(stdout) && !ferror(stdout))
		return status;
	if (errno == EPIPE)
		return status ? status : 1;
	(void)err_sys(&err, "write to standard output");
	say_error(&err);
	return status ? status : 1;
}

static int
print_help(const struct cmd *cmd)
{
	cleanup_strbuf struct strbuf sb = STRBUF_INIT;

	if (cmd)
		help_add_command(&sb, cmd);
	else
		help_add_top(&sb);
	say_text(&sb);
	return 0;
}

static int
print_group(const char *noun)
{
	cleanup_strbuf struct strbuf sb = STRBUF_INIT;

	help_add_group(&sb, noun);
	say_text(&sb);
	return 0;
}

static int
run_command(const struct cmd *cmd, const struct args *global, int argc,
	    char *const *argv, struct err *err)
{
	cleanup_args struct args args;
	struct cmd_ctx ctx = {
		.cmd = cmd,
		.global = global,
		.args = &args,
		.fail_status = cmd->fail_status,
		.err = err,
	};
	int r;

	args_init(&args, cmd->flags, cmd->flag_count);
	r = args_parse(&args, argc, argv, cmd->stop_at_operand, NULL, err);
	if (r < 0) {
		if (r == -EINVAL)
			err_hint(err, "'dhow %s --help' lists the flags",
				 cmd->path);
		say_error(err);
		return EXIT_USAGE;
	}
	if (args.help)
		return print_help(cmd);
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

static int
dispatch(const struct args *global, int argc, char *const *argv)
{
	struct err err = ERR_INIT;
	const struct cmd *cmd;
	int words;
	int r;

	if (args_bool(global, "version"))
		return version_print_line();
	if (!argc || global->help)
		return print_help(NULL);
	if (commands_is_group(argv[0]) &&
	    (argc == 1 || !strcmp(argv[1], "--help") || !strcmp(argv[1], "-h")))
		return print_group(argv[0]);
	r = commands_find(argc, argv, &cmd, &words, &err);
	if (r < 0) {
		say_error(&err);
		return 1;
	}
	return run_command(cmd, global, argc - words, argv + words, &err);
}

int
main(int argc, char **argv)
{
	cleanup_args struct args global;
	struct err err = ERR_INIT;
	int used = 0;

	if (fill_standard_fds() < 0 || !argc)
		return EXIT_ENGINE;
	args_init(&global, commands_global.flags, commands_global.flag_count);
	if (args_parse(&global, argc - 1, argv + 1, true, &used, &err) < 0) {
		err_hint(&err, "'dhow --help' lists the flags");
		say_error(&err);
		return EXIT_USAGE;
	}
	set_levels(&global);
	return finish_output(
		dispatch(&global, argc - 1 - used, argv + 1 + used));
}
