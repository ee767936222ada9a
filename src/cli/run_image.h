/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cli/run_image.h - the image of a new container, pulled when it is missing.
 */
#ifndef DHOW_CLI_RUN_IMAGE_H
#define DHOW_CLI_RUN_IMAGE_H

#include "cli/cmd.h"
#include "session/session.h"
#include "spec/image_config.h"
#include "store/image_table.h"

struct run_image {
	struct image_row row;
	struct image_config config;
};

/*
 * Find the image @name, pulling it as --pull and --platform say. The caller
 * frees *@ret_image. -ENOENT when it is not here and must not be pulled.
 */
int run_image_get(struct cmd_ctx *ctx, struct session *session,
		  const char *name, struct run_image **ret_image);
void run_image_free(struct run_image *image);
DEFINE_CLEANUP(struct run_image *, run_image_free);

#endif
