/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cli/image_platform.h - --platform of commands for images that are here.
 */
#ifndef DHOW_CLI_IMAGE_PLATFORM_H
#define DHOW_CLI_IMAGE_PLATFORM_H

#include "cli/cmd.h"
#include "store/store.h"

#define IMAGE_PLATFORM_FLAG                                      \
	{                                                        \
		.name = "platform", .meta = "OS/ARCH[/VARIANT]", \
		.kind = FLAG_STR,                                \
		.help = "insist on this platform of the image"   \
	}

/*
 * The store holds one platform of an image: is that of @name the one that
 * --platform asks for? Returns 0; -ENOENT when not; as image_find().
 */
int image_platform_check(const struct cmd_ctx *ctx, struct store *store,
			 const char *name, struct err *err);

#endif
