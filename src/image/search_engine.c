/* SPDX-License-Identifier: Apache-2.0 */
/*
 * image/search_engine.c - repositories and tags, for search.
 */
#include "image/remote.h"
#include "registry/search.h"

#define SEARCH_MAX_TAGS 10000

static void
search_tell(struct engine *engine, const struct node *results)
{
	struct registry_manifest doc = REGISTRY_MANIFEST_INIT;

	node_write_json(&doc.bytes, results, NODE_COMPACT);
	engine_document(engine, NULL, &doc, "");
	registry_manifest_release(&doc);
}

static int
search_tags(struct engine *engine, struct remote *remote, const char *name,
	    struct err *err)
{
	cleanup_strvec struct strvec tags = STRVEC_INIT;
	cleanup_node struct node *list = NULL;
	int r = remote_resolve(remote, engine, name, err);

	if (r == 0)
		r = remote_open(remote, engine, false, NULL, err);
	if (r == 0)
		r = registry_list_tags(remote->reg, SEARCH_MAX_TAGS, &tags,
				       err);
	if (r < 0)
		return r;
	list = node_new_strvec(&tags);
	search_tell(engine, list);
	return 0;
}

int
engine_search(struct engine *engine, struct err *err)
{
	const struct transfer_request *request = &engine->request;
	struct registry_opts opts = remote_opts(engine);
	cleanup_remote struct remote remote = REMOTE_INIT;
	cleanup_node struct node *results = NULL;
	int r;

	if (request->all)
		return search_tags(engine, &remote, request->name, err);
	r = remote_configure(&remote, engine, err);
	opts.registries = remote.registries;
	if (r == 0)
		r = registry_search(request->target, &opts, request->name,
				    (int)request->level, &results, err);
	if (r < 0)
		return r;
	search_tell(engine, results);
	return 0;
}
