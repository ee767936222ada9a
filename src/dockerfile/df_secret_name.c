/* SPDX-License-Identifier: Apache-2.0 */
/*
 * dockerfile/df_secret_name.c - names that sound like secrets.
 */
#include "dockerfile/df_secret_name.h"

#include <string.h>
#include <strings.h>

#include "base/alloc.h"

static const char *const df_secret_words[] = {
	"apikey", "auth",     "credential", "credentials", "key",
	"pword",  "password", "passwd",     "secret",      "token",
};

static const char *const df_secret_exempt[] = { "public", "file", "version" };

/* Is one of the words between underscores in the list? */
static bool
df_secret_has_word(const char *name, const char *const *words, size_t count)
{
	while (*name) {
		size_t len = strcspn(name, "_");

		for (size_t i = 0; i < count; i++)
			if (strlen(words[i]) == len &&
			    !strncasecmp(words[i], name, len))
				return true;
		name += len;
		name += *name == '_';
	}
	return false;
}

void
df_secret_name_check(struct df_lint *lint, const char *instruction,
		     const char *name, const struct df_range *range)
{
	if (df_secret_has_word(name, df_secret_words,
			       ARRAY_LEN(df_secret_words)) &&
	    !df_secret_has_word(name, df_secret_exempt,
				ARRAY_LEN(df_secret_exempt)))
		df_lint_add(
			lint, DF_RULE_SECRETS_USED_IN_ARG_OR_ENV, range,
			"Do not use ARG or ENV instructions for sensitive data (%s \"%s\")",
			instruction, name);
}
