/* SPDX-License-Identifier: Apache-2.0 */
/*
 * runtime/owner_watch.c - who answers calls about owners in single-id mode.
 *
 * The process is a member of the container's user and mount namespaces, with
 * the container's root as its own, and no more rights than the container's
 * root has. So names mean to it what they mean to who calls, and a container
 * that changes a name under it reaches nothing that it could not reach by
 * itself. Of the host it keeps a fd of /proc, to look at who calls.
 */
#include "runtime/owner_watch.h"

#include <fcntl.h>
#include <limits.h>
#include <linux/audit.h>
#include <linux/close_range.h>
#include <linux/seccomp.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/uio.h>
#include <unistd.h>

#include "archive/owner_mark.h"
#include "base/cleanup.h"
#include "base/fsx.h"
#include "base/text.h"
#include "base/units.h"
#include "sys/ns.h"

#define NO_ID UINT32_MAX
#define PAGE_BYTES 4096
/* The kernel's structs may grow; it writes no more than it knows. */
#define NOTIF_BYTES 1024

struct owner_watch {
	int listenfd;
	int procfd; /* the host's /proc */
	int rootfd; /* the container's root */
	struct statx root;
	uint32_t uid, gid; /* the one id */
	struct step_down *down;
};

/* A call, as it arrived. */
struct call {
	const struct seccomp_notif *notif;
	enum call_kind {
		CALL_CHOWN,
		CALL_MKNOD,
	} kind;
	int dirfd;     /* of the caller; AT_FDCWD */
	uint64_t path; /* in its memory; 0: dirfd itself */
	bool follow;
	uint32_t uid, gid;
	mode_t mode;
	uint32_t dev; /* as the kernel packs it */
};

static const uint64_t *
args_of(const struct call *call)
{
	return (const uint64_t *)call->notif->data.args;
}

static void
decode_at(struct call *call, bool has_dirfd)
{
	const uint64_t *args = args_of(call);

	call->dirfd = has_dirfd ? (int)args[0] : AT_FDCWD;
	call->path = args[has_dirfd];
}

static void
decode_chown(struct call *call, unsigned int first)
{
	const uint64_t *args = args_of(call);

	call->kind = CALL_CHOWN;
	call->uid = (uint32_t)args[first];
	call->gid = (uint32_t)args[first + 1];
}

static void
decode_mknod(struct call *call, unsigned int first)
{
	const uint64_t *args = args_of(call);

	call->kind = CALL_MKNOD;
	decode_at(call, first == 2);
	call->mode = (mode_t)args[first];
	call->dev = (uint32_t)args[first + 1];
}

static void
decode_fchownat(struct call *call)
{
	uint64_t flags = args_of(call)[4];

	decode_at(call, true);
	decode_chown(call, 2);
	call->follow = !(flags & AT_SYMLINK_NOFOLLOW);
}

/* Which of the watched calls it is; false for any other. */
static bool
decode(struct call *call)
{
	bool is_compat = call->notif->data.arch == AUDIT_ARCH_I386;
	int nr = call->notif->data.nr;

	call->follow = true;
	if (is_compat ? nr == 298 : nr == SYS_fchownat) {
		decode_fchownat(call);
	} else if (is_compat ? nr == 297 : nr == SYS_mknodat) {
		decode_mknod(call, 2);
	} else if (is_compat ? nr == 207 : nr == SYS_fchown) {
		call->dirfd = (int)args_of(call)[0];
		decode_chown(call, 1);
#ifdef SYS_chown
	} else if (is_compat ? nr == 14 : nr == SYS_mknod) {
		decode_mknod(call, 1);
	} else if (is_compat ? nr == 198 || nr == 212
			     : nr == SYS_lchown || nr == SYS_chown) {
		decode_at(call, false);
		decode_chown(call, 1);
		call->follow = nr == (is_compat ? 212 : SYS_chown);
#endif
	} else {
		return false;
	}
	return true;
}

