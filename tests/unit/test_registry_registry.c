/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/fsx.h"
#include "base/units.h"
#include "http_script.h"
#include "registry/registry.h"
#include "spec/manifest.h"

#define OK_HEAD(len) "HTTP/1.1 200 OK\r\nContent-Length: " len "\r\n"
#define TYPE_HEAD "Content-Type: " MEDIA_OCI_MANIFEST "; charset=utf-8\r\n"
#define NO_BODY "Content-Length: 0\r\n\r\n"
/* sha256 of "{}" and of "0123456789" */
#define BRACES \
	"sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"
#define DIGITS \
	"sha256:84d89877f0d4041efb6bf91a16f0248f2fd573e6af05c19f96bedb9f882f7882"
#define SOME_MANIFEST OK_HEAD("2") TYPE_HEAD "\r\n{}"

static char place[64];
static struct http_script one, two;

static void
registry_setup(void)
{
	static const char *const names[] = {
		"http_proxy",         "HTTP_PROXY",         "https_proxy",
		"HTTPS_PROXY",        "all_proxy",          "ALL_PROXY",
		"DOCKER_AUTH_CONFIG", "REGISTRY_AUTH_FILE", "DOCKER_CONFIG",
		"XDG_CONFIG_HOME",
	};

	(void)snprintf(place, sizeof(place), "/tmp/dhow-unit.XXXXXX");
	cr_assert(mkdtemp(place) != NULL);
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		(void)unsetenv(names[i]);
	(void)setenv("HOME", place, 1);
	(void)setenv("XDG_RUNTIME_DIR", place, 1);
	(void)setenv("DOCKER_AUTH_CONFIG", "{}", 1);
	http_script_listen(&one);
	http_script_listen(&two);
}

static void
registry_teardown(void)
{
	http_script_stop(&one);
	http_script_stop(&two);
	(void)fsx_remove_tree(AT_FDCWD, place, NULL);
}

TestSuite(registry_registry, .init = registry_setup, .fini = registry_teardown,
	  .timeout = 30);

static void
login_as(const char *user_pass_base64)
{
	cleanup_free char *text =
		xasprintf("{\"auths\":{\"localhost:%d\":{\"auth\":\"%s\"}}}",
			  one.port, user_pass_base64);

	(void)setenv("DOCKER_AUTH_CONFIG", text, 1);
}

static struct registry *
open_one(const struct registry_opts *opts)
{
	struct registry_opts usual = REGISTRY_OPTS_INIT;
	cleanup_free char *name =
		xasprintf("localhost:%d/team/app:1", one.port);
	cleanup_ref struct ref ref = REF_INIT;
	struct registry *reg = NULL;
	struct err err = ERR_INIT;

	usual.retry_delay_ns = 1000000;
	cr_assert(eq(int, ref_parse(name, &ref, NULL), 0));
	cr_assert(eq(int, registry_open(&ref, opts ? opts : &usual, &reg, &err),
		     0),
		  "%s", err.text);
	return reg;
}

/* Get the manifest of @tag; the code, and the story in @err. */
static int
get(const char *tag, struct err *err)
{
	cleanup_with(registry_close) struct registry *reg = open_one(NULL);
	cleanup_registry_manifest struct registry_manifest manifest =
		REGISTRY_MANIFEST_INIT;
	int r = registry_get_manifest(reg, tag, &manifest, err);

	if (!r) {
		cr_expect(eq(str, manifest.digest.text, (char *)BRACES));
		cr_expect(eq(str, manifest.media_type,
			     (char *)MEDIA_OCI_MANIFEST));
	}
	return r;
}

#define serve(script, ...)                                               \
	do {                                                             \
		static struct http_script_row rows_[] = { __VA_ARGS__ }; \
		http_script_serve(&(script), rows_,                      \
				  sizeof(rows_) / sizeof(rows_[0]));     \
	} while (0)

Test(registry_registry, a_manifest_comes_over_http_on_loopback)
{
	serve(one, { .match = "GET /v2/team/app/manifests/1 ",
		     .reply = SOME_MANIFEST });
	cr_assert(eq(int, get(NULL, NULL), 0));
	cr_assert(eq(int, http_script_count(&one, MEDIA_DOCKER_LIST), 1));
	cr_assert(eq(int, http_script_count(&one, "User-Agent: dhow/"), 1));
	cr_assert(eq(int, http_script_count(&one, "Authorization"), 0));
}

