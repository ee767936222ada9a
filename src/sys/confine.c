/* SPDX-License-Identifier: Apache-2.0 */
/*
 * sys/confine.c - a process gives up what its work does not need.
 *
 * Nothing here can be undone by the process itself: the old root is
 * unmounted, the bounding set emptied, the filter inherited by every thread.
 */
#include "sys/confine.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/capability.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <stdbool.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/cleanup.h"

#if defined(__x86_64__)
#define CONFINE_ARCH AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define CONFINE_ARCH AUDIT_ARCH_AARCH64
#elif defined(__riscv) && __riscv_xlen == 64
#define CONFINE_ARCH AUDIT_ARCH_RISCV64
#elif defined(__powerpc64__) && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
#define CONFINE_ARCH AUDIT_ARCH_PPC64LE
#elif defined(__s390x__)
#define CONFINE_ARCH AUDIT_ARCH_S390X
#else
#error "name this machine's AUDIT_ARCH"
#endif

/* Two instructions per number, and the kernel takes 4096. */
#define CONFINE_MAX_SYSCALLS 512

/* A detached copy of the mount below the working directory. */
static int
open_own_tree(struct err *err)
{
	struct mount_attr attr = { .attr_set = MOUNT_ATTR_NOSUID |
					       MOUNT_ATTR_NODEV |
					       MOUNT_ATTR_NOEXEC };
	int fd = open_tree(AT_FDCWD, ".", OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC);

	if (fd < 0)
		return err_sys(err, "take the confined root");
	/* Linux 5.12; without it the other walls still stand. */
	(void)mount_setattr(fd, "", AT_EMPTY_PATH, &attr, sizeof(attr));
	return fd;
}

static int
open_empty_tree(struct err *err)
{
	cleanup_close int fsfd = fsopen("tmpfs", FSOPEN_CLOEXEC);
	int fd;

	if (fsfd < 0)
		return err_sys(err, "make the empty root");
	if (fsconfig(fsfd, FSCONFIG_SET_STRING, "size", "4096", 0) < 0 ||
	    fsconfig(fsfd, FSCONFIG_SET_STRING, "mode", "0555", 0) < 0 ||
	    fsconfig(fsfd, FSCONFIG_CMD_CREATE, NULL, NULL, 0) < 0)
		return err_sys(err, "set up the empty root");
	fd = fsmount(fsfd, FSMOUNT_CLOEXEC,
		     MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV |
			     MOUNT_ATTR_NOEXEC);
	if (fd < 0)
		return err_sys(err, "mount the empty root");
	return fd;
}

/*
 * Make the detached tree @treefd, attached at @where, the root. pivot_root()
 * stacks the old root on the new one's ".", from where it is unmounted.
 */
static int
enter_tree(int treefd, const char *where, struct err *err)
{
	if (move_mount(treefd, "", AT_FDCWD, where, MOVE_MOUNT_F_EMPTY_PATH) <
	    0)
		return err_sys(err, "attach the confined root");
	if (fchdir(treefd) < 0)
		return err_sys(err, "enter the confined root");
	if (syscall(SYS_pivot_root, ".", ".") < 0)
		return err_sys(err, "change to the confined root");
	if (umount2(".", MNT_DETACH) < 0)
		return err_sys(err, "leave the old root");
	if (chdir("/") < 0)
		return err_sys(err, "enter the confined root");
	return 0;
}

int
confine_root(int dirfd, int flags, struct err *err)
{
	int spaces = CLONE_NEWNS | CLONE_NEWIPC | CLONE_NEWUTS;
	cleanup_close int treefd = -EBADF;

	if (flags & CONFINE_NEW_NET)
		spaces |= CLONE_NEWNET;
	/*
	 * The working directory follows into the new mount namespace, an fd
	 * does not: its mount would be a foreign one there.
	 */
	if (dirfd >= 0 && fchdir(dirfd) < 0)
		return err_sys(err, "enter the directory to be confined to");
	if (unshare(spaces) < 0)
		return err_sys(err, "make namespaces for a confined helper");
	if (mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0)
		return err_sys(err, "make mounts private");
	treefd = dirfd >= 0 ? open_own_tree(err) : open_empty_tree(err);
	if (treefd < 0)
		return treefd;
	return enter_tree(treefd, dirfd >= 0 ? "." : "/", err);
}

