/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "base/alloc.h"
#include "container/fanout.h"

static struct loop *loop;
static struct fanout fanout;
static int in[2];
static size_t tapped;
static bool over;

static void
tap(struct fanout *from, const char *data, size_t len)
{
	(void)from;
	(void)data;
	tapped += len;
}

static void
ended(struct fanout *from)
{
	(void)from;
	over = true;
}

static void
fanout_setup(void)
{
	(void)signal(SIGPIPE, SIG_IGN);
	loop = loop_new();
	cr_assert(eq(int, pipe2(in, O_NONBLOCK), 0));
	fanout = (struct fanout)FANOUT_INIT;
	fanout.from = in[0];
	fanout.tap = tap;
	fanout.ended = ended;
}

TestSuite(container_fanout, .init = fanout_setup);

static int
reader(struct fanout_sink *sink)
{
	int ends[2];

	cr_assert(eq(int, pipe2(ends, O_NONBLOCK), 0));
	(void)fcntl(ends[1], F_SETPIPE_SZ, 4096);
	*sink = (struct fanout_sink){ .fd = ends[1] };
	fanout_add(&fanout, sink);
	return ends[0];
}

static size_t
drain(int fd)
{
	char buffer[65536];
	ssize_t n = read(fd, buffer, sizeof(buffer));

	return n > 0 ? (size_t)n : 0;
}

Test(container_fanout, every_reader_gets_all_and_the_slow_one_slows)
{
	struct fanout_sink fast, slow;
	int fastfd = reader(&fast), slowfd = reader(&slow);
	char block[8192] = "";
	size_t got = 0;

	fanout_start(&fanout, loop);
	cr_assert(eq(int, (int)write(in[1], block, sizeof(block)), 8192));
	for (int i = 0; i < 10; i++) {
		(void)loop_step(loop, 0);
		got += drain(fastfd);
	}
	cr_expect(eq(sz, got, 8192));
	cr_expect(eq(sz, tapped, 8192));
	/* Nothing more is read before the slow one has all of it. */
	cr_assert(eq(int, (int)write(in[1], "more", 4), 4));
	(void)loop_step(loop, 0);
	cr_expect(eq(sz, tapped, 8192));
	for (int i = 0; i < 10; i++) {
		(void)drain(slowfd);
		(void)loop_step(loop, 0);
	}
	cr_expect(eq(sz, tapped, 8196));
}

Test(container_fanout, a_reader_that_went_away_stops_nobody)
{
	struct fanout_sink stays, leaves;
	int staysfd = reader(&stays);

	(void)close(reader(&leaves));
	fanout_start(&fanout, loop);
	cr_assert(eq(int, (int)write(in[1], "word", 4), 4));
	(void)loop_step(loop, 0);
	cr_expect(eq(sz, drain(staysfd), 4));
	cr_expect(leaves.fanout == NULL);
}

Test(container_fanout, the_last_words_are_read_before_the_end)
{
	struct fanout_sink sink;
	int fd = reader(&sink);

	fanout_start(&fanout, loop);
	cr_assert(eq(int, (int)write(in[1], "last", 4), 4));
	fanout_finish(&fanout);
	cr_expect(eq(sz, tapped, 4));
	cr_expect(eq(sz, drain(fd), 4));
	cr_expect(over);
}

Test(container_fanout, without_its_readers_it_ends_at_once)
{
	struct fanout_sink sink;
	char block[8192] = "";

	(void)reader(&sink);
	fanout_start(&fanout, loop);
	cr_assert(eq(int, (int)write(in[1], block, sizeof(block)), 8192));
	fanout_finish(&fanout);
	cr_expect(not(over));
	fanout_abandon(&fanout);
	cr_expect(over);
}
