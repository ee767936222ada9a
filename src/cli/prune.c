/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cli/prune.c - the prune commands: what nobody needs goes, and is told.
 */
#include "cli/prune.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "base/fsx.h"
#include "base/log.h"
#include "base/units.h"
#include "build/build.h"
#include "cli/cmd_session.h"
#include "cli/say.h"
#include "cli/volume_node.h"
#include "container/lifecycle.h"
#include "container/network_make.h"
#include "container/sweep.h"
#include "container/usage.h"
#include "container/volumes.h"
#include "store/event_log.h"
#include "store/image_remove.h"
#include "store/partial.h"
#include "store/volume.h"

void
prune_release(struct prune *prune)
{
	filter_release(&prune->filter);
	session_close(&prune->session);
}

int
prune_open(struct prune *prune, struct cmd_ctx *ctx, const char *const *keys)
{
	const char *until;
	int r;

	prune->ctx = ctx;
	r = filter_add_all(&prune->filter, args_list(ctx->args, "filter"), keys,
			   ctx->err);
	until = filter_value(&prune->filter, "until");
	if (r == 0 && until) {
		r = units_parse_time(until, units_now_ns(), &prune->until_ns,
				     ctx->err);
		if (r < 0)
			return err_wrap(ctx->err, r, "filter 'until=%s'",
					until);
	}
	if (r == 0)
		r = cmd_store(ctx, &prune->session, &prune->store);
	return r < 0 ? r : session_enter(&prune->session, false, ctx->err);
}

/* @before: what was freed when this kind's turn came */
static void
note_event(const struct prune *prune, const char *type, uint64_t before)
{
	cleanup_strvec struct strvec attributes = STRVEC_INIT;
	struct event event = {
		.type = type,
		.action = "prune",
		.id = "",
		.attributes = &attributes,
	};

	strvec_addf(&attributes, "reclaimed=%" PRIu64,
		    prune->freed_bytes - before);
	event_log_add(prune->store, &event);
}

/* The heading comes with the first line. */
static void
say_deleted(const char *heading, bool *io_any, const char *name)
{
	if (!*io_any)
		(void)printf("%s:\n", heading);
	(void)printf("%s\n", name);
	*io_any = true;
}

/* "k=v" strings as an object of labels. */
static struct node *
labels_of(const struct node *config)
{
	cleanup_strvec struct strvec pairs = STRVEC_INIT;
	struct node *labels = node_new_obj();

	node_get_strvec(config, "Labels", &pairs);
	for (size_t i = 0; i < pairs.len; i++) {
		const char *eq = strchrnul(pairs.v[i], '=');
		cleanup_free char *key =
			xstrndup(pairs.v[i], (size_t)(eq - pairs.v[i]));

		node_set_str(labels, key, *eq ? eq + 1 : "");
	}
	return labels;
}

static bool
is_unwanted_container(const struct prune *prune,
		      const struct container *container)
{
	cleanup_node struct node *labels = labels_of(container->config);

	return !container_status_is_live(container->state.status) &&
	       node_get_int(container->config, "Created", 0) <
		       prune->until_ns &&
	       filter_match_labels(&prune->filter, labels);
}

/* What killed processes left, which no list shows, goes too. */
int
prune_containers(struct prune *prune)
{
	cleanup_container_vec struct container_vec all = CONTAINER_VEC_INIT;
	int rundirfd = paths_open_run(&prune->session.paths, NULL);
	uint64_t before = prune->freed_bytes;
	bool any = false;
	int r = container_list(&prune->session, &all, prune->ctx->err);

	for (size_t i = 0; r == 0 && i < all.len; i++) {
		cleanup_container struct container one = CONTAINER_INIT;
		struct container_usage usage = { .written_bytes = 0 };
		struct err err = ERR_INIT;

		if (!is_unwanted_container(prune, &all.items[i]) ||
		    container_find(&prune->session, all.items[i].id, &one,
				   &err) < 0)
			continue;
		(void)container_usage(&prune->session, &one, &usage, NULL);
		if (lifecycle_remove(&prune->session, &one, 0, NULL, &err) <
		    0) {
			log_debug("%s", err.text);
			continue;
		}
		say_deleted("Deleted Containers", &any, one.id);
		prune->freed_bytes += (uint64_t)usage.written_bytes;
	}
	if (rundirfd >= 0)
		sweep(prune->store, rundirfd);
	if (any)
		(void)printf("\n");
	if (r == 0)
		note_event(prune, "container", before);
	return r;
}

