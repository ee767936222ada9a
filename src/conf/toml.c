/* SPDX-License-Identifier: Apache-2.0 */
/*
 * conf/toml.c - the TOML that registries.conf is written in.
 *
 * One pass over the bytes builds the tree. What a [header] has defined may
 * not be defined again, and what was written as a value ({…}, […]) may not
 * be added to; both are remembered by the address of their node.
 * Spec: TOML v1.0.0.
 */
#include "conf/toml.h"

#include <errno.h>
#include <stdint.h>
#include <stdio.h>

#include "base/map.h"
#include "base/text.h"
#include "base/units.h"
#include "conf/toml_scan.h"

#define TOML_MAX_DEPTH 32
#define TOML_MAX_NUMBER 40

enum toml_flags {
	TOML_DEFINED = 1, /* by a [header] of its own */
	TOML_FROZEN = 2,  /* written as a value */
	TOML_DOTTED = 4,  /* made by a dotted key: no [header] may follow */
};

struct toml {
	struct toml_scan scan;
	int depth;
	struct node *root;
	struct node *table; /* what the last [header] opened */
	struct map flags;   /* "%p" of a node → enum toml_flags */
};

static unsigned int
toml_flags_of(const struct toml *toml, const struct node *node)
{
	char key[32];

	(void)snprintf(key, sizeof(key), "%p", (const void *)node);
	return (unsigned int)(uintptr_t)map_get(&toml->flags, key);
}

static void
toml_mark(struct toml *toml, const struct node *node, unsigned int flags)
{
	char key[32];

	flags |= toml_flags_of(toml, node);
	(void)snprintf(key, sizeof(key), "%p", (const void *)node);
	(void)map_set(&toml->flags, key, (void *)(uintptr_t)flags);
}

static int
toml_string(struct toml *toml, struct node **ret_node)
{
	cleanup_strbuf struct strbuf sb = STRBUF_INIT;
	char quote = *toml->scan.at;
	int r;

	if (toml_scan_looks_at(&toml->scan, quote == '"' ? "\"\"\"" : "'''")) {
		toml->scan.at += 3;
		r = toml_scan_long_string(&toml->scan, quote, &sb);
	} else {
		toml->scan.at++;
		r = toml_scan_short_string(&toml->scan, quote, &sb);
	}
	if (r < 0)
		return r;
	*ret_node = node_new_strn(sb.buf, sb.len);
	return 0;
}

static bool
toml_is_bare(int c)
{
	return c > 0 && (text_is_alnum((char)c) || c == '_' || c == '-');
}

static int
toml_key_part(struct toml *toml, struct strvec *parts)
{
	cleanup_strbuf struct strbuf sb = STRBUF_INIT;
	int c = toml_scan_peek(&toml->scan), r = 0;

	if (c == '"' || c == '\'') {
		toml->scan.at++;
		r = toml_scan_short_string(&toml->scan, (char)c, &sb);
	} else {
		for (; toml_is_bare(c); c = toml_scan_peek(&toml->scan)) {
			strbuf_addch(&sb, (char)c);
			toml->scan.at++;
		}
		if (!sb.len)
			r = toml_scan_fail(&toml->scan, "expected a key");
	}
	if (r < 0)
		return r;
	if (parts->len >= TOML_MAX_DEPTH)
		return toml_scan_fail(&toml->scan, "key of too many parts");
	strvec_add(parts, sb.buf);
	return 0;
}

/* a."b c".d */
static int
toml_key(struct toml *toml, struct strvec *parts)
{
	for (;;) {
		int r;

		toml_scan_skip_blanks(&toml->scan);
		r = toml_key_part(toml, parts);
		if (r < 0)
			return r;
		toml_scan_skip_blanks(&toml->scan);
		if (!toml_scan_accept(&toml->scan, '.'))
			return 0;
	}
}