/* The caller's text at @addr. Returns 0, -EFAULT or -ENAMETOOLONG. */
static int
read_text(pid_t pid, uint64_t addr, char text[PATH_MAX])
{
	size_t len = 0;

	/* Page by page: the next one need not be there. */
	while (len < PATH_MAX) {
		size_t want = PAGE_BYTES - (addr + len) % PAGE_BYTES;
		struct iovec to = { text + len, want };
		struct iovec from = { (void *)(uintptr_t)(addr + len), 0 };
		ssize_t n;

		if (want > PATH_MAX - len)
			want = PATH_MAX - len;
		to.iov_len = from.iov_len = want;
		n = process_vm_readv(pid, &to, 1, &from, 1, 0);
		if (n <= 0)
			return -EFAULT;
		if (memchr(text + len, '\0', (size_t)n))
			return 0;
		len += (size_t)n;
	}
	return -ENAMETOOLONG;
}

static int
open_of(const struct owner_watch *watch, pid_t pid, const char *what)
{
	char path[64];
	int fd;

	(void)snprintf(path, sizeof(path), "%d/%s", (int)pid, what);
	fd = openat(watch->procfd, path, O_PATH | O_CLOEXEC);
	return fd < 0 ? -errno : fd;
}

static int
open_dirfd(const struct owner_watch *watch, const struct call *call)
{
	pid_t pid = (pid_t)call->notif->pid;
	char what[32];

	if (call->dirfd == AT_FDCWD)
		return open_of(watch, pid, "cwd");
	(void)snprintf(what, sizeof(what), "fd/%d", call->dirfd);
	return open_of(watch, pid, what);
}

/* Names are looked up from the caller's root. Returns 0 or -errno. */
static int
enter_root(const struct owner_watch *watch, pid_t pid)
{
	cleanup_close int fd = open_of(watch, pid, "root");
	struct stat st;

	if (fd < 0)
		return fd;
	if (fstat(fd, &st) < 0)
		return -errno;
	if (st.st_ino == watch->root.stx_ino &&
	    major(st.st_dev) == watch->root.stx_dev_major &&
	    minor(st.st_dev) == watch->root.stx_dev_minor)
		return 0;
	return fchdir(fd) < 0 || chroot(".") < 0 ? -errno : 1;
}

static void
leave_root(const struct owner_watch *watch)
{
	if (fchdir(watch->rootfd) < 0 || chroot(".") < 0)
		_exit(1);
}

/*
 * Open @path (or, NULL, the call's own fd) as the caller would have.
 * Returns an O_PATH fd or -errno.
 */
static int
open_path(const struct owner_watch *watch, const struct call *call,
	  const char *path, int flags)
{
	cleanup_close int dirfd = -EBADF;
	int fd, r;

	if (!path || *path != '/') {
		dirfd = open_dirfd(watch, call);
		if (dirfd < 0 || !path || !*path)
			return take_fd(dirfd);
	}
	r = enter_root(watch, (pid_t)call->notif->pid);
	if (r < 0)
		return r;
	fd = openat(dirfd, path, O_PATH | O_CLOEXEC | flags);
	if (fd < 0)
		fd = -errno;
	if (r > 0)
		leave_root(watch);
	return fd;
}

/* Is it of the container's own file system, and no volume or /dev? */
static bool
is_own(const struct owner_watch *watch, int fd)
{
	struct statx stx;

	if (statx(fd, "", AT_EMPTY_PATH, STATX_BASIC_STATS | STATX_MNT_ID,
		  &stx) < 0)
		return false;
	if (watch->root.stx_mask & STATX_MNT_ID)
		return stx.stx_mnt_id == watch->root.stx_mnt_id;
	/* Before 5.8: as far as the device tells. */
	return stx.stx_dev_major == watch->root.stx_dev_major &&
	       stx.stx_dev_minor == watch->root.stx_dev_minor;
}

