/* SPDX-License-Identifier: Apache-2.0 */
/*
 * data/template_lex.c - a template's text to tokens.
 *
 * Spec: Go text/template, "Text and spaces", "Actions"; Go language,
 * "Integer literals", "Floating-point literals", "String literals".
 */
#include <errno.h>
#include <stdarg.h>
#include <string.h>

#include "base/alloc.h"
#include "base/text.h"
#include "data/template_priv.h"
#include "data/utf8.h"

struct template_lexer {
	const char *text;
	size_t at;
	struct template_tokens tokens;
	struct err *err;
};

int
template_fail(const char *text, size_t at, struct err *err, const char *fmt,
	      ...)
{
	cleanup_free char *words = NULL;
	size_t line = 1, col = 1;
	va_list args;

	va_start(args, fmt);
	words = xvasprintf(fmt, args);
	va_end(args);
	for (size_t i = 0; i < at; i++, col++) {
		if (text[i] == '\n') {
			line++;
			col = 0;
		}
	}
	return err_set(err, EINVAL, "template:%zu:%zu: %s", line, col, words);
}

static int
template_lex_fail(const struct template_lexer *lex, const char *what)
{
	return template_fail(lex->text, lex->at, lex->err, "%s", what);
}

void
template_tokens_release(struct template_tokens *tokens)
{
	for (size_t i = 0; i < tokens->len; i++)
		node_free(tokens->items[i].literal);
	free(tokens->items);
	*tokens = (struct template_tokens){ .items = NULL };
}

static bool
template_is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static bool
template_is_letter(char c)
{
	return text_is_alnum(c) || c == '_' || (unsigned char)c >= 0x80;
}

static struct template_token *
template_lex_add(struct template_lexer *lex, enum template_token_kind kind,
		 size_t start, size_t end)
{
	struct template_token token = {
		.kind = kind,
		.at = start,
		.end = end,
		.text = span_new(lex->text + start, end - start),
	};

	array_push(lex->tokens.items, lex->tokens.len, lex->tokens.cap, token);
	lex->at = end;
	return &lex->tokens.items[lex->tokens.len - 1];
}

/* Text before an action; "{{- " takes the blanks at its end away. */
static void
template_lex_text(struct template_lexer *lex, size_t start, size_t end,
		  bool trim_end)
{
	while (trim_end && end > start && template_is_blank(lex->text[end - 1]))
		end--;
	if (end > start)
		(void)template_lex_add(lex, TEMPLATE_TOKEN_TEXT, start, end);
}

static bool
template_at_trim_open(const char *p)
{
	return p[0] == '-' && template_is_blank(p[1]);
}

/* Skip what a closing " -}}" trims, or nothing. */
static void
template_skip_closed(struct template_lexer *lex, bool trim)
{
	while (trim && template_is_blank(lex->text[lex->at]))
		lex->at++;
}

/*
 * The end of an action at lex->at: "}}", or blanks and "-}}". Returns its
 * length, 0 when it is something else.
 */
static size_t
template_close_len(const char *p, bool is_spaced, bool *ret_trim)
{
	*ret_trim = is_spaced && !strncmp(p, "-}}", 3);
	if (*ret_trim)
		return 3;
	return strncmp(p, "}}", 2) ? 0 : 2;
}

static int
template_lex_comment(struct template_lexer *lex)
{
	const char *end = strstr(lex->text + lex->at + 2, "*/");
	bool is_spaced, trim;
	size_t len;

	if (!end)
		return template_lex_fail(lex, "unclosed comment");
	lex->at = (size_t)(end - lex->text) + 2;
	is_spaced = template_is_blank(lex->text[lex->at]);
	template_skip_closed(lex, is_spaced);
	len = template_close_len(lex->text + lex->at, is_spaced, &trim);
	if (!len)
		return template_lex_fail(lex, "comment ends before '}}'");
	lex->at += len;
	template_skip_closed(lex, trim);
	return 0;
}

