/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cli/dockerfile_fault.c - the lines of a Dockerfile that something is about.
 */
#include "cli/dockerfile_fault.h"

#include <stdio.h>

void
dockerfile_fault_show(const struct dockerfile *df, const struct df_range *range)
{
	cleanup_strbuf struct strbuf text = STRBUF_INIT;

	dockerfile_add_excerpt(df, range, &text);
	(void)fflush(stdout);
	(void)fwrite(text.buf, 1, text.len, stderr);
}
