/* SPDX-License-Identifier: Apache-2.0 */
/*
 * archive/layer_entry.c - files, links and devices of a layer.
 *
 * Everything is made by name in a directory fd and fails where something is
 * already; only then is that removed and the attempt repeated once. So no
 * symlink is ever followed, and the usual case costs no extra call.
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "archive/entry_path.h"
#include "archive/layer_tree.h"
#include "archive/layer_unpack.h"
#include "base/alloc.h"
#include "base/cleanup.h"
#include "base/fsx.h"

/* Where an entry goes and what it is made of. */
struct making {
	struct layer_tree *tree;
	const struct tar_entry *entry;
	int dirfd;
	const char *name;
	int linkfd; /* directory and name of a hard link's target */
	const char *link_name;
};

static int
write_at(int fd, const uint8_t *data, size_t len, uint64_t offset)
{
	while (len) {
		ssize_t n = pwrite(fd, data, len, (off_t)offset);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		data += n;
		len -= (size_t)n;
		offset += (uint64_t)n;
	}
	return 0;
}

static int
write_content(struct layer_tree *tree, const struct tar_entry *entry, int fd,
	      struct tar_reader *reader, struct err *err)
{
	const uint8_t *data;
	uint64_t offset;
	size_t len;
	int r;

	while ((r = tar_reader_data(reader, &data, &len, &offset, err)) > 0) {
		r = write_at(fd, data, len, offset);
		if (r < 0)
			return err_code(err, -r, "write");
		tree->file_bytes += len;
	}
	if (r < 0)
		return r;
	if (entry->is_sparse && ftruncate(fd, (off_t)entry->size) < 0)
		return err_sys(err, "set the size");
	return 0;
}

/* Each returns an fd or 0, or -errno without a story. */
static int
try_file(const struct making *making)
{
	int fd = openat(making->dirfd, making->name,
			O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC,
			making->entry->mode & 0777);

	return fd < 0 ? -errno : fd;
}

static int
try_symlink(const struct making *making)
{
	return symlinkat(making->entry->link, making->dirfd, making->name) < 0
		       ? -errno
		       : 0;
}

static int
try_node(const struct making *making)
{
	static const mode_t kinds[TAR_TYPE_COUNT] = {
		[TAR_CHAR] = S_IFCHR,
		[TAR_BLOCK] = S_IFBLK,
		[TAR_FIFO] = S_IFIFO,
	};
	const struct tar_entry *entry = making->entry;
	dev_t dev = entry->type == TAR_FIFO
			    ? 0
			    : makedev(entry->dev_major, entry->dev_minor);

	return mknodat(making->dirfd, making->name,
		       kinds[entry->type] | (entry->mode & 0777), dev) < 0
		       ? -errno
		       : 0;
}

static bool
is_same_file(const struct making *making)
{
	struct stat a, b;

	return fstatat(making->linkfd, making->link_name, &a,
		       AT_SYMLINK_NOFOLLOW) == 0 &&
	       fstatat(making->dirfd, making->name, &b, AT_SYMLINK_NOFOLLOW) ==
		       0 &&
	       a.st_dev == b.st_dev && a.st_ino == b.st_ino;
}

static int
try_link(const struct making *making)
{
	if (linkat(making->linkfd, making->link_name, making->dirfd,
		   making->name, 0) == 0)
		return 0;
	if (errno == EEXIST && is_same_file(making))
		return 0;
	return -errno;
}

static int
make(const struct making *making, int (*try)(const struct making *making),
     struct err *err)
{
	int r = try(making);

	if (r != -EEXIST)
		return r;
	r = layer_tree_clear(making->tree, making->dirfd, making->name, err);
	return r < 0 ? r : try(making);
}

/* To write takes file capabilities away, so it has to come before them. */
static bool
may_be_queued(const struct making *making)
{
	const struct tar_entry *entry = making->entry;

	return making->tree->queue && !entry->is_sparse &&
	       entry->size <= FILE_QUEUE_MAX_BYTES && !entry->xattr_count &&
	       !(entry->mode & 07000);
}

/* @fd is taken unless it fails. */
static int
queue_file(const struct making *making, int fd, struct tar_reader *reader,
	   struct err *err)
{
	struct layer_tree *tree = making->tree;
	uint8_t *room = file_queue_room(tree->queue, making->entry->size);
	const uint8_t *data;
	uint64_t offset;
	size_t len;
	int r;

	while ((r = tar_reader_data(reader, &data, &len, &offset, err)) > 0)
		memcpy(room + offset, data, len);
	if (r == 0)
		r = layer_meta_set(tree, making->entry, fd, err);
	if (r < 0)
		return r;
	file_queue_add(tree->queue, fd, making->entry->size,
		       &making->entry->mtime);
	tree->file_bytes += making->entry->size;
	return 0;
}

