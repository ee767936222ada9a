/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cli/show.h - one object printed as --format asks.
 */
#ifndef DHOW_CLI_SHOW_H
#define DHOW_CLI_SHOW_H

#include "base/err.h"
#include "data/node.h"

/*
 * Print @obj to stdout: "json" as one line, anything else as a Go template
 * with a line end. Returns 0 or -EINVAL with the template's story.
 */
int show_object(const struct node *obj, const char *format, struct err *err);

#endif
