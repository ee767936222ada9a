/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cli/cmd_ps.c - dhow ps: the containers, newest first.
 */
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/map.h"
#include "base/text.h"
#include "base/units.h"
#include "cli/cmd_list.h"
#include "cli/cmd_session.h"
#include "cli/container_cells.h"
#include "cli/container_filter.h"
#include "cli/docker_format.h"
#include "cli/say.h"
#include "container/usage.h"
#include "spec/platform.h"
#include "store/image.h"
#include "ui/format.h"

#define SHORT_ID 12
#define DIGEST_SHORT "sha256:"
#define CLEAR_SCREEN "\033[H\033[J"

static const struct flag flags[] = {
	{ .name = "all",
	  .letter = 'a',
	  .kind = FLAG_BOOL,
	  .help = "show containers that do not run too" },
	{ .name = "filter",
	  .letter = 'f',
	  .meta = "KEY=VALUE",
	  .kind = FLAG_LIST,
	  .help = "show those that match: name, id, label, status, ancestor, network, volume, health, exited, publish, expose, before, since and others" },
	{ .name = "format",
	  .meta = "FORMAT",
	  .kind = FLAG_STR,
	  .help = "print by a Go template, table TEMPLATE, or json" },
	{ .name = "last",
	  .letter = 'n',
	  .meta = "N",
	  .kind = FLAG_INT,
	  .min = -1,
	  .max = INT32_MAX,
	  .fallback = "-1",
	  .help = "show the N newest, whatever became of them" },
	{ .name = "latest",
	  .letter = 'l',
	  .kind = FLAG_BOOL,
	  .help = "show the newest, whatever became of it" },
	{ .name = "no-trunc",
	  .kind = FLAG_BOOL,
	  .help = "print whole ids and commands" },
	{ .name = "noheading", .kind = FLAG_BOOL, .help = "print no headings" },
	{ .name = "quiet",
	  .letter = 'q',
	  .kind = FLAG_BOOL,
	  .help = "print ids only" },
	{ .name = "size",
	  .letter = 's',
	  .kind = FLAG_BOOL,
	  .help = "show what each takes on disk" },
	{ .name = "sort",
	  .meta = "BY",
	  .kind = FLAG_ENUM,
	  .values = "command|created|id|image|names|runningfor|size|status",
	  .fallback = "created",
	  .help = "order of the list" },
	{ .name = "watch",
	  .letter = 'w',
	  .meta = "SECONDS",
	  .kind = FLAG_INT,
	  .min = 1,
	  .max = 86400,
	  .help = "list them again and again" },
};

struct list;
typedef void (*cell_fn)(struct list *list, struct strbuf *sb,
			const struct container *container);

struct list {
	struct cmd_ctx *ctx;
	struct session session;
	struct store *store;
	struct container_vec found;
	struct container_filter filter;
	struct map images; /* name as typed → id of what it names now */
	struct format_request request;
	char *format; /* of config.json, or NULL */
	int64_t now_ns;
	bool no_trunc;
	bool wants_size; /* it is slow: not for "json" alone, as in docker */
};

static void
list_release(struct list *list)
{
	for (map_each(e, &list->images))
		free(e->value);
	map_release(&list->images);
	container_vec_release(&list->found);
	container_filter_release(&list->filter);
	free(list->format);
	session_close(&list->session);
}

static void
cell_id(struct list *list, struct strbuf *sb, const struct container *c)
{
	strbuf_addf(sb, "%.*s", list->no_trunc ? CONTAINER_ID_BYTES : SHORT_ID,
		    c->id);
}

/* The id of the image that @name means now; "" when there is none. */
static const char *
image_of_name(struct list *list, const char *name)
{
	struct image_row row = { .line = NULL };
	char *id = map_get(&list->images, name);

	if (id)
		return id;
	if (image_find(list->store, name, &row, NULL, NULL) == 0) {
		id = xstrdup(row.id.text);
		image_row_release(&row);
	} else {
		id = xstrdup("");
	}
	map_set(&list->images, name, id);
	return id;
}

