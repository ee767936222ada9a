/* SPDX-License-Identifier: Apache-2.0 */
/*
 * runtime/child_exec.c - losing privileges and becoming the command.
 *
 * Rule R3: fds above 2 are closed at exec, the working directory is checked
 * to be inside the root, inheritable capabilities are empty.
 */
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/close_range.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/fsx.h"
#include "runtime/child.h"
#include "sys/caps.h"

/* SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV, which older headers lack. */
#define WAIT_KILLABLE (1U << 5)

extern char **environ;

static int
child_write_proc(const char *path, const char *text, struct err *err)
{
	cleanup_close int fd = open(path, O_WRONLY | O_CLOEXEC | O_NOFOLLOW);

	if (fd < 0 || write(fd, text, strlen(text)) < 0)
		return err_sys(err, "write '%s'", path);
	return 0;
}

/* may: write the procfs mounted by us, which nothing covers yet. */
static int
child_apply_limits(const struct rt_plan *plan, struct err *err)
{
	char text[32];
	int r = 0;

	for (size_t i = 0; i < plan->rlimit_count; i++)
		if (setrlimit((__rlimit_resource_t)plan->rlimits[i].resource,
			      &plan->rlimits[i].limit) < 0)
			return err_sys(err, "set resource limit %d",
				       plan->rlimits[i].resource);
	if (plan->affinity &&
	    sched_setaffinity(0, sizeof(*plan->affinity), plan->affinity) < 0)
		return err_sys(err, "choose processors");
	if (plan->has_oom_score_adj) {
		(void)snprintf(text, sizeof(text), "%d", plan->oom_score_adj);
		r = child_write_proc("/proc/self/oom_score_adj", text, err);
	}
	return r;
}

static int
child_enter_cwd(const struct rt_plan *plan, struct err *err)
{
	const char *cwd = plan->cwd;
	cleanup_close int rootfd = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
	cleanup_close int fd = -EBADF;
	char now[4096];

	if (rootfd < 0)
		return err_sys(err, "open the root directory");
	fd = fsx_openat_in_root(rootfd, cwd, O_PATH | O_DIRECTORY, 0, NULL);
	if (fd == -ENOENT && !plan->keep_cwd)
		fd = fsx_mkdir_in_root(rootfd, cwd, 0755, NULL);
	if (fd < 0)
		return err_code(err, -fd, "enter working directory '%s'", cwd);
	if (fchdir(fd) < 0)
		return err_sys(err, "enter working directory '%s'", cwd);
	/* CVE-2024-21626: a directory outside the root has no name here. */
	if (syscall(SYS_getcwd, now, sizeof(now)) < 0 || now[0] != '/')
		return err_set(
			err, EACCES,
			"working directory '%s' is outside the container", cwd);
	return 0;
}

static int
child_load_filter(const struct sock_fprog *filter, struct err *err)
{
	if (filter->len &&
	    syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, filter) < 0)
		return err_sys(err, "load the seccomp filter");
	return 0;
}

/*
 * With somebody to answer for owners, where this kernel can have that (5.0).
 * Whoever wants an answer of his own inside (-EBUSY) goes without.
 */
static int
child_load_fake_ids(const struct child *child, struct err *err)
{
	const struct rt_plan *plan = child->plan;
	unsigned int flags = SECCOMP_FILTER_FLAG_NEW_LISTENER;
	cleanup_close int fd = -EBADF;

	if (plan->watched_ids.len) {
		/* 5.19: signals do not make it ask again and again. */
		fd = (int)syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER,
				  flags | WAIT_KILLABLE, &plan->watched_ids);
		if (fd < 0)
			fd = (int)syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER,
					  flags, &plan->watched_ids);
	}
	if (fd < 0)
		return child_load_filter(&plan->fake_ids, err);
	return child_send(child, RT_MSG_OWNERS, &fd, 1, err);
}

static int
child_take_user(const struct child *child, struct err *err)
{
	const struct rt_late *late = child->late;

	if (!child->plan->deny_setgroups &&
	    setgroups(late->group_count, late->groups) < 0)
		return err_sys(err, "set supplementary groups");
	if (setresgid(late->gid, late->gid, late->gid) < 0)
		return err_sys(err, "become group %u", (unsigned int)late->gid);
	if (setresuid(late->uid, late->uid, late->uid) < 0)
		return err_sys(err, "become user %u", (unsigned int)late->uid);
	return 0;
}

