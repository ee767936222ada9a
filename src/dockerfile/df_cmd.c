/* SPDX-License-Identifier: Apache-2.0 */
/*
 * dockerfile/df_cmd.c - instructions by name.
 */
#include <strings.h>

#include "base/alloc.h"
#include "dockerfile/dockerfile.h"

static const char *const df_cmd_names[] = {
	"ADD",        "ARG",     "CMD",     "COPY",        "ENTRYPOINT",
	"ENV",        "EXPOSE",  "FROM",    "HEALTHCHECK", "LABEL",
	"MAINTAINER", "ONBUILD", "RUN",     "SHELL",       "STOPSIGNAL",
	"USER",       "VOLUME",  "WORKDIR", NULL,
};

_Static_assert(ARRAY_LEN(df_cmd_names) == DF_CMD_COUNT + 1,
	       "every instruction has its name");

const char *
df_cmd_name(enum df_cmd cmd)
{
	return df_cmd_names[cmd];
}

const char *const *
df_cmd_name_list(void)
{
	return df_cmd_names;
}

int
df_cmd_find(struct span name)
{
	for (int i = 0; i < DF_CMD_COUNT; i++)
		if (span_of(df_cmd_names[i]).len == name.len &&
		    !strncasecmp(df_cmd_names[i], name.ptr, name.len))
			return i;
	return -1;
}
