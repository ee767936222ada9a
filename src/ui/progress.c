/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ui/progress.c - what is being done to many things at once.
 *
 * The live block is the last lines on the screen, at most the window's
 * height: above it lines scroll away for good. Drawing goes up to its first
 * line, writes every line and clears what is left of it.
 */
#include "ui/progress.h"

#include <stdarg.h>
#include <string.h>

#include "base/alloc.h"
#include "base/io.h"
#include "base/strbuf.h"
#include "base/units.h"
#include "ui/term.h"
#include "ui/width.h"

#define REDRAW_NS (UNITS_NS_PER_S / 10)
#define BAR_MAX_COLUMNS 30
#define BAR_MIN_COLUMNS 10

struct item {
	char *id;
	char *action;
	bool has_bar;
	uint64_t done;
	uint64_t total;
	uint64_t start_bytes; /* where this action began, for the rate */
	int64_t start_ns;
	uint64_t share_done; /* of the total of all, also when it is over */
	uint64_t share;
	uint64_t share_start;
};

struct progress {
	int fd;
	enum progress_style style;
	struct item *items;
	size_t len;
	size_t cap;
	size_t drawn_lines; /* of the block on the screen */
	int64_t drawn_ns;
	int64_t start_ns; /* of the first share */
	bool stale;       /* something changed since */
};

struct progress *
progress_new(int fd, enum progress_style style)
{
	struct progress *progress = xcalloc(1, sizeof(*progress));

	if (style == PROGRESS_AUTO)
		style = term_can_move(fd) ? PROGRESS_LIVE : PROGRESS_PLAIN;
	progress->fd = fd;
	progress->style = style;
	return progress;
}

static struct item *
find_item(struct progress *progress, const char *id)
{
	struct item item = { .id = NULL };

	for (size_t i = 0; i < progress->len; i++)
		if (!strcmp(progress->items[i].id, id))
			return &progress->items[i];
	item.id = xstrdup(id);
	item.action = xstrdup("");
	array_push(progress->items, progress->len, progress->cap, item);
	return &progress->items[progress->len - 1];
}

static void
add_numbers(struct strbuf *sb, const struct item *item)
{
	int64_t spent_ns = units_monotonic_ns() - item->start_ns;
	uint64_t moved = item->done - item->start_bytes;

	if (!item->done && !item->total)
		return;
	strbuf_addstr(sb, "  ");
	units_add_size(sb, item->done);
	if (item->total) {
		strbuf_addch(sb, '/');
		units_add_size(sb, item->total);
	}
	/* A rate over less than half a second is noise. */
	if (spent_ns < UNITS_NS_PER_S / 2 || item->done < item->start_bytes)
		return;
	strbuf_addstr(sb, "  ");
	units_add_size(sb, (uint64_t)((double)moved * 1e9 / (double)spent_ns));
	strbuf_addstr(sb, "/s");
}

static void
add_bar(struct strbuf *sb, const struct item *item, size_t columns)
{
	uint64_t done = item->done < item->total ? item->done : item->total;
	size_t full =
		(size_t)((double)columns * (double)done / (double)item->total);

	strbuf_addstr(sb, " [");
	strbuf_pad(sb, '=', full);
	if (full < columns)
		strbuf_addch(sb, '>');
	strbuf_pad(sb, ' ', full < columns ? columns - full - 1 : 0);
	strbuf_addch(sb, ']');
}

/* One line of the block, never wider than the window. */
static void
add_line(struct strbuf *sb, const struct item *item, size_t columns)
{
	cleanup_strbuf struct strbuf line = STRBUF_INIT;
	cleanup_strbuf struct strbuf numbers = STRBUF_INIT;
	size_t used, bar;
	struct span cut;

	strbuf_addf(&line, "%s: %s", item->id, item->action);
	if (item->has_bar) {
		add_numbers(&numbers, item);
		used = line.len + numbers.len + sizeof(" []");
		bar = used < columns ? columns - used : 0;
		if (item->total && bar >= BAR_MIN_COLUMNS)
			add_bar(&line, item,
				bar < BAR_MAX_COLUMNS ? bar : BAR_MAX_COLUMNS);
		strbuf_add(&line, numbers.buf, numbers.len);
	}
	cut = width_cut(span_new(line.buf, line.len), columns - 1);
	width_add_safe(sb, cut, "");
}

static void
write_out(const struct progress *progress, const struct strbuf *sb)
{
	/* A terminal that went away is no reason to stop the work. */
	(void)io_write_all(progress->fd, sb->buf, sb->len);
}

/* Back to the first line of the block, which is then written over. */
static void
rewind_block(struct progress *progress, struct strbuf *sb)
{
	if (progress->drawn_lines)
		strbuf_addf(sb, "\033[%zuA\r\033[J", progress->drawn_lines);
	progress->drawn_lines = 0;
}

