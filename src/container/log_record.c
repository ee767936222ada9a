/* SPDX-License-Identifier: Apache-2.0 */
/*
 * container/log_record.c - one record of a container's log, read.
 *
 * data/ would refuse a NUL in a string and build a tree for each line.
 */
#include "container/log_record.h"

#include <errno.h>
#include <string.h>

#include "base/units.h"
#include "data/utf8.h"

#define LOG_RECORD_MAX_DEPTH 8

void
log_record_release(struct log_record *record)
{
	strbuf_release(&record->text);
}

static void
skip_blanks(struct span *in)
{
	while (in->len && strchr(" \t\r\n", *in->ptr) && *in->ptr)
		*in = span_skip(*in, 1);
}

static bool
take(struct span *in, char c)
{
	skip_blanks(in);
	if (!in->len || *in->ptr != c)
		return false;
	*in = span_skip(*in, 1);
	return true;
}

static int
hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Four hex digits. */
static bool
take_code(struct span *in, uint32_t *ret_code)
{
	uint32_t code = 0;

	if (in->len < 4)
		return false;
	for (size_t i = 0; i < 4; i++) {
		int digit = hex_digit(in->ptr[i]);

		if (digit < 0)
			return false;
		code = code * 16 + (uint32_t)digit;
	}
	*in = span_skip(*in, 4);
	*ret_code = code;
	return true;
}

/* What follows "\u"; two of them make one character beyond the first plane. */
static bool
take_rune(struct span *in, struct strbuf *sb)
{
	uint32_t code, low;

	if (!take_code(in, &code))
		return false;
	if (code >= 0xd800 && code < 0xdc00 && in->len > 1 &&
	    in->ptr[0] == '\\' && in->ptr[1] == 'u') {
		struct span second = span_skip(*in, 2);

		if (take_code(&second, &low) && low >= 0xdc00 && low < 0xe000) {
			code = 0x10000 + ((code - 0xd800) << 10) +
			       (low - 0xdc00);
			*in = second;
		}
	}
	if (code)
		utf8_add(sb, code);
	else
		strbuf_addch(sb, '\0');
	return true;
}

static bool
take_escape(struct span *in, struct strbuf *sb)
{
	static const char from[] = "\"\\/bfnrt", to[] = "\"\\/\b\f\n\r\t";
	const char *at;
	char c;

	if (!in->len)
		return false;
	c = *in->ptr;
	*in = span_skip(*in, 1);
	if (c == 'u')
		return take_rune(in, sb);
	at = c ? strchr(from, c) : NULL;
	if (at)
		strbuf_addch(sb, to[at - from]);
	return at != NULL;
}

/* The string that starts here, appended to @sb. */
static bool
take_string(struct span *in, struct strbuf *sb)
{
	if (!take(in, '"'))
		return false;
	while (in->len) {
		size_t plain = 0;

		while (plain < in->len && in->ptr[plain] != '"' &&
		       in->ptr[plain] != '\\')
			plain++;
		strbuf_add(sb, in->ptr, plain);
		*in = span_skip(*in, plain);
		if (take(in, '"'))
			return true;
		if (!in->len)
			return false;
		*in = span_skip(*in, 1);
		if (!take_escape(in, sb))
			return false;
	}
	return false;
}

/* Step over a value of any kind. */
static bool
take_value(struct span *in)
{
	cleanup_strbuf struct strbuf scratch = STRBUF_INIT;
	int depth = 0;

	do {
		skip_blanks(in);
		if (!in->len)
			return false;
		if (*in->ptr == '"') {
			strbuf_reset(&scratch);
			if (!take_string(in, &scratch))
				return false;
			continue;
		}
		if (*in->ptr == '{' || *in->ptr == '[')
			depth++;
		if (*in->ptr == '}' || *in->ptr == ']')
			depth--;
		if (depth < 0 || depth > LOG_RECORD_MAX_DEPTH)
			return false;
		*in = span_skip(*in, 1);
	} while (depth > 0 || (in->len && !strchr(",}", *in->ptr) && *in->ptr));
	return true;
}

static bool
take_time(struct span *in, int64_t *ret_ns)
{
	cleanup_strbuf struct strbuf text = STRBUF_INIT;

	return take_string(in, &text) && strlen(text.buf) == text.len &&
	       units_parse_rfc3339(text.buf, ret_ns, NULL) == 0;
}

static bool
take_stream(struct span *in, bool *ret_is_stderr)
{
	cleanup_strbuf struct strbuf text = STRBUF_INIT;

	if (!take_string(in, &text))
		return false;
	*ret_is_stderr = !strcmp(text.buf, "stderr");
	return *ret_is_stderr || !strcmp(text.buf, "stdout");
}

enum log_member {
	LOG_MEMBER_TEXT = 1,
	LOG_MEMBER_STREAM = 2,
	LOG_MEMBER_TIME = 4,
};

/* One "name":value; *io_seen gathers which of those needed were there. */
static bool
take_member(struct span *in, struct log_record *record, int *io_seen)
{
	cleanup_strbuf struct strbuf name = STRBUF_INIT;
	const char *start;

	if (!take_string(in, &name) || !take(in, ':'))
		return false;
	if (!strcmp(name.buf, "log")) {
		*io_seen |= LOG_MEMBER_TEXT;
		strbuf_reset(&record->text);
		return take_string(in, &record->text);
	}
	if (!strcmp(name.buf, "stream")) {
		*io_seen |= LOG_MEMBER_STREAM;
		return take_stream(in, &record->is_stderr);
	}
	if (!strcmp(name.buf, "time")) {
		*io_seen |= LOG_MEMBER_TIME;
		return take_time(in, &record->time_ns);
	}
	skip_blanks(in);
	start = in->ptr;
	if (!take_value(in))
		return false;
	if (!strcmp(name.buf, "attrs") && *start == '{')
		record->attrs = span_new(start, (size_t)(in->ptr - start));
	return true;
}

int
log_record_parse(struct span line, struct log_record *record)
{
	struct span in = line;
	int seen = 0;

	strbuf_reset(&record->text);
	record->attrs = span_new(NULL, 0);
	if (!take(&in, '{'))
		return -EBADMSG;
	do {
		if (!take_member(&in, record, &seen))
			return -EBADMSG;
	} while (take(&in, ','));
	if (!take(&in, '}'))
		return -EBADMSG;
	skip_blanks(&in);
	return !in.len && seen == (LOG_MEMBER_TEXT | LOG_MEMBER_STREAM |
				   LOG_MEMBER_TIME)
		       ? 0
		       : -EBADMSG;
}
