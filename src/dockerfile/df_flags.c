/* SPDX-License-Identifier: Apache-2.0 */
/*
 * dockerfile/df_flags.c - which flags an instruction takes.
 */
#include "dockerfile/df_flags.h"

#include <errno.h>
#include <string.h>

#include "base/text.h"
#include "dockerfile/df_reader.h"

#define DF_FLAGS_MAX 9

enum df_flag_kind {
	DF_FLAG_VALUE,
	DF_FLAG_BOOL,
	DF_FLAG_LIST,
};

struct df_flag_rule {
	const char *name; /* NULL ends the list */
	enum df_flag_kind kind;
};

static const struct df_flag_rule df_flag_rules[DF_CMD_COUNT][DF_FLAGS_MAX] = {
	[DF_ADD] = {
		{ "checksum", DF_FLAG_VALUE },
		{ "chmod", DF_FLAG_VALUE },
		{ "chown", DF_FLAG_VALUE },
		{ "exclude", DF_FLAG_LIST },
		{ "keep-git-dir", DF_FLAG_BOOL },
		{ "link", DF_FLAG_BOOL },
		{ "unpack", DF_FLAG_BOOL },
	},
	[DF_COPY] = {
		{ "chmod", DF_FLAG_VALUE },
		{ "chown", DF_FLAG_VALUE },
		{ "exclude", DF_FLAG_LIST },
		{ "from", DF_FLAG_VALUE },
		{ "link", DF_FLAG_BOOL },
		{ "parents", DF_FLAG_BOOL },
	},
	[DF_FROM] = {
		{ "platform", DF_FLAG_VALUE },
	},
	[DF_HEALTHCHECK] = {
		{ "interval", DF_FLAG_VALUE },
		{ "retries", DF_FLAG_VALUE },
		{ "start-interval", DF_FLAG_VALUE },
		{ "start-period", DF_FLAG_VALUE },
		{ "timeout", DF_FLAG_VALUE },
	},
	[DF_RUN] = {
		{ "mount", DF_FLAG_LIST },
		{ "network", DF_FLAG_VALUE },
		{ "security", DF_FLAG_VALUE },
	},
};

static int
df_flag_fail(struct dockerfile *df, const struct df_instruction *in,
	     const struct df_flag *flag, struct err *err, const char *what)
{
	df->failed = in->range;
	return dockerfile_err(df, &flag->range, err, EINVAL, "%s: --%s%s",
			      df_cmd_name(in->cmd), flag->name, what);
}

static int
df_flag_unknown(struct dockerfile *df, const struct df_instruction *in,
		const struct df_flag *flag, struct err *err)
{
	const char *names[DF_FLAGS_MAX] = { NULL };
	const char *near;
	int r;

	df->failed = in->range;
	for (size_t i = 0; df_flag_rules[in->cmd][i].name; i++)
		names[i] = df_flag_rules[in->cmd][i].name;
	r = dockerfile_err(df, &flag->range, err, EINVAL,
			   "%s: unknown flag '--%s'", df_cmd_name(in->cmd),
			   flag->name);
	near = text_nearest(flag->name, names);
	if (near)
		err_hint(err, "did you mean '--%s'?", near);
	return r;
}

static int
df_flag_check(struct dockerfile *df, const struct df_instruction *in, size_t at,
	      struct err *err)
{
	const struct df_flag *flag = &in->flags[at];
	const struct df_flag_rule *rule = df_flag_rules[in->cmd];

	while (rule->name && strcmp(rule->name, flag->name) != 0)
		rule++;
	if (!rule->name)
		return df_flag_unknown(df, in, flag, err);
	for (size_t i = 0; i < at && rule->kind != DF_FLAG_LIST; i++)
		if (!strcmp(in->flags[i].name, flag->name))
			return df_flag_fail(df, in, flag, err,
					    " is there twice");
	if (rule->kind != DF_FLAG_BOOL)
		return flag->value ? 0
				   : df_flag_fail(df, in, flag, err,
						  " needs a value");
	if (flag->value && strcmp(flag->value, "true") != 0 &&
	    strcmp(flag->value, "false") != 0)
		return df_flag_fail(df, in, flag, err,
				    " is either 'true' or 'false'");
	return 0;
}

int
df_flags_check(struct dockerfile *df, const struct df_instruction *in,
	       struct err *err)
{
	for (size_t i = 0; i < in->flag_count; i++) {
		int r = df_flag_check(df, in, i, err);

		if (r < 0)
			return r;
	}
	return 0;
}

struct df_range
df_flag_value_at(const struct df_flag *flag)
{
	struct df_range at = flag->range;

	at.col += (int)(strlen("--=") + strlen(flag->name));
	return at;
}

bool
df_flag_is_on(const struct df_instruction *in, const char *name)
{
	const char *value = df_flag_get(in, name);

	return value && strcmp(value, "false") != 0;
}
