/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <errno.h>
#include <isa-l/crc.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "archive/decomp.h"
#include "archive/sha256.h"
#include "archive_help.h"

/* Text that compresses, with enough of it to cross every buffer. */
static void
add_content(struct strbuf *sb, size_t len)
{
	uint32_t x = 12345;

	while (sb->len < len) {
		x = x * 1664525 + 1013904223;
		strbuf_addf(sb, "line %u of a story\n", x >> 20);
	}
	strbuf_truncate(sb, len);
}

/* Decompress by reads of @step bytes; the length, or -errno. */
static ssize_t
expand(const struct strbuf *in, size_t step, uint64_t max, struct strbuf *out,
       enum decomp_format *ret_format, struct err *err)
{
	struct decomp_opts opts = { .cancel_fd = -1, .max_bytes = max };
	struct decomp *decomp = NULL;
	char *buf = malloc(step);
	ssize_t n = 0;

	opts.fd = made_fd(in->buf, in->len);
	strbuf_reset(out);
	cr_assert(decomp_open(&opts, &decomp, err) == 0);
	*ret_format = decomp_format(decomp);
	while ((n = decomp_read(decomp, buf, step, err)) > 0)
		strbuf_add(out, buf, (size_t)n);
	decomp_close(decomp);
	(void)close(opts.fd);
	free(buf);
	return n < 0 ? n : (ssize_t)out->len;
}

static bool
same(const struct strbuf *a, const struct strbuf *b)
{
	return a->len == b->len && !memcmp(a->buf, b->buf, a->len);
}

static const struct {
	enum made_format made;
	enum decomp_format format;
} formats[] = {
	{ MADE_GZIP, DECOMP_GZIP },
	{ MADE_BZIP2, DECOMP_BZIP2 },
	{ MADE_XZ, DECOMP_XZ },
	{ MADE_ZSTD, DECOMP_ZSTD },
};
#define FORMATS (sizeof(formats) / sizeof(formats[0]))

Test(archive_decomp, every_format_is_known_by_its_first_bytes)
{
	struct strbuf text = STRBUF_INIT, in = STRBUF_INIT, out = STRBUF_INIT;
	struct err err = ERR_INIT;

	add_content(&text, 700000);
	for (size_t i = 0; i < FORMATS; i++) {
		enum decomp_format format;
		const char *name = decomp_format_name(formats[i].format);

		strbuf_reset(&in);
		made_compress(&in, formats[i].made, text.buf, text.len);
		cr_expect(expand(&in, 70001, 0, &out, &format, &err) ==
				  (ssize_t)text.len,
			  "%s: %s", name, err.text);
		cr_expect(format == formats[i].format && same(&text, &out),
			  "%s", name);
	}
	strbuf_release(&text);
	strbuf_release(&in);
	strbuf_release(&out);
}

Test(archive_decomp, parts_that_follow_each_other_are_one_stream)
{
	struct strbuf text = STRBUF_INIT, in = STRBUF_INIT, out = STRBUF_INIT;
	struct err err = ERR_INIT;
	enum decomp_format format;

	add_content(&text, 100000);
	for (size_t i = 0; i < FORMATS; i++) {
		const char *name = decomp_format_name(formats[i].format);

		strbuf_reset(&in);
		for (size_t at = 0; at < text.len; at += 12500)
			made_compress(&in, formats[i].made, text.buf + at,
				      12500);
		made_compress(&in, formats[i].made, "", 0);
		for (size_t step = 1; step < 100000; step = step * 7 + 1) {
			err_reset(&err);
			cr_expect(expand(&in, step, 0, &out, &format, &err) ==
					  (ssize_t)text.len,
				  "%s by %zu: %s", name, step, err.text);
			cr_expect(same(&text, &out), "%s by %zu", name, step);
		}
	}
	strbuf_release(&text);
	strbuf_release(&in);
	strbuf_release(&out);
}

