/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cli/main.c - from argv to a command and its exit status.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/log.h"
#include "cli/commands.h"
#include "cli/exit.h"
#include "cli/help.h"
#include "cli/invoke.h"
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

static void
set_levels(const struct args *global)
{
	const char *level = args_str(global, "log-level");

	log_enable(args_bool(global, "debug") || !strcmp(level, "debug"));
	say_quiet(!strcmp(level, "error") || !strcmp(level, "fatal"));
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
print_group(const char *noun)
{
	cleanup_strbuf struct strbuf sb = STRBUF_INIT;

	help_add_group(&sb, noun);
	say_text(&sb);
	return 0;
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
		return invoke_print_help(NULL);
	if (!commands_has_flags(argv[0]) && commands_is_group(argv[0]) &&
	    (argc == 1 || !strcmp(argv[1], "--help") || !strcmp(argv[1], "-h")))
		return print_group(argv[0]);
	if (commands_has_flags(argv[0])) {
		cmd = commands_get(span_of(argv[0]));
		words = 1;
		r = 0;
	} else {
		r = commands_find(argc, argv, &cmd, &words, &err);
	}
	if (r < 0) {
		say_error(&err);
		return 1;
	}
	return invoke_command(&(struct invoke){ .cmd = cmd,
						.global = global,
						.argc = argc - words,
						.argv = argv + words },
			      &err);
}

/* Called as docker-compose, all that follows is for "compose". */
static int
run_as_compose(int argc, char **argv)
{
	cleanup_free char **words = xcalloc((size_t)argc + 1, sizeof(*words));
	cleanup_args struct args global;

	words[0] = (char *)"compose";
	for (int i = 1; i < argc; i++)
		words[i] = argv[i];
	args_init(&global, commands_global.flags, commands_global.flag_count);
	set_levels(&global);
	return finish_output(dispatch(&global, argc, words));
}

static bool
is_called(const char *path, const char *name)
{
	const char *slash = strrchr(path, '/');

	return !strcmp(slash ? slash + 1 : path, name);
}

int
main(int argc, char **argv)
{
	cleanup_args struct args global;
	struct err err = ERR_INIT;
	int used = 0;

	if (fill_standard_fds() < 0 || !argc)
		return EXIT_ENGINE;
	if (is_called(argv[0], "docker-compose"))
		return run_as_compose(argc, argv);
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