/* The name that was typed, unless that means another image by now. */
static void
cell_image(struct list *list, struct strbuf *sb, const struct container *c)
{
	const char *name =
		node_str_or(node_get(c->config, "ImageName"), "<no image>");
	const char *id = node_str_or(node_get(c->config, "Image"), "");
	const char *hex = text_after(id, DIGEST_SHORT);

	if (!hex || !strcmp(image_of_name(list, name), id))
		strbuf_addstr(sb, name);
	else
		strbuf_addf(sb, "%.*s",
			    list->no_trunc ? DIGEST_BYTES : SHORT_ID,
			    list->no_trunc ? id : hex);
}

static void
cell_command(struct list *list, struct strbuf *sb, const struct container *c)
{
	cell_add_command(sb, c->config, list->no_trunc);
}

static void
cell_created(struct list *list, struct strbuf *sb, const struct container *c)
{
	units_add_local_time(sb, node_get_int(c->config, "Created", 0));
}

static void
cell_running_for(struct list *list, struct strbuf *sb,
		 const struct container *c)
{
	cell_add_ago(sb, node_get_int(c->config, "Created", 0), list->now_ns);
}

static void
cell_ports(struct list *list, struct strbuf *sb, const struct container *c)
{
	cell_add_ports(sb, c);
}

static void
cell_state(struct list *list, struct strbuf *sb, const struct container *c)
{
	strbuf_addstr(sb, container_status_name(c->state.status));
}

static void
cell_status(struct list *list, struct strbuf *sb, const struct container *c)
{
	cell_add_status(sb, &c->state, list->now_ns);
}

static void
cell_health(struct list *list, struct strbuf *sb, const struct container *c)
{
	if (c->state.health.status != HEALTH_NONE)
		strbuf_addstr(sb, health_status_name(c->state.health.status));
}

/* "12B (virtual 77.9MB)" */
static void
cell_size(struct list *list, struct strbuf *sb, const struct container *c)
{
	struct container_usage usage;

	if (!list->wants_size) {
		strbuf_addstr(sb, "0B");
		return;
	}
	if (container_usage(&list->session, c, &usage, NULL) < 0)
		return;
	units_add_size(sb, (uint64_t)usage.written_bytes);
	strbuf_addstr(sb, " (virtual ");
	units_add_size(sb, (uint64_t)usage.written_bytes +
				   (uint64_t)usage.image_bytes);
	strbuf_addch(sb, ')');
}

static void
cell_names(struct list *list, struct strbuf *sb, const struct container *c)
{
	strbuf_addstr(sb, c->name);
}

static void
cell_labels(struct list *list, struct strbuf *sb, const struct container *c)
{
	cell_add_labels(sb, c->config);
}

static void
cell_mounts(struct list *list, struct strbuf *sb, const struct container *c)
{
	cell_add_mounts(sb, c->config, list->no_trunc);
}

static void
cell_volumes(struct list *list, struct strbuf *sb, const struct container *c)
{
	strbuf_addf(sb, "%d", cell_count_volumes(c->config));
}

static void
cell_networks(struct list *list, struct strbuf *sb, const struct container *c)
{
	cell_add_networks(sb, c);
}

static void
cell_platform(struct list *list, struct strbuf *sb, const struct container *c)
{
	struct platform host;

	platform_host(&host);
	platform_add(sb, &host);
}

static const struct format_field fields[] = {
	{ "Command", "COMMAND" },
	{ "CreatedAt", "CREATED AT" },
	{ "HealthStatus", "HEALTH" },
	{ "ID", "CONTAINER ID" },
	{ "Image", "IMAGE" },
	{ "Labels", "LABELS" },
	{ "LocalVolumes", "LOCAL VOLUMES" },
	{ "Mounts", "MOUNTS" },
	{ "Names", "NAMES" },
	{ "Networks", "NETWORKS" },
	{ "Platform", "PLATFORM" },
	{ "Ports", "PORTS" },
	{ "RunningFor", "CREATED" },
	{ "Size", "SIZE" },
	{ "State", "STATE" },
	{ "Status", "STATUS" },
};

