/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cli/cmd_version.c - dhow version.
 */
#include <stdio.h>

#include "cli/cmd_list.h"
#include "cli/version.h"

int
version_print_line(void)
{
	(void)printf("dhow version %s, build %s\n", PACKAGE_VERSION,
		     DHOW_BUILD);
	return 0;
}

static int
run(struct cmd_ctx *ctx)
{
	return version_print_line();
}

const struct cmd cmd_version = {
	.path = "version",
	.summary = "print the version",
	.run = run,
};
