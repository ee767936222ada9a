/* SPDX-License-Identifier: Apache-2.0 */
/*
 * conf/toml_scan.c - a place in a TOML text: blanks, comments, strings.
 */
#include "conf/toml_scan.h"

#include <errno.h>
#include <stdint.h>

#include "base/alloc.h"
#include "base/text.h"

int
toml_scan_fail(struct toml_scan *scan, const char *fmt, ...)
{
	cleanup_free char *what = NULL;
	va_list args;

	va_start(args, fmt);
	what = xvasprintf(fmt, args);
	va_end(args);
	return err_set(scan->err, EBADMSG, "%s:%d:%d: %s", scan->name,
		       scan->line, (int)(scan->at - scan->line_start) + 1,
		       what);
}

int
toml_scan_peek(const struct toml_scan *scan)
{
	return scan->at < scan->end ? (unsigned char)*scan->at : -1;
}

bool
toml_scan_looks_at(const struct toml_scan *scan, const char *str)
{
	return span_starts(span_new(scan->at, (size_t)(scan->end - scan->at)),
			   str);
}

/* Step over one byte that may end a line. */
static void
scan_step(struct toml_scan *scan)
{
	if (*scan->at++ == '\n') {
		scan->line++;
		scan->line_start = scan->at;
	}
}

bool
toml_scan_accept(struct toml_scan *scan, char c)
{
	if (toml_scan_peek(scan) != c)
		return false;
	scan_step(scan);
	return true;
}

void
toml_scan_skip_blanks(struct toml_scan *scan)
{
	while (toml_scan_peek(scan) == ' ' || toml_scan_peek(scan) == '\t')
		scan->at++;
}

static bool
scan_at_newline(const struct toml_scan *scan)
{
	return toml_scan_peek(scan) == '\n' || toml_scan_looks_at(scan, "\r\n");
}

static bool
scan_is_control(int c)
{
	return (c >= 0 && c < ' ' && c != '\t') || c == 0x7f;
}

/* Blanks and a comment, up to the end of the line. */
static int
scan_skip_comment(struct toml_scan *scan)
{
	toml_scan_skip_blanks(scan);
	if (toml_scan_peek(scan) != '#')
		return 0;
	while (toml_scan_peek(scan) >= 0 && !scan_at_newline(scan)) {
		if (scan_is_control(toml_scan_peek(scan)))
			return toml_scan_fail(scan,
					      "control character in comment");
		scan->at++;
	}
	return 0;
}

int
toml_scan_skip_lines(struct toml_scan *scan)
{
	for (;;) {
		int r = scan_skip_comment(scan);

		if (r < 0)
			return r;
		if (!scan_at_newline(scan))
			return 0;
		if (toml_scan_peek(scan) == '\r')
			scan->at++;
		scan_step(scan);
	}
}

int
toml_scan_end_line(struct toml_scan *scan)
{
	int r = scan_skip_comment(scan);

	if (r < 0)
		return r;
	if (toml_scan_peek(scan) >= 0 && !scan_at_newline(scan))
		return toml_scan_fail(scan, "expected the end of the line");
	return 0;
}

/* \uXXXX and \UXXXXXXXX: a code point as UTF-8. */
static int
scan_unicode(struct toml_scan *scan, int digits, struct strbuf *sb)
{
	static const char hex[] = "0123456789abcdef0123456789ABCDEF";
	uint32_t cp = 0;

	for (int i = 0; i < digits; i++) {
		int c = toml_scan_peek(scan);
		const char *found = c > 0 ? strchr(hex, c) : NULL;

		if (!found)
			return toml_scan_fail(scan, "expected %d hex digits",
					      digits);
		cp = cp << 4 | ((uint32_t)(found - hex) & 15);
		scan->at++;
	}
	if (!cp || cp > 0x10ffff || (cp >= 0xd800 && cp < 0xe000))
		return toml_scan_fail(scan, "not a usable character");
	if (cp < 0x80) {
		strbuf_addch(sb, (char)cp);
		return 0;
	}
	if (cp < 0x800) {
		strbuf_addch(sb, (char)(0xc0 | cp >> 6));
	} else {
		if (cp < 0x10000) {
			strbuf_addch(sb, (char)(0xe0 | cp >> 12));
		} else {
			strbuf_addch(sb, (char)(0xf0 | cp >> 18));
			strbuf_addch(sb, (char)(0x80 | (cp >> 12 & 63)));
		}
		strbuf_addch(sb, (char)(0x80 | (cp >> 6 & 63)));
	}
	strbuf_addch(sb, (char)(0x80 | (cp & 63)));
	return 0;
}

