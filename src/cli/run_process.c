/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cli/run_process.c - flags of run about the process itself.
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/fsx.h"
#include "base/text.h"
#include "cli/env_flags.h"
#include "cli/run_spec.h"
#include "container/planner.h"
#include "spec/abs_path.h"
#include "spec/entrypoint_spec.h"
#include "spec/env_file.h"

#define FILE_MAX_BYTES (4U << 20)

extern char **environ;

/* Docker's proxy variables, in both spellings. */
static const char *const proxy_names[] = {
	"HTTP_PROXY", "HTTPS_PROXY", "FTP_PROXY", "NO_PROXY", "ALL_PROXY",
	"http_proxy", "https_proxy", "ftp_proxy", "no_proxy", "all_proxy",
};

static int
fill_env(struct container_spec *spec, const struct args *args, struct err *err)
{
	const struct strvec *dropped = args_list(args, "unsetenv");
	struct strvec *env = &spec->env;

	if (!args_bool(args, "unsetenv-all"))
		strvec_add_all(env, &spec->image_config->env);
	for (size_t i = 0; i < dropped->len; i++)
		strvec_env_unset(env, dropped->v[i]);
	if (args_bool(args, "env-host"))
		for (char **e = environ; *e; e++)
			(void)env_file_set(env, *e, environ, NULL);
	if (args_bool(args, "http-proxy"))
		for (size_t i = 0; i < ARRAY_LEN(proxy_names); i++)
			(void)env_file_set(env, proxy_names[i], environ, NULL);
	return env_flags_add(env, args, err);
}

/*
 * The entry point, then what follows the image; the image's own command only
 * when there is neither that nor another entry point.
 */
static int
fill_argv(struct container_spec *spec, const struct args *args,
	  char *const *command, struct err *err)
{
	const struct image_config *image = spec->image_config;

	if (args_given(args, "entrypoint"))
		(void)entrypoint_spec_parse(args_str(args, "entrypoint"),
					    &spec->argv);
	else
		strvec_add_all(&spec->argv, &image->entrypoint);
	spec->entrypoint_len = (int64_t)spec->argv.len;
	if (*command)
		strvec_add_array(&spec->argv, command);
	else if (!args_given(args, "entrypoint"))
		strvec_add_all(&spec->argv, &image->cmd);
	if (!spec->argv.len) {
		(void)err_set(err, EINVAL, "no command specified");
		err_hint(err, "the image has none: write it behind the image");
		return -EINVAL;
	}
	return 0;
}

static int
fill_cwd(struct container_spec *spec, const struct args *args, struct err *err)
{
	const char *given = args_str(args, "workdir");

	if (given && *given != '/')
		return err_set(err, EINVAL,
			       "--workdir '%s' is not an absolute path", given);
	spec->cwd = given ? xstrdup(given)
			  : xstrdup(*spec->image_config->working_dir
					    ? spec->image_config->working_dir
					    : "/");
	return 0;
}

static int
fill_timezone(struct container_spec *spec, const struct args *args,
	      struct err *err)
{
	const char *zone = args_str(args, "tz");
	cleanup_free char *path = zone ? planner_zone_path(zone) : NULL;

	if (!zone)
		return 0;
	if (!abs_path_stays_below(zone) || access(path, R_OK) < 0) {
		(void)err_set(err, ENOENT, "--tz '%s': there is no such zone",
			      zone);
		err_hint(err,
			 "one of those below /usr/share/zoneinfo, or local");
		return -ENOENT;
	}
	spec->timezone = xstrdup(zone);
	return 0;
}

/* Which streams the caller sees: -a, or all; stdin only with -i. */
static void
fill_streams(struct container_spec *spec, const struct args *args)
{
	static const char *const names[] = { "stdin", "stdout", "stderr" };
	const struct strvec *given = args_list(args, "attach");

	spec->tty = args_bool(args, "tty");
	spec->open_stdin = args_bool(args, "interactive");
	for (int i = 0; i < 3 && !args_bool(args, "detach"); i++)
		spec->attach[i] = given->len ? strvec_has(given, names[i])
					     : i > 0 || spec->open_stdin;
	if (spec->attach[0])
		spec->open_stdin = true;
}

int
run_spec_process(struct container_spec *spec, const struct args *args,
		 char *const *command, struct err *err)
{
	const char *user = args_str(args, "user");
	int r;

	spec->user = xstrdup(user ? user : spec->image_config->user);
	strvec_add_all(&spec->group_add, args_list(args, "group-add"));
	fill_streams(spec, args);
	r = fill_env(spec, args, err);
	if (r == 0)
		r = fill_argv(spec, args, command, err);
	if (r == 0)
		r = fill_timezone(spec, args, err);
	return r < 0 ? r : fill_cwd(spec, args, err);
}
