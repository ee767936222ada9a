/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cli/cmd_system_df.c - dhow system df: where the disk went.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "base/units.h"
#include "cli/cmd_list.h"
#include "cli/cmd_session.h"
#include "cli/disk_usage.h"
#include "cli/say.h"
#include "ui/format.h"

static const struct flag flags[] = {
	{ .name = "format",
	  .meta = "FORMAT",
	  .kind = FLAG_STR,
	  .help = "print by a Go template, table TEMPLATE, or json" },
	{ .name = "verbose",
	  .letter = 'v',
	  .kind = FLAG_BOOL,
	  .help = "show each object, and each place of the store" },
};

static const struct format_field fields[] = {
	{ "Active", "ACTIVE" }, { "Reclaimable", "RECLAIMABLE" },
	{ "Size", "SIZE" },     { "TotalCount", "TOTAL" },
	{ "Type", "TYPE" },
};

static const struct format_listing listing = {
	.fields = fields,
	.field_count = ARRAY_LEN(fields),
	.columns = "Type|TotalCount|Active|Size|Reclaimable",
	.quiet = "Type",
};

static const struct format_field image_fields[] = {
	{ "Containers", "CONTAINERS" },
	{ "CreatedSince", "CREATED" },
	{ "ID", "IMAGE ID" },
	{ "Repository", "REPOSITORY" },
	{ "SharedSize", "SHARED SIZE" },
	{ "Size", "SIZE" },
	{ "Tag", "TAG" },
	{ "UniqueSize", "UNIQUE SIZE" },
};

static const struct format_field container_fields[] = {
	{ "Command", "COMMAND" }, { "ID", "CONTAINER ID" },
	{ "Image", "IMAGE" },     { "LocalVolumes", "LOCAL VOLUMES" },
	{ "Names", "NAMES" },     { "RunningFor", "CREATED" },
	{ "Size", "SIZE" },       { "Status", "STATUS" },
};

static const struct format_field volume_fields[] = {
	{ "Links", "LINKS" },
	{ "Name", "VOLUME NAME" },
	{ "Size", "SIZE" },
};

static const struct format_field cache_fields[] = {
	{ "CacheType", "CACHE TYPE" }, { "CreatedSince", "CREATED" },
	{ "ID", "CACHE ID" },          { "LastUsedSince", "LAST USED" },
	{ "Shared", "SHARED" },        { "Size", "SIZE" },
	{ "UsageCount", "USAGE" },
};

static const struct format_field place_fields[] = {
	{ "Place", "PLACE" },
	{ "Size", "SIZE" },
};

#define ROWS(rows, quiet_, columns_)                            \
	{                                                       \
		.fields = rows, .field_count = ARRAY_LEN(rows), \
		.columns = columns_, .quiet = quiet_            \
	}

static const struct section {
	const char *type;    /* in the summary */
	const char *member;  /* for templates */
	const char *heading; /* of the list */
	struct format_listing listing;
} sections[DISK_KIND_COUNT] = {
	{ "Images", "Images", "Images space usage:",
	  ROWS(image_fields, "Containers",
	       "Repository|Tag|ID|CreatedSince|Size|SharedSize|UniqueSize|Containers") },
	{ "Containers", "Containers", "Containers space usage:",
	  ROWS(container_fields, "Command",
	       "ID|Image|Command|LocalVolumes|Size|RunningFor|Status|Names") },
	{ "Local Volumes", "Volumes", "Local Volumes space usage:",
	  ROWS(volume_fields, "Links", "Name|Links|Size") },
	{ "Build Cache", "BuildCache", NULL,
	  ROWS(cache_fields, "CacheType",
	       "ID|CacheType|Size|CreatedSince|LastUsedSince|UsageCount|Shared") },
};

static const struct format_listing place_listing =
	ROWS(place_fields, "Place", "Place|Size");

static void
set_number(struct node *row, const char *key, size_t number)
{
	cleanup_free char *text = xasprintf("%zu", number);

	node_set_str(row, key, text);
}

/* "1.2GB (50%)" */
static void
set_reclaimable(struct node *row, const struct disk_total *total, bool percent)
{
	cleanup_strbuf struct strbuf text = STRBUF_INIT;

	units_add_size(&text, (uint64_t)total->reclaimable_bytes);
	if (percent && total->size_bytes > 0)
		strbuf_addf(&text, " (%" PRId64 "%%)",
			    total->reclaimable_bytes * 100 / total->size_bytes);
	node_set_str(row, "Reclaimable", text.buf);
}