struct node *
template_number(struct span text)
{
	cleanup_strbuf struct strbuf sb = STRBUF_INIT;
	const char *p;
	char *end;
	double real;
	long long whole;
	int base = 10;

	for (size_t i = 0; i < text.len; i++)
		if (text.ptr[i] != '_')
			strbuf_addch(&sb, text.ptr[i]);
	p = sb.buf + strspn(sb.buf, "+-");
	if (p[0] == '0' && p[1] && !strpbrk(p, ".eEpP"))
		base = strchr("xX", p[1]) ? 16 : strchr("bB", p[1]) ? 2 : 8;
	if (base != 10) {
		char sign = *sb.buf;

		/* The prefix goes, the sign stays. */
		p += text_is_digit(p[1]) ? 1 : 2;
		end = xasprintf("%s%s", sign == '-' ? "-" : "", p);
		strbuf_reset(&sb);
		strbuf_addstr(&sb, end);
		free(end);
		p = sb.buf + strspn(sb.buf, "-");
	}
	if (!text_is_alnum(*p) && *p != '.')
		return NULL;
	errno = 0;
	whole = strtoll(sb.buf, &end, base);
	if (!*end && !errno)
		return node_new_int(whole);
	if (base != 10 || text_is_lower((char)(*p | 0x20)))
		return NULL;
	errno = 0;
	real = strtod(sb.buf, &end);
	if (*end || errno || end == sb.buf)
		return NULL;
	return node_new_float(real);
}

static int
template_lex_number(struct template_lexer *lex)
{
	size_t start = lex->at, end = start;
	struct template_token *token;
	struct node *literal;

	if (strchr("+-", lex->text[end]))
		end++;
	while (template_is_letter(lex->text[end]) || lex->text[end] == '.' ||
	       (lex->text[end] && strchr("+-", lex->text[end]) &&
		strchr("eEpP", lex->text[end - 1])))
		end++;
	literal = template_number(span_new(lex->text + start, end - start));
	if (!literal)
		return template_fail(lex->text, start, lex->err,
				     "bad number '%.*s'", (int)(end - start),
				     lex->text + start);
	token = template_lex_add(lex, TEMPLATE_TOKEN_NUMBER, start, end);
	token->literal = literal;
	return 0;
}

/* \x41 \101 \u00e9 \U0001f600: the digits after the letter. */
static bool
template_unquote_code(const char **at, const char *end, int count, int base,
		      uint32_t *ret_code)
{
	uint32_t code = 0;

	for (; count; count--, (*at)++) {
		char c = *at < end ? (char)(**at | 0x20) : '\0';
		int digit = *at < end && text_is_digit(**at) ? **at - '0'
			    : c >= 'a' && c <= 'f'           ? c - 'a' + 10
							     : 16;

		if (digit >= base)
			return false;
		code = code * (uint32_t)base + (uint32_t)digit;
	}
	*ret_code = code;
	return true;
}

static bool
template_unquote_escape(const char **at, const char *end, struct strbuf *sb)
{
	static const char from[] = "abfnrtv\\'\"";
	static const char to[] = "\a\b\f\n\r\t\v\\'\"";
	char c = *at < end ? *(*at)++ : '\0';
	const char *found = c ? strchr(from, c) : NULL;
	uint32_t code = 0;
	bool is_ok;

	if (found) {
		strbuf_addch(sb, to[found - from]);
		return true;
	}
	if (c == 'u' || c == 'U') {
		is_ok = template_unquote_code(at, end, c == 'u' ? 4 : 8, 16,
					      &code);
		if (is_ok && code)
			utf8_add(sb, code);
		return is_ok && code && code <= 0x10ffff;
	}
	if (c >= '0' && c <= '7')
		(*at)--; /* the first of three octal digits */
	else if (c != 'x')
		return false;
	is_ok = c == 'x' ? template_unquote_code(at, end, 2, 16, &code)
			 : template_unquote_code(at, end, 3, 8, &code);
	if (is_ok && code && code < 256)
		strbuf_addch(sb, (char)code);
	return is_ok && code && code < 256;
}

bool
template_unquote(struct span body, struct strbuf *sb)
{
	const char *at = body.ptr;
	const char *end = body.ptr + body.len;

	while (at < end) {
		char c = *at++;

		if (c != '\\')
			strbuf_addch(sb, c);
		else if (!template_unquote_escape(&at, end, sb))
			return false;
	}
	return true;
}

/* The text between two quotes; escapes are stepped over. */
static int
template_lex_quoted(struct template_lexer *lex, struct span *ret_body)
{
	char quote = lex->text[lex->at];
	size_t end = lex->at + 1;

	for (; lex->text[end] != quote; end++) {
		if (lex->text[end] == '\\' && quote != '`' &&
		    lex->text[end + 1])
			end++;
		if (!lex->text[end] || (lex->text[end] == '\n' && quote != '`'))
			return template_lex_fail(lex, "unclosed string");
	}
	*ret_body = span_new(lex->text + lex->at + 1, end - lex->at - 1);
	return 0;
}

