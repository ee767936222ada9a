/* SPDX-License-Identifier: Apache-2.0 */
/*
 * compose/load_extends.c - services that build on others.
 *
 * Spec: compose-spec, 05-services.md, "extends".
 */
#include <string.h>

#include "base/alloc.h"
#include "base/text.h"
#include "compose/load_priv.h"
#include "compose/rebase.h"
#include "compose/schema.h"

static struct node *resolve(struct load *load, const struct load_doc *doc,
			    const char *name, const struct node *from);

/* All documents of another file, merged and ready, without its includes. */
static bool
open_file(struct load *load, const struct load_doc *doc,
	  const struct node *file, struct load_doc *ret_other)
{
	cleanup_free char *dir = load_dir_of(doc->file);
	cleanup_free char *path = rebase_path(node_str(file), dir);
	cleanup_node struct node *docs = NULL;
	struct node *merged;

	if (strstr(node_str(file), "://")) {
		diag_at(load->diag, file,
			"files from elsewhere cannot be extended");
		return false;
	}
	if (load_read(load, path, file, &docs) < 0)
		return false;
	merged = node_new_obj();
	while (node_len(docs)) {
		struct load_doc part = { .node = node_take_at(docs, 0),
					 .cuts = MERGE_CUTS_INIT,
					 .file = path,
					 .env = doc->env };

		load_prepare(load, &part);
		merge_apply_cuts(&part.cuts, merged, "");
		merge_into(&schema_file, merged, part.node, "", load->diag);
		merge_cuts_release(&part.cuts);
		node_free(part.node);
	}
	*ret_other = (struct load_doc){ .node = merged,
					.cuts = MERGE_CUTS_INIT,
					.file = take_ptr(path),
					.env = doc->env };
	return true;
}

/* The whole service that "extends" names, or NULL after an error. */
static struct node *
find_base(struct load *load, const struct load_doc *doc,
	  const struct node *extends)
{
	const struct node *file = node_get(extends, "file");
	const char *name = node_get_str(extends, "service");
	cleanup_free char *dir = NULL;
	struct load_doc other;
	struct node *base;

	if (!name)
		return NULL;
	if (!node_str(file))
		return resolve(load, doc, name, node_get(extends, "service"));
	if (!open_file(load, doc, file, &other))
		return NULL;
	base = resolve(load, &other, name, node_get(extends, "service"));
	dir = load_dir_of(other.file);
	if (base)
		rebase_service(base, dir);
	node_free(other.node);
	free((char *)other.file);
	return base;
}

static bool
enter(struct load *load, const struct load_doc *doc, const char *name,
      const struct node *from)
{
	cleanup_free char *mark = xasprintf("%s#%s", doc->file, name);

	if (strvec_has(&load->chain, mark)) {
		diag_at(load->diag, from,
			"circular reference: service '%s' extends itself",
			name);
		return false;
	}
	if (load->chain.len >= LOAD_MAX_DEPTH) {
		diag_at(load->diag, from, "services extend each other %d deep",
			LOAD_MAX_DEPTH);
		return false;
	}
	strvec_add_take(&load->chain, take_ptr(mark));
	return true;
}

/* A health check that others count on is not turned off from above. */
static void
check_disabled(struct load *load, const struct node *base,
	       const struct node *service, const char *name)
{
	const struct node *disable =
		node_get(node_get(service, "healthcheck"), "disable");
	const struct node *health = node_get(base, "healthcheck");

	if (!node_bool_or(disable, false) || !health ||
	    node_get_bool(health, "disable", false))
		return;
	diag_at(load->diag, disable,
		"services.%s.healthcheck.disable: the service that it extends does not disable its health check",
		name);
	diag_hint(load->diag, "write 'healthcheck: !override {disable: true}'");
}

static struct node *
resolve(struct load *load, const struct load_doc *doc, const char *name,
	const struct node *from)
{
	const struct node *services = node_get(doc->node, "services");
	const struct node *service = node_get(services, name);
	const struct node *extends = node_get(service, "extends");
	cleanup_free char *below =
		xasprintf("services%c%s", MERGE_CUT_SEP, name);
	struct node *base;

	if (!service) {
		diag_at(load->diag, from, "service '%s' not found in %s", name,
			doc->file);
		diag_hint_near(load->diag, services, name);
		return NULL;
	}
	if (node_kind(extends) != NODE_OBJ)
		return node_clone(service);
	if (!enter(load, doc, name, extends))
		return NULL;
	base = find_base(load, doc, extends);
	strvec_remove(&load->chain, load->chain.len - 1);
	if (!base)
		return NULL;
	merge_apply_cuts(&doc->cuts, base, below);
	check_disabled(load, base, service, name);
	merge_into(&schema_service, base, service, name, load->diag);
	(void)node_del(base, "extends");
	node_set_position(base, service);
	return base;
}

void
load_extends(struct load *load, struct load_doc *doc)
{
	struct node *services = node_get(doc->node, "services");

	for (size_t i = 0; i < node_len(services); i++) {
		struct node *service = node_value_at(services, i);
		struct node *whole;

		if (!node_get(service, "extends"))
			continue;
		whole = resolve(load, doc, node_key_at(services, i), service);
		/* Else it keeps the key, so that nobody asks for an image. */
		if (whole)
			node_replace_at(services, i, whole);
	}
}
