/* SPDX-License-Identifier: Apache-2.0 */
/*
 * data/expand.h - ${var} in text, as Compose files and Dockerfiles have it.
 */
#ifndef DHOW_DATA_EXPAND_H
#define DHOW_DATA_EXPAND_H

#include <stddef.h>

#include "base/err.h"
#include "base/strbuf.h"

#define EXPAND_MAX_NESTING 64
#define EXPAND_MAX_BYTES (16U << 20)
#define EXPAND_MAX_STEPS 20000000 /* of pattern matching in one call */

enum expand_mode {
	/*
	 * $V ${V} and the modifiers :- - :+ + :? ?, "$$" is a dollar sign, one
	 * before anything else stays.
	 */
	EXPAND_COMPOSE,
	/*
	 * The same and # ## % %% / //, "$1", and "$@" and its like, which are
	 * empty. The escape character takes a dollar sign's meaning away.
	 */
	EXPAND_DOCKERFILE,
	EXPAND_MODE_COUNT,
};

enum expand_flags {
	EXPAND_QUOTES = 1, /* quotes are a shell's, and are removed */
	EXPAND_RAW = 2,    /* quotes and escapes work, and stay as they are */
	EXPAND_KEEP_UNSET = 4, /* an unset variable stays as it is written */
};

struct expand_opts {
	enum expand_mode mode;
	int flags;   /* EXPAND_DOCKERFILE only */
	char escape; /* EXPAND_DOCKERFILE: 0 means '\\' */
	/* The value of a variable, borrowed until the call ends; or NULL. */
	const char *(*get)(void *arg, const char *name);
	/* A variable without value or default was used. May be NULL. */
	void (*unset)(void *arg, const char *name, size_t offset);
	void *arg;
};

/*
 * Append @text to @out with its variables replaced. Words after a modifier
 * are expanded in turn, but only the one that is used.
 *
 * @ret_offset: where in @text a failure lies, set on failure; may be NULL
 *
 * Returns 0, -EINVAL malformed, -ENOENT a variable that ${V?…} or ${V:?…}
 * requires is missing (the story holds the author's message), -EFBIG past a
 * limit. Spec: compose-spec, "Interpolation"; Dockerfile reference,
 * "Environment replacement".
 */
int expand_vars(const char *text, const struct expand_opts *opts,
		struct strbuf *out, size_t *ret_offset, struct err *err);

#endif
