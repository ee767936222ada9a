/* SPDX-License-Identifier: Apache-2.0 */
/*
 * dockerfile/df_lint.h - what builds, but should not be written so.
 *
 * Warnings are collected while a Dockerfile is evaluated; a normal build
 * prints them at its end, --check is only about them. Spec: Docker's "Build
 * checks".
 */
#ifndef DHOW_DOCKERFILE_DF_LINT_H
#define DHOW_DOCKERFILE_DF_LINT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "base/strbuf.h"
#include "base/strvec.h"
#include "data/node.h"
#include "dockerfile/dockerfile.h"

enum df_rule {
	DF_RULE_CONSISTENT_INSTRUCTION_CASING,
	DF_RULE_COPY_IGNORED_FILE,
	DF_RULE_DUPLICATE_STAGE_NAME,
	DF_RULE_EXPOSE_INVALID_FORMAT,
	DF_RULE_EXPOSE_PROTO_CASING,
	DF_RULE_FROM_AS_CASING,
	DF_RULE_FROM_PLATFORM_FLAG_CONST_DISALLOWED,
	DF_RULE_INVALID_BASE_IMAGE_PLATFORM,
	DF_RULE_INVALID_DEFAULT_ARG_IN_FROM,
	DF_RULE_INVALID_DEFINITION_DESCRIPTION,
	DF_RULE_JSON_ARGS_RECOMMENDED,
	DF_RULE_LEGACY_KEY_VALUE_FORMAT,
	DF_RULE_MAINTAINER_DEPRECATED,
	DF_RULE_MULTIPLE_INSTRUCTIONS_DISALLOWED,
	DF_RULE_NO_EMPTY_CONTINUATION,
	DF_RULE_REDUNDANT_TARGET_PLATFORM,
	DF_RULE_RESERVED_STAGE_NAME,
	DF_RULE_SECRETS_USED_IN_ARG_OR_ENV,
	DF_RULE_STAGE_NAME_CASING,
	DF_RULE_UNDEFINED_ARG_IN_FROM,
	DF_RULE_UNDEFINED_VAR,
	DF_RULE_WORKDIR_RELATIVE_PATH,
	DF_RULE_COUNT,
};

struct df_warning {
	enum df_rule rule;
	struct df_range range;
	char *detail;
};

struct df_lint {
	struct df_warning *items; /* owned; each said once */
	size_t len;
	size_t cap;
	bool skip[DF_RULE_COUNT]; /* of check=skip= */
	bool errors;              /* check=error=true */
	const struct dockerfile *df;
	bool *line_skip; /* DF_RULE_COUNT an instruction: with "# check=" above
			    it and above its FROM */
};

#define DF_LINT_INIT          \
	{                     \
		.items = NULL \
	}

/*
 * Start with the parser's notes and what can be told from syntax. @check:
 * BUILDKIT_DOCKERFILE_CHECK, or NULL for the file's own directive. -EINVAL on
 * a bad directive.
 */
int df_lint_init(struct df_lint *lint, const struct dockerfile *df,
		 const char *check, struct err *err);
void df_lint_release(struct df_lint *lint);

/* Note a violation. @lint may be NULL. */
void df_lint_add(struct df_lint *lint, enum df_rule rule,
		 const struct df_range *range, const char *fmt, ...)
	__attribute__((format(printf, 4, 5)));

/* "WARN: Rule - page", what is wrong, an excerpt. */
void df_warning_add_text(const struct df_warning *warning,
			 const struct dockerfile *df, struct strbuf *sb);

/* By line, then by rule. */
void df_lint_sort(struct df_lint *lint);

/* The number of a rule's name in any case, or -1. */
int df_rule_find(struct span name);
/* "UndefinedVar", its page, its one-line description. */
const char *df_rule_name(enum df_rule rule);
const char *df_rule_url(enum df_rule rule);
const char *df_rule_description(enum df_rule rule);

#endif
