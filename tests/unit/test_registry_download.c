/* SPDX-License-Identifier: Apache-2.0 */
#include "registry_place.h"

TestSuite(registry_download, .init = registry_setup, .fini = registry_teardown,
	  .timeout = 30);

struct sink {
	char bytes[64];
	size_t len;
	size_t room; /* how much each call takes; 0: all */
	int fail;
	int done;
};

static ssize_t
sink_write(void *data, const void *bytes, size_t len, struct err *err)
{
	struct sink *sink = data;

	if (sink->fail)
		return err_set(err, -sink->fail, "the sink says no");
	if (sink->room && len > sink->room)
		len = sink->room;
	cr_assert(
		le(int, (int)(sink->len + len), (int)sizeof(sink->bytes) - 1));
	(void)memcpy(sink->bytes + sink->len, bytes, len);
	sink->len += len;
	return (ssize_t)len;
}

static int
sink_done(void *data, struct err *err)
{
	struct sink *sink = data;

	sink->done++;
	return 0;
}

static int
download(struct sink *sinks, size_t count, int64_t size, int64_t offset,
	 struct err *err)
{
	cleanup_with(registry_close) struct registry *reg = open_one(NULL);
	cleanup_with(registry_download_free) struct registry_download *set =
		registry_download_new(reg, 2);

	for (size_t i = 0; i < count; i++) {
		struct registry_blob blob = {
			.size_bytes = size,
			.offset = offset,
			.write = sink_write,
			.done = sink_done,
			.wait_fd = -1,
			.data = &sinks[i],
		};

		cr_assert(eq(int, digest_parse(DIGITS, &blob.digest, NULL), 0));
		registry_download_add(set, &blob);
	}
	return registry_download_run(set, err);
}

Test(registry_download, several_blobs_arrive_each_in_its_sink)
{
	struct sink sinks[5] = { { .len = 0 } };

	serve(one, { .match = "GET /v2/team/app/blobs/" DIGITS " ",
		     .reply = OK_HEAD("10") "\r\n0123456789" });
	cr_assert(eq(int, download(sinks, 5, 10, 0, NULL), 0));
	for (int i = 0; i < 5; i++) {
		cr_expect(eq(str, sinks[i].bytes, (char *)"0123456789"));
		cr_expect(eq(int, sinks[i].done, 1));
	}
}

Test(registry_download, a_slow_sink_gets_every_byte_once)
{
	struct sink sinks[2] = { { .room = 3 }, { .room = 1 } };

	serve(one, { .match = "GET", .reply = OK_HEAD("10") "\r\n0123456789" });
	cr_assert(eq(int, download(sinks, 2, 10, 0, NULL), 0));
	cr_expect(eq(str, sinks[0].bytes, (char *)"0123456789"));
	cr_expect(eq(str, sinks[1].bytes, (char *)"0123456789"));
}

/* Takes what a pipe has room for; the test's other end drinks slowly. */
static ssize_t
pipe_write(void *data, const void *bytes, size_t len, struct err *err)
{
	const int *fds = data;
	ssize_t n = write(fds[1], bytes, len);

	return n < 0 && errno == EAGAIN ? 0 : n;
}

Test(registry_download, a_full_pipe_is_waited_for_and_nothing_else)
{
	enum {
		SIZE = 4 << 20
	};
	cleanup_with(registry_close) struct registry *reg = NULL;
	cleanup_with(registry_download_free) struct registry_download *set =
		NULL;
	static struct http_script_row row = { .match = "GET" };
	struct registry_blob blob = { .size_bytes = SIZE, .write = pipe_write };
	cleanup_strbuf struct strbuf reply = STRBUF_INIT;
	int64_t began = units_monotonic_ns();
	int fds[2];
	pid_t pid;

	strbuf_addf(&reply, "HTTP/1.1 200 x\r\nContent-Length: %d\r\n\r\n",
		    SIZE);
	strbuf_pad(&reply, 'x', SIZE);
	row.reply = reply.buf;
	http_script_serve(&one, &row, 1);
	cr_assert(eq(int, pipe2(fds, O_CLOEXEC), 0));
	pid = fork();
	if (!pid) {
		char buf[4096];

		(void)close(fds[1]);
		while (read(fds[0], buf, sizeof(buf)) > 0)
			;
		_exit(0);
	}
	(void)fcntl(fds[1], F_SETFL, O_NONBLOCK);
	(void)digest_parse(DIGITS, &blob.digest, NULL);
	blob.data = fds;
	blob.wait_fd = fds[1];
	reg = open_one(NULL);
	set = registry_download_new(reg, 1);
	registry_download_add(set, &blob);
	cr_assert(eq(int, registry_download_run(set, NULL), 0));
	(void)close(fds[1]);
	(void)waitpid(pid, NULL, 0);
	/* It was 200 ms each time the pipe became full while sending. */
	cr_assert(lt(i64, units_monotonic_ns() - began, 1000000000));
}

