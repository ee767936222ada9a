/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cli/inspect_print.c - what the inspect commands print, by --format.
 */
#include "cli/inspect_print.h"

#include "cli/say.h"
#include "image/image_inspect.h"
#include "ui/format.h"

int
inspect_print(struct cmd_ctx *ctx, const struct node *found, int status)
{
	cleanup_strbuf struct strbuf out = STRBUF_INIT;
	int r;

	r = format_inspect(args_str(ctx->args, "format"), image_inspect_maps,
			   found, &out, ctx->err);
	if (r < 0)
		return r;
	say_text(&out);
	return status;
}
