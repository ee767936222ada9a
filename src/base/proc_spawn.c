/* SPDX-License-Identifier: Apache-2.0 */
/*
 * base/proc_spawn.c - processes: starting, waiting, finding programs.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/cleanup.h"
#include "base/fsx.h"
#include "base/proc.h"

extern char **environ;

/*
 * Put the descriptors in place. They are first lifted above every target by
 * the parent, so that no dup2() overwrites one that is still to come.
 */
static int
proc_plan_fds(const struct proc_spawn *spawn, int *lifted,
	      posix_spawn_file_actions_t *actions)
{
	int standard[3] = { spawn->stdin_fd, spawn->stdout_fd,
			    spawn->stderr_fd };
	size_t total = 3 + spawn->pass_fd_count;

	for (size_t i = 0; i < total; i++) {
		int from = i < 3 ? standard[i] : spawn->pass_fds[i - 3];

		lifted[i] = -EBADF;
		if (from == -1 && i == 2)
			continue;
		if (from < 0) {
			(void)posix_spawn_file_actions_addopen(
				actions, (int)i, "/dev/null",
				i ? O_WRONLY : O_RDONLY, 0);
			continue;
		}
		lifted[i] = fcntl(from, F_DUPFD_CLOEXEC, (int)total + 3);
		if (lifted[i] < 0)
			return -errno;
		(void)posix_spawn_file_actions_adddup2(actions, lifted[i],
						       (int)i);
	}
	return 0;
}

static int
proc_plan_attr(const struct proc_spawn *spawn, posix_spawnattr_t *attr)
{
	short flags = POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK;
	sigset_t set;

	/* What this program may ignore; each signal is a system call. */
	(void)sigemptyset(&set);
	(void)sigaddset(&set, SIGPIPE);
	(void)posix_spawnattr_setsigdefault(attr, &set);
	(void)sigemptyset(&set);
	(void)posix_spawnattr_setsigmask(attr, &set);
	if (spawn->new_session)
		flags |= POSIX_SPAWN_SETSID;
	return posix_spawnattr_setflags(attr, flags);
}

int
proc_spawn(const struct proc_spawn *spawn, pid_t *ret_pid, int *ret_pidfd,
	   struct err *err)
{
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attr;
	size_t total = 3 + spawn->pass_fd_count;
	cleanup_free int *lifted = xcalloc(total, sizeof(*lifted));
	char *const *envp = spawn->envp ? spawn->envp : environ;
	pid_t pid = -1;
	int r;

	(void)posix_spawn_file_actions_init(&actions);
	(void)posix_spawnattr_init(&attr);
	(void)proc_plan_attr(spawn, &attr);
	for (size_t i = 0; i < total; i++)
		lifted[i] = -EBADF;
	r = -proc_plan_fds(spawn, lifted, &actions);
	if (!r && spawn->cwd)
		r = posix_spawn_file_actions_addchdir_np(&actions, spawn->cwd);
	if (!r && strchr(spawn->path, '/'))
		r = posix_spawn(&pid, spawn->path, &actions, &attr, spawn->argv,
				envp);
	else if (!r)
		r = posix_spawnp(&pid, spawn->path, &actions, &attr,
				 spawn->argv, envp);
	for (size_t i = 0; i < total; i++)
		if (lifted[i] >= 0)
			(void)close(lifted[i]);
	(void)posix_spawn_file_actions_destroy(&actions);
	(void)posix_spawnattr_destroy(&attr);
	if (r)
		return err_code(err, r, "start '%s'", spawn->path);
	if (ret_pidfd)
		*ret_pidfd = (int)syscall(SYS_pidfd_open, pid, 0);
	*ret_pid = pid;
	return 0;
}

int
proc_wait(pid_t pid)
{
	int status;

	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return -errno;
	return status;
}

int
proc_exit_status(int wait_status)
{
	if (WIFEXITED(wait_status))
		return WEXITSTATUS(wait_status);
	return 128 + WTERMSIG(wait_status);
}

int
proc_run(const struct proc_spawn *spawn, struct err *err)
{
	pid_t pid;
	int r, status;

	r = proc_spawn(spawn, &pid, NULL, err);
	if (r < 0)
		return r;
	status = proc_wait(pid);
	if (status < 0)
		return err_code(err, -status, "wait for '%s'", spawn->path);
	if (status != 0)
		return err_set(err, EPROTO, "'%s' ended with status %d",
			       spawn->path, proc_exit_status(status));
	return 0;
}

/*
 * Where the running program was started from; for a sealed copy (see
 * sys/sealed.h) the memfd's name says it.
 */
static int
proc_own_path(struct strbuf *sb)
{
	static const char mark[] = "/memfd:", tail[] = " (deleted)";
	int r = fsx_readlink(AT_FDCWD, "/proc/self/exe", sb);

	if (r < 0 || strncmp(sb->buf, mark, strlen(mark)) != 0)
		return r;
	strbuf_truncate(sb, sb->len - strlen(tail));
	(void)memmove(sb->buf, sb->buf + strlen(mark),
		      sb->len - strlen(mark) + 1);
	sb->len -= strlen(mark);
	return 0;
}

int
proc_find_helper(const char *name, char **ret_path, struct err *err)
{
	cleanup_strbuf struct strbuf exe = STRBUF_INIT;
	char *places[3];
	char *slash;
	int r;

	r = proc_own_path(&exe);
	if (r < 0)
		return err_code(err, -r, "read /proc/self/exe");
	slash = strrchr(exe.buf, '/');
	*slash = '\0';
	places[0] = xasprintf("%s/%s", exe.buf, name);
	places[1] = xasprintf("%s/../libexec/dhow/%s", exe.buf, name);
	places[2] = xasprintf("%s/%s", LIBEXECDIR, name);
	r = -ENOENT;
	for (size_t i = 0; i < ARRAY_LEN(places); i++) {
		if (r < 0 && access(places[i], X_OK) == 0) {
			*ret_path = take_ptr(places[i]);
			r = 0;
		}
	}
	for (size_t i = 0; i < ARRAY_LEN(places); i++)
		free(places[i]);
	if (r < 0) {
		(void)err_set(err, ENOENT, "helper program '%s' is missing",
			      name);
		err_hint(err, "it belongs beside dhow or in %s: install again",
			 LIBEXECDIR);
	}
	return r;
}

char *
proc_find_program(const char *name)
{
	const char *path = getenv("PATH");
	cleanup_strvec struct strvec dirs = STRVEC_INIT;

	strvec_split(&dirs, path ? path : "", ":");
	strvec_split(&dirs, "/usr/bin:/bin:/usr/sbin:/sbin", ":");
	for (size_t i = 0; i < dirs.len; i++) {
		char *full = xasprintf("%s/%s", dirs.v[i], name);

		if (access(full, X_OK) == 0)
			return full;
		free(full);
	}
	return NULL;
}
