/* SPDX-License-Identifier: Apache-2.0 */
/*
 * archive/decomp_child.c - a codec that works in a process of its own.
 *
 * The child takes over the input, what was read of it included, and writes
 * what it unpacks into a pipe. The end of the pipe is no proof of a proper
 * end: the child's report is.
 */
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "archive/confined.h"
#include "archive/decomp.h"
#include "archive/decomp_codec.h"
#include "base/alloc.h"
#include "base/cleanup.h"
#include "base/io.h"

#define PIPE_BYTES (1024 * 1024)

enum child_fd {
	CHILD_FD_INPUT = CONFINED_FIRST_FD,
	CHILD_FD_OUTPUT,
};

struct decomp_child {
	struct confined child;
	int fd; /* of the pipe */
};

/* What the child works on; it has its own copy by the fork. */
struct work {
	const struct decomp_codec *codec;
	struct decomp_input *in;
};

static int
run(const void *data, void *payload, struct err *err)
{
	const struct work *work = data;
	cleanup_free uint8_t *buf = xmalloc(DECOMP_PIECE_BYTES);
	void *state;
	ssize_t n;

	work->in->fd = CHILD_FD_INPUT;
	state = work->codec->start(work->in);
	while ((n = work->codec->read(state, buf, DECOMP_PIECE_BYTES, err)) >
	       0) {
		int r = io_write_all(CHILD_FD_OUTPUT, buf, (size_t)n);

		if (r < 0)
			return err_code(err, -r, "pass on what was unpacked");
	}
	/* The memory goes with the process. */
	return (int)n;
}

int
decomp_child_start(const struct decomp_codec *codec, struct decomp_input *in,
		   void **ret_state, struct err *err)
{
	struct work work = { codec, in };
	struct decomp_child *dc;
	struct confined_spec spec = {
		.name = "the decompressor",
		.fd_count = 2,
		.root = -1,
		.run = run,
		.data = &work,
	};
	int fds[2];
	int r;

	if (pipe2(fds, O_CLOEXEC) < 0)
		return err_sys(err, "make a pipe for the decompressor");
	(void)fcntl(fds[1], F_SETPIPE_SZ, PIPE_BYTES);
	dc = xcalloc(1, sizeof(*dc));
	dc->fd = fds[0];
	spec.fds[0] = in->fd;
	spec.fds[1] = fds[1];
	r = confined_start(&dc->child, &spec, err);
	(void)close(fds[1]);
	if (r < 0) {
		(void)close(dc->fd);
		free(dc);
		return r;
	}
	*ret_state = dc;
	return 0;
}

static ssize_t
child_read(void *state, void *buf, size_t len, struct err *err)
{
	struct decomp_child *dc = state;
	ssize_t n;

	do
		n = read(dc->fd, buf, len);
	while (n < 0 && errno == EINTR);
	if (n < 0)
		return err_sys(err, "read what was unpacked");
	if (n == 0 && dc->child.pid > 0)
		return confined_wait(&dc->child, NULL, err);
	return n;
}

static void
child_stop(void *state)
{
	struct decomp_child *dc = state;

	confined_release(&dc->child);
	(void)close(dc->fd);
	free(dc);
}

const struct decomp_codec decomp_child = {
	.name = "child",
	.start = NULL, /* decomp_child_start() can fail */
	.read = child_read,
	.stop = child_stop,
};
