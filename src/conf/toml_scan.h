/* SPDX-License-Identifier: Apache-2.0 */
/*
 * conf/toml_scan.h - a place in a TOML text: blanks, comments, strings.
 */
#ifndef DHOW_CONF_TOML_SCAN_H
#define DHOW_CONF_TOML_SCAN_H

#include <stdbool.h>

#include "base/err.h"
#include "base/span.h"
#include "base/strbuf.h"

struct toml_scan {
	const char *name; /* leads messages */
	const char *at;
	const char *end;
	const char *line_start;
	int line;
	struct err *err;
};

/* -EBADMSG with "name:line:col: what". */
int toml_scan_fail(struct toml_scan *scan, const char *fmt, ...)
	ERR_PRINTF(2, 3);

/* The byte at hand, -1 at the end. */
int toml_scan_peek(const struct toml_scan *scan);
bool toml_scan_looks_at(const struct toml_scan *scan, const char *str);
/* Step over @c if it is next. */
bool toml_scan_accept(struct toml_scan *scan, char c);

void toml_scan_skip_blanks(struct toml_scan *scan);
/* Blanks, comments and ends of lines. Returns 0 or -EBADMSG. */
int toml_scan_skip_lines(struct toml_scan *scan);
/* Blanks and a comment; then the line must end, and is left to be ended. */
int toml_scan_end_line(struct toml_scan *scan);

/* The rest of "…" or '…' whose opening quote is passed, onto @sb. */
int toml_scan_short_string(struct toml_scan *scan, char quote,
			   struct strbuf *sb);
/* The rest of a string of three quotes. */
int toml_scan_long_string(struct toml_scan *scan, char quote,
			  struct strbuf *sb);

#endif
