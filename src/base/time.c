/* SPDX-License-Identifier: Apache-2.0 */
/*
 * base/time.c - durations and points in time as text.
 */
#include <errno.h>
#include <string.h>

#include "base/alloc.h"
#include "base/text.h"
#include "base/units.h"

int64_t
units_now_ns(void)
{
	struct timespec ts;

	(void)clock_gettime(CLOCK_REALTIME, &ts);
	return (int64_t)ts.tv_sec * UNITS_NS_PER_S + ts.tv_nsec;
}

int64_t
units_monotonic_ns(void)
{
	struct timespec ts;

	(void)clock_gettime(CLOCK_MONOTONIC, &ts);
	return (int64_t)ts.tv_sec * UNITS_NS_PER_S + ts.tv_nsec;
}

int64_t
units_boottime_ns(void)
{
	struct timespec ts;

	(void)clock_gettime(CLOCK_BOOTTIME, &ts);
	return (int64_t)ts.tv_sec * UNITS_NS_PER_S + ts.tv_nsec;
}

static const struct {
	const char *name;
	int64_t ns;
} time_units[] = {
	/* Longer names first: "ms" is not "m" and an "s". */
	{ "ns", 1 },
	{ "us", 1000 },
	{ "\xc2\xb5s", 1000 },
	{ "\xce\xbcs", 1000 },
	{ "ms", 1000000 },
	{ "s", UNITS_NS_PER_S },
	{ "m", 60 * UNITS_NS_PER_S },
	{ "h", 3600 * UNITS_NS_PER_S },
};

/* One "12.5ms" of a duration; returns what follows or NULL. */
static const char *
time_piece(const char *p, __int128 *ret_ns)
{
	__int128 whole = 0, fraction = 0, scale = 1;
	bool digits = false;

	for (; text_is_digit(*p); p++, digits = true)
		if (whole < INT64_MAX)
			whole = whole * 10 + (*p - '0');
	if (*p == '.') {
		for (p++; text_is_digit(*p); p++, digits = true) {
			if (scale < UNITS_NS_PER_S * 10000) {
				fraction = fraction * 10 + (*p - '0');
				scale *= 10;
			}
		}
	}
	if (!digits)
		return NULL;
	for (size_t i = 0; i < ARRAY_LEN(time_units); i++) {
		const char *rest = text_after(p, time_units[i].name);

		if (rest) {
			*ret_ns = whole * time_units[i].ns +
				  fraction * time_units[i].ns / scale;
			return rest;
		}
	}
	return NULL;
}

int
units_parse_duration(const char *text, int64_t *ret_ns, struct err *err)
{
	bool negative = *text == '-';
	const char *p = text + (negative || *text == '+');
	__int128 sum = 0;

	if (!strcmp(p, "0")) {
		*ret_ns = 0;
		return 0;
	}
	do {
		__int128 piece;

		p = time_piece(p, &piece);
		if (!p) {
			(void)err_set(err, EINVAL, "'%s' is not a duration",
				      text);
			err_hint(
				err,
				"write numbers with units, as in 1m30s or 500ms");
			return -EINVAL;
		}
		sum += piece;
		if (sum > INT64_MAX)
			return err_set(err, ERANGE, "duration '%s' is too long",
				       text);
	} while (*p);
	*ret_ns = negative ? -(int64_t)sum : (int64_t)sum;
	return 0;
}

/* Exactly @count digits; returns what follows or NULL. */
static const char *
time_digits(const char *p, int count, int min, int max, int *ret_value)
{
	int value = 0;

	for (; count; count--, p++) {
		if (!text_is_digit(*p))
			return NULL;
		value = value * 10 + (*p - '0');
	}
	if (value < min || value > max)
		return NULL;
	*ret_value = value;
	return p;
}

static const char *
time_fraction(const char *p, int64_t *ret_ns)
{
	int64_t scale = UNITS_NS_PER_S / 10, ns = 0;

	if (*p != '.')
		return p;
	if (!text_is_digit(*++p))
		return NULL;
	for (; text_is_digit(*p); p++, scale /= 10)
		ns += (*p - '0') * scale;
	*ret_ns = ns;
	return p;
}

