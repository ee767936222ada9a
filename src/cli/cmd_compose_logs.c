/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cli/cmd_compose_logs.c - dhow compose logs.
 */
#include <errno.h>
#include <string.h>

#include "base/alloc.h"
#include "base/units.h"
#include "cli/cmd_list.h"
#include "cli/compose_follow.h"

static const struct flag flags[] = {
	{ .name = "follow",
	  .letter = 'f',
	  .kind = FLAG_BOOL,
	  .help = "go on until all containers end" },
	{ .name = "index",
	  .meta = "N",
	  .kind = FLAG_INT,
	  .max = INT32_MAX,
	  .help = "which container, where a service has several" },
	{ .name = "no-color", .kind = FLAG_BOOL, .help = "no colours" },
	{ .name = "no-log-prefix",
	  .kind = FLAG_BOOL,
	  .help = "leave names out" },
	{ .name = "since",
	  .meta = "TIME",
	  .kind = FLAG_STR,
	  .help = "only what came after: 10m, 2026-01-02T15:04, Unix seconds" },
	{ .name = "tail",
	  .letter = 'n',
	  .meta = "N",
	  .kind = FLAG_STR,
	  .fallback = "all",
	  .help = "only the last N lines of each container" },
	{ .name = "timestamps",
	  .letter = 't',
	  .kind = FLAG_BOOL,
	  .help = "start each line with its time" },
	{ .name = "until",
	  .meta = "TIME",
	  .kind = FLAG_STR,
	  .help = "only what came before" },
};

static int
read_time(const struct args *args, const char *flag, int64_t *ret_ns,
	  struct err *err)
{
	const char *text = args_str(args, flag);
	int r = text ? units_parse_time(text, units_now_ns(), ret_ns, err) : 0;

	return r < 0 ? err_wrap(err, r, "--%s", flag) : 0;
}

static int
read_opts(const struct args *args, struct follow_opts *opts, struct err *err)
{
	const char *tail = args_str(args, "tail");
	int r = 0;

	opts->timestamps = args_bool(args, "timestamps");
	opts->no_color = args_bool(args, "no-color");
	opts->no_prefix = args_bool(args, "no-log-prefix");
	if (strcmp(tail, "all") != 0)
		r = units_parse_i64(tail, -1, INT64_MAX, &opts->tail, err);
	if (r < 0)
		return err_wrap(err, r, "--tail");
	r = read_time(args, "since", &opts->since_ns, err);
	return r < 0 ? r : read_time(args, "until", &opts->until_ns, err);
}

static int
follow_all(struct compose_follow *follow, struct err *err)
{
	enum follow_event event = FOLLOW_NOTHING;
	int r = 0;

	while (r == 0 && event != FOLLOW_ALL_ENDED) {
		const char *service;
		int code;

		r = compose_follow_step(follow, -1, false, &event, &service,
					&code, err);
	}
	return r;
}

static bool
wants(const struct compose *compose, const struct world_container *one,
      bool *ret_shown)
{
	int64_t index = args_int(compose->ctx->args, "index");

	*ret_shown = true;
	return !one->oneoff && strvec_has(&compose->selected, one->service) &&
	       (!index || one->number == index);
}

static int
run(struct cmd_ctx *ctx)
{
	cleanup_compose struct compose compose = COMPOSE_INIT;
	cleanup_with(compose_follow_free) struct compose_follow *follow = NULL;
	struct follow_opts opts = FOLLOW_OPTS_INIT;
	int64_t index = args_int(ctx->args, "index");
	int r = read_opts(ctx->args, &opts, ctx->err);

	if (r == 0)
		r = compose_begin(&compose, ctx, NULL,
				  COMPOSE_NO_FILES | COMPOSE_MAYBE_NONE);
	for (size_t i = 0; r == 0 && index && i < compose.selected.len; i++) {
		const struct world_container *one;

		r = compose_container(&compose, compose.selected.v[i], index,
				      false, &one);
	}
	if (r)
		return r;
	opts.notices = opts.waits_for_new = args_bool(ctx->args, "follow");
	opts.wants = wants;
	follow = compose_follow_new(&compose, &opts);
	compose_follow_look(follow);
	return args_bool(ctx->args, "follow")
		       ? follow_all(follow, ctx->err)
		       : compose_follow_dump(follow, ctx->err);
}

static const struct cmd_example examples[] = {
	{ "the last ten lines of each service, and what comes then",
	  "dhow compose logs -f -n 10" },
};

const struct cmd cmd_compose_logs = {
	.path = "compose logs",
	.summary = "print what containers wrote, merged by time",
	.operands = "[SERVICE...]",
	CMD_FLAGS(flags),
	CMD_EXAMPLES(examples),
	.max_operands = CMD_MANY,
	.run = run,
};
