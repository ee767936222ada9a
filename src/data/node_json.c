/* SPDX-License-Identifier: Apache-2.0 */
/*
 * data/node_json.c - JSON text to nodes.
 *
 * A reader of our own: libraries at hand lose positions, keep the last of two
 * members with one name (two programs may then see two different documents)
 * and do not insist on UTF-8. Spec: RFC 8259.
 */
#include <assert.h>
#include <errno.h>
#include <math.h>
#include <stdarg.h>
#include <string.h>

#include "base/alloc.h"
#include "base/text.h"
#include "data/node.h"
#include "data/node_index.h"
#include "data/node_priv.h"
#include "data/utf8.h"

#define JSON_MAX_NUMBER_BYTES 1024

struct json_reader {
	const char *at;
	const char *end;
	const char *line_start; /* moved on by UTF-8's further bytes */
	int line;
	int depth;
	struct node_source *source;
	struct strbuf text; /* a string with its escapes undone */
	struct err *err;
};

static int json_value(struct json_reader *r, struct node **ret_node);

static int
json_col(const struct json_reader *r)
{
	return (int)(r->at - r->line_start) + 1;
}

static int __attribute__((format(printf, 2, 3)))
json_fail(struct json_reader *r, const char *fmt, ...)
{
	cleanup_free char *words = NULL;
	va_list args;

	va_start(args, fmt);
	words = xvasprintf(fmt, args);
	va_end(args);
	return err_set(r->err, EBADMSG, "%s:%d:%d: %s", r->source->name,
		       r->line, json_col(r), words);
}

static int
json_unexpected(struct json_reader *r, const char *wanted)
{
	unsigned char c;

	if (r->at == r->end)
		return json_fail(r, "unexpected end of text, expected %s",
				 wanted);
	c = (unsigned char)*r->at;
	if (c > ' ' && c < 0x7f)
		return json_fail(r, "unexpected '%c', expected %s", c, wanted);
	return json_fail(r, "unexpected byte 0x%02x, expected %s", c, wanted);
}

static void
json_skip_blanks(struct json_reader *r)
{
	for (; r->at < r->end; r->at++) {
		if (*r->at == '\n') {
			r->line++;
			r->line_start = r->at + 1;
		} else if (*r->at != ' ' && *r->at != '\t' && *r->at != '\r') {
			return;
		}
	}
}

static bool
json_skip_char(struct json_reader *r, char c)
{
	if (r->at == r->end || *r->at != c)
		return false;
	r->at++;
	return true;
}

static int
json_hex4(struct json_reader *r, uint32_t *ret_unit)
{
	uint32_t unit = 0;

	for (int i = 0; i < 4; i++, r->at++) {
		char c = r->at < r->end ? *r->at : '\0';
		char low = (char)(c | 0x20);

		if (text_is_digit(c))
			unit = unit << 4 | (uint32_t)(c - '0');
		else if (low >= 'a' && low <= 'f')
			unit = unit << 4 | (uint32_t)(low - 'a' + 10);
		else
			return json_unexpected(r, "a hexadecimal digit");
	}
	*ret_unit = unit;
	return 0;
}

/* After "\u": one code point, from two escapes when it is a pair. */
static int
json_unicode(struct json_reader *r)
{
	uint32_t rune, low;
	int res = json_hex4(r, &rune);

	if (res < 0)
		return res;
	if (!rune)
		return json_fail(r, "a string may not hold a NUL");
	if (rune >= 0xdc00 && rune < 0xe000)
		return json_fail(r, "half a surrogate pair");
	if (rune >= 0xd800 && rune < 0xdc00) {
		if (r->end - r->at < 2 || r->at[0] != '\\' || r->at[1] != 'u')
			return json_fail(r, "half a surrogate pair");
		r->at += 2;
		res = json_hex4(r, &low);
		if (res < 0)
			return res;
		if (low < 0xdc00 || low > 0xdfff)
			return json_fail(r, "half a surrogate pair");
		rune = 0x10000 + ((rune & 0x3ff) << 10) + (low & 0x3ff);
	}
	utf8_add(&r->text, rune);
	return 0;
}

static int
json_escape(struct json_reader *r)
{
	static const char from[] = "\"\\/bfnrt";
	static const char to[] = "\"\\/\b\f\n\r\t";
	char c = r->at < r->end ? *r->at : '\0';
	const char *found = c ? strchr(from, c) : NULL;

	if (c == 'u') {
		r->at++;
		return json_unicode(r);
	}
	if (!found)
		return json_unexpected(r, "an escape character");
	r->at++;
	strbuf_addch(&r->text, to[found - from]);
	return 0;
}

