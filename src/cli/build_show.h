/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cli/build_show.h - what a build does, as it is shown on stderr.
 */
#ifndef DHOW_CLI_BUILD_SHOW_H
#define DHOW_CLI_BUILD_SHOW_H

#include "build/build.h"

enum build_style {
	BUILD_STYLE_PLAIN, /* a line per event */
	BUILD_STYLE_TTY,   /* the steps and their last lines, drawn again */
	BUILD_STYLE_QUIET,
	BUILD_STYLE_JSON, /* BuildKit's SolveStatus, one object a line */
	BUILD_STYLE_COUNT,
};

/*
 * @word: auto, plain, tty, quiet, none or rawjson; NULL or "auto" looks at
 * BUILDKIT_PROGRESS, then at @fd. -EINVAL for a bad variable, or tty without
 * a terminal.
 */
int build_style_of(const char *word, int fd, enum build_style *ret_style,
		   struct err *err);

struct build_show;

/* Shows on @fd, which stays the caller's. */
struct build_show *build_show_new(enum build_style style, int fd);
void build_show_free(struct build_show *show);
DEFINE_CLEANUP(struct build_show *, build_show_free);

/* Valid as long as @show. */
struct build_sink build_show_sink(struct build_show *show);

/* The last state is drawn and stays; what follows comes below it. */
void build_show_end(struct build_show *show);

/* What was made: its id, and the names it has got. */
void build_show_image(struct build_show *show, const char *id,
		      const struct strvec *tags);

/* The vertex that failed, with the last lines of its output. */
void build_show_failure(struct build_show *show,
			const struct build_vertex *vertex);

#endif
