/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cli/build_show_tty.c - --progress=tty: steps in place, drawn again.
 *
 * A frame is written in one go: up to where the last one began, each line
 * cleared before it is written, then all that is below. The cursor rests below
 * the frame, so whatever ends the program leaves the terminal in order. What
 * does not fit the window is left out at the top.
 */
#include <string.h>

#include "base/alloc.h"
#include "base/units.h"
#include "cli/build_show_priv.h"
#include "ui/term.h"
#include "ui/width.h"

#define TTY_FRAME_NS (UNITS_NS_PER_S / 10)

/* Lines of a frame before it is known how many of them fit. */
struct frame {
	struct strvec lines;
	size_t columns;
};

static bool
is_over(const struct build_seen *seen)
{
	return seen->state >= BUILD_STATE_CACHED;
}

/* " => name      1.2s", cut to the window. */
static void
add_vertex(struct frame *frame, const struct build_show *show,
	   const struct build_seen *seen)
{
	cleanup_strbuf struct strbuf left = STRBUF_INIT, time = STRBUF_INIT;
	cleanup_strbuf struct strbuf line = STRBUF_INIT;
	int64_t end_ns = is_over(seen) ? seen->end_ns : show->now_ns;
	size_t room, width;
	struct span cut;

	strbuf_addstr(&left, " => ");
	if (seen->state == BUILD_STATE_CACHED)
		strbuf_addstr(&left, "CACHED ");
	if (seen->state == BUILD_STATE_FAILED)
		strbuf_addstr(&left, "ERROR ");
	width_add_safe(&left, span_of(seen->vertex->name), "");
	if (seen->state != BUILD_STATE_WAITING)
		build_show_add_seconds(&time, end_ns - seen->start_ns);
	room = frame->columns > time.len + 2 ? frame->columns - time.len - 2
					     : 1;
	cut = width_cut(span_of(left.buf), room);
	width = width_of(cut);
	strbuf_add(&line, cut.ptr, cut.len);
	strbuf_pad(&line, ' ', room - width + 1);
	strbuf_add(&line, time.buf, time.len);
	strvec_add(&frame->lines, line.buf);
}

static void
add_below(struct frame *frame, const char *text)
{
	cleanup_strbuf struct strbuf line = STRBUF_INIT;
	struct span cut;

	strbuf_addstr(&line, " => => ");
	width_add_safe(&line, span_of(text), "");
	cut = width_cut(span_of(line.buf), frame->columns - 1);
	strvec_add_take(&frame->lines, span_dup(cut));
}

static void
add_running(struct frame *frame, const struct build_show *show,
	    const struct build_seen *seen)
{
	size_t count = seen->line_count < show->log_lines ? seen->line_count
							  : show->log_lines;

	if (seen->status)
		add_below(frame, seen->status);
	for (size_t i = seen->line_count - count; i < seen->line_count; i++) {
		cleanup_free char *text = xasprintf(
			"# %s", seen->last[i % BUILD_SHOW_LAST_LINES].text);

		add_below(frame, text);
	}
}

static void
fill_frame(struct frame *frame, const struct build_show *show)
{
	cleanup_strbuf struct strbuf head = STRBUF_INIT;
	size_t over = 0;

	for (size_t i = 0; i < show->len; i++)
		over += is_over(show->seen[i]);
	strbuf_addstr(&head, "[+] Building ");
	build_show_add_seconds(&head, show->now_ns - show->start_ns);
	strbuf_addf(&head, " (%zu/%zu)", over, show->len);
	strvec_add(&frame->lines, head.buf);
	for (size_t i = 0; i < show->len; i++) {
		add_vertex(frame, show, show->seen[i]);
		if (show->seen[i]->state == BUILD_STATE_RUNNING)
			add_running(frame, show, show->seen[i]);
	}
}

/* The heading stays; of the rest the last lines. @rows 0: all of them. */
static void
add_frame(struct strbuf *out, struct build_show *show,
	  const struct frame *frame, size_t rows)
{
	size_t skip = 0;

	if (rows > 1 && frame->lines.len > rows)
		skip = frame->lines.len - rows;
	if (show->drawn_lines)
		strbuf_addf(out, "\033[%zuA", show->drawn_lines);
	show->drawn_lines = 0;
	for (size_t i = 0; i < frame->lines.len; i++) {
		if (i > 0 && i <= skip)
			continue;
		strbuf_addf(out, "\r\033[K%s\n", frame->lines.v[i]);
		show->drawn_lines++;
	}
	strbuf_addstr(out, "\033[J");
}

void
build_tty_draw(struct build_show *show, bool force)
{
	struct term_size size = term_size(show->fd);
	cleanup_strbuf struct strbuf out = STRBUF_INIT;
	struct frame frame = { .columns =
				       size.columns > 20 ? size.columns : 20 };

	if (!force && show->now_ns - show->drawn_ns < TTY_FRAME_NS)
		return;
	show->drawn_ns = show->now_ns;
	fill_frame(&frame, show);
	add_frame(&out, show, &frame,
		  force || size.rows < 3 ? 0 : size.rows - 1);
	strvec_release(&frame.lines);
	build_show_write(show, &out);
}

void
build_tty_clear(struct build_show *show)
{
	cleanup_strbuf struct strbuf out = STRBUF_INIT;

	if (!show->drawn_lines)
		return;
	strbuf_addf(&out, "\033[%zuA\r\033[J", show->drawn_lines);
	show->drawn_lines = 0;
	build_show_write(show, &out);
}
