/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cli/cmd_update.c - dhow update.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "cli/cmd_list.h"
#include "cli/health_flags.h"
#include "cli/run_spec.h"
#include "cli/targets.h"
#include "container/lifecycle.h"
#include "container/limits.h"

static const char *const limit_flags[] = {
	"cpu-period",  "cpu-quota",   "cpu-shares", "cpus",
	"cpuset-cpus", "cpuset-mems", "memory",     "memory-reservation",
	"memory-swap", "pids-limit",
};

static bool
changes_limits(const struct args *args)
{
	for (size_t i = 0; i < ARRAY_LEN(limit_flags); i++)
		if (args_given(args, limit_flags[i]))
			return true;
	return false;
}

static void
take_text(const struct args *args, const char *flag, char **text)
{
	if (!args_given(args, flag))
		return;
	free(*text);
	*text = xstrdup(args_str(args, flag));
}

/* What was given replaces what was. */
static int
take_limits(const struct args *args, struct limits_spec *limits,
	    struct err *err)
{
	const struct {
		const char *flag;
		int64_t *value;
	} numbers[] = {
		{ "cpu-period", &limits->cpu_period_us },
		{ "cpu-quota", &limits->cpu_quota_us },
		{ "cpu-shares", &limits->cpu_shares },
		{ "cpus", &limits->nano_cpus },
		{ "memory", &limits->memory_bytes },
		{ "memory-reservation", &limits->memory_reservation_bytes },
		{ "memory-swap", &limits->memory_swap_bytes },
		{ "pids-limit", &limits->pids },
	};

	for (size_t i = 0; i < ARRAY_LEN(numbers); i++)
		if (args_given(args, numbers[i].flag))
			*numbers[i].value = args_int(args, numbers[i].flag);
	take_text(args, "cpuset-cpus", &limits->cpuset_cpus);
	take_text(args, "cpuset-mems", &limits->cpuset_mems);
	return limits_spec_check(limits, err);
}

static int
take_restart(const struct args *args, struct container_spec *spec,
	     struct err *err)
{
	const char *text = args_str(args, "restart");
	int r;

	if (!text)
		return 0;
	r = restart_spec_parse(text, &spec->restart, err);
	if (r < 0)
		return run_spec_bad(err, r, "restart", text);
	if (spec->auto_remove && spec->restart.policy != RESTART_NO)
		return err_set(err, EINVAL,
			       "--restart: the container was made with --rm");
	return 0;
}

static int
update_one(struct session *session, const struct container *container,
	   void *data, struct err *err)
{
	const struct args *args = data;
	cleanup_container_spec struct container_spec spec;
	cleanup_container_image struct container_image image = { 0 };
	int r;

	container_spec_init(&spec);
	r = container_load_spec(session, container, &spec, &image, err);
	if (r == 0)
		r = take_limits(args, &spec.limits, err);
	if (r == 0)
		r = take_restart(args, &spec, err);
	if (r == 0)
		r = health_flags_fill(&spec.health, args, err);
	if (r == 0 && changes_limits(args) &&
	    container_status_is_live(container->state.status))
		r = limits_update(container->state.cgroup, &spec.limits, err);
	return r < 0 ? r : lifecycle_update(session, container, &spec, err);
}

static int
run(struct cmd_ctx *ctx)
{
	return targets_run(ctx, targets_any, false, update_one,
			   (void *)ctx->args);
}

#define AT_START "resource limits are set when a container starts"
#define NUMBER(name_, meta_, help_)                                           \
	{                                                                     \
		.name = name_, .kind = FLAG_INT, .meta = meta_, .help = help_ \
	}

