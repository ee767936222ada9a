/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cli/build_show_priv.h - what the ways of showing a build share.
 */
#ifndef DHOW_CLI_BUILD_SHOW_PRIV_H
#define DHOW_CLI_BUILD_SHOW_PRIV_H

#include "base/strbuf.h"
#include "cli/build_show.h"

#define BUILD_SHOW_LAST_LINES 20

enum build_state {
	BUILD_STATE_WAITING,
	BUILD_STATE_RUNNING,
	BUILD_STATE_CACHED,
	BUILD_STATE_DONE,
	BUILD_STATE_FAILED,
};

/* A line of a command's output, and when it came. */
struct build_line {
	char *text;
	int64_t after_ns; /* since the vertex began */
};

/* What is remembered of a vertex; vertex->data points at it. */
struct build_seen {
	struct build_vertex *vertex;
	enum build_state state;
	int64_t start_ns;
	int64_t end_ns;
	struct strbuf partial; /* a line without its end yet */
	struct build_line last[BUILD_SHOW_LAST_LINES];
	size_t line_count; /* of all; the newest is at (count - 1) % size */
	char *status;      /* "transferring context 1.2MB / 3MB", or NULL */
};

struct build_show {
	int fd;
	bool is_tty; /* control characters are kept from it */
	enum build_style style;
	struct build_seen **seen; /* in the order of their numbers */
	size_t len;
	size_t cap;
	int64_t start_ns;
	int64_t now_ns;

	const struct build_seen *current; /* plain: whose lines these are */

	size_t drawn_lines; /* tty: of the last frame */
	int64_t drawn_ns;
	unsigned int log_lines; /* tty: of each running vertex */
};

void build_plain_event(struct build_show *show, struct build_seen *seen,
		       const struct build_event *event);
/* One whole line of output. */
void build_plain_line(struct build_show *show, struct build_seen *seen,
		      const struct build_line *line);

/* Draw again, unless that was done a moment ago and @force is false. */
void build_tty_draw(struct build_show *show, bool force);
/* Take the frame off the screen, for others to write. */
void build_tty_clear(struct build_show *show);

void build_json_event(struct build_show *show, struct build_seen *seen,
		      const struct build_event *event);

void build_show_write(struct build_show *show, const struct strbuf *text);
/* "0.1s" */
void build_show_add_seconds(struct strbuf *sb, int64_t ns);

#endif
