/* SPDX-License-Identifier: Apache-2.0 */
/*
 * build/output.h - what a build leaves, between its files.
 */
#ifndef DHOW_BUILD_OUTPUT_H
#define DHOW_BUILD_OUTPUT_H

#include "build/build_priv.h"
#include "image/image_make.h"

/*
 * No other build makes an image of the same trees: an fd whose close ends
 * that, or -errno. Taken before the next one, and given back after it.
 */
int output_lock(struct build *build, struct err *err);

/* Layers and config of the image that @stage is. */
int output_request(struct build *build, const struct stage *stage,
		   struct transfer_request *request, struct err *err);

/* The layers alone, of any chain. */
int output_add_layers(struct build *build, const struct chain *chain,
		      struct transfer_request *request, struct err *err);

/* Have it made; records of steps whose trees became layers follow. */
int output_make(struct build *build, const struct chain *chain,
		struct transfer_request *request, struct build_vertex *vertex,
		struct image_made *ret_made, struct err *err);

/*
 * output_again.c: the image that these parts made before gets its names.
 * Returns 1; 0 when it has to be made; -errno.
 */
int output_again(struct build *build, const struct transfer_request *request,
		 struct image_made *ret_made, struct err *err);
/* Remember what they made; all parts are layers by now. */
void output_note(struct build *build, const struct transfer_request *request,
		 const struct image_made *made);

/* output_files.c: the root's files, as a directory or an archive. */
int output_files(struct build *build, const struct build_output *output,
		 struct err *err);
/* output_archive.c: an image as an archive of one. */
int output_archive(struct build *build, const struct build_output *output,
		   struct err *err);

#endif
