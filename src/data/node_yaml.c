/* SPDX-License-Identifier: Apache-2.0 */
/*
 * data/node_yaml.c - YAML text to nodes, from libyaml's events.
 *
 * An alias becomes a copy of what it names, so the tree stays a tree; copies
 * are counted. Merge keys are applied when their mapping ends: what the
 * mapping says itself wins, then the earlier of two sources.
 * Spec: YAML 1.2.2; "<<" as in yaml.org/type/merge.
 */
#include <assert.h>
#include <errno.h>
#include <stdarg.h>
#include <string.h>
#include <yaml.h>

#include "base/alloc.h"
#include "base/map.h"
#include "data/node.h"
#include "data/node_index.h"
#include "data/node_priv.h"
#include "data/yaml_scalar.h"

struct yaml_reader {
	yaml_parser_t parser;
	struct span text;
	struct node_source *source;
	struct map anchors; /* name → node, borrowed from a tree */
	struct node
		*consumed; /* keys and values of "<<": anchors may name them */
	size_t copies;
	int depth;
	struct err *err;
};

DEFINE_CLEANUP(yaml_event_t *, yaml_event_delete);

static int yaml_value(struct yaml_reader *r, const yaml_event_t *event,
		      struct node **ret_node);

static int __attribute__((format(printf, 3, 4)))
yaml_fail(const struct yaml_reader *r, yaml_mark_t mark, const char *fmt, ...)
{
	cleanup_free char *words = NULL;
	va_list args;

	va_start(args, fmt);
	words = xvasprintf(fmt, args);
	va_end(args);
	return err_set(r->err, EBADMSG, "%s:%zu:%zu: %s", r->source->name,
		       mark.line + 1, mark.column + 1, words);
}

/* Bytes that are no text have an offset, but no mark. */
static yaml_mark_t
yaml_mark_of_offset(const struct yaml_reader *r, size_t offset)
{
	yaml_mark_t mark = { .index = offset };

	for (size_t i = 0; i < offset && i < r->text.len; i++) {
		mark.column++;
		if (r->text.ptr[i] == '\n') {
			mark.line++;
			mark.column = 0;
		}
	}
	return mark;
}

static int
yaml_fail_parser(const struct yaml_reader *r)
{
	const yaml_parser_t *p = &r->parser;
	yaml_mark_t mark = p->problem_mark;
	const char *problem = p->problem ? p->problem : "unreadable";
	int res;

	if (p->error == YAML_READER_ERROR)
		mark = yaml_mark_of_offset(r, p->problem_offset);
	res = yaml_fail(r, mark, "%s", problem);
	if (mark.index < r->text.len && r->text.ptr[mark.index] == '\t')
		err_hint(r->err, "indent with spaces, not with tabs");
	else if (!strncmp(problem, "mapping values", 14))
		err_hint(r->err, "put text that holds ': ' in quotes");
	else if (!strcmp(problem, "did not find expected key") ||
		 !strcmp(problem, "did not find expected '-' indicator"))
		err_hint(r->err, "indent it as the lines that it belongs to");
	return res;
}

static int
yaml_next(struct yaml_reader *r, yaml_event_t *event)
{
	if (!yaml_parser_parse(&r->parser, event))
		return yaml_fail_parser(r);
	return 0;
}

static void
yaml_place(const struct yaml_reader *r, struct node *node, yaml_mark_t mark)
{
	node_place(node, r->source, (int)mark.line + 1, (int)mark.column + 1);
}

/* A tag of the author's own, not one of YAML's. */
static void
yaml_keep_tag(struct node *node, const yaml_char_t *tag)
{
	const char *text = (const char *)tag;

	if (text && text[0] == '!' && text[1])
		node_set_tag(node, text);
}

static void
yaml_anchor(struct yaml_reader *r, const yaml_char_t *anchor, struct node *node)
{
	if (anchor)
		(void)map_set(&r->anchors, (const char *)anchor, node);
}

/* Count what a copy would add; -1 when it is too much or too deep. */
static int
yaml_measure(struct yaml_reader *r, const struct node *node, int depth)
{
	if (depth > NODE_MAX_DEPTH || ++r->copies > NODE_YAML_MAX_COPIES)
		return -1;
	for (size_t i = 0; i < node_len(node); i++)
		if (yaml_measure(r, node_value_at(node, i), depth + 1) < 0)
			return -1;
	return 0;
}

static int
yaml_copy(struct yaml_reader *r, const struct node *node, yaml_mark_t mark,
	  struct node **ret_node)
{
	if (yaml_measure(r, node, r->depth) < 0)
		return yaml_fail(r, mark,
				 "aliases make this text too large or deep");
	*ret_node = node_clone(node);
	return 0;
}

static int
yaml_alias(struct yaml_reader *r, const yaml_event_t *event,
	   struct node **ret_node)
{
	const char *name = (const char *)event->data.alias.anchor;
	const struct node *node = map_get(&r->anchors, name);

	if (!node)
		return yaml_fail(r, event->start_mark,
				 "nothing before is called '&%s'", name);
	return yaml_copy(r, node, event->start_mark, ret_node);
}

