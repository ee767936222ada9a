/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cli/run_image.c - the image of a new container, pulled when it is missing.
 */
#include "cli/run_image.h"

#include <errno.h>
#include <string.h>

#include "base/alloc.h"
#include "cli/say.h"
#include "store/image.h"
#include "store/layer.h"

void
run_image_free(struct run_image *image)
{
	if (!image)
		return;
	image_row_release(&image->row);
	image_config_release(&image->config);
	free(image);
}

static int
load_image(struct store *store, const char *name, struct run_image *image,
	   struct err *err)
{
	int r;

	r = image_find(store, name, &image->row, NULL, err);
	if (r == 0)
		r = image_read_config(store, &image->row, &image->config, err);
	return r;
}

int
run_image_get(struct cmd_ctx *ctx, struct session *session, const char *name,
	      struct run_image **ret_image)
{
	cleanup_with(run_image_free) struct run_image *image =
		xcalloc(1, sizeof(*image));
	struct store *store;
	int r;

	r = session_store(session, &store, ctx->err);
	if (r == 0)
		r = load_image(store, name, image, ctx->err);
	if (r < 0)
		return r;
	*ret_image = take_ptr(image);
	return 0;
}
