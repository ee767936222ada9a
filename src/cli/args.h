/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cli/args.h - the command line of one command, parsed and typed.
 *
 * Getters assert that the row exists and has that kind: a misspelt name ends
 * the program in the first test that runs the command, and contrib/lint
 * compares every literal with the tables.
 */
#ifndef DHOW_CLI_ARGS_H
#define DHOW_CLI_ARGS_H

#include "base/err.h"
#include "base/strvec.h"
#include "cli/flag.h"

struct arg; /* what was given for one row */

struct args {
	const struct flag *flags;
	size_t flag_count;
	struct arg *values;     /* one per row */
	struct strvec operands; /* what is no flag, in order */
	struct strvec warnings; /* what was accepted but changes nothing */
	bool help;              /* --help was met; parsing stopped there */
};

#define cleanup_args cleanup_release(args_release)

/* All rows not given. @flags are borrowed. */
void args_init(struct args *args, const struct flag *flags, size_t flag_count);
void args_release(struct args *args);

/*
 * Parse the words after a command by the GNU conventions: bundled letters
 * whose last may carry a value, "--flag=value", "--flag value", "--", no
 * abbreviations.
 *
 * @stop_at_operand: the first operand ends the flags (run, exec)
 * @ret_used: where that operand stands; it and what follows are left alone.
 *            NULL: they become operands
 *
 * Returns 0, or, with a story, -EINVAL for an unknown flag, a bad or missing
 * value, or two flags that exclude each other, -EOPNOTSUPP for a refused one.
 */
int args_parse(struct args *args, int argc, char *const *argv,
	       bool stop_at_operand, int *ret_used, struct err *err);

/* True when the flag, or its alias, stood on the command line. */
bool args_given(const struct args *args, const char *name);
/* FLAG_BOOL; false, or the fallback, when not given. */
bool args_bool(const struct args *args, const char *name);
/* FLAG_STR, FLAG_ENUM: the last value, the fallback or NULL; borrowed. */
const char *args_str(const struct args *args, const char *name);
/*
 * FLAG_INT; FLAG_SIZE in bytes; FLAG_DURATION in nanoseconds; FLAG_DECIMAL
 * in billionths: the value, the fallback or 0.
 */
int64_t args_int(const struct args *args, const char *name);
/* FLAG_LIST, FLAG_CSV: every value in order, possibly none; borrowed. */
const struct strvec *args_list(const struct args *args, const char *name);

/* Operand @i, or NULL when there are fewer; borrowed. */
const char *args_operand(const struct args *args, size_t i);

#endif
