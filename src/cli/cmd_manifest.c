/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cli/cmd_manifest.c - dhow manifest create, add, annotate, remove, rm,
 * exists: lists that are put together here.
 */
#include <string.h>

#include "base/alloc.h"
#include "cli/cmd_list.h"
#include "cli/cmd_session.h"
#include "cli/describe_image.h"
#include "cli/manifest_list.h"
#include "cli/pull_image.h"
#include "cli/say.h"
#include "spec/manifest.h"

#define NO_ARTIFACTS "lists here are of images; an artifact is pushed by oras"
#define FLAG_INSECURE                                           \
	{                                                       \
		.name = "insecure", .kind = FLAG_BOOL,          \
		.help = "permit plain HTTP and any certificate" \
	}
#define FLAG_ALL                                                    \
	{                                                           \
		.name = "all", .kind = FLAG_BOOL,                   \
		.help = "of an index, add every entry, not one of " \
			"them"                                      \
	}
#define FLAG_ANNOTATION                                                       \
	{                                                                     \
		.name = "annotation", .meta = "KEY=VALUE", .kind = FLAG_LIST, \
		.help = "a note in it"                                        \
	}
#define FLAG_NO_ARTIFACT(flag_name, flag_kind)                             \
	{                                                                  \
		.name = (flag_name), .meta = "VALUE", .kind = (flag_kind), \
		.refuse = NO_ARTIFACTS, .hidden = true                     \
	}

/* --- create --- */

static const struct flag create_flags[] = {
	FLAG_ALL,
	{ .name = "amend",
	  .letter = 'a',
	  .kind = FLAG_BOOL,
	  .help = "add to a list that is there" },
	FLAG_ANNOTATION,
	PULL_FLAG_AUTHFILE,
	PULL_FLAG_CERT_DIR,
	PULL_FLAG_CREDS,
	FLAG_INSECURE,
	PULL_FLAG_TLS_VERIFY,
};

static int
run_create(struct cmd_ctx *ctx)
{
	cleanup_manifest_list struct manifest_list list = MANIFEST_LIST_INIT;
	cleanup_session struct session session = SESSION_INIT;
	const struct strvec *operands = &ctx->args->operands;
	int r = manifest_list_open(ctx, &session, operands->v[0], &list);

	if (r < 0)
		return r;
	if (list.is_there && !args_bool(ctx->args, "amend")) {
		err_set(ctx->err, EEXIST, "there is a manifest list '%s'",
			operands->v[0]);
		err_hint(ctx->err, "--amend adds to it");
		return -EEXIST;
	}
	r = manifest_list_annotate(
		list.index, args_list(ctx->args, "annotation"), ctx->err);
	for (size_t i = 1; i < operands->len && r == 0; i++)
		r = manifest_list_add(&list, operands->v[i],
				      args_bool(ctx->args, "all"), NULL);
	if (r == 0)
		r = manifest_list_save(&list);
	if (r == 0)
		(void)printf("Created manifest list %s\n", list.name);
	return r;
}

static const struct cmd_example create_examples[] = {
	{ "put two platforms under one name",
	  "dhow manifest create both:1 debian:12 mine:base" },
};

const struct cmd cmd_manifest_create = {
	.path = "manifest create",
	.summary = "begin a list of images for several platforms",
	.operands = "LIST [IMAGE...]",
	.about =
		"An IMAGE is one of dhow's own, else a registry's; docker://NAME is always a registry's. The list stays here until manifest push sends it.",
	CMD_FLAGS(create_flags),
	CMD_EXAMPLES(create_examples),
	.min_operands = 1,
	.max_operands = CMD_MANY,
	.offer = OFFER_IMAGE,
	.run = run_create,
};

/* --- add --- */

