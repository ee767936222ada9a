/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cli/cmd_doctor.c - dhow doctor: what this host allows, and what to ask for.
 */
#include <stdio.h>
#include <string.h>

#include "cli/cmd_list.h"
#include "cli/say.h"
#include "conf/host_facts.h"
#include "data/node.h"

#define NAME_COLUMN 10
#define TEXT_COLUMN 28

static void
add_text(const struct host_report *report, struct strbuf *sb)
{
	for (size_t i = 0; i < report->len; i++) {
		const struct host_check *check = &report->checks[i];

		strbuf_addf(sb, "%-*s%-*s%s\n", NAME_COLUMN,
			    host_state_name(check->state),
			    TEXT_COLUMN - NAME_COLUMN, check->name,
			    check->found);
		if (check->loss)
			strbuf_addf(sb, "%*slost: %s\n", TEXT_COLUMN, "",
				    check->loss);
		if (check->remedy)
			strbuf_addf(sb, "%*sdo:   %s\n", TEXT_COLUMN, "",
				    check->remedy);
	}
	strbuf_addf(sb, "\nid mode %s, storage driver %s: containers %s here\n",
		    idspace_mode_name(report->id_mode),
		    host_report_driver(report),
		    host_report_is_usable(report) ? "can run" : "cannot run");
}

static struct node *
check_to_node(const struct host_check *check)
{
	struct node *obj = node_new_obj();

	node_set_str(obj, "name", check->name);
	node_set_str(obj, "state", host_state_name(check->state));
	node_set_str(obj, "found", check->found);
	node_set_str(obj, "lost", check->loss ? check->loss : "");
	node_set_str(obj, "remedy", check->remedy ? check->remedy : "");
	return obj;
}

static void
add_json(const struct host_report *report, struct strbuf *sb)
{
	cleanup_node struct node *root = node_new_obj();
	struct node *list = node_need_arr(root, "checks");

	for (size_t i = 0; i < report->len; i++)
		(void)node_push(list, check_to_node(&report->checks[i]));
	node_set_str(root, "idMode", idspace_mode_name(report->id_mode));
	node_set_str(root, "storageDriver", host_report_driver(report));
	node_set_bool(root, "usable", host_report_is_usable(report));
	node_write_json(sb, root, NODE_INDENT4);
	strbuf_addch(sb, '\n');
}

static int
run(struct cmd_ctx *ctx)
{
	cleanup_host_report struct host_report report = HOST_REPORT_INIT;
	cleanup_paths struct paths paths = PATHS_INIT;
	cleanup_strbuf struct strbuf sb = STRBUF_INIT;
	int r = paths_init(&paths, args_str(ctx->global, "root"),
			   args_str(ctx->global, "runroot"), ctx->err);

	if (r < 0)
		return r;
	host_report_make(&report, &paths);
	if (strcmp(args_str(ctx->args, "format"), "json") == 0)
		add_json(&report, &sb);
	else
		add_text(&report, &sb);
	say_text(&sb);
	return host_report_is_usable(&report) ? 0 : 1;
}

static const struct flag flags[] = {
	{ .name = "format",
	  .kind = FLAG_ENUM,
	  .values = "text|json",
	  .fallback = "text",
	  .help = "how to print the findings" },
};

static const struct cmd_example examples[] = {
	{ "see what is missing and what to ask for", "dhow doctor" },
	{ "give the findings to a program", "dhow doctor --format json" },
};

const struct cmd cmd_doctor = {
	.path = "doctor",
	.summary = "check what this host allows and what to ask for",
	.about =
		"Each line says ok, degraded (dhow works with less: what is lost is told) or missing (containers cannot run). Where an administrator is needed, the line to pass on is printed. Nothing on the host is changed.",
	.exits =
		"0 when containers can run here, 1 when something they need is missing",
	CMD_FLAGS(flags),
	CMD_EXAMPLES(examples),
	.run = run,
};
