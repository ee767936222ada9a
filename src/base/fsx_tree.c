/* SPDX-License-Identifier: Apache-2.0 */
/*
 * base/fsx_tree.c - whole trees: removing, measuring; temporary names.
 *
 * Trees are hostile: names are used with *at() calls on directories opened
 * without following links. Depth is bounded by file descriptors, so deeper
 * directories are first moved up to the top of the tree that goes away.
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/cleanup.h"
#include "base/fsx.h"
#include "base/map.h"
#include "base/proc.h"
#include "base/text.h"
#include "base/units.h"

#define FSX_MAX_DEPTH 200

struct fsx_removal {
	int topfd; /* where too deep directories are moved to */
	dev_t dev;
	unsigned int moved; /* names given to what was moved */
	bool again;         /* something was moved: read the top once more */
};

static int fsx_remove_in(struct fsx_removal *rm, int dirfd, int depth,
			 struct err *err);

/* Open a directory for emptying, giving ourselves permission when needed. */
static int
fsx_open_for_removal(int dirfd, const char *name)
{
	int flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;
	int fd = openat(dirfd, name, flags);

	if (fd >= 0 || errno != EACCES)
		return fd < 0 ? -errno : fd;
	if (fchmodat(dirfd, name, 0700, 0) < 0)
		return -errno;
	fd = openat(dirfd, name, flags);
	return fd < 0 ? -errno : fd;
}

/* @fd: the directory itself, whose ".." changes with the move. */
static int
fsx_move_up(struct fsx_removal *rm, int dirfd, const char *name, int fd)
{
	char to[FSX_TMP_NAME_BYTES];
	int r;

	if (faccessat(fd, ".", W_OK, AT_EACCESS) < 0)
		(void)fchmod(fd, 0700);
	rm->again = true;
	do {
		(void)snprintf(to, sizeof(to), ".deep.%u", rm->moved++);
		r = renameat2(dirfd, name, rm->topfd, to, RENAME_NOREPLACE);
	} while (r < 0 && errno == EEXIST);
	return r < 0 ? -errno : 0;
}

static int
fsx_remove_dir(struct fsx_removal *rm, int dirfd, const char *name, int depth,
	       struct err *err)
{
	cleanup_close int fd = fsx_open_for_removal(dirfd, name);
	struct stat st;
	int r;

	if (fd == -ENOENT)
		return 0;
	if (fd < 0 || fstat(fd, &st) < 0)
		return err_code(err, fd < 0 ? -fd : errno, "open '%s'", name);
	if (st.st_dev != rm->dev)
		return err_set(err, EBUSY, "'%s' is a mount point", name);
	if (depth > FSX_MAX_DEPTH) {
		r = fsx_move_up(rm, dirfd, name, fd);
		return r < 0 ? err_code(err, -r, "move '%s'", name) : 0;
	}
	r = fsx_remove_in(rm, fd, depth + 1, err);
	if (r < 0)
		return r;
	if (unlinkat(dirfd, name, AT_REMOVEDIR) < 0 && errno != ENOENT)
		return err_sys(err, "remove '%s'", name);
	return 0;
}

static int
fsx_remove_entry(struct fsx_removal *rm, int dirfd, const struct dirent *ent,
		 int depth, struct err *err)
{
	if (ent->d_type != DT_DIR) {
		int saved;

		if (unlinkat(dirfd, ent->d_name, 0) == 0 || errno == ENOENT)
			return 0;
		saved = errno;
		/* Without write permission on the directory nothing goes. */
		if (saved == EACCES && fchmod(dirfd, 0700) == 0 &&
		    unlinkat(dirfd, ent->d_name, 0) == 0)
			return 0;
		if (saved != EISDIR)
			return err_code(err, saved, "remove '%s'", ent->d_name);
	} else if (faccessat(dirfd, ".", W_OK | X_OK, AT_EACCESS) < 0) {
		(void)fchmod(dirfd, 0700);
	}
	return fsx_remove_dir(rm, dirfd, ent->d_name, depth, err);
}

static int
fsx_remove_in(struct fsx_removal *rm, int dirfd, int depth, struct err *err)
{
	cleanup_closedir DIR *dir = NULL;
	struct dirent *ent;
	int copy, r = 0;

	copy = fcntl(dirfd, F_DUPFD_CLOEXEC, 3);
	dir = copy < 0 ? NULL : fdopendir(copy);
	if (!dir)
		return err_sys(err, "read directory");
	rewinddir(dir); /* the copy shares the place of an earlier reading */
	while (r == 0 && (ent = readdir(dir))) {
		if (!strcmp(ent->d_name, ".") || !strcmp(ent->d_name, ".."))
			continue;
		r = fsx_remove_entry(rm, dirfd, ent, depth, err);
	}
	return r;
}

