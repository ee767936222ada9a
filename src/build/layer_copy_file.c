/* SPDX-License-Identifier: Apache-2.0 */
/*
 * build/layer_copy_file.c - one file, link or device of a step's layer.
 *
 * Everything is made by name in a directory fd and fails where something is
 * already; only then is that removed. So no link is followed, and the usual
 * case costs no extra call.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/sysmacros.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "archive/owner_mark.h"
#include "archive/xattr_set.h"
#include "base/alloc.h"
#include "base/cleanup.h"
#include "base/io.h"
#include "build/layer_copy.h"
#include "dockerfile/df_chmod.h"

#define SMALL_BYTES (64U << 10)

struct copy_meta
copy_meta_of(const struct copy_job *job, const struct walk_source *source,
	     const struct stat *st)
{
	struct copy_meta meta = {
		.mode = st->st_mode,
		.uid = source->is_context ? 0 : st->st_uid,
		.gid = source->is_context ? 0 : st->st_gid,
		.rdev = st->st_rdev,
		.mtime = st->st_mtim,
	};

	if (job->has_owner) {
		meta.uid = job->uid;
		meta.gid = job->gid;
	}
	if (job->chmod && !S_ISLNK(st->st_mode))
		meta.mode = (st->st_mode & S_IFMT) |
			    df_chmod_apply(job->chmod, st->st_mode & 07777,
					   S_ISDIR(st->st_mode));
	if (job->drop_setid)
		meta.mode &= ~(mode_t)(S_ISUID | S_ISGID);
	return meta;
}

void
copy_meta_mark(const struct copy_job *job, int fd, struct copy_meta *meta)
{
	struct owner owner;

	if (!owner_mark_get(fd, &owner))
		return;
	if (!job->has_owner) {
		meta->uid = owner.uid;
		meta->gid = owner.gid;
	}
	if (!S_ISREG(meta->mode))
		return;
	if (!job->chmod)
		meta->mode |= owner.mode & 06000;
	if (!strchr("cb", owner.type))
		return;
	meta->mode = (owner.type == 'c' ? S_IFCHR : S_IFBLK) |
		     (job->chmod ? meta->mode & 07777 : owner.mode);
	meta->rdev = makedev(owner.dev_major, owner.dev_minor);
}

/* @fd: marked too; -1: what has no attributes. */
static void
record_owner(const struct copy_job *job, const struct copy_level *level,
	     const char *name, char letter, const struct copy_meta *meta,
	     int fd)
{
	struct owner owner = {
		.type = letter,
		.mode = meta->mode & 07777,
		.uid = meta->uid,
		.gid = meta->gid,
		.dev_major = major(meta->rdev),
		.dev_minor = minor(meta->rdev),
	};
	cleanup_free char *path =
		*level->path && *name ? xasprintf("%s/%s", level->path, name)
		: *name               ? xstrdup(name)
				      : xstrdup(level->path);

	owners_add_line(job->owners, &owner, path);
	/* Where there are no attributes, the record is all there is. */
	if (fd >= 0)
		(void)owner_mark_set(fd, &owner);
}

/*
 * Returns 0; 1 when the id cannot be given to a file here, which is recorded;
 * -errno.
 */
static int
set_owner(const struct copy_job *job, const struct copy_level *level,
	  const char *name, char letter, const struct copy_meta *meta, int fd,
	  struct err *err)
{
	int r;

	if (fd >= 0)
		r = fchown(fd, meta->uid, meta->gid);
	else
		r = fchownat(level->fd, name, meta->uid, meta->gid,
			     AT_SYMLINK_NOFOLLOW);
	if (r == 0)
		return 0;
	if (errno != EINVAL && errno != EPERM)
		return err_sys(err, "set the owner %u:%u", meta->uid,
			       meta->gid);
	record_owner(job, level, name, letter, meta, fd);
	return 1;
}

int
copy_set_dir(const struct copy_job *job, const struct copy_level *level,
	     const struct copy_meta *meta, struct err *err)
{
	int r = set_owner(job, level, "", 'd', meta, level->fd, err);

	if (r < 0)
		return r;
	if (fchmod(level->fd, meta->mode & 07777) < 0)
		return err_sys(err, "set the mode of '%s'", level->path);
	return 0;
}

int
copy_clear(const struct copy_level *level, const char *name, struct err *err)
{
	struct view_node node;
	struct stat st;

	if (fstatat(level->fd, name, &st, AT_SYMLINK_NOFOLLOW) == 0) {
		if (S_ISDIR(st.st_mode))
			goto is_dir;
		if (unlinkat(level->fd, name, 0) < 0)
			return err_sys(err, "replace '%s'", name);
		return 0;
	}
	if (!level->lower.count ||
	    view_lookup(&level->lower, name, &node, NULL) < 0)
		return 0;
	st = node.st;
	view_node_release(&node);
	if (!S_ISDIR(st.st_mode))
		return 0;
is_dir:
	return err_set(err, EEXIST,
		       "'/%s%s%s' is a directory and cannot be overwritten",
		       level->path, *level->path ? "/" : "", name);
}

