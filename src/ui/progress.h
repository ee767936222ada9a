/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ui/progress.h - what is being done to many things at once.
 *
 * On a terminal each thing has a line with a bar that is drawn again in
 * place; elsewhere each change of its action is a line of its own. The cursor
 * is never hidden and always rests below the lines: whatever ends the
 * program, the terminal is in order.
 */
#ifndef DHOW_UI_PROGRESS_H
#define DHOW_UI_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/cleanup.h"

enum progress_style {
	PROGRESS_AUTO, /* live on a terminal, else plain */
	PROGRESS_LIVE,
	PROGRESS_PLAIN, /* a line per change */
	PROGRESS_QUIET, /* nothing */
	PROGRESS_COUNT,
};

struct progress;

/* Draw to @fd, which stays the caller's. Never fails; never blocks more than
 * a write does. */
struct progress *progress_new(int fd, enum progress_style style);
/* The last state is drawn and stays. */
void progress_free(struct progress *progress);
DEFINE_CLEANUP(struct progress *, progress_free);

/* A line of text, above the bars when these are live. */
void progress_say(struct progress *progress, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/* What was going on is over: its lines stay as they are, and what is said or
 * begun from now on comes below them. */
void progress_end(struct progress *progress);

/* Take the bars off the screen, so that others may write there; the next
 * change draws them again. */
void progress_clear(struct progress *progress);

/*
 * @id is at @done of @total bytes (0: unknown) of @action ("Downloading").
 * The first mention of an id gives it the next line. An action that changes
 * is printed at once, numbers at most every 100 ms.
 */
void progress_update(struct progress *progress, const char *id,
		     const char *action, uint64_t done, uint64_t total);

/* @action is over and what there is to say ("Pull complete"): no bar. */
void progress_state(struct progress *progress, const char *id,
		    const char *action);

#endif
