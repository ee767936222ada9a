/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cli/cmd_buildx_imagetools.c - dhow buildx imagetools create and inspect:
 * indexes that go from registry to registry, and nothing of them is kept here.
 */
#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "cli/cmd_list.h"
#include "cli/cmd_session.h"
#include "cli/describe_image.h"
#include "cli/inspect_print.h"
#include "cli/manifest_list.h"
#include "cli/pull_image.h"
#include "cli/say.h"
#include "cli/transfer_show.h"
#include "spec/manifest.h"
#include "spec/transport.h"

#define FLAG_BUILDER                                                 \
	{                                                            \
		.name = "builder", .meta = "NAME", .kind = FLAG_STR, \
		.ignore = "", .hidden = true,                        \
		.help = "accepted for scripts: there is one builder" \
	}

/* "docker://NAME", unless a transport is given. */
static char *
registry_text(const char *name)
{
	return transport_is_given(name) ? xstrdup(name)
					: xasprintf("docker://%s", name);
}

/* --- create --- */

static const struct flag create_flags[] = {
	{ .name = "annotation",
	  .meta = "KEY=VALUE",
	  .kind = FLAG_LIST,
	  .help = "a note in the index" },
	{ .name = "append",
	  .kind = FLAG_BOOL,
	  .help = "keep what the first --tag lists already" },
	FLAG_BUILDER,
	{ .name = "dry-run",
	  .kind = FLAG_BOOL,
	  .help = "print the index and send nothing" },
	{ .name = "file",
	  .letter = 'f',
	  .meta = "FILE",
	  .kind = FLAG_LIST,
	  .refuse = "name the sources as operands",
	  .help = "sources from a file" },
	{ .name = "metadata-file",
	  .meta = "FILE",
	  .kind = FLAG_STR,
	  .refuse = "imagetools inspect tells the digest",
	  .help = "write what came of it to a file" },
	{ .name = "platform",
	  .letter = 'p',
	  .meta = "OS/ARCH[/VARIANT]",
	  .kind = FLAG_CSV,
	  .help = "take only what the sources have for this one" },
	{ .name = "prefer-index",
	  .kind = FLAG_BOOL,
	  .fallback = "true",
	  .help = "make an index of a single image, too; =false copies it" },
	{ .name = "progress",
	  .meta = "STYLE",
	  .kind = FLAG_STR,
	  .ignore = "",
	  .help = "accepted for scripts: there is one way to tell progress" },
	{ .name = "tag",
	  .letter = 't',
	  .meta = "NAME",
	  .kind = FLAG_LIST,
	  .help = "send it to the registry by this name" },
};

struct create {
	struct cmd_ctx *ctx;
	struct session session;
	struct manifest_list list;
	const struct strvec *tags;
	const char *only; /* the one source, an index or to be copied; NULL */
};

static int
create_read_sources(struct create *create)
{
	const struct args *args = create->ctx->args;
	struct node *entry = NULL;
	int r = 0;

	for (size_t i = 0; i < args->operands.len && r == 0; i++) {
		cleanup_free char *text = registry_text(args->operands.v[i]);

		r = manifest_list_add(&create->list, text, true, &entry);
	}
	if (args->operands.len == 1 &&
	    (!entry || !args_bool(args, "prefer-index")))
		create->only = args->operands.v[0];
	return r;
}

static bool
entry_is_for(const struct node *entry, const struct platform *want)
{
	const struct node *node = node_get(entry, "platform");
	const char *variant = node_get_str(node, "variant");
	cleanup_free char *text =
		xasprintf("%s/%s%s%s", node_get_str(node, "os") ?: "",
			  node_get_str(node, "architecture") ?: "",
			  variant ? "/" : "", variant ?: "");
	struct platform have;

	return platform_parse(text, &have, NULL) == 0 &&
	       platform_match(want, &have) > 0;
}