/* Skip a run of plain bytes; stops at a quote, a backslash or the end. */
static int
json_run(struct json_reader *r)
{
	while (r->at < r->end) {
		unsigned char c = (unsigned char)*r->at;
		uint32_t rune;
		size_t n;

		if (c == '"' || c == '\\')
			return 0;
		if (c < ' ')
			return json_unexpected(r, "it to be escaped");
		if (c < 0x80) {
			r->at++;
			continue;
		}
		n = utf8_decode(r->at, (size_t)(r->end - r->at), &rune);
		if (!n)
			return json_fail(r, "malformed UTF-8");
		r->at += n;
		r->line_start += n - 1;
	}
	return 0;
}

/*
 * A string after its opening quote. The span is of the text itself, or of
 * r->text when there were escapes: good until the next string.
 */
static int
json_string(struct json_reader *r, struct span *ret_span)
{
	const char *start = r->at;
	bool plain = true;

	strbuf_reset(&r->text);
	for (;;) {
		int res = json_run(r);

		if (res < 0)
			return res;
		if (r->at == r->end)
			return json_unexpected(r, "'\"'");
		if (!plain || *r->at == '\\')
			strbuf_add(&r->text, start, (size_t)(r->at - start));
		if (*r->at++ == '"')
			break;
		plain = false;
		res = json_escape(r);
		if (res < 0)
			return res;
		start = r->at;
	}
	*ret_span = plain ? span_new(start, (size_t)(r->at - 1 - start))
			  : span_new(r->text.buf, r->text.len);
	return 0;
}

/* Skip digits; false when there are none. */
static bool
json_digits(struct json_reader *r)
{
	const char *start = r->at;

	while (r->at < r->end && text_is_digit(*r->at))
		r->at++;
	return r->at > start;
}

static int
json_float(struct json_reader *r, const char *start, struct node **ret_node)
{
	size_t len = (size_t)(r->at - start);
	struct node *node;

	if (len > JSON_MAX_NUMBER_BYTES)
		return json_fail(r, "number is too long");
	node = node_new(NODE_FLOAT, len);
	(void)memcpy(node->text, start, len);
	node->text[len] = '\0';
	node->real = strtod(node->text, NULL);
	if (isinf(node->real)) {
		node_free(node);
		return json_fail(r, "number is out of range");
	}
	*ret_node = node;
	return 0;
}

static bool
json_int64(struct span digits, bool negative, int64_t *ret_value)
{
	int64_t value = 0;

	for (size_t i = 0; i < digits.len; i++) {
		int digit = digits.ptr[i] - '0';

		if (__builtin_mul_overflow(value, 10, &value) ||
		    __builtin_sub_overflow(value, digit, &value))
			return false;
	}
	if (!negative && __builtin_sub_overflow(0, value, &value))
		return false;
	*ret_value = value;
	return true;
}

static int
json_number(struct json_reader *r, struct node **ret_node)
{
	const char *start = r->at;
	bool negative = json_skip_char(r, '-');
	const char *digits = r->at;
	int64_t value;

	if (!json_digits(r))
		return json_unexpected(r, "a digit");
	if (*digits == '0' && r->at - digits > 1)
		return json_fail(r, "a number may not start with 0");
	if (json_int64(span_new(digits, (size_t)(r->at - digits)), negative,
		       &value) &&
	    (r->at == r->end || !strchr(".eE", *r->at))) {
		/* "-0" stays what it is: a float. */
		if (value || !negative) {
			*ret_node = node_new_int(value);
			return 0;
		}
	}
	if (json_skip_char(r, '.')) {
		if (!json_digits(r))
			return json_unexpected(r, "a digit");
	}
	if (json_skip_char(r, 'e') || json_skip_char(r, 'E')) {
		if (!json_skip_char(r, '-'))
			(void)json_skip_char(r, '+'); /* a sign is optional */
		if (!json_digits(r))
			return json_unexpected(r, "a digit");
	}
	return json_float(r, start, ret_node);
}

