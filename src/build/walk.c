/* SPDX-License-Identifier: Apache-2.0 */
/*
 * build/walk.c - what a COPY takes of its source, entry by entry.
 */
#include "build/walk.h"

#include <errno.h>
#include <string.h>

#include "base/alloc.h"
#include "base/cleanup.h"

/* Which patterns matched a directory, of both lists. */
struct marks {
	struct ignore_dir ignore;
	struct ignore_dir exclude;
};

/* A directory that is only shown once something in it is. */
struct pending {
	struct walk_entry entry;
	char *rel, *path;
	const struct view_node *node;
	bool shown;
};

struct walking {
	const struct walk_source *source;
	const struct ignore *exclude;
	const struct walk_visitor *visitor;
	struct strbuf path;
	size_t rel_at; /* where rel begins in path */
	struct pending *dirs;
	size_t depth, cap;
};

static void
marks_release(struct marks *marks)
{
	ignore_dir_release(&marks->ignore);
	ignore_dir_release(&marks->exclude);
}

static const char *
rel_of(const struct walking *w)
{
	return w->path.len > w->rel_at ? w->path.buf + w->rel_at : "";
}

/* Is w->path left out? @ret_marks: for what is below; may be NULL. */
static bool
is_left_out(const struct walking *w, const struct marks *above,
	    struct marks *ret_marks)
{
	const struct ignore *ignore = w->source->ignore;
	const char *rel = rel_of(w);
	bool out = false;

	if (ignore && w->path.len)
		out = ignore_match(ignore, &above->ignore, w->path.buf,
				   ret_marks ? &ret_marks->ignore : NULL);
	if (w->exclude && *rel)
		out |= ignore_match(w->exclude, &above->exclude, rel,
				    ret_marks ? &ret_marks->exclude : NULL);
	return out;
}

/* Nothing below a directory that is left out can be taken back. */
static bool
is_hopeless(const struct walking *w)
{
	const struct ignore *ignore = w->source->ignore;
	const char *rel = rel_of(w);

	/* Each list alone suffices: what one leaves out stays out. */
	if (w->exclude && *rel && ignore_excludes(w->exclude, rel) &&
	    ignore_may_skip_dir(w->exclude, rel))
		return true;
	return ignore && w->path.len && ignore_excludes(ignore, w->path.buf) &&
	       ignore_may_skip_dir(ignore, w->path.buf);
}

static int
show_pending(struct walking *w, struct err *err)
{
	int r = 0;

	for (size_t i = 0; r == 0 && i < w->depth; i++) {
		struct pending *dir = &w->dirs[i];

		if (dir->shown)
			continue;
		dir->shown = true;
		r = w->visitor->enter(w->visitor->data, &dir->entry, err);
	}
	return r;
}

static int walk_dir(struct walking *w, const struct view_dir *dir,
		    const struct marks *marks, struct err *err);

static void
push_dir(struct walking *w, const struct view_node *node)
{
	struct pending dir = { .path = xstrdup(w->path.buf),
			       .rel = xstrdup(rel_of(w)) };
	const char *slash = strrchr(dir.path, '/');

	dir.entry = (struct walk_entry){ .rel = dir.rel,
					 .path = dir.path,
					 .name = slash ? slash + 1 : dir.path,
					 .node = node };
	array_push(w->dirs, w->depth, w->cap, dir);
}

static int
pop_dir(struct walking *w, int r, struct err *err)
{
	struct pending *dir = &w->dirs[--w->depth];

	free(dir->path);
	free(dir->rel);
	if (r == 0 && dir->shown)
		r = w->visitor->leave(w->visitor->data, err);
	return r;
}

