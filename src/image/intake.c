/* SPDX-License-Identifier: Apache-2.0 */
/*
 * image/intake.c - a layer on its way into the store.
 */
#include "image/intake.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>

#include "base/alloc.h"
#include "base/io.h"
#include "store/blob.h"

#define INTAKE_PIPE_BYTES (1 << 20)
#define INTAKE_COPY_BYTES (256 << 10)
/* libcurl brings 16 KiB at a time: each write of so few costs as many again. */
#define INTAKE_GATHER_BYTES ((size_t)256 << 10)
#define INTAKE_WAIT_MS 200
/* So much of a blob is given to the disk at once, long before the fsync. */
#define INTAKE_WRITE_OUT_BYTES (8u << 20)
#define INTAKE_REST_BYTES (1 << 20)

/* Writing into a worker that has ended tells of it by EPIPE. */
static int
intake_start_worker(struct intake *intake, int input_fd, struct err *err)
{
	struct layer_unpack_opts opts = LAYER_UNPACK_OPTS_INIT;
	int r;

	r = layer_begin(intake->store, &intake->draft, err);
	if (r < 0)
		return r;
	intake->ownersfd = openat(intake->draft.dirfd, "owners",
				  O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
	if (intake->ownersfd < 0)
		return err_sys(err, "write the layer's owners");
	opts.input_fd = input_fd;
	opts.root_fd = intake->draft.fsfd;
	opts.owners_fd = intake->ownersfd;
	return layer_worker_start(&opts, &intake->worker, err);
}

static int
intake_open_pipe(struct intake *intake, struct err *err)
{
	cleanup_close int readfd = -EBADF;
	int fds[2];

	if (pipe2(fds, O_CLOEXEC) < 0)
		return err_sys(err, "make a pipe");
	readfd = fds[0];
	intake->pipefd = fds[1];
	/* Less than wished for only means more turns. */
	(void)fcntl(intake->pipefd, F_SETPIPE_SZ, INTAKE_PIPE_BYTES);
	if (fcntl(intake->pipefd, F_SETFL, O_NONBLOCK) < 0)
		return err_sys(err, "make a pipe");
	return intake_start_worker(intake, readfd, err);
}

static int
intake_open_blob(struct intake *intake, struct err *err)
{
	char name[FSX_TMP_NAME_BYTES];

	fsx_tmp_name("blob", name);
	(void)snprintf(intake->blob_path, sizeof(intake->blob_path), "tmp/%s",
		       name);
	intake->blobfd = openat(intake->store->dirfd, intake->blob_path,
				O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (intake->blobfd < 0)
		return err_sys(err, "write to the store");
	return 0;
}

static void
intake_init(struct intake *intake, struct engine *engine)
{
	*intake = (struct intake)INTAKE_INIT;
	intake->store = engine->store;
	intake->id_mode = idspace_mode_name(engine->session.ids.mode);
}

int
intake_open(struct intake *intake, struct engine *engine, int flags,
	    struct err *err)
{
	int r = 0;

	intake_init(intake, engine);
	intake->sha = sha256_new();
	intake->lenient = flags & INTAKE_LENIENT;
	if (flags & INTAKE_BLOB)
		r = intake_open_blob(intake, err);
	if (r == 0 && (flags & INTAKE_UNPACK))
		r = intake_open_pipe(intake, err);
	if (r < 0)
		intake_release(intake);
	return r;
}

/* Another process has it: this one keeps its bytes elsewhere. */
static int
intake_find_partial(struct intake *intake, const struct digest *want,
		    int64_t size_bytes, struct err *err)
{
	int64_t bytes = 0;
	int r = partial_open(intake->store, want, size_bytes, &intake->blobfd,
			     &bytes, err);

	if (r == -EBUSY) {
		err_reset(err);
		return intake_open_blob(intake, err);
	}
	if (r < 0)
		return r;
	(void)partial_path(want, intake->blob_path);
	intake->keeps_blob = true;
	intake->bytes = (uint64_t)bytes;
	intake->replay_end = bytes;
	return 0;
}

int
intake_open_partial(struct intake *intake, struct engine *engine, int flags,
		    const struct digest *want, int64_t size_bytes,
		    struct err *err)
{
	int r;

	intake_init(intake, engine);
	intake->sha = sha256_new();
	intake->size_bytes = size_bytes;
	r = intake_find_partial(intake, want, size_bytes, err);
	if (r == 0 && (flags & INTAKE_UNPACK))
		r = intake_open_pipe(intake, err);
	intake->can_wait = r == 0 && flags & INTAKE_UNPACK &&
			   layer_can_wait(intake->blobfd);
	if (r < 0)
		intake_release(intake);
	return r;
}

void
intake_spoil(struct intake *intake)
{
	intake->keeps_blob = false;
}

int
intake_open_file(struct intake *intake, struct engine *engine, int fd,
		 struct err *err)
{
	int r;

	intake_init(intake, engine);
	r = intake_start_worker(intake, fd, err);
	if (r < 0)
		intake_release(intake);
	return r;
}

/* The digest, soon known, may tell more than what cannot be unpacked. */
static bool
intake_is_near_end(const struct intake *intake)
{
	int64_t rest = intake->size_bytes - (int64_t)intake->bytes;

	return intake->size_bytes > 0 && rest <= INTAKE_REST_BYTES;
}

/* The extractor went away before the end: it knows why. */
static int
intake_worker_error(struct intake *intake, struct err *err)
{
	struct layer_unpack_result result;
	struct err story = ERR_INIT;
	int r = layer_worker_wait(intake->worker, &result, &story);

	layer_worker_free(take_ptr(intake->worker));
	(void)close(take_fd(intake->pipefd));
	/* What cannot be unpacked is not worth getting much more of; where
	 * only the room was missing, its tree goes and makes some. */
	if (story.code != ENOSPC && story.code != EDQUOT)
		intake_spoil(intake);
	if (r >= 0)
		(void)err_set(&story, EPROTO, "the extractor stopped early");
	if (intake->lenient || intake_is_near_end(intake)) {
		intake->failure = xmemdup(&story, sizeof(story));
		return 0;
	}
	if (err)
		*err = story;
	return -story.code;
}

/* Returns the count that counts as written, 0: not now, or -errno. */
static ssize_t
intake_feed(struct intake *intake, const void *bytes, size_t len,
	    struct err *err)
{
	ssize_t n = write(intake->pipefd, bytes, len);
	int r;

	if (n >= 0)
		return n;
	if (errno == EAGAIN || errno == EINTR)
		return 0;
	if (errno != EPIPE)
		return err_sys(err, "write to the extractor");
	r = intake_worker_error(intake, err);
	return r < 0 ? r : (ssize_t)len;
}

/* Where a file system cannot splice. As intake_feed(). */
static ssize_t
intake_copy(struct intake *intake, size_t len, struct err *err)
{
	cleanup_free uint8_t *buf = xmalloc(INTAKE_COPY_BYTES);
	ssize_t n = pread(intake->blobfd, buf,
			  len < INTAKE_COPY_BYTES ? len : INTAKE_COPY_BYTES,
			  intake->passed);

	if (n <= 0)
		return err_code(err, n < 0 ? errno : EIO,
				"read what is there of a layer");
	return intake_feed(intake, buf, (size_t)n, err);
}

/* Bytes in the file that the extractor was not given. */
static size_t
intake_lag(const struct intake *intake)
{
	return intake->bytes - intake->gathered_len - (uint64_t)intake->passed;
}

/* As intake_feed(), from the file: its pages are lent, not copied. */
static ssize_t
intake_lend(struct intake *intake, struct err *err)
{
	size_t len = intake_lag(intake);
	off64_t at = intake->passed;
	ssize_t n = splice(intake->blobfd, &at, intake->pipefd, NULL, len,
			   SPLICE_F_NONBLOCK);
	int r;

	if (n > 0)
		return n;
	if (n == 0)
		return err_set(err, EIO, "a layer's file became shorter");
	if (errno == EAGAIN || errno == EINTR)
		return 0;
	if (errno == EINVAL)
		return intake_copy(intake, len, err);
	if (errno != EPIPE)
		return err_sys(err, "pass bytes to the extractor");
	r = intake_worker_error(intake, err);
	return r < 0 ? r : (ssize_t)len;
}

/* Returns 0 when the extractor has all that is in the file, 1: not now. */
static int
intake_pass(struct intake *intake, struct err *err)
{
	while (intake->pipefd >= 0 && intake_lag(intake) > 0) {
		ssize_t n = intake_lend(intake, err);

		if (n <= 0)
			return n < 0 ? (int)n : 1;
		intake->passed += n;
	}
	return 0;
}

/* The disk works while more comes: the fsync at the end finds little to do. */
static void
intake_write_out(struct intake *intake)
{
	uint64_t len = intake->bytes - intake->written_out;

	if (intake->blobfd < 0 || intake->can_wait ||
	    len < INTAKE_WRITE_OUT_BYTES)
		return;
	/* Only a hint. */
	(void)sync_file_range(intake->blobfd, (off_t)intake->written_out,
			      (off_t)len, SYNC_FILE_RANGE_WRITE);
	intake->written_out = intake->bytes;
}

static int
intake_store(struct intake *intake, struct err *err)
{
	size_t len = intake->gathered_len;
	int r = io_write_all(intake->blobfd, intake->gathered, len);

	intake->gathered_len = 0;
	if (r == 0) {
		sha256_update(intake->sha, intake->gathered, len);
		intake_write_out(intake);
		return intake_pass(intake, err);
	}
	/* Where there is no room, what is there takes it. */
	if (r == -ENOSPC || r == -EDQUOT)
		intake_spoil(intake);
	intake->bytes -= len;
	return err_code(err, -r, "write to the store");
}

int
intake_flush(struct intake *intake, struct err *err)
{
	int r = intake->gathered_len ? intake_store(intake, err) : 0;

	return r < 0 ? r : 0;
}

int
intake_replay(struct intake *intake, struct err *err)
{
	cleanup_free uint8_t *buf = NULL;

	if (intake->replayed == intake->replay_end)
		return intake_pass(intake, err);
	buf = xmalloc(INTAKE_COPY_BYTES);
	while (intake->replayed < intake->replay_end) {
		int64_t left = intake->replay_end - intake->replayed;
		ssize_t n = pread(intake->blobfd, buf,
				  left < INTAKE_COPY_BYTES ? (size_t)left
							   : INTAKE_COPY_BYTES,
				  intake->replayed);
		int r = engine_check_stop(err);

		if (r == 0 && n <= 0)
			r = err_code(err, n < 0 ? errno : EIO,
				     "read what is there of a layer");
		if (r < 0)
			return r;
		sha256_update(intake->sha, buf, (size_t)n);
		intake->replayed += n;
		r = intake_pass(intake, err);
		if (r != 0)
			return r;
	}
	return 0;
}

static void
intake_wait(const struct intake *intake)
{
	(void)poll(&(struct pollfd){ .fd = intake->pipefd, .events = POLLOUT },
		   1, INTAKE_WAIT_MS);
}

int
intake_drain(struct intake *intake, struct err *err)
{
	int r = intake_flush(intake, err);

	if (r < 0)
		return r;
	while ((r = intake_replay(intake, err)) > 0)
		intake_wait(intake);
	return r;
}

/* What is kept goes to the extractor by way of the file. */
static ssize_t
intake_keep(struct intake *intake, const void *bytes, size_t len,
	    struct err *err)
{
	int r = intake_pass(intake, err);

	if (r == 0 && len > INTAKE_GATHER_BYTES - intake->gathered_len)
		r = intake_store(intake, err);
	if (r != 0)
		return r < 0 ? r : 0;
	if (!intake->gathered)
		intake->gathered = xmalloc(INTAKE_GATHER_BYTES);
	if (len > INTAKE_GATHER_BYTES)
		len = INTAKE_GATHER_BYTES;
	memcpy(intake->gathered + intake->gathered_len, bytes, len);
	intake->gathered_len += len;
	intake->bytes += len;
	return (ssize_t)len;
}

ssize_t
intake_write(struct intake *intake, const void *bytes, size_t len,
	     struct err *err)
{
	ssize_t n = engine_check_stop(err);

	if (n < 0)
		return n;
	if (intake->blobfd >= 0)
		return intake_keep(intake, bytes, len, err);
	n = (ssize_t)len;
	if (intake->pipefd >= 0)
		n = intake_feed(intake, bytes, len, err);
	if (n <= 0)
		return n;
	sha256_update(intake->sha, bytes, (size_t)n);
	intake->bytes += (uint64_t)n;
	return n;
}

int
intake_write_all(struct intake *intake, const void *bytes, size_t len,
		 struct err *err)
{
	const char *from = bytes;

	while (len > 0) {
		ssize_t n = intake_write(intake, from, len, err);

		if (n < 0)
			return (int)n;
		from += n;
		len -= (size_t)n;
		if (n == 0)
			intake_wait(intake);
	}
	return intake_drain(intake, err);
}

void
intake_end(struct intake *intake)
{
	char hex[SHA256_HEX_BYTES];

	if (!intake->sha)
		return;
	sha256_hex(intake->sha, hex);
	intake->digest = digest_of_hex(hex);
	sha256_free(take_ptr(intake->sha));
	if (intake->pipefd >= 0)
		(void)close(take_fd(intake->pipefd));
}

int
intake_keep_blob(struct intake *intake, struct err *err)
{
	int r;

	if (intake->blobfd < 0)
		return 0;
	if (intake->can_wait && intake->worker)
		r = fchmod(intake->blobfd, 0644) < 0
			    ? err_sys(err, "set the mode of a blob")
			    : blob_name(intake->store, intake->blob_path,
					&intake->digest, err);
	else
		r = blob_adopt(intake->store, intake->blobfd, intake->blob_path,
			       &intake->digest, err);
	if (r < 0)
		return r;
	(void)close(take_fd(intake->blobfd));
	intake->blob_path[0] = '\0';
	return 0;
}

int
intake_pidfd(const struct intake *intake)
{
	return intake->worker ? layer_worker_pidfd(intake->worker) : -1;
}

int
intake_finish(struct intake *intake, const struct digest *want, struct err *err)
{
	struct layer_unpack_result result;
	struct layer_info info = { .size_bytes = 0 };
	int r;

	if (intake->failure) {
		if (err)
			*err = *intake->failure;
		return -intake->failure->code;
	}
	if (!intake->worker)
		return 0;
	r = layer_worker_wait(intake->worker, &result, err);
	layer_worker_free(take_ptr(intake->worker));
	if (r < 0)
		return r;
	intake->diff_id = digest_of_hex(result.diff_id);
	if (want && !digest_eq(want, &intake->diff_id))
		return err_set(err, EBADMSG,
			       "its content is %s, and the image says %s",
			       intake->diff_id.text, want->text);
	if (result.owner_count == 0 &&
	    unlinkat(intake->draft.dirfd, "owners", 0) < 0)
		return err_sys(err, "remove the empty record of owners");
	info.size_bytes = (int64_t)result.file_bytes;
	(void)snprintf(info.id_mode, sizeof(info.id_mode), "%s",
		       intake->id_mode);
	return layer_commit(intake->store, &intake->draft, &intake->diff_id,
			    &info, err);
}

void
intake_release(struct intake *intake)
{
	layer_worker_free(intake->worker);
	sha256_free(intake->sha);
	free(intake->failure);
	if (intake->pipefd > 0)
		(void)close(intake->pipefd);
	if (intake->ownersfd > 0)
		(void)close(intake->ownersfd);
	if (intake->blobfd > 0) {
		/* As much as came is worth keeping; less does no harm. */
		if (intake->keeps_blob && intake->gathered_len)
			(void)io_write_all(intake->blobfd, intake->gathered,
					   intake->gathered_len);
		if (!intake->keeps_blob || intake->bytes == 0)
			(void)unlinkat(intake->store->dirfd, intake->blob_path,
				       0);
		(void)close(intake->blobfd);
	}
	if (intake->store)
		layer_abort(intake->store, &intake->draft);
	free(intake->gathered);
	*intake = (struct intake)INTAKE_INIT;
}
