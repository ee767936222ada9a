/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/fsx.h"
#include "base/units.h"
#include "container/log_reader.h"

static char place[64];
static struct container container;

static void
setup(void)
{
	(void)snprintf(place, sizeof(place), "/tmp/dhow-unit.XXXXXX");
	cr_assert(mkdtemp(place) != NULL);
	container = (struct container)CONTAINER_INIT;
	container.name = xstrdup("web");
	container.config = node_new_obj();
	container.dirfd = open(place, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

static void
teardown(void)
{
	container_release(&container);
	(void)fsx_remove_tree(AT_FDCWD, place, NULL);
}

TestSuite(container_log_reader, .init = setup, .fini = teardown);

static void
append(const char *text)
{
	int fd = openat(container.dirfd, "json.log",
			O_WRONLY | O_APPEND | O_CREAT, 0600);

	cr_assert(eq(sz, (size_t)write(fd, text, strlen(text)), strlen(text)));
	(void)close(fd);
}

static void
add_line(int second, const char *text)
{
	cleanup_free char *line = xasprintf(
		"{\"log\":\"%s\\n\",\"stream\":\"stdout\",\"time\":\"2026-01-02T03:04:%02dZ\"}\n",
		text, second);

	append(line);
}

/* All records, newlines as '|'. */
static char *
read_all(const struct log_reader_opts *opts, uint64_t *ret_damaged)
{
	cleanup_log_reader struct log_reader reader = LOG_READER_INIT;
	cleanup_strbuf struct strbuf all = STRBUF_INIT;

	cr_assert(eq(int, log_reader_open(&reader, &container, opts, NULL), 0));
	while (log_reader_next(&reader, NULL) == LOG_READER_RECORD)
		strbuf_add(&all, reader.record.text.buf,
			   reader.record.text.len);
	for (char *p = all.buf; *p; p++)
		*p = *p == '\n' ? '|' : *p;
	if (ret_damaged)
		*ret_damaged = reader.damaged;
	return strbuf_take(&all);
}

static int64_t
at_second(int second)
{
	cleanup_free char *text = xasprintf("2026-01-02T03:04:%02dZ", second);
	int64_t ns;

	cr_assert(eq(int, units_parse_rfc3339(text, &ns, NULL), 0));
	return ns;
}

Test(container_log_reader, tail_since_and_until_choose_records)
{
	const struct {
		struct log_reader_opts opts;
		const char *want;
	} cases[] = {
		{ { .tail = -1 }, "a|b|c|" },
		{ { .tail = 2 }, "b|c|" },
		{ { .tail = 0 }, "" },
		{ { .tail = -1, .since_ns = at_second(2) }, "b|c|" },
		{ { .tail = -1, .until_ns = at_second(2) }, "a|b|" },
		{ { .tail = 2, .until_ns = at_second(2) }, "b|" },
	};

	add_line(1, "a");
	add_line(2, "b");
	add_line(3, "c");
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		cleanup_free char *got = read_all(&cases[i].opts, NULL);

		cr_assert(eq(str, got, (char *)cases[i].want), "case %zu", i);
	}
}

Test(container_log_reader, damaged_records_are_counted_and_hide_no_other)
{
	const struct log_reader_opts opts = { .tail = -1 };
	cleanup_free char *got = NULL;
	uint64_t damaged;

	add_line(1, "a");
	append("{\"log\":\"cut\n\n{}\nrubbish\n");
	add_line(2, "b");
	append("{\"log\":\"the writer was ki");
	got = read_all(&opts, &damaged);
	cr_assert(eq(str, got, "a|b|"));
	cr_assert(eq(u64, damaged, 5));
}

Test(container_log_reader, a_container_that_wrote_nothing_has_no_records)
{
	const struct log_reader_opts opts = { .tail = 5, .follow = true };
	cleanup_free char *got = read_all(&opts, NULL);

	cr_assert(eq(str, got, ""));
}

Test(container_log_reader, what_is_not_kept_cannot_be_read)
{
	const struct log_reader_opts opts = { .tail = -1 };
	struct log_reader reader = LOG_READER_INIT;

	node_set_str(node_need_obj(container.config, "Log"), "Type", "none");
	cr_assert(eq(int, log_reader_open(&reader, &container, &opts, NULL),
		     -EOPNOTSUPP));
}

Test(container_log_record, any_text_is_read_back)
{
	static const struct {
		const char *line;
		const char *want;
		size_t len;
	} cases[] = {
		{ "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"", "\"\\/\b\f\n\r\t", 8 },
		{ "\"a\\u0000b\"", "a\0b", 3 },
		{ "\"\\u00e9\\ud83d\\ude00\"", "\xc3\xa9\xf0\x9f\x98\x80", 6 },
		{ "\"\\ud83d!\"", "\xef\xbf\xbd!", 4 },
		{ "\"\"", "", 0 },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		cleanup_log_record struct log_record record = LOG_RECORD_INIT;
		cleanup_free char *line = xasprintf(
			"{\"time\":\"2026-01-02T03:04:05.6Z\", \"log\":%s,\"x\":[1,{\"y\":\"}\"}],\"attrs\":{\"a\":\"b\"},\"stream\":\"stderr\"}",
			cases[i].line);

		cr_assert(eq(int, log_record_parse(span_of(line), &record), 0),
			  "case %zu", i);
		cr_assert(eq(sz, record.text.len, cases[i].len));
		cr_assert(
			eq(int,
			   memcmp(record.text.buf, cases[i].want, cases[i].len),
			   0));
		cr_assert(record.is_stderr);
		cr_assert(span_is(record.attrs, "{\"a\":\"b\"}"));
	}
}

Test(container_log_record, what_is_no_record_is_damaged)
{
	static const char *const lines[] = {
		"",
		"{}",
		"null",
		"{\"log\":\"a\",\"stream\":\"stdout\"}",
		"{\"log\":\"a\",\"stream\":\"tty\",\"time\":\"2026-01-02T03:04:05Z\"}",
		"{\"log\":\"a\",\"stream\":\"stdout\",\"time\":\"today\"}",
		"{\"log\":\"\\x\",\"stream\":\"stdout\",\"time\":\"2026-01-02T03:04:05Z\"}",
		"{\"log\":\"a\",\"stream\":\"stdout\",\"time\":\"2026-01-02T03:04:05Z\"",
		"{\"log\":\"a\",\"stream\":\"stdout\",\"time\":\"2026-01-02T03:04:05Z\"}}",
	};

	for (size_t i = 0; i < ARRAY_LEN(lines); i++) {
		cleanup_log_record struct log_record record = LOG_RECORD_INIT;

		cr_assert(eq(int, log_record_parse(span_of(lines[i]), &record),
			     -EBADMSG),
			  "case %zu", i);
	}
}
