/* SPDX-License-Identifier: Apache-2.0 */
/*
 * runtime/enter.c - a further process in namespaces that are there already.
 *
 * Three processes: the caller, the helper, and the command, which the helper
 * clones as its own sibling. All talk over one link; its end of file means
 * that the helper ended and the command runs or is no more.
 */
#include "runtime/enter.h"

#include <fcntl.h>
#include <linux/close_range.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/cleanup.h"
#include "base/io.h"
#include "runtime/child.h"
#include "runtime/link.h"
#include "sys/mountx.h"
#include "sys/ns.h"

struct enter_shared {
	struct rt_late late;
	pid_t pid; /* the command's, written by the helper */
};

int
enter_init(struct enter *enter, struct err *err)
{
	void *memory =
		mmap(NULL, sizeof(struct enter_shared), PROT_READ | PROT_WRITE,
		     MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (memory == MAP_FAILED)
		return err_sys(err, "map memory for the start");
	enter->shared = memory;
	enter->late = &enter->shared->late;
	return 0;
}

void
enter_release(struct enter *enter)
{
	cleanup_close_p(&enter->pidfd);
	cleanup_close_p(&enter->ttyfd);
	if (enter->shared)
		(void)munmap(enter->shared, sizeof(*enter->shared));
	*enter = (struct enter)ENTER_INIT;
}

static const struct enter_ns {
	const char *name;
	int flag;
} enter_namespaces[] = {
	{ "user", CLONE_NEWUSER },     { "mnt", CLONE_NEWNS },
	{ "pid", CLONE_NEWPID },       { "net", CLONE_NEWNET },
	{ "ipc", CLONE_NEWIPC },       { "uts", CLONE_NEWUTS },
	{ "cgroup", CLONE_NEWCGROUP },
};

static bool
enter_is_ours(pid_t target, const char *name)
{
	char path[48];
	struct stat theirs, ours;

	(void)snprintf(path, sizeof(path), "/proc/%d/ns/%s", (int)target, name);
	if (stat(path, &theirs) < 0)
		return false;
	(void)snprintf(path, sizeof(path), "/proc/self/ns/%s", name);
	return stat(path, &ours) == 0 && theirs.st_ino == ours.st_ino &&
	       theirs.st_dev == ours.st_dev;
}

/* One by one, where the kernel takes no pidfd (before 5.8). */
static int
enter_join_each(pid_t target, int flags, struct err *err)
{
	int fds[ARRAY_LEN(enter_namespaces)];
	int r = 0;

	for (size_t i = 0; i < ARRAY_LEN(fds); i++)
		fds[i] =
			flags & enter_namespaces[i].flag
				? ns_open(target, enter_namespaces[i].name, err)
				: -EBADF;
	for (size_t i = 0; i < ARRAY_LEN(fds); i++) {
		const struct enter_ns *ns = &enter_namespaces[i];

		if (r == 0 && flags & ns->flag && setns(fds[i], ns->flag) < 0)
			r = err_sys(err, "enter the container's %s namespace",
				    ns->name);
		cleanup_close_p(&fds[i]);
	}
	return r;
}

/* Close everything above 2 but @keep, which is in any order, -1 ended. */
static void
enter_close_others(const int *keep)
{
	unsigned int from = 3;

	for (;;) {
		unsigned int next = ~0U;

		for (const int *fd = keep; *fd >= 0; fd++)
			if ((unsigned int)*fd >= from &&
			    (unsigned int)*fd < next)
				next = (unsigned int)*fd;
		if (next > from)
			(void)syscall(SYS_close_range, from,
				      next == ~0U ? next : next - 1, 0);
		if (next == ~0U)
			return;
		from = next + 1;
	}
}

/*
 * Through a child of a target that may not be joined. It is one while the
 * target lives, which is asked for afterwards.
 */
static pid_t
enter_redirect(pid_t target, int *pidfd)
{
	pid_t pid = ns_readable(target);
	int fd;

	if (pid == target)
		return target;
	fd = (int)syscall(SYS_pidfd_open, pid, 0);
	if (fd < 0 || ns_readable(target) != pid)
		return target;
	*pidfd = fd;
	return pid;
}

int
enter_join(pid_t target, int target_pidfd, int namespaces, const int *keep,
	   struct err *err)
{
	int given = target_pidfd;
	int kept[IO_MAX_FDS + 2];
	size_t n = 0;
	int flags = 0;

	if (prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) < 0)
		return err_sys(err, "become untraceable");
	for (; n < IO_MAX_FDS && keep[n] >= 0; n++)
		kept[n] = keep[n];
	kept[n++] = target_pidfd;
	kept[n] = -1;
	enter_close_others(kept);
	target = enter_redirect(target, &target_pidfd);
	for (size_t i = 0; i < ARRAY_LEN(enter_namespaces); i++)
		if (namespaces & enter_namespaces[i].flag &&
		    !enter_is_ours(target, enter_namespaces[i].name))
			flags |= enter_namespaces[i].flag;
	if (syscall(SYS_pidfd_send_signal, given, 0, NULL, 0) < 0)
		return err_set(err, ESRCH, "the container has ended");
	if (setns(target_pidfd, flags) < 0) {
		int r = errno == EINVAL ? enter_join_each(target, flags, err)
					: err_sys(err, "enter the container");

		if (r < 0)
			return r;
	}
	(void)close(target_pidfd);
	if (given != target_pidfd)
		(void)close(given);
	return 0;
}

