/* SPDX-License-Identifier: Apache-2.0 */
/*
 * base/units.c - numbers and sizes as text.
 */
#include "base/units.h"

#include <errno.h>
#include <stdint.h>
#include <string.h>

#include "base/alloc.h"
#include "base/text.h"

int
units_parse_u64(const char *text, uint64_t min, uint64_t max,
		uint64_t *ret_value, struct err *err)
{
	uint64_t value = 0;

	if (!text_is_digit(*text))
		return err_set(err, EINVAL, "'%s' is not a number", text);
	for (const char *p = text; *p; p++) {
		if (!text_is_digit(*p))
			return err_set(err, EINVAL, "'%s' is not a number",
				       text);
		if (__builtin_mul_overflow(value, 10U, &value) ||
		    __builtin_add_overflow(value, (uint64_t)(*p - '0'), &value))
			return err_set(err, ERANGE, "'%s' is too large", text);
	}
	if (value < min || value > max)
		return err_set(err, ERANGE,
			       "'%s' is out of range (%llu to %llu)", text,
			       (unsigned long long)min,
			       (unsigned long long)max);
	*ret_value = value;
	return 0;
}

int
units_parse_i64(const char *text, int64_t min, int64_t max, int64_t *ret_value,
		struct err *err)
{
	bool negative = *text == '-';
	uint64_t size;
	int64_t value;
	int r;

	r = units_parse_u64(text + negative, 0, INT64_MAX, &size, err);
	if (r < 0)
		return r;
	value = negative ? -(int64_t)size : (int64_t)size;
	if (value < min || value > max)
		return err_set(err, ERANGE,
			       "'%s' is out of range (%lld to %lld)", text,
			       (long long)min, (long long)max);
	*ret_value = value;
	return 0;
}

int
units_parse_mode(const char *text, unsigned int *ret_mode, struct err *err)
{
	unsigned int mode = 0;

	if (!*text || strlen(text) > 8)
		return err_set(err, EINVAL, "'%s' is not an octal mode", text);
	for (const char *p = text; *p; p++) {
		if (*p < '0' || *p > '7')
			return err_set(err, EINVAL, "'%s' is not an octal mode",
				       text);
		mode = mode * 8 + (unsigned int)(*p - '0');
	}
	if (mode > 07777)
		return err_set(err, ERANGE, "mode '%s' is above 07777", text);
	*ret_mode = mode;
	return 0;
}

int
units_parse_bool(const char *text, bool *ret_value, struct err *err)
{
	static const char *const yes[] = {
		"1", "t", "T", "true", "TRUE", "True"
	};
	static const char *const no[] = { "0",     "f",     "F",
					  "false", "FALSE", "False" };

	for (size_t i = 0; i < ARRAY_LEN(yes); i++) {
		if (!strcmp(text, yes[i]) || !strcmp(text, no[i])) {
			*ret_value = !strcmp(text, yes[i]);
			return 0;
		}
	}
	return err_set(err, EINVAL, "'%s' is neither true nor false", text);
}

/*
 * Digits with an optional fraction, as billionths; returns what follows, or
 * NULL when there is no number or it overflows.
 */
static const char *
units_decimal(const char *p, uint64_t *ret_whole, uint32_t *ret_nano)
{
	uint64_t whole = 0;
	uint32_t nano = 0, scale = 100000000;
	bool digits = false;

	for (; text_is_digit(*p); p++, digits = true)
		if (__builtin_mul_overflow(whole, 10U, &whole) ||
		    __builtin_add_overflow(whole, (uint64_t)(*p - '0'), &whole))
			return NULL;
	if (*p == '.') {
		for (p++; text_is_digit(*p); p++, digits = true) {
			nano += (uint32_t)(*p - '0') * scale;
			scale /= 10;
		}
	}
	if (!digits)
		return NULL;
	*ret_whole = whole;
	*ret_nano = nano;
	return p;
}

