/* SPDX-License-Identifier: Apache-2.0 */
/*
 * net/net_confine.c - the walls around the two halves of dhow-net.
 *
 * The kernel walks a filter from its start: what a loop calls most comes
 * first.
 */
#include "net/net_confine.h"

#include <linux/capability.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

#include "base/alloc.h"
#include "sys/confine.h"

#define BIT(cap) (UINT64_C(1) << (cap))

/* Memory, time and the end: what libc needs behind any of our calls. */
#define COMMON_CALLS                                                          \
	SYS_brk, SYS_mmap, SYS_munmap, SYS_mremap, SYS_madvise, SYS_mprotect, \
		SYS_clock_gettime, SYS_getrandom, SYS_futex,                  \
		SYS_rt_sigprocmask, SYS_rt_sigaction, SYS_rt_sigreturn,       \
		SYS_restart_syscall, SYS_getpid, SYS_gettid, SYS_tgkill,      \
		SYS_exit, SYS_exit_group

static const int outer_calls[] = {
	SYS_read,
	SYS_write,
#ifdef SYS_poll
	SYS_poll,
#endif
	SYS_ppoll,
	SYS_recvfrom,
	SYS_sendto,
	SYS_recvmsg,
	SYS_sendmsg,
#ifdef SYS_epoll_wait
	SYS_epoll_wait,
#endif
	SYS_epoll_pwait,
	SYS_epoll_ctl,
	SYS_epoll_create1,
	SYS_close,
	SYS_socket,
	SYS_connect,
	SYS_bind,
	SYS_listen,
	SYS_accept4,
	SYS_accept,
	SYS_shutdown,
	SYS_getsockopt,
	SYS_setsockopt,
	SYS_getsockname,
	SYS_getpeername,
	SYS_fcntl,
	SYS_ioctl,
	SYS_timerfd_create,
	SYS_timerfd_settime,
	SYS_readv,
	SYS_writev,
	SYS_wait4,
	COMMON_CALLS,
};

static const int inner_calls[] = {
	SYS_recvfrom,       SYS_sendto,
#ifdef SYS_epoll_wait
	SYS_epoll_wait,
#endif
	SYS_epoll_pwait,    SYS_epoll_ctl,
	SYS_epoll_create1,  SYS_read,
	SYS_write,          SYS_recvmsg,
	SYS_sendmsg,
#ifdef SYS_poll
	SYS_poll,
#endif
	SYS_ppoll,          SYS_accept4,
	SYS_socket,         SYS_connect,
	SYS_bind,           SYS_listen,
	SYS_shutdown,       SYS_getsockopt,
	SYS_setsockopt,     SYS_getsockname,
	SYS_close,          SYS_fcntl,
	SYS_timerfd_create, SYS_timerfd_settime,
	SYS_setns,          SYS_openat,
	SYS_newfstatat,     SYS_fstat,
	SYS_unlinkat,       SYS_geteuid,
	COMMON_CALLS,
};

static int
confine(uint64_t caps, const int *calls, size_t count, struct err *err)
{
	int r = confine_root(-1, 0, err);

	if (r < 0)
		return r;
	r = confine_caps(caps, err);
	if (r < 0)
		return r;
	/* Nobody but our user's own root may look into us. */
	if (prctl(PR_SET_DUMPABLE, 0) < 0)
		return err_sys(err, "refuse to be dumped");
	return confine_syscalls(calls, count, err);
}

int
net_confine_outer(struct err *err)
{
	return confine(0, outer_calls, ARRAY_LEN(outer_calls), err);
}

int
net_confine_inner(struct err *err)
{
	return confine(BIT(CAP_NET_ADMIN) | BIT(CAP_NET_RAW) |
			       BIT(CAP_NET_BIND_SERVICE) | BIT(CAP_SYS_ADMIN),
		       inner_calls, ARRAY_LEN(inner_calls), err);
}