/* One for each of the fields. */
static const cell_fn cells[] = {
	cell_command,     cell_created,  cell_health,   cell_id,
	cell_image,       cell_labels,   cell_volumes,  cell_mounts,
	cell_names,       cell_networks, cell_platform, cell_ports,
	cell_running_for, cell_size,     cell_state,    cell_status,
};

_Static_assert(ARRAY_LEN(fields) == ARRAY_LEN(cells), "a cell for each field");

static const struct format_listing listing = {
	.fields = fields,
	.field_count = ARRAY_LEN(fields),
	.columns = "ID|Image|Command|RunningFor|Status|Ports|Names",
	.raw = "container_id: {{.ID}}\nimage: {{.Image}}\n"
	       "command: {{.Command}}\ncreated_at: {{.CreatedAt}}\n"
	       "state: {{.State}}\nstatus: {{.Status}}\nnames: {{.Names}}\n"
	       "labels: {{.Labels}}\nports: {{.Ports}}\n",
	.quiet = "ID",
};

/* Keep what is asked for, in its order. */
static void
select_containers(struct list *list)
{
	const struct args *args = list->ctx->args;
	int64_t limit = args_bool(args, "latest") ? 1 : args_int(args, "last");
	bool all = args_bool(args, "all") || list->filter.all || limit > 0;
	size_t kept = 0;

	for (size_t i = 0; i < list->found.len; i++) {
		struct container *one = &list->found.items[i];
		bool shown =
			(all || container_status_is_live(one->state.status)) &&
			(limit <= 0 || (int64_t)kept < limit) &&
			container_filter_match(&list->filter, one);

		if (shown && kept != i)
			list->found.items[kept] = *one;
		else if (!shown)
			container_release(one);
		kept += shown;
	}
	list->found.len = kept;
}

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

/* The column that --sort names; NULL for the order there is. */
static const char *
sort_field(const char *by)
{
	static const struct {
		const char *by, *field;
	} orders[] = {
		{ "command", "Command" }, { "id", "ID" },
		{ "image", "Image" },     { "names", "Names" },
		{ "status", "Status" },
	};

	for (size_t i = 0; i < ARRAY_LEN(orders); i++)
		if (!strcmp(orders[i].by, by))
			return orders[i].field;
	return NULL;
}

struct sort_key {
	struct container container;
	char *text;
	int64_t size;
};

static int
compare_keys(const void *a, const void *b)
{
	const struct sort_key *x = a, *y = b;

	if (x->size != y->size)
		return x->size < y->size ? -1 : 1;
	return strcmp(x->text, y->text);
}

static int64_t
size_of(struct list *list, const struct container *container)
{
	struct container_usage usage = { .written_bytes = 0 };

	(void)container_usage(&list->session, container, &usage, NULL);
	return usage.written_bytes;
}

static void
sort_containers(struct list *list, const char *by)
{
	const char *field = sort_field(by);
	cleanup_free struct sort_key *keys_ =
		xcalloc(list->found.len + 1, sizeof(*keys_));

	if (!field && strcmp(by, "size") != 0)
		return;
	for (size_t i = 0; i < list->found.len; i++) {
		cleanup_strbuf struct strbuf text = STRBUF_INIT;
		struct container *one = &list->found.items[i];

		for (size_t k = 0; field && k < ARRAY_LEN(fields); k++)
			if (!strcmp(fields[k].name, field))
				cells[k](list, &text, one);
		keys_[i] = (struct sort_key){ *one, strbuf_take(&text),
					      field ? 0 : size_of(list, one) };
	}
	qsort(keys_, list->found.len, sizeof(*keys_), compare_keys);
	for (size_t i = 0; i < list->found.len; i++) {
		list->found.items[i] = keys_[i].container;
		free(keys_[i].text);
	}
}

