/* SPDX-License-Identifier: Apache-2.0 */
#include "registry_place.h"

TestSuite(registry_registry, .init = registry_setup, .fini = registry_teardown,
	  .timeout = 30);

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
	static struct http_script_row row = { .match = "GET" };
	cleanup_strbuf struct strbuf reply = STRBUF_INIT;
	struct err err = ERR_INIT;

	strbuf_addstr(&reply, "HTTP/1.1 200 x\r\n" TYPE_HEAD "\r\n{}");
	strbuf_pad(&reply, ' ', MANIFEST_MAX_BYTES);
	row.reply = reply.buf;
	http_script_serve(&one, &row, 1);
	cr_assert(eq(int, get(NULL, &err), -EBADMSG));
	cr_assert(strstr(err.text, "sends too much") != NULL, "%s", err.text);
	cr_assert(eq(int, http_script_count(&one, "GET "), 1));
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

Test(registry_registry, an_identity_token_is_posted)
{
	static struct http_script_row rows[3];
	cleanup_free char *config = xasprintf(
		"{\"auths\":{\"localhost:%d\":{\"identitytoken\":\"id&t\"}}}",
		one.port);

	rows[0] =
		(struct http_script_row){ .match = "Authorization: Bearer tok",
					  .reply = SOME_MANIFEST };
	rows[1] = (struct http_script_row){
		.match = "POST /token ",
		.and = "Content-Type: application/x-www-form-urlencoded",
		.reply = "HTTP/1.1 200 x\r\n\r\n{\"access_token\":\"tok\"}",
	};
	rows[2] = (struct http_script_row){
		.match = "GET /v2",
		.reply = xasprintf("HTTP/1.1 401 x\r\nWWW-Authenticate: Bearer "
				   "realm=\"http://localhost:%d/token\","
				   "service=\"s\"\r\n" NO_BODY,
				   one.port),
	};
	http_script_serve(&one, rows, 3);
	(void)setenv("DOCKER_AUTH_CONFIG", config, 1);
	cr_assert(eq(int, get(NULL, NULL), 0));
	cr_assert(eq(int, http_script_count(&one, "Authorization: Basic"), 0));
}

/* The code for registry.invalid, with @one as the proxy. */
static int
get_by_proxy(const char *variable, enum registry_tls tls, struct err *err)
{
	struct registry_opts opts = REGISTRY_OPTS_INIT;
	cleanup_free char *proxy = xasprintf("http://127.0.0.1:%d", one.port);
	cleanup_with(registry_close) struct registry *reg = NULL;
	cleanup_registry_manifest struct registry_manifest manifest =
		REGISTRY_MANIFEST_INIT;

	(void)setenv("HTTPS_PROXY", proxy, 1);
	(void)setenv(variable, proxy, 1);
	opts.tls = tls;
	opts.retries = 0;
	reg = open_named("registry.invalid/team/app:1", &opts);
	return registry_get_manifest(reg, NULL, &manifest, err);
}

Test(registry_registry, a_proxy_comes_from_the_environment)
{
	static const char *const names[] = { "http_proxy", "HTTP_PROXY",
					     "ALL_PROXY" };

	serve(one,
	      { .match = "GET http://registry.invalid/v2/team/app/manifests/1 ",
		.reply = SOME_MANIFEST });
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		cr_expect(eq(int,
			     get_by_proxy(names[i], REGISTRY_TLS_OFF, NULL), 0),
			  "%s", names[i]);
		(void)unsetenv(names[i]);
	}
}

Test(registry_registry, a_proxy_that_refuses_is_named)
{
	struct err err = ERR_INIT;

	serve(one, { .match = "CONNECT registry.invalid:443",
		     .reply = "HTTP/1.1 403 x\r\n" NO_BODY });
	cr_assert(eq(int,
		     get_by_proxy("https_proxy", REGISTRY_TLS_VERIFY, &err),
		     -EPROTO));
	cr_assert(strstr(err.text,
			 "the proxy refuses to connect to "
			 "'registry.invalid:443' (status 403)") != NULL,
		  "%s", err.text);
}

Test(registry_registry, loopback_is_never_sent_to_a_proxy)
{
	(void)setenv("http_proxy", "http://127.0.0.1:1", 1);
	(void)setenv("https_proxy", "http://127.0.0.1:1", 1);
	serve(one, { .match = "GET /v2", .reply = SOME_MANIFEST });
	cr_assert(eq(int, get(NULL, NULL), 0));
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
