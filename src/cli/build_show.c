/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cli/build_show.c - what a build does, as it is shown on stderr.
 *
 * Whatever the style, the last lines of each vertex are kept: when it fails
 * they are said again at the end.
 */
#include "cli/build_show.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/io.h"
#include "base/units.h"
#include "cli/build_show_priv.h"
#include "spec/choice.h"
#include "spec/ref.h"
#include "ui/term.h"
#include "ui/width.h"

#define BUILD_LINE_MAX_BYTES (16U << 10)
#define BUILD_TTY_LOG_LINES 6

int
build_style_of(const char *word, int fd, enum build_style *ret_style,
	       struct err *err)
{
	static const char *const words[] = { "plain",   "tty",  "quiet",
					     "rawjson", "none", "auto",
					     NULL };
	const char *from_env = getenv("BUILDKIT_PROGRESS");
	int at;

	if ((!word || !strcmp(word, "auto")) && from_env && *from_env) {
		word = from_env;
		if (choice_find("progress", word, words, err) < 0)
			return err_wrap(err, -EINVAL, "BUILDKIT_PROGRESS");
	}
	at = choice_find("progress", word ?: "auto", words, err);
	if (at < 0)
		return at;
	if (at == BUILD_STYLE_TTY && !isatty(fd))
		return err_set(err, EINVAL, "--progress=tty needs a terminal");
	if (at == BUILD_STYLE_COUNT)
		at = BUILD_STYLE_QUIET;
	if (at > BUILD_STYLE_COUNT)
		at = term_can_move(fd) ? BUILD_STYLE_TTY : BUILD_STYLE_PLAIN;
	*ret_style = (enum build_style)at;
	return 0;
}

struct build_show *
build_show_new(enum build_style style, int fd)
{
	struct build_show *show = xcalloc(1, sizeof(*show));
	const char *lines = getenv("BUILDKIT_TTY_LOG_LINES");
	uint64_t number = BUILD_TTY_LOG_LINES;

	if (lines)
		(void)units_parse_u64(lines, 0, BUILD_SHOW_LAST_LINES, &number,
				      NULL);
	show->fd = fd;
	show->is_tty = isatty(fd);
	show->style = style;
	show->log_lines = (unsigned int)number;
	show->start_ns = show->now_ns = units_now_ns();
	return show;
}

void
build_show_free(struct build_show *show)
{
	if (!show)
		return;
	for (size_t i = 0; i < show->len; i++) {
		struct build_seen *seen = show->seen[i];

		for (size_t j = 0; j < BUILD_SHOW_LAST_LINES; j++)
			free(seen->last[j].text);
		strbuf_release(&seen->partial);
		free(seen->status);
		free(seen);
	}
	free(show->seen);
	free(show);
}

void
build_show_write(struct build_show *show, const struct strbuf *text)
{
	/* Who does not listen does not stop a build. */
	(void)io_write_all(show->fd, text->buf, text->len);
}

void
build_show_add_seconds(struct strbuf *sb, int64_t ns)
{
	strbuf_addf(sb, "%lld.%llds", (long long)(ns / UNITS_NS_PER_S),
		    (long long)(ns % UNITS_NS_PER_S / (UNITS_NS_PER_S / 10)));
}

static struct build_seen *
seen_of(struct build_show *show, const struct build_event *event)
{
	struct build_seen *seen = event->vertex->data;

	if (seen)
		return seen;
	seen = xcalloc(1, sizeof(*seen));
	seen->vertex = event->vertex;
	seen->start_ns = event->now_ns;
	seen->partial = (struct strbuf)STRBUF_INIT;
	event->vertex->data = seen;
	array_push(show->seen, show->len, show->cap, seen);
	return seen;
}

/* The line in seen->partial is whole. */
static void
end_line(struct build_show *show, struct build_seen *seen)
{
	struct build_line *line =
		&seen->last[seen->line_count++ % BUILD_SHOW_LAST_LINES];
	cleanup_strbuf struct strbuf safe = STRBUF_INIT;
	const char *text = seen->partial.buf;
	const char *again = strrchr(text, '\r');

	/* A progress bar writes one line many times: the last counts. */
	if (again && again[1])
		text = again + 1;
	if (show->is_tty)
		width_add_safe(&safe, span_of(text), "\t");
	else
		strbuf_addstr(&safe, text);
	while (safe.len && safe.buf[safe.len - 1] == '\r')
		strbuf_truncate(&safe, safe.len - 1);
	free(line->text);
	line->text = strbuf_take(&safe);
	line->after_ns = show->now_ns - seen->start_ns;
	strbuf_reset(&seen->partial);
	if (show->style == BUILD_STYLE_PLAIN)
		build_plain_line(show, seen, line);
}

static void
add_log(struct build_show *show, struct build_seen *seen, struct span log)
{
	while (log.len) {
		size_t at = span_find(log, '\n');
		size_t room = BUILD_LINE_MAX_BYTES - seen->partial.len;
		size_t take = at < room ? at : room;

		for (size_t i = 0; i < take; i++)
			strbuf_addch(&seen->partial, log.ptr[i] ?: '?');
		log = span_skip(log, take);
		if (log.len || seen->partial.len >= BUILD_LINE_MAX_BYTES)
			end_line(show, seen);
		if (log.len && *log.ptr == '\n')
			log = span_skip(log, 1);
	}
}