static int
print_containers(struct list *list)
{
	cleanup_node struct node *rows = node_new_arr();
	cleanup_node struct node *labels = node_new_arr();
	cleanup_strbuf struct strbuf out = STRBUF_INIT;
	bool shows[ARRAY_LEN(fields)];
	int r;

	format_shown(&listing, &list->request, shows);
	for (size_t i = 0; i < list->found.len; i++) {
		const struct container *one = &list->found.items[i];
		struct node *row = node_push(rows, node_new_obj());

		node_push(labels, labels_of(one->config));
		for (size_t k = 0; k < ARRAY_LEN(fields); k++) {
			cleanup_strbuf struct strbuf value = STRBUF_INIT;

			if (!shows[k])
				continue;
			cells[k](list, &value, one);
			node_set_str(row, fields[k].name, value.buf);
		}
	}
	list->request.labels = labels;
	r = format_rows(&listing, &list->request, rows, &out, list->ctx->err);
	if (r == 0)
		say_text(&out);
	return r;
}

/* What was asked for, by flags and by docker's config.json. */
static void
read_request(struct list *list)
{
	const struct args *args = list->ctx->args;

	list->request = (struct format_request){
		.format = args_str(args, "format"),
		.is_quiet = args_bool(args, "quiet"),
		.no_heading = args_bool(args, "noheading"),
	};
	if (args_bool(args, "size"))
		list->request.columns =
			"ID|Image|Command|RunningFor|Status|Ports|Names|Size";
	if (!list->request.format && !list->request.is_quiet) {
		list->format = docker_format(list->ctx, "psFormat");
		list->request.format = list->format;
	}
	list->wants_size =
		args_bool(args, "size") ||
		(list->request.format && strstr(list->request.format, ".Size"));
}

/* Read all there is and show it. */
static int
show(struct list *list)
{
	int r;

	list->now_ns = units_now_ns();
	container_vec_release(&list->found);
	r = container_list(&list->session, &list->found, list->ctx->err);
	if (r < 0)
		return r;
	select_containers(list);
	sort_containers(list, args_str(list->ctx->args, "sort"));
	return print_containers(list);
}

/* --watch: again and again, on a clear screen. */
static int
watch(struct list *list)
{
	int wait_ms = (int)args_int(list->ctx->args, "watch") * 1000;
	int r = 0;

	while (r == 0) {
		if (isatty(STDOUT_FILENO))
			(void)fputs(CLEAR_SCREEN, stdout);
		r = show(list);
		if (fflush(stdout) == EOF)
			return 0;
		(void)poll(NULL, 0, wait_ms);
	}
	return r;
}

static int
run(struct cmd_ctx *ctx)
{
	cleanup_release(list_release) struct list list = {
		.ctx = ctx,
		.session = SESSION_INIT,
		.found = CONTAINER_VEC_INIT,
		.images = MAP_INIT,
		.no_trunc = args_bool(ctx->args, "no-trunc"),
	};
	int r;

	read_request(&list);
	r = cmd_store(ctx, &list.session, &list.store);
	if (r == 0)
		r = container_filter_parse(&list.session,
					   args_list(ctx->args, "filter"),
					   &list.filter, ctx->err);
	if (r < 0)
		return r;
	return args_given(ctx->args, "watch") ? watch(&list) : show(&list);
}

static const struct cmd_example examples[] = {
	{ "list what runs", "dhow ps" },
	{ "list all there is, with sizes", "dhow ps -a -s" },
	{ "ids of those that ended badly", "dhow ps -a -q --filter exited=1" },
	{ "names and ports",
	  "dhow ps --format 'table {{.Names}}\\t{{.Ports}}'" },
};

const struct cmd cmd_ps = {
	.path = "ps",
	.aliases = "container ls|container list|container ps",
	.summary = "list containers",
	CMD_FLAGS(flags),
	CMD_EXAMPLES(examples),
	.run = run,
};