/* may: use the host's procfs; nothing of the container is in sight yet. */
static int
enter_set_oom(const struct rt_plan *plan, struct err *err)
{
	cleanup_close int fd = -EBADF;

	if (!plan->has_oom_score_adj)
		return 0;
	fd = open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC);
	if (fd < 0 || dprintf(fd, "%d", plan->oom_score_adj) < 0)
		return err_sys(err, "set the OOM score");
	return 0;
}

/* The helper: its only child is not its own, but the caller's. */
static int
enter_help(const struct enter *enter, int linkfd, struct err *err)
{
	const int *stdio = enter->plan->stdio;
	int keep[] = { linkfd, -1, -1, -1, -1 };
	cleanup_close int rootfd = -EBADF, pidfd = -EBADF;
	char byte = RT_MSG_PID;
	pid_t pid;
	int r;

	if (!enter->plan->tty)
		(void)memcpy(keep + 1, stdio, sizeof(enter->plan->stdio));
	r = enter_set_oom(enter->plan, err);
	if (r == 0)
		r = child_join_cgroups(enter->plan, err);
	if (r == 0)
		r = enter_join(enter->target, enter->target_pidfd, ENTER_ALL,
			       keep, err);
	if (r < 0)
		return r;
	rootfd = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (rootfd < 0)
		return err_sys(err, "open the container's root");
	r = enter->look_inside(enter->data, rootfd, enter->late, err);
	if (r < 0)
		return r;
	pid = ns_clone(CLONE_PARENT, &pidfd, err);
	if (pid == 0)
		child_enter(enter->plan, enter->late, linkfd);
	if (pid < 0)
		return pid;
	enter->shared->pid = pid;
	r = io_send_fds(linkfd, &byte, 1, &pidfd, 1);
	return r < 0 ? err_code(err, -r, "report to dhow") : 0;
}

static pid_t
enter_start_helper(const struct enter *enter, int *ret_linkfd, struct err *err)
{
	struct err told = ERR_INIT;
	int link[2];
	pid_t pid;

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, link) < 0)
		return err_sys(err, "create a socket pair");
	pid = ns_clone(0, NULL, err);
	if (pid == 0) {
		if (enter_help(enter, link[1], &told) < 0)
			(void)io_write_all(link[1], &told, sizeof(told));
		_exit(0);
	}
	(void)close(link[1]);
	if (pid < 0) {
		(void)close(link[0]);
		return pid;
	}
	*ret_linkfd = link[0];
	return pid;
}

