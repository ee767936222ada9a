/* SPDX-License-Identifier: Apache-2.0 */
/*
 * archive/layer_unpack.h - one layer archive becomes one directory tree.
 *
 * Streaming: one thread reads and decompresses, one hashes, the caller's own
 * writes the tree. The tree is in the kernel overlay's format: ".wh.NAME"
 * becomes a character device 0:0, ".wh..wh..opq" the extended attribute
 * user.overlay.opaque=y of its directory.
 *
 * The archive is hostile. Names are resolved below root_fd only (rule R1),
 * symlinks as inside a chroot; entries that would leave it are errors.
 * On failure the tree is half made: the caller removes it.
 *
 * Spec: OCI image-spec, layer.md.
 */
#ifndef DHOW_ARCHIVE_LAYER_UNPACK_H
#define DHOW_ARCHIVE_LAYER_UNPACK_H

#include <stdbool.h>
#include <stdint.h>

#include "archive/sha256.h"
#include "base/err.h"

#define LAYER_MAX_ENTRIES UINT64_C(16777216)
#define LAYER_MAX_DEPTH 1024                /* components of one path */
#define LAYER_MAX_BYTES (UINT64_C(1) << 42) /* of the archive, unpacked */
#define LAYER_MAX_DIR_BYTES (256u << 20) /* names of directories, in memory */

struct layer_unpack_opts {
	int input_fd;  /* the archive, any format of decomp.h; borrowed */
	int root_fd;   /* an empty directory; borrowed */
	int owners_fd; /* the record of owners.h; -1: not wanted; borrowed */
	uint64_t max_bytes; /* unpacked archive; 0: LAYER_MAX_BYTES */
	bool hash_blob;     /* fill blob_digest too */
	/*
	 * No layer but files: names of whiteouts are names as others are.
	 * With own, all belong to the caller and no device is made.
	 */
	bool plain;
	bool own;
};
#define LAYER_UNPACK_OPTS_INIT                                  \
	{                                                       \
		.input_fd = -1, .root_fd = -1, .owners_fd = -1, \
	}

struct layer_unpack_result {
	char diff_id[SHA256_HEX_BYTES];     /* of the uncompressed archive */
	char blob_digest[SHA256_HEX_BYTES]; /* of input_fd, or "" */
	uint64_t blob_bytes;
	uint64_t tar_bytes;
	uint64_t file_bytes; /* content of files, holes not counted */
	uint64_t entry_count;
	uint64_t owner_count;      /* lines written to owners_fd */
	uint64_t xattr_drop_count; /* attributes this host would not take */
};

/*
 * Unpack. Owners are set where the kernel allows it (CAP_CHOWN, id mapped);
 * other owners, and device nodes that may not be made (an empty file stands
 * in), are recorded on owners_fd, and set-id bits of such files are not set.
 *
 * Nothing is synced: the caller does syncfs() before it names the tree. The
 * process umask is 0 during the call.
 *
 * Returns 0; -EBADMSG when the archive is damaged, truncated or leaves its
 * root; -EFBIG, -E2BIG or -ENAMETOOLONG beyond a limit; -ENOSPC, -EDQUOT, …
 * from the file system.
 */
int layer_unpack(const struct layer_unpack_opts *opts,
		 struct layer_unpack_result *ret_result, struct err *err);

#endif
