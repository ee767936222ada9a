/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cli/args_value.c - one value of one flag, checked by its kind.
 */
#include "cli/args_value.h"

#include <errno.h>

#include "base/alloc.h"
#include "base/span.h"
#include "base/strbuf.h"
#include "base/units.h"

/* "a|b|c" as "a, b, c". */
static char *
spell_values(const char *values)
{
	struct span rest = span_of(values), piece;
	cleanup_strbuf struct strbuf sb = STRBUF_INIT;

	while (span_next(&rest, '|', &piece))
		strbuf_addf(&sb, "%s%.*s", sb.len ? ", " : "", (int)piece.len,
			    piece.ptr);
	return strbuf_take(&sb);
}

static int
check_word(const struct flag *flag, const char *value, struct err *err)
{
	cleanup_free char *all = NULL;

	if (!flag->values || flag_has_word(flag->values, value))
		return 0;
	all = spell_values(flag->values);
	return err_set(err, EINVAL, "'%s' is not one of %s", value, all);
}

static int
add_list(struct arg *arg, const struct flag *flag, const char *value,
	 struct err *err)
{
	struct span rest = span_of(value), piece;
	int r;

	if (flag->kind == FLAG_LIST) {
		r = check_word(flag, value, err);
		if (r < 0)
			return r;
		strvec_add(&arg->list, value);
		return 0;
	}
	while (span_next(&rest, ',', &piece)) {
		cleanup_free char *word = span_dup(piece);

		r = check_word(flag, word, err);
		if (r < 0)
			return r;
		strvec_add_take(&arg->list, take_ptr(word));
	}
	return 0;
}

static int
set_int(struct arg *arg, const struct flag *flag, const char *value,
	struct err *err)
{
	int64_t min = INT64_MIN, max = INT64_MAX;

	if (flag->min != flag->max) {
		min = flag->min;
		max = flag->max;
	}
	return units_parse_i64(value, min, max, &arg->number, err);
}

static int
set_by_kind(struct arg *arg, const struct flag *flag, const char *value,
	    struct err *err)
{
	bool yes;
	int r;

	switch ((enum flag_kind)flag->kind) {
	case FLAG_BOOL:
		r = units_parse_bool(value, &yes, err);
		if (!r)
			arg->number = yes;
		return r;
	case FLAG_INT:
		return set_int(arg, flag, value, err);
	case FLAG_DECIMAL:
		return units_parse_nano(value, &arg->number, err);
	case FLAG_SIZE:
		/* Only where a row says so is -1 more than a typing error. */
		if (flag->min == -1 && span_is(span_of(value), "-1")) {
			arg->number = -1;
			return 0;
		}
		return units_parse_size(value, &arg->number, err);
	case FLAG_DURATION:
		return units_parse_duration(value, &arg->number, err);
	case FLAG_ENUM:
		return check_word(flag, value, err);
	case FLAG_LIST:
	case FLAG_CSV:
		return add_list(arg, flag, value, err);
	case FLAG_STR:
	case FLAG_ALIAS:
	case FLAG_KIND_COUNT:
		break;
	}
	return 0;
}

int
args_value_set(struct arg *arg, const struct flag *flag, const char *value,
	       struct err *err)
{
	int r = set_by_kind(arg, flag, value, err);

	if (r < 0) {
		(void)err_wrap(err, r, "--%s", flag->name);
		return -EINVAL;
	}
	arg->text = value;
	arg->given = true;
	return 0;
}
