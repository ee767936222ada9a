/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cli/cmd_volume.c - dhow volume create, inspect, prune and rm.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "base/units.h"
#include "cli/cmd_list.h"
#include "cli/cmd_session.h"
#include "cli/confirm.h"
#include "cli/inspect_objects.h"
#include "cli/prune.h"
#include "cli/say.h"
#include "container/volumes.h"
#include "spec/env_file.h"
#include "store/volume.h"

/* create */

static const struct flag create_flags[] = {
	{ .name = "driver",
	  .letter = 'd',
	  .meta = "NAME",
	  .kind = FLAG_ENUM,
	  .values = "local",
	  .fallback = "local",
	  .ignore = "",
	  .help = "who keeps it: there is only local" },
	{ .name = "ignore",
	  .kind = FLAG_BOOL,
	  .ignore = "",
	  .help = "a volume that is there is fine, as it is anyway" },
	{ .name = "label",
	  .letter = 'l',
	  .meta = "KEY[=VALUE]",
	  .kind = FLAG_LIST,
	  .help = "a label of the volume" },
	{ .name = "opt",
	  .letter = 'o',
	  .meta = "KEY=VALUE",
	  .kind = FLAG_LIST,
	  .help = "type=tmpfs, device=PATH, o=OPTIONS: how to mount it" },
};

static struct node *
object_of(const struct strvec *pairs)
{
	struct node *obj;

	if (!pairs->len)
		return NULL;
	obj = node_new_obj();
	for (size_t i = 0; i < pairs->len; i++) {
		const char *eq = strchrnul(pairs->v[i], '=');
		cleanup_free char *key =
			xstrndup(pairs->v[i], (size_t)(eq - pairs->v[i]));

		node_set_str(obj, key, *eq ? eq + 1 : "");
	}
	return obj;
}

static int
create(struct store *store, const char *name, const struct args *args,
       struct err *err)
{
	cleanup_strvec struct strvec labels = STRVEC_INIT;
	const struct strvec *given = args_list(args, "label");
	cleanup_node struct node *label_obj = NULL;
	cleanup_node struct node *options = object_of(args_list(args, "opt"));
	int r = 0;

	for (size_t i = 0; r == 0 && i < given->len; i++)
		r = env_file_set_label(&labels, given->v[i], err);
	if (r == 0)
		r = volumes_check_options(options, err);
	if (r < 0)
		return r;
	label_obj = object_of(&labels);
	r = volume_create(store, name, label_obj, options, err);
	if (r == 0)
		volumes_event(store, name, "create");
	/* As docker: what is there is what was wanted. */
	return r == -EEXIST ? 0 : r;
}

static int
run_create(struct cmd_ctx *ctx)
{
	cleanup_session struct session session = SESSION_INIT;
	const char *name = args_operand(ctx->args, 0);
	char random[VOLUME_RANDOM_BYTES];
	struct store *store;
	int r;

	volume_random_name(random);
	r = cmd_store(ctx, &session, &store);
	if (r == 0)
		r = create(store, name ?: random, ctx->args, ctx->err);
	if (r == 0)
		(void)printf("%s\n", name ?: random);
	return r;
}

static const struct cmd_example create_examples[] = {
	{ "make a volume", "dhow volume create data" },
	{ "one in memory, of 64 MB at most",
	  "dhow volume create -o type=tmpfs -o o=size=64m scratch" },
};

const struct cmd cmd_volume_create = {
	.path = "volume create",
	.summary = "make a volume",
	.operands = "[NAME]",
	.about = "Without a name it gets a random one. With -o type=none -o "
		 "o=bind -o device=PATH it is a directory of the host; with -o "
		 "type=tmpfs each container gets an empty one of its own.",
	CMD_FLAGS(create_flags),
	CMD_EXAMPLES(create_examples),
	.max_operands = 1,
	.run = run_create,
};

/* inspect */

static const struct flag inspect_flags[] = {
	{ .name = "all",
	  .letter = 'a',
	  .kind = FLAG_BOOL,
	  .help = "show every volume" },
	{ .name = "format",
	  .letter = 'f',
	  .meta = "FORMAT",
	  .kind = FLAG_STR,
	  .help = "print by a Go template, or json" },
};

static int
run_inspect(struct cmd_ctx *ctx)
{
	return inspect_objects(ctx, "volume", false);
}

