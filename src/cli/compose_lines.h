/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cli/compose_lines.h - lines of several writers, each behind its name.
 *
 * A piece without a line's end is shown at once; who goes on writes on the
 * same line, anybody else begins a new one.
 */
#ifndef DHOW_CLI_COMPOSE_LINES_H
#define DHOW_CLI_COMPOSE_LINES_H

#include "base/span.h"
#include "base/strbuf.h"

struct compose_lines {
	bool colour;
	bool prefix;
	size_t width; /* of the longest name */

	/* private */
	struct strbuf batch;
	int fd;
	size_t open_writer; /* whose line is not at its end, + 1; 0: nobody */
};

#define COMPOSE_LINES_INIT                            \
	{                                             \
		.prefix = true, .batch = STRBUF_INIT, \
	}

void compose_lines_release(struct compose_lines *lines);

/*
 * @writer: which colour; @is_stderr: where it goes.
 * @stamp: put in front of each line, or ""
 */
void compose_lines_add(struct compose_lines *lines, size_t writer,
		       const char *name, const char *stamp, struct span text,
		       bool is_stderr);
/* A word of our own, on a line for itself. */
void compose_lines_note(struct compose_lines *lines, const char *text);
int compose_lines_flush(struct compose_lines *lines);

#endif
