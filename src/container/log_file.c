/* SPDX-License-Identifier: Apache-2.0 */
/*
 * container/log_file.c - what a container wrote, kept as Docker keeps it.
 *
 * One write() a batch of records. What a full disk cuts is taken back, so
 * that a reader never meets half a record that is followed by another.
 */
#include "container/log_file.h"

#include <assert.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/units.h"
#include "data/utf8.h"

/* Docker's defaults of the driver "local". */
#define LOCAL_MAX_BYTES (INT64_C(20) << 20)
#define LOCAL_MAX_FILES 5

static const char *const stream_names[] = { "stdout", "stderr" };
static_assert(ARRAY_LEN(stream_names) == LOG_STREAM_COUNT, "one name each");

void
log_file_init(struct log_file *log, int dirfd, const struct log_spec *spec)
{
	*log = (struct log_file)LOG_FILE_INIT;
	log->dirfd = dirfd;
	log->path = spec->path ?: LOG_FILE_NAME;
	log->max_size_bytes = spec->max_size_bytes;
	log->max_files = spec->max_files;
	log->off = spec->driver == LOG_DRIVER_NONE;
	if (spec->driver == LOG_DRIVER_LOCAL && !spec->max_size_bytes) {
		log->max_size_bytes = LOCAL_MAX_BYTES;
		log->max_files = LOCAL_MAX_FILES;
	}
	for (size_t i = 0; i < LOG_STREAM_COUNT; i++)
		log->partial[i] = (struct strbuf)STRBUF_INIT;
	log->records = (struct strbuf)STRBUF_INIT;
}

void
log_file_release(struct log_file *log)
{
	cleanup_close_p(&log->fd);
	log->fd = -EBADF;
	for (size_t i = 0; i < LOG_STREAM_COUNT; i++)
		strbuf_release(&log->partial[i]);
	strbuf_release(&log->records);
}

/* Bytes that stand for themselves in a JSON string. */
static bool
log_file_is_plain(unsigned char c)
{
	return c >= 0x20 && c < 0x7f && c != '"' && c != '\\';
}

static void
log_file_add_rune(struct strbuf *sb, uint32_t rune)
{
	static const char from[] = "\"\\\n\r\t";
	static const char to[] = "\"\\nrt";
	const char *at = rune && rune < 0x80 ? strchr(from, (int)rune) : NULL;

	if (at)
		strbuf_addf(sb, "\\%c", to[at - from]);
	else if (rune < 0x20 || rune == 0x7f)
		strbuf_addf(sb, "\\u%04x", rune);
	else
		utf8_add(sb, rune);
}

static void
log_file_add_text(struct strbuf *sb, const char *p, size_t len)
{
	const char *end = p + len;

	while (p < end) {
		const char *plain = p;
		uint32_t rune;

		while (p < end && log_file_is_plain((unsigned char)*p))
			p++;
		strbuf_add(sb, plain, (size_t)(p - plain));
		if (p == end)
			return;
		p += utf8_decode_lossy(p, (size_t)(end - p), &rune);
		log_file_add_rune(sb, rune);
	}
}

/* A piece must not end within a character: how much of @len to take. */
static size_t
log_file_cut(const char *p, size_t len)
{
	size_t back = 1;
	unsigned char lead;

	while (back < 4 && back < len &&
	       ((unsigned char)p[len - back] & 0xc0) == 0x80)
		back++;
	if (!len)
		return 0;
	lead = (unsigned char)p[len - back];
	return back < (lead >= 0xf0   ? 4U
		       : lead >= 0xe0 ? 3U
		       : lead >= 0xc0 ? 2U
				      : 1U)
		       ? len - back
		       : len;
}

static void
log_file_add_record(struct log_file *log, enum log_stream stream,
		    const char *time, const char *head, size_t head_len,
		    const char *tail, size_t tail_len)
{
	struct strbuf *sb = &log->records;

	strbuf_addstr(sb, "{\"log\":\"");
	log_file_add_text(sb, head, head_len);
	log_file_add_text(sb, tail, tail_len);
	strbuf_addf(sb, "\",\"stream\":\"%s\",", stream_names[stream]);
	if (log->attrs)
		strbuf_addf(sb, "\"attrs\":%s,", log->attrs);
	strbuf_addf(sb, "\"time\":\"%s\"}\n", time);
}