/* Of several that have sizes: how far they are together. */
static void
add_total(struct progress *progress, struct strbuf *sb, size_t columns)
{
	struct item total = { .id = (char *)"Total",
			      .action = (char *)"",
			      .has_bar = true,
			      .start_ns = progress->start_ns };
	size_t count = 0, active = 0;

	for (size_t i = 0; i < progress->len; i++) {
		const struct item *item = &progress->items[i];

		count += item->share > 0;
		active += item->has_bar && item->share > 0;
		total.done += item->share_done;
		total.total += item->share;
		total.start_bytes += item->share_start;
	}
	if (count < 2 || !active)
		return;
	add_line(sb, &total, columns);
	strbuf_addch(sb, '\n');
	progress->drawn_lines++;
}

static void
add_block(struct progress *progress, struct strbuf *sb)
{
	struct term_size size = term_size(progress->fd);
	size_t room = size.rows > 3 ? size.rows - 3 : 1;
	size_t first = progress->len > room ? progress->len - room : 0;

	for (size_t i = first; i < progress->len; i++) {
		add_line(sb, &progress->items[i], size.columns);
		strbuf_addch(sb, '\n');
		progress->drawn_lines++;
	}
	add_total(progress, sb, size.columns);
}

static void
draw(struct progress *progress)
{
	cleanup_strbuf struct strbuf sb = STRBUF_INIT;

	rewind_block(progress, &sb);
	add_block(progress, &sb);
	write_out(progress, &sb);
	progress->drawn_ns = units_monotonic_ns();
	progress->stale = false;
}

void
progress_say(struct progress *progress, const char *fmt, ...)
{
	cleanup_strbuf struct strbuf text = STRBUF_INIT;
	cleanup_strbuf struct strbuf sb = STRBUF_INIT;
	va_list args;

	if (progress->style == PROGRESS_QUIET)
		return;
	va_start(args, fmt);
	strbuf_vaddf(&text, fmt, args);
	va_end(args);
	if (progress->drawn_lines)
		rewind_block(progress, &sb);
	width_add_safe(&sb, span_new(text.buf, text.len), "\n");
	strbuf_addch(&sb, '\n');
	if (progress->style == PROGRESS_LIVE)
		add_block(progress, &sb);
	write_out(progress, &sb);
}

void
progress_clear(struct progress *progress)
{
	cleanup_strbuf struct strbuf sb = STRBUF_INIT;

	if (progress->style != PROGRESS_LIVE || !progress->drawn_lines)
		return;
	rewind_block(progress, &sb);
	write_out(progress, &sb);
	progress->drawn_ns = 0;
	progress->stale = true;
}

static void
say_action(struct progress *progress, const struct item *item)
{
	cleanup_strbuf struct strbuf sb = STRBUF_INIT;
	cleanup_strbuf struct strbuf text = STRBUF_INIT;

	strbuf_addf(&text, "%s: %s", item->id, item->action);
	width_add_safe(&sb, span_new(text.buf, text.len), "");
	strbuf_addch(&sb, '\n');
	write_out(progress, &sb);
}

/* What the item adds to the total; one that is over has brought all of it. */
static void
set_share(struct progress *progress, struct item *item)
{
	if (item->has_bar && item->total) {
		if (!progress->start_ns)
			progress->start_ns = units_monotonic_ns();
		if (!item->share)
			item->share_start = item->done;
		item->share = item->total;
		item->share_done = item->done;
	} else {
		item->share_done = item->share;
	}
}

static void
change(struct progress *progress, const char *id, const char *action,
       const uint64_t *done, uint64_t total)
{
	struct item *item;
	bool same;

	if (progress->style == PROGRESS_QUIET)
		return;
	item = find_item(progress, id);
	same = !strcmp(item->action, action);
	item->has_bar = done && (*done || total);
	item->done = done ? *done : 0;
	item->total = total;
	progress->stale = true;
	set_share(progress, item);
	if (!same) {
		free(item->action);
		item->action = xstrdup(action);
		item->start_ns = units_monotonic_ns();
		item->start_bytes = item->done;
	}
	if (progress->style == PROGRESS_LIVE) {
		if (!same ||
		    units_monotonic_ns() - progress->drawn_ns >= REDRAW_NS)
			draw(progress);
	} else if (!same) {
		say_action(progress, item);
	}
}

void
progress_update(struct progress *progress, const char *id, const char *action,
		uint64_t done, uint64_t total)
{
	change(progress, id, action, &done, total);
}

void
progress_state(struct progress *progress, const char *id, const char *action)
{
	change(progress, id, action, NULL, 0);
}

void
progress_end(struct progress *progress)
{
	if (progress->style == PROGRESS_LIVE && progress->stale)
		draw(progress);
	for (size_t i = 0; i < progress->len; i++) {
		free(progress->items[i].id);
		free(progress->items[i].action);
	}
	progress->len = 0;
	progress->drawn_lines = 0;
	progress->start_ns = 0;
	progress->stale = false;
}

void
progress_free(struct progress *progress)
{
	if (!progress)
		return;
	progress_end(progress);
	free(progress->items);
	free(progress);
}
