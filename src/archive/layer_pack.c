/* SPDX-License-Identifier: Apache-2.0 */
/*
 * archive/layer_pack.c - one directory tree becomes one layer archive.
 */
#include "archive/layer_pack.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "archive/layer_marks.h"
#include "archive/owner_map.h"
#include "archive/owner_mark.h"
#include "archive/tar_writer.h"
#include "archive/xattr_set.h"
#include "base/alloc.h"
#include "base/cleanup.h"
#include "base/fsx.h"
#include "base/strvec.h"
#include "base/text.h"

#define WH_PREFIX ".wh."

struct packer {
	const struct layer_pack_opts *opts;
	struct tar_writer *tar;
	struct owner_map owners;
	struct map links;   /* inode → path of its first name, owned */
	struct strbuf path; /* of the entry at hand, no leading '/' */
	struct strbuf target;
	struct xattr_set xattrs;
	struct layer_pack_stat stat;
};

/* One entry on its way into the archive. */
struct packing {
	int dirfd;
	const char *name;
	struct stat st;
	struct tar_entry entry;
};

static int pack_dir(struct packer *packer, int dirfd, int depth,
		    struct err *err);

static bool
is_whiteout(const struct stat *st)
{
	return S_ISCHR(st->st_mode) && st->st_rdev == makedev(0, 0);
}

static bool
type_of(mode_t mode, enum tar_type *ret_type)
{
	switch (mode & S_IFMT) {
	case S_IFREG:
		*ret_type = TAR_FILE;
		return true;
	case S_IFDIR:
		*ret_type = TAR_DIR;
		return true;
	case S_IFLNK:
		*ret_type = TAR_SYMLINK;
		return true;
	case S_IFCHR:
		*ret_type = TAR_CHAR;
		return true;
	case S_IFBLK:
		*ret_type = TAR_BLOCK;
		return true;
	case S_IFIFO:
		*ret_type = TAR_FIFO;
		return true;
	default:
		return false;
	}
}

static void
clamp_time(const struct packer *packer, struct timespec *time)
{
	if (packer->opts->clamp && time->tv_sec >= packer->opts->max_time)
		*time = (struct timespec){ .tv_sec = packer->opts->max_time };
}

/* What was recorded of a file goes before what the tree shows. */
static void
apply_owner(struct packing *packing, const struct owner *owner)
{
	struct tar_entry *entry = &packing->entry;

	entry->uid = owner->uid;
	entry->gid = owner->gid;
	/* Set-id bits were not set on a file of another owner. */
	if (S_ISREG(packing->st.st_mode) && strchr("fcb", owner->type))
		entry->mode |= owner->mode & 06000;
	if (!S_ISREG(packing->st.st_mode) || !strchr("cb", owner->type))
		return;
	entry->type = owner->type == 'c' ? TAR_CHAR : TAR_BLOCK;
	entry->mode = owner->mode;
	entry->dev_major = owner->dev_major;
	entry->dev_minor = owner->dev_minor;
	entry->size = 0;
}

static void
fill_entry(const struct packer *packer, struct packing *packing)
{
	const struct owner *owner =
		owner_map_get(&packer->owners, packer->path.buf);
	const struct stat *st = &packing->st;
	struct tar_entry *entry = &packing->entry;

	entry->path = packer->path.buf;
	entry->mode = st->st_mode & 07777;
	entry->uid = st->st_uid;
	entry->gid = st->st_gid;
	entry->size = S_ISREG(st->st_mode) ? (uint64_t)st->st_size : 0;
	/* Whole seconds need no extended header, and registries expect them. */
	entry->mtime = (struct timespec){ .tv_sec = st->st_mtim.tv_sec };
	clamp_time(packer, &entry->mtime);
	entry->dev_major = major(st->st_rdev);
	entry->dev_minor = minor(st->st_rdev);
	if (owner)
		apply_owner(packing, owner);
}

/* Attributes of what is open; its mark counts more than the record. */
static void
read_attributes(struct packer *packer, struct packing *packing, int fd)
{
	struct owner owner;

	xattr_set_read(&packer->xattrs, fd);
	packing->entry.xattrs = packer->xattrs.list;
	packing->entry.xattr_count = packer->xattrs.len;
	if (packer->xattrs.marked && owner_mark_get(fd, &owner))
		apply_owner(packing, &owner);
}

