/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cli/cmd_volume_ls.c - dhow volume ls.
 */
#include <string.h>

#include "base/alloc.h"
#include "base/units.h"
#include "cli/cmd_list.h"
#include "cli/cmd_session.h"
#include "cli/docker_format.h"
#include "cli/say.h"
#include "cli/volume_node.h"
#include "container/volumes.h"
#include "spec/filter.h"
#include "ui/format.h"

#define UNKNOWN "N/A"

static const struct flag flags[] = {
	{ .name = "filter",
	  .letter = 'f',
	  .meta = "KEY=VALUE",
	  .kind = FLAG_LIST,
	  .help = "show those that match: anonymous, dangling, driver, label, name, scope, until" },
	{ .name = "format",
	  .meta = "FORMAT",
	  .kind = FLAG_STR,
	  .help = "print by a Go template, table TEMPLATE, or json" },
	{ .name = "noheading",
	  .letter = 'n',
	  .kind = FLAG_BOOL,
	  .help = "print no headings" },
	{ .name = "quiet",
	  .letter = 'q',
	  .kind = FLAG_BOOL,
	  .help = "print names only" },
};

static const char *const filter_keys[] = {
	"anonymous", "dangling", "driver", "label", "label!",
	"name",      "scope",    "until",  NULL,
};

static const struct format_field fields[] = {
	{ "Availability", "AVAILABILITY" },
	{ "Driver", "DRIVER" },
	{ "Group", "GROUP" },
	{ "Labels", "LABELS" },
	{ "Links", "LINKS" },
	{ "Mountpoint", "MOUNTPOINT" },
	{ "Name", "VOLUME NAME" },
	{ "Scope", "SCOPE" },
	{ "Size", "SIZE" },
	{ "Status", "STATUS" },
};

static const struct format_listing listing = {
	.fields = fields,
	.field_count = ARRAY_LEN(fields),
	.columns = "Driver|Name",
	.raw = "name: {{.Name}}\ndriver: {{.Driver}}\n",
	.quiet = "Name",
};

struct list {
	struct cmd_ctx *ctx;
	struct session session;
	struct store *store;
	struct filter filter;
	struct container_vec containers; /* for dangling= */
	struct format_request request;
	char *format; /* of config.json, or NULL */
	bool anonymous, dangling;
	int64_t until_ns;
};

static void
list_release(struct list *list)
{
	container_vec_release(&list->containers);
	filter_release(&list->filter);
	free(list->format);
	session_close(&list->session);
}

static bool
is_shown(const struct list *list, const struct volume *volume)
{
	const struct filter *filter = &list->filter;
	int64_t created_ns = 0;

	(void)units_parse_rfc3339(
		node_str_or(node_get(volume->doc, "createdAt"), ""),
		&created_ns, NULL);
	if (filter_has(filter, "dangling") &&
	    list->dangling == (volumes_count_users(&list->containers,
						   volume->name, NULL) > 0))
		return false;
	if (filter_has(filter, "anonymous") &&
	    list->anonymous != volume_is_anonymous(volume))
		return false;
	return filter_match(filter, "driver", "local") &&
	       filter_match(filter, "scope", "local") &&
	       filter_match_name(filter, "name", volume->name) &&
	       filter_match_labels(filter, node_get(volume->doc, "labels")) &&
	       created_ns < list->until_ns;
}

static void
add_labels(struct strbuf *sb, const struct node *labels)
{
	for (size_t i = 0; i < node_len(labels); i++)
		strbuf_addf(sb, "%s%s=%s", i ? "," : "", node_key_at(labels, i),
			    node_str_or(node_value_at(labels, i), ""));
}

static struct node *
volume_row(struct list *list, const struct volume *volume)
{
	static const char *const unknown[] = { "Availability", "Group", "Links",
					       "Size", "Status" };
	cleanup_node struct node *full = volume_node(&list->session, volume);
	cleanup_strbuf struct strbuf labels = STRBUF_INIT;
	struct node *row = node_new_obj();

	add_labels(&labels, node_get(full, "Labels"));
	for (size_t i = 0; i < ARRAY_LEN(unknown); i++)
		node_set_str(row, unknown[i], UNKNOWN);
	node_set_str(row, "Driver", "local");
	node_set_str(row, "Labels", labels.buf);
	node_set_str(row, "Mountpoint", node_get_str(full, "Mountpoint"));
	node_set_str(row, "Name", volume->name);
	node_set_str(row, "Scope", "local");
	return row;
}

static int
print_volumes(struct list *list)
{
	cleanup_strvec struct strvec names = STRVEC_INIT;
	cleanup_node struct node *rows = node_new_arr();
	cleanup_node struct node *labels = node_new_arr();
	cleanup_strbuf struct strbuf out = STRBUF_INIT;
	int r = volume_list(list->store, &names, list->ctx->err);

	for (size_t i = 0; r == 0 && i < names.len; i++) {
		cleanup_volume struct volume volume = VOLUME_INIT;
		const struct node *own;

		/* It may be gone by now. */
		if (volume_open(list->store, names.v[i], &volume, NULL) < 0 ||
		    !is_shown(list, &volume))
			continue;
		own = node_get(volume.doc, "labels");
		node_push(rows, volume_row(list, &volume));
		node_push(labels, own ? node_clone(own) : node_new_obj());
	}
	list->request.labels = labels;
	if (r == 0)
		r = format_rows(&listing, &list->request, rows, &out,
				list->ctx->err);
	if (r == 0)
		say_text(&out);
	return r;
}

static int
read_filter(struct list *list)
{
	struct err *err = list->ctx->err;
	const char *until;
	int r = filter_add_all(&list->filter,
			       args_list(list->ctx->args, "filter"),
			       filter_keys, err);

	until = filter_value(&list->filter, "until");
	if (r == 0)
		r = filter_bool(&list->filter, "dangling", &list->dangling,
				err);
	if (r == 0)
		r = filter_bool(&list->filter, "anonymous", &list->anonymous,
				err);
	if (r == 0 && until)
		r = units_parse_time(until, units_now_ns(), &list->until_ns,
				     err);
	return r;
}

static int
run(struct cmd_ctx *ctx)
{
	cleanup_release(list_release) struct list list = {
		.ctx = ctx,
		.session = SESSION_INIT,
		.until_ns = INT64_MAX,
		.request = { .format = args_str(ctx->args, "format"),
			     .is_quiet = args_bool(ctx->args, "quiet"),
			     .no_heading = args_bool(ctx->args, "noheading") },
	};
	int r = read_filter(&list);

	if (!list.request.format && !list.request.is_quiet) {
		list.format = docker_format(ctx, "volumesFormat");
		list.request.format = list.format;
	}
	if (r == 0)
		r = cmd_store(ctx, &list.session, &list.store);
	if (r == 0 && filter_has(&list.filter, "dangling"))
		r = container_list(&list.session, &list.containers, ctx->err);
	return r < 0 ? r : print_volumes(&list);
}

static const struct cmd_example examples[] = {
	{ "list all volumes", "dhow volume ls" },
	{ "names of those that no container mounts",
	  "dhow volume ls -q -f dangling=true" },
};

const struct cmd cmd_volume_ls = {
	.path = "volume ls",
	.aliases = "volume list",
	.summary = "list volumes",
	CMD_FLAGS(flags),
	CMD_EXAMPLES(examples),
	.run = run,
};
