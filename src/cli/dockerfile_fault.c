/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cli/dockerfile_fault.c - the lines of a Dockerfile that something is about.
 */
#include "cli/dockerfile_fault.h"

#include "cli/say.h"

void
dockerfile_fault_show(const struct dockerfile *df, const struct df_range *range)
{
	cleanup_strbuf struct strbuf text = STRBUF_INIT;

	dockerfile_add_excerpt(df, range, &text);
	say_trouble(span_new(text.buf, text.len));
}
