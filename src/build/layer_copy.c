/* SPDX-License-Identifier: Apache-2.0 */
/*
 * build/layer_copy.c - writing a step's layer: directories and trees.
 */
#include "build/layer_copy.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "archive/owner_mark.h"
#include "archive/xattr_set.h"
#include "base/alloc.h"
#include "base/cleanup.h"
#include "base/fsx.h"
#include "base/map.h"
#include "base/units.h"

/* Directories from the root to where is written, the last one deepest. */
struct copying {
	const struct copy_job *job;
	const struct walk_source *source;
	struct copy_level *levels;
	size_t depth, cap;
	const char *file_name; /* a source that is no directory is this */
	struct map links;      /* inode → path in the upper, first name */
};

static struct copy_level *
top(struct copying *c)
{
	return &c->levels[c->depth - 1];
}

static void
level_close(struct copy_level *level)
{
	struct timespec times[2] = { { .tv_nsec = UTIME_OMIT }, level->mtime };

	if (level->fd >= 0) {
		(void)futimens(level->fd, times);
		(void)close(level->fd);
	}
	view_dir_release(&level->lower);
	free(level->path);
}

static void
copying_release(struct copying *c)
{
	while (c->depth > 0)
		level_close(&c->levels[--c->depth]);
	free(c->levels);
	for (map_each(e, &c->links))
		free(e->value);
	map_release(&c->links);
}

static struct timespec
now_of(const struct copy_job *job)
{
	if (job->has_epoch)
		return (struct timespec){ .tv_sec = job->epoch };
	return (struct timespec){ .tv_sec = units_now_ns() / UNITS_NS_PER_S };
}

