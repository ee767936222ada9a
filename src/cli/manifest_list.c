/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cli/manifest_list.c - a list of images that is being put together.
 */
#include "cli/manifest_list.h"

#include <string.h>

#include "base/alloc.h"
#include "base/text.h"
#include "cli/cmd_session.h"
#include "cli/describe_image.h"
#include "cli/say.h"
#include "spec/manifest.h"
#include "spec/ref.h"
#include "store/index_list.h"

void
manifest_list_release(struct manifest_list *list)
{
	free(take_ptr(list->name));
	node_free(take_ptr(list->index));
}

int
manifest_list_open(struct cmd_ctx *ctx, struct session *session,
		   const char *name, struct manifest_list *list)
{
	cleanup_strbuf struct strbuf canonical = STRBUF_INIT;
	cleanup_ref struct ref ref = REF_INIT;
	int r = ref_parse(name, &ref, ctx->err);

	if (r == 0)
		r = cmd_store(ctx, session, &list->store);
	if (r < 0)
		return r;
	ref_add_canonical(&canonical, &ref);
	list->ctx = ctx;
	list->session = session;
	list->name = strbuf_take(&canonical);
	r = index_list_load(list->store, list->name, &list->index, ctx->err);
	list->is_there = r == 0;
	if (r == -ENOENT) {
		err_reset(ctx->err);
		list->index = index_list_new();
		r = 0;
	}
	return r;
}

int
manifest_list_begin(struct cmd_ctx *ctx, struct session *session,
		    struct manifest_list *list)
{
	list->ctx = ctx;
	list->session = session;
	list->index = index_list_new();
	return cmd_store(ctx, session, &list->store);
}

int
manifest_list_need(const struct manifest_list *list)
{
	if (list->is_there)
		return 0;
	err_set(list->ctx->err, ENOENT, "there is no manifest list '%s'",
		list->name);
	err_hint(list->ctx->err, "dhow manifest create begins one");
	return -ENOENT;
}

int
manifest_list_save(struct manifest_list *list)
{
	return index_list_save(list->store, list->name, list->index,
			       list->ctx->err);
}

int
manifest_list_drop(struct manifest_list *list)
{
	return index_list_remove(list->store, list->name, list->ctx->err);
}

/* Put an entry in the place of the one with its digest, or at the end. */
static struct node *
list_put(struct manifest_list *list, struct node *entry, const char *source)
{
	struct node *manifests = node_get(list->index, "manifests");
	const char *digest = node_get_str(entry, "digest");

	node_set_str(node_need_obj(entry, "annotations"), INDEX_LIST_SOURCE,
		     source);
	for (size_t i = node_len(manifests); i-- > 0;)
		if (strcmp(node_get_str(node_at(manifests, i), "digest") ?: "",
			   digest) == 0)
			node_del_at(manifests, i);
	return node_push(manifests, entry);
}

/* Entries of the index @doc: all of them, or the one for this host. */
static int
list_add_index(struct manifest_list *list, const struct image_document *doc,
	       const char *source, bool all, struct node **ret_entry)
{
	cleanup_release(image_index_release) struct image_index index = {
		.media_type = NULL
	};
	struct err *err = list->ctx->err;
	struct platform host;
	int r = image_index_parse(span_of(doc->text), doc->media_type, &index,
				  err);

	if (r < 0)
		return r;
	if (!all) {
		platform_host(&host);
		r = image_index_select(&index, &host, err);
		if (r < 0) {
			err_hint(err, "--all adds every entry");
			return r;
		}
		*ret_entry = list_put(
			list, descriptor_to_node(&index.manifests[r]), source);
		return 0;
	}
	for (size_t i = 0; i < index.manifest_count; i++)
		(void)list_put(list, descriptor_to_node(&index.manifests[i]),
			       source);
	return 0;
}

int
manifest_list_add(struct manifest_list *list, const char *input, bool all,
		  struct node **ret_entry)
{
	cleanup_image_documents struct image_documents docs =
		IMAGE_DOCUMENTS_INIT;
	cleanup_free char *source = NULL;
	struct node *entry = NULL;
	int r = describe_image(list->ctx, list->session, input, false, &source,
			       &docs);

