/* SPDX-License-Identifier: Apache-2.0 */
/*
 * image/recompress.h - layers in another compression, several at once.
 *
 * Each is unpacked and packed by a confined process of its own. What comes
 * out has the content that the image says, or it is an error.
 */
#ifndef DHOW_IMAGE_RECOMPRESS_H
#define DHOW_IMAGE_RECOMPRESS_H

#include "archive/comp.h"
#include "image/engine.h"

struct recompress_job {
	int in_fd;                    /* the layer as it is; borrowed */
	const struct digest *diff_id; /* what it must contain */
	int out_fd;                   /* the result, without a name; the
				       * caller closes it */
	struct digest digest;         /* of the result */
	int64_t size_bytes;
};

/* How a layer of that media type is compressed; -1: not known. */
int recompress_format_of(const char *media_type);

/* The OCI media type of a layer. */
const char *recompress_media_type(enum comp_format format);

/*
 * Carry out all jobs; the engine has entered the namespace.
 * Returns 0; -EBADMSG for damaged bytes or another content; -ENOSPC, …
 */
int recompress_run(struct engine *engine, struct recompress_job *jobs,
		   size_t count, enum comp_format format, int level,
		   struct err *err);

#endif
