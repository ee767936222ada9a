/* SPDX-License-Identifier: Apache-2.0 */
/*
 * dockerfile/ignore.h - .dockerignore, and COPY --exclude.
 *
 * Patterns are Go's filepath.Match with "**" for any number of directories;
 * the last one that matches wins; "!" takes back. A pattern that matches a
 * directory counts for all below it. Spec: Docker, "Build context",
 * ".dockerignore files".
 */
#ifndef DHOW_DOCKERFILE_IGNORE_H
#define DHOW_DOCKERFILE_IGNORE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/cleanup.h"
#include "base/err.h"
#include "base/span.h"

#define IGNORE_MAX_BYTES (4U << 20)
#define IGNORE_MAX_PATTERNS 100000

struct ignore;

struct ignore *ignore_new(void);
void ignore_free(struct ignore *ignore);
DEFINE_CLEANUP(struct ignore *, ignore_free);

/*
 * Read a file's patterns. @name leads messages. -EINVAL names a malformed
 * pattern, with its line.
 */
int ignore_parse(struct ignore *ignore, struct span bytes, const char *name,
		 struct err *err);
/* Add one pattern, as --exclude gives it. */
int ignore_add(struct ignore *ignore, const char *pattern, struct err *err);

bool ignore_is_empty(const struct ignore *ignore);
/* A "!" pattern exists: something below an excluded directory may be wanted. */
bool ignore_has_exceptions(const struct ignore *ignore);

/*
 * A walk goes down a tree and keeps, per directory, which patterns matched
 * it; so each path costs one look at each pattern, however deep it is.
 *
 *	struct ignore_dir top = IGNORE_DIR_TOP;
 *	ignore_match(ignore, &top, "a", &sub)    sub: for what is below a
 *	ignore_match(ignore, &sub, "a/b", NULL)
 */
struct ignore_dir {
	bool *matched; /* per pattern, owned; NULL: none did */
};
#define IGNORE_DIR_TOP          \
	{                       \
		.matched = NULL \
	}

/*
 * Is @path (relative, no leading slash, no "." or "..") excluded? @parent is
 * of the directory it is in. @ret_dir: filled for a directory whose content
 * is to be asked about, released by the caller; may be NULL.
 */
bool ignore_match(const struct ignore *ignore, const struct ignore_dir *parent,
		  const char *path, struct ignore_dir *ret_dir);
void ignore_dir_release(struct ignore_dir *dir);

/* The same for one path from the top, all its directories looked at. */
bool ignore_excludes(const struct ignore *ignore, const char *path);

/*
 * May a directory that is excluded be passed by without looking inside? Not
 * when some "!" pattern could match below it.
 */
bool ignore_may_skip_dir(const struct ignore *ignore, const char *path);

#endif
