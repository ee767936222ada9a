/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cli/cmd_compose_config.c - dhow compose config: the model in canonical form.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "base/fsx.h"
#include "cli/cmd_list.h"
#include "cli/compose_open.h"
#include "cli/compose_pin.h"
#include "cli/say.h"
#include "compose/config_print.h"
#include "compose/interpolate.h"
#include "compose/loader.h"
#include "compose/normalise.h"
#include "compose/profiles.h"
#include "data/expand.h"
#include "ui/table.h"

static bool
is_underscored(const struct cmd_ctx *ctx)
{
	return ctx->group && args_bool(ctx->group, "compatibility");
}

static void
add_keys(struct strbuf *out, const struct node *obj)
{
	cleanup_strvec struct strvec names = STRVEC_INIT;

	for (size_t i = 0; i < node_len(obj); i++)
		strvec_add(&names, node_key_at(obj, i));
	strvec_sort(&names);
	for (size_t i = 0; i < names.len; i++)
		strbuf_addf(out, "%s\n", names.v[i]);
}

/* What a service needs comes before it, the rest by name. */
static void
add_service(struct strbuf *out, const struct project *project,
	    const struct strvec *selected, const char *name, struct map *seen)
{
	const struct node *depends =
		node_get(project_service(project, name), "depends_on");
	cleanup_strvec struct strvec before = STRVEC_INIT;

	if (map_has(seen, name) || !strvec_has(selected, name))
		return;
	(void)map_set(seen, name, seen);
	for (size_t i = 0; i < node_len(depends); i++)
		strvec_add(&before, node_key_at(depends, i));
	strvec_sort(&before);
	for (size_t i = 0; i < before.len; i++)
		add_service(out, project, selected, before.v[i], seen);
	strbuf_addf(out, "%s\n", name);
}

static void
add_service_names(struct strbuf *out, const struct project *project,
		  const struct strvec *selected)
{
	cleanup_strvec struct strvec names = STRVEC_INIT;
	struct map seen = MAP_INIT;

	strvec_add_all(&names, selected);
	strvec_sort(&names);
	for (size_t i = 0; i < names.len; i++)
		add_service(out, project, selected, names.v[i], &seen);
	map_release(&seen);
}

static void
add_profile_names(struct strbuf *out, const struct project *project)
{
	const struct node *const sides[] = { project_services(project),
					     project->disabled };
	cleanup_strvec struct strvec all = STRVEC_INIT;

	for (size_t s = 0; s < ARRAY_LEN(sides); s++)
		for (size_t i = 0; i < node_len(sides[s]); i++)
			node_get_strvec(node_value_at(sides[s], i), "profiles",
					&all);
	strvec_sort(&all);
	for (size_t i = 0; i < all.len; i++)
		if (!i || strcmp(all.v[i], all.v[i - 1]) != 0)
			strbuf_addf(out, "%s\n", all.v[i]);
}

static void
add_images(struct strbuf *out, const struct cmd_ctx *ctx,
	   const struct project *project, const struct strvec *selected)
{
	for (size_t i = 0; i < selected->len; i++) {
		cleanup_free char *image = config_print_image(
			project, selected->v[i], is_underscored(ctx));

		strbuf_addf(out, "%s\n", image);
	}
}

static int
add_hashes(struct strbuf *out, const struct project *project, const char *which,
	   struct err *err)
{
	cleanup_strvec struct strvec names = STRVEC_INIT;
	cleanup_strvec struct strvec selected = STRVEC_INIT;
	int r;

	if (strcmp(which, "*") != 0)
		strvec_split(&names, which, ",");
	r = profiles_select(project, &names, false, &selected, err);
	strvec_sort(&selected);
	for (size_t i = 0; r == 0 && i < selected.len; i++) {
		char hex[HASH256_HEX_BYTES];

		config_print_hash(project, selected.v[i], hex);
		strbuf_addf(out, "%s %s\n", selected.v[i], hex);
	}
	return r;
}

/* What the files use, as they are written; each once, by its first use. */
static struct node *
list_variables(const struct node *docs)
{
	struct interpolate_uses uses = INTERPOLATE_USES_INIT;
	struct node *list = node_new_obj();

	interpolate_find(docs, &uses);
	for (size_t i = 0; i < uses.len; i++) {
		const struct interpolate_use *use = &uses.items[i];
		struct node *one;

		if (node_get(list, use->name))
			continue;
		one = node_set(list, use->name, node_new_obj());
		node_set_str(one, "Name", use->name);
		node_set_str(one, "DefaultValue", use->fallback ?: "");
		node_set_str(one, "PresenceValue", use->alternative ?: "");
		node_set_bool(one, "Required", use->required);
	}
	interpolate_uses_release(&uses);
	return list;
}