static int
json_word(struct json_reader *r, struct node **ret_node)
{
	static const struct {
		const char *word;
		enum node_kind kind;
		bool value;
	} words[] = {
		{ "true", NODE_BOOL, true },
		{ "false", NODE_BOOL, false },
		{ "null", NODE_NULL, false },
	};
	struct span rest = span_new(r->at, (size_t)(r->end - r->at));

	for (size_t i = 0; i < ARRAY_LEN(words); i++) {
		if (!span_starts(rest, words[i].word))
			continue;
		r->at += strlen(words[i].word);
		*ret_node = words[i].kind == NODE_NULL
				    ? node_new_null()
				    : node_new_bool(words[i].value);
		return 0;
	}
	return json_unexpected(r, "a value");
}

static int
json_array(struct json_reader *r, struct node *arr)
{
	json_skip_blanks(r);
	if (json_skip_char(r, ']'))
		return 0;
	for (;;) {
		struct node *child;
		int res = json_value(r, &child);

		if (res < 0)
			return res;
		node_push(arr, child);
		json_skip_blanks(r);
		if (json_skip_char(r, ']'))
			return 0;
		if (!json_skip_char(r, ','))
			return json_unexpected(r, "',' or ']'");
	}
}

static int
json_member(struct json_reader *r, struct node *obj)
{
	cleanup_free char *key = NULL;
	const struct node_member *have;
	struct node_member *member;
	struct node *child;
	struct span text;
	int line, col, res;

	json_skip_blanks(r);
	line = r->line;
	col = json_col(r);
	if (!json_skip_char(r, '"'))
		return json_unexpected(r, "a member name in '\"'");
	res = json_string(r, &text);
	if (res < 0)
		return res;
	key = span_dup(text);
	have = node_list_find(&obj->list, key);
	if (have)
		return err_set(r->err, EBADMSG,
			       "%s:%d:%d: '%s' appears again, first at %d:%d",
			       r->source->name, line, col, key, have->line,
			       have->col);
	json_skip_blanks(r);
	if (!json_skip_char(r, ':'))
		return json_unexpected(r, "':'");
	res = json_value(r, &child);
	if (res < 0)
		return res;
	member = node_list_append(&obj->list, take_ptr(key), child);
	member->line = line;
	member->col = col;
	return 0;
}

static int
json_object(struct json_reader *r, struct node *obj)
{
	json_skip_blanks(r);
	if (json_skip_char(r, '}'))
		return 0;
	for (;;) {
		int res = json_member(r, obj);

		if (res < 0)
			return res;
		json_skip_blanks(r);
		if (json_skip_char(r, '}'))
			return 0;
		if (!json_skip_char(r, ','))
			return json_unexpected(r, "',' or '}'");
	}
}

static int
json_nested(struct json_reader *r, struct node **ret_node)
{
	bool is_obj = *r->at == '{';
	cleanup_node struct node *node =
		is_obj ? node_new_obj() : node_new_arr();
	int res;

	if (r->depth == NODE_MAX_DEPTH)
		return json_fail(r, "nested more than %d deep", NODE_MAX_DEPTH);
	node_place(node, r->source, r->line, json_col(r));
	r->at++;
	r->depth++;
	res = is_obj ? json_object(r, node) : json_array(r, node);
	r->depth--;
	if (res < 0)
		return res;
	*ret_node = take_ptr(node);
	return 0;
}

static int
json_value(struct json_reader *r, struct node **ret_node)
{
	struct span text;
	int col, res;

	json_skip_blanks(r);
	if (r->at == r->end)
		return json_unexpected(r, "a value");
	col = json_col(r);
	if (*r->at == '{' || *r->at == '[')
		return json_nested(r, ret_node);
	if (json_skip_char(r, '"')) {
		res = json_string(r, &text);
		if (res < 0)
			return res;
		*ret_node = node_new_strn(text.ptr, text.len);
	} else if (*r->at == '-' || text_is_digit(*r->at)) {
		res = json_number(r, ret_node);
	} else {
		res = json_word(r, ret_node);
	}
	if (res == 0)
		node_place(*ret_node, r->source, r->line, col);
	return res;
}

int
node_parse_json(struct span text, const char *name, struct node **ret_node,
		struct err *err)
{
	struct json_reader r = {
		.at = text.ptr,
		.end = text.ptr + text.len,
		.line_start = text.ptr,
		.line = 1,
		.source = node_source_new(name),
		.text = STRBUF_INIT,
		.err = err,
	};
	cleanup_node struct node *node = NULL;
	int res = json_value(&r, &node);

	if (res == 0) {
		json_skip_blanks(&r);
		if (r.at < r.end)
			res = json_unexpected(&r, "the end of the text");
	}
	if (res == 0)
		*ret_node = take_ptr(node);
	node_source_unref(r.source);
	strbuf_release(&r.text);
	return res;
}