/* Leave what --platform asks for. */
static int
create_filter(struct create *create)
{
	const struct strvec *wanted = args_list(create->ctx->args, "platform");
	struct node *manifests = node_get(create->list.index, "manifests");
	struct err *err = create->ctx->err;

	if (!wanted->len)
		return 0;
	create->only = NULL;
	for (size_t i = node_len(manifests); i-- > 0;) {
		bool found = false;

		for (size_t j = 0; j < wanted->len && !found; j++) {
			struct platform want;
			int r = platform_parse(wanted->v[j], &want, err);

			if (r < 0)
				return r;
			found = entry_is_for(node_at(manifests, i), &want);
		}
		if (!found)
			node_del_at(manifests, i);
	}
	if (!node_len(manifests))
		return err_set(err, ENOENT,
			       "no source has what --platform asks for");
	return 0;
}

static int
create_read(struct create *create)
{
	const struct args *args = create->ctx->args;
	const struct strvec *notes = args_list(args, "annotation");
	int r = manifest_list_begin(create->ctx, &create->session,
				    &create->list);

	if (r == 0 && args_bool(args, "append") && create->tags->len) {
		cleanup_free char *text = registry_text(create->tags->v[0]);

		r = manifest_list_add(&create->list, text, true, NULL);
	}
	if (r == 0)
		r = create_read_sources(create);
	if (r == 0)
		r = manifest_list_annotate(create->list.index, notes,
					   create->ctx->err);
	if (notes->len || args_bool(args, "append"))
		create->only = NULL;
	return r == 0 ? create_filter(create) : r;
}

static int
create_send(struct create *create, const char *tag)
{
	cleanup_transfer_request struct transfer_request request =
		TRANSFER_REQUEST_INIT;
	struct transfer_show show = { .fd = STDERR_FILENO,
				      .style = PROGRESS_AUTO,
				      .stdin_fd = -1 };
	int r = pull_request_from_args(create->ctx, &request);

	if (r < 0)
		return r;
	/* --platform has been looked at. */
	free(take_ptr(request.platform));
	request.src_tls = request.tls;
	request.target = registry_text(tag);
	if (create->only) {
		request.op = TRANSFER_COPY;
		request.input = registry_text(create->only);
		request.all = true;
	} else {
		request.op = TRANSFER_PUSH_LIST;
		request.config = node_clone(create->list.index);
	}
	return transfer_show(&create->session, &request, &show,
			     create->ctx->err);
}

static int
run_create(struct cmd_ctx *ctx)
{
	struct create create = { .ctx = ctx,
				 .session = SESSION_INIT,
				 .list = MANIFEST_LIST_INIT,
				 .tags = args_list(ctx->args, "tag") };
	bool dry = args_bool(ctx->args, "dry-run");
	int r = 0;

	if (!create.tags->len && !dry)
		r = err_set(ctx->err, EINVAL,
			    "say by --tag where it goes, or use --dry-run");
	if (r == 0)
		r = create_read(&create);
	if (r == 0 && dry)
		manifest_list_print(create.list.index);
	for (size_t i = 0; r == 0 && !dry && i < create.tags->len; i++)
		r = create_send(&create, create.tags->v[i]);
	manifest_list_release(&create.list);
	session_close(&create.session);
	return r;
}

static const struct cmd_example create_examples[] = {
	{ "put two platforms under one name",
	  "dhow buildx imagetools create -t reg.io/a:1 reg.io/a:x reg.io/a:y" },
	{ "give an image of a registry another name there",
	  "dhow buildx imagetools create -t reg.io/a:latest reg.io/a:1" },
};

const struct cmd cmd_buildx_imagetools_create = {
	.path = "buildx imagetools create",
	.summary = "make an index of images at registries",
	.operands = "SOURCE...",
	.about =
		"What a source lists is listed, and what the registry of a --tag lacks of it is sent there. An index that is the only source stays as it is, with its digest.",
	CMD_FLAGS(create_flags),
	CMD_EXAMPLES(create_examples),
	.min_operands = 1,
	.max_operands = CMD_MANY,
	.run = run_create,
};

/* --- inspect --- */

