/* SPDX-License-Identifier: Apache-2.0 */
/*
 * base/units.h - numbers, sizes, durations and times as text.
 *
 * Parsers take the whole string or fail with -EINVAL (syntax) or -ERANGE and
 * a story that quotes the text; a ret_ is written on success only.
 */
#ifndef DHOW_BASE_UNITS_H
#define DHOW_BASE_UNITS_H

#include <stdbool.h>
#include <stdint.h>
#include <time.h>

#include "base/err.h"
#include "base/strbuf.h"

#define UNITS_NS_PER_S INT64_C(1000000000)

/* Decimal digits only, @min..@max. */
int units_parse_u64(const char *text, uint64_t min, uint64_t max,
		    uint64_t *ret_value, struct err *err);
/* As above with an optional '-'. */
int units_parse_i64(const char *text, int64_t min, int64_t max,
		    int64_t *ret_value, struct err *err);
/* Octal digits, at most 07777. */
int units_parse_mode(const char *text, unsigned int *ret_mode, struct err *err);
/* true false 1 0 t f T F TRUE FALSE True False (Go strconv.ParseBool). */
int units_parse_bool(const char *text, bool *ret_value, struct err *err);
/* "1.5" to a count of billionths (cpus → nano cpus); not negative. */
int units_parse_nano(const char *text, int64_t *ret_nano, struct err *err);
/* "[0-9.]+ ?[bkmgtp](i?b)?", 1024-based, any case; plain is bytes. */
int units_parse_size(const char *text, int64_t *ret_bytes, struct err *err);
/* Go duration, "1h2m3.5s", "300ms", "0"; result in nanoseconds. */
int units_parse_duration(const char *text, int64_t *ret_ns, struct err *err);
/*
 * --since/--until: Unix seconds[.ns], RFC 3339 with optional parts (local
 * zone when none is given), or a Go duration before @now_ns. Result in
 * nanoseconds since the epoch.
 */
int units_parse_time(const char *text, int64_t now_ns, int64_t *ret_ns,
		     struct err *err);
/* RFC 3339 only, zone required. */
int units_parse_rfc3339(const char *text, int64_t *ret_ns, struct err *err);

/* Docker's decimal sizes, four significant digits at most: "77.9MB". */
void units_add_size(struct strbuf *sb, uint64_t bytes);
/* Binary sizes as docker stats prints them: "3.4MiB". */
void units_add_size_binary(struct strbuf *sb, uint64_t bytes);
/* "About a minute", "3 weeks" (formats.md, CREATED); no " ago". */
void units_add_age(struct strbuf *sb, int64_t seconds);
/* "2006-01-02T15:04:05.999999999Z", UTC; digits trimmed as Go does. */
void units_add_rfc3339(struct strbuf *sb, int64_t ns);
/* All nine digits: "2006-01-02T15:04:05.120000000Z", or the local zone's
 * "…+02:00", as docker's logs and events show it. */
void units_add_nano_time(struct strbuf *sb, int64_t ns, bool is_local);
/* "2006-01-02 15:04:05 -0700 MST" in the local zone, as listings show it. */
void units_add_local_time(struct strbuf *sb, int64_t ns);
/* Go's Duration.String(): "1h2m3.5s". */
void units_add_duration(struct strbuf *sb, int64_t ns);

/* CLOCK_REALTIME and CLOCK_MONOTONIC in nanoseconds. */
int64_t units_now_ns(void);
int64_t units_monotonic_ns(void);
/* CLOCK_BOOTTIME: since the host started, sleep included. */
int64_t units_boottime_ns(void);

#endif
