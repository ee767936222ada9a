/* SPDX-License-Identifier: Apache-2.0 */
/*
 * runtime/seccomp_default.c - the profile of a container that names none.
 *
 * It behaves as Docker's documented default: what is not listed here fails
 * with EPERM, and what is newer than the list with ENOSYS, so that libraries
 * fall back. Calls that need a capability on the host's side are there only
 * for containers that hold it. Left out for good: keyrings (not namespaced),
 * kexec and modules without the capability, io_uring and userfaultfd (kernel
 * bugs' favourite tools), swap, quota and the obsolete.
 *
 * Two calls are looked at more closely by the guard that seccomp_compile()
 * puts in front: ioctl (pushing input into a terminal) and socket (AF_VSOCK).
 */
#include <linux/capability.h>
#include <sched.h>
#include <string.h>
#include <sys/personality.h>

#include "base/alloc.h"
#include "runtime/seccomp_rules.h"

#define CAP_BIT(cap) (UINT64_C(1) << (cap))

/* Flags that make clone(2) open a namespace. */
#define CLONE_NAMESPACES                                               \
	(CLONE_NEWNS | CLONE_NEWCGROUP | CLONE_NEWUTS | CLONE_NEWIPC | \
	 CLONE_NEWUSER | CLONE_NEWPID | CLONE_NEWNET)

struct default_group {
	uint64_t needs;      /* applies when any of these is held; 0: always */
	unsigned int kernel; /* and the kernel is major * 1000 + minor or up */
	const char *arch;    /* and the architecture is this; NULL: any */
	const char *calls;
};

