/* SPDX-License-Identifier: Apache-2.0 */
/*
 * archive/layer_pack.h - one directory tree becomes one layer archive.
 *
 * The other way round of layer_unpack.h. The tree is an unpacked layer, the
 * upper directory of the kernel's overlay or of fuse-overlayfs, or a whole
 * root: a character device 0:0 and a file ".wh.NAME" become the whiteout
 * ".wh.NAME"; user.overlay.opaque, fuse-overlayfs's own mark and a file
 * ".wh..wh..opq" become the mark of an opaque directory. Sockets are left out.
 *
 * Names are sorted and no time of packing enters: the same tree gives the same
 * bytes. Nothing of the tree is followed. Spec: OCI image-spec, layer.md.
 */
#ifndef DHOW_ARCHIVE_LAYER_PACK_H
#define DHOW_ARCHIVE_LAYER_PACK_H

#include <stdbool.h>
#include <stdint.h>

#include "archive/byte_sink.h"
#include "base/err.h"

#define LAYER_PACK_MAX_DEPTH 512 /* a directory fd each */

struct layer_pack_opts {
	int root_fd;   /* the tree; borrowed */
	int owners_fd; /* its record of owners.h; -1: none; borrowed */
	bool whole;    /* no layer: whiteouts are left out */
	bool literal;  /* neither: ".wh.NAME" is a name as any other */
	/* Paths that are left out while nothing is in them; NULL-ended, or
	 * NULL. */
	const char *const *stubs;
	bool clamp; /* no time is later than max_time */
	int64_t max_time;
	/* Asked now and then; not 0 ends it with that; may be NULL. */
	int (*check)(struct err *err);
};
#define LAYER_PACK_OPTS_INIT                   \
	{                                      \
		.root_fd = -1, .owners_fd = -1 \
	}

struct layer_pack_stat {
	uint64_t file_bytes;
	uint64_t entry_count;
};

/*
 * Write the tree to @sink as a tar archive, with its end.
 *
 * Returns 0; -EBUSY when somebody changes the tree; -ELOOP beyond
 * LAYER_PACK_MAX_DEPTH; -EBADMSG for a damaged record; or what reading and
 * the sink failed of.
 */
int layer_pack(const struct layer_pack_opts *opts, const struct byte_sink *sink,
	       struct layer_pack_stat *ret_stat, struct err *err);

/*
 * The same for what is called @name in opts->root_fd, and below it, as @as: a
 * path in the archive, without a leading '/'. @name NULL: layer_pack().
 */
int layer_pack_entry(const struct layer_pack_opts *opts, const char *name,
		     const char *as, const struct byte_sink *sink,
		     struct layer_pack_stat *ret_stat, struct err *err);

#endif