static void
note_status(struct build_seen *seen, const struct build_event *event)
{
	cleanup_strbuf struct strbuf text = STRBUF_INIT;

	strbuf_addf(&text, "%s%s%s", event->id ?: "",
		    event->id && event->action ? " " : "", event->action ?: "");
	if (event->done || event->total) {
		strbuf_addch(&text, ' ');
		units_add_size(&text, event->done);
	}
	if (event->total > event->done) {
		strbuf_addstr(&text, " / ");
		units_add_size(&text, event->total);
	}
	free(seen->status);
	seen->status = strbuf_take(&text);
}

static void
note_end(struct build_show *show, struct build_seen *seen,
	 enum build_state state)
{
	if (seen->partial.len)
		end_line(show, seen);
	seen->state = state;
	seen->end_ns = show->now_ns;
}

static void
note_state(struct build_show *show, struct build_seen *seen,
	   const struct build_event *event)
{
	switch (event->kind) {
	case BUILD_EVENT_START:
		if (seen->state == BUILD_STATE_WAITING && !seen->line_count)
			seen->start_ns = event->now_ns;
		seen->state = BUILD_STATE_RUNNING;
		break;
	case BUILD_EVENT_LOG:
		add_log(show, seen, event->log);
		break;
	case BUILD_EVENT_STATUS:
		note_status(seen, event);
		break;
	case BUILD_EVENT_CACHED:
		note_end(show, seen, BUILD_STATE_CACHED);
		break;
	case BUILD_EVENT_DONE:
		note_end(show, seen, BUILD_STATE_DONE);
		break;
	case BUILD_EVENT_FAILED:
		note_end(show, seen, BUILD_STATE_FAILED);
		break;
	default:
		break;
	}
}

/* What belongs to no vertex: a line of its own. */
static void
say_note(struct build_show *show, const struct build_event *event)
{
	cleanup_strbuf struct strbuf text = STRBUF_INIT;

	if (show->style == BUILD_STYLE_QUIET || show->style == BUILD_STYLE_JSON)
		return;
	if (show->style == BUILD_STYLE_TTY)
		build_tty_clear(show);
	strbuf_addf(&text, "%s%s\n",
		    event->kind == BUILD_EVENT_NOTE ? "warning: " : "",
		    event->text);
	build_show_write(show, &text);
}

static void
on_event(void *data, const struct build_event *event)
{
	struct build_show *show = data;
	struct build_seen *seen;

	show->now_ns = event->now_ns;
	if (!event->vertex) {
		if (event->text)
			say_note(show, event);
		return;
	}
	seen = seen_of(show, event);
	note_state(show, seen, event);
	if (show->style == BUILD_STYLE_PLAIN)
		build_plain_event(show, seen, event);
	else if (show->style == BUILD_STYLE_JSON)
		build_json_event(show, seen, event);
	else if (show->style == BUILD_STYLE_TTY && event->text)
		say_note(show, event);
	if (show->style == BUILD_STYLE_TTY)
		build_tty_draw(show, false);
}

static void
on_tick(void *data)
{
	struct build_show *show = data;

	show->now_ns = units_now_ns();
	if (show->style == BUILD_STYLE_TTY)
		build_tty_draw(show, false);
}

struct build_sink
build_show_sink(struct build_show *show)
{
	return (struct build_sink){
		.event = on_event,
		.tick = on_tick,
		.data = show,
	};
}

void
build_show_end(struct build_show *show)
{
	if (show->style == BUILD_STYLE_TTY)
		build_tty_draw(show, true);
	show->drawn_lines = 0;
}

static void
add_result(struct strbuf *text, const char *what, const char *name)
{
	strbuf_addf(text, " => => %s %s\n", what, name);
}

void
build_show_image(struct build_show *show, const char *id,
		 const struct strvec *tags)
{
	cleanup_strbuf struct strbuf text = STRBUF_INIT;

	/* Others were told with the step that made it. */
	if (show->style != BUILD_STYLE_TTY)
		return;
	add_result(&text, "writing image", id);
	for (size_t i = 0; i < tags->len; i++) {
		cleanup_strbuf struct strbuf name = STRBUF_INIT;
		cleanup_ref struct ref ref = REF_INIT;

		if (ref_parse(tags->v[i], &ref, NULL) < 0)
			continue;
		ref_add_canonical(&name, &ref);
		add_result(&text, "naming to", name.buf);
	}
	build_show_write(show, &text);
}

void
build_show_failure(struct build_show *show, const struct build_vertex *vertex)
{
	cleanup_strbuf struct strbuf text = STRBUF_INIT;
	const struct build_seen *seen = vertex->data;
	size_t first = 0;

	if (!seen || show->style == BUILD_STYLE_JSON)
		return;
	if (seen->line_count > BUILD_SHOW_LAST_LINES)
		first = seen->line_count - BUILD_SHOW_LAST_LINES;
	strbuf_addf(&text, "------\n > %s:\n", vertex->name);
	for (size_t i = first; i < seen->line_count; i++) {
		const struct build_line *line =
			&seen->last[i % BUILD_SHOW_LAST_LINES];

		strbuf_addf(&text, "%.3f %s\n", (double)line->after_ns / 1e9,
			    line->text);
	}
	strbuf_addstr(&text, "------\n");
	build_show_write(show, &text);
}
