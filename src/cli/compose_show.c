/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cli/compose_show.c - what is being done to a project's resources.
 */
#include "cli/compose_show.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/io.h"
#include "base/units.h"
#include "data/node.h"
#include "ui/term.h"
#include "ui/width.h"

enum show_style {
	SHOW_PLAIN,
	SHOW_TTY,
	SHOW_JSON,
	SHOW_QUIET,
};

struct show_line {
	char *subject;
	char *words;
	enum show_state state;
	int64_t start_ns, end_ns;
};

struct compose_show {
	enum show_style style;
	int fd; /* standard error, or output where it was asked for */
	bool colour;
	const char *title;
	struct show_line *lines;
	size_t len, cap;
	size_t drawn; /* rows on the screen that are ours */
};

static const char *
setting(const struct cmd_ctx *ctx, const char *flag, const char *variable)
{
	const char *given = ctx->group ? args_str(ctx->group, flag) : NULL;

	return given ? given : getenv(variable);
}

bool
compose_show_ansi(const struct cmd_ctx *ctx, int fd)
{
	const char *how = setting(ctx, "ansi", "COMPOSE_ANSI");
	const char *no_color = getenv("NO_COLOR");

	if (ctx->group && args_bool(ctx->group, "no-ansi"))
		return false;
	if (how && !strcmp(how, "always"))
		return true;
	if ((how && !strcmp(how, "never")) || (no_color && *no_color))
		return false;
	return isatty(fd) && term_can_move(fd);
}

static enum show_style
choose_style(const struct cmd_ctx *ctx, int fd)
{
	const char *how = setting(ctx, "progress", "COMPOSE_PROGRESS");

	if (how && !strcmp(how, "quiet"))
		return SHOW_QUIET;
	if (how && !strcmp(how, "json"))
		return SHOW_JSON;
	if (how && !strcmp(how, "plain"))
		return SHOW_PLAIN;
	if (how && !strcmp(how, "tty"))
		return SHOW_TTY;
	return compose_show_ansi(ctx, fd) ? SHOW_TTY : SHOW_PLAIN;
}

static int
show_fd(void)
{
	const char *text = getenv("COMPOSE_STATUS_STDOUT");
	bool on = false;

	return text && units_parse_bool(text, &on, NULL) == 0 && on
		       ? STDOUT_FILENO
		       : STDERR_FILENO;
}

struct compose_show *
compose_show_new(const struct cmd_ctx *ctx, const struct show_opts *opts)
{
	struct compose_show *show = xcalloc(1, sizeof(*show));

	show->fd = show_fd();
	show->style = choose_style(ctx, show->fd);
	if (show->style == SHOW_TTY && opts->is_shared)
		show->style = SHOW_PLAIN;
	if (opts->quiet)
		show->style = SHOW_QUIET;
	show->colour = compose_show_ansi(ctx, show->fd);
	show->title = opts->title;
	return show;
}

void
compose_show_free(struct compose_show *show)
{
	if (!show)
		return;
	compose_show_tick(show);
	for (size_t i = 0; i < show->len; i++) {
		free(show->lines[i].subject);
		free(show->lines[i].words);
	}
	free(show->lines);
	free(show);
}

/* The terminal. */

static void
add_erase(const struct compose_show *show, struct strbuf *sb)
{
	if (show->drawn)
		strbuf_addf(sb, "\033[%zuA\r\033[J", show->drawn);
}

void
compose_show_clear(struct compose_show *show)
{
	cleanup_strbuf struct strbuf sb = STRBUF_INIT;

	add_erase(show, &sb);
	show->drawn = 0;
	(void)io_write_all(show->fd, sb.buf, sb.len);
}

