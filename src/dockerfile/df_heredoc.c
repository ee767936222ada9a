/* SPDX-License-Identifier: Apache-2.0 */
/*
 * dockerfile/df_heredoc.c - <<WORD in RUN, COPY and ADD.
 */
#include "dockerfile/df_heredoc.h"

#include <string.h>

#include "base/alloc.h"
#include "base/text.h"
#include "dockerfile/df_words.h"

/* Take quotes and escapes away. False without a name or an end of a quote. */
static bool
df_heredoc_name(const char *word, struct strbuf *name, bool *ret_quoted)
{
	char quote = '\0';

	*ret_quoted = false;
	for (; *word; word++) {
		if (quote && *word == quote) {
			quote = '\0';
		} else if (!quote && (*word == '"' || *word == '\'')) {
			quote = *word;
			*ret_quoted = true;
		} else if (!quote && *word == '\\' && word[1]) {
			strbuf_addch(name, *++word);
		} else if (!quote && strchr(DF_BLANKS, *word)) {
			return false;
		} else {
			strbuf_addch(name, *word);
		}
	}
	return !quote && name->len;
}

bool
df_heredoc_parse(const char *word, struct df_heredoc *ret_doc)
{
	cleanup_strbuf struct strbuf name = STRBUF_INIT;
	bool chomp, quoted;

	while (text_is_digit(*word))
		word++;
	if (!text_starts(word, "<<"))
		return false;
	word += 2;
	chomp = *word == '-';
	word += chomp;
	word += strspn(word, DF_BLANKS);
	if (strchr(word, '<') || !df_heredoc_name(word, &name, &quoted))
		return false;
	*ret_doc = (struct df_heredoc){
		.name = strbuf_take(&name),
		.expand = !quoted,
		.chomp = chomp,
	};
	return true;
}

/* The length of the shell word at @text, or 0 when a quote has no end. */
static size_t
df_heredoc_word_len(const char *text)
{
	char quote = '\0';
	size_t len = 0;

	for (; text[len] && (quote || !strchr(DF_BLANKS, text[len])); len++) {
		if (text[len] == '\\' && quote != '\'' && text[len + 1])
			len++;
		else if (quote && text[len] == quote)
			quote = '\0';
		else if (!quote && (text[len] == '"' || text[len] == '\''))
			quote = text[len];
	}
	return quote ? 0 : len;
}

/* A quote that has no end takes all here-documents of its line away. */
static bool
df_heredoc_line_is_whole(const char *text)
{
	for (size_t at = df_words_skip(text, 0); text[at];
	     at = df_words_skip(text, at)) {
		size_t len = df_heredoc_word_len(text + at);

		if (!len)
			return false;
		at += len;
	}
	return true;
}

void
df_heredoc_scan(struct df_instruction *in)
{
	size_t cap = 0;

	if (!strstr(in->text, "<<") || !df_heredoc_line_is_whole(in->text))
		return;
	for (size_t at = df_words_skip(in->text, 0); in->text[at];
	     at = df_words_skip(in->text, at)) {
		size_t len = df_heredoc_word_len(in->text + at);
		cleanup_free char *word = xstrndup(in->text + at, len);
		struct df_heredoc doc;

		if (df_heredoc_parse(word, &doc))
			array_push(in->heredocs, in->heredoc_count, cap, doc);
		at += len;
	}
}
