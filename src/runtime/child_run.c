/* SPDX-License-Identifier: Apache-2.0 */
/*
 * runtime/child_run.c - a container's first process, from clone to exec.
 *
 * The order matters: ids first (nothing can be owned before), then the root
 * file system, whose fd goes to the parent, which meanwhile finds out who the
 * user is; then mounts, the pivot, and last the loss of privileges.
 */
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/capability.h>
#include <net/if.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/io.h"
#include "runtime/child.h"
#include "sys/pty.h"

int
child_send(const struct child *child, enum rt_msg msg, const int *fds,
	   size_t fd_count, struct err *err)
{
	char byte = (char)msg;
	int r = io_send_fds(child->linkfd, &byte, 1, fds, fd_count);

	return r < 0 ? err_code(err, -r, "report to dhow") : 0;
}

int
child_wait(const struct child *child, enum rt_msg msg, struct err *err)
{
	char byte;
	ssize_t n;

	do
		n = read(child->linkfd, &byte, 1);
	while (n < 0 && errno == EINTR);
	/* End of file: the parent is gone, and so is the reason to go on. */
	if (n != 1 || byte != (char)msg)
		return err_set(err, ECANCELED, "dhow went away");
	return 0;
}

/* may: CAP_SETUID and CAP_SETGID in our userns; must not: touch files yet. */
static int
child_take_ids(const struct child *child, struct err *err)
{
	const struct rt_plan *plan = child->plan;
	uid_t uid = 0;
	gid_t gid = 0;

	if (idmap_to_outside(&plan->uids, 0) == IDMAP_UNMAPPED)
		uid = plan->uids.extents[0].inside;
	if (idmap_to_outside(&plan->gids, 0) == IDMAP_UNMAPPED)
		gid = plan->gids.extents[0].inside;
	if (prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0) < 0)
		return err_sys(err, "keep capabilities");
	if (!plan->deny_setgroups && setgroups(0, NULL) < 0)
		return err_sys(err, "drop supplementary groups");
	if (setresgid(gid, gid, gid) < 0 || setresuid(uid, uid, uid) < 0)
		return err_sys(err, "take the container's ids");
	return 0;
}

static int
child_loopback_up(struct err *err)
{
	struct ifreq req = { .ifr_name = "lo", .ifr_flags = IFF_UP };
	cleanup_close int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	if (fd < 0 || ioctl(fd, SIOCSIFFLAGS, &req) < 0)
		return err_sys(err, "bring up the loopback interface");
	return 0;
}

static int
child_name_host(const struct rt_plan *plan, struct err *err)
{
	if (plan->hostname &&
	    sethostname(plan->hostname, strlen(plan->hostname)) < 0)
		return err_sys(err, "set the host name");
	if (plan->domainname &&
	    setdomainname(plan->domainname, strlen(plan->domainname)) < 0)
		return err_sys(err, "set the domain name");
	return plan->loopback_up ? child_loopback_up(err) : 0;
}

/* Who gives it interfaces can begin at once. */
static int
child_show_network(const struct child *child, struct err *err)
{
	cleanup_close int net = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);

	if (net < 0)
		return err_sys(err, "open our network namespace");
	return child_send(child, RT_MSG_NET, &net, 1, err);
}

void
child_reset_signals(void)
{
	static const int ignored[] = { SIGHUP,  SIGINT,  SIGQUIT, SIGPIPE,
				       SIGTSTP, SIGTTIN, SIGTTOU };

	for (size_t i = 0; i < sizeof(ignored) / sizeof(ignored[0]); i++)
		(void)signal(ignored[i], SIG_DFL);
}

int
child_join_cgroups(const struct rt_plan *plan, struct err *err)
{
	const int *fd = plan->cgroup_procs;

	for (; fd && *fd >= 0; fd++)
		if (write(*fd, "0", 1) < 0)
			return err_sys(err, "enter the container's cgroup");
	return 0;
}

static int
child_setup_namespaces(struct child *child, struct err *err)
{
	const struct rt_plan *plan = child->plan;
	int r = child_join_cgroups(plan, err);

	if (r < 0)
		return r;
	/* Runs while the parent writes our id maps. */
	if (unshare((int)plan->unshare_flags) < 0)
		return err_sys(err, "create namespaces");
	r = child_show_network(child, err);
	if (r == 0)
		r = child_wait(child, RT_MSG_MAPS, err);
	if (r == 0)
		r = child_take_ids(child, err);
	/* Ids changed, so the kernel forgot that we die with our parent. */
	if (r == 0 && prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) < 0)
		r = err_sys(err, "tie to dhow");
	return r < 0 ? r : child_name_host(plan, err);
}

/*
 * Our root and namespaces, as fds: the parent may not open them itself once
 * our ids are no longer its own.
 */