/* true, false, or a decimal integer. */
static int
toml_word(struct toml *toml, struct node **ret_node)
{
	char buf[TOML_MAX_NUMBER];
	const char *digits = buf;
	size_t len = 0;
	int64_t value;

	for (int c = toml_scan_peek(&toml->scan);
	     toml_is_bare(c) || c == '+' || c == '.' || c == ':';
	     c = toml_scan_peek(&toml->scan)) {
		if (len + 1 == sizeof(buf))
			return toml_scan_fail(&toml->scan, "value too long");
		buf[len++] = (char)c;
		toml->scan.at++;
	}
	buf[len] = '\0';
	if (!strcmp(buf, "true") || !strcmp(buf, "false")) {
		*ret_node = node_new_bool(buf[0] == 't');
		return 0;
	}
	digits += buf[0] == '+';
	if (units_parse_i64(digits, INT64_MIN, INT64_MAX, &value, NULL) < 0)
		return toml_scan_fail(
			&toml->scan,
			len ? "'%s' is no string, boolean or decimal integer"
			    : "expected a value%s",
			buf);
	*ret_node = node_new_int(value);
	return 0;
}

static int toml_value(struct toml *toml, struct node **ret_node);
static int toml_assign(struct toml *toml, struct node *table);

static int
toml_array(struct toml *toml, struct node **ret_node)
{
	cleanup_node struct node *arr = node_new_arr();

	toml->scan.at++;
	for (;;) {
		struct node *item = NULL;
		int r = toml_scan_skip_lines(&toml->scan);

		if (r < 0)
			return r;
		if (toml_scan_accept(&toml->scan, ']'))
			break;
		r = toml_value(toml, &item);
		if (r < 0)
			return r;
		(void)node_push(arr, item);
		r = toml_scan_skip_lines(&toml->scan);
		if (r < 0)
			return r;
		if (toml_scan_accept(&toml->scan, ']'))
			break;
		if (!toml_scan_accept(&toml->scan, ','))
			return toml_scan_fail(&toml->scan,
					      "expected ',' or ']'");
	}
	*ret_node = take_ptr(arr);
	return 0;
}

static int
toml_inline_table(struct toml *toml, struct node **ret_node)
{
	cleanup_node struct node *obj = node_new_obj();

	toml->scan.at++;
	toml_scan_skip_blanks(&toml->scan);
	if (!toml_scan_accept(&toml->scan, '}')) {
		do {
			int r = toml_assign(toml, obj);

			if (r < 0)
				return r;
			toml_scan_skip_blanks(&toml->scan);
		} while (toml_scan_accept(&toml->scan, ','));
		if (!toml_scan_accept(&toml->scan, '}'))
			return toml_scan_fail(&toml->scan,
					      "expected ',' or '}'");
	}
	*ret_node = take_ptr(obj);
	return 0;
}

static int
toml_value(struct toml *toml, struct node **ret_node)
{
	int c = toml_scan_peek(&toml->scan), r;

	if (toml->depth >= TOML_MAX_DEPTH)
		return toml_scan_fail(&toml->scan, "nested too deeply");
	toml->depth++;
	if (c == '"' || c == '\'')
		r = toml_string(toml, ret_node);
	else if (c == '[')
		r = toml_array(toml, ret_node);
	else if (c == '{')
		r = toml_inline_table(toml, ret_node);
	else
		r = toml_word(toml, ret_node);
	toml->depth--;
	if (!r && (c == '[' || c == '{'))
		toml_mark(toml, *ret_node, TOML_FROZEN);
	return r;
}

/*
 * The table that all but the last part lead to, made where absent. In an
 * array of tables the last one is meant.
 */
static int
toml_descend(struct toml *toml, struct node *from, const struct strvec *parts,
	     unsigned int made_flags, struct node **ret_table)
{
	for (size_t i = 0; i + 1 < parts->len; i++) {
		struct node *next = node_get(from, parts->v[i]);

		if (!next) {
			next = node_set(from, parts->v[i], node_new_obj());
			next = node_get(from, parts->v[i]);
			toml_mark(toml, next, made_flags);
		}
		if (toml_flags_of(toml, next) & TOML_FROZEN)
			return toml_scan_fail(&toml->scan,
					      "'%s' is complete already",
					      parts->v[i]);
		if (made_flags && toml_flags_of(toml, next) & TOML_DEFINED)
			return toml_scan_fail(&toml->scan,
					      "'%s' has a header of its own",
					      parts->v[i]);
		if (node_kind(next) == NODE_ARR && !made_flags)
			next = node_at(next, node_len(next) - 1);
		if (node_kind(next) != NODE_OBJ)
			return toml_scan_fail(&toml->scan,
					      "'%s' is not a table",
					      parts->v[i]);
		from = next;
	}
	*ret_table = from;
	return 0;
}

