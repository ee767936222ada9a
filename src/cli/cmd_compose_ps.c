/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cli/cmd_compose_ps.c - dhow compose ps: the containers of a project.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "base/text.h"
#include "base/units.h"
#include "cli/cmd_list.h"
#include "cli/compose_ctx.h"
#include "cli/container_cells.h"
#include "cli/say.h"
#include "ui/format.h"

static const struct flag flags[] = {
	{ .name = "all",
	  .letter = 'a',
	  .kind = FLAG_BOOL,
	  .help = "stopped ones and those of compose run too" },
	{ .name = "filter",
	  .meta = "status=STATUS",
	  .kind = FLAG_STR,
	  .help = "only containers in this state" },
	{ .name = "format",
	  .meta = "table|json|TEMPLATE",
	  .kind = FLAG_STR,
	  .help = "how to print them" },
	{ .name = "no-trunc",
	  .kind = FLAG_BOOL,
	  .help = "print whole ids and commands" },
	{ .name = "orphans",
	  .kind = FLAG_BOOL,
	  .fallback = "true",
	  .help = "services that the files do not have too" },
	{ .name = "quiet",
	  .letter = 'q',
	  .kind = FLAG_BOOL,
	  .help = "print ids only" },
	{ .name = "services",
	  .kind = FLAG_BOOL,
	  .help = "print names of services only" },
	{ .name = "status",
	  .kind = FLAG_LIST,
	  .values = "paused|restarting|removing|running|dead|created|exited",
	  .meta = "STATUS",
	  .help = "only containers in this state" },
};

static const struct format_field fields[] = {
	{ "Command", "COMMAND" },    { "CreatedAt", "CREATED AT" },
	{ "ExitCode", "EXIT CODE" }, { "Health", "HEALTH" },
	{ "ID", "CONTAINER ID" },    { "Image", "IMAGE" },
	{ "Labels", "LABELS" },      { "Mounts", "MOUNTS" },
	{ "Name", "NAME" },          { "Names", "NAMES" },
	{ "Networks", "NETWORKS" },  { "Ports", "PORTS" },
	{ "Project", "PROJECT" },    { "RunningFor", "CREATED" },
	{ "Service", "SERVICE" },    { "State", "STATE" },
	{ "Status", "STATUS" },
};

static const struct format_listing listing = {
	.fields = fields,
	.field_count = ARRAY_LEN(fields),
	.columns = "Name|Image|Command|Service|RunningFor|Status|Ports",
	.quiet = "ID",
};

typedef void (*cell_fn)(struct strbuf *sb, const struct container *c);

static void
set_cell(struct node *row, const char *name, cell_fn fn,
	 const struct container *c)
{
	cleanup_strbuf struct strbuf sb = STRBUF_INIT;

	fn(&sb, c);
	node_set_str(row, name, sb.buf);
}

static void
cell_labels(struct strbuf *sb, const struct container *c)
{
	cell_add_labels(sb, c->config);
}

static void
cell_mounts(struct strbuf *sb, const struct container *c)
{
	cell_add_mounts(sb, c->config, false);
}

static void
cell_status(struct strbuf *sb, const struct container *c)
{
	cell_add_status(sb, &c->state, units_now_ns());
}

static void
cell_since(struct strbuf *sb, const struct container *c)
{
	cell_add_ago(sb, node_get_int(c->config, "Created", 0), units_now_ns());
}

static void
cell_created(struct strbuf *sb, const struct container *c)
{
	units_add_local_time(sb, node_get_int(c->config, "Created", 0));
}

static struct node *
make_row(const struct world_container *one, const struct container *c,
	 bool no_trunc)
{
	struct node *row = node_new_obj();
	cleanup_free char *id = xstrndup(one->id, no_trunc ? 64 : 12);
	cleanup_free char *code = xasprintf("%d", one->exit_code);
	cleanup_strbuf struct strbuf command = STRBUF_INIT;

	cell_add_command(&command, c->config, no_trunc);
	node_set_str(row, "ID", id);
	node_set_str(row, "Name", one->name);
	node_set_str(row, "Names", one->name);
	node_set_str(row, "Image",
		     node_str_or(node_get(c->config, "ImageName"), ""));
	node_set_str(row, "Command", command.buf);
	node_set_str(row, "Project", one->project);
	node_set_str(row, "Service", one->service);
	node_set_str(row, "State", container_status_name(one->status));
	node_set_str(row, "ExitCode", code);
	node_set_str(row, "Health",
		     one->health == HEALTH_NONE
			     ? ""
			     : health_status_name(one->health));
	set_cell(row, "Status", cell_status, c);
	set_cell(row, "RunningFor", cell_since, c);
	set_cell(row, "CreatedAt", cell_created, c);
	set_cell(row, "Ports", cell_add_ports, c);
	set_cell(row, "Labels", cell_labels, c);
	set_cell(row, "Mounts", cell_mounts, c);
	set_cell(row, "Networks", cell_add_networks, c);
	return row;
}

