/* SPDX-License-Identifier: Apache-2.0 */
/*
 * spec/name_spec.c - names of containers, volumes, networks and hosts.
 */
#include "spec/name_spec.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>

#include "base/span.h"
#include "base/text.h"

#define NAME_SPEC_LABEL_MAX 63
#define NAME_SPEC_DOMAIN_MAX 253

static int
name_spec_check_chars(const char *what, const char *name, size_t min,
		      struct err *err)
{
	size_t len = strlen(name);

	if (!len)
		return err_set(err, EINVAL, "%s is empty", what);
	if (len > NAME_SPEC_MAX)
		return err_set(err, EINVAL, "%s '%.40s…' is longer than %d",
			       what, name, NAME_SPEC_MAX);
	for (size_t i = 0; i < len; i++) {
		if (text_is_alnum(name[i]) || (i && strchr("_.-", name[i])))
			continue;
		(void)err_set(err, EINVAL, "%s '%s' has characters it may not",
			      what, name);
		err_hint(err,
			 "letters and digits, after the first also _ . and -");
		return -EINVAL;
	}
	if (len < min)
		return err_set(err, EINVAL,
			       "%s '%s' has fewer than %zu characters", what,
			       name, min);
	return 0;
}

int
name_spec_check(const char *what, const char *name, struct err *err)
{
	return name_spec_check_chars(what, name, 2, err);
}

int
name_spec_check_network(const char *name, struct err *err)
{
	return name_spec_check_chars("network name", name, 1, err);
}

static bool
name_spec_label_is_valid(struct span label)
{
	if (!label.len || label.len > NAME_SPEC_LABEL_MAX ||
	    label.ptr[0] == '-' || label.ptr[label.len - 1] == '-')
		return false;
	for (size_t i = 0; i < label.len; i++)
		if (!text_is_alnum(label.ptr[i]) && label.ptr[i] != '-')
			return false;
	return true;
}

static int
name_spec_check_labels(const char *what, const char *name, size_t max,
		       struct err *err)
{
	struct span rest = span_of(name);

	if (rest.len > max)
		return err_set(err, EINVAL,
			       "%s '%.40s…' is longer than %zu characters",
			       what, name, max);
	for (;;) {
		size_t at = span_find(rest, '.');

		if (!name_spec_label_is_valid(span_new(rest.ptr, at))) {
			(void)err_set(err, EINVAL, "%s '%s' is not valid", what,
				      name);
			err_hint(
				err,
				"letters, digits and inner dashes, words joined by dots");
			return -EINVAL;
		}
		if (at == rest.len)
			return 0;
		rest = span_skip(rest, at + 1);
	}
}

int
name_spec_check_hostname(const char *name, struct err *err)
{
	return name_spec_check_labels("host name", name, NAME_SPEC_HOST_MAX,
				      err);
}

int
name_spec_check_domainname(const char *name, struct err *err)
{
	return name_spec_check_labels("domain name", name, NAME_SPEC_DOMAIN_MAX,
				      err);
}