Test(registry_registry, verified_tls_never_falls_back_to_http)
{
	struct registry_opts opts = REGISTRY_OPTS_INIT;
	cleanup_with(registry_close) struct registry *reg = NULL;
	cleanup_registry_manifest struct registry_manifest manifest =
		REGISTRY_MANIFEST_INIT;

	serve(one, { .match = "GET", .reply = SOME_MANIFEST });
	opts.tls = REGISTRY_TLS_VERIFY;
	opts.retries = 0;
	reg = open_one(&opts);
	cr_assert(
		lt(int, registry_get_manifest(reg, NULL, &manifest, NULL), 0));
	cr_assert(eq(str, one.log, (char *)""));
}

Test(registry_registry, digests_must_be_those_of_the_bytes)
{
	struct err err = ERR_INIT;

	serve(one, { .match = "/manifests/" BRACES, .reply = SOME_MANIFEST },
	      { .match = "/manifests/" DIGITS, .reply = SOME_MANIFEST },
	      { .match = "/manifests/lie",
		.reply = OK_HEAD("2") TYPE_HEAD "Docker-Content-Digest: " DIGITS
						"\r\n\r\n{}" });
	cr_expect(eq(int, get(BRACES, NULL), 0));
	cr_expect(eq(int, get(DIGITS, &err), -EBADMSG));
	cr_expect(strstr(err.text, "wrong digest") != NULL);
	cr_expect(eq(int, get("lie", NULL), -EBADMSG));
}

Test(registry_registry, what_is_no_tag_is_never_sent)
{
	serve(one, { .match = "GET", .reply = SOME_MANIFEST });
	cr_expect(eq(int, get("../x", NULL), -EINVAL));
	cr_expect(eq(int, get("sha256:../../x", NULL), -EINVAL));
	cr_expect(eq(int, get("", NULL), -EINVAL));
	cr_assert(eq(str, one.log, (char *)""));
}

Test(registry_registry, refusals_have_their_codes)
{
	static const struct {
		const char *tag;
		int want;
		const char *words;
	} cases[] = {
		{ "absent", -ENOENT, "no tag 'absent'" },
		{ "norepo", -ENOENT, "no such repository" },
		{ "denied", -EACCES, "does not exist or is private" },
		{ "limit", -EDQUOT, "slow down" },
		{ "teapot", -EPROTO, "status 418" },
		{ "schema1", -EOPNOTSUPP, "schema 1" },
		{ "loop", -EPROTO, "too many redirects" },
		{ "noplace", -EPROTO, "redirect without a place" },
	};

	serve(one,
	      { .match = "/absent", .reply = "HTTP/1.1 404 x\r\n" NO_BODY },
	      { .match = "/norepo",
		.reply = "HTTP/1.1 404 x\r\nContent-Length: 37\r\n\r\n"
			 "{\"errors\":[{\"code\":\"NAME_UNKNOWN\"}]}\n" },
	      { .match = "/denied", .reply = "HTTP/1.1 403 x\r\n" NO_BODY },
	      { .match = "/limit",
		.reply = "HTTP/1.1 429 x\r\nRetry-After: 3600\r\n"
			 "Content-Length: 37\r\n\r\n"
			 "{\"errors\":[{\"message\":\"slow down\"}]}\n" },
	      { .match = "/teapot", .reply = "HTTP/1.1 418 x\r\n" NO_BODY },
	      { .match = "/schema1",
		.reply = OK_HEAD("2") "Content-Type: application/vnd.docker."
				      "distribution.manifest.v1+prettyjws\r\n"
				      "\r\n{}" },
	      { .match = "/loop",
		.reply = "HTTP/1.1 307 x\r\nLocation: /loop\r\n" NO_BODY },
	      { .match = "/noplace", .reply = "HTTP/1.1 302 x\r\n" NO_BODY });
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct err err = ERR_INIT;

		cr_expect(eq(int, get(cases[i].tag, &err), cases[i].want), "%s",
			  cases[i].tag);
		cr_expect(strstr(err.text, cases[i].words) != NULL, "%s: %s",
			  cases[i].tag, err.text);
	}
}

