/* SPDX-License-Identifier: Apache-2.0 */
/*
 * data/node.h - one value tree for JSON and YAML.
 *
 * A node owns its children. Strings are UTF-8 and hold no NUL. Reading
 * functions accept NULL and wrong kinds and answer "absent", so a chain of
 * node_get() needs no checks in between. Object members keep their order. Nodes
 * from a parser remember where they stood.
 */
#ifndef DHOW_DATA_NODE_H
#define DHOW_DATA_NODE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/cleanup.h"
#include "base/err.h"
#include "base/span.h"
#include "base/strbuf.h"
#include "base/strvec.h"

enum node_kind {
	NODE_NULL,
	NODE_BOOL,
	NODE_INT,
	NODE_FLOAT,
	NODE_STR,
	NODE_ARR,
	NODE_OBJ,
	NODE_KIND_COUNT,
};

#define NODE_MAX_DEPTH 128

struct node;

struct node *node_new_null(void);
struct node *node_new_bool(bool value);
struct node *node_new_int(int64_t value);
struct node *node_new_float(double value);
struct node *node_new_str(const char *str);
/* A NUL among the bytes becomes U+FFFD. */
struct node *node_new_strn(const char *str, size_t len);
struct node *node_new_arr(void);
struct node *node_new_obj(void);
/* An array of strings (NULL: an empty one). */
struct node *node_new_strvec(const struct strvec *sv);
struct node *node_clone(const struct node *node);
void node_free(struct node *node);
DEFINE_CLEANUP(struct node *, node_free);
#define cleanup_node cleanup_with(node_free)

/* NODE_NULL for a NULL pointer. */
enum node_kind node_kind(const struct node *node);
/* "object", "array", "string", … for messages. */
const char *node_kind_name(enum node_kind kind);
/* The same with its article: "an object", "a string", "null". */
const char *node_kind_phrase(enum node_kind kind);
bool node_equal(const struct node *a, const struct node *b);

/* Borrowed; NULL when absent or of another kind. */
struct node *node_get(const struct node *obj, const char *key);
struct node *node_at(const struct node *arr, size_t i);
/* Elements or members; 0 for the other kinds. */
size_t node_len(const struct node *node);
/* Members by position: for (i = 0; i < node_len(obj); i++). */
const char *node_key_at(const struct node *obj, size_t i);
struct node *node_value_at(const struct node *obj, size_t i);

/* The value, or the default when absent or of another kind. */
const char *node_str(const struct node *node); /* NULL by default */
const char *node_str_or(const struct node *node, const char *fallback);
int64_t node_int_or(const struct node *node, int64_t fallback);
double node_float_or(const struct node *node, double fallback);
bool node_bool_or(const struct node *node, bool fallback);
/* node_str(node_get(obj, key)) */
const char *node_get_str(const struct node *obj, const char *key);
int64_t node_get_int(const struct node *obj, const char *key, int64_t fallback);
bool node_get_bool(const struct node *obj, const char *key, bool fallback);
/* Append the strings of an array (others are skipped). */
void node_get_strvec(const struct node *obj, const char *key,
		     struct strvec *sv);

/* Building: the container owns @child from the call on. Each returns it. */
struct node *node_push(struct node *arr, struct node *child);
struct node *node_set(struct node *obj, const char *key, struct node *child);
void node_push_str(struct node *arr, const char *str);
void node_set_str(struct node *obj, const char *key, const char *str);
void node_set_int(struct node *obj, const char *key, int64_t value);
void node_set_bool(struct node *obj, const char *key, bool value);
void node_set_null(struct node *obj, const char *key);
void node_set_strvec(struct node *obj, const char *key,
		     const struct strvec *sv);
