/* SPDX-License-Identifier: Apache-2.0 */
/*
 * data/node_write.c - nodes to JSON text, byte for byte as Go writes it, and
 * whole JSON files.
 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/fsx.h"
#include "data/node.h"
#include "data/node_priv.h"
#include "data/utf8.h"

static void
node_write_escape(struct strbuf *sb, uint32_t rune)
{
	static const char from[] = "\"\\\b\f\n\r\t";
	static const char to[] = "\"\\bfnrt";
	const char *found = rune < 0x80 ? strchr(from, (int)rune) : NULL;

	if (found && *found) {
		strbuf_addch(sb, '\\');
		strbuf_addch(sb, to[found - from]);
		return;
	}
	strbuf_addf(sb, "\\u%04x", (unsigned int)rune);
}

static bool
node_write_is_plain(unsigned char c, int flags)
{
	if (c < ' ' || c >= 0x80 || c == '"' || c == '\\')
		return false;
	return !(flags & NODE_ESCAPE_HTML) ||
	       (c != '<' && c != '>' && c != '&');
}

static void
node_write_str(struct strbuf *sb, const char *str, int flags)
{
	size_t len = strlen(str);
	size_t from = 0, at = 0;

	strbuf_addch(sb, '"');
	while (at < len) {
		uint32_t rune;
		size_t n;

		if (node_write_is_plain((unsigned char)str[at], flags)) {
			at++;
			continue;
		}
		n = utf8_decode(str + at, len - at, &rune);
		/* Line separators: valid in JSON, not in JavaScript; C1: valid,
		 * but a terminal may obey them. */
		if (n > 1 && rune >= 0xa0 && rune != 0x2028 && rune != 0x2029) {
			at += n;
			continue;
		}
		strbuf_add(sb, str + from, at - from);
		node_write_escape(sb, n ? rune : UTF8_REPLACEMENT);
		at += n ? n : 1;
		from = at;
	}
	strbuf_add(sb, str + from, len - from);
	strbuf_addch(sb, '"');
}

void
node_add_float(struct strbuf *sb, double value)
{
	char buf[32];
	double size = fabs(value);
	int digits = -1, exponent;
	char *mark;

	/* The fewest significant digits that read back as the same number. */
	do
		(void)snprintf(buf, sizeof(buf), "%.*e", ++digits, value);
	while (strtod(buf, NULL) != value && digits < 17);
	mark = strchr(buf, 'e');
	exponent = (int)strtol(mark + 1, NULL, 10);
	if (size != 0 && (size < 1e-6 || size >= 1e21)) {
		/* C writes e-07 where Go writes e-7. */
		strbuf_add(sb, buf, (size_t)(mark - buf));
		strbuf_addf(sb, "e%+d", exponent);
	} else if (exponent > digits) {
		/* Zeros, not the digits that the nearest double happens on. */
		for (const char *p = buf; p < mark; p++)
			if (*p != '.')
				strbuf_addch(sb, *p);
		strbuf_pad(sb, '0', (size_t)(exponent - digits));
	} else {
		strbuf_addf(sb, "%.*f", digits - exponent, value);
	}
}

static void
node_write_newline(struct strbuf *sb, int flags, size_t depth)
{
	size_t step = flags & NODE_INDENT4 ? 4 : flags & NODE_INDENT2 ? 2 : 0;

	if (!step)
		return;
	strbuf_addch(sb, '\n');
	strbuf_pad(sb, ' ', step * depth);
}

static void node_write_value(struct strbuf *sb, const struct node *node,
			     int flags, size_t depth);

static void
node_write_list(struct strbuf *sb, const struct node *node, int flags,
		size_t depth)
{
	const char *marks = node->kind == NODE_OBJ ? "{}" : "[]";

	strbuf_addch(sb, marks[0]);
	for (uint32_t i = 0; i < node->list.len; i++) {
		const struct node_member *m = &node->list.members[i];

		if (i)
			strbuf_addch(sb, ',');
		node_write_newline(sb, flags, depth + 1);
		if (m->key) {
			node_write_str(sb, m->key, flags);
			strbuf_addch(sb, ':');
			if (flags & (NODE_INDENT4 | NODE_INDENT2))
				strbuf_addch(sb, ' ');
		}
		node_write_value(sb, m->value, flags, depth + 1);
	}
	if (node->list.len)
		node_write_newline(sb, flags, depth);
	strbuf_addch(sb, marks[1]);
}

static void
node_write_value(struct strbuf *sb, const struct node *node, int flags,
		 size_t depth)
{
	switch (node_kind(node)) {
	case NODE_BOOL:
		strbuf_addstr(sb, node->boolean ? "true" : "false");
		return;
	case NODE_INT:
		strbuf_addf(sb, "%lld", (long long)node->integer);
		return;
	case NODE_FLOAT:
		if (node->text[0])
			strbuf_addstr(sb, node->text);
		else if (isfinite(node->real))
			node_add_float(sb, node->real);
		else
			strbuf_addstr(sb, "null");
		return;
	case NODE_STR:
		node_write_str(sb, node->text, flags);
		return;
	case NODE_ARR:
	case NODE_OBJ:
		node_write_list(sb, node, flags, depth);
		return;
	default:
		strbuf_addstr(sb, "null");
		return;
	}
}

void
node_write_json(struct strbuf *sb, const struct node *node, int flags)
{
	node_write_value(sb, node, flags, 0);
}

int
node_read_json_file(int dirfd, const char *name, size_t max_bytes,
		    struct node **ret_node, struct err *err)
{
	cleanup_strbuf struct strbuf sb = STRBUF_INIT;
	int r = fsx_read_file(dirfd, name, max_bytes, &sb, err);

	if (r < 0)
		return r;
	return node_parse_json(span_new(sb.buf, sb.len), name, ret_node, err);
}

int
node_write_json_file(int dirfd, const char *name, const struct node *node,
		     unsigned int mode, int flags, struct err *err)
{
	cleanup_strbuf struct strbuf sb = STRBUF_INIT;

	node_write_json(&sb, node, NODE_COMPACT);
	return fsx_write_atomic(dirfd, name, sb.buf, sb.len, mode, flags, err);
}