static const struct default_group groups[] = {
	/* files and directories */
	{ 0, 0, NULL,
	  "access chdir chmod chown chown32 close close_range copy_file_range "
	  "creat dup dup2 dup3 faccessat faccessat2 fadvise64 fadvise64_64 "
	  "fallocate fanotify_mark fchdir fchmod fchmodat fchmodat2 fchown "
	  "fchown32 fchownat fcntl fcntl64 fdatasync flock fstat fstat64 "
	  "fstatat64 fstatfs fstatfs64 fsync ftruncate ftruncate64 futimesat "
	  "getcwd getdents getdents64 ioctl lchown lchown32 link linkat "
	  "_llseek lseek lstat lstat64 mkdir mkdirat mknod mknodat "
	  "name_to_handle_at newfstatat open openat openat2 readahead readlink "
	  "readlinkat rename renameat renameat2 rmdir stat stat64 statfs "
	  "statfs64 statmount listmount statx symlink symlinkat sync "
	  "sync_file_range syncfs truncate truncate64 umask unlink unlinkat "
	  "utime utimensat utimensat_time64 utimes" },
	{ 0, 0, NULL,
	  "fgetxattr flistxattr fremovexattr fsetxattr getxattr getxattrat "
	  "lgetxattr listxattr listxattrat llistxattr lremovexattr lsetxattr "
	  "removexattr removexattrat setxattr setxattrat" },
	{ 0, 0, NULL,
	  "inotify_add_watch inotify_init inotify_init1 inotify_rm_watch "
	  "landlock_add_rule landlock_create_ruleset landlock_restrict_self" },
	/* reading, writing, waiting */
	{ 0, 0, NULL,
	  "epoll_create epoll_create1 epoll_ctl epoll_ctl_old epoll_pwait "
	  "epoll_pwait2 epoll_wait epoll_wait_old eventfd eventfd2 io_cancel "
	  "io_destroy io_getevents io_pgetevents io_pgetevents_time64 "
	  "io_setup io_submit _newselect pipe pipe2 poll ppoll ppoll_time64 "
	  "pread64 preadv preadv2 pselect6 pselect6_time64 pwrite64 pwritev "
	  "pwritev2 read readv select sendfile sendfile64 signalfd signalfd4 "
	  "splice tee vmsplice write writev" },
	/* memory */
	{ 0, 0, NULL,
	  "brk cachestat madvise map_shadow_stack membarrier memfd_create "
	  "memfd_secret mincore mlock mlock2 mlockall mmap mmap2 mprotect "
	  "mremap mseal msync munlock munlockall munmap pkey_alloc pkey_free "
	  "pkey_mprotect process_mrelease remap_file_pages" },
	/* processes, identities, limits */
	{ 0, 0, NULL,
	  "capget capset execve execveat exit exit_group fork getcpu getegid "
	  "getegid32 geteuid geteuid32 getgid getgid32 getgroups getgroups32 "
	  "getpgid getpgrp getpid getppid getpriority getresgid getresgid32 "
	  "getresuid getresuid32 getrlimit getrusage getsid gettid getuid "
	  "getuid32 ioprio_get ioprio_set kill pause pidfd_open "
	  "pidfd_send_signal prctl prlimit64 seccomp setfsgid setfsgid32 "
	  "setfsuid setfsuid32 setgid setgid32 setgroups setgroups32 setpgid "
	  "setpriority setregid setregid32 setresgid setresgid32 setresuid "
	  "setresuid32 setreuid setreuid32 setrlimit setsid setuid setuid32 "
	  "sysinfo tgkill tkill ugetrlimit uname vfork wait4 waitid waitpid" },
	{ 0, 0, NULL,
	  "rt_sigaction rt_sigpending rt_sigprocmask rt_sigqueueinfo "
	  "rt_sigreturn rt_sigsuspend rt_sigtimedwait rt_sigtimedwait_time64 "
	  "rt_tgsigqueueinfo restart_syscall sigaction sigaltstack signal "
	  "sigpending sigprocmask sigreturn sigsuspend" },
	/* threads and scheduling */
	{ 0, 0, NULL,
	  "futex futex_requeue futex_time64 futex_wait futex_waitv futex_wake "
	  "get_robust_list get_thread_area rseq sched_get_priority_max "
	  "sched_get_priority_min sched_getaffinity sched_getattr "
	  "sched_getparam sched_getscheduler sched_rr_get_interval "
	  "sched_rr_get_interval_time64 sched_setaffinity sched_setattr "
	  "sched_setparam sched_setscheduler sched_yield set_robust_list "
	  "set_thread_area set_tid_address uretprobe" },
	/* clocks: setting one needs the capability in any case */
	{ 0, 0, NULL,
	  "adjtimex alarm clock_adjtime clock_adjtime64 clock_getres "
	  "clock_getres_time64 clock_gettime clock_gettime64 clock_nanosleep "
	  "clock_nanosleep_time64 getitimer gettimeofday nanosleep setitimer "
	  "time timer_create timer_delete timer_getoverrun timer_gettime "
	  "timer_gettime64 timer_settime timer_settime64 timerfd_create "
	  "timerfd_gettime timerfd_gettime64 timerfd_settime "
	  "timerfd_settime64 times" },
	/* talking to others */
	{ 0, 0, NULL,
	  "accept accept4 bind connect getpeername getsockname getsockopt "
	  "listen recv recvfrom recvmmsg recvmmsg_time64 recvmsg send "
	  "sendmmsg sendmsg sendto setsockopt shutdown socket socketcall "
	  "socketpair" },
	{ 0, 0, NULL,
	  "ipc mq_getsetattr mq_notify mq_open mq_timedreceive "
	  "mq_timedreceive_time64 mq_timedsend mq_timedsend_time64 mq_unlink "
	  "msgctl msgget msgrcv msgsnd semctl semget semop semtimedop "
	  "semtimedop_time64 shmat shmctl shmdt shmget" },
	{ 0, 0, NULL, "getrandom lsm_get_self_attr lsm_list_modules" },
	/* looking into processes: before 4.8 ptrace went around seccomp */
	{ 0, 4008, NULL, "process_vm_readv process_vm_writev ptrace" },
	{ CAP_BIT(CAP_SYS_PTRACE), 0, NULL,
	  "kcmp pidfd_getfd process_madvise process_vm_readv "
	  "process_vm_writev ptrace" },
	/* one architecture's own */
	{ 0, 0, "amd64", "arch_prctl modify_ldt" },
	{ 0, 0, "arm64",
	  "arm_fadvise64_64 arm_sync_file_range breakpoint cacheflush "
	  "set_tls sync_file_range2" },
	{ 0, 0, "ppc64le", "sync_file_range2 swapcontext" },
	{ 0, 0, "riscv64", "riscv_flush_icache riscv_hwprobe" },
	{ 0, 0, "s390x",
	  "s390_pci_mmio_read s390_pci_mmio_write s390_runtime_instr" },
	/* with the capability that the call is about */
	{ CAP_BIT(CAP_BPF), 0, NULL, "bpf" },
	{ CAP_BIT(CAP_DAC_READ_SEARCH), 0, NULL, "open_by_handle_at" },
	{ CAP_BIT(CAP_PERFMON), 0, NULL, "perf_event_open" },
	{ CAP_BIT(CAP_SYS_ADMIN), 0, NULL,
	  "bpf clone clone3 fanotify_init fsconfig fsmount fsopen fspick "
	  "lookup_dcookie lsm_set_self_attr mount mount_setattr move_mount "
	  "open_tree open_tree_attr perf_event_open pivot_root quotactl "
	  "quotactl_fd setdomainname sethostname setns syslog umount umount2 "
	  "unshare" },
	{ CAP_BIT(CAP_SYS_BOOT), 0, NULL, "reboot" },
	{ CAP_BIT(CAP_SYS_CHROOT), 0, NULL, "chroot" },
	{ CAP_BIT(CAP_SYS_MODULE), 0, NULL,
	  "delete_module finit_module init_module" },
	{ CAP_BIT(CAP_SYS_NICE), 0, NULL,
	  "get_mempolicy mbind set_mempolicy set_mempolicy_home_node" },
	{ CAP_BIT(CAP_SYS_PACCT), 0, NULL, "acct" },
	{ CAP_BIT(CAP_SYS_RAWIO), 0, NULL, "ioperm iopl" },
	{ CAP_BIT(CAP_SYS_TIME), 0, NULL,
	  "clock_settime clock_settime64 settimeofday stime" },
	{ CAP_BIT(CAP_SYS_TTY_CONFIG), 0, NULL, "vhangup" },
	{ CAP_BIT(CAP_SYSLOG), 0, NULL, "syslog" },
};