/* Published ports as scripts read them. */
static struct node *
publishers(const struct container *c)
{
	const struct port_list *ports = &c->state.ports;
	struct node *list = node_new_arr();

	for (size_t i = 0; i < ports->len; i++) {
		const struct port_spec *port = &ports->items[i];
		struct node *one = node_push(list, node_new_obj());

		node_set_str(one, "URL",
			     port->host_ip[0] ? port->host_ip : "0.0.0.0");
		node_set_int(one, "TargetPort", port->container_port);
		node_set_int(one, "PublishedPort", port->host_first);
		node_set_str(one, "Protocol", port_proto_name(port->proto));
	}
	return list;
}

/* --format json: an object per line, with numbers where they are. */
static void
add_json(struct strbuf *out, struct node *row, const struct container *c)
{
	node_set_int(row, "ExitCode", c->state.exit_code);
	node_set_int(row, "Created",
		     node_get_int(c->config, "Created", 0) / UNITS_NS_PER_S);
	node_set(row, "Publishers", publishers(c));
	node_sort_keys(row);
	node_write_json(out, row, NODE_COMPACT);
	strbuf_addch(out, '\n');
}

static bool
is_shown(const struct compose *compose, const struct world_container *one)
{
	const struct args *args = compose->ctx->args;
	const struct strvec *states = args_list(args, "status");
	const char *filter = args_str(args, "filter");
	const char *state = container_status_name(one->status);
	const char *wanted = filter ? text_after(filter, "status=") : NULL;
	bool known = strvec_has(&compose->selected, one->service) ||
		     (!compose->in.named->len && args_bool(args, "orphans"));

	if (!known)
		return false;
	if (states->len)
		return strvec_has(states, state);
	if (wanted)
		return !strcmp(wanted, state);
	return args_bool(args, "all") ||
	       (!one->oneoff && container_status_is_live(one->status));
}

static int
print_services(const struct compose *compose)
{
	cleanup_strvec struct strvec names = STRVEC_INIT;

	for (size_t i = 0; i < compose->world.container_count; i++) {
		const struct world_container *one =
			&compose->world.containers[i];

		if (is_shown(compose, one) && !strvec_has(&names, one->service))
			strvec_add(&names, one->service);
	}
	for (size_t i = 0; i < names.len; i++)
		(void)puts(names.v[i]);
	return 0;
}

static int
print_rows(struct compose *compose)
{
	const struct args *args = compose->ctx->args;
	const char *format = args_str(args, "format");
	bool json = format && !strcmp(format, "json");
	bool quiet = args_bool(args, "quiet");
	cleanup_node struct node *rows = node_new_arr();
	cleanup_strbuf struct strbuf out = STRBUF_INIT;
	const struct format_request request = { .format = format,
						.is_quiet = quiet };
	struct err *err = compose->ctx->err;
	int r = 0;

	for (size_t i = 0; i < compose->world.container_count; i++) {
		const struct world_container *one =
			&compose->world.containers[i];
		cleanup_container struct container c = CONTAINER_INIT;
		struct node *row;

		if (!is_shown(compose, one))
			continue;
		if (container_find(&compose->session, one->id, &c, NULL) < 0)
			continue;
		row = node_push(rows,
				make_row(one, &c,
					 quiet || args_bool(args, "no-trunc")));
		if (json && !quiet)
			add_json(&out, row, &c);
	}
	if (!json || quiet)
		r = format_rows(&listing, &request, rows, &out, err);
	if (r == 0)
		say_text(&out);
	return r;
}

static int
run(struct cmd_ctx *ctx)
{
	cleanup_compose struct compose compose = COMPOSE_INIT;
	const char *filter = args_str(ctx->args, "filter");
	int r;

	if (filter && !text_starts(filter, "status=") &&
	    !text_starts(filter, "source="))
		return err_set(ctx->err, EINVAL,
			       "--filter '%s': status=STATUS is known", filter);
	r = compose_begin(&compose, ctx, NULL,
			  COMPOSE_NO_FILES | COMPOSE_MAYBE_NONE);
	if (r)
		return r;
	return args_bool(ctx->args, "services") ? print_services(&compose)
						: print_rows(&compose);
}

static const struct cmd_example examples[] = {
	{ "containers of this project", "dhow compose ps" },
	{ "the id of a service's container", "dhow compose ps -q web" },
};

const struct cmd cmd_compose_ps = {
	.path = "compose ps",
	.summary = "list the containers of a project",
	.operands = "[SERVICE...]",
	CMD_FLAGS(flags),
	CMD_EXAMPLES(examples),
	.max_operands = CMD_MANY,
	.run = run,
};
