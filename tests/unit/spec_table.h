/* SPDX-License-Identifier: Apache-2.0 */
/*
 * spec_table.h - one table for a grammar: what is accepted comes back as text.
 */
#ifndef DHOW_TESTS_SPEC_TABLE_H
#define DHOW_TESTS_SPEC_TABLE_H

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <errno.h>

#include "base/alloc.h"
#include "base/strbuf.h"
#include "base/strvec.h"
#include "data/node.h"

struct spec_case {
	const char *text, *want; /* NULL: refused */
};

/* Show @text as parsed, into @sb; the parser's return value. */
typedef int spec_show_fn(const char *text, struct strbuf *sb, struct err *err);

static inline void
spec_check(spec_show_fn *show, const struct spec_case *cases, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		cleanup_strbuf struct strbuf sb = STRBUF_INIT;
		struct err err = ERR_INIT;
		int r = show(cases[i].text, &sb, &err);

		cr_expect(eq(int, r == 0, cases[i].want != NULL), "'%s': %s",
			  cases[i].text, err.text);
		if (r < 0)
			cr_expect(eq(int, err.code, -r), "'%s'", cases[i].text);
		else if (cases[i].want)
			cr_expect(eq(str, sb.buf, (char *)cases[i].want),
				  "'%s'", cases[i].text);
	}
}

static inline void
spec_add_json(struct strbuf *sb, struct node *node)
{
	node_write_json(sb, node, NODE_COMPACT);
	node_free(node);
}

static inline void
spec_add_list(struct strbuf *sb, const struct strvec *list)
{
	for (size_t i = 0; i < list->len; i++)
		strbuf_addf(sb, "%s%s", i ? " " : "", list->v[i]);
}

#endif
