/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cli/cmd_search.c - dhow search.
 */
#include <string.h>

#include "base/alloc.h"
#include "base/units.h"
#include "cli/cmd_list.h"
#include "cli/cmd_session.h"
#include "cli/pull_image.h"
#include "cli/say.h"
#include "cli/transfer_show.h"
#include "spec/filter.h"
#include "spec/ref.h"
#include "ui/format.h"
#include "ui/width.h"

#define DEFAULT_LIMIT 25
#define MAX_LIMIT 100
#define DESCRIPTION_COLUMNS 45

static const struct flag flags[] = {
	PULL_FLAG_AUTHFILE,
	PULL_FLAG_CERT_DIR,
	PULL_FLAG_CREDS,
	{ .name = "filter",
	  .letter = 'f',
	  .meta = "KEY=VALUE",
	  .kind = FLAG_LIST,
	  .help = "show those with is-official=BOOL, is-automated=BOOL, stars=N or more" },
	{ .name = "format",
	  .meta = "FORMAT",
	  .kind = FLAG_STR,
	  .help = "print by a Go template, table TEMPLATE, or json" },
	{ .name = "limit",
	  .meta = "N",
	  .kind = FLAG_INT,
	  .min = 0,
	  .max = MAX_LIMIT,
	  .help = "how many to ask for (default 25)" },
	{ .name = "list-tags",
	  .kind = FLAG_BOOL,
	  .help = "show the tags of a repository" },
	{ .name = "no-trunc",
	  .kind = FLAG_BOOL,
	  .help = "print whole descriptions" },
	PULL_FLAG_TLS_VERIFY,
};

static const struct format_field fields[] = {
	{ "Description", "DESCRIPTION" },
	{ "Index", "INDEX" },
	{ "IsAutomated", "AUTOMATED" },
	{ "IsOfficial", "OFFICIAL" },
	{ "Name", "NAME" },
	{ "Official", "OFFICIAL" },
	{ "StarCount", "STARS" },
	{ "Stars", "STARS" },
	{ "Tag", "TAG" },
};

static const struct format_listing listing = {
	.fields = fields,
	.field_count = ARRAY_LEN(fields),
	.columns = "Name|Description|StarCount|IsOfficial",
	.quiet = "Name",
};

static const char *const filter_keys[] = { "is-automated", "is-official",
					   "stars", NULL };

struct search {
	struct cmd_ctx *ctx;
	struct filter filter;
	struct ref ref;
	uint64_t stars;
	struct node *answer; /* what the registry said */
	int status;
};

static void
search_release(struct search *search)
{
	filter_release(&search->filter);
	ref_release(&search->ref);
	node_free(search->answer);
}

static void
on_event(void *data, struct progress *progress,
	 const struct transfer_event *event)
{
	struct search *search = data;

	if (event->kind == TRANSFER_DOCUMENT && !search->answer)
		search->status =
			node_parse_json(span_of(event->text ?: ""), "answer",
					&search->answer, search->ctx->err);
}

static bool
is_shown(const struct search *search, const struct node *entry)
{
	bool official = node_get_bool(entry, "IsOfficial", false);
	bool wanted = official, automated = false;

	(void)filter_bool(&search->filter, "is-official", &wanted, NULL);
	(void)filter_bool(&search->filter, "is-automated", &automated, NULL);
	return wanted == official && !automated &&
	       (uint64_t)node_get_int(entry, "StarCount", 0) >= search->stars;
}

static struct node *
result_node(const struct search *search, const struct node *entry)
{
	cleanup_free char *text =
		xstrdup(node_get_str(entry, "Description") ?: "");
	const char *official =
		node_get_bool(entry, "IsOfficial", false) ? "[OK]" : "";
	cleanup_strbuf struct strbuf name = STRBUF_INIT;
	cleanup_strbuf struct strbuf stars = STRBUF_INIT;
	struct node *node = node_new_obj();
	struct span cut;

	for (char *at = text; *at; at++)
		if (*at == '\n' || *at == '\t' || *at == '\r')
			*at = ' ';
	cut = width_cut(span_of(text), DESCRIPTION_COLUMNS - 1);
	if (!args_bool(search->ctx->args, "no-trunc") &&
	    width_of(span_of(text)) > DESCRIPTION_COLUMNS) {
		char *shorter = xasprintf("%.*s…", (int)cut.len, cut.ptr);

		free(text);
		text = shorter;
	}
	if (strcmp(search->ref.domain, "docker.io") != 0)
		strbuf_addf(&name, "%s/", search->ref.domain);
	strbuf_addstr(&name, node_get_str(entry, "Name") ?: "");
	strbuf_addf(&stars, "%lld",
		    (long long)node_get_int(entry, "StarCount", 0));
	node_set_str(node, "Description", text);
	node_set_str(node, "Index", search->ref.domain);
	node_set_str(node, "IsAutomated", "");
	node_set_str(node, "IsOfficial", official);
	node_set_str(node, "Name", name.buf);
	node_set_str(node, "Official", official);
	node_set_str(node, "StarCount", stars.buf);
	node_set_str(node, "Stars", stars.buf);
	node_set_str(node, "Tag", "");
	return node;
}

