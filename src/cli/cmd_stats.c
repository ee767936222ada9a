/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cli/cmd_stats.c - dhow stats: what running containers use.
 */
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/units.h"
#include "cli/cmd_list.h"
#include "cli/cmd_session.h"
#include "cli/docker_format.h"
#include "cli/say.h"
#include "cli/targets.h"
#include "container/lookup.h"
#include "container/stats.h"
#include "ui/format.h"

#define SHORT_ID 12
#define UNKNOWN "--"
#define FIRST_WAIT_MS 500 /* between the two samples of --no-stream */
#define CLEAR_SCREEN "\033[H\033[J"

static const struct flag flags[] = {
	{ .name = "all",
	  .letter = 'a',
	  .kind = FLAG_BOOL,
	  .help = "show containers that do not run too" },
	{ .name = "format",
	  .meta = "FORMAT",
	  .kind = FLAG_STR,
	  .help = "print by a Go template, table TEMPLATE, or json" },
	{ .name = "interval",
	  .letter = 'i',
	  .meta = "SECONDS",
	  .kind = FLAG_INT,
	  .min = 1,
	  .max = 86400,
	  .fallback = "1",
	  .help = "how often to look" },
	TARGETS_LATEST,
	{ .name = "no-reset",
	  .kind = FLAG_BOOL,
	  .help = "do not clear the screen in between" },
	{ .name = "no-stream", .kind = FLAG_BOOL, .help = "look once" },
	{ .name = "no-trunc", .kind = FLAG_BOOL, .help = "print whole ids" },
};

static const struct format_field fields[] = {
	{ "BlockIO", "BLOCK I/O" },   { "CPUPerc", "CPU %" },
	{ "Container", "CONTAINER" }, { "ID", "CONTAINER ID" },
	{ "MemPerc", "MEM %" },       { "MemUsage", "MEM USAGE / LIMIT" },
	{ "Name", "NAME" },           { "NetIO", "NET I/O" },
	{ "PIDs", "PIDS" },
};

static const struct format_listing listing = {
	.fields = fields,
	.field_count = ARRAY_LEN(fields),
	.columns = "ID|Name|CPUPerc|MemUsage|MemPerc|NetIO|BlockIO|PIDs",
	.quiet = "ID",
};

/* What was last seen of one container. */
struct sample {
	char id[CONTAINER_ID_BYTES];
	struct container_stats stats;
};

struct samples {
	struct sample *items;
	size_t len, cap;
};

struct monitor {
	struct cmd_ctx *ctx;
	struct session session;
	struct strvec names; /* those to look at; none: all */
	struct samples before;
	struct format_request request;
	char *format; /* of config.json, or NULL */
};

static void
monitor_release(struct monitor *monitor)
{
	strvec_release(&monitor->names);
	free(monitor->before.items);
	free(monitor->format);
	session_close(&monitor->session);
}

static const struct container_stats *
find_sample(const struct samples *samples, const char *id)
{
	for (size_t i = 0; i < samples->len; i++)
		if (!strcmp(samples->items[i].id, id))
			return &samples->items[i].stats;
	return NULL;
}

/* "1.2kB / 0B" */
static void
set_pair(struct node *row, const char *key, int64_t in, int64_t out,
	 void (*add)(struct strbuf *sb, uint64_t bytes))
{
	cleanup_strbuf struct strbuf text = STRBUF_INIT;

	if (in >= 0)
		add(&text, (uint64_t)in);
	else
		strbuf_addstr(&text, UNKNOWN);
	strbuf_addstr(&text, " / ");
	if (out >= 0)
		add(&text, (uint64_t)out);
	else
		strbuf_addstr(&text, UNKNOWN);
	node_set_str(row, key, text.buf);
}

static void
set_percent(struct node *row, const char *key, double percent)
{
	cleanup_strbuf struct strbuf text = STRBUF_INIT;

	if (percent < 0)
		strbuf_addstr(&text, UNKNOWN);
	else
		strbuf_addf(&text, "%.2f%%", percent);
	node_set_str(row, key, text.buf);
}

static void
set_usage(struct node *row, const struct container_stats *stats,
	  const struct container_stats *before)
{
	cleanup_strbuf struct strbuf pids = STRBUF_INIT;

	set_pair(row, "BlockIO", stats->read_bytes, stats->written_bytes,
		 units_add_size);
	set_percent(row, "CPUPerc",
		    before ? container_stats_cpu(before, stats) : 0);
	set_percent(row, "MemPerc",
		    stats->memory_bytes < 0 || stats->memory_max_bytes <= 0
			    ? -1
			    : (double)stats->memory_bytes * 100 /
				      (double)stats->memory_max_bytes);
	set_pair(row, "MemUsage", stats->memory_bytes, stats->memory_max_bytes,
		 units_add_size_binary);
	set_pair(row, "NetIO", stats->received_bytes, stats->sent_bytes,
		 units_add_size);
	if (stats->pids < 0)
		strbuf_addstr(&pids, UNKNOWN);
	else
		strbuf_addf(&pids, "%lld", (long long)stats->pids);
	node_set_str(row, "PIDs", pids.buf);
}

