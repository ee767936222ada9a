/* SPDX-License-Identifier: Apache-2.0 */
/*
 * archive/layer_worker.h - layer_unpack() in a process that can do nothing
 * else.
 *
 * The child's root is the layer's directory, in mount, network, IPC and UTS
 * namespaces of its own; it keeps the capabilities that unpacking needs and a
 * short list of system calls, and dies with the thread that started it.
 * May: write below root_fd, read input_fd, write owners_fd. Must not: see,
 * name or signal anything else.
 *
 * A worker lives from layer_worker_start() to layer_worker_free(), which
 * kills and reaps one that still runs.
 */
#ifndef DHOW_ARCHIVE_LAYER_WORKER_H
#define DHOW_ARCHIVE_LAYER_WORKER_H

#include "archive/layer_unpack.h"
#include "base/cleanup.h"
#include "base/err.h"

struct layer_worker;

/*
 * Fork the extractor. The caller has CAP_SYS_ADMIN in its user namespace
 * (euid 0, or root of the user's own) and may close the fds of @opts at once;
 * root_fd comes from the caller's own mount namespace. When input_fd is a
 * pipe, its end is the end of the archive.
 *
 * Returns 0 or -errno of fork and pipe.
 */
int layer_worker_start(const struct layer_unpack_opts *opts,
		       struct layer_worker **ret_worker, struct err *err);

/* Readable (EPOLLIN) when the worker is done; borrowed. */
int layer_worker_pidfd(const struct layer_worker *worker);

/*
 * Wait for the end. Returns as layer_unpack(), or -EPROTO when the child was
 * killed. Once per worker.
 */
int layer_worker_wait(struct layer_worker *worker,
		      struct layer_unpack_result *ret_result, struct err *err);

void layer_worker_free(struct layer_worker *worker);
DEFINE_CLEANUP(struct layer_worker *, layer_worker_free);

#endif
