/* SPDX-License-Identifier: Apache-2.0 */
/*
 * dockerfile/ignore.c - .dockerignore, and COPY --exclude.
 */
#include "dockerfile/ignore.h"

#include <errno.h>
#include <string.h>

#include "base/alloc.h"
#include "base/strbuf.h"
#include "base/strvec.h"
#include "dockerfile/ignore_pattern.h"

#define IGNORE_BOM "\xef\xbb\xbf"
#define IGNORE_MAX_PATTERN 65535

struct ignore_rule {
	char *pattern;
	bool is_exception; /* "!" */
	bool is_literal;
};

struct ignore {
	struct ignore_rule *rules;
	size_t len;
	size_t cap;
	bool has_exceptions;
};

struct ignore *
ignore_new(void)
{
	return xcalloc(1, sizeof(struct ignore));
}

void
ignore_free(struct ignore *ignore)
{
	if (!ignore)
		return;
	for (size_t i = 0; i < ignore->len; i++)
		free(ignore->rules[i].pattern);
	free(ignore->rules);
	free(ignore);
}

/*
 * Fold "a//b", "./a", "a/../b" and a last slash away, as Go's filepath.Clean
 * does; a first slash goes too, and with it each ".." that would leave.
 */
static char *
ignore_clean(struct span text)
{
	cleanup_strvec struct strvec parts = STRVEC_INIT;
	cleanup_strbuf struct strbuf path = STRBUF_INIT;
	bool is_absolute = text.len && *text.ptr == '/';
	struct span part;

	while (span_next(&text, '/', &part)) {
		bool is_up = span_is(part, "..");

		if (!part.len || span_is(part, "."))
			continue;
		if (is_up && parts.len &&
		    strcmp(parts.v[parts.len - 1], "..") != 0)
			strvec_remove(&parts, parts.len - 1);
		else if (!is_up || !is_absolute)
			strvec_add_take(&parts, span_dup(part));
	}
	for (size_t i = 0; i < parts.len; i++)
		strbuf_addf(&path, "%s%s", i ? "/" : "", parts.v[i]);
	return strbuf_take(&path);
}

static int
ignore_add_span(struct ignore *ignore, struct span text, struct err *err)
{
	struct ignore_rule rule = { .is_exception = false };

	text = span_trim(text);
	if (!text.len)
		return 0;
	if (*text.ptr == '!') {
		rule.is_exception = true;
		text = span_trim(span_skip(text, 1));
		if (!text.len)
			return err_set(err, EINVAL,
				       "'!' is followed by no pattern");
	}
	if (text.len > IGNORE_MAX_PATTERN || span_find(text, '\0') < text.len)
		return err_set(err, EINVAL, "the pattern is too long");
	if (ignore->len >= IGNORE_MAX_PATTERNS)
		return err_set(err, EINVAL, "there are too many patterns");
	rule.pattern = ignore_clean(text);
	if (!ignore_pattern_is_valid(rule.pattern)) {
		free(rule.pattern);
		return err_set(err, EINVAL, "malformed pattern '%.*s'",
			       (int)text.len, text.ptr);
	}
	/* "." and "/" name the context itself, which nothing can leave out. */
	if (!*rule.pattern) {
		free(rule.pattern);
		return 0;
	}
	rule.is_literal = ignore_pattern_is_literal(rule.pattern);
	ignore->has_exceptions |= rule.is_exception;
	array_push(ignore->rules, ignore->len, ignore->cap, rule);
	return 0;
}

int
ignore_add(struct ignore *ignore, const char *pattern, struct err *err)
{
	return ignore_add_span(ignore, span_of(pattern), err);
}

int
ignore_parse(struct ignore *ignore, struct span bytes, const char *name,
	     struct err *err)
{
	struct span line;
	int number = 0;

	if (bytes.len > IGNORE_MAX_BYTES)
		return err_set(err, EINVAL, "%s: the file is too large", name);
	if (span_starts(bytes, IGNORE_BOM))
		bytes = span_skip(bytes, strlen(IGNORE_BOM));
	while (span_next(&bytes, '\n', &line)) {
		int r;

		number++;
		if (line.len && *line.ptr == '#')
			continue;
		r = ignore_add_span(ignore, line, err);
		if (r < 0)
			return err_wrap(err, r, "%s:%d", name, number);
	}
	return 0;
}

bool
ignore_is_empty(const struct ignore *ignore)
{
	return !ignore->len;
}

bool
ignore_has_exceptions(const struct ignore *ignore)
{
	return ignore->has_exceptions;
}

static bool
ignore_rule_matches(const struct ignore_rule *rule, const char *path)
{
	return rule->is_literal ? !strcmp(rule->pattern, path)
				: ignore_pattern_match(rule->pattern, path);
}

/* For what has nothing below it, the last rule that matches is enough. */
static bool
ignore_match_leaf(const struct ignore *ignore, const struct ignore_dir *parent,
		  const char *path)
{
	for (size_t i = ignore->len; i > 0; i--) {
		const struct ignore_rule *rule = &ignore->rules[i - 1];

		if ((parent->matched && parent->matched[i - 1]) ||
		    ignore_rule_matches(rule, path))
			return !rule->is_exception;
	}
	return false;
}

bool
ignore_match(const struct ignore *ignore, const struct ignore_dir *parent,
	     const char *path, struct ignore_dir *ret_dir)
{
	bool *matched;
	bool is_excluded = false;

	if (!ret_dir || !ignore->len) {
		if (ret_dir)
			*ret_dir = (struct ignore_dir)IGNORE_DIR_TOP;
		return ignore_match_leaf(ignore, parent, path);
	}
	matched = xcalloc(ignore->len, sizeof(*matched));
	for (size_t i = 0; i < ignore->len; i++) {
		const struct ignore_rule *rule = &ignore->rules[i];

		matched[i] = (parent->matched && parent->matched[i]) ||
			     ignore_rule_matches(rule, path);
		if (matched[i])
			is_excluded = !rule->is_exception;
	}
	ret_dir->matched = matched;
	return is_excluded;
}

void
ignore_dir_release(struct ignore_dir *dir)
{
	free(dir->matched);
	dir->matched = NULL;
}

bool
ignore_excludes(const struct ignore *ignore, const char *path)
{
	cleanup_free char *part = xstrdup(path);
	struct ignore_dir dir = IGNORE_DIR_TOP;
	bool is_excluded;

	for (char *p = strchr(part, '/'); p; p = strchr(p + 1, '/')) {
		struct ignore_dir sub;

		*p = '\0';
		(void)ignore_match(ignore, &dir, part, &sub);
		*p = '/';
		ignore_dir_release(&dir);
		dir = sub;
	}
	is_excluded = ignore_match(ignore, &dir, part, NULL);
	ignore_dir_release(&dir);
	return is_excluded;
}

bool
ignore_may_skip_dir(const struct ignore *ignore, const char *path)
{
	for (size_t i = 0; ignore->has_exceptions && i < ignore->len; i++)
		if (ignore->rules[i].is_exception &&
		    ignore_pattern_reaches_below(ignore->rules[i].pattern,
						 path))
			return false;
	return true;
}
