/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cli/cmd_compose_look.c - dhow compose port, top, stats, events, wait,
 * export and commit: dhow's own commands on the containers of a project.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "base/units.h"
#include "cli/cmd_list.h"
#include "cli/commands.h"
#include "cli/compose_ctx.h"
#include "cli/compose_follow.h"
#include "cli/invoke.h"
#include "container/lookup.h"
#include "spec/port_spec.h"
#include "sys/sealed.h"

#define INDEX_ROW                                                      \
	{                                                              \
		.name = "index", .meta = "N", .kind = FLAG_INT,        \
		.max = INT32_MAX,                                      \
		.help = "which container, where a service has several" \
	}

static const struct flag port_flags[] = {
	INDEX_ROW,
	{ .name = "protocol",
	  .kind = FLAG_ENUM,
	  .values = "tcp|udp",
	  .fallback = "tcp",
	  .help = "which protocol" },
};

static const struct flag stats_flags[] = {
	{ .name = "all",
	  .letter = 'a',
	  .kind = FLAG_BOOL,
	  .help = "containers that do not run too" },
	{ .name = "format",
	  .meta = "FORMAT",
	  .kind = FLAG_STR,
	  .help = "print by a Go template, table TEMPLATE, or json" },
	{ .name = "no-stream", .kind = FLAG_BOOL, .help = "print once" },
	{ .name = "no-trunc", .kind = FLAG_BOOL, .help = "print whole ids" },
};

static const struct flag events_flags[] = {
	{ .name = "json",
	  .kind = FLAG_BOOL,
	  .help = "print JSON, an object a line" },
	{ .name = "since",
	  .meta = "TIME",
	  .kind = FLAG_STR,
	  .help = "begin in the past" },
	{ .name = "until",
	  .meta = "TIME",
	  .kind = FLAG_STR,
	  .help = "end then" },
};

static const struct flag wait_flags[] = {
	{ .name = "down-project",
	  .kind = FLAG_BOOL,
	  .help = "take the project down when the first service ends" },
};

static const struct flag export_flags[] = {
	INDEX_ROW,
	{ .name = "output",
	  .letter = 'o',
	  .meta = "FILE",
	  .kind = FLAG_STR,
	  .offer = OFFER_FILE,
	  .help = "write to a file" },
};

static const struct flag commit_flags[] = {
	{ .name = "author",
	  .letter = 'a',
	  .meta = "TEXT",
	  .kind = FLAG_STR,
	  .help = "who made it" },
	{ .name = "change",
	  .letter = 'c',
	  .meta = "INSTRUCTION",
	  .kind = FLAG_LIST,
	  .help = "an instruction as of a Dockerfile" },
	INDEX_ROW,
	{ .name = "message",
	  .letter = 'm',
	  .meta = "TEXT",
	  .kind = FLAG_STR,
	  .help = "what was done" },
	{ .name = "pause",
	  .letter = 'p',
	  .kind = FLAG_BOOL,
	  .fallback = "true",
	  .help = "freeze it meanwhile" },
};

static int
invoke(struct compose *compose, const char *name, const struct strvec *words)
{
	const struct cmd *cmd = commands_get(span_of(name));

	if (!cmd)
		return err_set(compose->ctx->err, ENOENT,
			       "dhow has no '%s' yet", name);
	return compose_invoke(compose, cmd, words);
}

/* Ids of the containers of the selected services. */
static void
add_ids(const struct compose *compose, bool live, struct strvec *words)
{
	for (size_t i = 0; i < compose->world.container_count; i++) {
		const struct world_container *one =
			&compose->world.containers[i];

		if (strvec_has(&compose->selected, one->service) &&
		    (!live || container_status_is_live(one->status)))
			strvec_add(words, one->id);
	}
}

/* The host's end of a port; one line, whatever else it is bound to. */
static int
print_port(struct compose *compose, const struct world_container *one)
{
	const struct args *args = compose->ctx->args;
	cleanup_container struct container c = CONTAINER_INIT;
	struct err *err = compose->ctx->err;
	uint64_t port;
	int r = units_parse_u64(args_operand(args, 1), 1, UINT16_MAX, &port,
				err);

	if (r == 0)
		r = container_find(&compose->session, one->id, &c, err);
	if (r < 0)
		return r;
	for (size_t i = 0; i < c.state.ports.len; i++) {
		const struct port_spec *spec = &c.state.ports.items[i];

		if (spec->container_port != port ||
		    strcmp(port_proto_name(spec->proto),
			   args_str(args, "protocol")) != 0)
			continue;
		(void)printf("%s:%u\n",
			     spec->host_ip[0] ? spec->host_ip : "0.0.0.0",
			     spec->host_first);
		return 0;
	}
	return err_set(err, ENOENT, "no port %s/%s for container %s",
		       args_operand(args, 1), args_str(args, "protocol"),
		       one->name);
}

