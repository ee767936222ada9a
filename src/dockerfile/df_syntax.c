/* SPDX-License-Identifier: Apache-2.0 */
/*
 * dockerfile/df_syntax.c - "# syntax=docker/dockerfile:1".
 *
 * BuildKit fetches the named image and lets it read the file. Here the names
 * of Docker's own are known, and nothing is ever fetched.
 */
#include "dockerfile/df_syntax.h"

#include <errno.h>
#include <string.h>

#include "base/alloc.h"
#include "base/text.h"
#include "data/node.h"

static bool
df_syntax_is_known(const char *syntax)
{
	static const char *const names[] = { "docker/dockerfile-upstream",
					     "docker/dockerfile" };
	size_t len = strcspn(syntax, " \t");
	cleanup_free char *word = xstrndup(syntax, len);
	const char *path = text_after(word, "docker.io/") ?: word;

	if (!strcmp(word, "dockerfile.v0"))
		return true;
	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		const char *rest = text_after(path, names[i]);

		if (rest && (!*rest || *rest == ':' || *rest == '@'))
			return true;
	}
	return false;
}

/* "// syntax=X" or {"syntax":"X"}: a file of another language says so too. */
static void
df_syntax_detect(struct dockerfile *df)
{
	struct span text = span_trim(span_new(df->text, df->size));
	cleanup_node struct node *json = NULL;

	if (span_starts(text, "//")) {
		text.len = span_find(text, '\n');
		text = span_trim(span_skip(text, 2));
		if (span_starts(text, "syntax="))
			df->syntax = span_dup(span_skip(text, 7));
	} else if (span_starts(text, "{") &&
		   node_parse_json(text, df->name, &json, NULL) == 0 &&
		   node_get_str(json, "syntax")) {
		df->syntax = xstrdup(node_get_str(json, "syntax"));
	}
}

void
dockerfile_set_syntax(struct dockerfile *df, const char *syntax)
{
	free(df->syntax_override);
	df->syntax_override = xstrdup(syntax);
}

int
df_syntax_check(struct dockerfile *df, struct err *err)
{
	int r;

	if (!df->syntax)
		df_syntax_detect(df);
	if (df->syntax_override) {
		free(df->syntax);
		df->syntax = xstrdup(df->syntax_override);
	}
	if (!df->syntax || df_syntax_is_known(df->syntax))
		return 0;
	df->failed = (struct df_range){ 1, 1, 1 };
	r = dockerfile_err(df, &df->failed, err, EINVAL,
			   "the frontend '%s' is not supported", df->syntax);
	err_hint(
		err,
		"files for docker/dockerfile are read; frontends that are images are not run");
	return r;
}