Test(registry_registry, a_manifest_has_a_size_limit)
{
	serve(one, { .match = "GET",
		     .reply = OK_HEAD("99999999") TYPE_HEAD "\r\n{}" });
	cr_expect(lt(int, get(NULL, NULL), 0));
}

Test(registry_registry, passing_trouble_is_tried_again)
{
	serve(one,
	      { .match = "GET",
		.reply = "HTTP/1.1 503 x\r\n" NO_BODY,
		.times = 1 },
	      { .match = "GET",
		.reply = OK_HEAD("2") TYPE_HEAD "\r\n{",
		.times = 1 },
	      { .match = "GET",
		.reply = "HTTP/1.1 429 x\r\n" NO_BODY,
		.times = 1 },
	      { .match = "GET", .reply = SOME_MANIFEST });
	cr_assert(eq(int, get(NULL, NULL), 0));
	cr_assert(eq(int, http_script_count(&one, "GET "), 4));
}

Test(registry_registry, trouble_that_stays_ends)
{
	serve(one, { .match = "GET", .reply = "HTTP/1.1 500 x\r\n" NO_BODY });
	cr_assert(eq(int, get(NULL, NULL), -EPROTO));
	cr_assert(
		eq(int, http_script_count(&one, "GET "), 1 + REGISTRY_RETRIES));
}

Test(registry_registry, basic_credentials_are_shown_when_asked_for)
{
	struct err err = ERR_INIT;

	serve(one,
	      { .match = "Authorization: Basic dTpw", .reply = SOME_MANIFEST },
	      { .match = "GET",
		.reply = "HTTP/1.1 401 x\r\n"
			 "WWW-Authenticate: Basic realm=x\r\n" NO_BODY });
	login_as("dTpw");
	cr_assert(eq(int, get(NULL, NULL), 0));
	cr_assert(eq(int, http_script_count(&one, "GET "), 2));
	login_as("dTpx");
	cr_assert(eq(int, get(NULL, &err), -EACCES));
	cr_assert(strstr(err.text, "refuses the credentials of user 'u'") !=
			  NULL,
		  "%s", err.text);
	cr_assert(eq(int, http_script_count(&one, "GET "), 4));
}

Test(registry_registry, a_token_is_fetched_once_for_its_scope)
{
	cleanup_with(registry_close) struct registry *reg = NULL;
	static struct http_script_row rows[3];

	rows[0] =
		(struct http_script_row){ .match = "Authorization: Bearer tok",
					  .reply = SOME_MANIFEST };
	rows[1] = (struct http_script_row){
		.match = "GET /token?service=s&scope=repository%3Ateam%2Fapp"
			 "%3Apull ",
		.and = "Authorization: Basic dTpw",
		.reply = "HTTP/1.1 200 x\r\n\r\n{\"access_token\":\"tok\","
			 "\"expires_in\":300}",
	};
	rows[2] = (struct http_script_row){
		.match = "GET /v2",
		.reply = xasprintf("HTTP/1.1 401 x\r\nWWW-Authenticate: Bearer "
				   "realm=\"http://localhost:%d/token\","
				   "service=\"s\",scope=\"evil\"\r\n" NO_BODY,
				   one.port),
	};
	http_script_serve(&one, rows, 3);
	login_as("dTpw");
	reg = open_one(NULL);
	for (int i = 0; i < 3; i++) {
		cleanup_registry_manifest struct registry_manifest manifest =
			REGISTRY_MANIFEST_INIT;

		cr_assert(eq(int,
			     registry_get_manifest(reg, NULL, &manifest, NULL),
			     0));
	}
	cr_assert(eq(int, http_script_count(&one, "GET /token"), 1));
	cr_assert(eq(int, http_script_count(&one, "GET /v2"), 4));
}