static int
run_port(struct cmd_ctx *ctx)
{
	cleanup_compose struct compose compose = COMPOSE_INIT;
	const struct world_container *one;
	int r = compose_find_one(&compose, ctx, args_operand(ctx->args, 0),
				 true, &one);

	return r ? r : print_port(&compose, one);
}

static int
run_top(struct cmd_ctx *ctx)
{
	cleanup_compose struct compose compose = COMPOSE_INIT;
	cleanup_strvec struct strvec ids = STRVEC_INIT;
	int r = sealed_ensure(ctx->err);

	if (r == 0)
		r = compose_begin(&compose, ctx, NULL, COMPOSE_NO_FILES);
	if (r)
		return r;
	for (size_t i = 0; r == 0 && i < compose.world.container_count; i++) {
		const struct world_container *one =
			&compose.world.containers[i];
		cleanup_strvec struct strvec words = STRVEC_INIT;

		if (!strvec_has(&compose.selected, one->service) ||
		    !container_status_is_live(one->status))
			continue;
		(void)printf("%s\n", one->name);
		strvec_add(&words, one->id);
		r = invoke(&compose, "top", &words);
		(void)printf("\n");
	}
	return r;
}

static int
run_stats(struct cmd_ctx *ctx)
{
	const struct args *args = ctx->args;
	cleanup_compose struct compose compose = COMPOSE_INIT;
	cleanup_strvec struct strvec words = STRVEC_INIT;
	size_t flags_len;
	int r = compose_begin(&compose, ctx, NULL, COMPOSE_NO_FILES);

	if (r)
		return r;
	compose_add_flag(&words, "--format", args_str(args, "format"));
	if (args_bool(args, "no-stream"))
		strvec_add(&words, "--no-stream");
	if (args_bool(args, "no-trunc"))
		strvec_add(&words, "--no-trunc");
	flags_len = words.len;
	add_ids(&compose, !args_bool(args, "all"), &words);
	if (words.len == flags_len)
		return 0;
	return invoke(&compose, "stats", &words);
}

static int
run_events(struct cmd_ctx *ctx)
{
	const struct args *args = ctx->args;
	cleanup_compose struct compose compose = COMPOSE_INIT;
	cleanup_strvec struct strvec words = STRVEC_INIT;
	const struct strvec *services = &args->operands;
	int r = compose_begin(&compose, ctx, NULL, COMPOSE_NO_FILES);

	if (r)
		return r;
	strvec_add(&words, "--filter");
	strvec_addf(&words, "label=%s=%s", LABEL_PROJECT, compose.project.name);
	strvec_add(&words, "--compose");
	for (size_t i = 0; i < services->len; i++)
		compose_add_flag(&words, "--service", services->v[i]);
	compose_add_flag(&words, "--filter", "type=container");
	compose_add_flag(&words, "--since", args_str(args, "since"));
	compose_add_flag(&words, "--until", args_str(args, "until"));
	if (args_bool(args, "json"))
		compose_add_flag(&words, "--format", "json");
	return invoke(&compose, "events", &words);
}

/* The exit status of whichever service ends first. */
static int
wait_first(struct compose *compose, int *ret_code)
{
	const struct follow_opts opts = { .tail = 0 };
	cleanup_with(compose_follow_free) struct compose_follow *follow =
		compose_follow_new(compose, &opts);
	enum follow_event event = FOLLOW_NOTHING;
	const char *service;
	int r = 0;

	for (size_t i = 0; i < compose->world.container_count; i++)
		if (strvec_has(&compose->selected,
			       compose->world.containers[i].service))
			compose_follow_add(
				follow, &compose->world.containers[i], false);
	*ret_code = 0;
	while (r == 0 && event == FOLLOW_NOTHING)
		r = compose_follow_step(follow, -1, false, &event, &service,
					ret_code, compose->ctx->err);
	return r;
}

static int
run_wait(struct cmd_ctx *ctx)
{
	cleanup_compose struct compose compose = COMPOSE_INIT;
	cleanup_strvec struct strvec words = STRVEC_INIT;
	int code = 0, r = sealed_ensure(ctx->err);

	if (r == 0)
		r = compose_begin(&compose, ctx, NULL, COMPOSE_NO_FILES);
	if (r)
		return r;
	add_ids(&compose, false, &words);
	if (!words.len)
		return err_set(ctx->err, ENOENT,
			       "no containers for project \"%s\"",
			       compose.project.name);
	r = wait_first(&compose, &code);
	if (r < 0)
		return r;
	(void)printf("%d\n", code);
	(void)fflush(stdout);
	if (args_bool(ctx->args, "down-project")) {
		const struct cmd *down = commands_get(span_of("compose down"));
		struct strvec none = STRVEC_INIT;
		const struct invoke invoke_down = {
			.cmd = down,
			.global = ctx->global,
			.group = ctx->group,
			.argv = strvec_argv(&none),
		};

		r = invoke_command(&invoke_down, ctx->err);
	}
	return r ? r : code;
}

