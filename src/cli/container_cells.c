/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cli/container_cells.c - a container in words, as listings show it.
 */
#include "cli/container_cells.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/units.h"
#include "container/networks.h"
#include "data/template.h"
#include "ui/width.h"

#define CELL_COMMAND_COLUMNS 20
#define CELL_MOUNT_COLUMNS 15

void
cell_add_cut(struct strbuf *sb, const char *text, size_t columns)
{
	struct span all = span_of(text);

	if (width_of(all) > columns) {
		all = width_cut(all, columns - 1);
		strbuf_add(sb, all.ptr, all.len);
		strbuf_addstr(sb, "…");
	} else {
		strbuf_addstr(sb, text);
	}
}

void
cell_add_ago(struct strbuf *sb, int64_t then_ns, int64_t now_ns)
{
	units_add_age(sb, (now_ns - then_ns) / UNITS_NS_PER_S);
	strbuf_addstr(sb, " ago");
}

static void
add_up(struct strbuf *sb, const struct container_state *state, int64_t now_ns)
{
	static const char *const health[] = {
		[HEALTH_STARTING] = "health: starting",
		[HEALTH_HEALTHY] = "healthy",
		[HEALTH_UNHEALTHY] = "unhealthy",
	};

	strbuf_addstr(sb, "Up ");
	units_add_age(sb, (now_ns - state->started_ns) / UNITS_NS_PER_S);
	if (state->status == CONTAINER_PAUSED)
		strbuf_addstr(sb, " (Paused)");
	else if (state->health.status != HEALTH_NONE)
		strbuf_addf(sb, " (%s)", health[state->health.status]);
	if (state->elsewhere)
		strbuf_addf(sb, " on %s", state->host);
}

void
cell_add_status(struct strbuf *sb, const struct container_state *state,
		int64_t now_ns)
{
	switch (state->status) {
	case CONTAINER_RUNNING:
	case CONTAINER_PAUSED:
		add_up(sb, state, now_ns);
		return;
	case CONTAINER_RESTARTING:
	case CONTAINER_EXITED:
		strbuf_addf(sb, "%s (%d) ",
			    state->status == CONTAINER_EXITED ? "Exited"
							      : "Restarting",
			    state->exit_code);
		cell_add_ago(sb, state->finished_ns, now_ns);
		return;
	case CONTAINER_REMOVING:
		strbuf_addstr(sb, "Removal In Progress");
		return;
	case CONTAINER_DEAD:
		strbuf_addstr(sb, "Dead");
		return;
	case CONTAINER_CREATED:
	case CONTAINER_STATUS_COUNT:
		strbuf_addstr(sb, "Created");
		return;
	}
}

/* One line of the ports of a container, before they are put together. */
struct port_cell {
	const char *ip; /* "": not published */
	uint16_t public, private;
	enum port_proto proto;
};

struct port_cells {
	struct port_cell *items;
	size_t len, cap;
};

static int
compare_ports(const void *a, const void *b)
{
	const struct port_cell *x = a, *y = b;
	int r;

	if (x->private != y->private)
		return x->private < y->private ? -1 : 1;
	r = strcmp(x->ip, y->ip);
	if (r == 0 && x->public != y->public)
		r = x->public < y->public ? -1 : 1;
	return r ? r
		 : strcmp(port_proto_name(x->proto), port_proto_name(y->proto));
}

static void
collect_ports(const struct container *container, struct port_cells *cells)
{
	const struct port_list *bound = &container->state.ports;
	struct port_list exposed = PORT_LIST_INIT;

	for (size_t i = 0; i < bound->len; i++) {
		const struct port_spec *port = &bound->items[i];
		struct port_cell cell = { port->host_ip, port->host_first,
					  port->container_port, port->proto };

		if (!*cell.ip)
			cell.ip = "0.0.0.0";
		array_push(cells->items, cells->len, cells->cap, cell);
		cell.ip = "::";
		if (!port->host_ip[0])
			array_push(cells->items, cells->len, cells->cap, cell);
	}
	(void)port_list_from_exposed(node_get(container->config, "Exposed"),
				     &exposed, NULL);
	for (size_t i = 0; i < exposed.len; i++) {
		const struct port_spec *port = &exposed.items[i];

		if (!port_list_has(bound, port->container_port, port->proto))
			array_push(cells->items, cells->len, cells->cap,
				   (struct port_cell){ "", 0,
						       port->container_port,
						       port->proto });
	}
	port_list_release(&exposed);
	if (cells->len)
		qsort(cells->items, cells->len, sizeof(*cells->items),
		      compare_ports);
}

static bool
is_moved(const struct port_cell *cell)
{
	return *cell->ip && cell->public != cell->private;
}

static void
add_host(struct strbuf *sb, const struct port_cell *cell)
{
	if (*cell->ip)
		strbuf_addf(sb,
			    strchr(cell->ip, ':') ? "[%s]:" : "%s:", cell->ip);
}

/* Ports in a row, of one address and protocol, the same on both sides. */
struct port_run {
	struct port_cell first;
	uint16_t last;
};

