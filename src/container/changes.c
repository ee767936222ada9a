/* SPDX-License-Identifier: Apache-2.0 */
/*
 * container/changes.c - what a container changed of its image's files.
 *
 * One walk over two trees side by side: the container's and, below it, the
 * pile of layers (store/view.h).
 */
#include "container/changes.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "archive/layer_marks.h"
#include "archive/owner_mark.h"
#include "base/alloc.h"
#include "base/fsx.h"
#include "base/text.h"
#include "container/rootfs.h"
#include "store/layer.h"
#include "store/view.h"

#define WH_PREFIX ".wh."
#define CHANGES_MAX_DEPTH 1024

const char *const changes_stubs[] = {
	"dev",
	"etc/hostname",
	"etc/hosts",
	"etc/localtime",
	"etc/resolv.conf",
	"proc",
	"run/secrets",
	"sys",
	NULL,
};

struct finder {
	struct change_list list;
	struct strbuf path; /* of the directory at hand, no leading '/' */
	bool whole;         /* the tree has all files, not only changed ones */
};

void
change_list_release(struct change_list *list)
{
	for (size_t i = 0; i < list->len; i++)
		free(list->items[i].path);
	free(list->items);
	*list = (struct change_list)CHANGE_LIST_INIT;
}

static void
finder_add(struct finder *finder, enum change_kind kind)
{
	array_push(finder->list.items, finder->list.len, finder->list.cap,
		   (struct change){ kind, xasprintf("/%s", finder->path.buf) });
}

static bool
is_whiteout(const struct stat *st)
{
	return S_ISCHR(st->st_mode) && st->st_rdev == makedev(0, 0);
}

/* Times of directories change whenever something in them does. */
static bool
differs(const struct stat *a, const struct stat *b)
{
	if (a->st_mode != b->st_mode || a->st_uid != b->st_uid ||
	    a->st_gid != b->st_gid)
		return true;
	return !S_ISDIR(a->st_mode) &&
	       (a->st_size != b->st_size ||
		a->st_mtim.tv_sec != b->st_mtim.tv_sec ||
		a->st_rdev != b->st_rdev);
}

/* With one id an owner is a mark. */
static bool
is_owned_anew(int dirfd, const char *name, const struct stat *st,
	      const struct view_node *below)
{
	return (S_ISREG(st->st_mode) || S_ISDIR(st->st_mode)) &&
	       !owner_mark_is_same(dirfd, name, below->dirfd, name);
}

/* The names in a directory and the marks of those that are gone. */
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

static int find_in(struct finder *finder, int dirfd,
		   const struct view_dir *below, int depth, struct err *err);

/* What was only made to mount something on it. */
static bool
is_stub(const struct finder *finder, int dirfd, const char *name,
	const struct stat *st)
{
	cleanup_strvec struct strvec names = STRVEC_INIT;
	cleanup_close int fd = -EBADF;
	size_t i = 0;

	while (changes_stubs[i] && strcmp(changes_stubs[i], finder->path.buf))
		i++;
	if (!changes_stubs[i])
		return false;
	if (!S_ISDIR(st->st_mode))
		return S_ISREG(st->st_mode) && !st->st_size;
	fd = openat(dirfd, name,
		    O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0 || read_names(fd, &names, NULL) < 0)
		return false;
	/* fuse-overlayfs marks the directories that it makes. */
	for (i = 0; i < names.len; i++)
		if (finder->whole || !text_starts(names.v[i], WH_PREFIX))
			return false;
	return true;
}

