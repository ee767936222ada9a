/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cli/build_call.c - --call: tell about a Dockerfile instead of building it.
 *
 * Nothing is fetched: of images that are not here the variables are unknown,
 * and that is said.
 */
#include "cli/build_call.h"

#include <errno.h>
#include <string.h>

#include "base/alloc.h"
#include "base/text.h"
#include "cli/say.h"
#include "image/short_name.h"
#include "spec/choice.h"
#include "store/image.h"
#include "ui/table.h"

int
build_call_parse(const char *text, struct build_call *ret_call, struct err *err)
{
	static const char *const names[] = { "build", "check", "outline",
					     "targets", NULL };
	struct span rest = span_of(text), word;
	struct build_call call = { .method = BUILD_METHOD_BUILD };
	cleanup_free char *name = NULL;
	int at;

	if (span_next(&rest, ',', &word))
		name = span_dup(word);
	at = choice_find("method", name ?: "", names, err);
	if (at < 0)
		return err_wrap(err, at, "--call");
	call.method = (enum build_method)at;
	while (span_next(&rest, ',', &word)) {
		if (span_is(word, "format=json"))
			call.json = true;
		else if (!span_is(word, "format=text"))
			return err_set(
				err, EINVAL,
				"--call: unknown option '%.*s', there are format=text and format=json",
				(int)word.len, word.ptr);
	}
	*ret_call = call;
	return 0;
}

/* What a base image says that is here. */
static void
base_image(void *arg, const struct df_base *base, struct df_image *image)
{
	struct session *session = arg;
	struct image_config config;
	cleanup_free char *full = NULL;
	struct image_row row;
	struct store *store;

	(void)short_name_expand(NULL, base->image, &full, NULL);
	if (session_store(session, &store, NULL) < 0 ||
	    image_find(store, full ?: base->image, &row, NULL, NULL) < 0) {
		say_warning(
			"image '%s' is not here: its own variables count as undefined",
			base->image);
		return;
	}
	if (image_read_config(store, &row, &config, NULL) == 0) {
		strvec_add_all(&image->env, &config.env);
		image->has_shell =
			node_len(node_get(node_get(config.doc, "config"),
					  "Shell")) > 0;
		/* By way of an index it is there for other platforms too. */
		if (!row.repo_digest.text[0] ||
		    !strcmp(row.repo_digest.text, row.manifest.text))
			image->platform = config.platform;
		image_config_release(&config);
	}
	image_row_release(&row);
}

int
build_call_check(struct session *session, const struct build_options *opts,
		 const struct build_source *source, struct df_lint *lint,
		 struct df_outline *outline, struct df_range *ret_failed,
		 struct err *err)
{
	struct df_inputs inputs = {
		.build_args = &opts->build_args,
		.target = opts->platform,
		.target_stage = opts->target,
	};
	struct df_check check = {
		.inputs = &inputs,
		.all_stages = !opts->target && !outline,
		.image = base_image,
		.arg = session,
		.ignore = build_source_ignore(source),
		.lint = lint,
		.outline = outline,
	};

	platform_host(&inputs.build);
	if (!inputs.target.arch[0])
		inputs.target = inputs.build;
	return df_check_run(build_source_dockerfile(source), &check, ret_failed,
			    err);
}

static struct node *
range_node(const struct df_range *range)
{
	struct node *node = node_new_obj();
	struct node *item =
		node_push(node_need_arr(node, "ranges"), node_new_obj());

	node_set_int(node_need_obj(item, "start"), "line", range->line);
	node_set_int(node_need_obj(item, "end"), "line", range->end_line);
	return node;
}

static void
say_node(const struct node *node)
{
	cleanup_strbuf struct strbuf text = STRBUF_INIT;

	node_write_json(&text, node, NODE_INDENT2);
	strbuf_addch(&text, '\n');
	say_text(&text);
}

static void
say_check_json(const struct df_lint *lint)
{
	cleanup_node struct node *root = node_new_obj();
	struct node *array = node_need_arr(root, "warnings");

	for (size_t i = 0; i < lint->len; i++) {
		const struct df_warning *warning = &lint->items[i];
		struct node *item = node_push(array, node_new_obj());

		node_set_str(item, "ruleName", df_rule_name(warning->rule));
		node_set_str(item, "description",
			     df_rule_description(warning->rule));
		node_set_str(item, "url", df_rule_url(warning->rule));
		node_set_str(item, "detail", warning->detail);
		(void)node_set(item, "location", range_node(&warning->range));
	}
	say_node(root);
}

static int
call_check(const struct build_call *call, const struct dockerfile *df,
	   struct df_lint *lint)
{
	cleanup_strbuf struct strbuf text = STRBUF_INIT;

	df_lint_sort(lint);
	if (call->json) {
		say_check_json(lint);
		return lint->len > 0;
	}
	if (!lint->len)
		strbuf_addstr(&text, "Check complete, no warnings found.\n");
	else
		strbuf_addf(&text,
			    "Check complete, %zu warning%s been found!\n",
			    lint->len, lint->len == 1 ? " has" : "s have");
	for (size_t i = 0; i < lint->len; i++) {
		strbuf_addch(&text, '\n');
		df_warning_add_text(&lint->items[i], df, &text);
	}
	say_text(&text);
	return lint->len > 0;
}

