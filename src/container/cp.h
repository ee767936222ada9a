/* SPDX-License-Identifier: Apache-2.0 */
/*
 * container/cp.h - files between containers and the host.
 */
#ifndef DHOW_CONTAINER_CP_H
#define DHOW_CONTAINER_CP_H

#include <stdbool.h>
#include <stdint.h>

#include "container/lookup.h"
#include "session/session.h"

struct cp_end {
	const struct container *container; /* NULL: the host */
	const char *path; /* NULL, of the host: standard input or output */
};

struct cp_options {
	bool follow;      /* what a link leads to, not the link */
	bool keep_owners; /* by number; else they are the copier's */
	bool replaces;    /* a directory by a file and the other way round */
};

/*
 * Copy; at least one end is in a container. Not in U before.
 *
 * @ret_bytes: of the tar stream between both
 *
 * Returns 0; -ENOENT, -ENOTDIR, -EISDIR when the paths do not fit; -EBADMSG
 * for a bad archive on standard input; or what reading and writing failed of.
 */
int cp_run(struct session *session, const struct cp_end *from,
	   const struct cp_end *to, const struct cp_options *options,
	   uint64_t *ret_bytes, struct err *err);

/*
 * Write the container's root to @outfd as one tar archive, without what is
 * mounted in it.
 */
int cp_export(struct session *session, const struct container *container,
	      int outfd, struct err *err);

#endif