static int
open_root(struct copying *c, struct err *err)
{
	struct copy_level level = { .path = xstrdup("") };
	struct stat st;

	level.fd = openat(c->job->upperfd, ".",
			  O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (level.fd < 0 || fstat(level.fd, &st) < 0) {
		free(level.path);
		return err_sys(err, "open the layer");
	}
	level.mtime = st.st_mtim;
	for (size_t i = 0; i < c->job->below->root.count; i++) {
		int fd = fcntl(c->job->below->root.fds[i], F_DUPFD_CLOEXEC, 3);

		if (fd < 0)
			return err_sys(err, "open a layer again");
		array_push(level.lower.fds, level.lower.count, level.lower.cap,
			   fd);
	}
	array_push(c->levels, c->depth, c->cap, level);
	return 0;
}

/* A directory of lower layers, made again as it is there. */
static int
take_over(struct copying *c, struct copy_level *level,
	  const struct view_node *lower, struct err *err)
{
	struct copy_meta meta = { .mode = lower->st.st_mode,
				  .uid = lower->st.st_uid,
				  .gid = lower->st.st_gid };
	cleanup_close int fd = openat(lower->sub.fds[0], ".",
				      O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	struct xattr_set set = { .len = 0 };
	struct owner owner = { .uid = meta.uid, .gid = meta.gid };

	if (fd >= 0) {
		xattr_set_read(&set, fd);
		(void)owner_mark_get(fd, &owner);
	}
	for (size_t i = 0; i < set.len; i++)
		(void)fsetxattr(level->fd, set.list[i].name, set.list[i].value,
				set.list[i].len, 0);
	xattr_set_release(&set);
	level->mtime = lower->st.st_mtim;
	meta.uid = owner.uid;
	meta.gid = owner.gid;
	return copy_set_dir(c->job, level, &meta, err);
}

/*
 * Go down into @name, which is made when it is missing. @meta: what a new one
 * gets; @always: an old one too.
 */
static int
push_dir(struct copying *c, const char *name, const struct copy_meta *meta,
	 bool always, struct err *err)
{
	const struct copy_level *up = top(c);
	struct copy_level level = { .fd = -EBADF };
	struct view_node lower = { .dirfd = -EBADF };
	bool is_new, is_below;
	struct stat st;
	int r = 0;

	is_below = up->lower.count &&
		   view_lookup(&up->lower, name, &lower, NULL) == 0;
	is_new = mkdirat(up->fd, name, 0755) == 0;
	level.path =
		*up->path ? xasprintf("%s/%s", up->path, name) : xstrdup(name);
	level.fd = openat(up->fd, name,
			  O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (level.fd < 0 || fstat(level.fd, &st) < 0 ||
	    (is_new && is_below && !S_ISDIR(lower.st.st_mode))) {
		(void)err_set(err, EEXIST, "'/%s' is not a directory",
			      level.path);
		if (is_new)
			(void)unlinkat(up->fd, name, AT_REMOVEDIR);
		r = -EEXIST;
	} else {
		level.mtime = st.st_mtim;
		if (is_new && is_below)
			r = take_over(c, &level, &lower, err);
		if (r == 0 && ((is_new && !is_below) || always)) {
			level.mtime = meta->mtime;
			r = copy_set_dir(c->job, &level, meta, err);
		}
	}
	level.lower = lower.sub;
	if (r < 0) {
		level_close(&level);
		return r;
	}
	array_push(c->levels, c->depth, c->cap, level);
	return 0;
}

/* Down to the directory @path; missing ones get the job's owner. */
static int
push_path(struct copying *c, const char *path, const struct copy_meta *last,
	  struct err *err)
{
	cleanup_strvec struct strvec words = STRVEC_INIT;
	struct copy_meta meta = { .mode = S_IFDIR | 0755,
				  .uid = c->job->has_owner ? c->job->uid : 0,
				  .gid = c->job->has_owner ? c->job->gid : 0,
				  .mtime = now_of(c->job) };
	int r = 0;

	strvec_split(&words, path, "/");
	for (size_t i = 0; r == 0 && i < words.len; i++)
		r = push_dir(c, words.v[i],
			     last && i + 1 == words.len ? last : &meta, false,
			     err);
	return r;
}

static int
begin(struct copying *c, const char *dest, bool dest_is_dir, struct err *err)
{
	const char *slash = strrchr(dest, '/');
	cleanup_free char *dir = NULL;
	int r = open_root(c, err);

	if (r < 0 || dest_is_dir)
		return r;
	dir = xstrndup(dest, slash ? (size_t)(slash - dest) : 0);
	c->file_name = slash ? slash + 1 : dest;
	if (!*c->file_name)
		return err_set(err, EEXIST, "'/' cannot be overwritten");
	return push_path(c, dir, NULL, err);
}

/* Returns 1 when it was a further name of a file that is there. */
static int
link_again(struct copying *c, const struct walk_entry *entry, const char *name)
{
	const struct stat *st = &entry->node->st;
	const char *first;
	char key[40];

	if (st->st_nlink < 2)
		return 0;
	(void)snprintf(key, sizeof(key), "%" PRIx64 ":%" PRIx64,
		       (uint64_t)st->st_dev, (uint64_t)st->st_ino);
	first = map_get(&c->links, key);
	if (!first) {
		(void)map_set(&c->links, key,
			      *top(c)->path
				      ? xasprintf("%s/%s", top(c)->path, name)
				      : xstrdup(name));
		return 0;
	}
	if (copy_clear(top(c), name, NULL) < 0)
		return 0;
	return linkat(c->levels[0].fd, first, top(c)->fd, name, 0) == 0;
}

static int
visit_file(struct copying *c, const struct walk_entry *entry,
	   struct copy_file *file, struct err *err)
{
	int r;

	file->fd = openat(entry->node->dirfd, entry->name,
			  O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	if (file->fd < 0)
		return err_sys(err, "open '%s'", entry->path);
	file->xattrs = !c->source->is_context;
	if (file->xattrs)
		copy_meta_mark(c->job, file->fd, &file->meta);
	r = S_ISREG(file->meta.mode)
		    ? copy_file_write(c->job, file, err)
		    : copy_special_write(c->job, file, NULL, err);
	(void)close(file->fd);
	return r;
}

static int
visit(void *data, const struct walk_entry *entry, struct err *err)
{
	struct copying *c = data;
	const struct stat *st = &entry->node->st;
	cleanup_strbuf struct strbuf target = STRBUF_INIT;
	struct copy_file file = {
		.level = top(c),
		.name = *entry->rel ? entry->name : c->file_name,
		.meta = copy_meta_of(c->job, c->source, st),
		.fd = -1,
	};
	int r;

	if (S_ISSOCK(st->st_mode) || link_again(c, entry, file.name))
		return 0;
	if (S_ISREG(st->st_mode))
		return visit_file(c, entry, &file, err);
	if (!S_ISLNK(st->st_mode))
		return copy_special_write(c->job, &file, NULL, err);
	r = fsx_readlink(entry->node->dirfd, entry->name, &target);
	if (r < 0)
		return err_code(err, -r, "read the link '%s'", entry->path);
	return copy_special_write(c->job, &file, target.buf, err);
}

struct tree_copy {
	struct copying copying;
	const char *dest;
};

static int
enter(void *data, const struct walk_entry *dir, struct err *err)
{
	struct copying *c = data;
	struct tree_copy *tree = data;
	struct copy_meta meta = copy_meta_of(c->job, c->source, &dir->node->st);

	if (!c->source->is_context && dir->node->sub.count)
		copy_meta_mark(c->job, dir->node->sub.fds[0], &meta);
	/* Of a directory the content is copied, not the directory itself. */
	if (!*dir->rel)
		return push_path(c, tree->dest, c->job->parents ? &meta : NULL,
				 err);
	return push_dir(c, dir->name, &meta, true, err);
}

static int
leave(void *data, struct err *err)
{
	struct copying *c = data;

	/* The destination's own directories are closed at the end. */
	if (c->depth > 1)
		level_close(&c->levels[--c->depth]);
	return 0;
}

int
copy_tree(const struct copy_job *job, const struct walk_source *source,
	  const char *path, const char *dest, const struct ignore *exclude,
	  struct err *err)
{
	struct tree_copy tree = { .copying = { .job = job, .source = source },
				  .dest = dest };
	struct walk_visitor visitor = {
		.enter = enter, .leave = leave, .visit = visit, .data = &tree
	};
	cleanup_view_place struct view_place place = VIEW_PLACE_INIT;
	int r = view_find(&source->view, path, false, &place, err);

	if (r < 0)
		return r;
	r = begin(&tree.copying, dest, S_ISDIR(place.st.st_mode), err);
	if (r == 0)
		r = walk_tree(source, path, exclude, &visitor, err);
	copying_release(&tree.copying);
	return r;
}

static int
copy_one(const struct copy_job *job, const char *dest, struct copy_file *file,
	 struct err *err)
{
	cleanup_release(copying_release) struct copying c = { .job = job };
	struct walk_source none = { .is_context = true };
	struct stat st = { .st_mode = file->meta.mode };
	struct timespec mtime = file->meta.mtime;
	int r = begin(&c, dest, false, err);

	if (r < 0)
		return r;
	file->meta = copy_meta_of(job, &none, &st);
	file->meta.mtime = mtime;
	file->level = top(&c);
	file->name = c.file_name;
	return copy_file_write(job, file, err);
}

int
copy_bytes(const struct copy_job *job, const char *dest, const void *data,
	   size_t len, mode_t mode, struct err *err)
{
	struct copy_file file = { .meta = { .mode = S_IFREG | mode,
					    .mtime = now_of(job) },
				  .fd = -1,
				  .data = data,
				  .len = len };

	return copy_one(job, dest, &file, err);
}

int
copy_fd(const struct copy_job *job, const char *dest, int fd, mode_t mode,
	int64_t seconds, struct err *err)
{
	struct copy_file file = { .meta = { .mode = S_IFREG | mode,
					    .mtime = { .tv_sec = seconds } },
				  .fd = fd };

	return copy_one(job, dest, &file, err);
}

int
copy_mkdir(const struct copy_job *job, const char *dest, struct err *err)
{
	cleanup_release(copying_release) struct copying c = { .job = job };
	int r = open_root(&c, err);

	return r < 0 ? r : push_path(&c, dest, NULL, err);
}

int
copy_dest_find(const struct copy_job *job, const char *path,
	       struct copy_dest *ret_dest, struct err *err)
{
	cleanup_view_place struct view_place place = VIEW_PLACE_INIT;
	cleanup_view struct view seen = { .root = { .fds = NULL } };
	int r = view_add_fd(&seen, job->upperfd, err);

	for (size_t i = 0; r == 0 && i < job->below->root.count; i++)
		r = view_add_fd(&seen, job->below->root.fds[i], err);
	if (r == 0)
		r = view_find(&seen, path, true, &place, err);
	if (r < 0)
		return r;
	ret_dest->exists = place.exists;
	ret_dest->is_dir = place.exists && S_ISDIR(place.st.st_mode);
	ret_dest->path = xstrdup(place.path.buf);
	return 0;
}