/* What programs ask of personality(2): Linux, 32 bits, version 2.6. */
static const uint64_t personalities[] = {
	PER_LINUX,  PER_LINUX32, UNAME26, UNAME26 | PER_LINUX32,
	0xffffffff, /* only ask */
};

static bool
group_applies(const struct default_group *group,
	      const struct seccomp_host *host)
{
	unsigned int kernel = host->kernel[0] * 1000 + host->kernel[1];

	return (!group->needs || (group->needs & host->caps)) &&
	       kernel >= group->kernel &&
	       (!group->arch || strcmp(group->arch, host->arch) == 0);
}

static struct seccomp_rule *
allow(struct seccomp_rules *rules, const char *calls)
{
	struct seccomp_rule *rule = seccomp_rules_add(rules, SCMP_ACT_ALLOW);

	strvec_split(&rule->names, calls, " ");
	return rule;
}

/* Without CAP_SYS_ADMIN clone(2) makes processes, never namespaces. */
static void
allow_clone(const struct seccomp_host *host, struct seccomp_rules *rules)
{
	struct seccomp_rule *rule = allow(rules, "clone");

	rule->arg_count = 1;
	rule->args[0] = (struct scmp_arg_cmp){
		.arg = strcmp(host->arch, "s390x") == 0 ? 1 : 0,
		.op = SCMP_CMP_MASKED_EQ,
		.datum_a = CLONE_NAMESPACES,
		.datum_b = 0,
	};
	/* Its flags lie in memory: libraries fall back to clone. */
	rule = seccomp_rules_add(rules, SCMP_ACT_ERRNO(ENOSYS));
	strvec_add(&rule->names, "clone3");
}

void
seccomp_default_rules(const struct seccomp_host *host,
		      struct seccomp_rules *rules)
{
	rules->default_action = SCMP_ACT_ERRNO(EPERM);
	rules->guard = true;
	if (host->scmp_arch == SCMP_ARCH_X86_64)
		rules->archs[rules->arch_count++] = SCMP_ARCH_X86;
	if (host->scmp_arch == SCMP_ARCH_AARCH64)
		rules->archs[rules->arch_count++] = SCMP_ARCH_ARM;
	for (size_t i = 0; i < ARRAY_LEN(groups); i++)
		if (group_applies(&groups[i], host))
			(void)allow(rules, groups[i].calls);
	for (size_t i = 0; i < ARRAY_LEN(personalities); i++) {
		struct seccomp_rule *rule = allow(rules, "personality");

		rule->arg_count = 1;
		rule->args[0] = (struct scmp_arg_cmp){
			.arg = 0,
			.op = SCMP_CMP_EQ,
			.datum_a = personalities[i],
		};
	}
	if (!(host->caps & CAP_BIT(CAP_SYS_ADMIN)))
		allow_clone(host, rules);
}

uint64_t
seccomp_default_hash(void)
{
	/* Raised when what is not in the table changes. */
	uint64_t hash = seccomp_hash(SECCOMP_HASH_INIT, "1", 1);

	for (size_t i = 0; i < ARRAY_LEN(groups); i++) {
		const struct default_group *group = &groups[i];

		hash = seccomp_hash(hash, &group->needs, sizeof(group->needs));
		hash = seccomp_hash(hash, group->calls, strlen(group->calls));
	}
	return hash;
}