static void
add_variable_table(struct strbuf *out, const struct node *list)
{
	cleanup_strbuf struct strbuf table = STRBUF_INIT;

	strbuf_addstr(&table,
		      "NAME\tREQUIRED\tDEFAULT VALUE\tALTERNATE VALUE\n");
	for (size_t i = 0; i < node_len(list); i++) {
		const struct node *one = node_value_at(list, i);

		table_add_cell(&table, node_key_at(list, i), true);
		table_add_cell(&table,
			       node_get_bool(one, "Required", false) ? "true"
								     : "false",
			       false);
		table_add_cell(&table, node_get_str(one, "DefaultValue"),
			       false);
		table_add_cell(&table, node_get_str(one, "PresenceValue"),
			       false);
		strbuf_addch(&table, '\n');
	}
	table_add(out, span_new(table.buf, table.len));
}

static bool
is_json(const struct args *args)
{
	return !strcmp(args_str(args, "format"), "json");
}

static void
add_variables(struct strbuf *out, const struct args *args,
	      const struct node *docs)
{
	cleanup_node struct node *list = list_variables(docs);

	if (!is_json(args)) {
		add_variable_table(out, list);
		return;
	}
	node_write_json(out, list, NODE_INDENT2);
	strbuf_addch(out, '\n');
}

/* --explain NAME: every source of a variable, the winner first. */
static void
add_explanation(struct strbuf *out, const struct project *project,
		const struct node *docs, const char *name)
{
	struct interpolate_uses uses = INTERPOLATE_USES_INIT;
	cleanup_strbuf struct strbuf text = STRBUF_INIT;
	cleanup_strbuf struct strbuf sources = STRBUF_INIT;
	struct span rest, line;
	bool first = true;

	strbuf_addstr(&text, "\tSOURCE\tVALUE\n");
	project_env_explain(&project->env, name, &sources);
	rest = span_new(sources.buf, sources.len);
	for (; span_next(&rest, '\n', &line); first = false)
		strbuf_addf(&text, "%s\t%.*s\n", first ? "*" : "",
			    (int)line.len, line.ptr);
	interpolate_find(docs, &uses);
	for (size_t i = 0; i < uses.len; i++) {
		const struct interpolate_use *use = &uses.items[i];
		const char *file;
		int row, col;

		if (strcmp(use->name, name) != 0)
			continue;
		node_position(use->node, &file, &row, &col);
		strbuf_addf(&text, "%s\t%s:%d:%d, default\t%s\n",
			    first && use->fallback ? "*" : "", file ? file : "",
			    row, col,
			    use->fallback      ? use->fallback
			    : use->required    ? "(none: required)"
			    : use->alternative ? "(none: alternative only)"
					       : "(none)");
		first = false;
	}
	table_add(out, span_new(text.buf, text.len));
	interpolate_uses_release(&uses);
}

static void
add_environment(struct strbuf *out, const struct project *project)
{
	cleanup_strvec struct strvec all = STRVEC_INIT;

	project_env_list(&project->env, &all);
	for (size_t i = 0; i < all.len; i++)
		strbuf_addf(out, "%s\n", all.v[i]);
}

static int
add_model(struct strbuf *out, struct cmd_ctx *ctx, struct project *project,
	  const struct strvec *selected)
{
	const struct args *args = ctx->args;
	cleanup_node struct node *model = NULL;
	bool locks = args_bool(args, "lock-image-digests");

	if (locks || args_bool(args, "resolve-image-digests")) {
		int r = compose_pin_images(ctx, project);

		if (r < 0)
			return r;
	}
	model = locks ? compose_pin_file(project)
		      : config_print_model(project, selected,
					   !args_bool(args, "no-interpolate"));
	if (args->operands.len && !locks && !args_bool(args, "no-normalize") &&
	    !(ctx->group && args_bool(ctx->group, "all-resources")))
		normalise_drop_unused(model);
	if (!is_json(args)) {
		node_write_yaml(out, model);
		return 0;
	}
	config_print_fill_json(model);
	node_write_json(out, model, NODE_INDENT2);
	strbuf_addch(out, '\n');
	return 0;
}

/* The documents as written, for what is said about variables. */
static struct node *
read_docs(const struct project *project)
{
	cleanup_diag struct diag diag = DIAG_INIT;
	struct load load = LOAD_INIT;
	struct node *docs = node_new_arr();
	struct node *model = NULL;

	load.diag = &diag;
	load.raw = docs;
	load_files(&load, &project->files, NULL, &project->env, &model);
	load_release(&load);
	node_free(model);
	return docs;
}

static int
add_output(struct strbuf *out, struct cmd_ctx *ctx, struct project *project,
	   const struct strvec *selected)
{
	const struct args *args = ctx->args;
	static const char *const kinds[] = { "models", "networks", "volumes" };

	if (args_bool(args, "variables") || args_given(args, "explain")) {
		cleanup_node struct node *docs = read_docs(project);

		if (args_bool(args, "variables"))
			add_variables(out, args, docs);
		else
			add_explanation(out, project, docs,
					args_str(args, "explain"));
		return 0;
	}
	for (size_t i = 0; i < ARRAY_LEN(kinds); i++)
		if (args_bool(args, kinds[i])) {
			add_keys(out, node_get(project->model, kinds[i]));
			return 0;
		}
	if (args_bool(args, "services"))
		add_service_names(out, project, selected);
	else if (args_bool(args, "profiles"))
		add_profile_names(out, project);
	else if (args_bool(args, "images"))
		add_images(out, ctx, project, selected);
	else if (args_bool(args, "environment"))
		add_environment(out, project);
	else if (args_given(args, "hash"))
		return add_hashes(out, project, args_str(args, "hash"),
				  ctx->err);
	else
		return add_model(out, ctx, project, selected);
	return 0;
}

