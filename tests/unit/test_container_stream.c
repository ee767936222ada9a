/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/alloc.h"
#include "container/stream.h"

static void
stop(struct stream *stream)
{
	loop_stop(stream->data, 0);
}

static struct stream *
make(struct loop *loop, int from, int to)
{
	struct stream *stream = xcalloc(1, sizeof(*stream));

	stream->from = from;
	stream->to = to;
	stream->ended = stop;
	stream->data = loop;
	return stream;
}

Test(container_stream, all_that_was_written_arrives_before_the_end)
{
	struct loop *loop = loop_new();
	int in[2], out[2];
	char got[16] = "";
	struct stream *stream;

	cr_assert(eq(int, pipe(in), 0));
	cr_assert(eq(int, pipe(out), 0));
	cr_assert(eq(int, (int)write(in[1], "some words", 10), 10));
	(void)close(in[1]);
	stream = make(loop, in[0], out[1]);
	stream_start(stream, loop);
	cr_assert(eq(int, loop_run(loop), 0));
	cr_assert(eq(int, (int)read(out[0], got, sizeof(got)), 10));
	cr_assert(eq(str, got, "some words"));
	loop_free(loop);
	free(stream);
}

Test(container_stream, a_full_reader_stops_nobody)
{
	struct loop *loop = loop_new();
	int zero = open("/dev/zero", O_RDONLY), out[2];
	struct stream *stream;

	cr_assert(eq(int, pipe2(out, O_NONBLOCK), 0));
	stream = make(loop, zero, out[1]);
	/* Comes back although nobody reads and the input never ends. */
	stream_start(stream, loop);
	cr_assert(eq(int, loop_step(loop, 0), 0));
	cr_assert(not(stream->done));
	loop_free(loop);
	free(stream);
}

Test(container_stream, a_reader_that_left_ends_an_input_but_no_output)
{
	struct loop *loop = loop_new();
	int in[2], out[2];
	struct stream *stream;

	(void)signal(SIGPIPE, SIG_IGN);
	cr_assert(eq(int, pipe(in), 0));
	cr_assert(eq(int, pipe(out), 0));
	(void)close(out[0]);
	cr_assert(eq(int, (int)write(in[1], "x", 1), 1));
	stream = make(loop, in[0], out[1]);
	stream->drop_on_error = true;
	stream_start(stream, loop);
	cr_assert(eq(int, loop_step(loop, 0), 0));
	cr_assert(not(stream->done));
	stream->drop_on_error = false;
	cr_assert(eq(int, (int)write(in[1], "x", 1), 1));
	cr_assert(eq(int, loop_run(loop), 0));
	cr_assert(stream->done);
	loop_free(loop);
	free(stream);
}
