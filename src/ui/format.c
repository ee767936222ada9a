/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ui/format.c - --format: what a listing or inspect prints.
 */
#include "ui/format.h"

#include <errno.h>
#include <stdint.h>
#include <string.h>

#include "base/alloc.h"
#include "base/span.h"
#include "base/text.h"
#include "ui/table.h"

enum style {
	STYLE_TABLE, /* the listing's own columns */
	STYLE_TABLE_TEMPLATE,
	STYLE_QUIET,
	STYLE_JSON,
	STYLE_RAW,
	STYLE_TEMPLATE,
};

static enum style
style_of(const struct format_request *request)
{
	const char *format = request->format;
	bool is_plain = !format || !format[0] || !strcmp(format, "table");

	if (request->is_quiet && (is_plain || !strcmp(format, "raw")))
		return STYLE_QUIET;
	if (is_plain)
		return STYLE_TABLE;
	if (!strcmp(format, "json"))
		return STYLE_JSON;
	if (!strcmp(format, "raw"))
		return STYLE_RAW;
	return text_starts(format, "table ") ? STYLE_TABLE_TEMPLATE
					     : STYLE_TEMPLATE;
}

/* Shells pass \t and \n as two characters. */
static void
add_unescaped(struct strbuf *sb, const char *text)
{
	for (; *text; text++) {
		if (text[0] == '\\' && (text[1] == 't' || text[1] == 'n'))
			strbuf_addch(sb, *++text == 't' ? '\t' : '\n');
		else
			strbuf_addch(sb, *text);
	}
}

static int
parse_template(const struct format_listing *listing, enum style style,
	       const char *format, struct template **ret_template,
	       struct err *err)
{
	cleanup_strbuf struct strbuf text = STRBUF_INIT;
	int r;

	if (style == STYLE_RAW)
		strbuf_addstr(&text, listing->raw);
	else if (style == STYLE_TABLE_TEMPLATE)
		add_unescaped(&text, text_after(format, "table "));
	else
		add_unescaped(&text, format);
	r = template_parse(text.buf, ret_template, err);
	return r < 0 ? err_wrap(err, r, "template parsing error") : 0;
}

static const char *
header_of(const struct format_listing *listing, struct span name)
{
	for (size_t i = 0; i < listing->field_count; i++)
		if (span_is(name, listing->fields[i].name))
			return listing->fields[i].header;
	return "";
}

static void
add_columns(const struct format_listing *listing,
	    const struct format_request *request, const struct node *row,
	    struct strbuf *text)
{
	struct span rest = span_of(request->columns ?: listing->columns);
	struct span name;

	for (bool first = true; span_next(&rest, '|', &name); first = false) {
		cleanup_free char *key = span_dup(name);
		const char *cell = row ? node_str_or(node_get(row, key), "")
				       : header_of(listing, name);

		table_add_cell(text, cell, first);
	}
	strbuf_addch(text, '\n');
}

static void
add_table(const struct format_listing *listing,
	  const struct format_request *request, const struct node *rows,
	  struct strbuf *out)
{
	cleanup_strbuf struct strbuf text = STRBUF_INIT;

	if (!request->no_heading)
		add_columns(listing, request, NULL, &text);
	for (size_t i = 0; i < node_len(rows); i++)
		add_columns(listing, request, node_at(rows, i), &text);
	table_add(out, span_new(text.buf, text.len));
}

/* {{.Label "com.example.some-key"}}: the value, in a heading "some key". */
static int
label_method(void *labels, const struct node *receiver, const char *name,
	     const struct node *const *args, size_t arg_count,
	     struct node **ret_value, struct err *err)
{
	const char *key = arg_count == 1 ? node_str(args[0]) : NULL;

	if (strcmp(name, "Label") != 0 || !key)
		return -ENOENT;
	if (!labels) {
		const char *dot = strrchr(key, '.');
		cleanup_free char *heading = xstrdup(dot ? dot + 1 : key);

		for (char *p = heading; *p; p++)
			if (*p == '-' || *p == '_')
				*p = ' ';
		*ret_value = node_new_str(heading);
		return 0;
	}
	*ret_value = node_new_str(node_str_or(node_get(labels, key), ""));
	return 0;
}

