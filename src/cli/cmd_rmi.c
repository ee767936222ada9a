/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cli/cmd_rmi.c - dhow rmi.
 */
#include "base/cleanup.h"
#include "cli/cmd_list.h"
#include "cli/cmd_session.h"
#include "cli/image_platform.h"
#include "cli/say.h"
#include "store/image_remove.h"

static const struct flag flags[] = {
	{ .name = "all",
	  .letter = 'a',
	  .kind = FLAG_BOOL,
	  .help = "remove every image" },
	{ .name = "force",
	  .letter = 'f',
	  .kind = FLAG_BOOL,
	  .help = "remove all its names; also when a container uses it, which keeps its files" },
	{ .name = "ignore",
	  .letter = 'i',
	  .kind = FLAG_BOOL,
	  .help = "what is not here is no failure" },
	{ .name = "no-prune",
	  .kind = FLAG_BOOL,
	  .ignore = "",
	  .help = "keep untagged parents (images have none here)" },
	IMAGE_PLATFORM_FLAG,
};

static void
print_removal(const struct image_removal *removal)
{
	for (size_t i = 0; i < removal->untagged.len; i++)
		(void)printf("Untagged: %s\n", removal->untagged.v[i]);
	for (size_t i = 0; i < removal->deleted.len; i++)
		(void)printf("Deleted: %s\n", removal->deleted.v[i]);
}

/* Every id once. */
static int
all_ids(struct store *store, struct strvec *ids, struct err *err)
{
	cleanup_image_table struct image_table table = IMAGE_TABLE_INIT;
	int r;

	r = image_list(store, &table, err);
	for (size_t i = 0; i < table.len && r == 0; i++)
		if (!strvec_has(ids, table.rows[i].id.text))
			strvec_add(ids, table.rows[i].id.text);
	return r;
}

/* Each failure is told and the others are removed; 1 when there was one. */
static int
remove_each(struct cmd_ctx *ctx, struct store *store,
	    const struct strvec *names)
{
	bool force =
		args_bool(ctx->args, "force") || args_bool(ctx->args, "all");
	int status = 0;

	for (size_t i = 0; i < names->len; i++) {
		struct image_removal removal = { .untagged = STRVEC_INIT };
		struct err err = ERR_INIT;
		int r = image_platform_check(ctx, store, names->v[i], &err);

		if (r == 0)
			r = image_remove(store, names->v[i], force, &removal,
					 &err);
		if (r == 0) {
			print_removal(&removal);
		} else if (r != -ENOENT || !args_bool(ctx->args, "ignore")) {
			say_error(&err);
			status = 1;
		}
		image_removal_release(&removal);
	}
	return status;
}

static int
run(struct cmd_ctx *ctx)
{
	cleanup_session struct session session = SESSION_INIT;
	cleanup_strvec struct strvec names = STRVEC_INIT;
	struct store *store;
	int status;
	int r;

	if (!ctx->args->operands.len && !args_bool(ctx->args, "all"))
		return err_set(ctx->err, EINVAL,
			       "name an image, or all of them with --all");
	r = cmd_store(ctx, &session, &store);
	if (r == 0 && args_bool(ctx->args, "all"))
		r = all_ids(store, &names, ctx->err);
	if (r < 0)
		return r;
	strvec_add_all(&names, &ctx->args->operands);
	status = remove_each(ctx, store, &names);
	(void)fflush(stdout);
	/* Files of other ids can only be removed from inside. */
	r = session_enter(&session, false, ctx->err);
	if (r == 0)
		r = store_gc(store, NULL, ctx->err);
	return r < 0 ? r : status;
}

static const struct cmd_example examples[] = {
	{ "remove an image", "dhow rmi debian:12" },
};

const struct cmd cmd_rmi = {
	.path = "rmi",
	.aliases = "image rm|image remove",
	.summary = "remove images",
	.operands = "IMAGE...",
	.about =
		"An image that has several names loses the one that is given, and goes with the last. By its id it goes with all of them.",
	CMD_FLAGS(flags),
	CMD_EXAMPLES(examples),
	.max_operands = CMD_MANY,
	.offer = OFFER_IMAGE,
	.run = run,
};
