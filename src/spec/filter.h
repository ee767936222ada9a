/* SPDX-License-Identifier: Apache-2.0 */
/*
 * spec/filter.h - --filter KEY=VALUE of all listings.
 *
 * Keys are ANDed; the values of one key are ORed, but for labels, which must
 * all be there. A question about a key that was not given answers "yes".
 */
#ifndef DHOW_SPEC_FILTER_H
#define DHOW_SPEC_FILTER_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "base/strvec.h"
#include "data/node.h"

struct filter {
	struct strvec keys;   /* "label!" for label!=… */
	struct strvec values; /* values.v[i] belongs to keys.v[i] */
};

#define FILTER_INIT                 \
	{                           \
		.keys = STRVEC_INIT \
	}
#define cleanup_filter cleanup_release(filter_release)

/*
 * Add one option. @keys: what this listing knows, NULL-ended; "label!" where
 * label!=… is. Returns 0 or -EINVAL with the nearest key.
 */
int filter_add(struct filter *filter, const char *text, const char *const *keys,
	       struct err *err);
int filter_add_all(struct filter *filter, const struct strvec *texts,
		   const char *const *keys, struct err *err);
void filter_release(struct filter *filter);

bool filter_has(const struct filter *filter, const char *key);
/* The first value of @key or NULL. */
const char *filter_value(const struct filter *filter, const char *key);
/* A boolean key; *io_value stays when it is absent. -EINVAL. */
int filter_bool(const struct filter *filter, const char *key, bool *io_value,
		struct err *err);

/* Is @str one of the values of @key? */
bool filter_match(const struct filter *filter, const char *key,
		  const char *str);
/* Does @str start with one of the values (ids)? */
bool filter_match_prefix(const struct filter *filter, const char *key,
			 const char *str);
/*
 * Does one of the values, a POSIX extended regular expression, match somewhere
 * in @name or in "/name"? What is no expression is looked for as it stands.
 */
bool filter_match_name(const struct filter *filter, const char *key,
		       const char *name);
/* label=K, label=K=V and label!=…; @labels: an object of strings or NULL. */
bool filter_match_labels(const struct filter *filter,
			 const struct node *labels);
/* For other questions: is there a value for which @matches holds? */
bool filter_match_by(const struct filter *filter, const char *key,
		     bool (*matches)(const char *value, const void *arg),
		     const void *arg);

#endif
