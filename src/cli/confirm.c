/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cli/confirm.c - "Are you sure?" before much is removed.
 */
#include "cli/confirm.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

bool
confirm(const char *warning)
{
	char answer[16] = "";

	(void)fprintf(stderr,
		      "WARNING! %s\nAre you sure you want to continue? [y/N] ",
		      warning);
	if (!fgets(answer, sizeof(answer), stdin))
		return false;
	answer[strcspn(answer, "\n")] = '\0';
	return strcasecmp(answer, "y") == 0 || strcasecmp(answer, "yes") == 0;
}
