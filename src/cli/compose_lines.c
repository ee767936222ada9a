/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cli/compose_lines.c - lines of several writers, each behind its name.
 */
#include "cli/compose_lines.h"

#include <string.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/io.h"

#define BATCH_BYTES 65536

static const char *const colours[] = {
	"\033[36m",   "\033[33m",   "\033[32m",   "\033[35m",   "\033[34m",
	"\033[36;1m", "\033[33;1m", "\033[32;1m", "\033[35;1m", "\033[34;1m",
};

void
compose_lines_release(struct compose_lines *lines)
{
	(void)compose_lines_flush(lines);
	strbuf_release(&lines->batch);
}

int
compose_lines_flush(struct compose_lines *lines)
{
	int fd = lines->fd ? lines->fd : STDOUT_FILENO;
	int r = io_write_all(fd, lines->batch.buf, lines->batch.len);

	strbuf_reset(&lines->batch);
	return r;
}

static void
use_fd(struct compose_lines *lines, int fd)
{
	if (lines->fd != fd || lines->batch.len > BATCH_BYTES)
		(void)compose_lines_flush(lines);
	lines->fd = fd;
}

static void
end_line(struct compose_lines *lines)
{
	if (lines->open_writer)
		strbuf_addch(&lines->batch, '\n');
	lines->open_writer = 0;
}

static void
add_prefix(struct compose_lines *lines, size_t writer, const char *name)
{
	size_t len = strlen(name);

	if (!lines->prefix)
		return;
	if (lines->colour)
		strbuf_addstr(&lines->batch,
			      colours[writer % ARRAY_LEN(colours)]);
	strbuf_addstr(&lines->batch, name);
	strbuf_pad(&lines->batch, ' ',
		   lines->width > len ? lines->width - len : 0);
	strbuf_addstr(&lines->batch, "  | ");
	if (lines->colour)
		strbuf_addstr(&lines->batch, "\033[0m");
}

void
compose_lines_add(struct compose_lines *lines, size_t writer, const char *name,
		  const char *stamp, struct span text, bool is_stderr)
{
	if (lines->open_writer && lines->open_writer != writer + 1)
		end_line(lines);
	use_fd(lines, is_stderr ? STDERR_FILENO : STDOUT_FILENO);
	while (text.len) {
		size_t len = span_find(text, '\n');
		bool whole = len < text.len;

		if (!lines->open_writer) {
			add_prefix(lines, writer, name);
			strbuf_addstr(&lines->batch, stamp);
		}
		strbuf_add(&lines->batch, text.ptr, len + whole);
		lines->open_writer = whole ? 0 : writer + 1;
		text = span_skip(text, len + whole);
	}
}

void
compose_lines_note(struct compose_lines *lines, const char *text)
{
	end_line(lines);
	use_fd(lines, STDOUT_FILENO);
	strbuf_addf(&lines->batch, "%s\n", text);
	(void)compose_lines_flush(lines);
}
