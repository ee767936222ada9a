/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/fsx.h"
#include "container/log_file.h"
#include "data/node.h"

static char place[64];
static int placefd;
static struct log_file log_;

static void
log_setup(void)
{
	struct log_spec spec = LOG_SPEC_INIT;

	(void)snprintf(place, sizeof(place), "/tmp/dhow-unit.XXXXXX");
	cr_assert(mkdtemp(place) != NULL);
	placefd = open(place, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	log_file_init(&log_, placefd, &spec);
}

static void
log_teardown(void)
{
	log_file_release(&log_);
	(void)close(placefd);
	(void)fsx_remove_tree(AT_FDCWD, place, NULL);
}

TestSuite(container_log_file, .init = log_setup, .fini = log_teardown);

static void
add(enum log_stream stream, const char *text)
{
	log_file_add(&log_, stream, text, strlen(text));
}

/* Line @i of the file, parsed; NULL when there are fewer. */
static struct node *
record(const char *name, size_t i)
{
	struct strbuf sb = STRBUF_INIT;
	struct node *node = NULL;
	char *line, *rest;

	if (fsx_read_file(placefd, name, 1U << 24, &sb, NULL) < 0)
		return NULL;
	rest = sb.buf;
	while ((line = strsep(&rest, "\n")) && *line)
		if (i-- == 0)
			cr_assert(eq(int,
				     node_parse_json(span_of(line), name, &node,
						     NULL),
				     0));
	strbuf_release(&sb);
	return node;
}

Test(container_log_file, nothing_is_made_before_the_first_byte)
{
	log_file_flush(&log_);
	cr_assert(eq(int, faccessat(placefd, LOG_FILE_NAME, F_OK, 0), -1));
}

Test(container_log_file, a_record_is_one_line_of_one_stream)
{
	struct node *node;

	add(LOG_STDOUT, "one ");
	add(LOG_STDERR, "oops\n");
	add(LOG_STDOUT, "line\n\"q\"\t\\\x01\xff");
	log_file_flush(&log_);
	node = record(LOG_FILE_NAME, 0);
	cr_expect(eq(str, (char *)node_get_str(node, "log"), "oops\n"));
	cr_expect(eq(str, (char *)node_get_str(node, "stream"), "stderr"));
	node = record(LOG_FILE_NAME, 1);
	cr_expect(eq(str, (char *)node_get_str(node, "log"), "one line\n"));
	node = record(LOG_FILE_NAME, 2);
	cr_expect(eq(str, (char *)node_get_str(node, "log"),
		     "\"q\"\t\\\x01\xef\xbf\xbd"));
	cr_expect(record(LOG_FILE_NAME, 3) == NULL);
}

Test(container_log_file, a_long_line_comes_in_pieces_between_characters)
{
	size_t total = 0;

	add(LOG_STDOUT, "x");
	for (int i = 0; i < 20000; i++)
		add(LOG_STDOUT, "\xc3\xa9");
	add(LOG_STDOUT, "\n");
	for (size_t i = 0;; i++) {
		struct node *node = record(LOG_FILE_NAME, i);
		const char *text = node_get_str(node, "log");

		if (!node)
			break;
		cr_expect(strlen(text) <= LOG_FILE_LINE_BYTES);
		cr_expect(strstr(text, "\xef\xbf\xbd") == NULL);
		total += strlen(text);
	}
	cr_assert(eq(sz, total, 40002));
}

Test(container_log_file, rotation_keeps_as_many_files_as_asked_for)
{
	struct node *node;

	log_.max_size_bytes = 1;
	log_.max_files = 3;
	add(LOG_STDOUT, "1\n");
	add(LOG_STDOUT, "2\n");
	add(LOG_STDOUT, "3\n");
	add(LOG_STDOUT, "4\n");
	node = record(LOG_FILE_NAME, 0);
	cr_expect(eq(str, (char *)node_get_str(node, "log"), "4\n"));
	node = record(LOG_FILE_NAME ".2", 0);
	cr_expect(eq(str, (char *)node_get_str(node, "log"), "2\n"));
	cr_expect(record(LOG_FILE_NAME ".3", 0) == NULL);
}

Test(container_log_file, a_full_disk_is_one_warning_and_no_half_record)
{
	struct rlimit limit = { 120, RLIM_INFINITY }; /* one record */
	struct node *node;

	(void)signal(SIGXFSZ, SIG_IGN);
	add(LOG_STDOUT, "before\n");
	cr_assert(eq(int, setrlimit(RLIMIT_FSIZE, &limit), 0));
	for (int i = 0; i < 10; i++)
		add(LOG_STDOUT, "lost lost lost lost lost lost lost lost "
				"lost lost lost lost lost lost lost lost\n");
	limit.rlim_cur = RLIM_INFINITY;
	cr_assert(eq(int, setrlimit(RLIMIT_FSIZE, &limit), 0));
	add(LOG_STDOUT, "after\n");
	node = record(LOG_FILE_NAME, 1);
	cr_assert(node != NULL);
	cr_expect(strstr(node_get_str(node, "log"), "are missing") != NULL);
	node = record(LOG_FILE_NAME, 2);
	cr_expect(eq(str, (char *)node_get_str(node, "log"), "after\n"));
	cr_expect(record(LOG_FILE_NAME, 3) == NULL);
}

Test(container_log_file, the_driver_none_keeps_nothing)
{
	log_.off = true;
	add(LOG_STDOUT, "gone\n");
	log_file_flush(&log_);
	cr_assert(eq(int, faccessat(placefd, LOG_FILE_NAME, F_OK, 0), -1));
}