static int
template_lex_string(struct template_lexer *lex)
{
	cleanup_strbuf struct strbuf sb = STRBUF_INIT;
	char quote = lex->text[lex->at];
	struct template_token *token;
	struct span body;
	uint32_t rune;
	int r = template_lex_quoted(lex, &body);

	if (r < 0)
		return r;
	if (quote == '`')
		strbuf_add(&sb, body.ptr, body.len);
	else if (!template_unquote(body, &sb))
		return template_lex_fail(lex, "bad escape in a string");
	if (quote == '\'' &&
	    (!sb.len || utf8_decode(sb.buf, sb.len, &rune) != sb.len))
		return template_lex_fail(lex, "bad character constant");
	token = template_lex_add(lex,
				 quote == '\'' ? TEMPLATE_TOKEN_CHAR
					       : TEMPLATE_TOKEN_STRING,
				 lex->at, lex->at + body.len + 2);
	token->literal = quote == '\'' ? node_new_int(rune)
				       : node_new_strn(sb.buf, sb.len);
	return 0;
}

static size_t
template_word_end(const char *text, size_t at)
{
	while (template_is_letter(text[at]))
		at++;
	return at;
}

static int
template_lex_token(struct template_lexer *lex)
{
	const char *p = lex->text + lex->at;
	size_t at = lex->at;

	if (*p == '.' && !text_is_digit(p[1])) {
		size_t end = template_word_end(lex->text, at + 1);

		if (end == at + 1) {
			(void)template_lex_add(lex, TEMPLATE_TOKEN_DOT, at,
					       end);
			return 0;
		}
		template_lex_add(lex, TEMPLATE_TOKEN_FIELD, at, end)->text =
			span_new(p + 1, end - at - 1);
		return 0;
	}
	if (*p == '"' || *p == '`' || *p == '\'')
		return template_lex_string(lex);
	if (text_is_digit(*p) || *p == '.' ||
	    (strchr("+-", *p) && (text_is_digit(p[1]) || p[1] == '.')))
		return template_lex_number(lex);
	if (*p == '$' || template_is_letter(*p)) {
		(void)template_lex_add(
			lex,
			*p == '$' ? TEMPLATE_TOKEN_VAR : TEMPLATE_TOKEN_WORD,
			at, template_word_end(lex->text, at + 1));
		return 0;
	}
	if (strchr("()|,=", *p) || !strncmp(p, ":=", 2)) {
		(void)template_lex_add(lex, TEMPLATE_TOKEN_PUNCT, at,
				       at + (*p == ':' ? 2 : 1));
		return 0;
	}
	return template_fail(lex->text, at, lex->err,
			     "unexpected '%c' in an action", *p);
}

/* Everything between "{{" and "}}". */
static int
template_lex_action(struct template_lexer *lex)
{
	for (;;) {
		size_t start = lex->at, len;
		bool is_spaced, trim;
		int r;

		template_skip_closed(lex, true);
		is_spaced = lex->at > start;
		if (!lex->text[lex->at])
			return template_lex_fail(lex, "unclosed action");
		len = template_close_len(lex->text + lex->at, is_spaced, &trim);
		if (len) {
			(void)template_lex_add(lex, TEMPLATE_TOKEN_CLOSE,
					       lex->at, lex->at + len);
			template_skip_closed(lex, trim);
			return 0;
		}
		r = template_lex_token(lex);
		if (r < 0)
			return r;
		lex->tokens.items[lex->tokens.len - 1].is_spaced = is_spaced;
	}
}

static int
template_lex_all(struct template_lexer *lex)
{
	for (;;) {
		size_t start = lex->at, open, inner;
		const char *found = strstr(lex->text + start, "{{");
		bool trim;
		int r;

		if (!found)
			break;
		open = (size_t)(found - lex->text);
		trim = template_at_trim_open(found + 2);
		template_lex_text(lex, start, open, trim);
		inner = open + (trim ? 3 : 2);
		lex->at = inner;
		template_skip_closed(lex, trim);
		if (!strncmp(lex->text + lex->at, "/*", 2)) {
			r = template_lex_comment(lex);
		} else {
			(void)template_lex_add(lex, TEMPLATE_TOKEN_OPEN, open,
					       inner);
			r = template_lex_action(lex);
		}
		if (r < 0)
			return r;
	}
	template_lex_text(lex, lex->at, strlen(lex->text), false);
	(void)template_lex_add(lex, TEMPLATE_TOKEN_EOF, strlen(lex->text),
			       strlen(lex->text));
	return 0;
}

int
template_lex(const char *text, struct template_tokens *ret_tokens,
	     struct err *err)
{
	struct template_lexer lex = { .text = text, .err = err };
	int r = template_lex_all(&lex);

	if (r < 0)
		template_tokens_release(&lex.tokens);
	else
		*ret_tokens = lex.tokens;
	return r;
}