/* whole.nano × unit, or false when it does not fit. */
static bool
units_scale(uint64_t whole, uint32_t nano, uint64_t unit, int64_t *ret_value)
{
	__int128 value =
		(__int128)whole * unit + (__int128)nano * unit / UNITS_NS_PER_S;

	if (value > INT64_MAX)
		return false;
	*ret_value = (int64_t)value;
	return true;
}

int
units_parse_nano(const char *text, int64_t *ret_nano, struct err *err)
{
	uint64_t whole;
	uint32_t nano;
	const char *end = units_decimal(text, &whole, &nano);

	if (!end || *end)
		return err_set(err, EINVAL, "'%s' is not a decimal number",
			       text);
	if (!units_scale(whole, nano, UNITS_NS_PER_S, ret_nano))
		return err_set(err, ERANGE, "'%s' is too large", text);
	return 0;
}

int
units_parse_size(const char *text, int64_t *ret_bytes, struct err *err)
{
	static const char letters[] = "bkmgtp";
	uint64_t whole, unit = 1;
	uint32_t nano;
	const char *p = units_decimal(text, &whole, &nano);

	if (!p)
		goto bad;
	if (*p == ' ')
		p++;
	if (*p) {
		char lower = text_is_upper(*p) ? (char)(*p + 32) : *p;
		const char *at = strchr(letters, lower);

		if (!at)
			goto bad;
		unit = UINT64_C(1) << (10 * (at - letters));
		p++;
		if (lower != 'b' && (*p == 'i' || *p == 'I') &&
		    (p[1] == 'b' || p[1] == 'B'))
			p += 2;
		else if (lower != 'b' && (*p == 'b' || *p == 'B'))
			p++;
		if (*p)
			goto bad;
	}
	if (!units_scale(whole, nano, unit, ret_bytes))
		return err_set(err, ERANGE, "size '%s' is too large", text);
	return 0;
bad:
	(void)err_set(err, EINVAL, "'%s' is not a size", text);
	err_hint(err, "a number and b, k, m, g, t or p, as in 512m");
	return -EINVAL;
}

void
units_add_size(struct strbuf *sb, uint64_t bytes)
{
	static const char *const names[] = { "B",  "kB", "MB", "GB",
					     "TB", "PB", "EB" };
	double value = (double)bytes;
	size_t i = 0;

	while (value >= 1000 && i + 1 < ARRAY_LEN(names)) {
		value /= 1000;
		i++;
	}
	strbuf_addf(sb, "%.3g%s", value < 999.5 ? value : 1e3, names[i]);
}

void
units_add_size_binary(struct strbuf *sb, uint64_t bytes)
{
	static const char *const names[] = { "B",   "KiB", "MiB", "GiB",
					     "TiB", "PiB", "EiB" };
	double value = (double)bytes;
	size_t i = 0;

	while (value >= 1024 && i + 1 < ARRAY_LEN(names)) {
		value /= 1024;
		i++;
	}
	strbuf_addf(sb, "%.4g%s", value, names[i]);
}

void
units_add_age(struct strbuf *sb, int64_t seconds)
{
	int64_t minutes = seconds / 60, hours = (seconds + 1800) / 3600;
	int64_t days = hours / 24;

	if (seconds < 1)
		strbuf_addstr(sb, "Less than a second");
	else if (seconds == 1)
		strbuf_addstr(sb, "1 second");
	else if (seconds < 60)
		strbuf_addf(sb, "%d seconds", (int)seconds);
	else if (minutes == 1)
		strbuf_addstr(sb, "About a minute");
	else if (minutes < 60)
		strbuf_addf(sb, "%d minutes", (int)minutes);
	else if (hours == 1)
		strbuf_addstr(sb, "About an hour");
	else if (hours < 48)
		strbuf_addf(sb, "%d hours", (int)hours);
	else if (days < 14)
		strbuf_addf(sb, "%d days", (int)days);
	else if (days < 60)
		strbuf_addf(sb, "%d weeks", (int)(days / 7));
	else if (days < 730)
		strbuf_addf(sb, "%d months", (int)(days / 30));
	else
		strbuf_addf(sb, "%d years", (int)(days / 365));
}
