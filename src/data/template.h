/* SPDX-License-Identifier: Apache-2.0 */
/*
 * data/template.h - Go's text/template over the value tree, for --format.
 *
 * The language is that of Go 1.24 with Docker's functions (json, split, join,
 * title, lower, upper, pad, truncate); values print as Go prints them.
 * Integers and floats compare with each other, which Go refuses.
 */
#ifndef DHOW_DATA_TEMPLATE_H
#define DHOW_DATA_TEMPLATE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/cleanup.h"
#include "base/err.h"
#include "base/strbuf.h"
#include "data/node.h"

#define TEMPLATE_MAX_NESTING 100   /* blocks and parentheses in the text */
#define TEMPLATE_MAX_CALLS 500     /* {{template}} within {{template}} */
#define TEMPLATE_MAX_STEPS 1000000 /* values evaluated in one run */
#define TEMPLATE_MAX_BYTES                                \
	(64U << 20) /* output, and values made on the way \
		     */

/*
 * Tags (node_set_tag) for a null that Go would have typed: it prints as this
 * tag, instead of "<nil>", and behaves as empty.
 */
#define TEMPLATE_NIL_SLICE "[]"
#define TEMPLATE_NIL_MAP "map[]"

struct template;

struct template_opts {
	/*
	 * Objects are structs: a field they do not have is an error. Those
	 * that are the value of a member named in @map_fields (NULL-ended,
	 * may be NULL) are maps. Without it every object is a map; a missing
	 * key of a map prints "<no value>".
	 */
	bool is_typed;
	const char *const *map_fields;
	/*
	 * A field that @receiver does not have or that is given arguments
	 * ({{.Label "k"}}). Returns 0 with a value that the template frees
	 * (NULL: no value), -ENOENT when there is no such method, or another
	 * -errno with a story. May be NULL.
	 */
	int (*method)(void *arg, const struct node *receiver, const char *name,
		      const struct node *const *args, size_t arg_count,
		      struct node **ret_value, struct err *err);
	void *method_arg;
};

/*
 * Parse a template. Returns 0, or -EINVAL with "template:line:col: what".
 */
int template_parse(const char *text, struct template **ret_tmpl,
		   struct err *err);
void template_free(struct template *tmpl);
DEFINE_CLEANUP(struct template *, template_free);

/*
 * Run @tmpl with @root as dot and append what it prints to @out.
 *
 * @opts: may be NULL: untyped, no methods
 *
 * Returns 0, or -EINVAL with "template:line:col: at <.Foo>: what" and, for an
 * unknown field, a hint that lists the known ones; -EFBIG past a limit, or
 * what a method returned. What was printed until then stays in @out.
 */
int template_exec(const struct template *tmpl, const struct node *root,
		  const struct template_opts *opts, struct strbuf *out,
		  struct err *err);

/* True when the template's text has .NAME somewhere. */
bool template_uses(const struct template *tmpl, const char *name);
/* True when it uses dot as a whole, or a variable: {{json .}}. */
bool template_uses_whole(const struct template *tmpl);

/* Append @str as Go's strconv.Quote() writes it, quotes included. */
void template_quote(struct strbuf *sb, const char *str, size_t len);

#endif