/* "Z" or "+hh:mm"; seconds east of UTC. */
static const char *
time_zone(const char *p, int *ret_east_s)
{
	int sign = *p == '-' ? -1 : 1, hours, minutes;

	if (*p == 'Z' || *p == 'z') {
		*ret_east_s = 0;
		return p + 1;
	}
	if (*p != '+' && *p != '-')
		return NULL;
	p = time_digits(p + 1, 2, 0, 23, &hours);
	if (!p || *p++ != ':')
		return NULL;
	p = time_digits(p, 2, 0, 59, &minutes);
	if (!p)
		return NULL;
	*ret_east_s = sign * (hours * 3600 + minutes * 60);
	return p;
}

struct time_parts {
	struct tm tm;
	int64_t ns;
	bool has_clock;
	bool has_zone;
	int east_s;
};

static const char *
time_date(const char *p, struct tm *tm)
{
	int year, month;

	p = time_digits(p, 4, 1, 9999, &year);
	if (!p || *p++ != '-')
		return NULL;
	p = time_digits(p, 2, 1, 12, &month);
	if (!p || *p++ != '-')
		return NULL;
	tm->tm_year = year - 1900;
	tm->tm_mon = month - 1;
	return time_digits(p, 2, 1, 31, &tm->tm_mday);
}

/* RFC 3339 whose clock, seconds, fraction and zone may be missing. */
static bool
time_parse_parts(const char *p, struct time_parts *parts)
{
	*parts = (struct time_parts){ .tm = { .tm_isdst = -1 } };
	p = time_date(p, &parts->tm);
	if (p && (*p == 'T' || *p == 't' || *p == ' ')) {
		parts->has_clock = true;
		p = time_digits(p + 1, 2, 0, 23, &parts->tm.tm_hour);
		if (!p || *p++ != ':')
			return false;
		p = time_digits(p, 2, 0, 59, &parts->tm.tm_min);
		if (p && *p == ':')
			p = time_digits(p + 1, 2, 0, 60, &parts->tm.tm_sec);
		if (p)
			p = time_fraction(p, &parts->ns);
	}
	if (p && *p) {
		parts->has_zone = true;
		p = time_zone(p, &parts->east_s);
	}
	return p && !*p;
}

/*
 * As timegm(3), which reads the host's time zone for nothing. The year is
 * counted from March, so that the day a leap year adds is its last one.
 */
static int64_t
time_from_utc(const struct tm *tm)
{
	const int64_t epoch = 865565; /* days from March of the year -400 */
	int64_t month = (tm->tm_mon + 10) % 12;
	int64_t year = tm->tm_year + 1900LL + 400 - (tm->tm_mon < 2);
	int64_t days = 365 * year + year / 4 - year / 100 + year / 400 +
		       (153 * month + 2) / 5 + tm->tm_mday - 1 - epoch;

	return ((days * 24 + tm->tm_hour) * 60 + tm->tm_min) * 60 + tm->tm_sec;
}

/* Nanoseconds count 292 years either way; what lies beyond is their end. */
static int64_t
time_to_ns(int64_t s, int64_t ns)
{
	int64_t sum;

	if (__builtin_mul_overflow(s, UNITS_NS_PER_S, &sum) ||
	    __builtin_add_overflow(sum, ns, &sum))
		return s < 0 ? INT64_MIN : INT64_MAX;
	return sum;
}

static int64_t
time_parts_to_ns(struct time_parts *parts)
{
	int64_t s = parts->has_zone ? time_from_utc(&parts->tm) - parts->east_s
				    : (int64_t)mktime(&parts->tm);

	return time_to_ns(s, parts->ns);
}

int
units_parse_rfc3339(const char *text, int64_t *ret_ns, struct err *err)
{
	struct time_parts parts;

	if (!time_parse_parts(text, &parts) || !parts.has_clock ||
	    !parts.has_zone)
		return err_set(err, EINVAL, "'%s' is not an RFC 3339 time",
			       text);
	*ret_ns = time_parts_to_ns(&parts);
	return 0;
}

int
units_parse_time(const char *text, int64_t now_ns, int64_t *ret_ns,
		 struct err *err)
{
	struct time_parts parts;
	const char *dot = strchr(text, '.');
	cleanup_free char *whole =
		dot ? xstrndup(text, (size_t)(dot - text)) : xstrdup(text);
	int64_t seconds, ns = 0;

