/* SPDX-License-Identifier: Apache-2.0 */
/*
 * data/node_priv.h - what a node is made of, for the parsers and writers.
 */
#ifndef DHOW_DATA_NODE_PRIV_H
#define DHOW_DATA_NODE_PRIV_H

#include "data/node.h"

/* The name of a parsed text, shared by the nodes that came from it. */
struct node_source {
	size_t refs;
	char name[];
};

struct node_member {
	char *key; /* NULL in an array */
	struct node *value;
	int line; /* of the key */
	int col;
};

struct node_list {
	struct node_member *members;
	uint32_t *slots; /* hash index of a large object, else NULL */
	uint32_t len;
	uint32_t cap;
	uint32_t slot_count;
};

struct node {
	enum node_kind kind;
	int line;
	int col;
	struct node_source *source;
	char *tag;
	union {
		bool boolean;
		int64_t integer;
		double real;
		size_t str_len;
		struct node_list list;
	};
	/* A string's bytes; a float's JSON text, empty when made by hand. */
	char text[];
};

struct node_source *node_source_new(const char *name);
void node_source_unref(struct node_source *source);

/* A fresh node with room for @text_len bytes and a NUL of text. */
struct node *node_new(enum node_kind kind, size_t text_len);

/* Remember where @node stands; the node takes a reference. */
void node_place(struct node *node, struct node_source *source, int line,
		int col);

/* Append a float as Go's encoding/json does (shortest that reads back). */
void node_add_float(struct strbuf *sb, double value);

#endif
