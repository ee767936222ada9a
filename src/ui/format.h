/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ui/format.h - --format: what a listing or inspect prints.
 *
 * FORMAT is absent, "table", "table TEMPLATE", "json", "raw" or TEMPLATE; in
 * a listing \t and \n are written as two characters. Templates are Go's.
 */
#ifndef DHOW_UI_FORMAT_H
#define DHOW_UI_FORMAT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "base/strbuf.h"
#include "data/node.h"
#include "data/template.h"

struct format_field {
	const char *name;   /* "CreatedSince" */
	const char *header; /* "CREATED" */
};

/* What one kind of listing can print; static. */
struct format_listing {
	const struct format_field *fields; /* all that a row has */
	size_t field_count;
	const char *columns; /* of the plain table: "Repository|Tag|ID" */
	const char *raw;     /* template of "raw", or NULL */
	const char *quiet;   /* the field that --quiet prints: "ID" */
};

/* What was asked for. */
struct format_request {
	const char *format;  /* --format, or NULL */
	const char *columns; /* instead of the listing's, or NULL */
	bool is_quiet;
	bool no_heading;
	/* For {{.Label "k"}}: an object of labels (or null) for each row, in
	 * an array; NULL when the listing's rows have none. Borrowed. */
	const struct node *labels;
};

/*
 * Append the listing of @rows, an array of objects whose members are the
 * listing's fields, all strings; their keys are sorted on the way.
 *
 * Returns 0 or -EINVAL with "template parsing error: …".
 */
int format_rows(const struct format_listing *listing,
		const struct format_request *request, struct node *rows,
		struct strbuf *out, struct err *err);

/*
 * Which fields of the listing are shown, in the order of its rows: others
 * need not be computed. A template that does not parse shows everything.
 *
 * @ret_shown: room for one per field
 */
void format_shown(const struct format_listing *listing,
		  const struct format_request *request, bool *ret_shown);

/*
 * A member that an object may lack: a template finds @value all the same, as
 * in Go, where a struct has all its fields. Tables end with a NULL name.
 */
struct format_omitted {
	const char *name;
	const char *beside; /* a member that tells such an object */
	const char *value;  /* "": a text; "null", "false", TEMPLATE_NIL_… */
};

/*
 * Append what inspect prints of an array of objects: a JSON array indented by
 * four blanks; with "json" or a template, a line for each.
 *
 * @map_fields: members that are maps, see struct template_opts
 * @omitted:    or NULL
 */
int format_inspect(const char *format, const char *const *map_fields,
		   const struct format_omitted *omitted,
		   const struct node *objects, struct strbuf *out,
		   struct err *err);

/* Append one object by "json" or a template (info, version), and a newline. */
int format_object(const char *format, const char *const *map_fields,
		  const struct node *object, struct strbuf *out,
		  struct err *err);

#endif
