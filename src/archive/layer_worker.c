/* SPDX-License-Identifier: Apache-2.0 */
/*
 * archive/layer_worker.c - layer_unpack() in a process that can do nothing
 * else.
 *
 * A crash of the parent kills the child; the half-made tree is the store's to
 * collect.
 */
#include "archive/layer_worker.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <string.h>
#include <sys/syscall.h>

#include "archive/confined.h"
#include "archive/decomp.h"
#include "base/alloc.h"
#include "base/text.h"

#define PIPE_BYTES (1024 * 1024)

struct layer_worker {
	struct confined child;
};

/* In the order of the spec's fds. */
enum worker_fd {
	WORKER_FD_INPUT = CONFINED_FIRST_FD,
	WORKER_FD_ROOT,
	WORKER_FD_OWNERS,
};

static const uint64_t kept_caps =
	UINT64_C(1) << CAP_CHOWN | UINT64_C(1) << CAP_DAC_OVERRIDE |
	UINT64_C(1) << CAP_FOWNER | UINT64_C(1) << CAP_FSETID |
	UINT64_C(1) << CAP_MKNOD | UINT64_C(1) << CAP_SETFCAP;

/* Files below the root. libc picks old or new names of a call by machine. */
static const int tree_calls[] = {
	SYS_pwrite64,     SYS_lseek,
#ifdef SYS_poll
	SYS_poll,
#endif
	SYS_ppoll,        SYS_fcntl,      SYS_eventfd2,   SYS_openat,
	SYS_openat2,      SYS_mkdirat,    SYS_mknodat,    SYS_symlinkat,
	SYS_linkat,       SYS_unlinkat,   SYS_fstat,      SYS_newfstatat,
	SYS_statx,        SYS_fchown,     SYS_fchownat,   SYS_fchmod,
	SYS_fchmodat,     SYS_utimensat,  SYS_ftruncate,  SYS_fsetxattr,
	SYS_fremovexattr, SYS_getdents64, SYS_readlinkat, SYS_fstatfs,
	SYS_faccessat,
#ifdef SYS_faccessat2
	SYS_faccessat2,
#endif
	SYS_renameat2,    SYS_umask,      SYS_geteuid,    SYS_getegid,
};

static int
run(const void *data, void *payload, struct err *err)
{
	struct layer_unpack_opts opts = *(const struct layer_unpack_opts *)data;

	opts.input_fd = WORKER_FD_INPUT;
	opts.root_fd = WORKER_FD_ROOT;
	if (opts.owners_fd >= 0)
		opts.owners_fd = WORKER_FD_OWNERS;
	return layer_unpack(&opts, payload, err);
}

int
layer_worker_start(const struct layer_unpack_opts *opts,
		   struct layer_worker **ret_worker, struct err *err)
{
	cleanup_with(layer_worker_free) struct layer_worker *worker =
		xcalloc(1, sizeof(*worker));
	const struct confined_spec spec = {
		.name = "the extractor",
		.fds = { opts->input_fd, opts->root_fd, opts->owners_fd },
		.fd_count = 3,
		.root = WORKER_FD_ROOT - CONFINED_FIRST_FD,
		.caps = kept_caps,
		.calls = tree_calls,
		.call_count = ARRAY_LEN(tree_calls),
		.run = run,
		.data = opts,
		.payload_bytes = sizeof(struct layer_unpack_result),
	};
	int r;

	/* A longer pipe saves switches; what is none, or may not, is as well.
	 */
	(void)fcntl(opts->input_fd, F_SETPIPE_SZ, PIPE_BYTES);
	decomp_load_all();
	worker->child = (struct confined)CONFINED_INIT;
	r = confined_start(&worker->child, &spec, err);
	if (r < 0)
		return r;
	*ret_worker = take_ptr(worker);
	return 0;
}

int
layer_worker_pidfd(const struct layer_worker *worker)
{
	return worker->child.pidfd;
}

static bool
is_digest(const char hex[SHA256_HEX_BYTES])
{
	return memchr(hex, '\0', SHA256_HEX_BYTES) &&
	       text_is_hex_of(hex, SHA256_HEX_BYTES - 1);
}

int
layer_worker_wait(struct layer_worker *worker,
		  struct layer_unpack_result *ret_result, struct err *err)
{
	struct layer_unpack_result result;
	int r = confined_wait(&worker->child, &result, err);

	if (r < 0)
		return r;
	if (!is_digest(result.diff_id) ||
	    (result.blob_digest[0] && !is_digest(result.blob_digest)))
		return err_set(err, EPROTO,
			       "the extractor reported no valid digest");
	*ret_result = result;
	return 0;
}

void
layer_worker_free(struct layer_worker *worker)
{
	if (!worker)
		return;
	confined_release(&worker->child);
	free(worker);
}