static int
make_file(const struct making *making, struct tar_reader *reader,
	  struct err *err)
{
	struct timespec times[2] = { { .tv_nsec = UTIME_OMIT },
				     making->entry->mtime };
	cleanup_close int fd = make(making, try_file, err);
	int r;

	if (fd < 0)
		return err_code(err, -fd, "make the file");
	if (may_be_queued(making)) {
		r = queue_file(making, fd, reader, err);
		if (r == 0)
			(void)take_fd(fd);
		return r;
	}
	r = write_content(making->tree, making->entry, fd, reader, err);
	if (r == 0)
		r = layer_meta_set(making->tree, making->entry, fd, err);
	if (r < 0)
		return r;
	if (futimens(fd, times) < 0)
		return err_sys(err, "set the time");
	return 0;
}

static int
make_symlink(const struct making *making, struct err *err)
{
	int r;

	if (!*making->entry->link)
		return err_set(err, EBADMSG, "a symlink has no target");
	r = make(making, try_symlink, err);
	if (r < 0)
		return err_code(err, -r, "make the symlink");
	return layer_meta_set_at(making->tree, making->entry, making->dirfd,
				 making->name, err);
}

/* An empty file stands in for a device that this user may not make. */
static int
make_stand_in(const struct making *making, struct err *err)
{
	struct tar_entry entry = *making->entry;
	cleanup_close int fd = -EBADF;
	int r;

	fd = make(making, try_file, err);
	if (fd < 0)
		return err_code(err, -fd, "make a file for the device");
	layer_meta_mark(making->tree, entry.type == TAR_CHAR ? 'c' : 'b',
			making->entry, fd);
	entry.uid = making->tree->uid;
	entry.gid = making->tree->gid;
	r = layer_meta_set_at(making->tree, &entry, making->dirfd, making->name,
			      err);
	if (r < 0)
		return r;
	return layer_meta_record(making->tree,
				 entry.type == TAR_CHAR ? 'c' : 'b',
				 making->entry, err);
}

static int
make_node(const struct making *making, struct err *err)
{
	int r = make(making, try_node, err);

	if (r == -EPERM && making->entry->type != TAR_FIFO)
		return make_stand_in(making, err);
	if (r < 0)
		return err_code(err, -r, "make the %s",
				making->entry->type == TAR_FIFO ? "fifo"
								: "device");
	return layer_meta_set_at(making->tree, making->entry, making->dirfd,
				 making->name, err);
}

static int
link_error(const struct making *making, int r, struct err *err)
{
	const char *target = making->entry->link;

	if (r == -ENOENT || r == -ENOTDIR || r == -ELOOP)
		return err_set(err, EBADMSG,
			       "hard link to '%s', which is not in this layer",
			       target);
	if (r == -EPERM)
		return err_set(err, EBADMSG,
			       "hard link to '%s', which is no file", target);
	return err_code(err, -r, "link to '%s'", target);
}

/* The further name of a file whose owner is on record needs a line too. */
static int
record_link(const struct making *making, struct err *err)
{
	const struct tar_entry *entry = making->entry;
	struct stat st;

	if (!making->tree->owner_count)
		return 0;
	if (fstatat(making->dirfd, making->name, &st, AT_SYMLINK_NOFOLLOW) < 0)
		return err_sys(err, "look at the link");
	if (st.st_uid == entry->uid && st.st_gid == entry->gid)
		return 0;
	return layer_meta_record(making->tree, 'h', entry, err);
}

static int
make_link(struct making *making, struct err *err)
{
	struct layer_tree *tree = making->tree;
	cleanup_free char *dir = NULL;
	cleanup_close int fd = -EBADF;
	size_t dir_len;
	int r;

	r = entry_path_clean(making->entry->link, LAYER_MAX_DEPTH, &tree->link,
			     err);
	if (r < 0)
		return err_wrap(err, r, "hard link");
	making->link_name = entry_path_base(tree->link.buf, &dir_len);
	if (!*making->link_name)
		return link_error(making, -EPERM, err);
	dir = xstrndup(tree->link.buf, dir_len);
	fd = fsx_openat_in_root(tree->rootfd, dir, O_PATH | O_DIRECTORY, 0,
				err);
	if (fd < 0)
		return link_error(making, fd, err);
	making->linkfd = fd;
	r = make(making, try_link, err);
	if (r < 0)
		return link_error(making, r, err);
	return record_link(making, err);
}

int
layer_entry_make(struct layer_tree *tree, const struct tar_entry *entry,
		 int dirfd, const char *name, struct tar_reader *reader,
		 struct err *err)
{
	struct making making = {
		.tree = tree,
		.entry = entry,
		.dirfd = dirfd,
		.name = name,
		.linkfd = -1,
	};

	switch (entry->type) {
	case TAR_FILE:
		return make_file(&making, reader, err);
	case TAR_SYMLINK:
		return make_symlink(&making, err);
	case TAR_HARDLINK:
		return make_link(&making, err);
	default:
		return make_node(&making, err);
	}
}