Test(registry_registry, tokens_that_would_break_a_header_are_refused)
{
	static struct http_script_row rows[2];
	struct err err = ERR_INIT;

	rows[0] = (struct http_script_row){
		.match = "GET /token",
		.reply =
			"HTTP/1.1 200 x\r\n\r\n{\"token\":\"a\\r\\nX-Y: z....\"}",
	};
	rows[1] = (struct http_script_row){
		.match = "GET /v2",
		.reply = xasprintf(
			"HTTP/1.1 401 x\r\nWWW-Authenticate: Bearer "
			"realm=\"http://localhost:%d/token\"\r\n" NO_BODY,
			one.port),
	};
	http_script_serve(&one, rows, 2);
	cr_assert(eq(int, get(NULL, &err), -EPROTO));
	cr_assert(strstr(err.text, "no usable token") != NULL, "%s", err.text);
}

Test(registry_registry, cve_2020_15157_credentials_stay_with_their_origin)
{
	static struct http_script_row rows[2];

	rows[0] = (struct http_script_row){
		.match = "Authorization: Basic dTpw",
		.reply = xasprintf("HTTP/1.1 307 x\r\nLocation: "
				   "http://localhost:%d/elsewhere\r\n" NO_BODY,
				   two.port),
	};
	rows[1] = (struct http_script_row){
		.match = "GET",
		.reply = "HTTP/1.1 401 x\r\n"
			 "WWW-Authenticate: Basic realm=x\r\n" NO_BODY,
	};
	http_script_serve(&one, rows, 2);
	serve(two, { .match = "GET /elsewhere", .reply = SOME_MANIFEST });
	login_as("dTpw");
	cr_assert(eq(int, get(NULL, NULL), 0));
	cr_assert(eq(int, http_script_count(&two, "GET /elsewhere"), 1));
	cr_assert(eq(int, http_script_count(&two, "Authorization"), 0));
}

Test(registry_registry, a_foreign_401_is_no_challenge)
{
	static struct http_script_row rows[1];

	rows[0] = (struct http_script_row){
		.match = "GET",
		.reply = xasprintf("HTTP/1.1 307 x\r\nLocation: "
				   "http://localhost:%d/elsewhere\r\n" NO_BODY,
				   two.port),
	};
	http_script_serve(&one, rows, 1);
	serve(two, { .match = "GET",
		     .reply = "HTTP/1.1 401 x\r\n"
			      "WWW-Authenticate: Basic realm=x\r\n" NO_BODY });
	login_as("dTpw");
	cr_assert(eq(int, get(NULL, NULL), -EPROTO));
	cr_assert(eq(int, http_script_count(&two, "GET"), 1));
	cr_assert(eq(int, http_script_count(&two, "Authorization"), 0));
}

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

Test(registry_registry, several_blobs_arrive_each_in_its_sink)
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

Test(registry_registry, a_slow_sink_gets_every_byte_once)
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

Test(registry_registry, a_full_pipe_is_waited_for_and_nothing_else)
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

Test(registry_registry, a_cut_line_goes_on_by_range)
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

Test(registry_registry, a_server_without_ranges_is_read_over)
{
	struct sink sink = { .len = 0 };

	serve(one,
	      { .match = "GET", .reply = OK_HEAD("10") "\r\n0123", .times = 1 },
	      { .match = "GET", .reply = OK_HEAD("10") "\r\n0123456789" });
	cr_assert(eq(int, download(&sink, 1, 10, 0, NULL), 0));
	cr_assert(eq(str, sink.bytes, (char *)"0123456789"));
}

Test(registry_registry, a_download_may_begin_in_the_middle)
{
	struct sink sink = { .len = 0 };

	serve(one, { .match = "Range: bytes=7-",
		     .reply = "HTTP/1.1 206 x\r\nContent-Range: bytes "
			      "7-9/10\r\nContent-Length: 3\r\n\r\n789" });
	cr_assert(eq(int, download(&sink, 1, 10, 7, NULL), 0));
	cr_assert(eq(str, sink.bytes, (char *)"789"));
}

Test(registry_registry, a_part_from_another_place_is_refused)
{
	struct sink sink = { .len = 0 };

	serve(one, { .match = "GET",
		     .reply = "HTTP/1.1 206 x\r\nContent-Range: bytes "
			      "2-9/10\r\nContent-Length: 8\r\n\r\n23456789" });
	cr_assert(eq(int, download(&sink, 1, 10, 7, NULL), -EPROTO));
	cr_assert(eq(int, sink.len, 0));
}