/* The same failure, said of a row that has what was not asked for too. */
static int
fail_by_template(const struct format_listing *listing,
		 const struct template *template,
		 const struct template_opts *opts, const struct node *row,
		 struct err *err)
{
	cleanup_node struct node *whole = node_clone(row);
	cleanup_strbuf struct strbuf unused = STRBUF_INIT;

	for (size_t i = 0; i < listing->field_count; i++)
		if (!node_get(whole, listing->fields[i].name))
			node_set_str(whole, listing->fields[i].name, "");
	node_sort_keys(whole);
	err_reset(err);
	(void)template_exec(template, whole, opts, &unused, err);
	return err_wrap(err, -EINVAL, "template parsing error");
}

/* A row by a template. @labels: of the row; NULL in a heading. */
static int
add_by_template(const struct format_listing *listing,
		const struct template *template, const struct node *row,
		const struct node *labels, struct strbuf *out, struct err *err)
{
	struct template_opts opts = { .is_typed = true,
				      .method = label_method,
				      .method_arg = (void *)labels };
	int r = template_exec(template, row, &opts, out, err);

	if (r == -EINVAL)
		return fail_by_template(listing, template, &opts, row, err);
	if (r < 0)
		return err_wrap(err, r, "template parsing error");
	strbuf_addch(out, '\n');
	return 0;
}

static int
add_heading(const struct format_listing *listing,
	    const struct template *template, struct strbuf *out,
	    struct err *err)
{
	cleanup_node struct node *headers = node_new_obj();

	for (size_t i = 0; i < listing->field_count; i++)
		node_set_str(headers, listing->fields[i].name,
			     listing->fields[i].header);
	return add_by_template(listing, template, headers, NULL, out, err);
}

/* Fields that were not computed because nothing uses them: for the hint that
 * lists the fields there are. */
static void
complete_row(const struct format_listing *listing, struct node *row)
{
	for (size_t i = 0; i < listing->field_count; i++)
		if (!node_get(row, listing->fields[i].name))
			node_set_str(row, listing->fields[i].name, "");
}

static int
add_templates(const struct format_listing *listing,
	      const struct format_request *request, enum style style,
	      struct node *rows, struct strbuf *out, struct err *err)
{
	cleanup_with(template_free) struct template *template = NULL;
	cleanup_strbuf struct strbuf text = STRBUF_INIT;
	cleanup_node struct node *none = node_new_obj();
	int r = parse_template(listing, style, request->format, &template, err);

	if (!r && style == STYLE_TABLE_TEMPLATE && !request->no_heading)
		r = add_heading(listing, template, &text, err);
	for (size_t i = 0; !r && i < node_len(rows); i++) {
		complete_row(listing, node_at(rows, i));
		if (template_uses_whole(template))
			node_sort_keys(node_at(rows, i));
		r = add_by_template(listing, template, node_at(rows, i),
				    node_at(request->labels, i) ?: none, &text,
				    err);
	}
	if (r < 0)
		return r;
	if (style == STYLE_TABLE_TEMPLATE)
		table_add(out, span_new(text.buf, text.len));
	else
		strbuf_add(out, text.buf, text.len);
	return 0;
}

int
format_rows(const struct format_listing *listing,
	    const struct format_request *request, struct node *rows,
	    struct strbuf *out, struct err *err)
{
	enum style style = style_of(request);

	if (style == STYLE_RAW && !listing->raw)
		return err_set(err, EINVAL, "this listing has no format 'raw'");
	if (style == STYLE_TABLE) {
		add_table(listing, request, rows, out);
		return 0;
	}
	if (style != STYLE_QUIET && style != STYLE_JSON)
		return add_templates(listing, request, style, rows, out, err);
	for (size_t i = 0; i < node_len(rows); i++) {
		struct node *row = node_at(rows, i);

		if (style == STYLE_QUIET) {
			strbuf_addstr(out,
				      node_str_or(node_get(row, listing->quiet),
						  ""));
		} else {
			node_sort_keys(row);
			node_write_json(out, row, NODE_COMPACT);
		}
		strbuf_addch(out, '\n');
	}
	return 0;
}

