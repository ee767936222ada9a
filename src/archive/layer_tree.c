/* SPDX-License-Identifier: Apache-2.0 */
/*
 * archive/layer_tree.c - entries of a layer archive become files.
 *
 * The directory of the last entry stays open by O_PATH, so that its
 * neighbours need no walk. Whatever removes a file lets go of it: a name may
 * lead elsewhere afterwards.
 */
#include "archive/layer_tree.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "archive/entry_path.h"
#include "archive/layer_unpack.h"
#include "base/alloc.h"
#include "base/cleanup.h"
#include "base/fsx.h"

#define OVERLAY_OPAQUE "user.overlay.opaque"

/*
 * What the root inherited from its own parent (set-group-id, a default ACL)
 * would go on to every file.
 */
static int
reset_root(int rootfd, uid_t uid, gid_t gid, struct err *err)
{
	cleanup_close int fd =
		openat(rootfd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd < 0)
		return err_sys(err, "open the layer's root");
	/* Files have no such ACL, or cannot; a foreign group may stay. */
	(void)fremovexattr(fd, "system.posix_acl_default");
	if (fchown(fd, uid, gid) < 0 && errno != EPERM && errno != EINVAL)
		return err_sys(err, "set the owner of the layer's root");
	if (fchmod(fd, 0755) < 0)
		return err_sys(err, "set the mode of the layer's root");
	return 0;
}

static int
open_tree(struct layer_tree *tree, int root_fd, int owners_fd, struct err *err)
{
	*tree = (struct layer_tree){
		.owners_fd = owners_fd,
		.uid = geteuid(),
		.gid = getegid(),
		.owners = STRBUF_INIT,
		.path = STRBUF_INIT,
		.link = STRBUF_INIT,
		.parent_path = STRBUF_INIT,
		.parentfd = -EBADF,
	};
	tree->rootfd = openat(root_fd, ".", O_PATH | O_DIRECTORY | O_CLOEXEC);
	return tree->rootfd < 0 ? err_sys(err, "open the layer's root") : 0;
}

int
layer_tree_init(struct layer_tree *tree, int root_fd, int owners_fd,
		struct err *err)
{
	int r = open_tree(tree, root_fd, owners_fd, err);

	return r < 0 ? r : reset_root(root_fd, tree->uid, tree->gid, err);
}

int
layer_tree_init_plain(struct layer_tree *tree, int root_fd, bool replaces,
		      struct err *err)
{
	int r = open_tree(tree, root_fd, -1, err);

	tree->plain = true;
	tree->replaces = replaces;
	return r;
}

static void
forget_parent(struct layer_tree *tree)
{
	if (tree->parentfd >= 0)
		(void)close(tree->parentfd);
	tree->parentfd = -EBADF;
}

int
layer_tree_opaque(int dirfd, const char *name, struct err *err)
{
	cleanup_close int fd = openat(
		dirfd, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);

	if (fd < 0)
		return err_sys(err, "open '%s'", name);
	if (fsetxattr(fd, OVERLAY_OPAQUE, "y", 1, 0) < 0)
		return err_sys(err, "mark '%s' opaque", name);
	return 0;
}

static bool
is_whiteout(const struct stat *st)
{
	return S_ISCHR(st->st_mode) && st->st_rdev == makedev(0, 0);
}

int
layer_tree_clear(struct layer_tree *tree, int dirfd, const char *name,
		 struct err *err)
{
	int r = 0;

	if (unlinkat(dirfd, name, 0) < 0) {
		if (errno == EISDIR && tree->plain && !tree->replaces)
			r = err_set(err, EISDIR, "'%s' is a directory", name);
		else if (errno == EISDIR)
			r = fsx_remove_tree(dirfd, name, err);
		else if (errno != ENOENT)
			r = err_sys(err, "replace '%s'", name);
	}
	if (r == 0)
		r = layer_meta_void(tree, err);
	/* @dirfd may be the very fd: what made it ours is done with it. */
	strbuf_reset(&tree->parent_path);
	return r;
}

int
layer_tree_mkdir(struct layer_tree *tree, int dirfd, const char *name,
		 mode_t mode, struct err *err)
{
	struct stat st;
	int r;

	if (mkdirat(dirfd, name, mode) == 0)
		return 0;
	if (errno != EEXIST)
		return err_sys(err, "make directory '%s'", name);
	if (fstatat(dirfd, name, &st, AT_SYMLINK_NOFOLLOW) < 0)
		return err_sys(err, "look at '%s'", name);
	if (S_ISDIR(st.st_mode))
		return 0;
	if (tree->plain && !tree->replaces)
		return err_set(err, ENOTDIR, "'%s' is no directory", name);
	r = layer_tree_clear(tree, dirfd, name, err);
	if (r < 0)
		return r;
	if (mkdirat(dirfd, name, mode) < 0)
		return err_sys(err, "make directory '%s'", name);
	/* The directory below that the whiteout hid must stay hidden. */
	return is_whiteout(&st) && !tree->plain
		       ? layer_tree_opaque(dirfd, name, err)
		       : 0;
}

