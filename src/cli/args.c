/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cli/args.c - typed access to a parsed command line.
 */
#include "cli/args.h"

#include <assert.h>

#include "base/alloc.h"
#include "cli/args_value.h"

void
args_init(struct args *args, const struct flag *flags, size_t flag_count)
{
	*args = (struct args){
		.flags = flags,
		.flag_count = flag_count,
		.values = xcalloc(flag_count ? flag_count : 1,
				  sizeof(struct arg)),
	};
}

void
args_release(struct args *args)
{
	for (size_t i = 0; args->values && i < args->flag_count; i++)
		strvec_release(&args->values[i].list);
	free(args->values);
	strvec_release(&args->operands);
	strvec_release(&args->warnings);
	*args = (struct args){ .values = NULL };
}

static const struct flag *
row(const struct args *args, const char *name)
{
	const struct flag *flag =
		flag_find(args->flags, args->flag_count, name);

	assert(flag && flag->kind != FLAG_ALIAS);
	return flag;
}

static const struct arg *
value_of(const struct args *args, const struct flag *flag)
{
	return &args->values[flag - args->flags];
}

/* The number of a value that was not given: the fallback is one of ours. */
static int64_t
fallback_number(const struct flag *flag)
{
	struct arg arg = { .given = false };

	if (!flag->fallback)
		return 0;
	if (args_value_set(&arg, flag, flag->fallback, NULL) < 0)
		assert(!"the fallback of a row is a value of its kind");
	return arg.number;
}

static int64_t
number(const struct args *args, const struct flag *flag)
{
	const struct arg *arg = value_of(args, flag);

	return arg->given ? arg->number : fallback_number(flag);
}

bool
args_given(const struct args *args, const char *name)
{
	return value_of(args, row(args, name))->given;
}

bool
args_bool(const struct args *args, const char *name)
{
	const struct flag *flag = row(args, name);

	assert(flag->kind == FLAG_BOOL);
	return number(args, flag);
}

const char *
args_str(const struct args *args, const char *name)
{
	const struct flag *flag = row(args, name);
	const struct arg *arg = value_of(args, flag);

	assert(flag->kind == FLAG_STR || flag->kind == FLAG_ENUM);
	return arg->given ? arg->text : flag->fallback;
}

int64_t
args_int(const struct args *args, const char *name)
{
	const struct flag *flag = row(args, name);

	assert(flag->kind == FLAG_INT || flag->kind == FLAG_SIZE ||
	       flag->kind == FLAG_DURATION || flag->kind == FLAG_DECIMAL);
	return number(args, flag);
}

const struct strvec *
args_list(const struct args *args, const char *name)
{
	const struct flag *flag = row(args, name);

	assert(flag_is_list(flag));
	return &value_of(args, flag)->list;
}

const char *
args_operand(const struct args *args, size_t i)
{
	return i < args->operands.len ? args->operands.v[i] : NULL;
}