static int
yaml_scalar(struct yaml_reader *r, const yaml_event_t *event,
	    struct node **ret_node)
{
	const char *tag = (const char *)event->data.scalar.tag;
	struct span text = span_new((const char *)event->data.scalar.value,
				    event->data.scalar.length);
	bool is_plain = event->data.scalar.style == YAML_PLAIN_SCALAR_STYLE;

	if (text.len && memchr(text.ptr, '\0', text.len))
		return yaml_fail(r, event->start_mark,
				 "a string may not hold a NUL");
	*ret_node = yaml_scalar_node(text, tag, is_plain);
	if (!*ret_node)
		return yaml_fail(r, event->start_mark, "'%s' is not a '%s'",
				 text.ptr, tag);
	return 0;
}

static int
yaml_sequence(struct yaml_reader *r, struct node *arr)
{
	for (;;) {
		cleanup_with(yaml_event_delete) yaml_event_t *event = NULL;
		yaml_event_t got;
		struct node *child;
		int res = yaml_next(r, &got);

		if (res < 0)
			return res;
		event = &got;
		if (event->type == YAML_SEQUENCE_END_EVENT)
			return 0;
		res = yaml_value(r, event, &child);
		if (res < 0)
			return res;
		node_push(arr, child);
	}
}

/* The key's text; the event is a scalar or an alias of one. */
static int
yaml_key(struct yaml_reader *r, const yaml_event_t *event, char **ret_key)
{
	if (event->type == YAML_SCALAR_EVENT) {
		cleanup_node struct node *node = NULL;
		int res = yaml_scalar(r, event, &node);

		if (res < 0)
			return res;
		*ret_key = xstrdup((const char *)event->data.scalar.value);
		yaml_anchor(r, event->data.scalar.anchor, node);
		node_push(r->consumed, take_ptr(node));
		return 0;
	}
	if (event->type == YAML_ALIAS_EVENT) {
		const char *name = (const char *)event->data.alias.anchor;
		const char *text = node_str(map_get(&r->anchors, name));

		if (text) {
			*ret_key = xstrdup(text);
			return 0;
		}
	}
	return yaml_fail(r, event->start_mark, "a key must be plain text");
}

/* Keep one "<<" value for the mapping's end. */
static int
yaml_take_merge(struct yaml_reader *r, struct node *value, struct node *merges,
		yaml_mark_t mark)
{
	if (node_len(merges)) {
		node_free(value);
		return yaml_fail(r, mark, "'<<' appears again");
	}
	node_push(merges, value);
	if (node_kind(value) == NODE_OBJ)
		return 0;
	for (size_t i = 0; i < node_len(value); i++)
		if (node_kind(node_at(value, i)) != NODE_OBJ)
			return node_err(node_at(value, i), r->err, EBADMSG,
					"'<<' takes mappings only");
	if (node_kind(value) != NODE_ARR)
		return node_err(value, r->err, EBADMSG,
				"'<<' takes mappings only");
	return 0;
}

static int
yaml_merge(struct yaml_reader *r, struct node *obj, const struct node *from,
	   yaml_mark_t mark)
{
	for (uint32_t i = 0; i < node_len(from); i++) {
		const struct node_member *m = &from->list.members[i];
		struct node_member *added;
		struct node *copy = NULL;
		int res;

		if (node_list_find(&obj->list, m->key))
			continue;
		res = yaml_copy(r, m->value, mark, &copy);
		if (res < 0)
			return res;
		added = node_list_append(&obj->list, xstrdup(m->key), copy);
		added->line = m->line;
		added->col = m->col;
	}
	return 0;
}

static int
yaml_merge_all(struct yaml_reader *r, struct node *obj,
	       const struct node *merges, yaml_mark_t mark)
{
	const struct node *from = node_at(merges, 0);
	int res = 0;

	if (node_kind(from) == NODE_OBJ)
		return yaml_merge(r, obj, from, mark);
	for (size_t i = 0; res == 0 && i < node_len(from); i++)
		res = yaml_merge(r, obj, node_at(from, i), mark);
	return res;
}

static bool
yaml_is_merge_key(const yaml_event_t *event)
{
	const char *tag = (const char *)event->data.scalar.tag;

	if (event->type != YAML_SCALAR_EVENT ||
	    strcmp((const char *)event->data.scalar.value, "<<") != 0)
		return false;
	if (tag)
		return !strcmp(tag, "tag:yaml.org,2002:merge");
	return event->data.scalar.style == YAML_PLAIN_SCALAR_STYLE;
}

/* The member that starts with @event, its key. */
static int
yaml_member(struct yaml_reader *r, const yaml_event_t *event, struct node *obj,
	    struct node *merges)
{
	cleanup_with(yaml_event_delete) yaml_event_t *second = NULL;
	cleanup_free char *key = NULL;
	bool is_merge = yaml_is_merge_key(event);
	const struct node_member *have;
	struct node_member *member;
	struct node *value;
	yaml_event_t got;
	int res = is_merge ? 0 : yaml_key(r, event, &key);

