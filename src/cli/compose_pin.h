/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cli/compose_pin.h - images of a project by digest instead of by tag.
 */
#ifndef DHOW_CLI_COMPOSE_PIN_H
#define DHOW_CLI_COMPOSE_PIN_H

#include "cli/cmd.h"
#include "compose/project.h"

/*
 * Write NAME@DIGEST for the image of every service: the digest that its
 * registry has for the tag, or under which it was pulled when the registry
 * does not say. An image that was made here has none and keeps its name.
 *
 * Returns 0, or what asking the registry failed of.
 */
int compose_pin_images(struct cmd_ctx *ctx, struct project *project);

/* Only the pinned images, as a file to use with -f. Owned. */
struct node *compose_pin_file(const struct project *project);

#endif
