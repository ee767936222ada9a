/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cli/show.c - one object printed as --format asks.
 */
#include "cli/show.h"

#include <string.h>

#include "cli/say.h"
#include "data/template.h"

int
show_object(const struct node *obj, const char *format, struct err *err)
{
	cleanup_with(template_free) struct template *tmpl = NULL;
	cleanup_strbuf struct strbuf sb = STRBUF_INIT;
	int r = 0;

	if (strcmp(format, "json") == 0) {
		node_write_json(&sb, obj, NODE_COMPACT);
	} else {
		r = template_parse(format, &tmpl, err);
		if (r == 0)
			r = template_exec(tmpl, obj, NULL, &sb, err);
	}
	if (r < 0)
		return r;
	strbuf_addch(&sb, '\n');
	say_text(&sb);
	return 0;
}