/* An O_PATH fd as one whose attributes can be changed. */
static int
reopen(const struct owner_watch *watch, int fd)
{
	char path[32];
	int own;

	(void)snprintf(path, sizeof(path), "self/fd/%d", fd);
	own = openat(watch->procfd, path,
		     O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	return own < 0 ? -errno : own;
}

static bool
is_still_there(const struct owner_watch *watch, const struct call *call)
{
	return ioctl(watch->listenfd, SECCOMP_IOCTL_NOTIF_ID_VALID,
		     &call->notif->id) == 0;
}

static int
record_owner(const struct owner_watch *watch, const struct call *call, int fd,
	     const struct stat *st)
{
	struct owner owner = { .type = S_ISDIR(st->st_mode) ? 'd' : 'f',
			       .mode = st->st_mode & 01777,
			       .uid = watch->uid,
			       .gid = watch->gid };
	cleanup_close int own = reopen(watch, fd);
	int r;

	if (own < 0)
		return own;
	(void)owner_mark_get(own, &owner);
	if (call->uid != NO_ID)
		owner.uid = call->uid;
	if (call->gid != NO_ID)
		owner.gid = call->gid;
	/* As the kernel does it for a file that changes hands. */
	if (S_ISREG(st->st_mode))
		owner.mode &= 01777;
	r = owner_mark_set(own, &owner);
	/* No attributes here: as it is without us. */
	return r == -EOPNOTSUPP ? 0 : r;
}

static int
do_chown(const struct owner_watch *watch, const struct call *call, int fd)
{
	struct stat st;

	if (!is_own(watch, fd))
		return 0;
	/* To whom it belongs: copies it up, clears set-id bits. */
	if (fchownat(fd, "", call->uid == NO_ID ? NO_ID : watch->uid,
		     call->gid == NO_ID ? NO_ID : watch->gid,
		     AT_EMPTY_PATH) < 0 &&
	    errno != EPERM && errno != EINVAL)
		return -errno;
	if (fstat(fd, &st) < 0)
		return -errno;
	if (!S_ISREG(st.st_mode) && !S_ISDIR(st.st_mode))
		return 0;
	return record_owner(watch, call, fd, &st);
}

static mode_t
umask_of(const struct owner_watch *watch, pid_t pid)
{
	char path[32], text[4096];
	unsigned int mask;
	cleanup_close int fd = -EBADF;
	const char *at;
	ssize_t n;

	(void)snprintf(path, sizeof(path), "%d/status", (int)pid);
	fd = openat(watch->procfd, path, O_RDONLY | O_CLOEXEC);
	n = fd < 0 ? -1 : read(fd, text, sizeof(text) - 1);
	if (n <= 0)
		return 022;
	text[n] = '\0';
	at = strstr(text, "\nUmask:\t");
	if (!at || sscanf(at + 8, "%o", &mask) != 1)
		return 022;
	return mask & 0777;
}

/* An empty file stands in for the device. */
static int
do_mknod(const struct owner_watch *watch, const struct call *call,
	 const char *path)
{
	mode_t mode = call->mode & ~umask_of(watch, (pid_t)call->notif->pid);
	struct owner owner = { .type = S_ISCHR(call->mode) ? 'c' : 'b',
			       .mode = mode & 07777,
			       .uid = watch->uid,
			       .gid = watch->gid,
			       .dev_major = (call->dev >> 8) & 0xfff,
			       .dev_minor = (call->dev & 0xff) |
					    ((call->dev >> 12) & 0xfff00) };
	const char *slash = strrchr(path, '/');
	char dir[PATH_MAX];
	cleanup_close int dirfd = -EBADF;
	cleanup_close int fd = -EBADF;

	(void)snprintf(dir, sizeof(dir), "%.*s",
		       slash ? (int)(slash - path) + 1 : 1, slash ? path : ".");
	dirfd = open_path(watch, call, dir, O_DIRECTORY);
	if (dirfd < 0 || !is_own(watch, dirfd))
		return dirfd < 0 ? dirfd : 0;
	fd = openat(dirfd, slash ? slash + 1 : path,
		    O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC,
		    mode & 0777);
	if (fd < 0)
		return -errno;
	return owner_mark_set(fd, &owner);
}

/* /proc/self means another to us; nobody's owner is recorded there. */
static bool
is_of_proc(const char *path)
{
	return text_starts(path, "/proc/") || text_starts(path, "/dev/");
}

static int
do_call(const struct owner_watch *watch, const struct call *call)
{
	char path[PATH_MAX] = "";
	cleanup_close int fd = -EBADF;
	int r = call->path
			? read_text((pid_t)call->notif->pid, call->path, path)
			: 0;

	if (r < 0)
		return r;
	if (call->kind == CALL_MKNOD)
		return is_still_there(watch, call) ? do_mknod(watch, call, path)
						   : -ESRCH;
	fd = open_path(watch, call, call->path ? path : NULL,
		       call->follow ? 0 : O_NOFOLLOW);
	if (fd < 0)
		return is_of_proc(path) ? 0 : fd;
	/* Whose number it was may be another's by now. */
	return is_still_there(watch, call) ? do_chown(watch, call, fd) : -ESRCH;
}

/* It is let believe, unless it asks and asks. Returns 0 or -errno. */
static int
do_step_down(struct owner_watch *watch, const struct seccomp_notif *notif)
{
	uint32_t uid;
	int r;

	if (!step_down_is(&notif->data, &uid))
		return 0;
	r = step_down_ask(watch->down, notif->pid, uid);
	if (r < 0)
		step_down_tell((pid_t)notif->pid, uid);
	return r;
}

static void
answer(struct owner_watch *watch)
{
	union {
		struct seccomp_notif notif;
		char room[NOTIF_BYTES];
	} got;
	union {
		struct seccomp_notif_resp resp;
		char room[NOTIF_BYTES];
	} reply;
	struct call call = { .notif = &got.notif };

	memset(&got, 0, sizeof(got));
	memset(&reply, 0, sizeof(reply));
	/* Who called may be gone, or have been interrupted. */
	if (ioctl(watch->listenfd, SECCOMP_IOCTL_NOTIF_RECV, &got) < 0)
		return;
	reply.resp.id = got.notif.id;
	reply.resp.error = decode(&call) ? do_call(watch, &call)
					 : do_step_down(watch, &got.notif);
	(void)ioctl(watch->listenfd, SECCOMP_IOCTL_NOTIF_SEND, &reply);
}

/* Nothing of the parent's stays open but these; they get the numbers 0 to 3. */
static void
keep_only(const int *fds, int count)
{
	for (int i = 0; i < count; i++)
		if (fds[i] != i)
			(void)dup2(fds[i], i);
	(void)syscall(SYS_close_range, (unsigned int)count, ~0U, 0);
}

static _Noreturn void
serve(const int fds[4], uint32_t uid, uint32_t gid, struct step_down *down)
{
	struct step_down own = { .next = 0 };
	struct owner_watch watch = { .listenfd = 0,
				     .procfd = 1,
				     .uid = uid,
				     .gid = gid,
				     .down = down ? down : &own };
	struct pollfd poller = { .fd = watch.listenfd, .events = POLLIN };

	(void)setsid();
	(void)signal(SIGPIPE, SIG_IGN);
	(void)prctl(PR_SET_NAME, "dhow-owners");
	keep_only(fds, 4);
	if (setns(2, CLONE_NEWUSER) < 0 || setns(3, CLONE_NEWNS) < 0)
		_exit(1);
	(void)umask(0);
	watch.rootfd = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (watch.rootfd < 0 ||
	    statx(watch.rootfd, "", AT_EMPTY_PATH,
		  STATX_BASIC_STATS | STATX_MNT_ID, &watch.root) < 0)
		_exit(1);
	for (;;) {
		if (poll(&poller, 1, -1) < 0 && errno != EINTR)
			_exit(1);
		if (poller.revents & POLLIN)
			answer(&watch);
		else if (poller.revents)
			_exit(0);
	}
}

pid_t
owner_watch_start(const struct launch *launch, uint32_t uid, uint32_t gid,
		  struct step_down *down, struct err *err)
{
	cleanup_close int userfd = ns_open_readable(launch->pid, "user", err);
	cleanup_close int procfd =
		open("/proc", O_PATH | O_DIRECTORY | O_CLOEXEC);
	/* Above the numbers that they get. */
	cleanup_close int listenfd =
		fcntl(launch->ownersfd, F_DUPFD_CLOEXEC, 10);
	cleanup_close int mntfd = fcntl(launch->mntfd, F_DUPFD_CLOEXEC, 10);
	pid_t pid;

	if (userfd < 0)
		return userfd;
	if (procfd < 0 || listenfd < 0 || mntfd < 0)
		return err_sys(err, "watch over owners");
	pid = ns_clone(0, NULL, err);
	if (pid == 0) {
		int fds[4] = { listenfd, fcntl(procfd, F_DUPFD, 10),
			       fcntl(userfd, F_DUPFD, 10), mntfd };

		serve(fds, uid, gid, down);
	}
	return pid;
}