static bool
has_tag(const struct image_table *table, const struct digest *id)
{
	for (size_t i = 0; i < table->len; i++)
		if (digest_eq(&table->rows[i].id, id) && table->rows[i].name &&
		    !strchr(table->rows[i].name, '@'))
			return true;
	return false;
}

static bool
is_unwanted_image(const struct prune *prune, const struct image_table *table,
		  const struct image_row *row, bool all)
{
	struct image_config config = { .doc = NULL };
	cleanup_free char *user = NULL;
	bool unwanted = (all || !has_tag(table, &row->id)) &&
			row->created_ns < prune->until_ns;

	if (!unwanted ||
	    image_read_config(prune->store, row, &config, NULL) < 0)
		return unwanted;
	unwanted = filter_match_labels(&prune->filter, config.labels);
	image_config_release(&config);
	user = unwanted ? image_user(prune->store, &row->id) : NULL;
	return unwanted && !user;
}

static void
say_removal(const struct image_removal *removal, bool *io_any)
{
	for (size_t i = 0; i < removal->untagged.len; i++) {
		cleanup_free char *line =
			xasprintf("untagged: %s", removal->untagged.v[i]);

		say_deleted("Deleted Images", io_any, line);
	}
	for (size_t i = 0; i < removal->deleted.len; i++) {
		cleanup_free char *line =
			xasprintf("deleted: %s", removal->deleted.v[i]);

		say_deleted("Deleted Images", io_any, line);
	}
}

int
prune_images(struct prune *prune, bool all)
{
	cleanup_image_table struct image_table table = IMAGE_TABLE_INIT;
	cleanup_strvec struct strvec seen = STRVEC_INIT;
	uint64_t freed = 0;
	bool any = false;
	int r = image_list(prune->store, &table, prune->ctx->err);

	for (size_t i = 0; r == 0 && i < table.len; i++) {
		const struct image_row *row = &table.rows[i];
		struct image_removal removal = { .untagged = STRVEC_INIT };
		struct err err = ERR_INIT;

		if (strvec_has(&seen, row->id.text) ||
		    !is_unwanted_image(prune, &table, row, all))
			continue;
		strvec_add(&seen, row->id.text);
		if (image_remove(prune->store, row->id.text, true, &removal,
				 &err) == 0)
			say_removal(&removal, &any);
		else
			log_debug("%s", err.text);
		image_removal_release(&removal);
	}
	if (any)
		(void)printf("\n");
	if (r == 0)
		r = store_gc(prune->store, &freed, prune->ctx->err);
	if (all)
		freed += partial_prune(prune->store);
	prune->freed_bytes += freed;
	if (r == 0)
		note_event(prune, "image", prune->freed_bytes - freed);
	return r;
}

static bool
is_unwanted_network(struct prune *prune, const struct netdef *def)
{
	bool used = true;
	int64_t created_ns = 0;

	(void)units_parse_rfc3339(def->created, &created_ns, NULL);
	return !def->predefined && created_ns < prune->until_ns &&
	       filter_match_labels(&prune->filter, def->labels) &&
	       network_is_used(&prune->session, def, &used, NULL) == 0 && !used;
}

