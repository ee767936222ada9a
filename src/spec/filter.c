/* SPDX-License-Identifier: Apache-2.0 */
/*
 * spec/filter.c - --filter KEY=VALUE of all listings.
 */
#include "spec/filter.h"

#include <errno.h>
#include <regex.h>
#include <string.h>

#include "base/alloc.h"
#include "base/span.h"
#include "base/text.h"
#include "base/units.h"
#include "spec/choice.h"

#define FILTER_LABEL_NOT "label!"

int
filter_add(struct filter *filter, const char *text, const char *const *keys,
	   struct err *err)
{
	struct span all = span_of(text);
	size_t at = span_find(all, '=');
	cleanup_free char *key = span_dup(span_trim(span_new(text, at)));
	cleanup_free char *value = NULL;
	int r;

	if (at == all.len) {
		(void)err_set(err, EINVAL, "filter '%s' has no value", text);
		err_hint(err, "write KEY=VALUE, as name=web");
		return -EINVAL;
	}
	for (char *p = key; *p; p++)
		if (text_is_upper(*p))
			*p = (char)(*p - 'A' + 'a');
	r = choice_find("filter", key, keys, err);
	if (r < 0)
		return r;
	value = span_dup(span_trim(span_skip(all, at + 1)));
	strvec_add(&filter->keys, key);
	strvec_add(&filter->values, value);
	return 0;
}

int
filter_add_all(struct filter *filter, const struct strvec *texts,
	       const char *const *keys, struct err *err)
{
	for (size_t i = 0; i < texts->len; i++) {
		int r = filter_add(filter, texts->v[i], keys, err);

		if (r < 0)
			return r;
	}
	return 0;
}

void
filter_release(struct filter *filter)
{
	strvec_release(&filter->keys);
	strvec_release(&filter->values);
}

bool
filter_has(const struct filter *filter, const char *key)
{
	return strvec_has(&filter->keys, key);
}

const char *
filter_value(const struct filter *filter, const char *key)
{
	for (size_t i = 0; i < filter->keys.len; i++)
		if (!strcmp(filter->keys.v[i], key))
			return filter->values.v[i];
	return NULL;
}

int
filter_bool(const struct filter *filter, const char *key, bool *io_value,
	    struct err *err)
{
	const char *value = filter_value(filter, key);
	int r = value ? units_parse_bool(value, io_value, err) : 0;

	return r < 0 ? err_wrap(err, r, "filter '%s'", key) : 0;
}

bool
filter_match_by(const struct filter *filter, const char *key,
		bool (*matches)(const char *value, const void *arg),
		const void *arg)
{
	bool asked = false;

	for (size_t i = 0; i < filter->keys.len; i++) {
		if (strcmp(filter->keys.v[i], key) != 0)
			continue;
		asked = true;
		if (matches(filter->values.v[i], arg))
			return true;
	}
	return !asked;
}

static bool
filter_is_equal(const char *value, const void *str)
{
	return !strcmp(value, str);
}

static bool
filter_is_prefix(const char *value, const void *str)
{
	return text_starts(str, value);
}

static bool
filter_is_found(const char *value, const void *name)
{
	cleanup_free char *slashed = xasprintf("/%s", (const char *)name);
	regex_t regex;
	bool found;

	if (regcomp(&regex, value, REG_EXTENDED | REG_NOSUB))
		return strstr(slashed, value) != NULL;
	found = !regexec(&regex, name, 0, NULL, 0) ||
		!regexec(&regex, slashed, 0, NULL, 0);
	regfree(&regex);
	return found;
}

bool
filter_match(const struct filter *filter, const char *key, const char *str)
{
	return filter_match_by(filter, key, filter_is_equal, str);
}

bool
filter_match_prefix(const struct filter *filter, const char *key,
		    const char *str)
{
	return filter_match_by(filter, key, filter_is_prefix, str);
}

bool
filter_match_name(const struct filter *filter, const char *key,
		  const char *name)
{
	return filter_match_by(filter, key, filter_is_found, name);
}

/* "k" or "k=v" */
static bool
filter_has_label(const struct node *labels, const char *wanted)
{
	size_t len = strcspn(wanted, "=");
	cleanup_free char *key = xstrndup(wanted, len);
	const char *have = node_get_str(labels, key);

	return have && (!wanted[len] || !strcmp(have, wanted + len + 1));
}

bool
filter_match_labels(const struct filter *filter, const struct node *labels)
{
	for (size_t i = 0; i < filter->keys.len; i++) {
		const char *value = filter->values.v[i];

		if (!strcmp(filter->keys.v[i], "label") &&
		    !filter_has_label(labels, value))
			return false;
		if (!strcmp(filter->keys.v[i], FILTER_LABEL_NOT) &&
		    filter_has_label(labels, value))
			return false;
	}
	return true;
}