static int
print_summary(struct cmd_ctx *ctx, const struct disk_usage *usage)
{
	const struct format_request request = { .format = args_str(ctx->args,
								   "format") };
	cleanup_node struct node *rows = node_new_arr();
	cleanup_strbuf struct strbuf out = STRBUF_INIT;
	int r;

	for (size_t i = 0; i < DISK_KIND_COUNT; i++) {
		const struct disk_total *total = &usage->totals[i];
		struct node *row = node_push(rows, node_new_obj());
		cleanup_strbuf struct strbuf size = STRBUF_INIT;

		units_add_size(&size, (uint64_t)total->size_bytes);
		set_number(row, "Active", total->active);
		set_reclaimable(row, total, i != DISK_CACHE);
		node_set_str(row, "Size", size.buf);
		set_number(row, "TotalCount", total->count);
		node_set_str(row, "Type", sections[i].type);
	}
	r = format_rows(&listing, &request, rows, &out, ctx->err);
	if (r == 0)
		say_text(&out);
	return r;
}

static int
print_by_template(struct cmd_ctx *ctx, const char *format,
		  struct disk_usage *usage)
{
	cleanup_node struct node *all = node_new_obj();
	cleanup_strbuf struct strbuf out = STRBUF_INIT;
	int r;

	for (size_t i = 0; i < DISK_KIND_COUNT; i++)
		node_set(all, sections[i].member, take_ptr(usage->rows[i]));
	node_set(all, "Store", take_ptr(usage->places));
	r = format_object(format, NULL, all, &out, ctx->err);
	if (r == 0)
		say_text(&out);
	return r;
}

static void
add_cache_heading(struct strbuf *out, const struct disk_usage *usage)
{
	strbuf_addstr(out, "Build cache usage: ");
	units_add_size(out, (uint64_t)usage->totals[DISK_CACHE].size_bytes);
	strbuf_addch(out, '\n');
}

static int
print_verbose(struct cmd_ctx *ctx, struct disk_usage *usage,
	      const char *store_path)
{
	const struct format_request request = { .format = NULL };
	cleanup_strbuf struct strbuf out = STRBUF_INIT;
	int r = 0;

	for (size_t i = 0; r == 0 && i < DISK_KIND_COUNT; i++) {
		if (sections[i].heading)
			strbuf_addf(&out, "%s\n", sections[i].heading);
		else
			add_cache_heading(&out, usage);
		strbuf_addch(&out, '\n');
		r = format_rows(&sections[i].listing, &request, usage->rows[i],
				&out, ctx->err);
		strbuf_addch(&out, '\n');
	}
	strbuf_addf(&out, "On disk, in %s:\n\n", store_path);
	if (r == 0)
		r = format_rows(&place_listing, &request, usage->places, &out,
				ctx->err);
	if (r == 0)
		say_text(&out);
	return r;
}

static int
run(struct cmd_ctx *ctx)
{
	cleanup_session struct session session = SESSION_INIT;
	cleanup_release(disk_usage_release) struct disk_usage usage = {
		.places = NULL
	};
	const char *format = args_str(ctx->args, "format");
	bool verbose = args_bool(ctx->args, "verbose");
	int r;

	r = cmd_session(ctx, &session);
	if (r == 0)
		r = session_enter(&session, false, ctx->err);
	if (r == 0)
		r = disk_usage_read(&session, &usage, ctx->err);
	if (r < 0)
		return r;
	if (verbose && format && *format && strcmp(format, "table") != 0)
		return print_by_template(ctx, format, &usage);
	return verbose ? print_verbose(ctx, &usage, session.paths.data)
		       : print_summary(ctx, &usage);
}

static const struct cmd_example examples[] = {
	{ "see what takes how much", "dhow system df" },
	{ "see it object by object", "dhow system df -v" },
};

const struct cmd cmd_system_df = {
	.path = "system df",
	.summary = "show what images, containers and volumes take on disk",
	.about =
		"Sizes are the lengths of files, those of the build cache "
		"blocks; layers and blobs that images share count once, and a "
		"step whose layer an image has counts there. With -v the places "
		"of the store follow, counted in blocks as du(1) does: their "
		"sum is all that dhow keeps.",
	CMD_FLAGS(flags),
	CMD_EXAMPLES(examples),
	.run = run,
};