static struct node *
tag_node(const struct search *search, const char *tag)
{
	cleanup_strbuf struct strbuf name = STRBUF_INIT;
	struct node *node = node_new_obj();

	ref_add_name(&name, &search->ref);
	for (size_t i = 0; i < ARRAY_LEN(fields); i++)
		node_set_str(node, fields[i].name, "");
	node_set_str(node, "Name", name.buf);
	node_set_str(node, "Tag", tag);
	return node;
}

static int
print_answer(const struct search *search)
{
	const struct args *args = search->ctx->args;
	bool tags = args_bool(args, "list-tags");
	const struct format_request request = {
		.format = args_str(args, "format"),
		.columns = tags ? "Name|Tag" : NULL,
	};
	cleanup_node struct node *rows = node_new_arr();
	cleanup_strbuf struct strbuf out = STRBUF_INIT;
	int r;

	for (size_t i = 0; i < node_len(search->answer); i++) {
		const struct node *entry = node_at(search->answer, i);

		if (tags && node_str(entry))
			node_push(rows, tag_node(search, node_str(entry)));
		else if (!tags && is_shown(search, entry))
			node_push(rows, result_node(search, entry));
	}
	r = format_rows(&listing, &request, rows, &out, search->ctx->err);
	if (r == 0)
		say_text(&out);
	return r;
}

/* "host/term": that registry's; else Docker Hub's. */
static int
read_term(struct search *search, struct transfer_request *request)
{
	const struct args *args = search->ctx->args;
	const char *term = args_operand(args, 0);
	int limit = (int)args_int(args, "limit");
	const char *slash = strchr(term, '/');
	cleanup_free char *probe = NULL;
	int r;

	request->op = TRANSFER_SEARCH;
	request->all = args_bool(args, "list-tags");
	request->level = limit ? limit : DEFAULT_LIMIT;
	if (request->all) {
		request->name = xstrdup(term);
		return ref_parse(term, &search->ref, search->ctx->err);
	}
	/* A term need not be a name: only its registry is looked at. */
	probe = slash ? xasprintf("%.*s/x", (int)(slash - term), term)
		      : xstrdup("x");
	r = ref_parse(probe, &search->ref, search->ctx->err);
	if (r < 0)
		return r;
	request->target = xstrdup(search->ref.domain);
	request->name =
		xstrdup(search->ref.domain_given && slash ? slash + 1 : term);
	return 0;
}

static int
read_filters(struct search *search)
{
	const struct args *args = search->ctx->args;
	struct err *err = search->ctx->err;
	const char *stars;
	bool ignored = false;
	int r = filter_add_all(&search->filter, args_list(args, "filter"),
			       filter_keys, err);

	if (r == 0)
		r = filter_bool(&search->filter, "is-official", &ignored, err);
	if (r == 0)
		r = filter_bool(&search->filter, "is-automated", &ignored, err);
	stars = filter_value(&search->filter, "stars");
	if (r == 0 && stars)
		r = units_parse_u64(stars, 0, INT32_MAX, &search->stars, err);
	return r;
}

static int
run(struct cmd_ctx *ctx)
{
	cleanup_transfer_request struct transfer_request request =
		TRANSFER_REQUEST_INIT;
	cleanup_release(search_release) struct search search = {
		.ctx = ctx, .filter = FILTER_INIT, .ref = REF_INIT
	};
	cleanup_session struct session session = SESSION_INIT;
	struct transfer_show show = { .fd = STDERR_FILENO,
				      .style = PROGRESS_QUIET,
				      .stdin_fd = -1,
				      .event = on_event,
				      .data = &search };
	int r = read_filters(&search);

	if (r == 0)
		r = cmd_session(ctx, &session);
	if (r == 0)
		r = pull_request_from_args(ctx, &request);
	if (r == 0)
		r = read_term(&search, &request);
	if (r == 0)
		r = transfer_show(&session, &request, &show, ctx->err);
	if (r == 0)
		r = search.status;
	return r < 0 ? r : print_answer(&search);
}

static const struct cmd_example examples[] = {
	{ "look for an image on Docker Hub",
	  "dhow search --filter is-official=true postgres" },
};

const struct cmd cmd_search = {
	.path = "search",
	.aliases = "image search",
	.summary = "look for images at a registry",
	.operands = "TERM",
	.about =
		"TERM is looked for on Docker Hub, HOST/TERM at another registry: by its search where it has one, else in its catalogue.",
	CMD_FLAGS(flags),
	CMD_EXAMPLES(examples),
	.min_operands = 1,
	.max_operands = 1,
	.run = run,
};
