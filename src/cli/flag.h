/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cli/flag.h - one row per flag: what drives parser, help, man and completion.
 *
 * Rows are alphabetical by name. Texts are lower case without a full stop.
 */
#ifndef DHOW_CLI_FLAG_H
#define DHOW_CLI_FLAG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum flag_kind {
	FLAG_BOOL,     /* --f, --f=true|false|1|0|t|f */
	FLAG_STR,      /* the last one counts */
	FLAG_INT,      /* within min..max when these differ */
	FLAG_DECIMAL,  /* "1.5", kept in billionths */
	FLAG_SIZE,     /* "64m", kept in bytes */
	FLAG_DURATION, /* "1m30s", kept in nanoseconds */
	FLAG_ENUM,     /* one of .values */
	FLAG_LIST,     /* may be given again */
	FLAG_CSV,      /* may be given again, and splits at commas */
	FLAG_ALIAS,    /* another name of .alias_of */
	FLAG_KIND_COUNT,
};

/* What a shell offers for a value or an operand. */
enum flag_offer {
	OFFER_NOTHING,
	OFFER_FILE,
	OFFER_DIR,
	OFFER_CAPABILITY,
	OFFER_COMMAND, /* a command of dhow */
	OFFER_CONTAINER,
	OFFER_IMAGE,
	OFFER_NETWORK,
	OFFER_OBJECT, /* anything with a name or an id */
	OFFER_SIGNAL,
	OFFER_VOLUME,
	OFFER_COUNT,
};

/* The headings of a long --help, in the order they are printed. */
enum flag_section {
	SECTION_OPTIONS,
	SECTION_PROCESS,
	SECTION_FILES,
	SECTION_NETWORK,
	SECTION_RIGHTS,
	SECTION_RESOURCES,
	SECTION_LIFE,
	SECTION_IMAGE,
	SECTION_COUNT,
};

/* -1 and below are fine for one of these, so 0..0 means any number. */
struct flag {
	const char *name;      /* "add-host", without dashes */
	const char *meta;      /* what its value is called: "HOST:IP" */
	const char *help;      /* one line of any length */
	const char *values;    /* "a|b|c": all that FLAG_ENUM and the lists
				* take, what else a shell may offer */
	const char *fallback;  /* what the getters answer when not given */
	const char *bare;      /* value of the flag without one; then only
				* '=' or one of .values gives another */
	const char *conflicts; /* "detach|rm": not together with these */
	const char *alias_of;  /* the row that FLAG_ALIAS stands for */
	const char *refuse;    /* why it cannot work here: refused, exit 125 */
	const char *harmless;  /* the value that .refuse and .ignore let by */
	const char *ignore; /* why it changes nothing: a warning ("": none) */
	int32_t min;
	int32_t max;
	char letter;     /* short form, or 0 */
	uint8_t kind;    /* enum flag_kind */
	uint8_t offer;   /* enum flag_offer */
	uint8_t section; /* enum flag_section */
	bool hidden;     /* not in --help, man and completion */
};

/* The row called @name among @count sorted ones, or NULL. */
const struct flag *flag_find(const struct flag *flags, size_t count,
			     const char *name);
/* The row with the short form @letter, or NULL. */
const struct flag *flag_find_letter(const struct flag *flags, size_t count,
				    char letter);
/* Follow FLAG_ALIAS to the row that holds the value. */
const struct flag *flag_resolve(const struct flag *flags, size_t count,
				const struct flag *flag);
/* True when @word is one of "a|b|c" (NULL: of nothing). */
bool flag_has_word(const char *words, const char *word);
/* True for a flag that is followed by a value. */
bool flag_takes_value(const struct flag *flag);
/* True for a kind that may be given more than once and keeps all. */
bool flag_is_list(const struct flag *flag);

#endif