Test(archive_decomp, a_stream_cut_anywhere_is_an_error)
{
	struct strbuf text = STRBUF_INIT, in = STRBUF_INIT, out = STRBUF_INIT;
	enum decomp_format format;

	add_content(&text, 4000);
	for (size_t i = 0; i < FORMATS; i++) {
		strbuf_reset(&in);
		made_compress(&in, formats[i].made, text.buf, text.len);
		while (in.len > 7) {
			struct err err = ERR_INIT;
			ssize_t n;

			strbuf_truncate(&in, in.len - 1);
			n = expand(&in, 65536, 0, &out, &format, &err);
			cr_expect(n == -EBADMSG, "%s cut at %zu gives %zd",
				  decomp_format_name(format), in.len, n);
			cr_expect(err.text[0] != '\0');
		}
	}
	strbuf_release(&text);
	strbuf_release(&in);
	strbuf_release(&out);
}

Test(archive_decomp, bytes_behind_the_stream_are_an_error)
{
	static const char *const tails[] = { "x", "garbage", "\x1f" };
	struct strbuf text = STRBUF_INIT, in = STRBUF_INIT, out = STRBUF_INIT;
	enum decomp_format format;

	add_content(&text, 4000);
	for (size_t i = 0; i < FORMATS; i++)
		for (size_t k = 0; k < 3; k++) {
			struct err err = ERR_INIT;
			ssize_t n;

			strbuf_reset(&in);
			made_compress(&in, formats[i].made, text.buf, text.len);
			strbuf_addstr(&in, tails[k]);
			n = expand(&in, 65536, 0, &out, &format, &err);
			cr_expect(n == -EBADMSG, "%s and '%s' gives %zd",
				  decomp_format_name(format), tails[k], n);
		}
	strbuf_release(&text);
	strbuf_release(&in);
	strbuf_release(&out);
}

Test(archive_decomp, a_changed_byte_never_passes_as_content)
{
	struct strbuf text = STRBUF_INIT, in = STRBUF_INIT, out = STRBUF_INIT;
	enum decomp_format format;

	add_content(&text, 3000);
	for (size_t i = 0; i < FORMATS; i++) {
		strbuf_reset(&in);
		made_compress(&in, formats[i].made, text.buf, text.len);
		for (size_t at = 12; at < in.len; at += 3) {
			ssize_t n;

			in.buf[at] ^= 0x41;
			n = expand(&in, 65536, 0, &out, &format, NULL);
			in.buf[at] ^= 0x41;
			/* zstd made without a checksum may not see it. */
			cr_expect(n < 0 || same(&text, &out) ||
					  formats[i].made == MADE_ZSTD,
				  "%s changed at %zu",
				  decomp_format_name(formats[i].format), at);
		}
	}
	strbuf_release(&text);
	strbuf_release(&in);
	strbuf_release(&out);
}

/* A gzip member with every optional field, around a stored block of @text. */
static void
add_full_member(struct strbuf *sb, const char *text)
{
	size_t start = sb->len, len = strlen(text);
	uint32_t crc;

	strbuf_add(sb, "\x1f\x8b\x08\x1e\0\0\0\0\0\xff", 10);
	strbuf_add(sb, "\x0a\0SG\x06\0STARGZ", 12);
	strbuf_add(sb, "name\0comment\0", 13);
	crc = crc32_gzip_refl(0, (uint8_t *)sb->buf + start, sb->len - start);
	strbuf_add(sb, &crc, 2);
	strbuf_addch(sb, 1); /* the last block, stored */
	strbuf_add(sb, &(uint16_t){ (uint16_t)len }, 2);
	strbuf_add(sb, &(uint16_t){ (uint16_t)~len }, 2);
	strbuf_addstr(sb, text);
	crc = crc32_gzip_refl(0, (const uint8_t *)text, len);
	strbuf_add(sb, &crc, 4);
	strbuf_add(sb, &(uint32_t){ (uint32_t)len }, 4);
}