static int
copy_data(int from, int to, uint64_t size, struct err *err)
{
	char buf[SMALL_BYTES];
	int64_t n;

	if (size == 0)
		return 0;
	if (size <= sizeof(buf)) {
		ssize_t got = io_read_full(from, buf, (size_t)size);
		int r = got < 0 ? (int)got : io_write_all(to, buf, (size_t)got);

		return r < 0 ? err_code(err, -r, "copy") : 0;
	}
	if (ioctl(to, FICLONE, from) == 0)
		return 0;
	n = io_copy(from, to, UINT64_MAX, err);
	return n < 0 ? (int)n : 0;
}

static void
copy_xattrs(int from, int to)
{
	struct xattr_set set = { .len = 0 };

	xattr_set_read(&set, from);
	for (size_t i = 0; i < set.len; i++)
		/* What the target cannot hold is the target's loss. */
		(void)fsetxattr(to, set.list[i].name, set.list[i].value,
				set.list[i].len, 0);
	xattr_set_release(&set);
}

static int
make_file(const struct copy_file *file, struct err *err)
{
	int flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC;
	mode_t mode = file->meta.mode & 0777;
	int r, fd;

	/* Only something below can be in the way unseen. */
	if (file->level->lower.count) {
		r = copy_clear(file->level, file->name, err);
		if (r < 0)
			return r;
	}
	fd = openat(file->level->fd, file->name, flags, mode);
	if (fd < 0 && errno == EEXIST) {
		r = copy_clear(file->level, file->name, err);
		if (r < 0)
			return r;
		fd = openat(file->level->fd, file->name, flags, mode);
	}
	return fd < 0 ? err_sys(err, "make '%s'", file->name) : fd;
}

static int
fill_file(const struct copy_file *file, int fd, struct err *err)
{
	struct stat st;
	int r;

	if (file->fd < 0) {
		r = io_write_all(fd, file->data, file->len);
		return r < 0 ? err_code(err, -r, "write '%s'", file->name) : 0;
	}
	if (fstat(file->fd, &st) < 0)
		return err_sys(err, "look at '%s'", file->name);
	r = copy_data(file->fd, fd, (uint64_t)st.st_size, err);
	return r < 0 ? err_wrap(err, r, "'%s'", file->name) : 0;
}

int
copy_file_write(const struct copy_job *job, const struct copy_file *file,
		struct err *err)
{
	const struct copy_meta *meta = &file->meta;
	struct timespec times[2] = { { .tv_nsec = UTIME_OMIT }, meta->mtime };
	mode_t mode = meta->mode & 07777;
	cleanup_close int fd = make_file(file, err);
	int r = fd;

	if (fd < 0)
		return r;
	r = fill_file(file, fd, err);
	if (r < 0)
		return r;
	/* New files are 0:0 by themselves. */
	r = meta->uid || meta->gid ? set_owner(job, file->level, file->name,
					       'f', meta, fd, err)
				   : 0;
	if (r < 0)
		return r;
	/* Another's rights are not lent to whom the file belongs instead. */
	if (r > 0)
		mode &= ~(mode_t)(S_ISUID | S_ISGID);
	if (mode & 07000 && fchmod(fd, mode) < 0)
		return err_sys(err, "set the mode of '%s'", file->name);
	if (file->xattrs)
		copy_xattrs(file->fd, fd);
	if (futimens(fd, times) < 0)
		return err_sys(err, "set the time of '%s'", file->name);
	return 0;
}

static int
make_special(const struct copy_job *job, const struct copy_file *file,
	     const char *target)
{
	const struct copy_meta *meta = &file->meta;
	int fd;

	if (target)
		return symlinkat(target, file->level->fd, file->name);
	if (mknodat(file->level->fd, file->name, meta->mode, meta->rdev) == 0)
		return 0;
	if (errno != EPERM || S_ISFIFO(meta->mode))
		return -1;
	/* An empty file stands in for a device that may not be made. */
	fd = openat(file->level->fd, file->name,
		    O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (fd < 0)
		return -1;
	record_owner(job, file->level, file->name,
		     S_ISCHR(meta->mode) ? 'c' : 'b', meta, fd);
	(void)close(fd);
	return 1;
}

int
copy_special_write(const struct copy_job *job, const struct copy_file *file,
		   const char *target, struct err *err)
{
	const struct copy_meta *meta = &file->meta;
	struct timespec times[2] = { { .tv_nsec = UTIME_OMIT }, meta->mtime };
	int r = copy_clear(file->level, file->name, err);
	int made;

	if (r < 0)
		return r;
	made = make_special(job, file, target);
	if (made < 0)
		return err_sys(err, "make '%s'", file->name);
	if (made == 0 && (meta->uid || meta->gid))
		r = set_owner(job, file->level, file->name, target ? 'l' : 'p',
			      meta, -1, err);
	if (r < 0)
		return r;
	if (made == 0 && !target &&
	    fchmodat(file->level->fd, file->name, meta->mode & 07777, 0) < 0)
		return err_sys(err, "set the mode of '%s'", file->name);
	if (utimensat(file->level->fd, file->name, times, AT_SYMLINK_NOFOLLOW) <
	    0)
		return err_sys(err, "set the time of '%s'", file->name);
	return 0;
}