/* The object member @key, made when absent. */
struct node *node_need_obj(struct node *obj, const char *key);
struct node *node_need_arr(struct node *obj, const char *key);
/* Remove a member; returns false when there was none. */
bool node_del(struct node *obj, const char *key);
void node_del_at(struct node *arr, size_t i);
/* Put @child where element or member @i is, which is freed; the key stays. */
void node_replace_at(struct node *parent, size_t i, struct node *child);
/* Move element or member @i out; the caller owns it. NULL past the end. */
struct node *node_take_at(struct node *parent, size_t i);
/* The same for a member by key; NULL when there is none. */
struct node *node_take(struct node *obj, const char *key);
/* Sort members by key, children too. */
void node_sort_keys(struct node *node);

/* Where a parser saw it: 1-based, 0 when built by hand. */
void node_position(const struct node *node, const char **ret_file,
		   int *ret_line, int *ret_col);
/* Start a story with "file:line:col: " of @node (when known); -code. */
int node_err(const struct node *node, struct err *err, int code,
	     const char *fmt, ...) ERR_PRINTF(4, 5);
/* As node_err() at the key of member @i (less than node_len()). */
int node_key_err(const struct node *obj, size_t i, struct err *err, int code,
		 const char *fmt, ...) ERR_PRINTF(5, 6);
/* The YAML tag the author wrote ("!reset"), NULL when there is none. */
const char *node_tag(const struct node *node);
void node_set_tag(struct node *node, const char *tag);
/* Stand where @from stands; for values made out of others. */
void node_set_position(struct node *node, const struct node *from);

/*
 * Parse one JSON value that fills @text (RFC 8259; no NaN, no trailing
 * bytes; duplicate keys are refused). @name leads messages as file name.
 * Integers beyond int64 become floats that remember their text.
 *
 * Returns 0, or -EBADMSG with "name:line:col: what" on bad syntax, bad UTF-8,
 * a NUL in a string or nesting deeper than NODE_MAX_DEPTH.
 */
int node_parse_json(struct span text, const char *name, struct node **ret_node,
		    struct err *err);

/* Nodes that aliases may add to one text, against "billion laughs". */
#define NODE_YAML_MAX_COPIES 100000

/*
 * Parse one YAML document (null when there is none): YAML 1.2 core schema,
 * with anchors, aliases and "<<" merge keys. As Compose files expect, an
 * integer with a leading zero is octal (0440) and keys are the text written.
 * A tag of the author's own ("!reset") stays with its node.
 *
 * Returns 0, or -EBADMSG with "name:line:col: what": bad syntax, a key twice,
 * a scalar unlike its tag, aliases past NODE_YAML_MAX_COPIES.
 */
int node_parse_yaml(struct span text, const char *name, struct node **ret_node,
		    struct err *err);
/* Every document of @text, in an array. */
int node_parse_yaml_all(struct span text, const char *name,
			struct node **ret_arr, struct err *err);

enum node_write_flags {
	NODE_COMPACT = 0,
	NODE_INDENT4 = 1, /* docker inspect: four spaces a level */
	NODE_INDENT2 = 2,
	NODE_ESCAPE_HTML = 4, /* Go's json.Marshal: <, > and & as \u003c … */
};

/*
 * Append @node as JSON; no newline at the end. Numbers from a JSON text come
 * out as they were written; a float that JSON cannot say becomes null.
 */
void node_write_json(struct strbuf *sb, const struct node *node, int flags);

/*
 * Append @node as YAML in block style, ended by a newline. Strings that YAML
 * would read as something else are quoted; texts of several lines are literal
 * blocks where that keeps every byte.
 */
void node_write_yaml(struct strbuf *sb, const struct node *node);

/*
 * Read or write a JSON file below @dirfd: a whole file of at most @max_bytes;
 * written by fsx_write_atomic() with its @flags.
 */
int node_read_json_file(int dirfd, const char *name, size_t max_bytes,
			struct node **ret_node, struct err *err);
int node_write_json_file(int dirfd, const char *name, const struct node *node,
			 unsigned int mode, int flags, struct err *err);

#endif