/* Read what another process sends byte by byte. */
static ssize_t
expand_bytes(const struct strbuf *in, char *buf, size_t len, struct err *err)
{
	struct decomp_opts opts = { .cancel_fd = -1 };
	struct decomp *decomp = NULL;
	int fds[2];
	ssize_t n;
	pid_t pid;

	cr_assert(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, fds) == 0);
	pid = fork();
	if (pid == 0) {
		(void)close(fds[0]);
		for (size_t i = 0; i < in->len; i++)
			if (write(fds[1], in->buf + i, 1) != 1)
				_exit(1);
		_exit(0);
	}
	(void)close(fds[1]);
	opts.fd = fds[0];
	n = decomp_open(&opts, &decomp, err);
	if (n == 0)
		n = decomp_read(decomp, buf, len, err);
	decomp_close(decomp);
	(void)close(fds[0]);
	(void)waitpid(pid, NULL, 0);
	return n;
}

Test(archive_decomp, input_may_come_byte_by_byte)
{
	struct strbuf in = STRBUF_INIT;
	char buf[100] = { 0 };

	add_full_member(&in, "one, ");
	add_full_member(&in, "");
	add_full_member(&in, "two");
	cr_expect(eq(i64, expand_bytes(&in, buf, 100, NULL), 8));
	cr_expect(eq(str, buf, "one, two"));
	for (size_t i = 0; i < FORMATS; i++) {
		struct err err = ERR_INIT;

		strbuf_reset(&in);
		made_compress(&in, formats[i].made, "one", 3);
		made_compress(&in, formats[i].made, "two", 3);
		cr_expect(eq(i64, expand_bytes(&in, buf, 100, &err), 6), "%s",
			  err.text);
		cr_expect(memcmp(buf, "onetwo", 6) == 0);
	}
	strbuf_release(&in);
}

Test(archive_decomp, skippable_frames_of_chunked_layers_are_passed_over)
{
	static const char skip[] = "\x5e\x2a\x4d\x18\x05\0\0\0table";
	struct strbuf in = STRBUF_INIT, out = STRBUF_INIT;
	enum decomp_format format;

	strbuf_add(&in, skip, 13);
	made_compress(&in, MADE_ZSTD, "one", 3);
	strbuf_add(&in, skip, 13);
	made_compress(&in, MADE_ZSTD, "two", 3);
	strbuf_add(&in, skip, 13);
	cr_assert(expand(&in, 4096, 0, &out, &format, NULL) == 6);
	cr_assert(eq(str, out.buf, "onetwo"));
	strbuf_release(&in);
	strbuf_release(&out);
}

Test(archive_decomp, what_has_no_magic_passes_through)
{
	static const char *const plain[] = { "", "a", "\x1f", "BZ", "plain" };
	struct strbuf in = STRBUF_INIT, out = STRBUF_INIT;
	enum decomp_format format;

	for (size_t i = 0; i < 5; i++) {
		strbuf_reset(&in);
		strbuf_addstr(&in, plain[i]);
		cr_expect(expand(&in, 3, 0, &out, &format, NULL) ==
			  (ssize_t)in.len);
		cr_expect(format == DECOMP_NONE && same(&in, &out));
	}
	strbuf_release(&in);
	strbuf_release(&out);
}

Test(archive_decomp, output_beyond_the_limit_is_refused)
{
	struct strbuf text = STRBUF_INIT, in = STRBUF_INIT, out = STRBUF_INIT;
	struct err err = ERR_INIT;
	enum decomp_format format;

	strbuf_pad(&text, 'a', 1000000);
	made_compress(&in, MADE_GZIP, text.buf, text.len);
	cr_expect(expand(&in, 4096, 1000000, &out, &format, &err) == 1000000);
	cr_expect(expand(&in, 4096, 999999, &out, &format, &err) == -EFBIG);
	strbuf_release(&text);
	strbuf_release(&in);
	strbuf_release(&out);
}

