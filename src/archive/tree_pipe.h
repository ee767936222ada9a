/* SPDX-License-Identifier: Apache-2.0 */
/*
 * archive/tree_pipe.h - a file or a directory through a pipe, as a tar stream.
 *
 * Both ends of "dhow cp". Which name what is copied gets in the end follows
 * the rules of docker cp: they are the receiver's, who sees the destination
 * and the type of what comes. Nothing of either tree leads out of its root
 * (CVE-2018-15664): every name is resolved by fd (rule R1).
 */
#ifndef DHOW_ARCHIVE_TREE_PIPE_H
#define DHOW_ARCHIVE_TREE_PIPE_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/err.h"

/* A path in a container, or of our own where rootfd is -1. */
struct tree_end {
	int rootfd;
	const char *path;
};

/*
 * The name that a copy of @path has when it is put into a directory: its last
 * component. NULL when only what is in it is copied ("/", ".", "x/."). The
 * caller frees it.
 */
char *tree_pipe_base(const char *path);

/*
 * Write the archive of @from to @outfd.
 * @follow: what a symlink leads to, not the link
 * @ret_bytes: of the archive; may be NULL
 */
int tree_pipe_send(const struct tree_end *from, bool follow, int outfd,
		   uint64_t *ret_bytes, struct err *err);

struct tree_receive {
	struct tree_end to;
	const char *base; /* tree_pipe_base() of the source */
	bool archive;     /* names are as they come, into a directory */
	bool replaces;    /* a directory by a file, and the other way round */
	bool keep_owners; /* else uid and gid own all */
	uid_t uid;
	gid_t gid;
	bool drop_setid; /* no set-id bits: it is not root who copies */
};

/*
 * Read an archive from @infd, which may be hostile, and make what is in it.
 *
 * Returns 0; -ENOENT, -ENOTDIR, -EISDIR for a destination that does not fit;
 * others as layer_unpack().
 */
int tree_pipe_receive(const struct tree_receive *receive, int infd,
		      uint64_t *ret_bytes, struct err *err);

#endif