/* key = value */
static int
toml_assign(struct toml *toml, struct node *table)
{
	cleanup_strvec struct strvec parts = STRVEC_INIT;
	struct node *value = NULL;
	const char *last;
	int r;

	r = toml_key(toml, &parts);
	if (r < 0)
		return r;
	r = toml_descend(toml, table, &parts, TOML_DOTTED, &table);
	if (r < 0)
		return r;
	last = parts.v[parts.len - 1];
	if (node_get(table, last))
		return toml_scan_fail(&toml->scan, "'%s' is set twice", last);
	if (!toml_scan_accept(&toml->scan, '='))
		return toml_scan_fail(&toml->scan,
				      "expected '=' after the key");
	toml_scan_skip_blanks(&toml->scan);
	r = toml_value(toml, &value);
	if (r < 0)
		return r;
	(void)node_set(table, last, value);
	return 0;
}

/* [[name]]: a further table in an array. */
static int
toml_open_element(struct toml *toml, struct node *parent, const char *name)
{
	struct node *arr = node_get(parent, name);

	if (!arr) {
		(void)node_set(parent, name, node_new_arr());
		arr = node_get(parent, name);
	}
	if (node_kind(arr) != NODE_ARR ||
	    toml_flags_of(toml, arr) & TOML_FROZEN)
		return toml_scan_fail(&toml->scan, "'%s' is no array of tables",
				      name);
	(void)node_push(arr, node_new_obj());
	toml->table = node_at(arr, node_len(arr) - 1);
	return 0;
}

/* [name]: a table, once. */
static int
toml_open_table(struct toml *toml, struct node *parent, const char *name)
{
	struct node *table = node_get(parent, name);

	if (!table) {
		(void)node_set(parent, name, node_new_obj());
		table = node_get(parent, name);
	}
	if (node_kind(table) != NODE_OBJ || toml_flags_of(toml, table))
		return toml_scan_fail(&toml->scan, "'%s' is defined twice",
				      name);
	toml_mark(toml, table, TOML_DEFINED);
	toml->table = table;
	return 0;
}

static int
toml_header(struct toml *toml)
{
	cleanup_strvec struct strvec parts = STRVEC_INIT;
	struct node *parent = NULL;
	bool element;
	int r;

	toml->scan.at++;
	element = toml_scan_accept(&toml->scan, '[');
	r = toml_key(toml, &parts);
	if (r < 0)
		return r;
	if (!toml_scan_accept(&toml->scan, ']') ||
	    (element && !toml_scan_accept(&toml->scan, ']')))
		return toml_scan_fail(&toml->scan,
				      "expected ']' after the name");
	r = toml_descend(toml, toml->root, &parts, 0, &parent);
	if (r < 0)
		return r;
	if (element)
		return toml_open_element(toml, parent, parts.v[parts.len - 1]);
	return toml_open_table(toml, parent, parts.v[parts.len - 1]);
}

static int
toml_document(struct toml *toml)
{
	for (;;) {
		int r = toml_scan_skip_lines(&toml->scan);

		if (r < 0 || toml_scan_peek(&toml->scan) < 0)
			return r;
		if (toml_scan_peek(&toml->scan) == '[')
			r = toml_header(toml);
		else
			r = toml_assign(toml, toml->table);
		if (!r)
			r = toml_scan_end_line(&toml->scan);
		if (r < 0)
			return r;
	}
}

int
toml_parse(struct span text, const char *name, struct node **ret_node,
	   struct err *err)
{
	cleanup_node struct node *root = node_new_obj();
	struct toml toml = {
		.scan = {
			.name = name,
			.at = text.ptr,
			.end = text.ptr + text.len,
			.line_start = text.ptr,
			.line = 1,
			.err = err,
		},
		.root = root,
		.table = root,
	};
	int r;

	if (!text_is_utf8(text.ptr, text.len))
		return err_set(err, EBADMSG, "%s:1:1: not UTF-8 text", name);
	r = toml_document(&toml);
	map_release(&toml.flags);
	if (r < 0)
		return r;
	*ret_node = take_ptr(root);
	return 0;
}
