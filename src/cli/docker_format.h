/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cli/docker_format.h - what docker's config.json says of listings.
 */
#ifndef DHOW_CLI_DOCKER_FORMAT_H
#define DHOW_CLI_DOCKER_FORMAT_H

#include "cli/cmd.h"

/*
 * The --format that @key ("imagesFormat", "psFormat", …) of config.json
 * stands for when none is given, or NULL; the caller frees it. The file is
 * that of --config, DOCKER_CONFIG or ~/.docker; one that cannot be read says
 * nothing here.
 */
char *docker_format(const struct cmd_ctx *ctx, const char *key);

#endif
