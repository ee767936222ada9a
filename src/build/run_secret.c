/* SPDX-License-Identifier: Apache-2.0 */
/*
 * build/run_secret.c - secrets and agents that a step may use.
 *
 * A value is read when the step runs, written to the run directory (memory on
 * most hosts), and gone when the command ends. It enters no key, no record and
 * no layer.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/fsx.h"
#include "base/io.h"
#include "base/proc.h"
#include "base/text.h"
#include "build/build_secret.h"
#include "build/run_mounts.h"

#define AGENT_MAX_BYTES 4096

static int
write_secret(struct run_mounts *mounts, const struct df_mount *mount,
	     const struct strbuf *value, const char *target, struct err *err)
{
	cleanup_free char *path = NULL;
	cleanup_close int fd = -EBADF;
	int r = run_mounts_private(mounts, err);

	if (r < 0)
		return r;
	path = xasprintf("%s/%zu", mounts->private_dir, mounts->made++);
	fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	r = fd < 0 ? -errno : io_write_all(fd, value->buf, value->len);
	if (r < 0)
		return err_code(err, -r, "write a secret");
	/* With one id it is the only user's. */
	if (fchown(fd, (uid_t)mount->uid, (gid_t)mount->gid) < 0 &&
	    errno != EINVAL && errno != EPERM)
		return err_sys(err, "set the owner of a secret");
	if (fchmod(fd, (mode_t)mount->mode) < 0)
		return err_sys(err, "set the mode of a secret");
	run_mounts_bind(mounts, path, NULL, target, true);
	return 0;
}

int
run_mounts_add_secret(struct run_mounts *mounts, const struct df_mount *mount,
		      const char *target, struct err *err)
{
	const struct build_options *opts = mounts->room->work->build->opts;
	cleanup_strbuf struct strbuf value = STRBUF_INIT;
	int r = build_secret_read(opts, mount->id, &value, err);

	if (r < 0 || (r == 0 && !mount->required))
		return r;
	if (r == 0)
		return build_secret_require(opts, mount->id, err);
	r = 0;
	if (mount->env)
		strvec_env_set(&mounts->spec->env, mount->env, value.buf);
	if (target)
		r = write_secret(mounts, mount, &value, target, err);
	explicit_bzero(value.buf, value.len);
	return r;
}

static bool
is_socket(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISSOCK(st.st_mode);
}

/* "SSH_AGENT_PID=123; …" */
static pid_t
agent_pid(const char *text)
{
	const char *at = strstr(text, "SSH_AGENT_PID=");
	int64_t pid = 0;

	if (!at)
		return 0;
	for (at += strlen("SSH_AGENT_PID="); text_is_digit(*at); at++)
		pid = pid * 10 + (*at - '0');
	return pid > 1 && pid < INT32_MAX ? (pid_t)pid : 0;
}

/* Keys get an agent of their own; its socket is there when the first process
 * of it has ended. */
static int
start_agent(struct run_mounts *mounts, const char *socket, struct err *err)
{
	const char *argv[] = { "ssh-agent", "-s", "-a", socket, NULL };
	struct proc_spawn spawn = PROC_SPAWN_INIT;
	cleanup_strbuf struct strbuf text = STRBUF_INIT;
	cleanup_close int readfd = -EBADF;
	int fds[2], pidfd, r;
	pid_t pid;

	if (pipe2(fds, O_CLOEXEC) < 0)
		return err_sys(err, "make a pipe");
	readfd = fds[0];
	spawn.path = argv[0];
	spawn.argv = (char *const *)(uintptr_t)argv;
	spawn.stdout_fd = fds[1];
	r = proc_spawn(&spawn, &pid, NULL, err);
	(void)close(fds[1]);
	if (r < 0)
		return r;
	r = proc_wait(pid);
	if (r == 0)
		r = io_read_all(readfd, AGENT_MAX_BYTES, &text, err);
	pid = agent_pid(text.buf);
	if (r != 0 || pid == 0)
		return err_set(err, EPROTO, "ssh-agent did not start");
	/* Not our child: its number may be another's when the step ends. */
	pidfd = (int)syscall(SYS_pidfd_open, pid, 0);
	if (pidfd < 0)
		return err_sys(err, "hold the ssh agent");
	array_push(mounts->agents, mounts->agent_count, mounts->agent_cap,
		   pidfd);
	return 0;
}

static int
add_keys(const char *socket, const struct strvec *keys, struct err *err)
{
	cleanup_strvec struct strvec argv = STRVEC_INIT;
	cleanup_strvec struct strvec env = STRVEC_INIT;
	struct proc_spawn spawn = PROC_SPAWN_INIT;
	int r;

	strvec_add(&argv, "ssh-add");
	strvec_add(&argv, "-q");
	strvec_add_all(&argv, keys);
	strvec_add_array(&env, environ);
	strvec_env_set(&env, "SSH_AUTH_SOCK", socket);
	/* A key with a passphrase must fail, not ask. */
	strvec_env_set(&env, "SSH_ASKPASS_REQUIRE", "never");
	strvec_env_unset(&env, "DISPLAY");
	spawn.path = "ssh-add";
	spawn.argv = strvec_argv(&argv);
	spawn.envp = strvec_argv(&env);
	spawn.new_session = true;
	r = proc_run(&spawn, err);
	return r < 0 ? err_wrap(err, r, "load the ssh keys") : 0;
}

static int
agent_of_keys(struct run_mounts *mounts, const struct strvec *keys,
	      char **ret_socket, struct err *err)
{
	cleanup_free char *socket = NULL;
	int r = run_mounts_private(mounts, err);

	if (r < 0)
		return r;
	socket = xasprintf("%s/agent.%zu", mounts->private_dir, mounts->made++);
	r = start_agent(mounts, socket, err);
	if (r == 0)
		r = add_keys(socket, keys, err);
	if (r == 0)
		*ret_socket = take_ptr(socket);
	return r;
}

int
run_mounts_add_ssh(struct run_mounts *mounts, const struct df_mount *mount,
		   const char *target, struct err *err)
{
	const struct build_options *opts = mounts->room->work->build->opts;
	const struct build_ssh *ssh = build_ssh_find(opts, mount->id);
	cleanup_free char *socket = NULL;
	cleanup_free char *place = NULL;
	cleanup_free char *own = NULL;
	pid_t pid;
	int r = 0;

	if (ssh && ssh->paths.len && !is_socket(ssh->paths.v[0]))
		r = agent_of_keys(mounts, &ssh->paths, &socket, err);
	else if (ssh)
		socket = xstrdup_null(ssh->paths.len ? ssh->paths.v[0]
						     : getenv("SSH_AUTH_SOCK"));
	if (r < 0)
		return r;
	if (!socket)
		return mount->required ? build_ssh_require(opts, mount->id, err)
				       : 0;
	place = target ? xstrdup(target)
		       : xasprintf("/run/buildkit/ssh_agent.%zu",
				   mounts->made++);
	r = run_mounts_private(mounts, err);
	if (r < 0)
		return r;
	own = xasprintf("%s/ssh.%zu", mounts->private_dir, mounts->made++);
	r = run_agent_start(socket, own, mount, &pid, err);
	if (r < 0)
		return err_wrap(err, r, "ssh agent '%s'", mount->id);
	array_push(mounts->agents, mounts->agent_count, mounts->agent_cap, pid);
	run_mounts_bind(mounts, own, NULL, place, false);
	strvec_env_set(&mounts->spec->env, "SSH_AUTH_SOCK", place);
	return 0;
}
