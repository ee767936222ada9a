/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cli/inspect_print.c - what the inspect commands print, by --format.
 */
#include "cli/inspect_print.h"

#include "cli/say.h"
#include "ui/format.h"

/* Members that are maps in docker's objects of any kind. */
static const char *const maps[] = {
	"Annotations", "Containers", "Data",    "DriverOpts",   "ExposedPorts",
	"Labels",      "Networks",   "Options", "PortBindings", "Ports",
	"Sysctls",     "Tmpfs",      "Volumes", NULL,
};

int
inspect_print(struct cmd_ctx *ctx, const struct node *found, int status)
{
	cleanup_strbuf struct strbuf out = STRBUF_INIT;
	int r;

	r = format_inspect(args_str(ctx->args, "format"), maps, found, &out,
			   ctx->err);
	if (r < 0)
		return r;
	say_text(&out);
	return status;
}