/* w->path is of this node. @above: of the directory that has it. */
static int
walk_node(struct walking *w, const struct view_node *node,
	  const struct marks *above, struct err *err)
{
	cleanup_release(marks_release) struct marks marks = { 0 };
	bool is_dir = S_ISDIR(node->st.st_mode);
	bool out = is_left_out(w, above, is_dir ? &marks : NULL);
	int r = 0;

	if (!is_dir) {
		const char *slash = strrchr(w->path.buf, '/');
		struct walk_entry entry = { .rel = rel_of(w),
					    .path = w->path.buf,
					    .name = slash ? slash + 1
							  : w->path.buf,
					    .node = node };

		if (!out)
			r = show_pending(w, err);
		return r < 0 || out ? r
				    : w->visitor->visit(w->visitor->data,
							&entry, err);
	}
	if (out && is_hopeless(w))
		return 0;
	if (w->depth >= WALK_MAX_DEPTH)
		return err_set(err, ELOOP, "'%s' is nested too deep",
			       w->path.buf);
	push_dir(w, node);
	if (!out)
		r = show_pending(w, err);
	if (r == 0)
		r = walk_dir(w, &node->sub, &marks, err);
	return pop_dir(w, r, err);
}

static int
walk_dir(struct walking *w, const struct view_dir *dir,
	 const struct marks *marks, struct err *err)
{
	cleanup_strvec struct strvec names = STRVEC_INIT;
	size_t len = w->path.len;
	int r = view_list(dir, &names, err);

	for (size_t i = 0; r == 0 && i < names.len; i++) {
		struct view_node node;

		r = view_lookup(dir, names.v[i], &node, err);
		if (r == -ENOENT) { /* it went meanwhile */
			r = 0;
			continue;
		}
		if (r < 0)
			break;
		if (len)
			strbuf_addch(&w->path, '/');
		strbuf_addstr(&w->path, names.v[i]);
		r = walk_node(w, &node, marks, err);
		strbuf_truncate(&w->path, len);
		view_node_release(&node);
	}
	return r;
}

/* What matched the directories above @path. */
static void
marks_above(const struct walking *w, const char *path, struct marks *marks)
{
	const struct ignore *ignore = w->source->ignore;
	struct marks above = { 0 };

	for (const char *p = path; ignore && (p = strchr(p, '/')); p++) {
		cleanup_free char *dir = xstrndup(path, (size_t)(p - path));

		*marks = (struct marks){ 0 };
		(void)ignore_match(ignore, &above.ignore, dir, &marks->ignore);
		marks_release(&above);
		above = *marks;
	}
	*marks = above;
}

/* The node at @path, links on the way followed, the last one not. */
static int
node_at(const struct walk_source *source, const char *path,
	struct view_place *parent, struct view_node *ret_node, struct err *err)
{
	const char *slash = strrchr(path, '/');
	cleanup_free char *dir =
		xstrndup(path, slash ? (size_t)(slash - path) : 0);
	int r = view_find(&source->view, dir, true, parent, err);

	if (r < 0)
		return r;
	if (!parent->exists || !parent->dir.count)
		return -ENOENT;
	return view_lookup(&parent->dir, slash ? slash + 1 : path, ret_node,
			   err);
}

static int
walk_from_root(struct walking *w, struct err *err)
{
	cleanup_view_place struct view_place place = VIEW_PLACE_INIT;
	struct view_node node;
	struct marks none = { 0 };
	int r = view_find(&w->source->view, "", true, &place, err);

	if (r < 0)
		return r;
	node = (struct view_node){
		.st = place.st,
		.dirfd = place.dir.count ? place.dir.fds[0] : -EBADF,
		.sub = place.dir,
	};
	return walk_node(w, &node, &none, err);
}

int
walk_tree(const struct walk_source *source, const char *path,
	  const struct ignore *exclude, const struct walk_visitor *visitor,
	  struct err *err)
{
	cleanup_view_place struct view_place parent = VIEW_PLACE_INIT;
	cleanup_release(marks_release) struct marks marks = { 0 };
	struct walking w = { .source = source,
			     .exclude = exclude && !ignore_is_empty(exclude)
						? exclude
						: NULL,
			     .visitor = visitor,
			     .path = STRBUF_INIT };
	struct view_node node = { .dirfd = -EBADF };
	int r;

	w.rel_at = *path ? strlen(path) + 1 : 0;
	strbuf_addstr(&w.path, path);
	if (!*path) {
		r = walk_from_root(&w, err);
	} else {
		r = node_at(source, path, &parent, &node, err);
		if (r == 0) {
			marks_above(&w, path, &marks);
			r = walk_node(&w, &node, &marks, err);
		}
		view_node_release(&node);
	}
	free(w.dirs);
	strbuf_release(&w.path);
	return r;
}
