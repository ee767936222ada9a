/* SPDX-License-Identifier: Apache-2.0 */
/*
 * spec/userns_spec.c - --userns: who the container's users are outside.
 */
#include "spec/userns_spec.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/strvec.h"
#include "base/units.h"
#include "spec/choice.h"
#include "spec/csv.h"
#include "spec/name_spec.h"

static const char *const userns_words[] = {
	"private",   "host",      "keep-id", "auto", "nomap",
	"host-root", "container", "ns",      NULL,
};

_Static_assert(ARRAY_LEN(userns_words) == USERNS_MODE_COUNT + 1,
	       "every mode has its word");

/* uid=, gid=, size= of keep-id; size= of auto. */
static int
userns_read_options(struct userns_spec *spec, const char *options,
		    struct err *err)
{
	static const char *const keys[] = { "size", "uid", "gid", NULL };
	static const char *const auto_keys[] = { "size", NULL };
	int64_t *const to[] = { &spec->size, &spec->uid, &spec->gid };
	cleanup_strvec struct strvec fields = STRVEC_INIT;
	int r = csv_split(options, &fields, err);

	for (size_t i = 0; r >= 0 && i < fields.len; i++) {
		char *value = csv_cut_value(fields.v[i]);
		int at = choice_find(
			"option", fields.v[i],
			spec->mode == USERNS_AUTO ? auto_keys : keys, err);

		if (at < 0)
			return at;
		if (*to[at] >= 0)
			return err_set(err, EINVAL, "'%s' is given twice",
				       keys[at]);
		if (!value || units_parse_i64(value, at ? 0 : 1, INT32_MAX,
					      to[at], NULL) < 0)
			return err_set(err, EINVAL, "'%s=%s' is not a number",
				       keys[at], value ?: "");
	}
	return r;
}

static int
userns_read_target(struct userns_spec *spec, const char *target,
		   struct err *err)
{
	int r = 0;

	switch (spec->mode) {
	case USERNS_KEEP_ID:
	case USERNS_AUTO:
		return target ? userns_read_options(spec, target, err) : 0;
	case USERNS_CONTAINER:
		r = name_spec_check("container name", target ?: "", err);
		break;
	case USERNS_PATH:
		if (!target || *target != '/')
			r = err_set(err, EINVAL, "path '%s' is not absolute",
				    target ?: "");
		break;
	default:
		return target ? err_set(err, EINVAL, "'%s' takes no options",
					userns_words[spec->mode])
			      : 0;
	}
	if (r >= 0)
		spec->target = xstrdup(target);
	return r;
}

int
userns_spec_parse(const char *text, struct userns_spec *ret_spec,
		  struct err *err)
{
	struct userns_spec spec = USERNS_SPEC_INIT;
	size_t len = strcspn(text, ":");
	cleanup_free char *word =
		len ? xstrndup(text, len) : xstrdup(userns_words[0]);
	int at = choice_find("userns mode", word, userns_words, err);
	int r;

	if (at < 0)
		return at;
	spec.mode = (enum userns_mode)at;
	r = userns_read_target(&spec, text[len] ? text + len + 1 : NULL, err);
	if (r < 0) {
		userns_spec_release(&spec);
		return err_wrap(err, r, "userns '%s'", text);
	}
	*ret_spec = spec;
	return 0;
}

void
userns_spec_release(struct userns_spec *spec)
{
	free(spec->target);
	*spec = (struct userns_spec)USERNS_SPEC_INIT;
}
