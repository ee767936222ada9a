/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/follow.h"
#include "base/fsx.h"

static char place[64];
static int dirfd_ = -1;
static struct follow reader;

static void
setup(void)
{
	(void)snprintf(place, sizeof(place), "/tmp/dhow-unit.XXXXXX");
	cr_assert(mkdtemp(place) != NULL);
	dirfd_ = open(place, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	reader = (struct follow)FOLLOW_INIT;
}

static void
teardown(void)
{
	follow_close(&reader);
	(void)close(dirfd_);
	(void)fsx_remove_tree(AT_FDCWD, place, NULL);
}

TestSuite(base_follow, .init = setup, .fini = teardown);

static void
append(const char *name, const char *text)
{
	int fd = openat(dirfd_, name, O_WRONLY | O_APPEND | O_CREAT, 0600);

	cr_assert(eq(sz, (size_t)write(fd, text, strlen(text)), strlen(text)));
	(void)close(fd);
}

static const char *
at(const char *name)
{
	static char path[128];

	(void)snprintf(path, sizeof(path), "%s/%s", place, name);
	return path;
}

static void
rotate(const char *from, const char *to)
{
	cr_assert(eq(int, renameat(dirfd_, from, dirfd_, to), 0));
}

/* All that can be read now, lines joined by '|'. */
static char *
drain(void)
{
	cleanup_strbuf struct strbuf all = STRBUF_INIT;
	struct span line;

	while (follow_next(&reader, &line, NULL) > 0) {
		strbuf_add(&all, line.ptr, line.len);
		strbuf_addch(&all, '|');
	}
	return strbuf_take(&all);
}

static void
expect(const char *want)
{
	cleanup_free char *got = drain();

	cr_assert(eq(str, got, (char *)want));
}

Test(base_follow, rotated_files_come_first_and_oldest_first)
{
	append("log.2", "1\n2\n");
	append("log.1", "3\n");
	append("log", "4\n5\n");
	cr_assert(eq(int, follow_open(&reader, dirfd_, "log", 2, NULL), 0));
	expect("1|2|3|4|5|");
}

Test(base_follow, a_line_is_given_when_it_is_whole)
{
	cr_assert(eq(int, follow_open(&reader, dirfd_, "log", 1, NULL), 0));
	expect("");
	append("log", "on");
	expect("");
	append("log", "e\ntwo\n");
	expect("one|two|");
}

Test(base_follow, nothing_is_lost_when_the_log_is_rotated_meanwhile)
{
	append("log", "1\n");
	cr_assert(eq(int, follow_open(&reader, dirfd_, "log", 2, NULL), 0));
	expect("1|");
	append("log", "2\n3");
	rotate("log", "log.1");
	append("log", "4\n");
	rotate("log.1", "log.2");
	rotate("log", "log.1");
	append("log", "5\n");
	expect("2|3|4|5|");
}

Test(base_follow, a_line_cut_short_is_given_at_the_end)
{
	struct span line;

	append("log", "1\n2");
	cr_assert(eq(int, follow_open(&reader, dirfd_, "log", 1, NULL), 0));
	expect("1|");
	cr_assert(eq(int, follow_rest(&reader, &line), 1));
	cr_assert(span_is(line, "2"));
	cr_assert(eq(int, follow_rest(&reader, &line), 0));
}

Test(base_follow, the_last_lines_are_found_across_files)
{
	static const struct {
		uint64_t lines;
		const char *want;
	} cases[] = {
		{ 0, "" },           { 1, "5|" },       { 2, "4|5|" },
		{ 3, "3|4|5|" },     { 4, "2|3|4|5|" }, { 5, "1|2|3|4|5|" },
		{ 9, "1|2|3|4|5|" },
	};

	append("log.1", "1\n2\n");
	append("log", "3\n4\n5\n");
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		cr_assert(eq(int, follow_open(&reader, dirfd_, "log", 1, NULL),
			     0));
		cr_assert(eq(int,
			     follow_skip_to_last(&reader, cases[i].lines, NULL),
			     0));
		expect(cases[i].want);
		follow_close(&reader);
	}
}

Test(base_follow, new_lines_make_the_pollfd_readable)
{
	struct pollfd poll_one = { .events = POLLIN };

	append("log", "1\n");
	cr_assert(eq(int, follow_open(&reader, dirfd_, "log", 1, NULL), 0));
	poll_one.fd = follow_pollfd(&reader, NULL);
	expect("1|");
	cr_assert(eq(int, poll(&poll_one, 1, 0), 0));
	append("log", "2\n");
	cr_assert(eq(int, poll(&poll_one, 1, 0), 1));
	follow_polled(&reader);
	cr_assert(eq(int, poll(&poll_one, 1, 0), 0));
	expect("2|");
}

Test(base_follow, what_a_writer_took_back_is_forgotten)
{
	append("log", "1\nhal");
	cr_assert(eq(int, follow_open(&reader, dirfd_, "log", 1, NULL), 0));
	expect("1|");
	cr_assert(eq(int, truncate(at("log"), 2), 0));
	expect("");
	append("log", "2\n");
	expect("2|");
}

Test(base_follow, a_file_that_starts_over_is_read_from_its_start)
{
	append("log", "1\n2\n3\n");
	cr_assert(eq(int, follow_open(&reader, dirfd_, "log", 1, NULL), 0));
	expect("1|2|3|");
	cr_assert(eq(int, truncate(at("log"), 0), 0));
	append("log", "4\n");
	expect("4|");
}