	if (res < 0)
		return res;
	have = key ? node_list_find(&obj->list, key) : NULL;
	if (have)
		return yaml_fail(r, event->start_mark,
				 "'%s' appears again, first at %d:%d", key,
				 have->line, have->col);
	res = yaml_next(r, &got);
	if (res < 0)
		return res;
	second = &got;
	res = yaml_value(r, second, &value);
	if (res < 0)
		return res;
	if (is_merge)
		return yaml_take_merge(r, value, merges, event->start_mark);
	member = node_list_append(&obj->list, take_ptr(key), value);
	member->line = (int)event->start_mark.line + 1;
	member->col = (int)event->start_mark.column + 1;
	return 0;
}

static int
yaml_mapping(struct yaml_reader *r, struct node *obj)
{
	struct node *merges = node_push(r->consumed, node_new_arr());

	for (;;) {
		cleanup_with(yaml_event_delete) yaml_event_t *event = NULL;
		yaml_event_t got;
		int res = yaml_next(r, &got);

		if (res < 0)
			return res;
		event = &got;
		if (event->type == YAML_MAPPING_END_EVENT)
			return yaml_merge_all(r, obj, merges,
					      event->start_mark);
		res = yaml_member(r, event, obj, merges);
		if (res < 0)
			return res;
	}
}

static int
yaml_nested(struct yaml_reader *r, const yaml_event_t *event,
	    struct node **ret_node)
{
	bool is_obj = event->type == YAML_MAPPING_START_EVENT;
	cleanup_node struct node *node =
		is_obj ? node_new_obj() : node_new_arr();
	int res;

	if (r->depth == NODE_MAX_DEPTH)
		return yaml_fail(r, event->start_mark,
				 "nested more than %d deep", NODE_MAX_DEPTH);
	yaml_place(r, node, event->start_mark);
	r->depth++;
	res = is_obj ? yaml_mapping(r, node) : yaml_sequence(r, node);
	r->depth--;
	if (res < 0)
		return res;
	if (is_obj)
		yaml_keep_tag(node, event->data.mapping_start.tag);
	else
		yaml_keep_tag(node, event->data.sequence_start.tag);
	yaml_anchor(r,
		    is_obj ? event->data.mapping_start.anchor
			   : event->data.sequence_start.anchor,
		    node);
	*ret_node = take_ptr(node);
	return 0;
}

static int
yaml_value(struct yaml_reader *r, const yaml_event_t *event,
	   struct node **ret_node)
{
	int res;

	if (event->type == YAML_ALIAS_EVENT)
		return yaml_alias(r, event, ret_node);
	if (event->type != YAML_SCALAR_EVENT)
		return yaml_nested(r, event, ret_node);
	res = yaml_scalar(r, event, ret_node);
	if (res < 0)
		return res;
	yaml_place(r, *ret_node, event->start_mark);
	yaml_keep_tag(*ret_node, event->data.scalar.tag);
	yaml_anchor(r, event->data.scalar.anchor, *ret_node);
	return 0;
}

/* Walk the stream; documents go to @docs. */
static int
yaml_stream(struct yaml_reader *r, struct node *docs)
{
	for (;;) {
		cleanup_with(yaml_event_delete) yaml_event_t *event = NULL;
		yaml_event_t got;
		struct node *doc;
		int res = yaml_next(r, &got);

		if (res < 0)
			return res;
		event = &got;
		switch (event->type) {
		case YAML_STREAM_END_EVENT:
			return 0;
		case YAML_STREAM_START_EVENT:
		case YAML_DOCUMENT_START_EVENT:
			continue;
		case YAML_DOCUMENT_END_EVENT:
			map_release(&r->anchors);
			continue;
		default:
			res = yaml_value(r, event, &doc);
			if (res < 0)
				return res;
			node_push(docs, doc);
		}
	}
}

int
node_parse_yaml_all(struct span text, const char *name, struct node **ret_arr,
		    struct err *err)
{
	struct yaml_reader r = {
		.text = text,
		.source = node_source_new(name),
		.anchors = MAP_INIT,
		.consumed = node_new_arr(),
		.err = err,
	};
	cleanup_node struct node *docs = node_new_arr();
	int res;

	if (!yaml_parser_initialize(&r.parser)) {
		res = err_set(err, ENOMEM, "%s: out of memory", name);
	} else {
		yaml_parser_set_input_string(
			&r.parser, (const yaml_char_t *)text.ptr, text.len);
		res = yaml_stream(&r, docs);
		yaml_parser_delete(&r.parser);
	}
	map_release(&r.anchors);
	node_free(r.consumed);
	node_source_unref(r.source);
	if (res == 0)
		*ret_arr = take_ptr(docs);
	return res;
}

int
node_parse_yaml(struct span text, const char *name, struct node **ret_node,
		struct err *err)
{
	cleanup_node struct node *docs = NULL;
	int r = node_parse_yaml_all(text, name, &docs, err);

	if (r < 0)
		return r;
	if (node_len(docs) > 1)
		return node_err(node_at(docs, 1), err, EBADMSG,
				"only one document is expected");
	*ret_node = node_len(docs) ? take_ptr(docs->list.members[0].value)
				   : node_new_null();
	return 0;
}