static void
add_line(const struct compose_show *show, const struct show_line *line,
	 struct strbuf *sb, size_t columns)
{
	static const char *const marks[] = {
		[SHOW_WORKING] = "⠿",
		[SHOW_DONE] = "✔",
		[SHOW_WARNING] = "!",
		[SHOW_FAILED] = "✘",
	};
	static const char *const colours[] = {
		[SHOW_WORKING] = "\033[36m",
		[SHOW_DONE] = "\033[32m",
		[SHOW_WARNING] = "\033[33m",
		[SHOW_FAILED] = "\033[31m",
	};
	int64_t end = line->end_ns ? line->end_ns : units_monotonic_ns();
	double seconds =
		(double)(end - line->start_ns) / (double)UNITS_NS_PER_S;
	cleanup_strbuf struct strbuf text = STRBUF_INIT;
	struct span cut;

	strbuf_addf(&text, " %s %s  %s", marks[line->state], line->subject,
		    line->words);
	cut = width_cut(span_new(text.buf, text.len),
			columns > 8 ? columns - 8 : columns);
	if (show->colour)
		strbuf_addstr(sb, colours[line->state]);
	strbuf_add(sb, cut.ptr, cut.len);
	if (show->colour)
		strbuf_addstr(sb, "\033[0m");
	strbuf_pad(sb, ' ',
		   columns - 7 > width_of(cut) ? columns - 7 - width_of(cut)
					       : 1);
	strbuf_addf(sb, "%5.1fs\n", seconds);
}

void
compose_show_tick(struct compose_show *show)
{
	struct term_size size = term_size(show->fd);
	cleanup_strbuf struct strbuf sb = STRBUF_INIT;
	size_t first = 0, done = 0;

	if (show->style != SHOW_TTY || !show->len)
		return;
	for (size_t i = 0; i < show->len; i++)
		done += show->lines[i].state != SHOW_WORKING;
	/* What does not fit is left out from the top. */
	if (size.rows > 3 && show->len > size.rows - 3)
		first = show->len - (size.rows - 3);
	add_erase(show, &sb);
	strbuf_addf(&sb, "[+] %s %zu/%zu\n", show->title, done, show->len);
	for (size_t i = first; i < show->len; i++)
		add_line(show, &show->lines[i], &sb,
			 size.columns > 20 ? size.columns : 20);
	show->drawn = show->len - first + 1;
	(void)io_write_all(show->fd, sb.buf, sb.len);
}

/* Changes. */

static struct show_line *
find_line(struct compose_show *show, const char *subject)
{
	for (size_t i = 0; i < show->len; i++)
		if (!strcmp(show->lines[i].subject, subject))
			return &show->lines[i];
	array_push(show->lines, show->len, show->cap,
		   (struct show_line){ .subject = xstrdup(subject),
				       .start_ns = units_monotonic_ns() });
	return &show->lines[show->len - 1];
}

static void
print_json(const struct compose_show *show, const char *subject,
	   const char *words, enum show_state state)
{
	static const char *const states[] = { "Working", "Done", "Warning",
					      "Error" };
	cleanup_node struct node *obj = node_new_obj();
	cleanup_strbuf struct strbuf sb = STRBUF_INIT;

	node_set_str(obj, "id", subject);
	node_set_str(obj, "status", states[state]);
	node_set_str(obj, "text", words);
	node_write_json(&sb, obj, NODE_COMPACT);
	strbuf_addch(&sb, '\n');
	(void)io_write_all(show->fd, sb.buf, sb.len);
}

void
compose_show_update(struct compose_show *show, const char *subject,
		    const char *words, enum show_state state)
{
	struct show_line *line = find_line(show, subject);
	cleanup_strbuf struct strbuf sb = STRBUF_INIT;

	if (line->words && !strcmp(line->words, words) && line->state == state)
		return;
	free(line->words);
	line->words = xstrdup(words);
	line->state = state;
	line->end_ns = state == SHOW_WORKING ? 0 : units_monotonic_ns();
	if (show->style == SHOW_TTY) {
		compose_show_tick(show);
	} else if (show->style == SHOW_JSON) {
		print_json(show, subject, words, state);
	} else if (show->style == SHOW_PLAIN) {
		strbuf_addf(&sb, " %s  %s\n", subject, words);
		(void)io_write_all(show->fd, sb.buf, sb.len);
	}
}