static const struct flag add_flags[] = {
	FLAG_ALL,
	FLAG_ANNOTATION,
	{ .name = "arch",
	  .meta = "ARCH",
	  .kind = FLAG_STR,
	  .help = "architecture to list it for" },
	FLAG_NO_ARTIFACT("artifact", FLAG_BOOL),
	FLAG_NO_ARTIFACT("artifact-config", FLAG_STR),
	FLAG_NO_ARTIFACT("artifact-config-type", FLAG_STR),
	FLAG_NO_ARTIFACT("artifact-exclude-titles", FLAG_BOOL),
	FLAG_NO_ARTIFACT("artifact-layer-type", FLAG_STR),
	FLAG_NO_ARTIFACT("artifact-subject", FLAG_STR),
	FLAG_NO_ARTIFACT("artifact-type", FLAG_STR),
	PULL_FLAG_AUTHFILE,
	PULL_FLAG_CERT_DIR,
	PULL_FLAG_CREDS,
	{ .name = "features",
	  .meta = "FEATURE",
	  .kind = FLAG_LIST,
	  .help = "features of the processor that it needs" },
	FLAG_INSECURE,
	{ .name = "os",
	  .meta = "OS",
	  .kind = FLAG_STR,
	  .help = "operating system to list it for" },
	{ .name = "os-version",
	  .meta = "VERSION",
	  .kind = FLAG_STR,
	  .help = "version of the operating system" },
	PULL_FLAG_TLS_VERIFY,
	{ .name = "variant",
	  .meta = "VARIANT",
	  .kind = FLAG_STR,
	  .help = "variant of the architecture" },
};

static int
run_add(struct cmd_ctx *ctx)
{
	cleanup_manifest_list struct manifest_list list = MANIFEST_LIST_INIT;
	cleanup_session struct session session = SESSION_INIT;
	struct node *entry = NULL;
	int r = manifest_list_open(ctx, &session, args_operand(ctx->args, 0),
				   &list);

	if (r == 0)
		r = manifest_list_need(&list);
	if (r == 0)
		r = manifest_list_add(&list, args_operand(ctx->args, 1),
				      args_bool(ctx->args, "all"), &entry);
	if (r == 0 && entry)
		r = manifest_list_set_platform(ctx, entry);
	if (r == 0 && entry)
		r = manifest_list_annotate(
			entry, args_list(ctx->args, "annotation"), ctx->err);
	if (r == 0)
		r = manifest_list_save(&list);
	if (r == 0)
		(void)printf("%s\n", list.name);
	return r;
}

static const struct cmd_example add_examples[] = {
	{ "add an image to a list", "dhow manifest add app:1 mine:base" },
};

const struct cmd cmd_manifest_add = {
	.path = "manifest add",
	.summary = "add an image to a list",
	.operands = "LIST IMAGE",
	CMD_FLAGS(add_flags),
	CMD_EXAMPLES(add_examples),
	.min_operands = 2,
	.max_operands = 2,
	.offer = OFFER_IMAGE,
	.run = run_add,
};

/* --- annotate --- */

static const struct flag annotate_flags[] = {
	FLAG_ANNOTATION,
	{ .name = "arch",
	  .meta = "ARCH",
	  .kind = FLAG_STR,
	  .help = "architecture to list it for" },
	{ .name = "features",
	  .meta = "FEATURE",
	  .kind = FLAG_LIST,
	  .help = "features of the processor that it needs" },
	{ .name = "index",
	  .kind = FLAG_BOOL,
	  .help = "annotate the list itself" },
	{ .name = "os",
	  .meta = "OS",
	  .kind = FLAG_STR,
	  .help = "operating system to list it for" },
	{ .name = "os-features",
	  .meta = "FEATURE",
	  .kind = FLAG_CSV,
	  .help = "features of the operating system that it needs" },
	{ .name = "os-version",
	  .meta = "VERSION",
	  .kind = FLAG_STR,
	  .help = "version of the operating system" },
	{ .name = "subject",
	  .meta = "REFERENCE",
	  .kind = FLAG_STR,
	  .refuse = "lists here refer to no other image",
	  .hidden = true },
	{ .name = "variant",
	  .meta = "VARIANT",
	  .kind = FLAG_STR,
	  .help = "variant of the architecture" },
};

