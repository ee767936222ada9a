/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cli/cmd_autostart.c - dhow autostart: containers come back with the host.
 *
 * There is no daemon that starts with the host, so the host is asked: a unit
 * of the user's systemd, or where there is none an @reboot line of cron. Both
 * run "dhow autostart --run".
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/fsx.h"
#include "base/io.h"
#include "base/proc.h"
#include "base/text.h"
#include "cli/cmd_list.h"
#include "cli/cmd_session.h"
#include "cli/say.h"
#include "cli/targets.h"
#include "conf/logout.h"
#include "container/lifecycle.h"
#include "spec/restart_spec.h"
#include "sys/sealed.h"

#define UNIT_NAME "dhow-autostart.service"
#define CRON_MARK "# dhow autostart"
#define CRON_MAX_BYTES (1U << 20)

/* Does its policy want it to run after a reboot? */
static bool
is_wanted(const struct container *container)
{
	const struct container_state *state = &container->state;
	struct restart_spec spec;

	if (container_status_is_live(state->status) ||
	    state->status == CONTAINER_CREATED ||
	    restart_spec_from_node(node_get(container->config, "Restart"),
				   &spec, NULL) < 0)
		return false;
	switch (spec.policy) {
	case RESTART_ALWAYS:
		return true;
	case RESTART_UNLESS_STOPPED:
		return !state->stopped_by_user;
	case RESTART_ON_FAILURE:
		return !state->stopped_by_user && state->exit_code != 0;
	case RESTART_NO:
	case RESTART_POLICY_COUNT:
		break;
	}
	return false;
}

static int
start_one(struct session *session, const struct container *container,
	  void *data, struct err *err)
{
	struct lifecycle_started started;

	return lifecycle_start(session, container, data, &started, err);
}

static int
run_wanted(struct cmd_ctx *ctx)
{
	cleanup_session struct session session = SESSION_INIT;
	cleanup_container_vec struct container_vec list = CONTAINER_VEC_INIT;
	cleanup_strvec struct strvec names = STRVEC_INIT;
	struct lifecycle_start how = {
		.driver = args_str(ctx->global, "storage-driver"),
	};
	int r;

	r = sealed_ensure(ctx->err);
	if (r == 0)
		r = cmd_session(ctx, &session);
	if (r == 0)
		r = container_list(&session, &list, ctx->err);
	/* The oldest first: others may need them. */
	for (size_t i = list.len; r == 0 && i > 0; i--)
		if (is_wanted(&list.items[i - 1]))
			strvec_add(&names, list.items[i - 1].name);
	return r < 0 ? r
		     : targets_each(&session, &names, true, start_one, &how);
}

/* The program as it is found after a reboot. */
static char *
own_path(void)
{
	cleanup_strbuf struct strbuf sb = STRBUF_INIT;

	if (fsx_readlink(AT_FDCWD, "/proc/self/exe", &sb) == 0 &&
	    *sb.buf == '/' && !text_starts(sb.buf, "/memfd:"))
		return strbuf_take(&sb);
	return proc_find_program("dhow") ?: xstrdup("dhow");
}

/* ~/.config/systemd/user, or $XDG_CONFIG_HOME. */
static int
open_unit_dir(struct err *err)
{
	const char *config = getenv("XDG_CONFIG_HOME"), *home = getenv("HOME");
	cleanup_free char *path = NULL;

	if (config && *config == '/')
		path = xasprintf("%s/systemd/user/default.target.wants",
				 config);
	else if (home && *home == '/')
		path = xasprintf("%s/.config/systemd/user/default.target.wants",
				 home);
	else
		return err_set(err, ENOENT, "HOME is not set");
	return fsx_opendir_p(AT_FDCWD, path, 0755, err);
}

/* The monitors end by SIGTERM, and with them their containers. */
static int
write_unit(const char *program, struct err *err)
{
	cleanup_close int fd = open_unit_dir(err);
	cleanup_strbuf struct strbuf sb = STRBUF_INIT;
	int r;

	if (fd < 0)
		return fd;
	strbuf_addf(&sb,
		    "# Written by dhow autostart.\n"
		    "[Unit]\n"
		    "Description=dhow containers\n"
		    "\n"
		    "[Service]\n"
		    "Type=oneshot\n"
		    "RemainAfterExit=yes\n"
		    "ExecStart=%s autostart --run\n"
		    "Delegate=yes\n"
		    "TimeoutStopSec=30\n"
		    "\n"
		    "[Install]\n"
		    "WantedBy=default.target\n",
		    program);
	r = fsx_write_atomic(fd, "../" UNIT_NAME, sb.buf, sb.len, 0644, 0, err);
	if (r < 0)
		return r;
	if (symlinkat("../" UNIT_NAME, fd, UNIT_NAME) < 0 && errno != EEXIST)
		return err_sys(err, "enable '%s'", UNIT_NAME);
	(void)printf("enabled: systemd user unit %s\n", UNIT_NAME);
	if (!logout_lingers("", getuid()))
		say_warning(
			"it starts when you log in; 'loginctl enable-linger' makes that the start of the host");
	return 0;
}