static bool
has_column(const struct format_listing *listing,
	   const struct format_request *request, const char *field)
{
	struct span rest = span_of(request->columns ?: listing->columns);
	struct span name;

	while (span_next(&rest, '|', &name))
		if (span_is(name, field))
			return true;
	return false;
}

void
format_shown(const struct format_listing *listing,
	     const struct format_request *request, bool *ret_shown)
{
	cleanup_with(template_free) struct template *template = NULL;
	enum style style = style_of(request);
	bool by_template = style == STYLE_TEMPLATE ||
			   style == STYLE_TABLE_TEMPLATE ||
			   (style == STYLE_RAW && listing->raw);

	if (by_template)
		(void)parse_template(listing, style, request->format, &template,
				     NULL);
	for (size_t i = 0; i < listing->field_count; i++) {
		const char *name = listing->fields[i].name;

		if (style == STYLE_TABLE)
			ret_shown[i] = has_column(listing, request, name);
		else if (style == STYLE_QUIET)
			ret_shown[i] = !strcmp(name, listing->quiet);
		else
			ret_shown[i] = !template ||
				       template_uses_whole(template) ||
				       template_uses(template, name);
	}
}

/* Of a member that was left out: what Go would have there. */
static int
omitted_member(void *arg, const struct node *receiver, const char *name,
	       const struct node *const *args, size_t arg_count,
	       struct node **ret_value, struct err *err)
{
	const struct format_omitted *row = arg;

	(void)args;
	(void)err;
	for (; !arg_count && row && row->name; row++) {
		if (strcmp(row->name, name) != 0 ||
		    !node_get(receiver, row->beside))
			continue;
		if (!*row->value) {
			*ret_value = node_new_str("");
		} else if (!strcmp(row->value, "false")) {
			*ret_value = node_new_bool(false);
		} else {
			*ret_value = node_new_null();
			if (strcmp(row->value, "null") != 0)
				node_set_tag(*ret_value, row->value);
		}
		return 0;
	}
	return -ENOENT;
}

static int
print_object(const char *format, const struct template_opts *opts,
	     const struct node *object, struct strbuf *out, struct err *err)
{
	cleanup_with(template_free) struct template *template = NULL;
	size_t start = out->len;
	int r;

	if (!strcmp(format, "json")) {
		node_write_json(out, object, NODE_COMPACT);
		strbuf_addch(out, '\n');
		return 0;
	}
	r = template_parse(format, &template, err);
	if (!r)
		r = template_exec(template, object, opts, out, err);
	if (r < 0) {
		strbuf_truncate(out, start);
		return err_wrap(err, r, "template parsing error");
	}
	strbuf_addch(out, '\n');
	return 0;
}

int
format_object(const char *format, const char *const *map_fields,
	      const struct node *object, struct strbuf *out, struct err *err)
{
	const struct template_opts opts = {
		.is_typed = true,
		.map_fields = map_fields,
	};

	return print_object(format, &opts, object, out, err);
}

int
format_inspect(const char *format, const char *const *map_fields,
	       const struct format_omitted *omitted, const struct node *objects,
	       struct strbuf *out, struct err *err)
{
	const struct template_opts opts = {
		.is_typed = true,
		.map_fields = map_fields,
		.method = omitted_member,
		.method_arg = (void *)(uintptr_t)omitted,
	};
	int r = 0;

	if (!format || !format[0]) {
		node_write_json(out, objects, NODE_INDENT4);
		strbuf_addch(out, '\n');
		return 0;
	}
	for (size_t i = 0; !r && i < node_len(objects); i++)
		r = print_object(format, &opts, node_at(objects, i), out, err);
	return r;
}