static int
run_annotate(struct cmd_ctx *ctx)
{
	cleanup_manifest_list struct manifest_list list = MANIFEST_LIST_INIT;
	cleanup_session struct session session = SESSION_INIT;
	bool of_index = args_bool(ctx->args, "index");
	struct node *entry = NULL;
	int r = manifest_list_open(ctx, &session, args_operand(ctx->args, 0),
				   &list);

	if (r == 0)
		r = manifest_list_need(&list);
	if (r == 0 && !of_index && ctx->args->operands.len < 2)
		r = err_set(ctx->err, EINVAL,
			    "name the entry, or the list itself with --index");
	if (r == 0 && !of_index)
		r = manifest_list_find(&list, args_operand(ctx->args, 1),
				       &entry, NULL);
	if (r == 0 && entry)
		r = manifest_list_set_platform(ctx, entry);
	if (r == 0)
		r = manifest_list_annotate(entry ?: list.index,
					   args_list(ctx->args, "annotation"),
					   ctx->err);
	return r == 0 ? manifest_list_save(&list) : r;
}

static const struct cmd_example annotate_examples[] = {
	{ "say what an image is for",
	  "dhow manifest annotate --arch arm --variant v7 app:1 debian:12" },
};

const struct cmd cmd_manifest_annotate = {
	.path = "manifest annotate",
	.summary = "say what an entry of a list is for",
	.operands = "LIST [IMAGE|DIGEST]",
	CMD_FLAGS(annotate_flags),
	CMD_EXAMPLES(annotate_examples),
	.min_operands = 1,
	.max_operands = 2,
	.offer = OFFER_IMAGE,
	.run = run_annotate,
};

/* --- remove, rm, exists --- */

static int
run_remove(struct cmd_ctx *ctx)
{
	cleanup_manifest_list struct manifest_list list = MANIFEST_LIST_INIT;
	cleanup_session struct session session = SESSION_INIT;
	struct node *entry;
	size_t at;
	int r = manifest_list_open(ctx, &session, args_operand(ctx->args, 0),
				   &list);

	if (r == 0)
		r = manifest_list_need(&list);
	if (r == 0)
		r = manifest_list_find(&list, args_operand(ctx->args, 1),
				       &entry, &at);
	if (r < 0)
		return r;
	node_del_at(node_get(list.index, "manifests"), at);
	r = manifest_list_save(&list);
	if (r == 0)
		(void)printf("%s\n", list.name);
	return r;
}

const struct cmd cmd_manifest_remove = {
	.path = "manifest remove",
	.summary = "take an entry out of a list",
	.operands = "LIST IMAGE|DIGEST",
	.min_operands = 2,
	.max_operands = 2,
	.run = run_remove,
};

static const struct flag rm_flags[] = {
	{ .name = "ignore",
	  .letter = 'i',
	  .kind = FLAG_BOOL,
	  .help = "what is not here is no failure" },
};

static int
run_rm(struct cmd_ctx *ctx)
{
	int status = 0;

	for (size_t i = 0; i < ctx->args->operands.len; i++) {
		cleanup_manifest_list struct manifest_list list =
			MANIFEST_LIST_INIT;
		cleanup_session struct session session = SESSION_INIT;
		int r = manifest_list_open(ctx, &session,
					   args_operand(ctx->args, i), &list);

		if (r == 0 && list.is_there)
			r = manifest_list_drop(&list);
		else if (r == 0 && !args_bool(ctx->args, "ignore"))
			r = manifest_list_need(&list);
		if (r == 0)
			continue;
		say_error(ctx->err);
		err_reset(ctx->err);
		status = 1;
	}
	return status;
}

const struct cmd cmd_manifest_rm = {
	.path = "manifest rm",
	.summary = "remove lists",
	.operands = "LIST...",
	CMD_FLAGS(rm_flags),
	.min_operands = 1,
	.max_operands = CMD_MANY,
	.run = run_rm,
};

static int
run_exists(struct cmd_ctx *ctx)
{
	cleanup_manifest_list struct manifest_list list = MANIFEST_LIST_INIT;
	cleanup_session struct session session = SESSION_INIT;
	int r = manifest_list_open(ctx, &session, args_operand(ctx->args, 0),
				   &list);

	return r < 0 ? r : !list.is_there;
}

const struct cmd cmd_manifest_exists = {
	.path = "manifest exists",
	.summary = "say by the exit status whether a list is here",
	.operands = "LIST",
	.exits = "0 it is, 1 it is not",
	.min_operands = 1,
	.max_operands = 1,
	.run = run_exists,
};
