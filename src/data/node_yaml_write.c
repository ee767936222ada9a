/* SPDX-License-Identifier: Apache-2.0 */
/*
 * data/node_yaml_write.c - nodes to YAML text.
 *
 * A string stays plain only when our own reader, and one of YAML 1.1, would
 * read the same string back.
 */
#include <string.h>

#include "base/alloc.h"
#include "base/text.h"
#include "data/node.h"
#include "data/node_priv.h"
#include "data/yaml_scalar.h"

static void write_value(struct strbuf *sb, const struct node *node, int depth,
			bool in_list);

/* Words that YAML 1.1 takes for booleans. */
static bool
is_old_bool(const char *text)
{
	static const char *const words[] = { "y",   "Y",  "yes", "Yes", "YES",
					     "on",  "On", "ON",  "n",   "N",
					     "no",  "No", "NO",  "off", "Off",
					     "OFF", "<<", "=",   NULL };

	for (size_t i = 0; words[i]; i++)
		if (!strcmp(text, words[i]))
			return true;
	return false;
}

/* "22:22" is a number to base 60 in YAML 1.1. */
static bool
is_sexagesimal(const char *text)
{
	return strchr(text, ':') && text[strspn(text, "0123456789:._+-")] == 0;
}

static bool
has_only_printables(const char *text)
{
	for (; *text; text++)
		if ((unsigned char)*text < ' ' || *text == 0x7f)
			return false;
	return true;
}

static bool
can_be_plain(const char *text)
{
	size_t len = strlen(text);
	cleanup_node struct node *node = NULL;

	if (!len || !has_only_printables(text))
		return false;
	if (strchr("-?:,[]{}#&*!|>'\"%@` ", text[0]) &&
	    !(text[0] == '-' && text[1] && text[1] != ' ' && text[1] != '-'))
		return false;
	if (text[len - 1] == ' ' || text[len - 1] == ':' ||
	    strstr(text, ": ") || strstr(text, " #"))
		return false;
	if (is_old_bool(text) || is_sexagesimal(text))
		return false;
	node = yaml_scalar_node(span_of(text), NULL, true);
	return node_kind(node) == NODE_STR;
}

/* A literal block keeps its bytes: no odd blanks at its edges. */
static bool
can_be_block(const char *text)
{
	size_t len = strlen(text);

	if (!strchr(text, '\n') || strchr(" \t\n", text[0]))
		return false;
	for (const char *p = text; *p; p++)
		if (((unsigned char)*p < ' ' && *p != '\n') || *p == 0x7f ||
		    (*p == ' ' && p[1] == '\n'))
			return false;
	return text[len - 1] != ' ' && !text_ends(text, "\n\n");
}

static void
write_block(struct strbuf *sb, const char *text, int depth)
{
	strbuf_addstr(sb, text_ends(text, "\n") ? "|" : "|-");
	while (*text) {
		size_t n = strcspn(text, "\n");

		strbuf_addch(sb, '\n');
		if (n)
			strbuf_pad(sb, ' ', (size_t)(2 * depth));
		strbuf_add(sb, text, n);
		text += n + (text[n] == '\n');
	}
	strbuf_addch(sb, '\n');
}

static void
write_str(struct strbuf *sb, const struct node *node, int depth)
{
	const char *text = node_str(node);

	if (can_be_plain(text)) {
		strbuf_addstr(sb, text);
	} else if (can_be_block(text)) {
		write_block(sb, text, depth);
		return;
	} else {
		/* JSON's strings are YAML's double-quoted ones. */
		node_write_json(sb, node, NODE_COMPACT);
	}
	strbuf_addch(sb, '\n');
}

static void
write_scalar(struct strbuf *sb, const struct node *node, int depth)
{
	if (node_kind(node) == NODE_STR) {
		write_str(sb, node, depth);
		return;
	}
	node_write_json(sb, node, NODE_COMPACT);
	strbuf_addch(sb, '\n');
}

static void
write_key(struct strbuf *sb, const char *key)
{
	cleanup_node struct node *node = node_new_str(key);

	if (can_be_plain(key))
		strbuf_addstr(sb, key);
	else
		node_write_json(sb, node, NODE_COMPACT);
	strbuf_addch(sb, ':');
}

static void
write_object(struct strbuf *sb, const struct node *obj, int depth, bool in_list)
{
	for (size_t i = 0; i < node_len(obj); i++) {
		const struct node *value = node_value_at(obj, i);

		if (i || !in_list)
			strbuf_pad(sb, ' ', (size_t)(2 * depth));
		write_key(sb, node_key_at(obj, i));
		if (node_len(value))
			strbuf_addch(sb, '\n');
		else
			strbuf_addch(sb, ' ');
		write_value(sb, value, depth + 1, false);
	}
}

static void
write_array(struct strbuf *sb, const struct node *arr, int depth, bool in_list)
{
	for (size_t i = 0; i < node_len(arr); i++) {
		if (i || !in_list)
			strbuf_pad(sb, ' ', (size_t)(2 * depth));
		strbuf_addstr(sb, "- ");
		write_value(sb, node_at(arr, i), depth + 1, true);
	}
}

/* @in_list: behind "- ", so that the first line needs no indent. */
static void
write_value(struct strbuf *sb, const struct node *node, int depth, bool in_list)
{
	if (!node_len(node)) {
		write_scalar(sb, node, depth);
		return;
	}
	if (node_kind(node) == NODE_OBJ)
		write_object(sb, node, depth, in_list);
	else
		write_array(sb, node, depth, in_list);
}

void
node_write_yaml(struct strbuf *sb, const struct node *node)
{
	write_value(sb, node, 0, false);
}
