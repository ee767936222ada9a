/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cli/cmd_network_ls.c - dhow network ls.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/alloc.h"
#include "base/units.h"
#include "cli/cmd_list.h"
#include "cli/cmd_session.h"
#include "cli/docker_format.h"
#include "cli/say.h"
#include "container/network_make.h"
#include "spec/filter.h"
#include "ui/format.h"

#define SHORT_ID 12

static const struct flag flags[] = {
	{ .name = "filter",
	  .letter = 'f',
	  .meta = "KEY=VALUE",
	  .kind = FLAG_LIST,
	  .help = "show those that match: dangling, driver, id, label, name, scope, type, until" },
	{ .name = "format",
	  .meta = "FORMAT",
	  .kind = FLAG_STR,
	  .help = "print by a Go template, table TEMPLATE, or json" },
	{ .name = "no-trunc", .kind = FLAG_BOOL, .help = "print whole ids" },
	{ .name = "noheading",
	  .letter = 'n',
	  .kind = FLAG_BOOL,
	  .help = "print no headings" },
	{ .name = "quiet",
	  .letter = 'q',
	  .kind = FLAG_BOOL,
	  .help = "print ids only" },
};

static const struct format_field fields[] = {
	{ "CreatedAt", "CREATED AT" },
	{ "Driver", "DRIVER" },
	{ "ID", "NETWORK ID" },
	{ "IPv4", "IPV4" },
	{ "IPv6", "IPV6" },
	{ "Internal", "INTERNAL" },
	{ "Labels", "LABELS" },
	{ "Name", "NAME" },
	{ "Scope", "SCOPE" },
};

static const struct format_listing listing = {
	.fields = fields,
	.field_count = ARRAY_LEN(fields),
	.columns = "ID|Name|Driver|Scope",
	.raw = "network_id: {{.ID}}\nname: {{.Name}}\ndriver: {{.Driver}}\n"
	       "scope: {{.Scope}}\n",
	.quiet = "ID",
};

static const char *const filter_keys[] = {
	"dangling", "driver", "id",   "label", "label!",
	"name",     "scope",  "type", "until", NULL,
};

static bool
is_shown(struct session *session, const struct netdef *def,
	 const struct filter *filter, int64_t until_ns)
{
	int64_t created_ns = 0;
	bool dangling = false, used = true;

	(void)units_parse_rfc3339(def->created, &created_ns, NULL);
	if (filter_has(filter, "dangling")) {
		if (filter_bool(filter, "dangling", &dangling, NULL) < 0 ||
		    network_is_used(session, def, &used, NULL) < 0 ||
		    dangling != (!used && !def->predefined))
			return false;
	}
	return created_ns < until_ns &&
	       filter_match(filter, "driver", def->driver) &&
	       filter_match_prefix(filter, "id", def->id) &&
	       filter_match_labels(filter, def->labels) &&
	       filter_match_name(filter, "name", def->name) &&
	       filter_match(filter, "scope", "local") &&
	       filter_match(filter, "type",
			    def->predefined ? "builtin" : "custom");
}

static void
add_labels(struct strbuf *sb, const struct node *labels)
{
	for (size_t i = 0; i < node_len(labels); i++)
		strbuf_addf(sb, "%s%s=%s", i ? "," : "", node_key_at(labels, i),
			    node_str_or(node_value_at(labels, i), ""));
}

/* Go's "2006-01-02 15:04:05.999999999 -0700 MST". */
static void
add_created(struct strbuf *sb, const char *rfc3339)
{
	char text[64] = "", zone[32] = "";
	int64_t ns = 0;
	time_t seconds;
	struct tm tm;

	(void)units_parse_rfc3339(rfc3339, &ns, NULL);
	seconds = (time_t)(ns / UNITS_NS_PER_S);
	if (!localtime_r(&seconds, &tm))
		return;
	(void)strftime(text, sizeof(text), "%Y-%m-%d %H:%M:%S", &tm);
	(void)strftime(zone, sizeof(zone), "%z %Z", &tm);
	strbuf_addf(sb, "%s.%09d %s", text, (int)(ns % UNITS_NS_PER_S), zone);
}

static struct node *
row_of(const struct netdef *def, bool no_trunc)
{
	cleanup_strbuf struct strbuf labels = STRBUF_INIT;
	cleanup_strbuf struct strbuf created = STRBUF_INIT;
	cleanup_free char *id =
		xstrndup(def->id, no_trunc ? strlen(def->id) : SHORT_ID);
	struct node *row = node_new_obj();

	add_labels(&labels, def->labels);
	add_created(&created, def->created);
	node_set_str(row, "CreatedAt", created.buf);
	node_set_str(row, "Driver", def->driver);
	node_set_str(row, "ID", id);
	node_set_str(row, "IPv4", "true");
	node_set_str(row, "IPv6", def->ipv6 ? "true" : "false");
	node_set_str(row, "Internal", def->internal ? "true" : "false");
	node_set_str(row, "Labels", labels.buf);
	node_set_str(row, "Name", def->name);
	node_set_str(row, "Scope", "local");
	return row;
}

static int
list(struct cmd_ctx *ctx, struct session *session, const struct filter *filter,
     struct node *rows)
{
	cleanup_netdef_vec struct netdef_vec vec = NETDEF_VEC_INIT;
	const char *until = filter_value(filter, "until");
	int64_t until_ns = INT64_MAX;
	struct store *store;
	int r = session_store(session, &store, ctx->err);

	if (r == 0 && until)
		r = units_parse_time(until, units_now_ns(), &until_ns,
				     ctx->err);
	if (r == 0)
		r = netdef_list(store, &vec, ctx->err);
	for (size_t i = 0; r == 0 && i < vec.len; i++)
		if (is_shown(session, &vec.items[i], filter, until_ns))
			node_push(rows,
				  row_of(&vec.items[i],
					 args_bool(ctx->args, "no-trunc")));
	return r;
}

static int
run(struct cmd_ctx *ctx)
{
	cleanup_session struct session session = SESSION_INIT;
	cleanup_filter struct filter filter = FILTER_INIT;
	cleanup_node struct node *rows = node_new_arr();
	cleanup_strbuf struct strbuf out = STRBUF_INIT;
	cleanup_free char *format = NULL;
	struct format_request request = {
		.format = args_str(ctx->args, "format"),
		.is_quiet = args_bool(ctx->args, "quiet"),
		.no_heading = args_bool(ctx->args, "noheading"),
	};
	int r = filter_add_all(&filter, args_list(ctx->args, "filter"),
			       filter_keys, ctx->err);

	if (!request.format && !request.is_quiet)
		request.format = format = docker_format(ctx, "networksFormat");
	if (r == 0)
		r = cmd_session(ctx, &session);
	if (r == 0)
		r = list(ctx, &session, &filter, rows);
	if (r == 0)
		r = format_rows(&listing, &request, rows, &out, ctx->err);
	if (r == 0)
		say_text(&out);
	return r;
}

static const struct cmd_example examples[] = {
	{ "list all networks", "dhow network ls" },
	{ "names of those you made",
	  "dhow network ls --filter type=custom --format '{{.Name}}'" },
};

const struct cmd cmd_network_ls = {
	.path = "network ls",
	.aliases = "network list",
	.summary = "list networks",
	CMD_FLAGS(flags),
	CMD_EXAMPLES(examples),
	.run = run,
};