static void
enter_take_tty(struct enter *enter, struct link_fds *fds, int linkfd)
{
	enter->ttyfd = take_fd(fds->v[0]);
	if (enter->size)
		(void)ioctl(enter->ttyfd, TIOCSWINSZ, enter->size);
	/* A child that failed has left its story. */
	(void)link_send(linkfd, RT_MSG_GO, NULL);
}

/* All there is to hear, to the end; returns the first failure. */
static int
enter_hear(struct enter *enter, int linkfd, struct err *err)
{
	int failed = 0, r;

	do {
		cleanup_link_fds struct link_fds fds;

		r = link_recv(linkfd, &fds, failed ? NULL : err);
		if (r < 0 && !failed)
			failed = r;
		if (r == RT_MSG_PID)
			enter->pidfd = take_fd(fds.v[0]);
		else if (r == RT_MSG_TTY)
			enter_take_tty(enter, &fds, linkfd);
		else if (r == RT_MSG_EXEC)
			enter->command_failed = true;
	} while (r != 0);
	if (!failed && (!enter->command_failed || !enter->shared->pid))
		failed = err_set(err, ECANCELED,
				 "the command was killed while it started");
	if (!failed)
		enter->command_failed = false;
	return failed;
}

int
enter_spawn(struct enter *enter, struct err *err)
{
	int linkfd = -EBADF, r;
	pid_t helper;

	helper = enter_start_helper(enter, &linkfd, err);
	if (helper < 0)
		return helper;
	r = enter_hear(enter, linkfd, err);
	(void)close(linkfd);
	while (waitpid(helper, NULL, 0) < 0 && errno == EINTR)
		;
	enter->pid = enter->shared->pid;
	if (r < 0 && enter->pid > 0) {
		(void)kill(enter->pid, SIGKILL);
		while (waitpid(enter->pid, NULL, 0) < 0 && errno == EINTR)
			;
		enter->pid = 0;
	}
	return r;
}

static int
enter_visit_inside(const struct enter_visit *visit, const int *keep,
		   struct err *err)
{
	cleanup_close int rootfd = -EBADF;
	int r;

	r = enter_join(visit->target, visit->target_pidfd, ENTER_FILES, keep,
		       err);
	if (r < 0)
		return r;
	/* What is made there is root's; where there is none, the one id's. */
	if (prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0) < 0 ||
	    ((setresgid(0, 0, 0) < 0 || setresuid(0, 0, 0) < 0) &&
	     errno != EINVAL))
		return err_sys(err, "become root of the container");
	rootfd = open("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (rootfd < 0)
		return err_sys(err, "open the container's root");
	if (visit->only_root) {
		cleanup_close int mountfd = mountx_clone(rootfd, false, err);

		if (mountfd < 0)
			return mountfd;
		(void)close(take_fd(rootfd));
		rootfd = openat(mountfd, ".",
				O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		if (rootfd < 0)
			return err_sys(err, "open the container's root");
	}
	return visit->visit(visit->data, rootfd, err);
}

int
enter_visit(const struct enter_visit *visit, struct err *err)
{
	struct err told = ERR_INIT;
	int keep[IO_MAX_FDS];
	int report[2], status = 0;
	size_t n = 0;
	ssize_t got;
	pid_t pid;

	if (pipe2(report, O_CLOEXEC) < 0)
		return err_sys(err, "create a pipe");
	pid = ns_clone(0, NULL, err);
	if (pid == 0) {
		for (; n < IO_MAX_FDS - 2 && visit->keep[n] >= 0; n++)
			keep[n] = visit->keep[n];
		keep[n++] = report[1];
		keep[n] = -1;
		if (enter_visit_inside(visit, keep, &told) < 0)
			(void)io_write_all(report[1], &told, sizeof(told));
		_exit(0);
	}
	(void)close(report[1]);
	if (pid < 0) {
		(void)close(report[0]);
		return pid;
	}
	got = io_read_full(report[0], &told, sizeof(told));
	(void)close(report[0]);
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	if (got == sizeof(told)) {
		if (err)
			*err = told;
		return -told.code;
	}
	return status ? err_set(err, ECANCELED, "our helper was killed") : 0;
}
