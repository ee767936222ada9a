/* SPDX-License-Identifier: Apache-2.0 */
/*
 * data/template_parser.h - what the halves of the template parser share.
 */
#ifndef DHOW_DATA_TEMPLATE_PARSER_H
#define DHOW_DATA_TEMPLATE_PARSER_H

#include "data/template_priv.h"

struct template_parser {
	struct template *tmpl;
	const struct template_token *token; /* the next one */
	struct strvec vars;                 /* in scope, the innermost last */
	int nesting;
	int range_depth;
	struct err *err;
};

/* Zeroed memory that lives as long as the template. */
void *template_alloc(struct template *tmpl, size_t size);
/* "unexpected X, expected @wanted" at the next token; returns -EINVAL. */
int template_unexpected(struct template_parser *p, const char *wanted);
bool template_at_word(const struct template_parser *p, const char *text);
/* Forget the variables declared since there were @var_len. */
void template_leave_scope(struct template_parser *p, size_t var_len);

/*
 * A pipeline up to @end (NULL: "}}"), which is taken too. In range it may
 * declare two variables.
 */
int template_parse_pipe_of(struct template_parser *p, const char *end,
			   bool is_range, struct template_pipe **ret_pipe);
int template_parse_pipe(struct template_parser *p, const char *end,
			struct template_pipe **ret_pipe);

#endif