/* A directory that is new, or that is there below too. */
static int
find_in_dir(struct finder *finder, int dirfd, const char *name,
	    const struct view_node *below, int depth, struct err *err)
{
	static const struct view_dir nothing = { .count = 0 };
	cleanup_close int fd = openat(
		dirfd, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	size_t at = finder->list.len;
	struct stat st;
	bool merges = below && S_ISDIR(below->st.st_mode);
	int r;

	if (fd < 0)
		return errno == ENOENT ? 0 : err_sys(err, "open");
	if (depth >= CHANGES_MAX_DEPTH)
		return err_set(err, ELOOP, "directories are nested too deep");
	if (fstat(fd, &st) < 0)
		return err_sys(err, "look at the directory");
	finder_add(finder, below ? CHANGE_MODIFIED : CHANGE_ADDED);
	r = find_in(finder, fd, merges ? &below->sub : &nothing, depth + 1,
		    err);
	if (r < 0 || finder->list.len > at + 1 || !below ||
	    differs(&st, &below->st) || is_owned_anew(dirfd, name, &st, below))
		return r;
	free(finder->list.items[--finder->list.len].path);
	return 0;
}

static int
find_at(struct finder *finder, int dirfd, const char *name,
	const struct view_dir *below, int depth, struct err *err)
{
	struct view_node node = { .dirfd = -1 };
	const char *hidden = text_after(name, WH_PREFIX);
	size_t len = finder->path.len;
	bool gone = !finder->whole && hidden, exists;
	struct stat st;
	int r = 0;

	if (gone && text_starts(hidden, WH_PREFIX))
		return 0;
	if (fstatat(dirfd, name, &st, AT_SYMLINK_NOFOLLOW) < 0)
		return errno == ENOENT ? 0 : err_sys(err, "look at '%s'", name);
	gone |= is_whiteout(&st);
	if (gone && hidden)
		name = hidden;
	r = view_lookup(below, name, &node, err);
	if (r < 0 && r != -ENOENT)
		return r;
	exists = r == 0;
	r = 0;
	if (len)
		strbuf_addch(&finder->path, '/');
	strbuf_addstr(&finder->path, name);
	if (gone && exists)
		finder_add(finder, CHANGE_DELETED);
	else if (!gone && !exists && is_stub(finder, dirfd, name, &st))
		;
	else if (!gone && S_ISDIR(st.st_mode))
		r = find_in_dir(finder, dirfd, name, exists ? &node : NULL,
				depth, err);
	else if (!gone &&
		 (!exists || !finder->whole || differs(&st, &node.st) ||
		  is_owned_anew(dirfd, name, &st, &node)))
		finder_add(finder, exists ? CHANGE_MODIFIED : CHANGE_ADDED);
	strbuf_truncate(&finder->path, len);
	if (exists)
		view_node_release(&node);
	return r;
}

/* What is below and not here is gone, though no mark says so. */
static int
find_absent(struct finder *finder, const struct strvec *names,
	    const struct view_dir *below, struct err *err)
{
	cleanup_strvec struct strvec theirs = STRVEC_INIT;
	size_t len = finder->path.len;
	int r = view_list(below, &theirs, err);

	for (size_t i = 0; r == 0 && i < theirs.len; i++) {
		if (strvec_has(names, theirs.v[i]))
			continue;
		if (len)
			strbuf_addch(&finder->path, '/');
		strbuf_addstr(&finder->path, theirs.v[i]);
		finder_add(finder, CHANGE_DELETED);
		strbuf_truncate(&finder->path, len);
	}
	return r;
}

static int
find_in(struct finder *finder, int dirfd, const struct view_dir *below,
	int depth, struct err *err)
{
	cleanup_strvec struct strvec names = STRVEC_INIT;
	int r = read_names(dirfd, &names, err);

	for (size_t i = 0; r == 0 && i < names.len; i++)
		r = find_at(finder, dirfd, names.v[i], below, depth, err);
	if (r == 0 && below->count &&
	    (finder->whole || layer_mark_is_opaque(dirfd)))
		r = find_absent(finder, &names, below, err);
	return r;
}

static int
change_compare(const void *a, const void *b)
{
	return strcmp(((const struct change *)a)->path,
		      ((const struct change *)b)->path);
}

static int
changes_open_view(struct store *store, const struct image_config *config,
		  struct view *view, struct err *err)
{
	cleanup_strvec struct strvec paths = STRVEC_INIT;
	char path[LAYER_PATH_BYTES];

	for (size_t i = config->diff_id_count; i > 0; i--)
		strvec_add(&paths, layer_path(&config->diff_ids[i - 1], path));
	return view_add(view, store->dirfd, &paths, err);
}

/* The tree that shows the changes: upper/, or the whole root/. */
static int
changes_open_tree(const struct container *container,
		  const struct image_config *config, bool *ret_whole)
{
	const char *driver = container->state.driver;

	*ret_whole = (driver && !strcmp(driver, driver_name(DRIVER_COPY))) ||
		     !config->diff_id_count;
	return openat(container->dirfd, *ret_whole ? "root" : "upper",
		      O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

int
changes_find(struct session *session, const struct container *container,
	     struct change_list *ret_list, struct err *err)
{
	cleanup_container_image struct container_image image = { 0 };
	cleanup_container_spec struct container_spec spec = { 0 };
	cleanup_view struct view view = { .root = { .count = 0 } };
	struct finder finder = { .path = STRBUF_INIT };
	cleanup_close int fd = -EBADF;
	struct store *store;
	int r;

	r = session_store(session, &store, err);
	if (r == 0)
		r = container_load_spec(session, container, &spec, &image, err);
	if (r == 0)
		r = session_enter(session, false, err);
	if (r < 0)
		return r;
	fd = changes_open_tree(container, &image.config, &finder.whole);
	/* It never ran, and nothing was copied into it. */
	if (fd < 0 && errno == ENOENT)
		return 0;
	if (fd < 0)
		return err_sys(err, "open the files of container '%s'",
			       container->name);
	r = changes_open_view(store, &image.config, &view, err);
	if (r == 0)
		r = find_in(&finder, fd, &view.root, 0, err);
	if (r < 0)
		r = err_wrap(err, r, "'/%s'", finder.path.buf);
	strbuf_release(&finder.path);
	if (r < 0) {
		change_list_release(&finder.list);
		return r;
	}
	if (finder.list.len)
		qsort(finder.list.items, finder.list.len,
		      sizeof(*finder.list.items), change_compare);
	*ret_list = finder.list;
	return 0;
}
