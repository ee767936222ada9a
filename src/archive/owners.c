/* SPDX-License-Identifier: Apache-2.0 */
/*
 * archive/owners.c - owners that could not be set, as lines of text.
 */
#include "archive/owners.h"

#include <errno.h>

#include "base/text.h"

static bool
is_plain(unsigned char c)
{
	return c > ' ' && c < 0x7f && c != '\\';
}

void
owners_add_line(struct strbuf *sb, const struct owner *owner, const char *path)
{
	strbuf_addf(sb, "%c %04o %u %u %u %u ", owner->type, owner->mode,
		    owner->uid, owner->gid, owner->dev_major, owner->dev_minor);
	if (!*path)
		strbuf_addch(sb, '.');
	for (; *path; path++) {
		unsigned char c = (unsigned char)*path;

		if (is_plain(c))
			strbuf_addch(sb, (char)c);
		else
			strbuf_addf(sb, "\\%03o", c);
	}
	strbuf_addch(sb, '\n');
}

/* A number in @base up to a blank, which is cut off too. */
static bool
cut_number(struct span *line, unsigned int base, uint32_t max,
	   uint32_t *ret_value)
{
	uint64_t value = 0;
	size_t i;

	for (i = 0; i < line->len && line->ptr[i] != ' '; i++) {
		unsigned int digit = (unsigned char)line->ptr[i] - '0';

		if (digit >= base)
			return false;
		value = value * base + digit;
		if (value > max)
			return false;
	}
	if (i == 0 || i == line->len)
		return false;
	*line = span_skip(*line, i + 1);
	*ret_value = (uint32_t)value;
	return true;
}

static bool
is_octal(char c)
{
	return c >= '0' && c <= '7';
}

static bool
decode_path(struct span text, struct strbuf *path)
{
	strbuf_reset(path);
	if (!text.len)
		return false;
	if (span_is(text, "."))
		return true;
	while (text.len) {
		const char *p = text.ptr;
		size_t len = 1;
		int c = (unsigned char)*p;

		if (c == '\\') {
			if (text.len < 4 || p[1] < '0' || p[1] > '3' ||
			    !is_octal(p[2]) || !is_octal(p[3]))
				return false;
			c = (p[1] - '0') << 6 | (p[2] - '0') << 3 |
			    (p[3] - '0');
			len = 4;
		} else if (!is_plain((unsigned char)c)) {
			return false;
		}
		if (!c)
			return false;
		strbuf_addch(path, (char)c);
		text = span_skip(text, len);
	}
	return true;
}

int
owners_next(struct span *rest, struct owner *ret_owner, struct strbuf *path,
	    struct err *err)
{
	struct span line;
	struct owner owner;

	if (!span_next(rest, '\n', &line))
		return 0;
	if (line.len < 2 || !strchr("fdlcbph-", line.ptr[0]) ||
	    line.ptr[0] == '\0' || line.ptr[1] != ' ')
		return err_set(err, EBADMSG, "a line of owners is damaged");
	owner.type = line.ptr[0];
	line = span_skip(line, 2);
	if (!cut_number(&line, 8, 07777, &owner.mode) ||
	    !cut_number(&line, 10, UINT32_MAX, &owner.uid) ||
	    !cut_number(&line, 10, UINT32_MAX, &owner.gid) ||
	    !cut_number(&line, 10, UINT32_MAX, &owner.dev_major) ||
	    !cut_number(&line, 10, UINT32_MAX, &owner.dev_minor) ||
	    !decode_path(line, path))
		return err_set(err, EBADMSG, "a line of owners is damaged");
	*ret_owner = owner;
	return 1;
}