int
prune_networks(struct prune *prune)
{
	cleanup_netdef_vec struct netdef_vec vec = NETDEF_VEC_INIT;
	bool any = false;
	int r = netdef_list(prune->store, &vec, prune->ctx->err);

	for (size_t i = 0; r == 0 && i < vec.len; i++) {
		struct err err = ERR_INIT;

		if (!is_unwanted_network(prune, &vec.items[i]))
			continue;
		if (network_unmake(&prune->session, &vec.items[i], &err) == 0)
			say_deleted("Deleted Networks", &any,
				    vec.items[i].name);
		else
			log_debug("%s", err.text);
	}
	if (any)
		(void)printf("\n");
	if (r == 0)
		note_event(prune, "network", prune->freed_bytes);
	return r;
}

static bool
is_unwanted_volume(const struct prune *prune, const struct volume *volume,
		   bool named)
{
	return (named || volume_is_anonymous(volume)) &&
	       filter_match_labels(&prune->filter,
				   node_get(volume->doc, "labels"));
}

/* Would it be removed? */
static int
is_unused_volume(struct prune *prune, const char *name, struct err *err)
{
	cleanup_container_vec struct container_vec all = CONTAINER_VEC_INIT;
	int r = container_list(&prune->session, &all, err);

	if (r == 0 && volumes_count_users(&all, name, NULL) > 0)
		r = err_set(err, EBUSY, "volume '%s' is in use", name);
	return r;
}

/* 1 when it was removed; one that is in use is none of ours. */
static int
prune_volume(struct prune *prune, const char *name, bool named)
{
	cleanup_volume struct volume volume = VOLUME_INIT;
	struct fsx_usage usage = { .data_bytes = 0 };
	struct err err = ERR_INIT;
	int r;

	if (volume_open(prune->store, name, &volume, &err) < 0 ||
	    !is_unwanted_volume(prune, &volume, named))
		return 0;
	(void)fsx_tree_usage(volume.dirfd, "_data", &usage, NULL);
	r = prune->is_dry ? is_unused_volume(prune, name, &err)
			  : volumes_remove_unused(&prune->session, name, &err);
	if (r < 0) {
		log_debug("%s", err.text);
		return 0;
	}
	prune->freed_bytes += usage.data_bytes;
	return 1;
}

int
prune_volumes(struct prune *prune, bool named)
{
	cleanup_strvec struct strvec names = STRVEC_INIT;
	uint64_t before = prune->freed_bytes;
	bool any = false;
	int r = volume_list(prune->store, &names, prune->ctx->err);

	for (size_t i = 0; r == 0 && i < names.len; i++)
		if (prune_volume(prune, names.v[i], named))
			say_deleted(prune->is_dry ? "Volumes to be deleted"
						  : "Deleted Volumes",
				    &any, names.v[i]);
	if (any)
		(void)printf("\n");
	if (r == 0 && !prune->is_dry)
		note_event(prune, "volume", before);
	return r;
}

int
prune_build_cache(struct prune *prune, bool all)
{
	struct build_prune wanted = { .all = all };
	struct build_cache_list removed = { .rows = NULL };
	uint64_t freed = 0;
	bool any = false;
	int r;

	if (prune->until_ns != INT64_MAX)
		wanted.older_ns = units_now_ns() - prune->until_ns;
	r = build_cache_prune(&prune->session, &wanted, &removed, &freed,
			      prune->ctx->err);
	for (size_t i = 0; r == 0 && i < removed.len; i++)
		say_deleted("Deleted build cache objects", &any,
			    removed.rows[i].id);
	if (any)
		(void)printf("\n");
	build_cache_list_release(&removed);
	prune->freed_bytes += freed;
	if (r == 0)
		note_event(prune, "builder", prune->freed_bytes - freed);
	return r;
}

int
prune_report(const struct prune *prune)
{
	cleanup_strbuf struct strbuf text = STRBUF_INIT;

	strbuf_addstr(&text, prune->is_dry ? "Total reclaimable space: "
					   : "Total reclaimed space: ");
	units_add_size(&text, prune->freed_bytes);
	strbuf_addch(&text, '\n');
	say_text(&text);
	return 0;
}