Test(registry_registry, a_blob_of_another_size_is_refused)
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

Test(registry_registry, a_sink_that_fails_ends_the_set)
{
	struct sink sinks[2] = { { .len = 0 }, { .fail = -ENOSPC } };
	struct err err = ERR_INIT;

	serve(one, { .match = "GET", .reply = OK_HEAD("10") "\r\n0123456789" });
	cr_assert(eq(int, download(sinks, 2, 10, 0, &err), -ENOSPC));
	cr_assert(strstr(err.text, "the sink says no") != NULL, "%s", err.text);
}

Test(registry_registry, a_mirror_that_fails_is_passed_over)
{
	cleanup_with(registries_free) struct registries *regs = NULL;
	cleanup_with(registry_close) struct registry *reg = NULL;
	cleanup_registry_manifest struct registry_manifest manifest =
		REGISTRY_MANIFEST_INIT;
	cleanup_node struct node *config = NULL;
	struct registry_opts opts = REGISTRY_OPTS_INIT;
	cleanup_free char *yaml =
		xasprintf("localhost:%d: { mirrors: ['localhost:%d/hub'] }",
			  one.port, two.port);
	struct registries_opts nowhere = { .etc = place, .home = place };

	cr_assert(eq(int, registries_load(&nowhere, &regs, NULL), 0));
	cr_assert(
		eq(int, node_parse_yaml(span_of(yaml), "c", &config, NULL), 0));
	cr_assert(eq(int, registries_add_config(regs, config, NULL), 0));
	serve(one, { .match = "GET /v2/team/app/", .reply = SOME_MANIFEST });
	serve(two, { .match = "GET /v2/hub/team/app/",
		     .reply = OK_HEAD("2") TYPE_HEAD
		     "Docker-Content-Digest: " DIGITS "\r\n\r\n{}" });
	opts.registries = regs;
	reg = open_one(&opts);
	cr_assert(
		eq(int, registry_get_manifest(reg, NULL, &manifest, NULL), 0));
	cr_assert(eq(int, http_script_count(&two, "GET "), 1));
	cr_assert(eq(int, http_script_count(&one, "GET "), 1));
}

Test(registry_registry, tags_are_read_page_by_page)
{
	cleanup_strvec struct strvec tags = STRVEC_INIT;
	cleanup_with(registry_close) struct registry *reg = NULL;

	serve(one,
	      { .match = "GET /v2/team/app/tags/list?last=b&n=2 ",
		.reply = OK_HEAD("14") "\r\n{\"tags\":[\"c\"]}" },
	      { .match = "GET /v2/team/app/tags/list?n=1000 ",
		.reply = OK_HEAD("18") "Link: <http://evil.example/v2/x?last=b&"
				       "n=2>; rel=\"next\"\r\n\r\n"
				       "{\"tags\":[\"a\",\"b\"]}" });
	reg = open_one(NULL);
	cr_assert(eq(int, registry_list_tags(reg, 100, &tags, NULL), 0));
	cr_assert(eq(int, tags.len, 3));
	cr_assert(eq(str, tags.v[2], (char *)"c"));
}

static int
tick_cancels(void *data)
{
	int *left = data;

	return (*left)-- > 0 ? 0 : -ECANCELED;
}

Test(registry_registry, the_tick_ends_a_wait)
{
	cleanup_with(registry_close) struct registry *reg = NULL;
	cleanup_registry_manifest struct registry_manifest manifest =
		REGISTRY_MANIFEST_INIT;
	struct registry_opts opts = REGISTRY_OPTS_INIT;
	int left = 3;

	serve(one, { .match = "GET", .reply = "HTTP/1.1 503 x\r\n" NO_BODY });
	opts.tick = tick_cancels;
	opts.data = &left;
	opts.retry_delay_ns = INT64_C(60000000000);
	reg = open_one(&opts);
	cr_assert(eq(int, registry_get_manifest(reg, NULL, &manifest, NULL),
		     -ECANCELED));
}
