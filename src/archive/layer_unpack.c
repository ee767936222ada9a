/* SPDX-License-Identifier: Apache-2.0 */
/*
 * archive/layer_unpack.c - one layer archive becomes one directory tree.
 *
 * Three threads around a ring of buffers: one decompresses into it, one
 * hashes what passes, the caller's makes files from it. A fourth writes the
 * content of small files; that of large ones is written straight from the
 * ring. Which of them is slowest depends on the codec and the file system;
 * none waits for another longer than the ring is.
 */
#include "archive/layer_unpack.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <sys/eventfd.h>
#include <sys/stat.h>
#include <unistd.h>

#include "archive/decomp.h"
#include "archive/layer_tree.h"
#include "archive/ring.h"
#include "archive/tar_reader.h"
#include "base/cleanup.h"

enum reader {
	READER_TREE,
	READER_HASH,
	READER_COUNT,
};

struct pipeline {
	const struct layer_unpack_opts *opts;
	struct layer_unpack_result result;
	struct ring *ring;
	int cancel_fd;
	pthread_t decomp_thread;
	pthread_t hash_thread;
};

static int
fill_ring(struct pipeline *pl, struct decomp *decomp, struct err *err)
{
	uint8_t *buf;
	ssize_t n;

	while ((buf = ring_take(pl->ring))) {
		n = decomp_read(decomp, buf, RING_SLOT_BYTES, err);
		if (n <= 0)
			return (int)n;
		pl->result.tar_bytes += (uint64_t)n;
		ring_give(pl->ring, (size_t)n);
	}
	return err_set(err, ECANCELED, "reading was stopped");
}

static void *
run_decomp(void *data)
{
	struct pipeline *pl = data;
	struct decomp_opts opts = {
		.fd = pl->opts->input_fd,
		.cancel_fd = pl->cancel_fd,
		.max_bytes = pl->opts->max_bytes ?: LAYER_MAX_BYTES,
		.hash_input = pl->opts->hash_blob,
	};
	cleanup_with(decomp_close) struct decomp *decomp = NULL;
	struct err err = ERR_INIT;
	int r = decomp_open(&opts, &decomp, &err);

	if (r == 0)
		r = fill_ring(pl, decomp, &err);
	if (r == 0) {
		pl->result.blob_bytes = decomp_input_bytes(decomp);
		if (opts.hash_input)
			decomp_input_hex(decomp, pl->result.blob_digest);
	}
	ring_end(pl->ring, r, &err);
	return NULL;
}

static void *
run_hash(void *data)
{
	struct pipeline *pl = data;
	cleanup_with(sha256_free) struct sha256 *sha = sha256_new();
	const uint8_t *piece;
	ssize_t n;

	while ((n = ring_next(pl->ring, READER_HASH, &piece, NULL)) > 0)
		sha256_update(sha, piece, (size_t)n);
	ring_leave(pl->ring, READER_HASH);
	sha256_hex(sha, pl->result.diff_id);
	return NULL;
}

/* Signals are the caller's business, not its threads'. */
static int
pipeline_start(struct pipeline *pl, struct err *err)
{
	sigset_t all, old;
	int r;

	(void)sigfillset(&all);
	(void)pthread_sigmask(SIG_SETMASK, &all, &old);
	r = pthread_create(&pl->decomp_thread, NULL, run_decomp, pl);
	if (r == 0) {
		r = pthread_create(&pl->hash_thread, NULL, run_hash, pl);
		if (r != 0) {
			(void)eventfd_write(pl->cancel_fd, 1);
			ring_leave(pl->ring, READER_TREE);
			ring_leave(pl->ring, READER_HASH);
			(void)pthread_join(pl->decomp_thread, NULL);
		}
	}
	(void)pthread_sigmask(SIG_SETMASK, &old, NULL);
	return r ? err_code(err, r, "start a thread") : 0;
}

static void
pipeline_stop(struct pipeline *pl, bool failed)
{
	if (failed) {
		(void)eventfd_write(pl->cancel_fd, 1);
		ring_leave(pl->ring, READER_TREE);
	}
	(void)pthread_join(pl->decomp_thread, NULL);
	(void)pthread_join(pl->hash_thread, NULL);
}

static ssize_t
next_piece(void *data, const uint8_t **ret_piece, struct err *err)
{
	struct pipeline *pl = data;

	return ring_next(pl->ring, READER_TREE, ret_piece, err);
}

static int
write_tree(struct pipeline *pl, struct layer_tree *tree, struct err *err)
{
	struct byte_source source = { .next = next_piece, .data = pl };
	cleanup_with(tar_reader_free) struct tar_reader *reader =
		tar_reader_new(&source);
	const struct tar_entry *entry;
	uint64_t *count = &pl->result.entry_count;
	int r;

	while ((r = tar_reader_next(reader, &entry, err)) > 0) {
		if (++*count > LAYER_MAX_ENTRIES)
			return err_set(err, E2BIG,
				       "a layer has more than %llu entries",
				       (unsigned long long)LAYER_MAX_ENTRIES);
		r = layer_tree_add(tree, entry, reader, err);
		if (r < 0)
			return err_wrap(err, r, "entry '%s'", entry->path);
		if (file_queue_has_failed(tree->queue))
			return file_queue_finish(tree->queue, err);
	}
	if (r == 0)
		r = tar_reader_drain(reader, err);
	if (r == 0)
		r = file_queue_finish(tree->queue, err);
	if (r == 0)
		r = layer_tree_finish(tree, err);
	pl->result.file_bytes = tree->file_bytes;
	pl->result.owner_count = tree->owner_count;
	pl->result.xattr_drop_count = tree->xattr_drop_count;
	return r;
}

static int
unpack_into(struct pipeline *pl, struct layer_tree *tree, struct err *err)
{
	cleanup_with(ring_free) struct ring *ring = ring_new(READER_COUNT);
	cleanup_with(file_queue_free) struct file_queue *queue = NULL;
	cleanup_close int cancel_fd = eventfd(0, EFD_CLOEXEC);
	mode_t mask;
	int r;

	if (cancel_fd < 0)
		return err_sys(err, "make an event fd");
	pl->ring = ring;
	pl->cancel_fd = cancel_fd;
	queue = file_queue_new();
	if (!queue)
		return err_sys(err, "start a thread");
	tree->queue = queue;
	r = pipeline_start(pl, err);
	if (r < 0)
		return r;
	mask = umask(0);
	r = write_tree(pl, tree, err);
	(void)umask(mask);
	pipeline_stop(pl, r < 0);
	return r;
}

int
layer_unpack(const struct layer_unpack_opts *opts,
	     struct layer_unpack_result *ret_result, struct err *err)
{
	struct pipeline pl = { .opts = opts };
	struct layer_tree tree;
	int r = layer_tree_init(&tree, opts->root_fd, opts->owners_fd, err);

	tree.plain = opts->plain;
	tree.replaces = opts->plain;
	tree.own = opts->own;
	if (r == 0)
		r = unpack_into(&pl, &tree, err);
	layer_tree_release(&tree);
	if (r < 0)
		return r;
	*ret_result = pl.result;
	return 0;
}