/* What follows a backslash. */
static int
scan_escape(struct toml_scan *scan, struct strbuf *sb)
{
	static const char from[] = "btnfr\"\\", to[] = "\b\t\n\f\r\"\\";
	int c = toml_scan_peek(scan);
	const char *found = c > 0 ? strchr(from, c) : NULL;

	if (!found && c != 'u' && c != 'U')
		return toml_scan_fail(scan, "unknown escape sequence");
	scan->at++;
	if (c == 'u' || c == 'U')
		return scan_unicode(scan, c == 'u' ? 4 : 8, sb);
	strbuf_addch(sb, to[found - from]);
	return 0;
}

/* "…" and '…' on one line; the opening quote is passed. */
int
toml_scan_short_string(struct toml_scan *scan, char quote, struct strbuf *sb)
{
	for (;;) {
		int c = toml_scan_peek(scan);

		if (c < 0 || c == '\n')
			return toml_scan_fail(scan, "string without an end");
		if (scan_is_control(c))
			return toml_scan_fail(scan,
					      "control character in string");
		scan->at++;
		if (c == quote)
			return 0;
		if (c == '\\' && quote == '"') {
			int r = scan_escape(scan, sb);

			if (r < 0)
				return r;
			continue;
		}
		strbuf_addch(sb, (char)c);
	}
}

/* A backslash that ends its line swallows all blanks that follow it. */
static bool
scan_skip_continuation(struct toml_scan *scan)
{
	const char *saved = scan->at;

	toml_scan_skip_blanks(scan);
	if (!scan_at_newline(scan)) {
		scan->at = saved;
		return false;
	}
	while (toml_scan_peek(scan) == ' ' || toml_scan_peek(scan) == '\t' ||
	       scan_at_newline(scan))
		scan_step(scan);
	return true;
}

/* Up to two quotes may stand before the three that end the string. */
static bool
scan_long_string_ends(struct toml_scan *scan, char quote, struct strbuf *sb)
{
	int count = 0;

	while (count < 5 && toml_scan_accept(scan, quote))
		count++;
	strbuf_pad(sb, quote, (size_t)(count >= 3 ? count - 3 : count));
	return count >= 3;
}

/* """…""" and '''…'''; the opening quotes are passed. */
int
toml_scan_long_string(struct toml_scan *scan, char quote, struct strbuf *sb)
{
	if (toml_scan_looks_at(scan, "\r\n"))
		scan->at++;
	(void)toml_scan_accept(scan, '\n');
	for (;;) {
		int c = toml_scan_peek(scan), r = 0;

		if (c < 0)
			return toml_scan_fail(scan, "string without an end");
		if (c == quote) {
			if (scan_long_string_ends(scan, quote, sb))
				return 0;
			continue;
		}
		if (scan_is_control(c) && !scan_at_newline(scan))
			return toml_scan_fail(scan,
					      "control character in string");
		scan_step(scan);
		if (c != '\\' || quote != '"')
			strbuf_addch(sb, (char)c);
		else if (!scan_skip_continuation(scan))
			r = scan_escape(scan, sb);
		if (r < 0)
			return r;
	}
}
