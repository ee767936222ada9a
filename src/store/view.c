/* SPDX-License-Identifier: Apache-2.0 */
/*
 * store/view.c - a pile of trees seen as one, read by fd.
 */
#include "store/view.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/sysmacros.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/cleanup.h"
#include "base/fsx.h"
#include "base/io.h"
#include "base/map.h"

#define VIEW_MAX_LINKS 40
#define VIEW_MAX_PATH 4096
#define VIEW_DIR_FLAGS (O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)

void
view_dir_release(struct view_dir *dir)
{
	for (size_t i = 0; i < dir->count; i++)
		(void)close(dir->fds[i]);
	free(dir->fds);
	*dir = (struct view_dir){ .fds = NULL };
}

static void
dir_push(struct view_dir *dir, int fd)
{
	array_push(dir->fds, dir->count, dir->cap, fd);
}

static int
dir_copy(const struct view_dir *from, struct view_dir *to, struct err *err)
{
	for (size_t i = 0; i < from->count; i++) {
		int fd = fcntl(from->fds[i], F_DUPFD_CLOEXEC, 3);

		if (fd < 0)
			return err_sys(err, "open a directory again");
		dir_push(to, fd);
	}
	return 0;
}

int
view_add(struct view *view, int dirfd, const struct strvec *paths,
	 struct err *err)
{
	for (size_t i = 0; i < paths->len; i++) {
		int fd = openat(dirfd, paths->v[i], VIEW_DIR_FLAGS);

		if (fd < 0)
			return err_sys(err, "open '%s'", paths->v[i]);
		dir_push(&view->root, fd);
	}
	return 0;
}

int
view_add_fd(struct view *view, int fd, struct err *err)
{
	int own = openat(fd, ".", VIEW_DIR_FLAGS);

	if (own < 0)
		return err_sys(err, "open a directory");
	dir_push(&view->root, own);
	return 0;
}

void
view_close(struct view *view)
{
	view_dir_release(&view->root);
}

void
view_node_release(struct view_node *node)
{
	view_dir_release(&node->sub);
}

static bool
is_whiteout(const struct stat *st)
{
	return S_ISCHR(st->st_mode) && st->st_rdev == makedev(0, 0);
}

/* Attributes cannot be read from an O_PATH fd: by its path in /proc then. */
static bool
is_opaque(int fd)
{
	char path[FSX_FD_PATH_BYTES];
	char value[2];

	return getxattr(fsx_fd_path(fd, path), "user.overlay.opaque", value,
			sizeof(value)) == 1 &&
	       value[0] == 'y';
}

/* Returns 1 when nothing below counts any more, 0, or -errno. */
static int
lookup_in(int dirfd, const char *name, bool is_last, struct view_node *node,
	  bool *io_found, struct err *err)
{
	struct stat st;
	int fd;

	if (fstatat(dirfd, name, &st, AT_SYMLINK_NOFOLLOW) < 0)
		return errno == ENOENT ? 0 : err_sys(err, "look at '%s'", name);
	if (is_whiteout(&st) || (*io_found && !S_ISDIR(st.st_mode)))
		return 1;
	if (!*io_found) {
		node->st = st;
		node->dirfd = dirfd;
	}
	*io_found = true;
	if (!S_ISDIR(st.st_mode))
		return 1;
	fd = openat(dirfd, name, VIEW_DIR_FLAGS);
	if (fd < 0)
		return err_sys(err, "open '%s'", name);
	dir_push(&node->sub, fd);
	return !is_last && is_opaque(fd);
}

int
view_lookup(const struct view_dir *dir, const char *name,
	    struct view_node *ret_node, struct err *err)
{
	struct view_node node = { .dirfd = -EBADF };
	bool found = false;
	int r = 0;

	for (size_t i = 0; r == 0 && i < dir->count; i++)
		r = lookup_in(dir->fds[i], name, i + 1 == dir->count, &node,
			      &found, err);
	if (r < 0 || !found) {
		view_node_release(&node);
		return r < 0 ? r : -ENOENT;
	}
	*ret_node = node;
	return 0;
}