/* Later names of a file are links to the first. Returns that name or NULL. */
static const char *
first_name(struct packer *packer, const struct stat *st)
{
	char key[40];
	const char *first;

	if (st->st_nlink < 2 || S_ISDIR(st->st_mode))
		return NULL;
	(void)snprintf(key, sizeof(key), "%" PRIx64 ":%" PRIx64,
		       (uint64_t)st->st_dev, (uint64_t)st->st_ino);
	first = map_get(&packer->links, key);
	if (!first)
		(void)map_set(&packer->links, key, xstrdup(packer->path.buf));
	return first;
}

static int
put_entry(struct packer *packer, const struct tar_entry *entry, struct err *err)
{
	packer->stat.entry_count++;
	return tar_writer_entry(packer->tar, entry, err);
}

/* A whiteout in the archive's form; @name as in the tree, without prefix. */
static int
put_whiteout(struct packer *packer, const char *name, struct err *err)
{
	size_t dir_len = packer->path.len;
	struct tar_entry entry = { .type = TAR_FILE };
	int r;

	if (packer->opts->whole || packer->opts->literal)
		return 0;
	if (dir_len)
		strbuf_addch(&packer->path, '/');
	strbuf_addf(&packer->path, WH_PREFIX "%s", name);
	entry.path = packer->path.buf;
	r = put_entry(packer, &entry, err);
	strbuf_truncate(&packer->path, dir_len);
	return r;
}

