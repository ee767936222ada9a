/* SPDX-License-Identifier: Apache-2.0 */
/*
 * spec/device_spec.c - --device HOST[:CTR][:rwm] and CDI names.
 */
#include "spec/device_spec.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/span.h"
#include "base/text.h"
#include "base/units.h"
#include "spec/abs_path.h"
#include "spec/node_check.h"

#define DEVICE_PERMS "rwm"
#define DEVICE_NUMBER_MAX UINT32_MAX

/* Letters r, w and m, each at most once. */
static bool
device_are_perms(const char *text)
{
	size_t len = strlen(text);

	if (!len || len > strlen(DEVICE_PERMS) ||
	    strspn(text, DEVICE_PERMS) != len)
		return false;
	for (size_t i = 0; i < len; i++)
		if (strchr(text + i + 1, text[i]))
			return false;
	return true;
}

/* A word of a CDI name: alphanumeric ends, @inner also between them. */
static bool
device_is_cdi_word(struct span word, bool digit_first, const char *inner)
{
	if (!word.len || !text_is_alnum(word.ptr[0]) ||
	    (!digit_first && text_is_digit(word.ptr[0])) ||
	    !text_is_alnum(word.ptr[word.len - 1]))
		return false;
	for (size_t i = 0; i < word.len; i++)
		if (!text_is_alnum(word.ptr[i]) && !strchr(inner, word.ptr[i]))
			return false;
	return true;
}

bool
device_spec_is_cdi(const char *text)
{
	struct span all = span_of(text);
	size_t slash = span_find(all, '/');
	size_t equals = span_find(all, '=');

	return slash < equals && equals < all.len &&
	       device_is_cdi_word(span_new(text, slash), false, "_.-") &&
	       device_is_cdi_word(span_new(text + slash + 1,
					   equals - slash - 1),
				  false, "_.-") &&
	       device_is_cdi_word(span_skip(all, equals + 1), true, "_.:-");
}

static int
device_set_path(char **member, const char *path, const char *what,
		struct err *err)
{
	if (*path != '/')
		return err_set(err, EINVAL, "%s path '%s' is not absolute",
			       what, path);
	*member = abs_path_join("/", path);
	return 0;
}

static int
device_fill(struct device_spec *spec, const char *host, const char *container,
	    const char *perms, struct err *err)
{
	int r;

	if (!device_are_perms(perms))
		return err_set(err, EINVAL, "'%s' is not of r, w and m", perms);
	(void)snprintf(spec->perms, sizeof(spec->perms), "%s", perms);
	r = device_set_path(&spec->host, host, "host", err);
	if (r >= 0)
		r = device_set_path(&spec->container, container, "container",
				    err);
	return r;
}

static int
device_read(struct device_spec *spec, char *host, struct err *err)
{
	char *second = strchr(host, ':');
	char *third = NULL;

	if (second) {
		*second++ = '\0';
		third = strchr(second, ':');
	}
	if (third)
		*third++ = '\0';
	if (third && strchr(third, ':'))
		return err_set(err, EINVAL, "more than two colons");
	if (second && !third && device_are_perms(second))
		return device_fill(spec, host, host, second, err);
	return device_fill(spec, host, second ?: host, third ?: DEVICE_PERMS,
			   err);
}

int
device_spec_parse(const char *text, struct device_spec *ret_spec,
		  struct err *err)
{
	struct device_spec spec = DEVICE_SPEC_INIT;
	cleanup_free char *host = xstrdup(text);
	int r = 0;

	if (device_spec_is_cdi(text)) {
		spec.is_cdi = true;
		spec.host = xstrdup(text);
	} else {
		r = device_read(&spec, host, err);
	}
	if (r < 0) {
		device_spec_release(&spec);
		(void)err_wrap(err, r, "device '%s'", text);
		err_hint(
			err,
			"write /dev/HOST[:/dev/CONTAINER][:rwm] or VENDOR/CLASS=NAME");
		return r;
	}
	*ret_spec = spec;
	return 0;
}

void
device_spec_release(struct device_spec *spec)
{
	free(spec->host);
	free(spec->container);
	*spec = (struct device_spec)DEVICE_SPEC_INIT;
}

/* "*" or a number. */
static bool
device_is_rule_number(struct span part)
{
	cleanup_free char *text = span_dup(part);
	uint64_t number;

	return !strcmp(text, "*") ||
	       !units_parse_u64(text, 0, DEVICE_NUMBER_MAX, &number, NULL);
}

int
device_spec_check_rule(const char *text, struct err *err)
{
	struct span rest = span_of(text), type, major, minor;

	if (span_next(&rest, ' ', &type) && type.len == 1 &&
	    strchr("abc", *type.ptr) && span_next(&rest, ':', &major) &&
	    device_is_rule_number(major) && span_next(&rest, ' ', &minor) &&
	    device_is_rule_number(minor) && rest.len &&
	    device_are_perms(rest.ptr))
		return 0;
	(void)err_set(err, EINVAL, "device rule '%s' is not valid", text);
	err_hint(err, "write TYPE MAJOR:MINOR PERMS, as 'c 10:200 rwm'");
	return -EINVAL;
}

struct node *
device_spec_to_node(const struct device_spec *spec)
{
	struct node *node = node_new_obj();

	node_set_str(node, "PathOnHost", spec->host);
	node_set_str(node, "PathInContainer", spec->container);
	node_set_str(node, "CgroupPermissions", spec->perms);
	return node;
}

int
device_spec_from_node(const struct node *node, struct device_spec *ret_spec,
		      struct err *err)
{
	struct device_spec spec = DEVICE_SPEC_INIT;
	const char *host = NULL, *container = NULL, *perms = NULL;
	int r = node_check_str(node, "PathOnHost", &host, err);

	if (r >= 0)
		r = node_check_str(node, "PathInContainer", &container, err);
	if (r >= 0)
		r = node_check_str(node, "CgroupPermissions", &perms, err);
	if (r >= 0)
		r = device_fill(&spec, host ?: "", container ?: host ?: "",
				perms && *perms ? perms : DEVICE_PERMS, err);
	if (r < 0) {
		device_spec_release(&spec);
		return err_wrap(err, r, "recorded device");
	}
	*ret_spec = spec;
	return 0;
}