static void
add_run(struct strbuf *sb, const struct port_run *run)
{
	cleanup_strbuf struct strbuf range = STRBUF_INIT;

	strbuf_addf(&range, "%u", run->first.private);
	if (run->last != run->first.private)
		strbuf_addf(&range, "-%u", run->last);
	if (sb->len)
		strbuf_addstr(sb, ", ");
	add_host(sb, &run->first);
	if (*run->first.ip)
		strbuf_addf(sb, "%s->", range.buf);
	strbuf_addf(sb, "%s/%s", range.buf, port_proto_name(run->first.proto));
}

static struct port_run *
find_run(struct port_run *runs, size_t count, const struct port_cell *cell)
{
	for (size_t i = 0; i < count; i++)
		if (runs[i].first.proto == cell->proto &&
		    !strcmp(runs[i].first.ip, cell->ip))
			return &runs[i];
	return NULL;
}

/*
 * In docker's order: a run is told when a gap ends it; then, for each address
 * and protocol as they were first met, the last run.
 */
static void
add_runs(struct strbuf *sb, const struct port_cells *cells)
{
	cleanup_free struct port_run *runs =
		xcalloc(cells->len + 1, sizeof(*runs));
	size_t count = 0;

	for (size_t i = 0; i < cells->len; i++) {
		const struct port_cell *cell = &cells->items[i];
		struct port_run *run = find_run(runs, count, cell);

		if (is_moved(cell))
			continue;
		if (run && cell->private == run->last + 1) {
			run->last = cell->private;
			continue;
		}
		if (run)
			add_run(sb, run);
		else
			run = &runs[count++];
		*run = (struct port_run){ *cell, cell->private };
	}
	for (size_t i = 0; i < count; i++)
		add_run(sb, &runs[i]);
}

void
cell_add_ports(struct strbuf *sb, const struct container *container)
{
	struct port_cells cells = { .items = NULL };
	cleanup_strbuf struct strbuf text = STRBUF_INIT;

	if (!container_status_is_live(container->state.status))
		return;
	collect_ports(container, &cells);
	add_runs(&text, &cells);
	for (size_t i = 0; i < cells.len; i++) {
		const struct port_cell *cell = &cells.items[i];

		if (!is_moved(cell))
			continue;
		if (text.len)
			strbuf_addstr(&text, ", ");
		add_host(&text, cell);
		strbuf_addf(&text, "%u->%u/%s", cell->public, cell->private,
			    port_proto_name(cell->proto));
	}
	strbuf_add(sb, text.buf, text.len);
	free(cells.items);
}

void
cell_add_command(struct strbuf *sb, const struct node *config, bool no_trunc)
{
	cleanup_strbuf struct strbuf all = STRBUF_INIT;
	cleanup_strbuf struct strbuf cut = STRBUF_INIT;
	const struct node *argv = node_get(config, "Argv");

	for (size_t i = 0; i < node_len(argv); i++) {
		const char *arg = node_str_or(node_at(argv, i), "");

		strbuf_addf(&all, i && strchr(arg, ' ') ? "%s'%s'" : "%s%s",
			    i ? " " : "", arg);
	}
	if (!no_trunc)
		cell_add_cut(&cut, all.buf, CELL_COMMAND_COLUMNS);
	template_quote(sb, no_trunc ? all.buf : cut.buf,
		       no_trunc ? all.len : cut.len);
}

void
cell_add_labels(struct strbuf *sb, const struct node *config)
{
	cleanup_strvec struct strvec labels = STRVEC_INIT;

	node_get_strvec(config, "Labels", &labels);
	strvec_sort(&labels);
	for (size_t i = 0; i < labels.len; i++)
		strbuf_addf(sb, "%s%s", i ? "," : "", labels.v[i]);
}

void
cell_add_mounts(struct strbuf *sb, const struct node *config, bool no_trunc)
{
	const struct node *mounts = node_get(config, "Mounts");
	bool first = true;

	for (size_t i = 0; i < node_len(mounts); i++) {
		const char *source = node_get_str(node_at(mounts, i), "Source");

		if (!source)
			continue;
		if (!first)
			strbuf_addch(sb, ',');
		first = false;
		if (no_trunc)
			strbuf_addstr(sb, source);
		else
			cell_add_cut(sb, source, CELL_MOUNT_COLUMNS);
	}
}

int
cell_count_volumes(const struct node *config)
{
	const struct node *mounts = node_get(config, "Mounts");
	int count = 0;

	for (size_t i = 0; i < node_len(mounts); i++)
		count += !strcmp(
			node_str_or(node_get(node_at(mounts, i), "Type"), ""),
			"volume");
	return count;
}

void
cell_add_networks(struct strbuf *sb, const struct container *container)
{
	cleanup_strvec struct strvec names = STRVEC_INIT;

	container_network_names(container, &names);
	for (size_t i = 0; i < names.len; i++)
		strbuf_addf(sb, "%s%s", i ? "," : "", names.v[i]);
}
