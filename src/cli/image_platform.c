/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cli/image_platform.c - --platform of commands for images that are here.
 */
#include "cli/image_platform.h"

#include "store/image.h"

int
image_platform_check(const struct cmd_ctx *ctx, struct store *store,
		     const char *name, struct err *err)
{
	cleanup_release(image_config_release) struct image_config config = {
		.doc = NULL
	};
	cleanup_strbuf struct strbuf have = STRBUF_INIT;
	const char *text = args_str(ctx->args, "platform");
	struct image_row row = { .line = NULL };
	struct platform want;
	int r;

	if (!text)
		return 0;
	r = platform_parse(text, &want, err);
	if (r == 0)
		r = image_find(store, name, &row, NULL, err);
	if (r == 0)
		r = image_read_config(store, &row, &config, err);
	image_row_release(&row);
	if (r < 0 || platform_match(&want, &config.platform) > 0)
		return r;
	platform_add(&have, &config.platform);
	return err_set(err, ENOENT,
		       "image '%s' is for %s, and %s was asked for", name,
		       have.buf, text);
}