Test(registry_download, a_cut_line_goes_on_by_range)
{
	struct sink sink = { .len = 0 };

	serve(one,
	      { .match = "Range: bytes=4-",
		.reply = "HTTP/1.1 206 x\r\nContent-Range: bytes 4-9/10\r\n"
			 "Content-Length: 6\r\n\r\n456789" },
	      { .match = "GET", .reply = OK_HEAD("10") "\r\n0123" });
	cr_assert(eq(int, download(&sink, 1, 10, 0, NULL), 0));
	cr_assert(eq(str, sink.bytes, (char *)"0123456789"));
	cr_assert(eq(int, http_script_count(&one, "Range"), 1));
}

Test(registry_download, a_server_without_ranges_is_read_over)
{
	struct sink sink = { .len = 0 };

	serve(one,
	      { .match = "GET", .reply = OK_HEAD("10") "\r\n0123", .times = 1 },
	      { .match = "GET", .reply = OK_HEAD("10") "\r\n0123456789" });
	cr_assert(eq(int, download(&sink, 1, 10, 0, NULL), 0));
	cr_assert(eq(str, sink.bytes, (char *)"0123456789"));
}

Test(registry_download, a_download_may_begin_in_the_middle)
{
	struct sink sink = { .len = 0 };

	serve(one, { .match = "Range: bytes=7-",
		     .reply = "HTTP/1.1 206 x\r\nContent-Range: bytes "
			      "7-9/10\r\nContent-Length: 3\r\n\r\n789" });
	cr_assert(eq(int, download(&sink, 1, 10, 7, NULL), 0));
	cr_assert(eq(str, sink.bytes, (char *)"789"));
}

Test(registry_download, a_part_from_another_place_is_refused)
{
	struct sink sink = { .len = 0 };

	serve(one, { .match = "GET",
		     .reply = "HTTP/1.1 206 x\r\nContent-Range: bytes "
			      "2-9/10\r\nContent-Length: 8\r\n\r\n23456789" });
	cr_assert(eq(int, download(&sink, 1, 10, 7, NULL), -EPROTO));
	cr_assert(eq(int, sink.len, 0));
}

Test(registry_download, a_blob_of_another_size_is_refused)
{
	struct sink sink = { .len = 0 };
	struct err err = ERR_INIT;

	serve(one,
	      { .match = "GET",
		.reply = OK_HEAD("11") "\r\n0123456789x",
		.times = 1 },
	      { .match = "GET", .reply = "HTTP/1.1 200 x\r\n\r\n0123456789x" });
	cr_expect(eq(int, download(&sink, 1, 10, 0, &err), -EBADMSG));
	cr_expect(strstr(err.text, "has 11 bytes, not the 10") != NULL, "%s",
		  err.text);
	cr_expect(eq(int, download(&sink, 1, 10, 0, &err), -EBADMSG));
	cr_expect(strstr(err.text, "larger than") != NULL, "%s", err.text);
}

Test(registry_download, a_sink_that_fails_ends_the_set)
{
	struct sink sinks[2] = { { .len = 0 }, { .fail = -ENOSPC } };
	struct err err = ERR_INIT;

	serve(one, { .match = "GET", .reply = OK_HEAD("10") "\r\n0123456789" });
	cr_assert(eq(int, download(sinks, 2, 10, 0, &err), -ENOSPC));
	cr_assert(strstr(err.text, "the sink says no") != NULL, "%s", err.text);
}