/*
 * The command may open /dev/stdout again under its own user: pipes and the
 * terminal become that user's.
 */
static int
child_give_streams(const struct child *child, struct err *err)
{
	for (int i = 0; i < 3; i++) {
		struct stat st;

		if (fstat(child->stdio[i], &st) < 0)
			return err_sys(err, "look at a standard stream");
		if (!S_ISFIFO(st.st_mode) && !child->plan->tty)
			continue;
		if (fchown(child->stdio[i], child->late->uid, (gid_t)-1) < 0 &&
		    errno != EPERM && errno != EINVAL)
			return err_sys(err, "give a stream to the user");
	}
	return 0;
}

/* A session of its own; its terminal, when there is one. */
static int
child_take_terminal(const struct child *child, struct err *err)
{
	int r = child_give_streams(child, err);

	if (r < 0)
		return r;
	if (setsid() < 0 && errno != EPERM)
		return err_sys(err, "start a session");
	if (child->plan->tty && ioctl(child->stdio[0], TIOCSCTTY, 0) < 0)
		return err_sys(err, "take the terminal");
	for (int i = 0; i < 3; i++)
		if (dup2(child->stdio[i], i) < 0)
			return err_sys(err, "set up standard streams");
	return 0;
}

/*
 * Sets and filters, in the only order that works. A filter without
 * no_new_privs wants CAP_SYS_ADMIN. The one that pretends id changes also
 * swallows capset(2), so it comes last, with all capabilities still held:
 * exec leaves no more than the bounding set to root and none to others.
 */
static int
child_drop_privileges(const struct child *child, struct err *err)
{
	const struct rt_plan *plan = child->plan;
	uint64_t keep = child->late->uid == 0 ? plan->caps_effective : 0;
	bool fakes = plan->fake_ids.len > 0;
	int r;

	/* Only what this kernel knows can be kept. */
	keep = (fakes ? UINT64_MAX : keep) & caps_held();
	r = caps_set(keep, keep, err);
	if (r == 0 && plan->no_new_privs) {
		if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
			return err_sys(err, "set no_new_privs");
		r = child_load_filter(&plan->seccomp, err);
	}
	return r < 0 ? r : child_load_fake_ids(child, err);
}

int
child_become(struct child *child, struct err *err)
{
	const struct rt_plan *plan = child->plan;
	int r;

	r = child_enter_cwd(plan, err);
	if (r == 0)
		r = child_apply_limits(plan, err);
	if (r == 0)
		r = child_take_terminal(child, err);
	if (r == 0)
		r = caps_bound(plan->caps_bounding, err);
	if (r == 0 && !plan->no_new_privs)
		r = child_load_filter(&plan->seccomp, err);
	if (r == 0)
		r = child_take_user(child, err);
	(void)umask(plan->umask);
	/* Ids changed: die with dhow, said anew. */
	if (r == 0 && !plan->outlives &&
	    prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) < 0)
		r = err_sys(err, "tie to dhow");
	return r < 0 ? r : child_drop_privileges(child, err);
}

int
child_exec(struct child *child, struct err *err)
{
	const struct rt_plan *plan = child->plan;
	int code = ENOENT;

	if (syscall(SYS_close_range, 3, ~0U, CLOSE_RANGE_CLOEXEC) < 0)
		for (int fd = 3; fd < 1024; fd++)
			(void)fcntl(fd, F_SETFD, FD_CLOEXEC);
	(void)child_send(child, RT_MSG_EXEC, NULL, 0, err);
	for (size_t i = 0; plan->exec_paths[i]; i++) {
		(void)execve(plan->exec_paths[i], (char *const *)plan->argv,
			     (char *const *)plan->envp);
		/* As execvp(3): remember a refusal, go on looking. */
		if (errno == EACCES || errno == EISDIR)
			code = EACCES;
		else if (errno != ENOENT && errno != ENOTDIR)
			return err_sys(err, "exec '%s'", plan->argv[0]);
	}
	if (code == EACCES)
		return err_set(err, EACCES, "exec '%s': permission denied",
			       plan->argv[0]);
	return err_set(err, ENOENT, "exec '%s': no such file or directory",
		       plan->argv[0]);
}
