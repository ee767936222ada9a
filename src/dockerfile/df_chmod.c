/* SPDX-License-Identifier: Apache-2.0 */
/*
 * dockerfile/df_chmod.c - COPY --chmod: "0644", "u=rwX,go=rX", "+x".
 */
#include "dockerfile/df_chmod.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include "base/text.h"
#include "base/units.h"

#define DF_CHMOD_UMASK 0022

/* One clause: who, then "+-=" with permissions, as often as they stand. */
struct df_chmod_clause {
	mode_t who;     /* bits of u, g and o that may change */
	bool has_who;   /* false: the umask counts */
	const char *at; /* at the first operator */
};

/* Reads "ugoa"; false when no operator follows. */
static bool
df_chmod_who(const char *at, struct df_chmod_clause *ret_clause)
{
	struct df_chmod_clause clause = { .who = 0 };

	for (; *at && strchr("ugoa", *at); at++) {
		clause.has_who = true;
		if (*at == 'u' || *at == 'a')
			clause.who |= 04700;
		if (*at == 'g' || *at == 'a')
			clause.who |= 02070;
		if (*at == 'o' || *at == 'a')
			clause.who |= 01007;
	}
	if (!clause.has_who)
		clause.who = 07777;
	clause.at = at;
	*ret_clause = clause;
	return *at && strchr("+-=", *at);
}

/* What u, g or o has now, for all three. */
static mode_t
df_chmod_copy(char from, mode_t mode)
{
	mode_t bits = from == 'u' ? mode >> 6 : from == 'g' ? mode >> 3 : mode;

	bits &= 7;
	return bits << 6 | bits << 3 | bits;
}

/* The bits of "rwxXst" or "u", "g", "o"; @at moves behind them. */
static mode_t
df_chmod_bits(const char **at, mode_t mode, bool is_dir)
{
	mode_t bits = 0;

	for (; **at && strchr("rwxXstugo", **at); ++*at) {
		switch (**at) {
		case 'r':
			bits |= 0444;
			break;
		case 'w':
			bits |= 0222;
			break;
		case 'x':
			bits |= 0111;
			break;
		case 'X':
			bits |= is_dir || mode & 0111 ? 0111 : 0;
			break;
		case 's':
			bits |= 06000;
			break;
		case 't':
			bits |= 01000;
			break;
		default:
			bits |= df_chmod_copy(**at, mode);
			break;
		}
	}
	return bits;
}

/*
 * Walk @text; the mode it makes goes to @io_mode. Returns false on what is no
 * symbolic mode.
 */
static bool
df_chmod_walk(const char *text, bool is_dir, mode_t *io_mode)
{
	for (;;) {
		struct df_chmod_clause clause;

		if (!df_chmod_who(text, &clause))
			return false;
		text = clause.at;
		while (*text && strchr("+-=", *text)) {
			char op = *text++;
			mode_t bits = df_chmod_bits(&text, *io_mode, is_dir);

			bits &= clause.who;
			if (!clause.has_who)
				bits &= ~(mode_t)DF_CHMOD_UMASK;
			if (op == '=')
				*io_mode &= ~clause.who;
			if (op == '-')
				*io_mode &= ~bits;
			else
				*io_mode |= bits;
		}
		if (!*text)
			return true;
		if (*text++ != ',')
			return false;
	}
}

int
df_chmod_check(const char *text, struct err *err)
{
	mode_t mode = 0;
	unsigned int octal;

	if (text_is_digit(*text)) {
		if (units_parse_mode(text, &octal, NULL) == 0)
			return 0;
	} else if (df_chmod_walk(text, false, &mode)) {
		return 0;
	}
	return err_set(
		err, EINVAL,
		"invalid chmod '%s': it is octal, 0 to 07777, or as in u=rwX,go=rX",
		text);
}

mode_t
df_chmod_apply(const char *text, mode_t mode, bool is_dir)
{
	unsigned int octal;

	mode &= 07777;
	if (units_parse_mode(text, &octal, NULL) == 0)
		return (mode_t)octal;
	(void)df_chmod_walk(text, is_dir, &mode);
	return mode;
}
