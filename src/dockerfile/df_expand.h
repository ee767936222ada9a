/* SPDX-License-Identifier: Apache-2.0 */
/*
 * dockerfile/df_expand.h - variables in the words of one instruction; room
 * only.
 */
#ifndef DHOW_DOCKERFILE_DF_EXPAND_H
#define DHOW_DOCKERFILE_DF_EXPAND_H

#include "base/strvec.h"
#include "dockerfile/df_lint.h"
#include "dockerfile/dockerfile.h"

struct df_expand {
	const struct dockerfile *df;
	const struct df_instruction *in;
	const struct strvec *env;
	const struct strvec *declared; /* names that may be unset; or NULL */
	enum df_rule rule;             /* for unset ones */
	struct df_lint *lint;          /* NULL: nobody wants to know */
	struct err *err;
};

/*
 * @text with its variables replaced and its quotes taken away; it stands at
 * @at. NULL after a failure.
 */
char *df_expand_word(const struct df_expand *run, const char *text,
		     const struct df_range *at);
/* A here-document's body: quotes are nothing special. */
char *df_expand_body(const struct df_expand *run, const char *text,
		     const struct df_range *at);

/* " (did you mean X?)" of the nearest of @env's names, or "". */
char *df_expand_guess(const char *name, const char *sign,
		      const struct strvec *env);

#endif