static struct node *
outline_node(const struct df_outline_list *list, bool has_values)
{
	struct node *array = node_new_arr();

	for (size_t i = 0; i < list->len; i++) {
		const struct df_outline_row *row = &list->items[i];
		struct node *item = node_push(array, node_new_obj());

		node_set_str(item, "name", row->name);
		if (row->description)
			node_set_str(item, "description", row->description);
		if (has_values && row->value)
			node_set_str(item, "value", row->value);
		if (row->required)
			node_set_bool(item, "required", true);
		(void)node_set(item, "location", range_node(&row->range));
	}
	return array;
}

/* A table below a heading, if it has rows. */
static void
add_rows(struct strbuf *text, const struct df_outline_list *list,
	 const char *heading, bool has_values)
{
	cleanup_strbuf struct strbuf table = STRBUF_INIT;

	if (!list->len)
		return;
	strbuf_addf(&table, "%s\t%s\n", heading,
		    has_values ? "VALUE\tDESCRIPTION" : "REQUIRED");
	for (size_t i = 0; i < list->len; i++) {
		const struct df_outline_row *row = &list->items[i];

		table_add_cell(&table, row->name, true);
		table_add_cell(&table,
			       has_values      ? row->value ?: ""
			       : row->required ? "true"
					       : "",
			       false);
		if (has_values)
			table_add_cell(&table, row->description ?: "", false);
		strbuf_addch(&table, '\n');
	}
	strbuf_addch(text, '\n');
	table_add(text, span_new(table.buf, table.len));
}

static int
call_outline(const struct build_call *call, const struct build_options *opts,
	     const struct dockerfile *df, const struct df_outline *outline,
	     struct err *err)
{
	cleanup_strbuf struct strbuf text = STRBUF_INIT;
	cleanup_node struct node *root = node_new_obj();
	cleanup_free char *doc = NULL;
	const struct df_stage *stage;
	size_t at;
	int r = dockerfile_find_target(df, opts->target, &at, err);

	if (r < 0)
		return r;
	stage = &df->stages[at];
	doc = stage->name ? df_doc_of(stage->from, stage->name) : NULL;
	if (call->json) {
		if (stage->name)
			node_set_str(root, "name", stage->name);
		if (doc)
			node_set_str(root, "description", doc);
		(void)node_set(root, "args",
			       outline_node(&outline->args, true));
		(void)node_set(root, "secrets",
			       outline_node(&outline->secrets, false));
		(void)node_set(root, "ssh",
			       outline_node(&outline->sshs, false));
		say_node(root);
		return 0;
	}
	strbuf_addf(&text, "TARGET:      %s\n", stage->name ?: "default");
	if (doc)
		strbuf_addf(&text, "DESCRIPTION: %s\n", doc);
	add_rows(&text, &outline->args, "BUILD ARG", true);
	add_rows(&text, &outline->secrets, "SECRET", false);
	add_rows(&text, &outline->sshs, "SSH", false);
	say_text(&text);
	return 0;
}

static int
call_targets(const struct build_call *call, const struct dockerfile *df)
{
	cleanup_strbuf struct strbuf text = STRBUF_INIT, table = STRBUF_INIT;
	cleanup_node struct node *root = node_new_obj();
	struct node *array = node_need_arr(root, "targets");

	strbuf_addstr(&table, "TARGET\tDESCRIPTION\n");
	for (size_t i = 0; i < df->stage_count; i++) {
		const struct df_stage *stage = &df->stages[i];
		bool is_default = i + 1 == df->stage_count;
		cleanup_free char *doc =
			stage->name ? df_doc_of(stage->from, stage->name)
				    : NULL;
		struct node *item;

		if (!stage->name && !is_default)
			continue;
		item = node_push(array, node_new_obj());
		if (stage->name)
			node_set_str(item, "name", stage->name);
		if (doc)
			node_set_str(item, "description", doc);
		if (is_default)
			node_set_bool(item, "default", true);
		node_set_str(item, "base", stage->base);
		(void)node_set(item, "location",
			       range_node(&stage->from->range));
		strbuf_addf(&table, "%s%s\t%s\n", stage->name ?: "(default)",
			    stage->name && is_default ? " (default)" : "",
			    doc ?: "");
	}
	table_add(&text, span_new(table.buf, table.len));
	if (call->json)
		say_node(root);
	else
		say_text(&text);
	return 0;
}

int
build_call_run(const struct build_call *call, struct session *session,
	       const struct build_options *opts,
	       const struct build_source *source, struct df_lint *lint,
	       struct df_range *ret_failed, struct err *err)
{
	const struct dockerfile *df = build_source_dockerfile(source);
	struct df_outline outline = DF_OUTLINE_INIT;
	bool is_outline = call->method == BUILD_METHOD_OUTLINE;
	int r;

	if (call->method == BUILD_METHOD_TARGETS)
		return call_targets(call, df);
	r = build_call_check(session, opts, source, lint,
			     is_outline ? &outline : NULL, ret_failed, err);
	if (r == 0 && is_outline)
		r = call_outline(call, opts, df, &outline, err);
	else if (r == 0)
		r = call_check(call, df, lint);
	df_outline_release(&outline);
	return r;
}