static int
log_file_open(struct log_file *log)
{
	struct stat st;

	if (log->fd >= 0)
		return 0;
	log->fd = openat(log->dirfd, log->path,
			 O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
	if (log->fd < 0 || fstat(log->fd, &st) < 0)
		return -errno;
	log->size_bytes = st.st_size;
	return 0;
}

/* json.log.1 becomes json.log.2 and so on; the oldest is gone. */
static void
log_file_rotate(struct log_file *log)
{
	if (log->max_files < 2) {
		(void)ftruncate(log->fd, 0);
		log->size_bytes = 0;
		return;
	}
	for (int i = log->max_files - 1; i > 0; i--) {
		cleanup_free char *to = xasprintf("%s.%d", log->path, i);
		cleanup_free char *from =
			i > 1 ? xasprintf("%s.%d", log->path, i - 1)
			      : xstrdup(log->path);

		(void)renameat(log->dirfd, from, log->dirfd, to);
	}
	cleanup_close_p(&log->fd);
	log->fd = -EBADF;
}

/* All of it, or nothing of it stays. */
static int
log_file_append(struct log_file *log, const char *data, size_t len)
{
	size_t done = 0;
	int r = log_file_open(log);

	while (r == 0 && done < len) {
		ssize_t n = write(log->fd, data + done, len - done);

		if (n > 0)
			done += (size_t)n;
		else if (n == 0 || errno != EINTR)
			r = n < 0 ? -errno : -ENOSPC;
	}
	if (r == 0)
		log->size_bytes += (int64_t)len;
	else if (done)
		(void)ftruncate(log->fd, log->size_bytes);
	return r;
}

static void
log_file_now(struct strbuf *time)
{
	strbuf_reset(time);
	units_add_rfc3339(time, units_now_ns());
}

/* There is room again: say what is missing, before what comes next. */
static int
log_file_confess(struct log_file *log)
{
	cleanup_strbuf struct strbuf held = log->records;
	cleanup_strbuf struct strbuf time = STRBUF_INIT;
	char text[160];
	int len, r;

	len = snprintf(text, sizeof(text),
		       "dhow: %" PRId64 " bytes of the log are missing: %s\n",
		       log->lost_bytes, strerror(log->lost_code));
	log->records = (struct strbuf)STRBUF_INIT;
	log_file_now(&time);
	log_file_add_record(log, LOG_STDERR, time.buf, text, (size_t)len, "",
			    0);
	r = log_file_append(log, log->records.buf, log->records.len);
	strbuf_release(&log->records);
	log->records = held;
	held = (struct strbuf)STRBUF_INIT;
	if (r == 0)
		log->lost_bytes = 0;
	return r;
}

static void
log_file_write(struct log_file *log)
{
	int r = 0;

	if (!log->records.len)
		return;
	if (log->max_size_bytes && log->fd >= 0 &&
	    log->size_bytes >= log->max_size_bytes)
		log_file_rotate(log);
	if (log->lost_bytes)
		r = log_file_confess(log);
	if (r == 0)
		r = log_file_append(log, log->records.buf, log->records.len);
	if (r < 0) {
		if (!log->lost_bytes)
			log->lost_code = -r;
		log->lost_bytes += (int64_t)log->records.len;
	}
	strbuf_reset(&log->records);
}

void
log_file_add(struct log_file *log, enum log_stream stream, const char *data,
	     size_t len)
{
	struct strbuf *partial = &log->partial[stream];
	cleanup_strbuf struct strbuf time = STRBUF_INIT;

	if (log->off)
		return;
	log_file_now(&time);
	while (len) {
		const char *newline = memchr(data, '\n', len);
		size_t room = LOG_FILE_LINE_BYTES - partial->len;
		size_t take = newline ? (size_t)(newline - data) + 1 : len;

		if (take < room && !newline) {
			strbuf_add(partial, data, take);
			break;
		}
		if (take > room)
			take = log_file_cut(data, room);
		log_file_add_record(log, stream, time.buf, partial->buf,
				    partial->len, data, take);
		if (log->max_size_bytes &&
		    log->size_bytes + (int64_t)log->records.len >=
			    log->max_size_bytes)
			log_file_write(log);
		strbuf_reset(partial);
		data += take;
		len -= take;
	}
	log_file_write(log);
}

void
log_file_flush(struct log_file *log)
{
	cleanup_strbuf struct strbuf time = STRBUF_INIT;

	log_file_now(&time);
	for (int i = 0; i < LOG_STREAM_COUNT; i++) {
		struct strbuf *partial = &log->partial[i];

		if (partial->len)
			log_file_add_record(log, (enum log_stream)i, time.buf,
					    partial->buf, partial->len, "", 0);
		strbuf_reset(partial);
	}
	log_file_write(log);
}