Test(archive_decomp, input_is_counted_and_hashed)
{
	struct strbuf in = STRBUF_INIT;
	struct decomp_opts opts = { .cancel_fd = -1, .hash_input = true };
	struct decomp *decomp = NULL;
	char buf[100], want[SHA256_HEX_BYTES], have[SHA256_HEX_BYTES];

	made_compress(&in, MADE_XZ, "text", 4);
	opts.fd = made_fd(in.buf, in.len);
	cr_assert(decomp_open(&opts, &decomp, NULL) == 0);
	cr_assert(decomp_read(decomp, buf, 100, NULL) == 4);
	sha256_hex_of(in.buf, in.len, want);
	decomp_input_hex(decomp, have);
	cr_expect(eq(str, have, want));
	cr_expect(eq(u64, decomp_input_bytes(decomp), in.len));
	decomp_close(decomp);
	(void)close(opts.fd);
	strbuf_release(&in);
}

Test(archive_decomp, waiting_for_a_silent_pipe_can_be_stopped)
{
	struct decomp_opts opts = { .cancel_fd = eventfd(1, EFD_CLOEXEC) };
	struct decomp *decomp = NULL;
	int fds[2];

	cr_assert(pipe(fds) == 0);
	opts.fd = fds[0];
	cr_assert(eq(int, decomp_open(&opts, &decomp, NULL), -ECANCELED));
	(void)close(fds[0]);
	(void)close(fds[1]);
	(void)close(opts.cancel_fd);
}

/* In a child of its own, with or without the last bytes of the stream. */
static int
expand_confined(enum made_format made, size_t cut, bool whole)
{
	struct strbuf text = STRBUF_INIT, in = STRBUF_INIT;
	struct decomp_opts opts = { .cancel_fd = -1, .confined = true };
	struct decomp *decomp = NULL;
	struct err err = ERR_INIT;
	ssize_t n;

	made_namespace();
	add_content(&text, 700000);
	made_compress(&in, made, text.buf, text.len);
	opts.fd = made_fd(in.buf, in.len - cut);
	if (decomp_open(&opts, &decomp, &err) < 0)
		return 1;
	strbuf_reset(&in);
	n = decomp_read(decomp, strbuf_grow(&in, 800000), whole ? 800000 : 1000,
			&err);
	decomp_close(decomp);
	if (waitpid(-1, NULL, 0) != -1)
		return 2;
	if (cut)
		return n == -EBADMSG && strstr(err.text, " data: ") ? 0 : 3;
	if (!whole)
		return n == 1000 ? 0 : 4;
	return n == (ssize_t)text.len && !memcmp(in.buf, text.buf, text.len)
		       ? 0
		       : 5;
}

static int
expand_in_child(enum made_format made, size_t cut, bool whole)
{
	int status = -1;
	pid_t pid = fork();

	if (pid == 0)
		_exit(expand_confined(made, cut, whole));
	cr_assert(waitpid(pid, &status, 0) == pid);
	if (WIFEXITED(status) && WEXITSTATUS(status) == MADE_NO_NAMESPACE)
		cr_skip_test("no user namespaces here");
	return status;
}

Test(archive_decomp, a_confined_process_does_the_same)
{
	for (size_t i = 0; i < FORMATS; i++) {
		const char *name = decomp_format_name(formats[i].format);
		enum made_format made = formats[i].made;

		cr_expect(eq(int, expand_in_child(made, 0, true), 0), "%s",
			  name);
		cr_expect(eq(int, expand_in_child(made, 2, true), 0), "%s cut",
			  name);
		cr_expect(eq(int, expand_in_child(made, 0, false), 0),
			  "%s left early", name);
	}
}

Test(archive_sha256, digests_are_those_of_the_standard)
{
	char hex[SHA256_HEX_BYTES];

	sha256_hex_of("abc", 3, hex);
	cr_assert(eq(str, hex,
		     "ba7816bf8f01cfea414140de5dae2223"
		     "b00361a396177a9cb410ff61f20015ad"));
	sha256_hex_of("", 0, hex);
	cr_assert(eq(str, hex,
		     "e3b0c44298fc1c149afbf4c8996fb924"
		     "27ae41e4649b934ca495991b7852b855"));
}