static const struct flag flags[] = {
	{ .name = "blkio-weight",
	  .kind = FLAG_STR,
	  .meta = "N",
	  .refuse = AT_START,
	  .harmless = "0",
	  .hidden = true },
	NUMBER("cpu-period", "USEC", "length of a period of --cpu-quota"),
	NUMBER("cpu-quota", "USEC", "processor time in a period"),
	{ .name = "cpu-rt-period",
	  .kind = FLAG_STR,
	  .meta = "USEC",
	  .refuse = "it needs root",
	  .harmless = "0",
	  .hidden = true },
	{ .name = "cpu-rt-runtime",
	  .kind = FLAG_STR,
	  .meta = "USEC",
	  .refuse = "it needs root",
	  .harmless = "0",
	  .hidden = true },
	{ .name = "cpu-shares",
	  .kind = FLAG_INT,
	  .letter = 'c',
	  .meta = "N",
	  .help = "share of the processors when they are short" },
	{ .name = "cpus",
	  .kind = FLAG_DECIMAL,
	  .meta = "N",
	  .help = "how many processors it may use" },
	{ .name = "cpuset-cpus",
	  .kind = FLAG_STR,
	  .meta = "LIST",
	  .help = "which processors it may use" },
	{ .name = "cpuset-mems",
	  .kind = FLAG_STR,
	  .meta = "LIST",
	  .help = "which memory nodes it may use" },
	{ .name = "health-cmd",
	  .kind = FLAG_STR,
	  .meta = "COMMAND",
	  .help = "how to ask whether it is healthy" },
	{ .name = "health-interval",
	  .kind = FLAG_DURATION,
	  .meta = "TIME",
	  .help = "how often to ask" },
	{ .name = "health-on-failure",
	  .kind = FLAG_ENUM,
	  .meta = "MODE",
	  .values = "none|kill|restart|stop",
	  .help = "what happens when it turns unhealthy" },
	{ .name = "health-retries",
	  .kind = FLAG_INT,
	  .meta = "N",
	  .help = "failures in a row that mean unhealthy" },
	{ .name = "health-start-interval",
	  .kind = FLAG_DURATION,
	  .meta = "TIME",
	  .help = "how often to ask in the start period" },
	{ .name = "health-start-period",
	  .kind = FLAG_DURATION,
	  .meta = "TIME",
	  .help = "how long failures do not count" },
	{ .name = "health-timeout",
	  .kind = FLAG_DURATION,
	  .meta = "TIME",
	  .help = "how long an answer may take" },
	{ .name = "kernel-memory",
	  .kind = FLAG_STR,
	  .meta = "BYTES",
	  .ignore = "kernels no longer have this limit",
	  .hidden = true },
	TARGETS_LATEST,
	{ .name = "memory",
	  .kind = FLAG_SIZE,
	  .letter = 'm',
	  .meta = "BYTES",
	  .help = "how much memory it may use" },
	{ .name = "memory-reservation",
	  .kind = FLAG_SIZE,
	  .meta = "BYTES",
	  .help = "how much memory it keeps when memory is short" },
	{ .name = "memory-swap",
	  .kind = FLAG_SIZE,
	  .min = -1,
	  .meta = "BYTES",
	  .help = "memory and swap together; -1 for any" },
	{ .name = "no-healthcheck",
	  .kind = FLAG_BOOL,
	  .help = "do not ask whether it is healthy any more" },
	NUMBER("pids-limit", "N", "how many processes it may have; -1 for any"),
	{ .name = "restart",
	  .kind = FLAG_STR,
	  .meta = "POLICY",
	  .values = "no|always|unless-stopped|on-failure",
	  .help = "start it again when it ends" },
	{ .name = "ulimit",
	  .kind = FLAG_LIST,
	  .meta = "NAME=SOFT[:HARD]",
	  .refuse = AT_START,
	  .hidden = true },
};

static const struct cmd_example examples[] = {
	{ "let a container come back from now on",
	  "dhow update --restart unless-stopped web" },
};

const struct cmd cmd_update = {
	.path = "update",
	.aliases = "container update",
	.summary = "change limits and policies of containers",
	.operands = "CONTAINER...",
	.about =
		"What is not given stays as it is. A container that runs is changed at once, without a restart.",
	CMD_FLAGS(flags),
	CMD_EXAMPLES(examples),
	.max_operands = CMD_MANY,
	.offer = OFFER_CONTAINER,
	.run = run,
};