	if (units_parse_i64(whole, INT64_MIN / UNITS_NS_PER_S,
			    INT64_MAX / UNITS_NS_PER_S, &seconds, NULL) == 0) {
		const char *end = dot ? time_fraction(dot, &ns) : "";

		if (end && !*end) {
			*ret_ns = time_to_ns(seconds, ns);
			return 0;
		}
	}
	if (units_parse_duration(text, &ns, NULL) == 0) {
		if (__builtin_sub_overflow(now_ns, ns, ret_ns))
			*ret_ns = ns < 0 ? INT64_MAX : INT64_MIN;
		return 0;
	}
	if (time_parse_parts(text, &parts)) {
		*ret_ns = time_parts_to_ns(&parts);
		return 0;
	}
	(void)err_set(err, EINVAL, "'%s' is not a time", text);
	err_hint(err, "use Unix seconds, 2006-01-02T15:04:05Z or 10m (ago)");
	return -EINVAL;
}

/* A fraction of @ns as ".123", without trailing zeros; nothing for 0. */
static void
time_add_fraction(struct strbuf *sb, int64_t ns, int digits)
{
	char text[16];
	int len =
		snprintf(text, sizeof(text), ".%0*lld", digits, (long long)ns);

	while (len > 1 && text[len - 1] == '0')
		len--;
	if (len > 1)
		strbuf_add(sb, text, (size_t)len);
}

void
units_add_rfc3339(struct strbuf *sb, int64_t ns)
{
	int64_t seconds = ns / UNITS_NS_PER_S, rest = ns % UNITS_NS_PER_S;
	time_t when;
	struct tm tm;

	if (rest < 0) {
		rest += UNITS_NS_PER_S;
		seconds--;
	}
	when = (time_t)seconds;
	(void)gmtime_r(&when, &tm);
	strbuf_addf(sb, "%04d-%02d-%02dT%02d:%02d:%02d", tm.tm_year + 1900,
		    tm.tm_mon + 1, tm.tm_mday, tm.tm_hour, tm.tm_min,
		    tm.tm_sec);
	time_add_fraction(sb, rest, 9);
	strbuf_addch(sb, 'Z');
}

void
units_add_duration(struct strbuf *sb, int64_t ns)
{
	uint64_t left = ns < 0 ? 0 - (uint64_t)ns : (uint64_t)ns;
	uint64_t hours = left / (3600 * (uint64_t)UNITS_NS_PER_S);
	uint64_t minutes = left / (60 * (uint64_t)UNITS_NS_PER_S) % 60;
	uint64_t second = (uint64_t)UNITS_NS_PER_S;

	if (ns < 0)
		strbuf_addch(sb, '-');
	if (left && left < second) {
		uint64_t unit = left < 1000      ? 1
				: left < 1000000 ? 1000
						 : 1000000;

		strbuf_addf(sb, "%llu", (unsigned long long)(left / unit));
		time_add_fraction(sb, (int64_t)(left % unit),
				  unit == 1      ? 1
				  : unit == 1000 ? 3
						 : 6);
		strbuf_addstr(sb, unit == 1      ? "ns"
				  : unit == 1000 ? "\xc2\xb5s"
						 : "ms");
		return;
	}
	if (hours)
		strbuf_addf(sb, "%lluh", (unsigned long long)hours);
	if (hours || minutes)
		strbuf_addf(sb, "%llum", (unsigned long long)minutes);
	strbuf_addf(sb, "%llu", (unsigned long long)(left / second % 60));
	time_add_fraction(sb, (int64_t)(left % second), 9);
	strbuf_addch(sb, 's');
}

void
units_add_local_time(struct strbuf *sb, int64_t ns)
{
	time_t seconds = (time_t)(ns / UNITS_NS_PER_S);
	char text[64] = "";
	struct tm tm;

	if (localtime_r(&seconds, &tm))
		(void)strftime(text, sizeof(text), "%Y-%m-%d %H:%M:%S %z %Z",
			       &tm);
	strbuf_addstr(sb, text);
}

void
units_add_nano_time(struct strbuf *sb, int64_t ns, bool is_local)
{
	int64_t rest =
		((ns % UNITS_NS_PER_S) + UNITS_NS_PER_S) % UNITS_NS_PER_S;
	time_t seconds = (time_t)((ns - rest) / UNITS_NS_PER_S);
	char text[64] = "", zone[8] = "";
	struct tm tm;

	if (!(is_local ? localtime_r(&seconds, &tm) : gmtime_r(&seconds, &tm)))
		return;
	(void)strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%S", &tm);
	(void)strftime(zone, sizeof(zone), "%z", &tm);
	strbuf_addf(sb, "%s.%09d", text, (int)rest);
	if (!tm.tm_gmtoff)
		strbuf_addch(sb, 'Z');
	else
		strbuf_addf(sb, "%.3s:%s", zone, zone + 3);
}