static int
write_output(const struct cmd_ctx *ctx, const struct strbuf *out)
{
	const char *path = args_str(ctx->args, "output");

	if (args_bool(ctx->args, "quiet"))
		return 0;
	if (path)
		return fsx_write_atomic(AT_FDCWD, path, out->buf, out->len,
					0644, 0, ctx->err);
	say_text(out);
	return 0;
}

static int
run(struct cmd_ctx *ctx)
{
	const struct args *args = ctx->args;
	cleanup_project struct project project = PROJECT_INIT;
	cleanup_strvec struct strvec selected = STRVEC_INIT;
	cleanup_strbuf struct strbuf out = STRBUF_INIT;
	struct project_opts opts = {
		.services = &args->operands,
		/* What is asked about variables is not whether all are set. */
		.no_interpolate = args_bool(args, "no-interpolate") ||
				  args_bool(args, "variables") ||
				  args_given(args, "explain"),
		.no_normalize = args_bool(args, "no-normalize"),
		.no_paths = args_bool(args, "no-path-resolution"),
		.no_consistency = args_bool(args, "no-consistency"),
		.no_env_resolution = args_bool(args, "no-env-resolution"),
	};
	int r;

	compose_options(ctx, &opts);
	r = compose_open(ctx, &opts, true, &project);
	if (r == 0)
		r = profiles_select(&project, &args->operands, true, &selected,
				    ctx->err);
	if (r == 0)
		r = add_output(&out, ctx, &project, &selected);
	return r ? r : write_output(ctx, &out);
}

static const struct flag flags[] = {
	{ .name = "environment",
	  .kind = FLAG_BOOL,
	  .help = "print the variables that the files are filled with" },
	{ .name = "explain",
	  .meta = "NAME",
	  .kind = FLAG_STR,
	  .help = "print every source of a variable, the winner first" },
	{ .name = "format",
	  .kind = FLAG_ENUM,
	  .values = "yaml|json",
	  .fallback = "yaml",
	  .help = "how to print the model" },
	{ .name = "hash",
	  .meta = "SERVICE,...|*",
	  .kind = FLAG_STR,
	  .help = "print what decides whether containers are up to date" },
	{ .name = "images",
	  .kind = FLAG_BOOL,
	  .help = "print names of images" },
	{ .name = "lock-image-digests",
	  .kind = FLAG_BOOL,
	  .help = "print an override file that pins images by digest" },
	{ .name = "models",
	  .kind = FLAG_BOOL,
	  .help = "print names of models" },
	{ .name = "networks",
	  .kind = FLAG_BOOL,
	  .help = "print names of networks" },
	{ .name = "no-consistency",
	  .kind = FLAG_BOOL,
	  .help = "do not check what keys refer to" },
	{ .name = "no-env-resolution",
	  .kind = FLAG_BOOL,
	  .help = "leave env_file as it is" },
	{ .name = "no-interpolate",
	  .kind = FLAG_BOOL,
	  .help = "leave variables as they are" },
	{ .name = "no-normalize",
	  .kind = FLAG_BOOL,
	  .help = "leave out what is understood" },
	{ .name = "no-path-resolution",
	  .kind = FLAG_BOOL,
	  .help = "leave relative paths as they are" },
	{ .name = "output",
	  .letter = 'o',
	  .meta = "FILE",
	  .kind = FLAG_STR,
	  .offer = OFFER_FILE,
	  .help = "write to a file" },
	{ .name = "profiles",
	  .kind = FLAG_BOOL,
	  .help = "print names of profiles" },
	{ .name = "quiet",
	  .letter = 'q',
	  .kind = FLAG_BOOL,
	  .help = "only check" },
	{ .name = "resolve-image-digests",
	  .kind = FLAG_BOOL,
	  .help = "pin images by the digest that registries have" },
	{ .name = "services",
	  .kind = FLAG_BOOL,
	  .help = "print names of services" },
	{ .name = "variables",
	  .kind = FLAG_BOOL,
	  .help = "print the variables that the files use" },
	{ .name = "volumes",
	  .kind = FLAG_BOOL,
	  .help = "print names of volumes" },
};

static const struct cmd_example examples[] = {
	{ "check the files", "dhow compose config -q" },
	{ "where does a value come from?",
	  "dhow compose config --explain VERSION" },
};

const struct cmd cmd_compose_config = {
	.path = "compose config",
	.aliases = "compose convert",
	.summary = "check the files and print what they amount to",
	.operands = "[SERVICE...]",
	.about = "All files are merged, variables replaced, short forms "
		 "written out. Every mistake is told with its file, line and "
		 "column, all of them in one go.",
	CMD_FLAGS(flags),
	CMD_EXAMPLES(examples),
	.max_operands = CMD_MANY,
	.run = run,
};