/* Follow a symlink on the way, inside the root. */
static int
follow_step(struct layer_tree *tree, const char *path, struct err *err)
{
	int fd = fsx_openat_in_root(tree->rootfd, path, O_PATH | O_DIRECTORY, 0,
				    err);

	if (fd == -ENOENT || fd == -ENOTDIR || fd == -ELOOP)
		return err_set(err, EBADMSG,
			       "'%s' is no directory of this layer", path);
	return fd;
}

/*
 * One step of a missing path: @name in @dirfd, together @path below the root.
 * Returns an fd or -errno.
 */
static int
make_step(struct layer_tree *tree, int dirfd, const char *name,
	  const char *path, struct err *err)
{
	int flags = O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;
	struct stat st;
	int fd;

	if (mkdirat(dirfd, name, 0755) < 0 && errno != EEXIST)
		return err_sys(err, "make directory '%s'", path);
	fd = openat(dirfd, name, flags);
	if (fd >= 0)
		return fd;
	if (fstatat(dirfd, name, &st, AT_SYMLINK_NOFOLLOW) < 0)
		return err_sys(err, "look at '%s'", path);
	if (tree->plain || !is_whiteout(&st))
		return follow_step(tree, path, err);
	fd = layer_tree_mkdir(tree, dirfd, name, 0755, err);
	if (fd == 0)
		fd = openat(dirfd, name, flags);
	return fd == -1 ? err_sys(err, "open '%s'", path) : fd;
}

static int
make_parents(struct layer_tree *tree, const char *path, size_t len,
	     struct err *err)
{
	cleanup_free char *dir = xstrndup(path, len);
	cleanup_close int fd =
		openat(tree->rootfd, ".", O_PATH | O_DIRECTORY | O_CLOEXEC);
	char *name = dir;

	if (fd < 0)
		return err_sys(err, "open the layer's root");
	for (;;) {
		char *slash = strchr(name, '/');
		int next;

		if (slash)
			*slash = '\0';
		next = make_step(tree, fd, name, dir, err);
		if (next < 0)
			return next;
		(void)close(fd);
		fd = next;
		if (!slash)
			return take_fd(fd);
		*slash = '/';
		name = slash + 1;
	}
}

int
layer_tree_parent(struct layer_tree *tree, const char *path, size_t dir_len,
		  struct err *err)
{
	struct strbuf *have = &tree->parent_path;
	int fd;

	if (!dir_len)
		return tree->rootfd;
	if (have->len == dir_len && !memcmp(have->buf, path, dir_len))
		return tree->parentfd;
	forget_parent(tree);
	strbuf_reset(have);
	strbuf_add(have, path, dir_len);
	fd = fsx_openat_in_root(tree->rootfd, have->buf, O_PATH | O_DIRECTORY,
				0, err);
	if (fd == -ENOENT || fd == -ENOTDIR || fd == -ELOOP)
		fd = make_parents(tree, path, dir_len, err);
	if (fd < 0) {
		strbuf_reset(have);
		return fd;
	}
	/* Making them may have cleared something, and with it the name. */
	strbuf_reset(have);
	strbuf_add(have, path, dir_len);
	tree->parentfd = fd;
	return fd;
}

int
layer_tree_whiteout(struct layer_tree *tree, int dirfd, const char *name,
		    struct err *err)
{
	struct stat st;

	if (mknodat(dirfd, name, S_IFCHR, makedev(0, 0)) == 0)
		return 0;
	if (errno != EEXIST)
		return err_sys(err, "make a whiteout for '%s'", name);
	if (fstatat(dirfd, name, &st, AT_SYMLINK_NOFOLLOW) < 0)
		return err_sys(err, "look at '%s'", name);
	/*
	 * A whiteout speaks about the layers below. What this layer has by
	 * that name hides theirs anyway; a directory must not be merged.
	 */
	return S_ISDIR(st.st_mode) ? layer_tree_opaque(dirfd, name, err) : 0;
}

