/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cli/build_show_plain.c - --progress=plain: a line per event.
 *
 *	#5 [2/3] RUN make
 *	#5 0.123 what it says
 *	#5 DONE 1.2s
 */
#include "cli/build_show_priv.h"

/* Lines of another vertex begin with its name, after a blank line. */
static void
turn_to(struct build_show *show, const struct build_seen *seen,
	struct strbuf *text)
{
	if (show->current == seen)
		return;
	if (show->current)
		strbuf_addch(text, '\n');
	strbuf_addf(text, "#%zu %s\n", seen->vertex->number,
		    seen->vertex->name);
	show->current = seen;
}

void
build_plain_line(struct build_show *show, struct build_seen *seen,
		 const struct build_line *line)
{
	cleanup_strbuf struct strbuf text = STRBUF_INIT;

	turn_to(show, seen, &text);
	strbuf_addf(&text, "#%zu %.3f %s\n", seen->vertex->number,
		    (double)line->after_ns / 1e9, line->text);
	build_show_write(show, &text);
}

void
build_plain_event(struct build_show *show, struct build_seen *seen,
		  const struct build_event *event)
{
	cleanup_strbuf struct strbuf text = STRBUF_INIT;
	size_t number = seen->vertex->number;

	if (event->kind == BUILD_EVENT_LOG ||
	    (event->kind == BUILD_EVENT_STATUS && event->done < event->total))
		return;
	turn_to(show, seen, &text);
	switch (event->kind) {
	case BUILD_EVENT_STATUS:
		strbuf_addf(&text, "#%zu %s done\n", number, seen->status);
		break;
	case BUILD_EVENT_CACHED:
		strbuf_addf(&text, "#%zu CACHED\n", number);
		break;
	case BUILD_EVENT_DONE:
		strbuf_addf(&text, "#%zu DONE ", number);
		build_show_add_seconds(&text, seen->end_ns - seen->start_ns);
		strbuf_addch(&text, '\n');
		break;
	case BUILD_EVENT_FAILED:
		strbuf_addf(&text, "#%zu ERROR%s%s\n", number,
			    event->text ? ": " : "", event->text ?: "");
		break;
	case BUILD_EVENT_WHY:
		strbuf_addf(&text, "#%zu why: %s\n", number, event->text);
		break;
	case BUILD_EVENT_NOTE:
		strbuf_addf(&text, "#%zu warning: %s\n", number, event->text);
		break;
	default:
		break;
	}
	build_show_write(show, &text);
}
