/* SPDX-License-Identifier: Apache-2.0 */
/*
 * compose/shell_words.c - a command written as one string.
 *
 * Spec: POSIX XCU 2.2 "Quoting".
 */
#include "compose/shell_words.h"

#include <errno.h>
#include <string.h>

#include "base/strbuf.h"

static const char *
add_single(const char *at, struct strbuf *word)
{
	const char *end = strchr(at + 1, '\'');

	if (!end)
		return NULL;
	strbuf_add(word, at + 1, (size_t)(end - at - 1));
	return end + 1;
}

static const char *
add_double(const char *at, struct strbuf *word)
{
	for (at++; *at != '"'; at++) {
		if (*at == '\\' && at[1] && strchr("\"\\$`\n", at[1]) &&
		    *++at == '\n')
			continue;
		if (!*at)
			return NULL;
		strbuf_addch(word, *at);
	}
	return at + 1;
}

/* One word from @at on; NULL when a quote is open. */
static const char *
add_word(const char *at, struct strbuf *word)
{
	while (at && *at && !strchr(" \t\r\n", *at)) {
		if (*at == '\'') {
			at = add_single(at, word);
		} else if (*at == '"') {
			at = add_double(at, word);
		} else {
			if (*at == '\\' && at[1])
				at++;
			strbuf_addch(word, *at++);
		}
	}
	return at;
}

int
shell_words_split(const char *text, struct strvec *words, struct err *err)
{
	for (text += strspn(text, " \t\r\n"); *text;
	     text += strspn(text, " \t\r\n")) {
		struct strbuf word = STRBUF_INIT;

		text = add_word(text, &word);
		strvec_add_take(words, strbuf_take(&word));
		if (!text)
			return err_set(err, EINVAL, "a quote is never closed");
	}
	return 0;
}
