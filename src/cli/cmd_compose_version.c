/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cli/cmd_compose_version.c - dhow compose version.
 */
#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "cli/cmd_list.h"
#include "cli/version.h"

static int
run(struct cmd_ctx *ctx)
{
	if (args_bool(ctx->args, "short"))
		(void)puts(VERSION_COMPOSE);
	else if (!strcmp(args_str(ctx->args, "format"), "json"))
		(void)puts("{\"version\":\"v" VERSION_COMPOSE "\"}");
	else
		(void)printf("Docker Compose version v" VERSION_COMPOSE
			     " (dhow %s)\n",
			     PACKAGE_VERSION);
	return 0;
}

static const struct flag flags[] = {
	{ .name = "format",
	  .letter = 'f',
	  .kind = FLAG_ENUM,
	  .values = "pretty|json",
	  .fallback = "pretty",
	  .help = "how to print it" },
	{ .name = "short",
	  .kind = FLAG_BOOL,
	  .help = "print the number alone" },
};

static const struct cmd_example examples[] = {
	{ "the version as scripts compare it", "dhow compose version --short" },
};

const struct cmd cmd_compose_version = {
	.path = "compose version",
	.summary = "print which Docker Compose is followed",
	CMD_FLAGS(flags),
	CMD_EXAMPLES(examples),
	.run = run,
};