static int
child_show_root(const struct child *child, struct err *err)
{
	cleanup_close int user =
		open("/proc/self/ns/user", O_RDONLY | O_CLOEXEC);
	cleanup_close int mnt = open("/proc/self/ns/mnt", O_RDONLY | O_CLOEXEC);
	int fds[RT_ROOT_FDS] = { child->rootfd, user, mnt };

	if (user < 0 || mnt < 0)
		return err_sys(err, "open our namespaces");
	return child_send(child, RT_MSG_ROOT, fds, RT_ROOT_FDS, err);
}

static int
child_setup_root(struct child *child, struct err *err)
{
	const struct rt_plan *plan = child->plan;
	int r;

	r = mountx_propagate_all(
		plan->shared_propagation ? MS_SLAVE : MS_PRIVATE, err);
	if (r == 0 && chdir(plan->store_path) < 0)
		r = err_sys(err, "enter '%s'", plan->store_path);
	if (r == 0)
		r = child_mount_root(child, err);
	return r < 0 ? r : child_show_root(child, err);
}

static int
child_setup_mounts(struct child *child, struct err *err)
{
	const struct rt_plan *plan = child->plan;
	int r = 0;

	for (size_t i = 0; r == 0 && i < plan->base_mount_count; i++)
		r = child_mount(child, &plan->base_mounts[i], err);
	if (r == 0)
		r = child_hold_sysctls(child, err);
	if (r == 0 && !plan->visit)
		r = child_setup_dev(child, err);
	/* Volumes are filled and the user is known after this. */
	if (r == 0)
		r = child_wait(child, RT_MSG_LATE, err);
	for (size_t i = 0; r == 0 && i < plan->mount_count; i++) {
		r = child_mount(child, &plan->mounts[i], err);
		if (r < 0)
			r = err_wrap(err, r, "mount '%s'",
				     plan->mounts[i].target);
	}
	if (r == 0)
		r = child_mask_paths(child, err);
	if (r == 0 && plan->root.readonly)
		r = mountx_setattr(child->rootfd, MOUNTX_RDONLY, 0, 0, false,
				   err);
	/* What is left is for the container's processors. */
	if (child->late->spread)
		spread_end(&child->late->cpus);
	return r < 0 ? r : mountx_pivot(child->rootfd, err);
}

static int
child_visit(const struct child *child, struct err *err)
{
	const struct rt_plan *plan = child->plan;
	cleanup_close int rootfd =
		open("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int r;

	if (rootfd < 0)
		return err_sys(err, "open the container's root");
	r = child_wait(child, RT_MSG_GO, err);
	return r < 0 ? r : plan->visit(plan->visit_data, rootfd, err);
}

static int
child_await_network(struct child *child, struct err *err)
{
	int r = child->is_joined ? 0 : child_wait(child, RT_MSG_GO, err);

	child->is_joined = r == 0;
	return r;
}

/* Who joins the network sets some as well: the user's word is the last. */
static int
child_apply_sysctls(struct child *child, struct err *err)
{
	int r;

	if (!child->plan->sysctl_count)
		return 0;
	r = child_await_network(child, err);
	return r < 0 ? r : child_write_sysctls(child, err);
}

static int
child_go(struct child *child, struct err *err)
{
	int r;

	r = child_setup_namespaces(child, err);
	if (r == 0)
		r = child_setup_root(child, err);
	if (r == 0)
		r = child_setup_mounts(child, err);
	if (r == 0 && child->plan->visit) {
		r = child_visit(child, err);
		if (r == 0)
			_exit(0);
	}
	if (r == 0)
		r = child_apply_sysctls(child, err);
	if (r == 0 && child->plan->init)
		r = child_reaper(child, err);
	if (r == 0)
		r = child_become(child, err);
	/* Nothing of what is left to do needs the network: it comes last. */
	if (r == 0)
		r = child_await_network(child, err);
	return r < 0 ? r : child_exec(child, err);
}

_Noreturn void
child_run(const struct rt_plan *plan, struct rt_late *late, int linkfd)
{
	struct child child = {
		.plan = plan,
		.late = late,
		.linkfd = linkfd,
		.rootfd = -EBADF,
		.sysctlsfd = -EBADF,
		.stdio = { plan->stdio[0], plan->stdio[1], plan->stdio[2] },
	};
	struct err err = ERR_INIT;
	sigset_t none;

	__atomic_store_n(&late->begun, true, __ATOMIC_RELAXED);
	(void)prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
	(void)sigemptyset(&none);
	(void)sigprocmask(SIG_SETMASK, &none, NULL);
	child_reset_signals();
	(void)child_go(&child, &err);
	/* Nobody to tell when this fails: the parent sees us end. */
	(void)!write(linkfd, &err, sizeof(err));
	_exit(127);
}