static int
drop_bounding(uint64_t keep, struct err *err)
{
	for (unsigned int cap = 0; cap < 64; cap++) {
		if (keep >> cap & 1)
			continue;
		if (prctl(PR_CAPBSET_DROP, cap, 0, 0, 0) == 0)
			continue;
		if (errno == EINVAL)
			return 0; /* past the kernel's last one */
		return err_sys(err, "drop capability %u", cap);
	}
	return 0;
}

int
confine_caps(uint64_t keep, struct err *err)
{
	struct __user_cap_header_struct head = {
		.version = _LINUX_CAPABILITY_VERSION_3,
	};
	struct __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3];
	int r = drop_bounding(keep, err);

	if (r < 0)
		return r;
	if (prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0) < 0)
		return err_sys(err, "clear ambient capabilities");
	if (syscall(SYS_capget, &head, data) < 0)
		return err_sys(err, "read capabilities");
	for (int i = 0; i < _LINUX_CAPABILITY_U32S_3; i++) {
		data[i].permitted &= (uint32_t)(keep >> (32 * i));
		data[i].effective = data[i].permitted;
		data[i].inheritable = 0;
	}
	if (syscall(SYS_capset, &head, data) < 0)
		return err_sys(err, "drop capabilities");
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
		return err_sys(err, "set no_new_privs");
	return 0;
}

struct program {
	struct sock_filter *code;
	size_t len;
	size_t cap;
};

static void
emit(struct program *prog, uint16_t code, uint8_t jt, uint8_t jf, uint32_t k)
{
	array_push(prog->code, prog->len, prog->cap,
		   (struct sock_filter){ code, jt, jf, k });
}

static void
emit_load(struct program *prog, size_t offset)
{
	emit(prog, BPF_LD | BPF_W | BPF_ABS, 0, 0, (uint32_t)offset);
}

static void
emit_return(struct program *prog, uint32_t action)
{
	emit(prog, BPF_RET | BPF_K, 0, 0, action);
}

/* The low half of an argument; flags of clone(2) fit in it. */
static size_t
argument_offset(size_t number)
{
	size_t at = offsetof(struct seccomp_data, args) + 8 * number;

	return __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__ ? at + 4 : at;
}

/* s390 has stack and flags the other way round. */
static size_t
clone_flags_offset(void)
{
#if defined(__s390x__)
	return argument_offset(1);
#else
	return argument_offset(0);
#endif
}

/* The number is loaded; an allowed one returns here, another falls out. */
static void
emit_allow(struct program *prog, int number)
{
	const uint8_t skip = number == SYS_clone ? 4 : 1;

	emit(prog, BPF_JMP | BPF_JEQ | BPF_K, 0, skip, (uint32_t)number);
	if (number == SYS_clone3) {
		/* Its flags lie in memory, out of a filter's sight. */
		emit_return(prog, SECCOMP_RET_ERRNO | ENOSYS);
		return;
	}
	if (number == SYS_clone) {
		emit_load(prog, clone_flags_offset());
		emit(prog, BPF_JMP | BPF_JSET | BPF_K, 1, 0, CLONE_THREAD);
		emit_return(prog, SECCOMP_RET_KILL_PROCESS);
	}
	emit_return(prog, SECCOMP_RET_ALLOW);
}

int
confine_syscalls(const int *numbers, size_t count, struct err *err)
{
	struct program prog = { .code = NULL };
	struct sock_fprog fprog;
	int r = 0;

	assert(count <= CONFINE_MAX_SYSCALLS);
	emit_load(&prog, offsetof(struct seccomp_data, arch));
	emit(&prog, BPF_JMP | BPF_JEQ | BPF_K, 1, 0, CONFINE_ARCH);
	emit_return(&prog, SECCOMP_RET_KILL_PROCESS);
	emit_load(&prog, offsetof(struct seccomp_data, nr));
	for (size_t i = 0; i < count; i++)
		emit_allow(&prog, numbers[i]);
	emit_return(&prog, SECCOMP_RET_KILL_PROCESS);

	fprog.len = (unsigned short)prog.len;
	fprog.filter = prog.code;
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
		r = err_sys(err, "set no_new_privs");
	else if (syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &fprog) < 0)
		r = err_sys(err, "install a system call filter");
	free(prog.code);
	return r;
}