	if (r < 0)
		return err_wrap(list->ctx->err, r, "'%s'", input);
	if (docs.items[0].platform[0])
		entry = list_put(list, describe_descriptor(&docs.items[0]),
				 source);
	else
		r = list_add_index(list, &docs.items[0], source, all, &entry);
	if (ret_entry)
		*ret_entry = entry;
	return r < 0 ? err_wrap(list->ctx->err, r, "'%s'", input) : 0;
}

/* "docker://host/name:tag" or "name" as a canonical name; NULL: it is none. */
static char *
canonical_of(const char *text)
{
	struct strbuf name = STRBUF_INIT;
	cleanup_ref struct ref ref = REF_INIT;

	if (ref_parse(text_after(text, "docker://") ?: text, &ref, NULL) < 0)
		return NULL;
	ref_add_canonical(&name, &ref);
	return strbuf_take(&name);
}

static bool
entry_is(const struct node *entry, const char *what, const char *name)
{
	const char *source =
		node_get_str(node_get(entry, "annotations"), INDEX_LIST_SOURCE);
	cleanup_free char *from = source ? canonical_of(source) : NULL;

	return strcmp(node_get_str(entry, "digest") ?: "", what) == 0 ||
	       (from && name && strcmp(from, name) == 0);
}

int
manifest_list_find(const struct manifest_list *list, const char *what,
		   struct node **ret_entry, size_t *ret_at)
{
	struct node *manifests = node_get(list->index, "manifests");
	cleanup_free char *name = canonical_of(what);

	for (size_t i = 0; i < node_len(manifests); i++) {
		if (!entry_is(node_at(manifests, i), what, name))
			continue;
		*ret_entry = node_at(manifests, i);
		if (ret_at)
			*ret_at = i;
		return 0;
	}
	return err_set(list->ctx->err, ENOENT, "'%s' does not list '%s'",
		       list->name, what);
}

int
manifest_list_annotate(struct node *node, const struct strvec *notes,
		       struct err *err)
{
	for (size_t i = 0; i < notes->len; i++) {
		const char *equals = strchr(notes->v[i], '=');
		cleanup_free char *key = NULL;

		if (!equals || equals == notes->v[i])
			return err_set(err, EINVAL,
				       "--annotation '%s' is not KEY=VALUE",
				       notes->v[i]);
		key = xstrndup(notes->v[i], (size_t)(equals - notes->v[i]));
		node_set_str(node_need_obj(node, "annotations"), key,
			     equals + 1);
	}
	return 0;
}

static bool
has_flag(const struct cmd_ctx *ctx, const char *name)
{
	return flag_find(ctx->args->flags, ctx->args->flag_count, name) &&
	       args_given(ctx->args, name);
}

int
manifest_list_set_platform(const struct cmd_ctx *ctx, struct node *entry)
{
	static const struct {
		const char *flag;
		const char *member;
		bool is_list;
	} members[] = {
		{ "arch", "architecture", false },
		{ "features", "features", true },
		{ "os", "os", false },
		{ "os-features", "os.features", true },
		{ "os-version", "os.version", false },
		{ "variant", "variant", false },
	};

	for (size_t i = 0; i < ARRAY_LEN(members); i++) {
		struct node *platform;

		if (!has_flag(ctx, members[i].flag))
			continue;
		platform = node_need_obj(entry, "platform");
		if (members[i].is_list)
			node_set_strvec(platform, members[i].member,
					args_list(ctx->args, members[i].flag));
		else
			node_set_str(platform, members[i].member,
				     args_str(ctx->args, members[i].flag));
	}
	return 0;
}

void
manifest_list_print(struct node *index)
{
	struct node *manifests = node_get(index, "manifests");
	cleanup_strbuf struct strbuf out = STRBUF_INIT;

	for (size_t i = 0; i < node_len(manifests); i++) {
		struct node *entry = node_at(manifests, i);
		struct node *notes = node_get(entry, "annotations");

		if (node_del(notes, INDEX_LIST_SOURCE) && !node_len(notes))
			(void)node_del(entry, "annotations");
	}
	node_write_json(&out, index, NODE_INDENT4);
	strbuf_addch(&out, '\n');
	say_text(&out);
}
