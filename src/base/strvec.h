/* SPDX-License-Identifier: Apache-2.0 */
/*
 * base/strvec.h - a NULL-ended vector of strings: argv, environment, lists.
 */
#ifndef DHOW_BASE_STRVEC_H
#define DHOW_BASE_STRVEC_H

#include <stdbool.h>
#include <stddef.h>

#include "base/cleanup.h"

struct strvec {
	char **v;   /* NULL-ended once anything was added, else NULL */
	size_t len; /* strings, the ending NULL not counted */
	size_t cap;
};

#define STRVEC_INIT       \
	{                 \
		.v = NULL \
	}

#define cleanup_strvec cleanup_release(strvec_release)

/* Append a copy of @str. */
void strvec_add(struct strvec *sv, const char *str);
void strvec_addf(struct strvec *sv, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
/* Append @str itself: the vector owns it from now on. */
void strvec_add_take(struct strvec *sv, char *str);
void strvec_add_all(struct strvec *sv, const struct strvec *from);
/* Append copies of a NULL-ended array (NULL: nothing). */
void strvec_add_array(struct strvec *sv, char *const *array);
/* The pieces of @str between any of the bytes of @seps, empty ones left out. */
void strvec_split(struct strvec *sv, const char *str, const char *seps);
bool strvec_has(const struct strvec *sv, const char *str);
void strvec_remove(struct strvec *sv, size_t at);
/* Sort by strcmp. */
void strvec_sort(struct strvec *sv);
void strvec_release(struct strvec *sv);
/* A NULL-ended view that is never NULL itself; borrowed. */
char *const *strvec_argv(const struct strvec *sv);

/*
 * Environment view: strings are "NAME=value" and names are unique.
 * strvec_env_get() borrows the value or returns NULL.
 */
const char *strvec_env_get(const struct strvec *env, const char *name);
void strvec_env_set(struct strvec *env, const char *name, const char *value);
void strvec_env_unset(struct strvec *env, const char *name);

#endif
