/* SPDX-License-Identifier: Apache-2.0 */
/*
 * image/intake.h - a layer on its way into the store.
 *
 * Bytes that come in pieces are hashed, written to a file and from there lent
 * to an extractor process at the same time. States, in order:
 *   taking     intake_write() as often as there are bytes
 *   ended      intake_end(): the digest is known
 *   kept       intake_keep_blob(): the blob has its name
 *   finished   intake_finish(): the tree has its name
 * A crash leaves entries of tmp/ only, and a partial blob that the next intake
 * of it goes on with: what is there is replayed, as if it came again. Without
 * an extractor, or without a blob to write, the steps for it do nothing.
 */
#ifndef DHOW_IMAGE_INTAKE_H
#define DHOW_IMAGE_INTAKE_H

#include "archive/layer_worker.h"
#include "archive/sha256.h"
#include "image/engine.h"
#include "store/layer.h"
#include "store/partial.h"

struct intake {
	struct store *store;
	const char *id_mode;
	struct sha256 *sha;   /* while taking */
	uint64_t bytes;       /* taken so far */
	uint64_t written_out; /* of them, given to the disk */
	int64_t size_bytes;   /* of all, where that is known, else 0 */
	struct digest digest; /* of them, once ended */
	int blobfd;           /* -EBADF: bytes are not kept */
	uint8_t *gathered;    /* bytes that are to be written; owned */
	size_t gathered_len;
	char blob_path[PARTIAL_PATH_BYTES];
	bool keeps_blob;    /* a partial one, when it is not finished */
	bool can_wait;      /* the blob is synced with the tree made of it */
	int64_t replayed;   /* bytes that were there, and … */
	int64_t replay_end; /* … how many of them there are */
	int64_t passed;     /* bytes of the blob that the worker was given */
	struct layer_worker *worker; /* NULL: not unpacked */
	int pipefd;                  /* to the worker, non-blocking */
	bool lenient;
	struct err *failure; /* of the worker, when lenient; owned */
	struct layer_draft draft;
	int ownersfd;
	struct digest diff_id; /* once finished */
};

#define INTAKE_INIT                                                            \
	{                                                                      \
		.blobfd = -EBADF, .pipefd = -EBADF, .draft = LAYER_DRAFT_INIT, \
		.ownersfd = -EBADF                                             \
	}

enum intake_flags {
	INTAKE_BLOB = 1,   /* keep the bytes as a blob */
	INTAKE_UNPACK = 2, /* make a tree of them */
	/* Go on without the extractor when that fails; intake_finish() then
	 * tells why: not every file of an archive is a layer. */
	INTAKE_LENIENT = 4,
};

/* Start taking pieces. The engine has entered the namespace. */
int intake_open(struct intake *intake, struct engine *engine, int flags,
		struct err *err);

/*
 * As intake_open() with INTAKE_BLOB for the blob @want of @size_bytes, from
 * where it was left: intake->bytes are there already.
 */
int intake_open_partial(struct intake *intake, struct engine *engine, int flags,
			const struct digest *want, int64_t size_bytes,
			struct err *err);

/*
 * Hash what was there and pass on what the extractor was not given yet.
 * Returns 0 when that is done, 1 when the extractor must catch up first (poll
 * pipefd for POLLOUT), or -errno.
 */
int intake_replay(struct intake *intake, struct err *err);
/* Let the file and the extractor have all that came, waiting for the latter. */
int intake_drain(struct intake *intake, struct err *err);

/* What is there of the blob is not worth keeping. */
void intake_spoil(struct intake *intake);

/* Start an extractor that reads @fd by itself (a blob); nothing is taken. */
int intake_open_file(struct intake *intake, struct engine *engine, int fd,
		     struct err *err);

/*
 * Take up to @len bytes. Returns how many; 0 when the extractor must catch up
 * first (poll pipefd for POLLOUT); or -errno, of the disk or the extractor.
 */
ssize_t intake_write(struct intake *intake, const void *bytes, size_t len,
		     struct err *err);

/* Write what was gathered, which a kill -9 would cost. Returns 0 or -errno. */
int intake_flush(struct intake *intake, struct err *err);

/* intake_write() until all is taken, waiting for the extractor. */
int intake_write_all(struct intake *intake, const void *bytes, size_t len,
		     struct err *err);

/* That was all: compute the digest and tell the extractor. */
void intake_end(struct intake *intake);

/*
 * Give the blob its name. Where a tree is made of it that layer_settle() will
 * write to disk, so will it be, if intake_open_partial() started it: what a
 * registry has can be had again.
 */
int intake_keep_blob(struct intake *intake, struct err *err);

/* Readable when the extractor is done; -1 without one. */
int intake_pidfd(const struct intake *intake);

/*
 * Wait for the extractor, check the tree against @want (NULL: whatever it is)
 * and name it. Returns 0, -EBADMSG when it is another, or what it failed of.
 */
int intake_finish(struct intake *intake, const struct digest *want,
		  struct err *err);

/* Drop what was not finished. */
void intake_release(struct intake *intake);

#endif
