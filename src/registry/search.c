/* SPDX-License-Identifier: Apache-2.0 */
/*
 * registry/search.c - what repositories a registry has.
 */
#include "registry/search.h"

#include <curl/curl.h>
#include <errno.h>
#include <string.h>

#include "base/alloc.h"
#include "registry/fetch.h"
#include "registry/registry_priv.h"

#define SEARCH_HUB "docker.io"
#define SEARCH_HUB_INDEX "index.docker.io"
#define SEARCH_MAX_BYTES (4U << 20)
#define SEARCH_MAX_DESCRIPTION 1000
#define SEARCH_PAGE 1000 /* as much as a registry gives */
#define SEARCH_MAX_PAGES 100

struct search {
	struct registry *reg;
	const char *term;
	int limit;
	struct node *results;
};

/* Ask for @path; a status that says "there is no such thing" is 0. */
static int
search_get(struct search *search, char *path, struct node **ret_doc,
	   struct err *err)
{
	cleanup_with(fetch_free) struct fetch *fetch =
		fetch_new(search->reg, xstrdup(""), xstrdup("search"));
	int r;

	fetch->at = path;
	fetch->accept = "application/json";
	fetch->max_body = SEARCH_MAX_BYTES;
	fetch->takes_no = true;
	r = fetch_run(fetch, err);
	if (r < 0 || fetch->request.status == 404)
		return r;
	r = node_parse_json(span_new(fetch->request.body.buf,
				     fetch->request.body.len),
			    "answer", ret_doc, err);
	return r < 0 ? -EPROTO : 1;
}

static void
search_add(struct search *search, const char *name, const struct node *entry)
{
	cleanup_free char *description =
		xstrndup(node_get_str(entry, "description") ?: "",
			 SEARCH_MAX_DESCRIPTION);
	struct node *result = node_push(search->results, node_new_obj());

	node_set_str(result, "Name", name);
	node_set_str(result, "Description", description);
	node_set_int(result, "StarCount", node_get_int(entry, "star_count", 0));
	node_set_bool(result, "IsOfficial",
		      node_get_bool(entry, "is_official", false));
}

/* Returns 1 when the registry knows this interface. */
static int
search_first(struct search *search, struct err *err)
{
	cleanup_node struct node *doc = NULL;
	char *term = curl_easy_escape(NULL, search->term, 0);
	char *path =
		xasprintf("/v1/search?q=%s&n=%d", term ?: "", search->limit);
	const struct node *results;
	int r;

	curl_free(term);
	r = search_get(search, path, &doc, err);
	if (r <= 0)
		return r;
	results = node_get(doc, "results");
	if (node_kind(results) != NODE_ARR)
		return 0;
	for (size_t i = 0; i < node_len(results); i++) {
		const struct node *entry = node_at(results, i);
		const char *name = node_get_str(entry, "name");

		if (name && node_len(search->results) < (size_t)search->limit)
			search_add(search, name, entry);
	}
	return 1;
}

/* Take the fitting names; returns how many there were, *@ret_last the last. */
static size_t
search_take_names(struct search *search, const struct node *names,
		  char **ret_last)
{
	for (size_t i = 0; i < node_len(names); i++) {
		const char *name = node_str(node_at(names, i));

		if (!name)
			continue;
		free(*ret_last);
		*ret_last = xstrdup(name);
		if (strstr(name, search->term) &&
		    node_len(search->results) < (size_t)search->limit)
			search_add(search, name, NULL);
	}
	return node_len(names);
}

/* Returns 1 when there is a further page, behind *@io_last. */
static int
search_page(struct search *search, char **io_last, struct err *err)
{
	cleanup_node struct node *doc = NULL;
	char *last = curl_easy_escape(NULL, *io_last ?: "", 0);
	char *path = xasprintf("/v2/_catalog?n=%d%s%s", SEARCH_PAGE,
			       *io_last ? "&last=" : "", last ?: "");
	const struct node *names;
	int r;

	curl_free(last);
	r = search_get(search, path, &doc, err);
	if (r < 0)
		return r;
	names = node_get(doc, "repositories");
	if (r == 0 || node_kind(names) == NODE_NULL)
		return err_set(err, EOPNOTSUPP,
			       "the registry does not tell what it has");
	return search_take_names(search, names, io_last) == SEARCH_PAGE &&
	       node_len(search->results) < (size_t)search->limit;
}

static int
search_catalogue(struct search *search, struct err *err)
{
	cleanup_free char *last = NULL;
	int r = 1;

	for (int page = 0; r > 0 && page < SEARCH_MAX_PAGES; page++)
		r = search_page(search, &last, err);
	return r < 0 ? r : 0;
}

int
registry_search(const char *domain, const struct registry_opts *opts,
		const char *term, int limit, struct node **ret_results,
		struct err *err)
{
	bool is_hub = strcmp(domain, SEARCH_HUB) == 0;
	cleanup_with(registry_close) struct registry *reg = NULL;
	cleanup_node struct node *results = node_new_arr();
	cleanup_ref struct ref ref = {
		.domain = xstrdup(is_hub ? SEARCH_HUB_INDEX : domain),
		.path = xstrdup("search"), /* any: it is not asked for */
	};
	struct search search = { .term = term,
				 .limit = limit,
				 .results = results };
	struct registry_opts direct = *opts;
	int r;

	direct.push = true; /* itself, no mirror */
	direct.whole = true;
	r = registry_open(&ref, &direct, &reg, err);
	if (r < 0)
		return r;
	search.reg = reg;
	r = search_first(&search, err);
	if (r == 0)
		r = search_catalogue(&search, err);
	if (r < 0)
		return err_wrap(err, r, "'%s'", domain);
	*ret_results = take_ptr(results);
	return 0;
}
