/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cli/image_filter.c - --filter of images: which rows are shown.
 */
#include "cli/image_filter.h"

#include <string.h>

#include "base/alloc.h"
#include "base/text.h"
#include "base/units.h"

void
image_filter_release(struct image_filter *filter)
{
	strvec_release(&filter->references);
	strvec_release(&filter->labels);
	strvec_release(&filter->ids);
}

static int
add_dangling(struct image_filter *filter, const char *value,
	     const struct image_table *table, struct err *err)
{
	bool wanted;
	int r = units_parse_bool(value, &wanted, err);

	if (r < 0)
		return r;
	if (wanted)
		filter->wants_dangling = true;
	else
		filter->wants_tagged = true;
	return 0;
}

static int
add_label(struct image_filter *filter, const char *value,
	  const struct image_table *table, struct err *err)
{
	strvec_add(&filter->labels, value);
	return 0;
}

/*
 * A pattern that is a reference itself is brought into the form that is
 * shown: docker.io/library/debian means debian.
 */
static int
add_reference(struct image_filter *filter, const char *value,
	      const struct image_table *table, struct err *err)
{
	cleanup_strbuf struct strbuf name = STRBUF_INIT;
	cleanup_ref struct ref ref = REF_INIT;

	if (ref_parse(value, &ref, NULL) < 0) {
		strvec_add(&filter->references, value);
		return glob_match(value, "") < 0
			       ? err_set(err, EINVAL,
					 "pattern '%s' is malformed", value)
			       : 0;
	}
	if (ref.tag_given || ref.digest.text[0])
		ref_add_familiar(&name, &ref);
	else
		ref_add_familiar_name(&name, &ref);
	strvec_add(&filter->references, name.buf);
	return 0;
}

static int
add_id(struct image_filter *filter, const char *value,
       const struct image_table *table, struct err *err)
{
	strvec_add(&filter->ids, text_after(value, "sha256:") ?: value);
	return 0;
}

static int
add_before(struct image_filter *filter, const char *value,
	   const struct image_table *table, struct err *err)
{
	const struct image_row *row;
	int r = image_find_in(table, value, &row, NULL, err);

	if (r == 0)
		filter->before_ns = row->created_ns;
	return r;
}

static int
add_since(struct image_filter *filter, const char *value,
	  const struct image_table *table, struct err *err)
{
	const struct image_row *row;
	int r = image_find_in(table, value, &row, NULL, err);

	if (r == 0)
		filter->after_ns = row->created_ns;
	return r;
}

static int
add_until(struct image_filter *filter, const char *value,
	  const struct image_table *table, struct err *err)
{
	return units_parse_time(value, units_now_ns(), &filter->before_ns, err);
}

static const struct {
	const char *key;
	int (*add)(struct image_filter *filter, const char *value,
		   const struct image_table *table, struct err *err);
} keys[] = {
	{ "after", add_since },       { "before", add_before },
	{ "dangling", add_dangling }, { "id", add_id },
	{ "label", add_label },       { "reference", add_reference },
	{ "since", add_since },       { "until", add_until },
};

static int
parse_one(struct image_filter *filter, const char *text,
	  const struct image_table *table, struct err *err)
{
	const char *equals = strchr(text, '=');
	size_t len = equals ? (size_t)(equals - text) : 0;

	for (size_t i = 0; equals && i < ARRAY_LEN(keys); i++)
		if (strlen(keys[i].key) == len &&
		    strncmp(keys[i].key, text, len) == 0)
			return keys[i].add(filter, equals + 1, table, err);
	err_set(err, EINVAL, "filter '%s' is unknown", text);
	err_hint(err, "KEY=VALUE with after, before, dangling, id, label, "
		      "reference, since or until");
	return -EINVAL;
}

int
image_filter_parse(const struct strvec *texts, const struct image_table *table,
		   struct image_filter *filter, struct err *err)
{
	int r = 0;

	for (size_t i = 0; i < texts->len && r == 0; i++)
		r = parse_one(filter, texts->v[i], table, err);
	return r;
}

static bool
has_labels(const struct image_filter *filter, struct store *store,
	   const struct image_row *row)
{
	cleanup_release(image_config_release) struct image_config config = {
		.doc = NULL
	};

	if (filter->labels.len == 0)
		return true;
	if (image_read_config(store, row, &config, NULL) < 0)
		return false;
	for (size_t i = 0; i < filter->labels.len; i++) {
		const char *equals = strchr(filter->labels.v[i], '=');
		cleanup_free char *key = NULL;
		const char *value;

		key = equals ? xstrndup(filter->labels.v[i],
					(size_t)(equals - filter->labels.v[i]))
			     : xstrdup(filter->labels.v[i]);
		value = node_get_str(config.labels, key);
		if (!value || (equals && strcmp(value, equals + 1) != 0))
			return false;
	}
	return true;
}

static bool
has_id(const struct image_filter *filter, const struct image_row *row)
{
	for (size_t i = 0; i < filter->ids.len; i++)
		if (text_starts(digest_hex(&row->id), filter->ids.v[i]))
			return true;
	return filter->ids.len == 0;
}

bool
image_filter_image(const struct image_filter *filter, struct store *store,
		   const struct image_row *row, bool has_tag)
{
	if (filter->wants_dangling != filter->wants_tagged &&
	    filter->wants_dangling == has_tag)
		return false;
	if (filter->after_ns && row->created_ns <= filter->after_ns)
		return false;
	if (filter->before_ns && row->created_ns >= filter->before_ns)
		return false;
	return has_id(filter, row) && has_labels(filter, store, row);
}

bool
image_filter_name(const struct image_filter *filter, const struct ref *ref)
{
	cleanup_strbuf struct strbuf full = STRBUF_INIT;
	cleanup_strbuf struct strbuf name = STRBUF_INIT;

	if (filter->references.len == 0)
		return true;
	if (!ref)
		return false;
	ref_add_familiar(&full, ref);
	ref_add_familiar_name(&name, ref);
	for (size_t i = 0; i < filter->references.len; i++)
		if (glob_match(filter->references.v[i], full.buf) > 0 ||
		    glob_match(filter->references.v[i], name.buf) > 0)
			return true;
	return false;
}
