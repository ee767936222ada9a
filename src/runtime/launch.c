/* SPDX-License-Identifier: Apache-2.0 */
/*
 * runtime/launch.c - the parent's side of a container's start.
 *
 * One SOCK_SEQPACKET link: bytes of enum rt_msg both ways, fds beside them,
 * a whole struct err when the child fails. It is close-on-exec, so its end of
 * file means that the command runs (or that the child was killed, which its
 * pidfd tells).
 */
#include "runtime/launch.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/io.h"
#include "runtime/child.h"
#include "runtime/link.h"
#include "sys/ns.h"
#include "sys/spread.h"

int
launch_init(struct launch *launch, struct err *err)
{
	void *late;

	*launch = (struct launch)LAUNCH_INIT;
	late = mmap(NULL, sizeof(struct rt_late), PROT_READ | PROT_WRITE,
		    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (late == MAP_FAILED)
		return err_sys(err, "map memory for the start");
	launch->late = late;
	return 0;
}

/* The first process; in the child this does not return. */
static pid_t
launch_first(struct launch *launch, const struct rt_plan *plan,
	     uint64_t more_flags, const int link[2], int *ret_pidfd,
	     struct err *err)
{
	uint64_t flags = CLONE_NEWUSER | (plan->new_pid ? CLONE_NEWPID : 0);
	pid_t pid = ns_clone(flags | more_flags, ret_pidfd, err);

	if (pid == 0) {
		(void)close(link[0]);
		child_run(plan, launch->late, link[1]);
	}
	return pid;
}

/* What launch_elsewhere()'s helper has to say. */
struct launch_birth {
	pid_t pid;
	struct err err;
};

static _Noreturn void
launch_help(struct launch *launch, const struct rt_plan *plan,
	    const int link[2], int wordfd)
{
	struct launch_birth birth = { .err = ERR_INIT };
	int pidfd = -EBADF;
	int r = ns_enter_net(plan->join_netfd, &birth.err);

	birth.pid = r < 0 ? r
			  : launch_first(launch, plan, CLONE_PARENT, link,
					 &pidfd, &birth.err);
	(void)io_send_fds(wordfd, &birth, sizeof(birth), &pidfd,
			  birth.pid > 0 ? 1 : 0);
	_exit(0);
}

/*
 * A network namespace of another container can be entered from U only, and we
 * could not come back to the host's: a helper enters it and makes the first
 * process, as a child of ours.
 */
static pid_t
launch_elsewhere(struct launch *launch, const struct rt_plan *plan,
		 const int link[2], struct err *err)
{
	struct launch_birth birth = { .pid = -ECANCELED };
	int word[2], fds[IO_MAX_FDS];
	size_t count = IO_MAX_FDS;
	pid_t helper;
	ssize_t n;

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, word) < 0)
		return err_sys(err, "create a socket pair");
	helper = ns_clone(0, NULL, err);
	if (helper == 0)
		launch_help(launch, plan, link, word[1]);
	(void)close(word[1]);
	n = helper < 0
		    ? 0
		    : io_recv_fds(word[0], &birth, sizeof(birth), fds, &count);
	(void)close(word[0]);
	if (helper < 0)
		return helper;
	(void)waitpid(helper, NULL, 0);
	if (n != sizeof(birth))
		return err_set(err, ECANCELED,
			       "the container's start was killed");
	if (birth.pid < 0 && err)
		*err = birth.err;
	if (birth.pid > 0 && count)
		launch->pidfd = fds[0];
	return birth.pid;
}

int
launch_clone(struct launch *launch, const struct rt_plan *plan, struct err *err)
{
	int link[2];
	pid_t pid;

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, link) < 0)
		return err_sys(err, "create a socket pair");
	launch->linkfd = link[0];
	launch->late->begun = launch->late->spread = false;
	pid = plan->join_netfd >= 0 ? launch_elsewhere(launch, plan, link, err)
				    : launch_first(launch, plan, 0, link,
						   &launch->pidfd, err);
	(void)close(link[1]);
	if (pid < 0)
		return pid;
	launch->pid = pid;
	/* Its namespaces take as long as what the caller has to make. */
	if (!__atomic_load_n(&launch->late->begun, __ATOMIC_RELAXED))
		launch->late->spread = spread_begin(pid, &launch->late->cpus);
	return 0;
}

static int
launch_died(struct err *err)
{
	return err_set(
		err, ECANCELED,
		"the container's first process was killed while it started");
}

/* A child that has failed by now has closed its end, but left its story. */
static int
launch_tell(struct launch *launch, enum rt_msg msg, struct err *err)
{
	int r = link_send(launch->linkfd, msg, err);

	if (r != -EPIPE && r != -ECONNRESET)
		return r;
	do {
		cleanup_link_fds struct link_fds fds;

		r = link_recv(launch->linkfd, &fds, err);
	} while (r > 0);
	return r < 0 ? r : launch_died(err);
}

