/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cli/image_filter.h - --filter of images: which rows are shown.
 *
 * Keys are joined by AND, values of one key by OR, labels by AND.
 */
#ifndef DHOW_CLI_IMAGE_FILTER_H
#define DHOW_CLI_IMAGE_FILTER_H

#include "base/strvec.h"
#include "store/image.h"

struct image_filter {
	struct strvec references; /* patterns */
	struct strvec labels;     /* "k" or "k=v" */
	struct strvec ids;        /* starts of image ids */
	int64_t after_ns;         /* created later; 0: any */
	int64_t before_ns;        /* created earlier; 0: any */
	bool wants_dangling;
	bool wants_tagged;
};

#define IMAGE_FILTER_INIT                                         \
	{                                                         \
		.references = STRVEC_INIT, .labels = STRVEC_INIT, \
		.ids = STRVEC_INIT,                               \
	}

#define cleanup_image_filter cleanup_release(image_filter_release)
void image_filter_release(struct image_filter *filter);

/*
 * Read "key=value" texts. @table: where before= and since= look images up.
 * Returns 0; -EINVAL for an unknown key or bad value, -ENOENT for an image.
 */
int image_filter_parse(const struct strvec *texts,
		       const struct image_table *table,
		       struct image_filter *filter, struct err *err);

/* Is the image shown at all? @has_tag: it has one. */
bool image_filter_image(const struct image_filter *filter, struct store *store,
			const struct image_row *row, bool has_tag);

/* Is this name of it shown? @ref: NULL for a row without a name. */
bool image_filter_name(const struct image_filter *filter,
		       const struct ref *ref);

#endif
