/* SPDX-License-Identifier: Apache-2.0 */
/*
 * build/walk.h - what a COPY takes of its source, entry by entry.
 *
 * A source is a context or the root of a stage or image. Patterns of ignore
 * files (contexts) and of --exclude leave things out; a directory that is left
 * out shows up all the same when something below it is taken back by "!".
 */
#ifndef DHOW_BUILD_WALK_H
#define DHOW_BUILD_WALK_H

#include "dockerfile/ignore.h"
#include "store/view.h"

#define WALK_MAX_DEPTH 512

struct walk_source {
	struct view view;
	const struct ignore *ignore; /* of a context; borrowed, or NULL */
	bool is_context; /* owners and attributes of the host say nothing */
};

struct walk_entry {
	const char *rel;  /* below what is copied; "" for that itself */
	const char *path; /* below the source's root */
	const char *name; /* the last component of path */
	const struct view_node *node; /* name is in node->dirfd */
};

struct walk_visitor {
	/* Of a directory, before what is in it. */
	int (*enter)(void *data, const struct walk_entry *dir, struct err *err);
	int (*leave)(void *data, struct err *err);
	/* Of anything else. */
	int (*visit)(void *data, const struct walk_entry *entry,
		     struct err *err);
	void *data;
};

/*
 * Walk from @path (of view_find(): no links, no dots) in sorted order.
 *
 * @exclude: patterns relative to @path's own place, or NULL
 *
 * Returns 0, -ENOENT when it is not there, or what the visitor returned.
 */
int walk_tree(const struct walk_source *source, const char *path,
	      const struct ignore *exclude, const struct walk_visitor *visitor,
	      struct err *err);

/*
 * The paths that a COPY source names, sorted: a literal one with links
 * followed, or what a pattern matches (filepath.Match in each component; "**"
 * when @deep).
 *
 * Returns 0; -ENOENT for a literal one that is not there, with a hint when it
 * is ignored; -EINVAL for a malformed pattern.
 */
int walk_match(const struct walk_source *source, const char *pattern, bool deep,
	       struct strvec *paths, struct err *err);

bool walk_is_pattern(const char *text);

#endif