static const struct flag inspect_flags[] = {
	FLAG_BUILDER,
	{ .name = "format",
	  .meta = "FORMAT",
	  .kind = FLAG_STR,
	  .conflicts = "raw",
	  .help = "print by a Go template of .Name and .Manifest" },
	{ .name = "raw",
	  .kind = FLAG_BOOL,
	  .help = "print the bytes of the manifest or index" },
};

/* An entry of an index, indented; its name is that of the index. */
static void
print_entry(struct strbuf *out, const char *repository,
	    const struct node *entry)
{
	const struct node *platform = node_get(entry, "platform");
	const char *variant = node_get_str(platform, "variant");

	strbuf_addf(out, "\n  Name:      %s@%s\n  MediaType: %s\n", repository,
		    node_get_str(entry, "digest") ?: "",
		    node_get_str(entry, "mediaType") ?: "");
	if (platform)
		strbuf_addf(out, "  Platform:  %s/%s%s%s\n",
			    node_get_str(platform, "os") ?: "",
			    node_get_str(platform, "architecture") ?: "",
			    variant ? "/" : "", variant ?: "");
}

static int
print_block(struct cmd_ctx *ctx, const struct image_document *doc,
	    const struct node *manifest)
{
	const struct node *entries = node_get(manifest, "manifests");
	cleanup_strbuf struct strbuf out = STRBUF_INIT;
	cleanup_free char *name =
		xstrdup(doc->name ?: args_operand(ctx->args, 0));

	strbuf_addf(&out, "Name:      %s\nMediaType: %s\nDigest:    %s\n", name,
		    doc->media_type, doc->digest);
	if (node_len(entries))
		strbuf_addstr(&out, "\nManifests:");
	for (size_t i = 0; i < node_len(entries); i++)
		print_entry(&out, name, node_at(entries, i));
	say_text(&out);
	return 0;
}

/* Templates name the fields as Go does, json as the documents do. */
static int
print_format(struct cmd_ctx *ctx, const struct image_document *doc,
	     const struct node *manifest)
{
	bool as_json = strstr(args_str(ctx->args, "format"), "json");
	cleanup_node struct node *found = node_new_arr();
	struct node *object = node_push(found, node_new_obj());
	struct node *shown = as_json ? node_clone(manifest) : node_new_obj();

	node_set_str(shown, as_json ? "mediaType" : "MediaType",
		     doc->media_type);
	node_set_str(shown, as_json ? "digest" : "Digest", doc->digest);
	node_set_int(shown, as_json ? "size" : "Size", doc->size_bytes);
	node_set_str(object, "Name", doc->name ?: args_operand(ctx->args, 0));
	node_set(object, "Manifest", shown);
	return inspect_print(ctx, found, 0);
}

static int
run_inspect(struct cmd_ctx *ctx)
{
	cleanup_image_documents struct image_documents docs =
		IMAGE_DOCUMENTS_INIT;
	cleanup_session struct session session = SESSION_INIT;
	cleanup_free char *input = registry_text(args_operand(ctx->args, 0));
	cleanup_node struct node *manifest = NULL;
	int r = cmd_session(ctx, &session);

	if (r == 0)
		r = describe_image(ctx, &session, input, false, NULL, &docs);
	if (r < 0)
		return r;
	if (args_bool(ctx->args, "raw")) {
		(void)fputs(docs.items[0].text, stdout);
		return 0;
	}
	r = node_parse_json(span_of(docs.items[0].text), "manifest", &manifest,
			    ctx->err);
	if (r < 0)
		return r;
	return args_str(ctx->args, "format")
		       ? print_format(ctx, &docs.items[0], manifest)
		       : print_block(ctx, &docs.items[0], manifest);
}

static const struct cmd_example inspect_examples[] = {
	{ "which platforms a registry has of an image",
	  "dhow buildx imagetools inspect debian:12" },
};

const struct cmd cmd_buildx_imagetools_inspect = {
	.path = "buildx imagetools inspect",
	.summary = "show what a registry has by a name",
	.operands = "NAME",
	CMD_FLAGS(inspect_flags),
	CMD_EXAMPLES(inspect_examples),
	.min_operands = 1,
	.max_operands = 1,
	.run = run_inspect,
};
