/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cli/args_value.h - how a value is kept; for args.c and args_parse.c only.
 */
#ifndef DHOW_CLI_ARGS_VALUE_H
#define DHOW_CLI_ARGS_VALUE_H

#include "cli/args.h"

struct arg {
	bool given;
	int64_t number;     /* bool, and the kinds that args_int() answers */
	const char *text;   /* the last value; of argv or of the row */
	struct strvec list; /* FLAG_LIST, FLAG_CSV */
};

/*
 * Check @value against @flag's kind and keep it in @arg. Returns 0 or
 * -EINVAL with a story that begins "--name: ".
 */
int args_value_set(struct arg *arg, const struct flag *flag, const char *value,
		   struct err *err);

#endif
