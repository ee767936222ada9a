/* SPDX-License-Identifier: Apache-2.0 */
/*
 * data/decode.h - structs from nodes and back, by one table.
 *
 *	static const struct field mount_fields[] = {
 *		FIELD_STR(struct mount, target, "Target", FIELD_REQUIRED),
 *		FIELD_BOOL(struct mount, is_readonly, "ReadOnly", 0),
 *		FIELD_END,
 *	};
 *
 * The macros refuse at compile time a member of another type.
 */
#ifndef DHOW_DATA_DECODE_H
#define DHOW_DATA_DECODE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/strvec.h"
#include "data/node.h"

enum field_kind {
	FIELD_KIND_STR,     /* char *, owned */
	FIELD_KIND_BOOL,    /* bool */
	FIELD_KIND_INT,     /* int64_t */
	FIELD_KIND_FLOAT,   /* double; takes integers too */
	FIELD_KIND_STRVEC,  /* struct strvec */
	FIELD_KIND_NODE,    /* struct node *, an owned copy of anything */
	FIELD_KIND_STRUCT,  /* a struct in place, by its own table */
	FIELD_KIND_STRUCTS, /* an owned array of such, and its size_t count */
	FIELD_KIND_COUNT,
};

enum field_flags {
	FIELD_REQUIRED = 1,   /* absent or null is an error */
	FIELD_OMIT_EMPTY = 2, /* not written when empty, 0, false or "" */
};

struct field {
	const char *name; /* NULL ends a table */
	enum field_kind kind;
	int flags;
	size_t offset;
	size_t count_offset;        /* STRUCTS */
	size_t elem_size;           /* STRUCTS */
	const struct field *fields; /* STRUCT, STRUCTS */
};

#define FIELD_MEMBER(type, member) (((type *)0)->member)
/* offsetof() of a member that must be a @want. */
#define FIELD_OFFSET(type, member, want)                                       \
	(offsetof(type, member) +                                              \
	 0 * sizeof(char[__builtin_types_compatible_p(                         \
				 __typeof__(FIELD_MEMBER(type, member)), want) \
				 ? 1                                           \
				 : -1]))
#define FIELD_OF(type, member, want, field_name, field_kind, field_flags) \
	{                                                                 \
		.name = (field_name), .kind = (field_kind),               \
		.flags = (field_flags),                                   \
		.offset = FIELD_OFFSET(type, member, want),               \
	}

#define FIELD_STR(type, member, name, flags) \
	FIELD_OF(type, member, char *, name, FIELD_KIND_STR, flags)
#define FIELD_BOOL(type, member, name, flags) \
	FIELD_OF(type, member, bool, name, FIELD_KIND_BOOL, flags)
#define FIELD_INT(type, member, name, flags) \
	FIELD_OF(type, member, int64_t, name, FIELD_KIND_INT, flags)
#define FIELD_FLOAT(type, member, name, flags) \
	FIELD_OF(type, member, double, name, FIELD_KIND_FLOAT, flags)
#define FIELD_STRVEC(type, member, name, flags) \
	FIELD_OF(type, member, struct strvec, name, FIELD_KIND_STRVEC, flags)
#define FIELD_NODE(type, member, name, flags) \
	FIELD_OF(type, member, struct node *, name, FIELD_KIND_NODE, flags)
#define FIELD_STRUCT(type, member, field_name, field_flags, table)        \
	{                                                                 \
		.name = (field_name), .kind = FIELD_KIND_STRUCT,          \
		.flags = (field_flags), .offset = offsetof(type, member), \
		.fields = (table),                                        \
	}
#define FIELD_STRUCTS(type, member, count, field_name, field_flags, table) \
	{                                                                  \
		.name = (field_name), .kind = FIELD_KIND_STRUCTS,          \
		.flags = (field_flags), .offset = offsetof(type, member),  \
		.count_offset = FIELD_OFFSET(type, count, size_t),         \
		.elem_size = sizeof(*FIELD_MEMBER(type, member)),          \
		.fields = (table),                                         \
	}
#define FIELD_END            \
	{                    \
		.name = NULL \
	}

enum decode_flags {
	DECODE_STRICT = 1, /* a key that no table names is an error */
};

/*
 * Fill the struct at @obj from @node, an object. What is absent or null keeps
 * the value it has, so defaults are set before; strings and arrays that are
 * there replace what was.
 *
 * @obj: zeroed or filled with owned values; after a failure it holds what was
 *       read until then, for decode_release()
 *
 * Returns 0, or -EBADMSG with "file:line:col: 'a.b' must be …" for another
 * type, a missing required field or, with DECODE_STRICT, an unknown one.
 */
int decode_read(const struct node *node, const struct field *fields, int flags,
		void *obj, struct err *err);

/* A new object with the fields of the struct at @obj, in table order. */
struct node *decode_write(const struct field *fields, const void *obj);

/* Free what the fields own and zero them. */
void decode_release(const struct field *fields, void *obj);

#endif
