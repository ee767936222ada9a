/* SPDX-License-Identifier: Apache-2.0 */
/*
 * dockerfile/df_words.c - a logical line into words and flags.
 */
#include "dockerfile/df_words.h"

#include <errno.h>
#include <stdint.h>
#include <string.h>

#include "base/alloc.h"
#include "data/node.h"
#include "dockerfile/df_reader.h"

size_t
df_words_skip(const char *text, size_t at)
{
	return at + strspn(text + at, DF_BLANKS);
}

/* Room for one more; arrays grow by doubling from 4. */
static void *
df_words_grow(void *items, size_t len, size_t size)
{
	if (len && (len < 4 || len & (len - 1)))
		return items;
	return xreallocarray(items, len < 4 ? 4 : 2 * len, size);
}

void
df_words_add(struct df_instruction *in, const char *text, size_t len, size_t at)
{
	in->args = df_words_grow(in->args, in->arg_count, sizeof(*in->args));
	in->args[in->arg_count++] = (struct df_word){
		.text = xstrndup(text, len),
		.range = df_instruction_at(in, at),
	};
}

void
df_words_rest(struct df_instruction *in, size_t at)
{
	at = df_words_skip(in->text, at);
	if (in->text[at])
		df_words_add(in, in->text + at, strlen(in->text + at), at);
}

void
df_words_blank(struct df_instruction *in, size_t at)
{
	for (;;) {
		size_t len;

		at = df_words_skip(in->text, at);
		len = strcspn(in->text + at, DF_BLANKS);
		if (!len)
			return;
		df_words_add(in, in->text + at, len, at);
		at += len;
	}
}

/* The length of the word at @text; a blank in quotes or escaped is in it. */
static size_t
df_words_quoted_len(const char *text, char escape)
{
	char quote = '\0';
	size_t len = 0;

	for (; text[len]; len++) {
		if (!quote && strchr(DF_BLANKS, text[len]))
			break;
		if (text[len] == escape && quote != '\'' && text[len + 1])
			len++;
		else if (quote && text[len] == quote)
			quote = '\0';
		else if (!quote && (text[len] == '"' || text[len] == '\''))
			quote = text[len];
	}
	return len;
}

void
df_words_quoted(struct df_instruction *in, size_t at, char escape)
{
	for (;;) {
		size_t len;

		at = df_words_skip(in->text, at);
		len = df_words_quoted_len(in->text + at, escape);
		if (!len)
			return;
		df_words_add(in, in->text + at, len, at);
		at += len;
	}
}

int
df_words_json(struct df_instruction *in, size_t at)
{
	cleanup_node struct node *array = NULL;

	at = df_words_skip(in->text, at);
	if (in->text[at] != '[' ||
	    node_parse_json(span_of(in->text + at), "", &array, NULL) < 0)
		return 0;
	for (size_t i = 0; i < node_len(array); i++)
		if (!node_str(node_at(array, i)))
			return -EINVAL;
	for (size_t i = 0; i < node_len(array); i++) {
		const char *text = node_str(node_at(array, i));

		df_words_add(in, text, strlen(text), at);
	}
	in->json = true;
	return 1;
}

/* One flag word without its quotes; returns what is behind it. */
static size_t
df_words_flag_word(const char *text, size_t at, struct strbuf *word)
{
	char quote = '\0';

	for (; text[at] && (quote || !strchr(DF_BLANKS, text[at])); at++) {
		if (quote && text[at] == quote)
			quote = '\0';
		else if (!quote && (text[at] == '"' || text[at] == '\''))
			quote = text[at];
		else if (text[at] == '\\' && text[at + 1])
			strbuf_addch(word, text[++at]);
		else
			strbuf_addch(word, text[at]);
	}
	return at;
}

static void
df_words_add_flag(struct df_instruction *in, const char *word, size_t at)
{
	const char *equals = strchr(word, '=');
	size_t len = equals ? (size_t)(equals - word) : strlen(word);

	in->flags =
		df_words_grow(in->flags, in->flag_count, sizeof(*in->flags));
	in->flags[in->flag_count++] = (struct df_flag){
		.name = xstrndup(word, len),
		.value = equals ? xstrdup(equals + 1) : NULL,
		.range = df_instruction_at(in, at),
	};
}

void
df_words_flags(struct df_instruction *in, size_t *io_at)
{
	size_t at = df_words_skip(in->text, *io_at);

	while (in->text[at] == '-' && in->text[at + 1] == '-') {
		cleanup_strbuf struct strbuf word = STRBUF_INIT;
		size_t end = df_words_flag_word(in->text, at, &word);
		bool is_last = !strcmp(word.buf, "--");

		if (!is_last)
			df_words_add_flag(in, word.buf + 2, at);
		at = df_words_skip(in->text, end);
		if (is_last)
			break;
	}
	*io_at = at;
}
