/* SPDX-License-Identifier: Apache-2.0 */
/*
 * registry/tags.c - the tags of a repository, page by page.
 *
 * Of a Link header only the query counts: it is put behind our own path, so a
 * page cannot lead elsewhere.
 */
#include <errno.h>
#include <string.h>

#include "base/alloc.h"
#include "data/node.h"
#include "registry/fetch.h"
#include "registry/registry_priv.h"

#define TAGS_PAGE 1000
#define TAGS_MAX_PAGE_BYTES (4U << 20)
#define TAGS_MAX_PAGES 1000

/* The query of the next page in 'Link: </v2/…?QUERY>; rel="next"'. */
static char *
tags_next_query(const char *link)
{
	const char *open = link ? strchr(link, '<') : NULL;
	const char *close = open ? strchr(open, '>') : NULL;
	const char *query = open ? strchr(open, '?') : NULL;

	if (!close || !query || query > close || !strstr(close, "next"))
		return NULL;
	return xstrndup(query + 1, (size_t)(close - query - 1));
}

/* Returns 1 when there is a further page, 0 when not. */
static int
tags_read_page(struct registry *reg, char **io_query, size_t max,
	       struct strvec *tags, struct err *err)
{
	cleanup_with(fetch_free) struct fetch *fetch =
		fetch_new(reg, xasprintf("tags/list?%s", *io_query),
			  xstrdup("list of tags"));
	cleanup_node struct node *root = NULL;
	const struct node *list;
	char *next;
	int r;

	fetch->endpoint = reg->endpoint_count - 1;
	fetch->accept = "application/json";
	fetch->max_body = TAGS_MAX_PAGE_BYTES;
	r = fetch_run(fetch, err);
	if (!r)
		r = node_parse_json(span_new(fetch->request.body.buf,
					     fetch->request.body.len),
				    "list of tags", &root, err);
	if (r < 0)
		return r == -EBADMSG ? -EPROTO : r;
	list = node_get(root, "tags");
	for (size_t i = 0; i < node_len(list) && tags->len < max; i++)
		if (node_str(node_at(list, i)))
			strvec_add(tags, node_str(node_at(list, i)));
	next = tags_next_query(http_header(&fetch->request, "Link", 0));
	r = next && strcmp(next, *io_query) != 0 && tags->len < max;
	free(*io_query);
	*io_query = next;
	return r;
}

int
registry_list_tags(struct registry *reg, size_t max, struct strvec *ret_tags,
		   struct err *err)
{
	cleanup_strvec struct strvec tags = STRVEC_INIT;
	cleanup_free char *query = xasprintf("n=%d", TAGS_PAGE);
	int r = 1;

	for (int page = 0; r > 0 && page < TAGS_MAX_PAGES; page++)
		r = tags_read_page(reg, &query, max, &tags, err);
	if (r < 0)
		return err_wrap(err, r, "'%s'", reg->name);
	strvec_add_all(ret_tags, &tags);
	return 0;
}