static int
run_export(struct cmd_ctx *ctx)
{
	cleanup_compose struct compose compose = COMPOSE_INIT;
	cleanup_strvec struct strvec words = STRVEC_INIT;
	const struct world_container *one;
	int r = compose_find_one(&compose, ctx, args_operand(ctx->args, 0),
				 false, &one);

	if (r)
		return r;
	compose_add_flag(&words, "--output", args_str(ctx->args, "output"));
	strvec_add(&words, one->id);
	return invoke(&compose, "export", &words);
}

static int
run_commit(struct cmd_ctx *ctx)
{
	const struct args *args = ctx->args;
	const struct strvec *changes = args_list(args, "change");
	cleanup_compose struct compose compose = COMPOSE_INIT;
	cleanup_strvec struct strvec words = STRVEC_INIT;
	const struct world_container *one;
	int r = compose_find_one(&compose, ctx, args_operand(ctx->args, 0),
				 false, &one);

	if (r)
		return r;
	compose_add_flag(&words, "--author", args_str(args, "author"));
	compose_add_flag(&words, "--message", args_str(args, "message"));
	for (size_t i = 0; i < changes->len; i++)
		compose_add_flag(&words, "--change", changes->v[i]);
	strvec_add(&words,
		   args_bool(args, "pause") ? "--pause=true" : "--pause=false");
	strvec_add(&words, one->id);
	if (args_operand(args, 1))
		strvec_add(&words, args_operand(args, 1));
	return invoke(&compose, "commit", &words);
}

static const struct cmd_example port_examples[] = {
	{ "where a service is reached", "dhow compose port web 80" },
};

const struct cmd cmd_compose_port = {
	.path = "compose port",
	.summary = "print the host's address of a service's port",
	.operands = "SERVICE PORT",
	CMD_FLAGS(port_flags),
	CMD_EXAMPLES(port_examples),
	.min_operands = 2,
	.max_operands = 2,
	.run = run_port,
};

static const struct cmd_example top_examples[] = {
	{ "processes of all services", "dhow compose top" },
};

const struct cmd cmd_compose_top = {
	.path = "compose top",
	.summary = "list processes of services",
	.operands = "[SERVICE...]",
	CMD_EXAMPLES(top_examples),
	.max_operands = CMD_MANY,
	.run = run_top,
};

static const struct cmd_example stats_examples[] = {
	{ "what services use now", "dhow compose stats --no-stream" },
};

const struct cmd cmd_compose_stats = {
	.path = "compose stats",
	.summary = "show what services use",
	.operands = "[SERVICE]",
	CMD_FLAGS(stats_flags),
	CMD_EXAMPLES(stats_examples),
	.max_operands = CMD_MANY,
	.run = run_stats,
};

static const struct cmd_example events_examples[] = {
	{ "what happened in the last hour",
	  "dhow compose events --since 1h --until 0s" },
};

const struct cmd cmd_compose_events = {
	.path = "compose events",
	.summary = "show what happens to a project",
	.operands = "[SERVICE]",
	CMD_FLAGS(events_flags),
	CMD_EXAMPLES(events_examples),
	.max_operands = CMD_MANY,
	.run = run_events,
};

static const struct cmd_example wait_examples[] = {
	{ "wait for a service to end", "dhow compose wait web" },
};

const struct cmd cmd_compose_wait = {
	.path = "compose wait",
	.summary = "wait until the first of some services ends",
	.operands = "SERVICE...",
	.exits = "That of the first container that ended.",
	CMD_FLAGS(wait_flags),
	CMD_EXAMPLES(wait_examples),
	.min_operands = 1,
	.max_operands = CMD_MANY,
	.run = run_wait,
};

static const struct cmd_example export_examples[] = {
	{ "files of a service as an archive",
	  "dhow compose export -o web.tar web" },
};

const struct cmd cmd_compose_export = {
	.path = "compose export",
	.summary = "write a service's files as a tar archive",
	.operands = "SERVICE",
	CMD_FLAGS(export_flags),
	CMD_EXAMPLES(export_examples),
	.min_operands = 1,
	.max_operands = 1,
	.run = run_export,
};

static const struct cmd_example commit_examples[] = {
	{ "an image of a service as it is now",
	  "dhow compose commit web mine:1" },
};

const struct cmd cmd_compose_commit = {
	.path = "compose commit",
	.summary = "make an image of a service's container",
	.operands = "SERVICE [REPOSITORY[:TAG]]",
	CMD_FLAGS(commit_flags),
	CMD_EXAMPLES(commit_examples),
	.min_operands = 1,
	.max_operands = 2,
	.run = run_commit,
};