int
fsx_remove_tree(int dirfd, const char *name, struct err *err)
{
	struct fsx_removal rm = { .topfd = -EBADF };
	cleanup_close int fd = -EBADF;
	struct stat st;
	int r;

	if (unlinkat(dirfd, name, 0) == 0 || errno == ENOENT)
		return 0;
	if (errno != EISDIR && errno != EPERM && errno != EACCES)
		return err_sys(err, "remove '%s'", name);
	if (unlinkat(dirfd, name, AT_REMOVEDIR) == 0)
		return 0;
	fd = fsx_open_for_removal(dirfd, name);
	if (fd < 0 || fstat(fd, &st) < 0)
		return err_code(err, fd < 0 ? -fd : errno, "remove '%s'", name);
	rm.topfd = fd;
	rm.dev = st.st_dev;
	do {
		rm.again = false;
		r = fsx_remove_in(&rm, fd, 1, err);
	} while (r == 0 && rm.again);
	if (r < 0)
		return err_wrap(err, r, "remove '%s'", name);
	if (unlinkat(dirfd, name, AT_REMOVEDIR) < 0 && errno != ENOENT)
		return err_sys(err, "remove '%s'", name);
	return 0;
}

struct fsx_count {
	struct fsx_usage usage;
	struct map links; /* inodes seen that have more than one name */
};

static int
fsx_usage_in(struct fsx_count *count, int parentfd, const char *name, int depth,
	     struct err *err)
{
	cleanup_closedir DIR *dir = NULL;
	struct dirent *ent;
	struct stat st;
	int fd, r = 0;

	if (fstatat(parentfd, name, &st, AT_SYMLINK_NOFOLLOW) < 0)
		return errno == ENOENT ? 0 : err_sys(err, "stat '%s'", name);
	if (st.st_nlink > 1 && !S_ISDIR(st.st_mode)) {
		char key[24];

		(void)snprintf(key, sizeof(key), "%" PRIx64,
			       (uint64_t)st.st_ino);
		if (map_set(&count->links, key, count))
			return 0;
	}
	count->usage.disk_bytes += (uint64_t)st.st_blocks * 512;
	count->usage.inodes++;
	if (!S_ISDIR(st.st_mode))
		count->usage.data_bytes += (uint64_t)st.st_size;
	if (!S_ISDIR(st.st_mode) || depth > FSX_MAX_DEPTH)
		return 0;
	fd = openat(parentfd, name,
		    O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	dir = fd < 0 ? NULL : fdopendir(fd);
	if (!dir)
		return errno == ENOENT ? 0 : err_sys(err, "open '%s'", name);
	while (r == 0 && (ent = readdir(dir)))
		if (strcmp(ent->d_name, ".") != 0 &&
		    strcmp(ent->d_name, "..") != 0)
			r = fsx_usage_in(count, dirfd(dir), ent->d_name,
					 depth + 1, err);
	return r;
}

int
fsx_tree_usage(int dirfd, const char *name, struct fsx_usage *ret_usage,
	       struct err *err)
{
	struct fsx_count count = { .links = MAP_INIT };
	int r = fsx_usage_in(&count, dirfd, name, 0, err);

	map_release(&count.links);
	if (r == 0)
		*ret_usage = count.usage;
	return r;
}

static int
fsx_chown_in(int parentfd, const char *name, uid_t uid, gid_t gid, int depth,
	     struct err *err)
{
	cleanup_closedir DIR *dir = NULL;
	struct dirent *ent;
	struct stat st;
	int fd, r = 0;

	if (fchownat(parentfd, name, uid, gid, AT_SYMLINK_NOFOLLOW) < 0 ||
	    fstatat(parentfd, name, &st, AT_SYMLINK_NOFOLLOW) < 0)
		return err_sys(err, "set the owner of '%s'", name);
	if (!S_ISDIR(st.st_mode))
		return 0;
	if (depth > FSX_MAX_DEPTH)
		return err_set(err, ELOOP, "'%s' is nested too deep", name);
	fd = openat(parentfd, name,
		    O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	dir = fd < 0 ? NULL : fdopendir(fd);
	if (!dir)
		return err_sys(err, "open '%s'", name);
	while (r == 0 && (ent = readdir(dir)))
		if (strcmp(ent->d_name, ".") != 0 &&
		    strcmp(ent->d_name, "..") != 0)
			r = fsx_chown_in(dirfd(dir), ent->d_name, uid, gid,
					 depth + 1, err);
	return r;
}

int
fsx_chown_tree(int dirfd, const char *name, uid_t uid, gid_t gid,
	       struct err *err)
{
	return fsx_chown_in(dirfd, name, uid, gid, 0, err);
}

void
fsx_tmp_name(const char *prefix, char buf[FSX_TMP_NAME_BYTES])
{
	char random[17];

	text_random_hex(random, 16);
	(void)snprintf(buf, FSX_TMP_NAME_BYTES, "%.24s.%d.%s", prefix,
		       (int)getpid(), random);
}

bool
fsx_tmp_is_stale(const char *name)
{
	cleanup_free char *copy = xstrdup(name);
	char *random = strrchr(copy, '.');
	char *pid_text;
	uint64_t pid;

	if (!random || random == copy || !text_is_hex_of(random + 1, 16))
		return false;
	*random = '\0';
	pid_text = strrchr(copy, '.');
	if (!pid_text ||
	    units_parse_u64(pid_text + 1, 1, INT32_MAX, &pid, NULL) < 0)
		return false;
	return proc_has_ended((pid_t)pid);
}