static const struct cmd_example inspect_examples[] = {
	{ "where a volume is",
	  "dhow volume inspect -f '{{.Mountpoint}}' data" },
};

const struct cmd cmd_volume_inspect = {
	.path = "volume inspect",
	.summary = "show all that is known of volumes",
	.operands = "[VOLUME...]",
	CMD_FLAGS(inspect_flags),
	CMD_EXAMPLES(inspect_examples),
	.max_operands = CMD_MANY,
	.offer = OFFER_VOLUME,
	.run = run_inspect,
};

/* prune */

static const struct flag prune_flags[] = {
	{ .name = "all",
	  .letter = 'a',
	  .kind = FLAG_BOOL,
	  .help = "remove those that have a name too" },
	{ .name = "dry-run",
	  .kind = FLAG_BOOL,
	  .help = "tell what would be removed, and remove nothing" },
	{ .name = "filter",
	  .meta = "KEY=VALUE",
	  .kind = FLAG_LIST,
	  .help = "remove those that match: label, all" },
	{ .name = "force",
	  .letter = 'f',
	  .kind = FLAG_BOOL,
	  .help = "do not ask" },
};

static int
run_prune(struct cmd_ctx *ctx)
{
	static const char *const keys[] = { "all", "label", "label!", NULL };
	cleanup_prune struct prune prune = PRUNE_INIT;
	bool all = args_bool(ctx->args, "all");
	int r = prune_open(&prune, ctx, keys);

	if (r == 0)
		r = filter_bool(&prune.filter, "all", &all, ctx->err);
	if (r < 0)
		return r;
	prune.is_dry = args_bool(ctx->args, "dry-run");
	if (!prune.is_dry && !args_bool(ctx->args, "force") &&
	    !confirm(
		    all ? "This will remove all local volumes not used by at least one container."
			: "This will remove anonymous local volumes not used by at least one container."))
		return 0;
	r = prune_volumes(&prune, all);
	return r < 0 ? r : prune_report(&prune);
}

static const struct cmd_example prune_examples[] = {
	{ "remove what containers left behind", "dhow volume prune -f" },
};

const struct cmd cmd_volume_prune = {
	.path = "volume prune",
	.summary = "remove volumes that no container mounts",
	.about = "Volumes that were given a name stay, unless --all is given.",
	CMD_FLAGS(prune_flags),
	CMD_EXAMPLES(prune_examples),
	.run = run_prune,
};

/* rm */

static const struct flag rm_flags[] = {
	{ .name = "all",
	  .letter = 'a',
	  .kind = FLAG_BOOL,
	  .help = "remove every volume that no container mounts" },
	{ .name = "force",
	  .letter = 'f',
	  .kind = FLAG_BOOL,
	  .help = "do not complain of volumes that are not there" },
};

static int
run_rm(struct cmd_ctx *ctx)
{
	cleanup_session struct session session = SESSION_INIT;
	cleanup_strvec struct strvec names = STRVEC_INIT;
	bool force = args_bool(ctx->args, "force");
	struct store *store;
	int status = 0;
	int r;

	if (!ctx->args->operands.len && !args_bool(ctx->args, "all"))
		return err_set(ctx->err, EINVAL,
			       "name a volume, or all of them with --all");
	r = cmd_store(ctx, &session, &store);
	strvec_add_all(&names, &ctx->args->operands);
	if (r == 0 && args_bool(ctx->args, "all"))
		r = volume_list(store, &names, ctx->err);
	if (r == 0)
		r = session_enter(&session, false, ctx->err);
	if (r < 0)
		return r;
	for (size_t i = 0; i < names.len; i++) {
		const char *name = names.v[i];
		struct err err = ERR_INIT;

		r = volumes_remove_unused(&session, name, &err);
		if (r < 0 && !(force && r == -ENOENT)) {
			say_error(&err);
			status = 1;
			continue;
		}
		(void)printf("%s\n", name);
	}
	return status;
}

static const struct cmd_example rm_examples[] = {
	{ "remove a volume, if there is one", "dhow volume rm -f data" },
};

const struct cmd cmd_volume_rm = {
	.path = "volume rm",
	.aliases = "volume remove",
	.summary = "remove volumes",
	.operands = "VOLUME...",
	CMD_FLAGS(rm_flags),
	CMD_EXAMPLES(rm_examples),
	.max_operands = CMD_MANY,
	.offer = OFFER_VOLUME,
	.run = run_rm,
};