static DIR *
open_list(int fd)
{
	int own = openat(fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *dir = own < 0 ? NULL : fdopendir(own);

	if (own >= 0 && !dir)
		(void)close(own);
	return dir;
}

static int
list_one(int fd, struct map *seen, struct strvec *names, struct err *err)
{
	cleanup_closedir DIR *list = open_list(fd);
	struct dirent *ent;
	struct stat st;

	if (!list)
		return err_sys(err, "read a directory");
	while ((errno = 0, ent = readdir(list))) {
		const char *name = ent->d_name;

		if (!strcmp(name, ".") || !strcmp(name, ".."))
			continue;
		if (seen && map_has(seen, name))
			continue;
		if (seen)
			(void)map_set(seen, name, seen);
		if (ent->d_type == DT_CHR &&
		    fstatat(fd, name, &st, AT_SYMLINK_NOFOLLOW) == 0 &&
		    is_whiteout(&st))
			continue;
		strvec_add(names, name);
	}
	return errno ? err_sys(err, "read a directory") : 0;
}

int
view_list(const struct view_dir *dir, struct strvec *names, struct err *err)
{
	cleanup_map struct map seen = MAP_INIT;
	int r = 0;

	for (size_t i = 0; r == 0 && i < dir->count; i++)
		r = list_one(dir->fds[i], dir->count > 1 ? &seen : NULL, names,
			     err);
	strvec_sort(names);
	return r;
}

void
view_place_release(struct view_place *place)
{
	strbuf_release(&place->path);
	view_dir_release(&place->dir);
	if (place->fd >= 0)
		(void)close(place->fd);
	*place = (struct view_place)VIEW_PLACE_INIT;
}

/* A walk: the directories from the root down, and what is still to go. */
struct walk {
	const struct view *view;
	struct view_dir *dirs; /* dirs[0] is the root's copy */
	size_t depth, cap;
	struct strvec rest; /* components, the next one last */
	int links;
	struct view_place *place;
};

static void
walk_release(struct walk *walk)
{
	for (size_t i = 0; i < walk->depth; i++)
		view_dir_release(&walk->dirs[i]);
	free(walk->dirs);
	strvec_release(&walk->rest);
}

/* The components of @path come before those that are left. */
static void
walk_push(struct walk *walk, const char *path)
{
	cleanup_strvec struct strvec words = STRVEC_INIT;

	strvec_split(&words, path, "/");
	for (size_t i = words.len; i > 0; i--)
		strvec_add(&walk->rest, words.v[i - 1]);
}

static void
path_push(struct strbuf *path, const char *name)
{
	if (path->len)
		strbuf_addch(path, '/');
	strbuf_addstr(path, name);
}

static void
path_pop(struct strbuf *path)
{
	const char *slash = strrchr(path->buf, '/');

	strbuf_truncate(path, slash ? (size_t)(slash - path->buf) : 0);
}

static void
walk_up(struct walk *walk)
{
	path_pop(&walk->place->path);
	if (walk->depth > 1)
		view_dir_release(&walk->dirs[--walk->depth]);
}

static int
walk_link(struct walk *walk, const struct view_node *node, const char *name,
	  struct err *err)
{
	cleanup_strbuf struct strbuf target = STRBUF_INIT;
	int r = fsx_readlink(node->dirfd, name, &target);

	if (r < 0)
		return err_code(err, -r, "read the link '%s'", name);
	if (++walk->links > VIEW_MAX_LINKS)
		return err_set(err, ELOOP, "too many links at '%s'", name);
	if (target.buf[0] == '/')
		while (walk->depth > 1 || walk->place->path.len)
			walk_up(walk);
	walk_push(walk, target.buf);
	return 0;
}

/* The end: a file, a link that is not followed, a device. */
static int
walk_end(struct walk *walk, const struct view_node *node, const char *name,
	 struct err *err)
{
	struct view_place *place = walk->place;

	path_push(&place->path, name);
	if (walk->rest.len)
		return err_set(err, ENOTDIR, "'/%s' is not a directory",
			       place->path.buf);
	place->exists = true;
	place->st = node->st;
	place->fd = openat(node->dirfd, name, O_PATH | O_NOFOLLOW | O_CLOEXEC);
	if (place->fd < 0)
		return err_sys(err, "open '%s'", place->path.buf);
	return 1;
}

/* Nothing is there: the rest stays as it is written. */
static int
walk_missing(struct walk *walk, const char *name)
{
	path_push(&walk->place->path, name);
	while (walk->rest.len) {
		const char *next = walk->rest.v[walk->rest.len - 1];

		if (!strcmp(next, ".."))
			path_pop(&walk->place->path);
		else if (strcmp(next, ".") != 0)
			path_push(&walk->place->path, next);
		strvec_remove(&walk->rest, walk->rest.len - 1);
	}
	return 1;
}

/* Returns 1 at the end, 0 to go on, -errno. */
static int
walk_step(struct walk *walk, bool follow, struct err *err)
{
	cleanup_free char *name = xstrdup(walk->rest.v[walk->rest.len - 1]);
	struct view_node node;
	int r;

	strvec_remove(&walk->rest, walk->rest.len - 1);
	if (!strcmp(name, "."))
		return 0;
	if (!strcmp(name, "..")) {
		walk_up(walk);
		return 0;
	}
	r = view_lookup(&walk->dirs[walk->depth - 1], name, &node, err);
	if (r == -ENOENT)
		return walk_missing(walk, name);
	if (r < 0)
		return r;
	if (S_ISLNK(node.st.st_mode) && (follow || walk->rest.len)) {
		r = walk_link(walk, &node, name, err);
	} else if (!S_ISDIR(node.st.st_mode)) {
		r = walk_end(walk, &node, name, err);
	} else {
		path_push(&walk->place->path, name);
		array_push(walk->dirs, walk->depth, walk->cap, node.sub);
		node.sub = (struct view_dir){ .fds = NULL };
		walk->place->st = node.st;
	}
	view_node_release(&node);
	return r;
}

static int
walk_all(struct walk *walk, bool follow, struct err *err)
{
	struct view_place *place = walk->place;
	int r = 0;

	while (r == 0 && walk->rest.len) {
		if (place->path.len > VIEW_MAX_PATH)
			return err_set(err, ENAMETOOLONG, "a path is too long");
		r = walk_step(walk, follow, err);
	}
	if (r != 0)
		return r < 0 ? r : 0;
	/* It ended at a directory. */
	place->exists = true;
	if (walk->depth == 1 && walk->dirs[0].count &&
	    fstat(walk->dirs[0].fds[0], &place->st) < 0)
		return err_sys(err, "look at the root");
	if (walk->depth == 1 && !walk->dirs[0].count)
		place->st = (struct stat){ .st_mode = S_IFDIR | 0755 };
	place->dir = walk->dirs[--walk->depth];
	/* Only a lookup knows it; after ".." it is asked for again. */
	if (place->dir.count && fstat(place->dir.fds[0], &place->st) < 0)
		return err_sys(err, "look at '%s'", place->path.buf);
	return 0;
}

int
view_find(const struct view *view, const char *path, bool follow,
	  struct view_place *place, struct err *err)
{
	cleanup_release(walk_release) struct walk walk = { .view = view,
							   .place = place };
	struct view_dir root = { .fds = NULL };
	int r = dir_copy(&view->root, &root, err);

	view_place_release(place);
	array_push(walk.dirs, walk.depth, walk.cap, root);
	if (r < 0)
		return r;
	walk_push(&walk, path);
	return walk_all(&walk, follow, err);
}

int
view_read(const struct view *view, const char *path, size_t max_bytes,
	  struct strbuf *sb, struct err *err)
{
	cleanup_view_place struct view_place place = VIEW_PLACE_INIT;
	char name[FSX_FD_PATH_BYTES];
	cleanup_close int fd = -EBADF;
	int r = view_find(view, path, true, &place, err);

	if (r < 0)
		return r;
	if (!place.exists || !S_ISREG(place.st.st_mode))
		return err_set(err, ENOENT, "'%s' is no file", path);
	fd = open(fsx_fd_path(place.fd, name), O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return err_sys(err, "open '%s'", path);
	return io_read_all(fd, max_bytes, sb, err);
}
