/* SPDX-License-Identifier: Apache-2.0 */
/*
 * conf/credential_helper.c - secrets kept by a docker-credential-… program.
 *
 * The server's name goes in by a sealed file, not a pipe: a helper that does
 * not read cannot raise SIGPIPE. The answer comes by a pipe with a time-out.
 */
#include "conf/credential_helper.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/cleanup.h"
#include "base/io.h"
#include "base/proc.h"
#include "base/strbuf.h"
#include "base/text.h"
#include "base/units.h"
#include "data/node.h"

#define HELPER_NONE "credentials not found in native keychain"

static bool
helper_name_is_valid(const char *name)
{
	for (const char *p = name; *p; p++)
		if (!text_is_alnum(*p) && !strchr("._-", *p))
			return false;
	return *name && strlen(name) <= 64;
}

/* A read-only view of @text for the helper's standard input. */
static int
helper_input(const char *text, struct err *err)
{
	cleanup_close int fd = memfd_create("dhow-credential", MFD_CLOEXEC);
	int r;

	if (fd < 0)
		return err_sys(err, "memfd_create");
	r = io_write_all(fd, text, strlen(text));
	if (r < 0)
		return err_code(err, -r, "memfd");
	if (lseek(fd, 0, SEEK_SET) < 0)
		return err_sys(err, "memfd");
	return take_fd(fd);
}

/* All the helper prints. */
static int
helper_read(int fd, struct strbuf *out, struct err *err)
{
	int64_t end = units_monotonic_ns() +
		      CREDENTIAL_HELPER_TIMEOUT_MS * INT64_C(1000000);

	for (;;) {
		int64_t left_ms = (end - units_monotonic_ns()) / 1000000;
		struct pollfd pfd = { .fd = fd, .events = POLLIN };
		char *at = strbuf_grow(out, 4096);
		ssize_t n;

		if (left_ms <= 0 || poll(&pfd, 1, (int)left_ms) == 0)
			return err_set(err, ETIMEDOUT, "no answer in %d s",
				       CREDENTIAL_HELPER_TIMEOUT_MS / 1000);
		n = read(fd, at, 4096);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return err_sys(err, "read");
		if (!n)
			return 0;
		out->len += (size_t)n;
		out->buf[out->len] = '\0';
		if (out->len > CREDENTIAL_HELPER_MAX_BYTES)
			return err_set(err, EPROTO, "answer is too long");
	}
}

/* Run the program; returns its exit status or -errno. */
static int
helper_run(char *program, const char *verb, const char *input,
	   struct strbuf *out, struct err *err)
{
	char *argv[] = { program, (char *)verb, NULL };
	struct proc_spawn spawn = PROC_SPAWN_INIT;
	cleanup_close int infd = helper_input(input, err);
	cleanup_close int readfd = -EBADF, writefd = -EBADF;
	int fds[2], r, status;
	pid_t pid;

	if (infd < 0)
		return infd;
	if (pipe2(fds, O_CLOEXEC) < 0)
		return err_sys(err, "pipe");
	readfd = fds[0];
	writefd = fds[1];
	spawn.path = program;
	spawn.argv = argv;
	spawn.stdin_fd = infd;
	spawn.stdout_fd = writefd;
	r = proc_spawn(&spawn, &pid, NULL, err);
	if (r < 0)
		return r;
	(void)close(take_fd(writefd));
	r = helper_read(readfd, out, err);
	if (r < 0)
		(void)kill(pid, SIGKILL);
	status = proc_wait(pid);
	return r < 0 ? r : proc_exit_status(status);
}

static int
helper_parse(struct span text, struct credential *cred, struct err *err)
{
	cleanup_node struct node *root = NULL;
	const char *user, *secret;
	int r;

	r = node_parse_json(text, "answer", &root, err);
	if (r < 0)
		return err_wrap(err, -EPROTO, "not understood");
	user = node_get_str(root, "Username");
	secret = node_get_str(root, "Secret");
	if (!user || !secret || !*secret)
		return 0;
	if (!strcmp(user, "<token>")) {
		cred->identity_token = xstrdup(secret);
	} else {
		cred->username = xstrdup(user);
		cred->password = xstrdup(secret);
	}
	explicit_bzero((char *)secret, strlen(secret));
	return 1;
}

/* The first line of what it said, for a message. */
static struct span
helper_words(const struct strbuf *out)
{
	struct span text = span_trim(span_new(out->buf, out->len));

	text.len = span_find(text, '\n');
	if (text.len > 200)
		text.len = 200;
	return text;
}

/*
 * Find the program, tell it @input and read what it says. Returns 0, 1 when it
 * has nothing for that, or -errno.
 */
static int
helper_ask(const char *name, const char *verb, const char *input,
	   struct strbuf *out, struct err *err)
{
	cleanup_free char *file = NULL, *program = NULL;
	struct span words;
	int r;

	if (!helper_name_is_valid(name))
		return err_set(err, EINVAL,
			       "'%s' cannot name a credential helper", name);
	file = xasprintf("docker-credential-%s", name);
	program = proc_find_program(file);
	if (!program)
		return err_set(err, ENOENT, "%s is not in PATH", file);
	r = helper_run(program, verb, input, out, err);
	if (r < 0)
		return err_wrap(err, r, "%s", file);
	words = helper_words(out);
	if (r > 0 && span_starts(words, HELPER_NONE))
		return 1;
	if (r > 0)
		return err_set(err, EPROTO, "%s: %.*s", file, (int)words.len,
			       words.ptr);
	return 0;
}

int
credential_helper_get(const char *name, const char *server,
		      struct credential *ret_cred, struct err *err)
{
	cleanup_strbuf struct strbuf out = STRBUF_INIT;
	int r = helper_ask(name, "get", server, &out, err);

	if (r == 0) {
		r = helper_parse(span_new(out.buf, out.len), ret_cred, err);
		if (r < 0)
			err_wrap(err, r, "docker-credential-%s", name);
	} else if (r > 0) {
		r = 0;
	}
	if (out.len)
		explicit_bzero(out.buf, out.len);
	return r;
}

int
credential_helper_store(const char *name, const char *server,
			const struct credential *cred, struct err *err)
{
	cleanup_strbuf struct strbuf out = STRBUF_INIT;
	cleanup_strbuf struct strbuf input = STRBUF_INIT;
	cleanup_node struct node *doc = node_new_obj();
	int r;

	node_set_str(doc, "ServerURL", server);
	node_set_str(doc, "Username", cred->username);
	node_set_str(doc, "Secret", cred->password);
	node_write_json(&input, doc, NODE_COMPACT);
	r = helper_ask(name, "store", input.buf, &out, err);
	explicit_bzero(input.buf, input.len);
	return r > 0 ? err_set(err, EPROTO,
			       "docker-credential-%s does not store it", name)
		     : r;
}

int
credential_helper_erase(const char *name, const char *server, struct err *err)
{
	cleanup_strbuf struct strbuf out = STRBUF_INIT;
	int r = helper_ask(name, "erase", server, &out, err);

	return r > 0 ? 0 : r;
}