static int
pack_file(struct packer *packer, struct packing *packing, struct err *err)
{
	cleanup_close int fd =
		openat(packing->dirfd, packing->name,
		       O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	struct stat st;
	int r;

	if (fd < 0)
		return err_sys(err, "open");
	if (fstat(fd, &st) < 0)
		return err_sys(err, "look at the open file");
	if (st.st_ino != packing->st.st_ino || !S_ISREG(st.st_mode))
		return err_set(err, EBUSY, "it was replaced while it was read");
	read_attributes(packer, packing, fd);
	r = put_entry(packer, &packing->entry, err);
	if (r == 0 && packing->entry.size)
		r = tar_writer_file(packer->tar, fd, err);
	packer->stat.file_bytes += packing->entry.size;
	return r;
}

static int
pack_link(struct packer *packer, struct packing *packing, struct err *err)
{
	int r;

	strbuf_reset(&packer->target);
	r = fsx_readlink(packing->dirfd, packing->name, &packer->target);
	if (r < 0)
		return err_code(err, -r, "read the link");
	packing->entry.link = packer->target.buf;
	return put_entry(packer, &packing->entry, err);
}

static int
pack_subdir(struct packer *packer, struct packing *packing, int depth,
	    struct err *err)
{
	cleanup_close int fd = -EBADF;
	int r;

	if (depth >= LAYER_PACK_MAX_DEPTH)
		return err_set(err, ELOOP, "directories are nested too deep");
	fd = openat(packing->dirfd, packing->name,
		    O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0)
		return err_sys(err, "open");
	read_attributes(packer, packing, fd);
	r = put_entry(packer, &packing->entry, err);
	if (r == 0 && layer_mark_is_opaque(fd))
		r = put_whiteout(packer, ".wh..opq", err);
	return r < 0 ? r : pack_dir(packer, fd, depth + 1, err);
}

static int
pack_kind(struct packer *packer, struct packing *packing, int depth,
	  struct err *err)
{
	struct tar_entry *entry = &packing->entry;
	const char *first;

	if (!type_of(packing->st.st_mode, &entry->type))
		return 0;
	fill_entry(packer, packing);
	if (entry->type == TAR_DIR)
		return pack_subdir(packer, packing, depth, err);
	first = first_name(packer, &packing->st);
	if (first) {
		entry->type = TAR_HARDLINK;
		entry->link = first;
		entry->size = 0;
		return put_entry(packer, entry, err);
	}
	if (entry->type == TAR_FILE)
		return pack_file(packer, packing, err);
	if (entry->type == TAR_SYMLINK)
		return pack_link(packer, packing, err);
	return put_entry(packer, entry, err);
}

static int read_names(int dirfd, struct strvec *names, struct err *err);

/* What was only made to mount something on it. */
static bool
is_stub(const struct packer *packer, const struct packing *packing)
{
	const char *const *stub = packer->opts->stubs;
	cleanup_strvec struct strvec names = STRVEC_INIT;
	cleanup_close int fd = -EBADF;

	while (stub && *stub && strcmp(*stub, packer->path.buf) != 0)
		stub++;
	if (!stub || !*stub)
		return false;
	if (!S_ISDIR(packing->st.st_mode))
		return S_ISREG(packing->st.st_mode) && !packing->st.st_size;
	fd = openat(packing->dirfd, packing->name,
		    O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	return fd >= 0 && read_names(fd, &names, NULL) == 0 && !names.len &&
	       !layer_mark_is_opaque(fd);
}

/* @as: the last component of its path in the archive. */
static int
pack_entry(struct packer *packer, int dirfd, const char *name, const char *as,
	   int depth, struct err *err)
{
	struct packing packing = { .dirfd = dirfd, .name = name };
	const char *hidden =
		packer->opts->literal ? NULL : text_after(name, WH_PREFIX);
	size_t dir_len = packer->path.len;
	int r = packer->opts->check ? packer->opts->check(err) : 0;

	if (r != 0)
		return r;
	/*
	 * The mark of the directory was put with it; fuse-overlayfs 1.10 has
	 * a second one.
	 */
	if (hidden)
		return layer_mark_is_file(name)
			       ? 0
			       : put_whiteout(packer, hidden, err);
	r = fstatat(dirfd, name, &packing.st, AT_SYMLINK_NOFOLLOW);
	/* A tree that lives loses names while it is read. */
	if (r < 0 && errno == ENOENT && packer->opts->literal)
		return 0;
	if (r < 0)
		return err_sys(err, "look at '%s/%s'", packer->path.buf, name);
	if (is_whiteout(&packing.st))
		return put_whiteout(packer, name, err);
	if (dir_len)
		strbuf_addch(&packer->path, '/');
	strbuf_addstr(&packer->path, as);
	if (!is_stub(packer, &packing))
		r = pack_kind(packer, &packing, depth, err);
	strbuf_truncate(&packer->path, dir_len);
	return r;
}

static int
read_names(int dirfd, struct strvec *names, struct err *err)
{
	int fd = openat(dirfd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	cleanup_closedir DIR *dir = fd < 0 ? NULL : fdopendir(fd);
	struct dirent *ent;

	if (!dir)
		return err_sys(err, "read the directory");
	while ((errno = 0, ent = readdir(dir)))
		if (strcmp(ent->d_name, ".") != 0 &&
		    strcmp(ent->d_name, "..") != 0)
			strvec_add(names, ent->d_name);
	if (errno)
		return err_sys(err, "read the directory");
	strvec_sort(names);
	return 0;
}

static int
pack_dir(struct packer *packer, int dirfd, int depth, struct err *err)
{
	cleanup_strvec struct strvec names = STRVEC_INIT;
	int r = read_names(dirfd, &names, err);

	for (size_t i = 0; r == 0 && i < names.len; i++)
		r = pack_entry(packer, dirfd, names.v[i], names.v[i], depth,
			       err);
	return r;
}

static int
pack_root(struct packer *packer, struct err *err)
{
	const struct layer_pack_opts *opts = packer->opts;
	int r = 0;

	if (layer_mark_is_opaque(opts->root_fd))
		r = put_whiteout(packer, ".wh..opq", err);
	return r < 0 ? r : pack_dir(packer, opts->root_fd, 0, err);
}

int
layer_pack_entry(const struct layer_pack_opts *opts, const char *name,
		 const char *as, const struct byte_sink *sink,
		 struct layer_pack_stat *ret_stat, struct err *err)
{
	struct packer packer = {
		.opts = opts,
		.tar = tar_writer_new(sink),
		.owners = OWNER_MAP_INIT,
		.path = STRBUF_INIT,
		.target = STRBUF_INIT,
	};
	int r = 0;

	if (opts->owners_fd >= 0)
		r = owner_map_read(&packer.owners, opts->owners_fd, err);
	if (r == 0)
		r = name ? pack_entry(&packer, opts->root_fd, name, as, 0, err)
			 : pack_root(&packer, err);
	if (r < 0 && packer.path.len)
		r = err_wrap(err, r, "'%s'", packer.path.buf);
	if (r == 0)
		r = tar_writer_end(packer.tar, err);
	tar_writer_free(packer.tar);
	owner_map_release(&packer.owners);
	for (map_each(e, &packer.links))
		free(e->value);
	map_release(&packer.links);
	strbuf_release(&packer.path);
	strbuf_release(&packer.target);
	xattr_set_release(&packer.xattrs);
	if (r == 0 && ret_stat)
		*ret_stat = packer.stat;
	return r;
}

int
layer_pack(const struct layer_pack_opts *opts, const struct byte_sink *sink,
	   struct layer_pack_stat *ret_stat, struct err *err)
{
	return layer_pack_entry(opts, NULL, NULL, sink, ret_stat, err);
}