static struct node *
stats_row(struct monitor *monitor, const struct container *container,
	  const char *asked, struct samples *now)
{
	static const char *const unknown[] = { "CPUPerc", "MemPerc", "PIDs" };
	bool whole = args_bool(monitor->ctx->args, "no-trunc");
	cleanup_free char *id =
		xstrndup(container->id, whole ? CONTAINER_ID_BYTES : SHORT_ID);
	struct node *row = node_new_obj();
	struct sample sample;

	node_set_str(row, "Container", asked ?: id);
	node_set_str(row, "ID", id);
	node_set_str(row, "Name", container->name);
	if (container_stats_read(&container->state, &sample.stats) == 0) {
		(void)memcpy(sample.id, container->id, sizeof(sample.id));
		set_usage(row, &sample.stats,
			  find_sample(&monitor->before, container->id));
		array_push(now->items, now->len, now->cap, sample);
		return row;
	}
	for (size_t i = 0; i < ARRAY_LEN(unknown); i++)
		node_set_str(row, unknown[i], UNKNOWN);
	set_pair(row, "BlockIO", -1, -1, units_add_size);
	set_pair(row, "MemUsage", -1, -1, units_add_size);
	set_pair(row, "NetIO", -1, -1, units_add_size);
	return row;
}

/* Those that were named; unknown names are an error. */
static int
look_at_named(struct monitor *monitor, struct node *rows, struct samples *now)
{
	const struct strvec *names = &monitor->names;

	for (size_t i = 0; i < names->len; i++) {
		cleanup_container struct container one = CONTAINER_INIT;
		int r = container_find(&monitor->session, names->v[i], &one,
				       monitor->ctx->err);

		if (r < 0)
			return r;
		node_push(rows, stats_row(monitor, &one, names->v[i], now));
	}
	return 0;
}

static int
look_at_all(struct monitor *monitor, struct node *rows, struct samples *now)
{
	cleanup_container_vec struct container_vec all = CONTAINER_VEC_INIT;
	bool ended_too = args_bool(monitor->ctx->args, "all");
	int r = container_list(&monitor->session, &all, monitor->ctx->err);

	for (size_t i = 0; r == 0 && i < all.len; i++)
		if (ended_too ||
		    container_status_is_live(all.items[i].state.status))
			node_push(rows,
				  stats_row(monitor, &all.items[i], NULL, now));
	return r;
}

/* One look; @show: print it. */
static int
look(struct monitor *monitor, bool show)
{
	cleanup_node struct node *rows = node_new_arr();
	cleanup_strbuf struct strbuf out = STRBUF_INIT;
	struct samples now = { .items = NULL };
	bool named = monitor->names.len > 0;
	int r = named ? look_at_named(monitor, rows, &now)
		      : look_at_all(monitor, rows, &now);

	free(monitor->before.items);
	monitor->before = now;
	if (r < 0 || !show)
		return r;
	if (!args_bool(monitor->ctx->args, "no-stream") &&
	    !args_bool(monitor->ctx->args, "no-reset") && isatty(STDOUT_FILENO))
		strbuf_addstr(&out, CLEAR_SCREEN);
	r = format_rows(&listing, &monitor->request, rows, &out,
			monitor->ctx->err);
	if (r == 0)
		say_text(&out);
	(void)fflush(stdout);
	return r;
}

static int
run(struct cmd_ctx *ctx)
{
	cleanup_release(monitor_release) struct monitor monitor = {
		.ctx = ctx,
		.session = SESSION_INIT,
		.request = { .format = args_str(ctx->args, "format") },
	};
	int interval_ms = (int)args_int(ctx->args, "interval") * 1000;
	int r;

	if (!monitor.request.format) {
		monitor.format = docker_format(ctx, "statsFormat");
		monitor.request.format = monitor.format;
	}
	r = cmd_session(ctx, &monitor.session);
	if (r == 0 &&
	    (ctx->args->operands.len || args_bool(ctx->args, "latest")))
		r = targets_collect(ctx, &monitor.session, targets_any,
				    &monitor.names);
	if (r == 0)
		r = look(&monitor, false);
	/* Processor time is what is used between two looks. */
	if (r == 0)
		(void)poll(NULL, 0, FIRST_WAIT_MS);
	if (r == 0)
		r = look(&monitor, true);
	while (r == 0 && !args_bool(ctx->args, "no-stream")) {
		(void)poll(NULL, 0, interval_ms);
		r = look(&monitor, true);
	}
	return r;
}

static const struct cmd_example examples[] = {
	{ "what is used now", "dhow stats --no-stream" },
	{ "the memory of each",
	  "dhow stats --no-stream --format '{{.Name}} {{.MemUsage}}'" },
};

const struct cmd cmd_stats = {
	.path = "stats",
	.aliases = "container stats",
	.summary = "show what running containers use",
	.operands = "[CONTAINER...]",
	.about = "Figures come from the container's control group; where this "
		 "account has none, from its processes.",
	CMD_FLAGS(flags),
	CMD_EXAMPLES(examples),
	.max_operands = CMD_MANY,
	.offer = OFFER_CONTAINER,
	.run = run,
};
