/* SPDX-License-Identifier: Apache-2.0 */
/*
 * dockerfile/df_step_copy.c - COPY and ADD.
 */
#include <errno.h>
#include <string.h>

#include "base/alloc.h"
#include "base/text.h"
#include "dockerfile/df_chmod.h"
#include "dockerfile/df_flags.h"
#include "dockerfile/df_heredoc.h"
#include "dockerfile/df_source.h"
#include "dockerfile/df_step_priv.h"
#include "dockerfile/ignore.h"
#include "spec/digest.h"

static const struct df_heredoc *
df_copy_find_heredoc(const struct df_instruction *in, const char *name)
{
	for (size_t i = in->heredoc_count; i > 0; i--)
		if (!strcmp(in->heredocs[i - 1].name, name))
			return &in->heredocs[i - 1];
	return NULL;
}

/* A source that is a here-document becomes a file of its name. */
static int
df_copy_add_file(const struct df_expand *run, const struct df_heredoc *doc,
		 struct df_copy *copy)
{
	cleanup_strbuf struct strbuf body = STRBUF_INIT;
	struct df_file *file;
	char *content;

	df_heredoc_body(doc, &body);
	if (!strcmp(doc->name, ".") || !strcmp(doc->name, "..") ||
	    strchr(doc->name, '/'))
		return df_step_fail(run, NULL, "'%s' cannot name a file",
				    doc->name);
	content = doc->expand ? df_expand_body(run, body.buf, &doc->range)
			      : strbuf_take(&body);
	if (!content)
		return -EINVAL;
	copy->files = xreallocarray(copy->files, copy->file_count + 1,
				    sizeof(*copy->files));
	file = &copy->files[copy->file_count++];
	file->name = xstrdup(doc->name);
	file->content = content;
	return 0;
}

static int
df_copy_add_source(const struct df_expand *run, const struct df_word *word,
		   struct df_copy *copy)
{
	cleanup_free char *name = NULL;
	const struct df_heredoc *doc = NULL;
	struct df_heredoc found;
	char *source;

	if (!run->in->json && df_heredoc_parse(word->text, &found)) {
		name = found.name;
		doc = df_copy_find_heredoc(run->in, name);
	}
	if (doc)
		return df_copy_add_file(run, doc, copy);
	source = df_expand_word(run, word->text, &word->range);
	if (!source)
		return -EINVAL;
	/* Nothing is left of it: the whole context. */
	if (!*source) {
		free(source);
		source = xstrdup(".");
	}
	strvec_add_take(&copy->sources, source);
	if (run->in->cmd == DF_COPY && df_source_of(source) != DF_SOURCE_LOCAL)
		return df_step_fail(
			run, word,
			"source '%s' cannot be a URL or a git repository, that is for ADD",
			source);
	return 0;
}

static int
df_copy_from(const struct df_expand *run, struct df_copy *copy)
{
	const char *from = df_flag_get(run->in, "from");

	if (!from || !*from)
		return 0;
	if (strchr(from, '$'))
		return df_step_fail_flag(
			run, "from",
			"'--from' does not support variable expansion, define a stage with that image instead");
	copy->from = xstrdup(from);
	return 0;
}

static int
df_copy_excludes(const struct df_expand *run, struct df_copy *copy)
{
	cleanup_with(ignore_free) struct ignore *check = ignore_new();

	for (size_t i = 0; i < run->in->flag_count; i++) {
		const struct df_flag *flag = &run->in->flags[i];
		struct df_range at = df_flag_value_at(flag);
		struct err inner = ERR_INIT;
		char *pattern;

		if (strcmp(flag->name, "exclude") != 0)
			continue;
		pattern = df_expand_word(run, flag->value, &at);
		if (!pattern)
			return -EINVAL;
		strvec_add_take(&copy->excludes, pattern);
		if (ignore_add(check, pattern, &inner) < 0)
			return dockerfile_err(run->df, &flag->range, run->err,
					      EINVAL, "%s: --exclude: %s",
					      df_cmd_name(run->in->cmd),
					      inner.text);
	}
	return 0;
}

static bool
df_checksum_is_commit(const char *text)
{
	size_t len = strlen(text);

	return len >= 7 && len <= 64 && text_is_hex_of(text, len);
}

/* A checksum is of one thing that comes over a network. */
static int
df_copy_checksum(const struct df_expand *run, const struct df_copy *copy)
{
	struct digest digest;
	enum df_source kind;

	if (!copy->checksum)
		return 0;
	if (copy->sources.len != 1 || copy->file_count)
		return df_step_fail_flag(run, "checksum",
					 "--checksum needs exactly one source");
	kind = df_source_of(copy->sources.v[0]);
	if (kind == DF_SOURCE_LOCAL)
		return df_step_fail_flag(
			run, "checksum",
			"--checksum is for HTTP(S) and git sources only");
	if (kind == DF_SOURCE_GIT
		    ? df_checksum_is_commit(copy->checksum)
		    : digest_parse(copy->checksum, &digest, NULL) == 0)
		return 0;
	return df_step_fail_flag(run, "checksum", "invalid checksum '%s'",
				 copy->checksum);
}

static int
df_copy_flags(const struct df_expand *run, struct df_copy *copy)
{
	const struct df_instruction *in = run->in;
	struct err inner = ERR_INIT;
	int r;

	copy->link = df_flag_is_on(in, "link");
	copy->parents = df_flag_is_on(in, "parents");
	copy->keep_git_dir = df_flag_is_on(in, "keep-git-dir");
	copy->unpack =
		df_flag_get(in, "unpack") ? df_flag_is_on(in, "unpack") : -1;
	r = df_step_flag(run, "chown", &copy->chown);
	if (r == 0)
		r = df_step_flag(run, "chmod", &copy->chmod);
	if (r == 0)
		r = df_step_flag(run, "checksum", &copy->checksum);
	if (r == 0)
		r = df_copy_excludes(run, copy);
	if (r < 0)
		return r;
	if (copy->chmod && df_chmod_check(copy->chmod, &inner) < 0)
		return df_step_fail_flag(run, "chmod", "%s", inner.text);
	if (copy->chown && !*copy->chown)
		return df_step_fail_flag(run, "chown", "--chown is empty");
	return df_copy_checksum(run, copy);
}

int
df_step_copy(const struct df_expand *run, struct df_step *step)
{
	const struct df_instruction *in = run->in;
	struct df_copy *copy = &step->copy;
	const struct df_word *dest = &in->args[in->arg_count - 1];
	int r = df_copy_from(run, copy);

	if (r < 0)
		return r;
	for (size_t i = 0; i + 1 < in->arg_count; i++) {
		r = df_copy_add_source(run, &in->args[i], copy);
		if (r < 0)
			return r;
	}
	copy->dest = df_expand_word(run, dest->text, &dest->range);
	if (!copy->dest)
		return -EINVAL;
	if (!*copy->dest) {
		free(copy->dest);
		copy->dest = xstrdup(".");
	}
	return df_copy_flags(run, copy);
}
