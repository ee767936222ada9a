/* SPDX-License-Identifier: Apache-2.0 */
/*
 * build/walk_match.c - the paths that a COPY source names.
 */
#include <errno.h>
#include <string.h>

#include "base/alloc.h"
#include "base/cleanup.h"
#include "base/text.h"
#include "build/walk.h"

#define MATCH_NEAREST_MAX 4096

struct matching {
	const struct walk_source *source;
	const struct strvec *words; /* of the pattern */
	bool deep;
	struct strvec *paths;
	struct strbuf path;
	int depth;
};

static int match_in(struct matching *m, const struct view_dir *dir, size_t at,
		    struct err *err);

bool
walk_is_pattern(const char *text)
{
	return strpbrk(text, "*?[\\") != NULL;
}

static bool
is_ignored(const struct walk_source *source, const char *path)
{
	return source->ignore && *path && ignore_excludes(source->ignore, path);
}

/* A directory that is ignored counts when something below it is not. */
static bool
is_taken(const struct walk_source *source, const char *path, bool is_dir)
{
	return !is_ignored(source, path) ||
	       (is_dir && !ignore_may_skip_dir(source->ignore, path));
}

/* m->path has matched all words. */
static int
match_take(struct matching *m, struct err *err)
{
	cleanup_view_place struct view_place place = VIEW_PLACE_INIT;
	int r = view_find(&m->source->view, m->path.buf, true, &place, err);

	/* A link that leads nowhere is no match. */
	if (r == -ELOOP || r == -ENOTDIR) {
		err_reset(err);
		return 0;
	}
	if (r < 0 || !place.exists ||
	    !is_taken(m->source, m->path.buf, place.dir.count > 0))
		return r;
	if (!strvec_has(m->paths, m->path.buf))
		strvec_add(m->paths, m->path.buf);
	return 0;
}

static int
match_below(struct matching *m, const struct view_node *node, size_t at,
	    struct err *err)
{
	int r;

	if (++m->depth > WALK_MAX_DEPTH)
		return err_set(err, ELOOP, "'%s' is nested too deep",
			       m->path.buf);
	r = match_in(m, &node->sub, at, err);
	m->depth--;
	return r;
}

/* One name of a directory against the word at @at. */
static int
match_name(struct matching *m, const struct view_dir *dir, const char *name,
	   size_t at, struct err *err)
{
	const char *word = m->words->v[at];
	bool any = m->deep && !strcmp(word, "**");
	bool is_last = at + 1 == m->words->len;
	struct view_node node;
	size_t len = m->path.len;
	int r = any ? 1 : glob_match(word, name);

	if (r < 0)
		return err_set(err, EINVAL, "bad pattern '%s'", word);
	if (r == 0 || view_lookup(dir, name, &node, NULL) < 0)
		return 0;
	if (len)
		strbuf_addch(&m->path, '/');
	strbuf_addstr(&m->path, name);
	r = 0;
	if (is_last)
		r = match_take(m, err);
	else if (S_ISDIR(node.st.st_mode))
		r = match_below(m, &node, any ? at : at + 1, err);
	strbuf_truncate(&m->path, len);
	view_node_release(&node);
	return r;
}

static int
match_in(struct matching *m, const struct view_dir *dir, size_t at,
	 struct err *err)
{
	cleanup_strvec struct strvec names = STRVEC_INIT;
	bool any = m->deep && !strcmp(m->words->v[at], "**");
	int r = 0;

	/* "**" may stand for nothing at all. */
	if (any && at + 1 < m->words->len)
		r = match_in(m, dir, at + 1, err);
	if (r == 0)
		r = view_list(dir, &names, err);
	for (size_t i = 0; r == 0 && i < names.len; i++)
		r = match_name(m, dir, names.v[i], at, err);
	return r;
}

/* The names beside what is missing, for a hint. */
static void
hint_nearest(const struct walk_source *source, const char *path,
	     struct err *err)
{
	cleanup_view_place struct view_place place = VIEW_PLACE_INIT;
	cleanup_strvec struct strvec names = STRVEC_INIT;
	const char *slash = strrchr(path, '/');
	cleanup_free char *dir =
		xstrndup(path, slash ? (size_t)(slash - path) : 0);
	const char *near;

	if (view_find(&source->view, dir, true, &place, NULL) < 0 ||
	    !place.dir.count || view_list(&place.dir, &names, NULL) < 0 ||
	    names.len > MATCH_NEAREST_MAX)
		return;
	near = text_nearest(slash ? slash + 1 : path,
			    (const char *const *)strvec_argv(&names));
	if (near)
		err_hint(err, "did you mean '%s%s%s'?", dir, *dir ? "/" : "",
			 near);
}

static int
match_literal(const struct walk_source *source, const char *text,
	      struct strvec *paths, struct err *err)
{
	cleanup_view_place struct view_place place = VIEW_PLACE_INIT;
	int r = view_find(&source->view, text, true, &place, err);

	if (r < 0)
		return r;
	if (!place.exists) {
		(void)err_set(err, ENOENT, "'%s' is not in the %s", text,
			      source->is_context ? "build context" : "source");
		hint_nearest(source, place.path.buf, err);
		return -ENOENT;
	}
	if (!is_taken(source, place.path.buf, place.dir.count > 0)) {
		(void)err_set(err, ENOENT, "'%s' is not in the build context",
			      text);
		err_hint(err, "the ignore file excludes it");
		return -ENOENT;
	}
	strvec_add(paths, place.path.buf);
	return 0;
}

int
walk_match(const struct walk_source *source, const char *pattern, bool deep,
	   struct strvec *paths, struct err *err)
{
	cleanup_strvec struct strvec words = STRVEC_INIT;
	cleanup_strvec struct strvec clean = STRVEC_INIT;
	struct matching m = { .source = source,
			      .words = &clean,
			      .deep = deep,
			      .paths = paths,
			      .path = STRBUF_INIT };
	int r;

	if (!walk_is_pattern(pattern))
		return match_literal(source, pattern, paths, err);
	strvec_split(&words, pattern, "/");
	for (size_t i = 0; i < words.len; i++) {
		if (!strcmp(words.v[i], "..") && clean.len)
			strvec_remove(&clean, clean.len - 1);
		else if (strcmp(words.v[i], ".") != 0 &&
			 strcmp(words.v[i], "..") != 0)
			strvec_add(&clean, words.v[i]);
	}
	if (!clean.len)
		return match_literal(source, "", paths, err);
	r = match_in(&m, &source->view.root, 0, err);
	strbuf_release(&m.path);
	return r;
}
