/* SPDX-License-Identifier: Apache-2.0 */
/*
 * base/fsx.h - files, by directory fd.
 *
 * Rule R1: whatever comes from an image, volume, context or Compose file is
 * resolved below a root fd with openat2(RESOLVE_IN_ROOT |
 * RESOLVE_NO_MAGICLINKS), or component by component where the kernel has no
 * openat2, and is then used by fd.
 */
#ifndef DHOW_BASE_FSX_H
#define DHOW_BASE_FSX_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/stat.h>
#include <sys/types.h>

#include "base/err.h"
#include "base/strbuf.h"

/*
 * Open @path below @rootfd as if rootfd were "/": "..", absolute paths and
 * absolute symlinks stay inside, magic links are refused.
 *
 * Returns an fd (close-on-exec is added) or -errno; err may be NULL.
 * man: openat2(2), RESOLVE_IN_ROOT.
 */
int fsx_openat_in_root(int rootfd, const char *path, int flags, mode_t mode,
		       struct err *err);

/*
 * Append a regular file's content below @rootfd to @sb, as
 * fsx_openat_in_root() resolves it. A FIFO, a device or a file larger than
 * @max_bytes is refused without waiting (CVE-2024-9676).
 */
int fsx_read_in_root(int rootfd, const char *path, size_t max_bytes,
		     struct strbuf *sb, struct err *err);

/*
 * Make @path below @rootfd and all its parents (mkdirat per component, mode
 * @mode for new ones), following symlinks inside the root only.
 *
 * Returns an O_PATH fd of the last directory or -errno (-ENOTDIR when a
 * component is something else).
 */
int fsx_mkdir_in_root(int rootfd, const char *path, mode_t mode,
		      struct err *err);

/*
 * Make @path and its parents below @dirfd (trusted path). Returns 0 when it
 * is a directory in the end.
 */
int fsx_mkdir_p(int dirfd, const char *path, mode_t mode, struct err *err);

/* As fsx_mkdir_p(), then opens it: a read-only directory fd or -errno. */
int fsx_opendir_p(int dirfd, const char *path, mode_t mode, struct err *err);

enum fsx_write_flags {
	FSX_NOSYNC = 1, /* not worth surviving a host crash */
	FSX_EXCL = 2,   /* -EEXIST when @name is there */
};

/*
 * Write a file that appears whole or not at all: temporary name, fsync,
 * rename, fsync of the directory. The name may contain slashes (trusted).
 * Returns 0 or -errno; then nothing is left behind.
 */
int fsx_write_atomic(int dirfd, const char *name, const void *data, size_t len,
		     mode_t mode, int flags, struct err *err);

/*
 * Append a regular file's content to @sb. Returns 0; -ENOENT; -EFBIG when it
 * is larger than @max_bytes; -EINVAL when it is no regular file.
 */
int fsx_read_file(int dirfd, const char *name, size_t max_bytes,
		  struct strbuf *sb, struct err *err);

/*
 * Remove @name below @dirfd with all that is in it, never crossing into what
 * a symlink names and never leaving the file system. Directories without
 * permissions are made traversable first. Absent is success.
 */
int fsx_remove_tree(int dirfd, const char *name, struct err *err);

enum fsx_copy_flags {
	FSX_COPY_LAYER = 1, /* whiteouts and opaque directories take effect */
};

/*
 * Copy all that is in the directory @fromfd into @tofd: names, types, modes,
 * owners, extended attributes, times, hard links among what is copied; data by
 * reflink where the file system can. What is there is replaced, directories
 * are merged. Both trees may be hostile; neither is left.
 */
int fsx_copy_tree(int fromfd, int tofd, int flags, struct err *err);

/* Give @name below @dirfd and all in it to @uid:@gid; links themselves. */
int fsx_chown_tree(int dirfd, const char *name, uid_t uid, gid_t gid,
		   struct err *err);

/* What a tree takes; hard links within it count once. */
struct fsx_usage {
	uint64_t disk_bytes; /* blocks, those of directories too */
	uint64_t data_bytes; /* the lengths of all that is no directory */
	uint64_t inodes;
};

/* Of @name below @dirfd; what is absent, or vanishes meanwhile, is nothing. */
int fsx_tree_usage(int dirfd, const char *name, struct fsx_usage *ret_usage,
		   struct err *err);

/*
 * Write a fresh temporary name "PREFIX.PID.RANDOM" to @buf: what a crash
 * leaves is recognised by it and collected once the pid is gone.
 */
#define FSX_TMP_NAME_BYTES 64
void fsx_tmp_name(const char *prefix, char buf[FSX_TMP_NAME_BYTES]);

/* True when fsx_tmp_name() made @name and its process no longer lives. */
bool fsx_tmp_is_stale(const char *name);

/* readlinkat() into @sb. Returns 0 or -errno. */
int fsx_readlink(int dirfd, const char *name, struct strbuf *sb);

/* Words for a path of ours: "/proc/self/fd/N" of @fd, in a static buffer of
 * @buf. Always succeeds. */
#define FSX_FD_PATH_BYTES 32
const char *fsx_fd_path(int fd, char buf[FSX_FD_PATH_BYTES]);

#endif
