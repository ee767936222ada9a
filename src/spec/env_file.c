/* SPDX-License-Identifier: Apache-2.0 */
/*
 * spec/env_file.c - environment and labels from files and options.
 */
#include "spec/env_file.h"

#include <errno.h>
#include <string.h>

#include "base/alloc.h"
#include "base/text.h"

#define ENV_FILE_BOM "\xef\xbb\xbf"

/* How a line without '=' is meant. */
enum env_file_kind {
	ENV_FILE_ENVIRONMENT,
	ENV_FILE_LABELS,
};

/* The host's variables whose names start with @prefix. */
static void
env_file_copy_prefix(struct strvec *env, const char *prefix, size_t len,
		     char *const *host_env)
{
	for (; *host_env; host_env++) {
		size_t name_len = strcspn(*host_env, "=");
		cleanup_free char *name = xstrndup(*host_env, name_len);

		if ((*host_env)[name_len] && name_len >= len &&
		    !strncmp(name, prefix, len))
			strvec_env_set(env, name, *host_env + name_len + 1);
	}
}

static const char *
env_file_host_value(const char *name, char *const *host_env)
{
	size_t len = strlen(name);

	for (; *host_env; host_env++)
		if (!strncmp(*host_env, name, len) && (*host_env)[len] == '=')
			return *host_env + len + 1;
	return NULL;
}

int
env_file_set(struct strvec *env, const char *text, char *const *host_env,
	     struct err *err)
{
	size_t len = strcspn(text, "=");
	cleanup_free char *key = xstrndup(text, len);
	const char *value;

	if (!len) {
		(void)err_set(err, EINVAL, "variable '%s' has no name", text);
		err_hint(err, "write NAME=value or NAME");
		return -EINVAL;
	}
	if (text[len]) {
		strvec_env_set(env, key, text + len + 1);
		return 0;
	}
	if (len > 1 && key[len - 1] == '*') {
		env_file_copy_prefix(env, key, len - 1, host_env);
		return 0;
	}
	value = env_file_host_value(key, host_env);
	if (value)
		strvec_env_set(env, key, value);
	return 0;
}

int
env_file_set_label(struct strvec *labels, const char *text, struct err *err)
{
	size_t len = strcspn(text, "=");
	cleanup_free char *key = xstrndup(text, len);

	if (!len) {
		(void)err_set(err, EINVAL, "label '%s' has no name", text);
		err_hint(err, "write NAME=value or NAME");
		return -EINVAL;
	}
	strvec_env_set(labels, key, text[len] ? text + len + 1 : "");
	return 0;
}

/* One line without its end; comments and empty lines do nothing. */
static int
env_file_read_line(struct strvec *list, struct span line,
		   enum env_file_kind kind, char *const *host_env,
		   struct err *err)
{
	cleanup_free char *text = NULL;

	if (line.len > ENV_FILE_MAX_LINE)
		return err_set(err, EINVAL, "line is longer than %u bytes",
			       ENV_FILE_MAX_LINE);
	if (line.len && line.ptr[line.len - 1] == '\r')
		line.len--;
	while (line.len && strchr(" \t\v\f", *line.ptr))
		line = span_skip(line, 1);
	if (!line.len || *line.ptr == '#')
		return 0;
	if (!text_is_utf8(line.ptr, line.len))
		return err_set(err, EINVAL, "line is not UTF-8 text");
	text = span_dup(line);
	if (strcspn(text, " \t") < strcspn(text, "="))
		return err_set(err, EINVAL, "name in '%.80s' has a blank",
			       text);
	return kind == ENV_FILE_LABELS
		       ? env_file_set_label(list, text, err)
		       : env_file_set(list, text, host_env, err);
}

static int
env_file_read_all(struct strvec *list, struct span bytes, const char *name,
		  enum env_file_kind kind, char *const *host_env,
		  struct err *err)
{
	struct span line;
	int number = 0;

	if (bytes.len > ENV_FILE_MAX_BYTES)
		return err_set(err, EINVAL, "%s: file is larger than %u bytes",
			       name, ENV_FILE_MAX_BYTES);
	if (span_starts(bytes, ENV_FILE_BOM))
		bytes = span_skip(bytes, strlen(ENV_FILE_BOM));
	while (span_next(&bytes, '\n', &line)) {
		int r = env_file_read_line(list, line, kind, host_env, err);

		number++;
		if (r < 0)
			return err_wrap(err, r, "%s:%d", name, number);
	}
	return 0;
}

int
env_file_read(struct strvec *env, struct span bytes, const char *name,
	      char *const *host_env, struct err *err)
{
	return env_file_read_all(env, bytes, name, ENV_FILE_ENVIRONMENT,
				 host_env, err);
}

int
env_file_read_labels(struct strvec *labels, struct span bytes, const char *name,
		     struct err *err)
{
	static char *const none[] = { NULL };

	return env_file_read_all(labels, bytes, name, ENV_FILE_LABELS, none,
				 err);
}
