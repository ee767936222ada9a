/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cli/cmd_compose_ls.c - dhow compose ls: projects; and compose volumes.
 */
#include <errno.h>
#include <string.h>

#include "base/alloc.h"
#include "base/text.h"
#include "cli/cmd_list.h"
#include "cli/cmd_session.h"
#include "cli/commands.h"
#include "cli/compose_ctx.h"
#include "cli/say.h"
#include "spec/filter.h"
#include "ui/format.h"

static const struct flag ls_flags[] = {
	{ .name = "all",
	  .letter = 'a',
	  .kind = FLAG_BOOL,
	  .help = "projects that are stopped too" },
	{ .name = "filter",
	  .meta = "name=TEXT",
	  .kind = FLAG_LIST,
	  .help = "only projects whose name matches" },
	{ .name = "format",
	  .meta = "table|json|TEMPLATE",
	  .kind = FLAG_STR,
	  .help = "how to print them" },
	{ .name = "quiet",
	  .letter = 'q',
	  .kind = FLAG_BOOL,
	  .help = "print names only" },
};

static const struct flag volumes_flags[] = {
	{ .name = "format",
	  .meta = "FORMAT",
	  .kind = FLAG_STR,
	  .help = "print by a Go template, table TEMPLATE, or json" },
	{ .name = "quiet",
	  .letter = 'q',
	  .kind = FLAG_BOOL,
	  .help = "print names only" },
};

static const struct format_field ls_fields[] = {
	{ "ConfigFiles", "CONFIG FILES" },
	{ "Name", "NAME" },
	{ "Status", "STATUS" },
};

static const struct format_listing ls_listing = {
	.fields = ls_fields,
	.field_count = ARRAY_LEN(ls_fields),
	.columns = "Name|Status|ConfigFiles",
	.quiet = "Name",
};

/* "exited(1), running(2)", and whether something runs. */
static bool
add_states(const struct world *world, const char *project, struct strbuf *sb)
{
	bool live = false;

	for (int status = 0; status < CONTAINER_STATUS_COUNT; status++) {
		int count = 0;

		for (size_t i = 0; i < world->container_count; i++)
			count += !strcmp(world->containers[i].project,
					 project) &&
				 (int)world->containers[i].status == status;
		if (!count)
			continue;
		live = live ||
		       container_status_is_live((enum container_status)status);
		strbuf_addf(
			sb, "%s%s(%d)", sb->len ? ", " : "",
			container_status_name((enum container_status)status),
			count);
	}
	return live;
}

static void
add_project(const struct world *world, const struct world_container *first,
	    bool all, struct node *rows)
{
	cleanup_strbuf struct strbuf status = STRBUF_INIT;
	bool live = add_states(world, first->project, &status);
	struct node *row;

	if (!live && !all)
		return;
	row = node_push(rows, node_new_obj());
	node_set_str(row, "Name", first->project);
	node_set_str(row, "Status", status.buf);
	node_set_str(row, "ConfigFiles",
		     world_label(&first->labels, LABEL_FILES) ?: "");
}

static int
run_ls(struct cmd_ctx *ctx)
{
	static const char *const keys[] = { "name", NULL };
	const struct args *args = ctx->args;
	cleanup_session struct session session = SESSION_INIT;
	cleanup_world struct world world = WORLD_INIT;
	cleanup_node struct node *rows = node_new_arr();
	cleanup_strbuf struct strbuf out = STRBUF_INIT;
	cleanup_filter struct filter filter = FILTER_INIT;
	const struct format_request request = {
		.format = args_str(args, "format"),
		.is_quiet = args_bool(args, "quiet"),
	};
	int r = filter_add_all(&filter, args_list(args, "filter"), keys,
			       ctx->err);

	if (r == 0)
		r = cmd_session(ctx, &session);
	if (r == 0)
		r = world_read(&session, NULL, &world, ctx->err);
	if (r < 0)
		return r;
	for (size_t i = 0; i < world.container_count; i++) {
		const struct world_container *one = &world.containers[i];

		if ((!i || strcmp(one->project,
				  world.containers[i - 1].project) != 0) &&
		    filter_match_name(&filter, "name", one->project))
			add_project(&world, one, args_bool(args, "all"), rows);
	}
	if (request.format && !strcmp(request.format, "json") &&
	    !request.is_quiet) {
		node_write_json(&out, rows, NODE_COMPACT);
		strbuf_addch(&out, '\n');
	} else {
		r = format_rows(&ls_listing, &request, rows, &out, ctx->err);
	}
	if (r == 0)
		say_text(&out);
	return r;
}

/* Only those that containers of the named services mount. */
static void
add_mounted(const struct compose *compose, struct strvec *words)
{
	const struct world *world = &compose->world;
	bool any = false;

	for (size_t i = 0; i < world->container_count; i++) {
		const struct world_container *one = &world->containers[i];

		if (!strvec_has(&compose->selected, one->service))
			continue;
		for (size_t k = 0; k < one->volumes.len; k++) {
			strvec_add(words, "--filter");
			strvec_addf(words, "name=^%s$", one->volumes.v[k]);
			any = true;
		}
	}
	/* Nobody is called so. */
	if (!any)
		compose_add_flag(words, "--filter", "name=^$");
}

static int
run_volumes(struct cmd_ctx *ctx)
{
	const struct args *args = ctx->args;
	cleanup_compose struct compose compose = COMPOSE_INIT;
	cleanup_strvec struct strvec words = STRVEC_INIT;
	const struct cmd *cmd = commands_get(span_of("volume ls"));
	int r = compose_begin(&compose, ctx, NULL,
			      COMPOSE_NO_FILES | COMPOSE_MAYBE_NONE);

	if (r)
		return r;
	strvec_add(&words, "--filter");
	strvec_addf(&words, "label=%s=%s", LABEL_PROJECT, compose.project.name);
	if (args->operands.len)
		add_mounted(&compose, &words);
	if (args_bool(args, "quiet"))
		strvec_add(&words, "--quiet");
	if (args_str(args, "format")) {
		strvec_add(&words, "--format");
		strvec_add(&words, args_str(args, "format"));
	}
	return compose_invoke(&compose, cmd, &words);
}

static const struct cmd_example ls_examples[] = {
	{ "all projects, stopped ones too", "dhow compose ls -a" },
};

const struct cmd cmd_compose_ls = {
	.path = "compose ls",
	.summary = "list projects",
	CMD_FLAGS(ls_flags),
	CMD_EXAMPLES(ls_examples),
	.run = run_ls,
};

static const struct cmd_example volumes_examples[] = {
	{ "volumes of this project", "dhow compose volumes" },
};

const struct cmd cmd_compose_volumes = {
	.path = "compose volumes",
	.summary = "list the volumes of a project",
	.operands = "[SERVICE...]",
	CMD_FLAGS(volumes_flags),
	CMD_EXAMPLES(volumes_examples),
	.max_operands = CMD_MANY,
	.run = run_volumes,
};