int
launch_map(struct launch *launch, const struct rt_plan *plan, struct err *err)
{
	int r = idmap_write(launch->pid, &plan->uids, &plan->gids,
			    plan->deny_setgroups, err);

	return r < 0 ? r : launch_tell(launch, RT_MSG_MAPS, err);
}

/* Until both have done what they do at the same time. */
static int
launch_recv(const struct launch *launch, struct link_fds *fds, struct err *err)
{
	int r;

	if (!launch->late->spread)
		return link_recv(launch->linkfd, fds, err);
	spread_stay(&launch->late->cpus);
	r = link_recv(launch->linkfd, fds, err);
	spread_end(&launch->late->cpus);
	return r;
}

int
launch_wait_root(struct launch *launch, struct err *err)
{
	for (;;) {
		cleanup_link_fds struct link_fds fds;
		int r = launch_recv(launch, &fds, err);

		if (r < 0)
			return r;
		if (r == RT_MSG_ROOT && fds.v[RT_ROOT_FDS - 1] >= 0) {
			launch->rootfd = take_fd(fds.v[0]);
			launch->userfd = take_fd(fds.v[1]);
			launch->mntfd = take_fd(fds.v[2]);
			return 0;
		}
		if ((r != RT_MSG_FUSE && r != RT_MSG_NET) || fds.v[0] < 0)
			return launch_died(err);
		if (r == RT_MSG_FUSE) {
			r = launch->serve_fuse(launch->data, fds.v[0], err);
		} else {
			launch->netfd = take_fd(fds.v[0]);
			r = launch->begin_network(launch->data, launch->netfd,
						  err);
		}
		if (r < 0)
			return r;
	}
}

/*
 * Let go of what the container must be the last to hold: whoever closes the
 * last fd of a root or a network waits while the kernel takes it down.
 */
static void
launch_forget(int *fd)
{
	cleanup_close_p(fd);
	*fd = -EBADF;
}

int
launch_late(struct launch *launch, struct err *err)
{
	launch_forget(&launch->rootfd);
	launch_forget(&launch->userfd);
	return launch_tell(launch, RT_MSG_LATE, err);
}

void
launch_go(struct launch *launch)
{
	launch_forget(&launch->netfd);
	/* A child that failed before has closed its end but left its story. */
	(void)link_send(launch->linkfd, RT_MSG_GO, NULL);
}

int
launch_wait_exec(struct launch *launch, struct err *err)
{
	int r;

	do {
		cleanup_link_fds struct link_fds fds;

		r = launch_recv(launch, &fds, err);
		if (r < 0)
			return r;
		if (r == RT_MSG_TTY)
			launch->ttyfd = take_fd(fds.v[0]);
		else if (r == RT_MSG_OWNERS)
			launch->ownersfd = take_fd(fds.v[0]);
		else if (r == RT_MSG_EXEC)
			launch->command_failed = true;
	} while (r > 0);
	if (!launch->command_failed)
		return launch_died(err);
	launch->command_failed = false;
	(void)close(take_fd(launch->linkfd));
	return 0;
}

int
launch_wait_visit(struct launch *launch, struct err *err)
{
	int status = 0, r;

	do {
		cleanup_link_fds struct link_fds fds;

		r = link_recv(launch->linkfd, &fds, err);
	} while (r > 0);
	if (r < 0)
		return r;
	while (waitpid(launch->pid, &status, 0) < 0 && errno == EINTR)
		;
	launch->pid = 0;
	return status ? launch_died(err) : 0;
}

void
launch_abort(struct launch *launch)
{
	if (launch->pid > 0) {
		(void)kill(launch->pid, SIGKILL);
		while (waitpid(launch->pid, NULL, 0) < 0 && errno == EINTR)
			;
		launch->pid = 0;
	}
	cleanup_close_p(&launch->pidfd);
	cleanup_close_p(&launch->linkfd);
	cleanup_close_p(&launch->rootfd);
	cleanup_close_p(&launch->userfd);
	cleanup_close_p(&launch->netfd);
	cleanup_close_p(&launch->mntfd);
	cleanup_close_p(&launch->ttyfd);
	cleanup_close_p(&launch->ownersfd);
	launch->pidfd = launch->linkfd = launch->rootfd = -EBADF;
	launch->userfd = launch->netfd = launch->mntfd = -EBADF;
	launch->ttyfd = launch->ownersfd = -EBADF;
}

void
launch_release(struct launch *launch)
{
	launch_abort(launch);
	if (launch->late)
		(void)munmap(launch->late, sizeof(*launch->late));
	launch->late = NULL;
}