static int
remember_dir(struct layer_tree *tree, const struct tar_entry *entry,
	     struct err *err)
{
	tree->dir_bytes += sizeof(struct layer_dir) + tree->path.len + 1;
	if (tree->dir_bytes > LAYER_MAX_DIR_BYTES)
		return err_set(err, E2BIG,
			       "names of directories take more than %u bytes",
			       LAYER_MAX_DIR_BYTES);
	array_push(tree->dirs, tree->dir_count, tree->dir_cap,
		   (struct layer_dir){
			   .path = xstrdup(tree->path.buf),
			   .mode = entry->mode,
			   .uid = entry->uid,
			   .gid = entry->gid,
			   .mtime = entry->mtime,
		   });
	return 0;
}

static int
add_dir(struct layer_tree *tree, const struct tar_entry *entry, int dirfd,
	const char *name, struct err *err)
{
	cleanup_close int fd = -EBADF;
	int r;

	r = layer_tree_mkdir(tree, dirfd, name, (entry->mode & 0777) | 0700,
			     err);
	if (r < 0)
		return r;
	if (entry->xattr_count) {
		fd = openat(dirfd, name,
			    O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
		if (fd < 0)
			return err_sys(err, "open '%s'", name);
		r = layer_meta_set_xattrs(tree, entry, fd, err);
		if (r < 0)
			return r;
	}
	return remember_dir(tree, entry, err);
}

static int
add_plain(struct layer_tree *tree, const struct tar_entry *entry,
	  struct tar_reader *reader, struct err *err)
{
	size_t dir_len;
	const char *name = entry_path_base(tree->path.buf, &dir_len);
	int dirfd = layer_tree_parent(tree, tree->path.buf, dir_len, err);

	if (dirfd < 0)
		return dirfd;
	if (entry->type == TAR_DIR)
		return add_dir(tree, entry, dirfd, *name ? name : ".", err);
	if (!*name)
		return err_set(err, EBADMSG, "the root is no directory");
	return layer_entry_make(tree, entry, dirfd, name, reader, err);
}

static int
add_whiteout(struct layer_tree *tree, bool opaque, struct err *err)
{
	size_t dir_len;
	const char *name = entry_path_base(tree->path.buf, &dir_len);
	int dirfd = layer_tree_parent(tree, tree->path.buf, dir_len, err);

	if (dirfd < 0)
		return dirfd;
	if (opaque)
		return layer_tree_opaque(dirfd, ".", err);
	return layer_tree_whiteout(tree, dirfd, entry_path_whiteout_name(name),
				   err);
}

int
layer_tree_add(struct layer_tree *tree, const struct tar_entry *entry,
	       struct tar_reader *reader, struct err *err)
{
	int kind, r;

	r = entry_path_clean(entry->path, LAYER_MAX_DEPTH, &tree->path, err);
	if (r < 0)
		return r;
	if (tree->own && (entry->type == TAR_CHAR || entry->type == TAR_BLOCK))
		return 0;
	if (tree->plain)
		return add_plain(tree, entry, reader, err);
	kind = entry_path_kind(tree->path.buf, err);
	switch (kind) {
	case ENTRY_PLAIN:
		return add_plain(tree, entry, reader, err);
	case ENTRY_WHITEOUT:
	case ENTRY_OPAQUE:
		return add_whiteout(tree, kind == ENTRY_OPAQUE, err);
	case ENTRY_IGNORED:
		return 0;
	default:
		return kind;
	}
}

int
layer_tree_finish(struct layer_tree *tree, struct err *err)
{
	for (size_t i = 0; i < tree->dir_count; i++) {
		const struct layer_dir *dir = &tree->dirs[i];
		cleanup_close int fd =
			fsx_openat_in_root(tree->rootfd, dir->path,
					   O_RDONLY | O_DIRECTORY | O_NOFOLLOW,
					   0, NULL);
		int r;

		/* A later entry may have put something else there. */
		if (fd == -ENOENT || fd == -ENOTDIR || fd == -ELOOP)
			continue;
		if (fd < 0)
			return err_code(err, -fd, "open directory '%s'",
					dir->path);
		r = layer_meta_set_dir(tree, dir, fd, err);
		if (r < 0)
			return err_wrap(err, r, "directory '%s'", dir->path);
	}
	return layer_meta_flush(tree, err);
}

void
layer_tree_release(struct layer_tree *tree)
{
	forget_parent(tree);
	if (tree->rootfd >= 0)
		(void)close(tree->rootfd);
	tree->rootfd = -EBADF;
	for (size_t i = 0; i < tree->dir_count; i++)
		free(tree->dirs[i].path);
	free(tree->dirs);
	tree->dirs = NULL;
	tree->dir_count = tree->dir_cap = 0;
	strbuf_release(&tree->owners);
	strbuf_release(&tree->path);
	strbuf_release(&tree->link);
	strbuf_release(&tree->parent_path);
}
