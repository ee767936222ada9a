/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cli/prune.c - the prune commands: what nobody needs goes, and is told.
 */
#include "cli/prune.h"

#include <stdio.h>

#include "base/fsx.h"
#include "base/log.h"
#include "base/units.h"
#include "cli/cmd_session.h"
#include "cli/say.h"
#include "cli/volume_node.h"
#include "container/volumes.h"
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
		r = cmd_session(ctx, &prune->session);
	if (r == 0)
		r = session_store(&prune->session, &prune->store, ctx->err);
	return r < 0 ? r : session_enter(&prune->session, false, ctx->err);
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

static bool
is_unwanted_volume(const struct prune *prune, const struct volume *volume,
		   bool named)
{
	return (named || volume_is_anonymous(volume)) &&
	       filter_match_labels(&prune->filter,
				   node_get(volume->doc, "labels"));
}

/* 1 when it was removed; one that is in use is none of ours. */
static int
prune_volume(struct prune *prune, const char *name, bool named)
{
	cleanup_volume struct volume volume = VOLUME_INIT;
	struct fsx_usage usage = { .data_bytes = 0 };
	struct err err = ERR_INIT;

	if (volume_open(prune->store, name, &volume, &err) < 0 ||
	    !is_unwanted_volume(prune, &volume, named))
		return 0;
	(void)fsx_tree_usage(volume.dirfd, "_data", &usage, NULL);
	if (volumes_remove_unused(&prune->session, name, &err) < 0) {
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
	bool any = false;
	int r = volume_list(prune->store, &names, prune->ctx->err);

	for (size_t i = 0; r == 0 && i < names.len; i++)
		if (prune_volume(prune, names.v[i], named))
			say_deleted("Deleted Volumes", &any, names.v[i]);
	if (any)
		(void)printf("\n");
	return r;
}

int
prune_report(const struct prune *prune)
{
	cleanup_strbuf struct strbuf text = STRBUF_INIT;

	strbuf_addstr(&text, "Total reclaimed space: ");
	units_add_size(&text, prune->freed_bytes);
	strbuf_addch(&text, '\n');
	say_text(&text);
	return 0;
}
