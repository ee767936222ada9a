/* SPDX-License-Identifier: Apache-2.0 */
/*
 * image/fetch_file.c - a file from the web, into the store's tmp/.
 */
#include "image/engine.h"

#include <fcntl.h>

#include "archive/sha256.h"
#include "base/alloc.h"
#include "base/io.h"
#include "image/import_url.h"

#define FETCH_PIECE_BYTES (256U << 10)

static int
fetch_digest(int fd, struct digest *ret_digest, uint64_t *ret_bytes,
	     struct err *err)
{
	cleanup_with(sha256_free) struct sha256 *sha = sha256_new();
	cleanup_free uint8_t *buf = xmalloc(FETCH_PIECE_BYTES);
	char hex[SHA256_HEX_BYTES];
	uint64_t total = 0;
	ssize_t n;

	if (lseek(fd, 0, SEEK_SET) < 0)
		return err_sys(err, "read what was fetched");
	while ((n = io_read_full(fd, buf, FETCH_PIECE_BYTES)) > 0) {
		sha256_update(sha, buf, (size_t)n);
		total += (uint64_t)n;
	}
	if (n < 0)
		return err_code(err, (int)-n, "read what was fetched");
	sha256_hex(sha, hex);
	*ret_digest = digest_of_hex(hex);
	*ret_bytes = total;
	return 0;
}

int
engine_fetch(struct engine *engine, struct err *err)
{
	const struct transfer_request *request = &engine->request;
	struct import_url_info info = { .mtime = -1 };
	cleanup_close int fd = -EBADF;
	struct digest digest;
	uint64_t bytes = 0;
	int r;

	if (!import_url_is(request->input) || !request->output)
		return err_set(err, EINVAL, "'%s' is no address on the web",
			       request->input ?: "");
	r = session_store(&engine->session, &engine->store, err);
	if (r < 0)
		return r;
	fd = openat(engine->store->dirfd, request->output,
		    O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (fd < 0)
		return err_sys(err, "make '%s' in the store", request->output);
	r = import_url_get(engine, request->input, fd, &info, err);
	if (r == 0)
		r = fetch_digest(fd, &digest, &bytes, err);
	if (r == 0)
		engine_file(engine, info.name, &digest, bytes, info.mtime);
	free(info.name);
	return r < 0 ? err_wrap(err, r, "fetch '%s'", request->input) : 0;
}