static int
remove_unit(struct err *err)
{
	cleanup_close int fd = open_unit_dir(err);

	if (fd < 0)
		return fd;
	if ((unlinkat(fd, UNIT_NAME, 0) < 0 && errno != ENOENT) ||
	    (unlinkat(fd, "../" UNIT_NAME, 0) < 0 && errno != ENOENT))
		return err_sys(err, "remove '%s'", UNIT_NAME);
	return 0;
}

/* The user's table without our line; an empty one when there is none. */
static int
read_crontab(struct strbuf *sb, struct err *err)
{
	char *const argv[] = { (char *)"crontab", (char *)"-l", NULL };
	struct proc_spawn spawn = PROC_SPAWN_INIT;
	cleanup_strbuf struct strbuf all = STRBUF_INIT;
	cleanup_close int null = open("/dev/null", O_WRONLY | O_CLOEXEC);
	char *line, *rest;
	int ends[2], r;
	pid_t pid;

	if (pipe2(ends, O_CLOEXEC) < 0)
		return err_sys(err, "create a pipe");
	spawn.path = argv[0];
	spawn.argv = argv;
	spawn.stdout_fd = ends[1];
	spawn.stderr_fd = null;
	r = proc_spawn(&spawn, &pid, NULL, err);
	(void)close(ends[1]);
	if (r == 0) {
		r = io_read_all(ends[0], CRON_MAX_BYTES, &all, err);
		(void)proc_wait(pid);
	}
	(void)close(ends[0]);
	if (r < 0)
		return r;
	rest = all.buf;
	while ((line = strsep(&rest, "\n")))
		if (*line && !text_ends(line, CRON_MARK))
			strbuf_addf(sb, "%s\n", line);
	return 0;
}

static int
write_crontab(const struct strbuf *table, struct err *err)
{
	char *const argv[] = { (char *)"crontab", (char *)"-", NULL };
	struct proc_spawn spawn = PROC_SPAWN_INIT;
	int ends[2], r, status;
	pid_t pid;

	if (pipe2(ends, O_CLOEXEC) < 0)
		return err_sys(err, "create a pipe");
	spawn.path = argv[0];
	spawn.argv = argv;
	spawn.stdin_fd = ends[0];
	r = proc_spawn(&spawn, &pid, NULL, err);
	(void)close(ends[0]);
	if (r == 0)
		(void)io_write_all(ends[1], table->buf, table->len);
	(void)close(ends[1]);
	if (r < 0)
		return r;
	status = proc_exit_status(proc_wait(pid));
	return status ? err_set(err, EPROTO,
				"crontab did not take the line: status %d",
				status)
		      : 0;
}

static int
change_crontab(const char *program, struct err *err)
{
	cleanup_strbuf struct strbuf table = STRBUF_INIT;
	int r = read_crontab(&table, err);

	if (r < 0)
		return r;
	if (program)
		strbuf_addf(&table,
			    "@reboot %s autostart --run " CRON_MARK "\n",
			    program);
	r = write_crontab(&table, err);
	if (r == 0 && program)
		(void)printf("enabled: @reboot line of your crontab\n");
	return r;
}

static bool
has_systemd(void)
{
	return access("/run/systemd/system", F_OK) == 0;
}

static bool
has_cron(void)
{
	cleanup_free char *path = proc_find_program("crontab");

	return path != NULL;
}

static int
run(struct cmd_ctx *ctx)
{
	cleanup_free char *program = own_path();
	bool removes = args_bool(ctx->args, "remove");
	int r = 0;

	if (args_bool(ctx->args, "run"))
		return run_wanted(ctx);
	if (removes) {
		r = remove_unit(ctx->err);
		return r == 0 && has_cron() ? change_crontab(NULL, ctx->err)
					    : r;
	}
	if (has_systemd())
		return write_unit(program, ctx->err);
	if (has_cron())
		return change_crontab(program, ctx->err);
	r = err_set(ctx->err, EOPNOTSUPP,
		    "this host has neither a systemd nor a cron of yours");
	err_hint(ctx->err,
		 "let what starts with the host run 'dhow autostart --run'");
	return r;
}

static const struct flag flags[] = {
	{ .name = "remove",
	  .kind = FLAG_BOOL,
	  .help = "do not start them with the host any more",
	  .conflicts = "run" },
	{ .name = "run",
	  .kind = FLAG_BOOL,
	  .help = "start them now: what the host is told to run" },
};

static const struct cmd_example examples[] = {
	{ "let containers with a restart policy start with the host",
	  "dhow autostart" },
};

const struct cmd cmd_autostart = {
	.path = "autostart",
	.summary = "start containers with the host",
	.about =
		"Containers whose restart policy is always, or unless-stopped and that were not stopped by hand, or on-failure and that failed, start with the host: by a unit of your systemd, or where there is none by an @reboot line of your crontab.",
	CMD_FLAGS(flags),
	CMD_EXAMPLES(examples),
	.run = run,
};
