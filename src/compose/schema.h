/* SPDX-License-Identifier: Apache-2.0 */
/*
 * compose/schema.h - what may stand in a Compose file, and what becomes of it.
 *
 * One table row per key drives everything: which kinds of value are taken,
 * what a string is cast to after interpolation, the long form that a short one
 * stands for, how an overriding file is merged, and what the manual says.
 * Spec: compose-spec, schema/compose-spec.json.
 */
#ifndef DHOW_COMPOSE_SCHEMA_H
#define DHOW_COMPOSE_SCHEMA_H

#include <stdbool.h>

#include "compose/diag.h"
#include "data/node.h"

enum schema_accept {
	ACCEPT_NULL = 1 << NODE_NULL,
	ACCEPT_BOOL = 1 << NODE_BOOL,
	ACCEPT_INT = 1 << NODE_INT,
	ACCEPT_FLOAT = 1 << NODE_FLOAT,
	ACCEPT_STR = 1 << NODE_STR,
	ACCEPT_LIST = 1 << NODE_ARR,
	ACCEPT_MAP = 1 << NODE_OBJ,
	ACCEPT_NUM = ACCEPT_INT | ACCEPT_FLOAT,
	ACCEPT_SCALAR = ACCEPT_BOOL | ACCEPT_NUM | ACCEPT_STR,
	ACCEPT_ANY = ACCEPT_SCALAR | ACCEPT_NULL | ACCEPT_LIST | ACCEPT_MAP,
};

/* What text becomes: interpolation can only make strings. */
enum schema_cast {
	CAST_NONE,
	CAST_BOOL,
	CAST_INT,
	CAST_NUM,
};

enum schema_merge {
	MERGE_DEFAULT, /* maps key by key, lists one after the other */
	MERGE_REPLACE,
	MERGE_UNIQUE, /* lists; equal elements once */
	MERGE_BY_KEY, /* lists; a later element replaces one of its key */
	MERGE_DRIVER, /* maps, only of the same driver */
};

/* How far dhow goes with a key; for the manual and for warnings. */
enum schema_use {
	USE_WORKS,
	USE_DIFFERS, /* works, but not quite as elsewhere */
	USE_IGNORED, /* has no meaning here: a warning */
	USE_REFUSED, /* cannot work here: an error when it is acted on */
	USE_COUNT,
};

struct schema;

struct schema_key {
	const char *name;
	const struct schema *schema;
	const char *why; /* for every use but USE_WORKS */
	enum schema_use use;
	bool required;
	bool means_zero; /* false, 0, "" and [] say something */
};

struct schema {
	unsigned int accepts; /* enum schema_accept */
	enum schema_cast cast;
	enum schema_merge merge;
	const struct schema_key *keys; /* of a map; NULL: any key */
	const struct schema *item;     /* list elements; values under any key */
	const struct schema *element;  /* list elements, where they differ */
	const char *const *words;      /* a string must be one of them */
	const char *wants;             /* for messages: "a port" */
	bool needs_value;              /* null is no way to say nothing */
	bool is_once;                  /* two elements of a key: a mistake */
	int64_t min, max;              /* of a number; both 0: any */
	/* A string's syntax; "file:line:col" is put in front. */
	int (*check)(const char *text, struct err *err);
	/* The long form as a new node; NULL: it is that already. */
	struct node *(*canon)(const struct node *value, struct diag *diag);
	/* MERGE_BY_KEY: the key of an element, owned by the caller. */
	char *(*key_of)(const struct node *element);
};

/* The whole file, and one service. */
extern const struct schema schema_file;
extern const struct schema schema_service;
extern const struct schema_key schema_file_keys[];
extern const struct schema_key schema_service_keys[];

enum schema_flags {
	SCHEMA_RAW = 1, /* variables are not replaced: text may hold them */
};

/*
 * Check @node and all below it, cast texts, and report what is wrong.
 * @path: "services.web"; "" at the top
 */
void schema_check(const struct schema *schema, struct node *node,
		  const char *path, int flags, struct diag *diag);

/* Bring all below a checked @node, an object or list, into long forms. */
void schema_canon(const struct schema *schema, struct node *node, int flags,
		  struct diag *diag);

/*
 * Take out of a map of @schema what says no more than its absence: null,
 * false, 0, "", empty lists and empty maps of free keys.
 */
void schema_trim(const struct schema *schema, struct node *node);

/* The row of @key, or NULL. */
const struct schema_key *schema_find(const struct schema_key *keys,
				     const char *key);
/* The schema of member @key of a map of @schema, or NULL. */
const struct schema *schema_member(const struct schema *schema,
				   const char *key);

/* That of a list's elements, or NULL. */
const struct schema *schema_element(const struct schema *schema);

/* The number that a scalar of any kind says; false when it says none. */
bool schema_number(const struct node *node, double *ret_value);
/* "a", "1", "true": a scalar as text; the caller frees it. NULL for null. */
char *schema_text(const struct node *node);

#endif
