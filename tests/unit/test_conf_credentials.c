/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/fsx.h"
#include "conf/auth_file.h"
#include "conf/base64.h"
#include "conf/credentials.h"

static char place[64];

static void
credentials_setup(void)
{
	static const char *const names[] = { "DOCKER_CONFIG",
					     "DOCKER_AUTH_CONFIG",
					     "REGISTRY_AUTH_FILE",
					     "XDG_CONFIG_HOME" };

	(void)snprintf(place, sizeof(place), "/tmp/dhow-unit.XXXXXX");
	cr_assert(mkdtemp(place) != NULL);
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		(void)unsetenv(names[i]);
	(void)setenv("HOME", place, 1);
	(void)setenv("XDG_RUNTIME_DIR", place, 1);
}

static void
credentials_teardown(void)
{
	(void)fsx_remove_tree(AT_FDCWD, place, NULL);
}

TestSuite(conf_credentials, .init = credentials_setup,
	  .fini = credentials_teardown);

/* Make a file below the test's home. */
static char *
file(const char *name, const char *text, mode_t mode)
{
	char *path = xasprintf("%s/%s", place, name);
	char *slash = strrchr(name, '/');

	if (slash) {
		char *dir =
			xasprintf("%s/%.*s", place, (int)(slash - name), name);

		cr_assert(eq(int, fsx_mkdir_p(AT_FDCWD, dir, 0700, NULL), 0));
		free(dir);
	}
	cr_assert(eq(int,
		     fsx_write_atomic(AT_FDCWD, path, text, strlen(text), mode,
				      FSX_NOSYNC, NULL),
		     0));
	return path;
}

/* "user:password", "id:…", "bearer:…", "none" or the error's number. */
static char *
ask(const struct credentials_opts *opts, const char *domain, const char *path)
{
	cleanup_credential struct credential cred = CREDENTIAL_INIT;
	int r = credentials_find(opts, domain, path, &cred, NULL);

	if (r < 0)
		return xasprintf("error %d", -r);
	if (!r)
		return xstrdup("none");
	if (cred.identity_token)
		return xasprintf("id:%s", cred.identity_token);
	if (cred.registry_token)
		return xasprintf("bearer:%s", cred.registry_token);
	return xasprintf("%s:%s", cred.username, cred.password);
}

#define expect_answer(domain, path, want)                                   \
	do {                                                                \
		cleanup_free char *got_ = ask(NULL, (domain), (path));      \
		cr_expect(eq(str, got_, (char *)(want)), "%s/%s", (domain), \
			  (path));                                          \
	} while (0)

Test(conf_credentials, base64_is_strict_and_goes_both_ways)
{
	static const struct {
		const char *text, *want; /* NULL: refused */
	} cases[] = {
		{ "", "" },        { "YQ==", "a" },  { "YWI=", "ab" },
		{ "YWJj", "abc" }, { "YQ", "a" },    { "Y", NULL },
		{ "YQ=", NULL },   { "Y Q=", NULL }, { "YWJj====", NULL },
		{ "YW_j", NULL },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		cleanup_strbuf struct strbuf sb = STRBUF_INIT;
		int r = base64_decode(&sb, span_of(cases[i].text));

		cr_expect(eq(int, r, cases[i].want ? 0 : -EINVAL), "%s",
			  cases[i].text);
		cr_expect(eq(str, sb.buf, (char *)(cases[i].want ?: "")));
	}
	for (size_t len = 0; len < 7; len++) {
		cleanup_strbuf struct strbuf text = STRBUF_INIT;
		cleanup_strbuf struct strbuf back = STRBUF_INIT;

		base64_encode(&text, "\xff\x00z\x80qrs", len);
		cr_assert(eq(int, text.len % 4, 0));
		cr_assert(eq(int, base64_decode(&back, span_of(text.buf)), 0));
		cr_assert(eq(int, back.len, len));
		cr_assert(
			eq(int, memcmp(back.buf, "\xff\x00z\x80qrs", len), 0));
	}
}

Test(conf_credentials, keys_are_compared_without_their_dress)
{
	static const struct {
		const char *key, *want;
	} cases[] = {
		{ "https://index.docker.io/v1/", "docker.io" },
		{ "index.docker.io/library", "docker.io/library" },
		{ "http://r.example:5000/v2/x", "r.example:5000" },
		{ "r.example/v1/", "r.example" },
		{ "r.example/team/x", "r.example/team/x" },
		{ "index.docker.io.evil", "index.docker.io.evil" },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		cleanup_free char *got = auth_file_normal_key(cases[i].key);

		cr_expect(eq(str, got, (char *)cases[i].want));
	}
}

Test(conf_credentials, the_most_specific_key_wins)
{
	cleanup_free char *path = file(
		".docker/config.json",
		"{\"auths\":{\"r.example\":{\"auth\":\"YTox\"},"
		"\"r.example/team\":{\"auth\":\"Yjoy\"},"
		"\"https://index.docker.io/v1/\":{\"identitytoken\":\"t\"},"
		"\"q.example\":{\"registrytoken\":\"b\"},"
		"\"p.example\":{\"username\":\"u\",\"password\":\"p:q\"},"
		"\"empty.example\":{}}}",
		0600);

	expect_answer("r.example", "other/x", "a:1");
	expect_answer("r.example", "team/x", "b:2");
	expect_answer("r.example", "teams/x", "a:1");
	expect_answer("r.example", NULL, "a:1");
	expect_answer("docker.io", "library/debian", "id:t");
	expect_answer("q.example", "x", "bearer:b");
	expect_answer("p.example", "x", "u:p:q");
	expect_answer("empty.example", "x", "none");
	expect_answer("r.example.evil", "x", "none");
	expect_answer("example", "x", "none");
}

Test(conf_credentials, sources_have_an_order)
{
	cleanup_free char *docker =
		file(".docker/config.json",
		     "{\"auths\":{\"a.example\":{\"auth\":\"ZG9ja2VyOjE=\"}}}",
		     0600);
	cleanup_free char *podman =
		file("containers/auth.json",
		     "{\"auths\":{\"a.example\":{\"auth\":\"cG9kbWFuOjE=\"},"
		     "\"b.example\":{\"auth\":\"cG9kbWFuOjE=\"}}}",
		     0600);
	cleanup_free char *old = file(
		".dockercfg", "{\"c.example\":{\"auth\":\"b2xkOjE=\"}}", 0600);
	cleanup_free char *given =
		file("given.json",
		     "{\"auths\":{\"a.example\":{\"auth\":\"Z2l2ZW46MQ==\"}}}",
		     0600);
	struct credentials_opts opts = { .authfile = given };
	cleanup_free char *got = NULL;

	expect_answer("a.example", "x", "docker:1");
	expect_answer("b.example", "x", "podman:1");
	expect_answer("c.example", "x", "old:1");
	(void)setenv("REGISTRY_AUTH_FILE", given, 1);
	expect_answer("a.example", "x", "given:1");
	expect_answer("b.example", "x", "none");
	(void)setenv("DOCKER_AUTH_CONFIG",
		     "{\"auths\":{\"a.example\":{\"auth\":\"ZW52OjE=\"}}}", 1);
	expect_answer("a.example", "x", "env:1");
	got = ask(&opts, "a.example", "x");
	cr_expect(eq(str, got, (char *)"given:1"));
	(void)setenv("REGISTRY_AUTH_FILE", "/nonexistent/auth.json", 1);
	expect_answer("b.example", "x", "none");
}

Test(conf_credentials, a_missing_authfile_and_a_damaged_file_are_errors)
{
	struct credentials_opts opts = { .authfile = "/nonexistent" };
	cleanup_free char *missing = ask(&opts, "a.example", "x");
	cleanup_free char *docker = NULL;

	cr_expect(eq(str, missing, (char *)"error 2"));
	docker = file(".docker/config.json", "{\"auths\":{\"a.example\":{",
		      0600);
	expect_answer("a.example", "x", "error 74");
	free(docker);
	docker = file(".docker/config.json",
		      "{\"auths\":{\"a.example\":{\"auth\":\"bm9jb2xvbg==\"}}}",
		      0600);
	expect_answer("a.example", "x", "error 74");
	free(docker);
	docker = file(".docker/config.json", "[]", 0600);
	expect_answer("a.example", "x", "error 74");
	free(docker);
	docker = file(".docker/config.json", "", 0600);
	expect_answer("a.example", "x", "none");
}

static void
use_helper(const char *script)
{
	cleanup_free char *path =
		file("bin/docker-credential-unit", script, 0700);
	cleanup_free char *env = NULL;
	const char *was = getenv("PATH");

	env = xasprintf("%s/bin:%s", place, was ? was : "/usr/bin:/bin");
	(void)setenv("PATH", env, 1);
}

Test(conf_credentials, helpers_are_asked_by_protocol)
{
	cleanup_free char *docker = file(
		".docker/config.json",
		"{\"credsStore\":\"unit\",\"credHelpers\":{\"plain.example\":"
		"\"\"},\"auths\":{\"plain.example\":{\"auth\":\"YTox\"},"
		"\"none.example\":{\"auth\":\"Yjoy\"}}}",
		0600);

	use_helper("#!/bin/sh\nread -r url\n[ \"$1\" = get ] || exit 2\n"
		   "case $url in\n"
		   "none.example) echo 'credentials not found in native "
		   "keychain'; exit 1 ;;\n"
		   "token.example) echo '{\"Username\":\"<token>\","
		   "\"Secret\":\"idt\"}' ;;\n"
		   "*) echo \"{\\\"ServerURL\\\":\\\"$url\\\",\\\"Username\\\":"
		   "\\\"$url\\\",\\\"Secret\\\":\\\"s\\\"}\" ;;\nesac\n");
	expect_answer("r.example:5000", "x", "r.example:5000:s");
	expect_answer("docker.io", "library/x",
		      "https://index.docker.io/v1/:s");
	expect_answer("token.example", "x", "id:idt");
	expect_answer("none.example", "x", "b:2");
	expect_answer("plain.example", "x", "a:1");
}

Test(conf_credentials, a_failing_helper_is_told_but_not_fatal)
{
	cleanup_free char *docker =
		file(".docker/config.json", "{\"credsStore\":\"unit\"}", 0600);
	cleanup_credential struct credential cred = CREDENTIAL_INIT;

	use_helper("#!/bin/sh\necho the keyring is locked; exit 3\n");
	cr_assert(eq(int, credentials_find(NULL, "r.example", "x", &cred, NULL),
		     0));
	cr_assert(strstr(cred.skipped, "the keyring is locked") != NULL);
}

Test(conf_credentials, a_helper_name_with_a_slash_is_never_run)
{
	cleanup_free char *docker = file(
		".docker/config.json", "{\"credsStore\":\"x/../unit\"}", 0600);
	cleanup_credential struct credential cred = CREDENTIAL_INIT;

	cr_assert(eq(int, credentials_find(NULL, "r.example", "x", &cred, NULL),
		     0));
	cr_assert(strstr(cred.skipped, "cannot name") != NULL);
}

Test(conf_credentials, helpers_of_registries_conf_come_in_their_order)
{
	cleanup_free char *docker =
		file(".docker/config.json",
		     "{\"auths\":{\"r.example\":{\"auth\":\"YTox\"}}}", 0600);
	cleanup_strvec struct strvec helpers = STRVEC_INIT;
	struct credentials_opts opts = { .helpers = &helpers };
	cleanup_free char *before = NULL, *after = NULL, *other = NULL;

	use_helper("#!/bin/sh\necho '{\"Username\":\"h\",\"Secret\":\"s\"}'\n");
	strvec_add(&helpers, "absent");
	strvec_add(&helpers, "containers-auth.json");
	strvec_add(&helpers, "unit");
	before = ask(&opts, "r.example", "x");
	cr_expect(eq(str, before, (char *)"a:1"));
	other = ask(&opts, "q.example", "x");
	cr_expect(eq(str, other, (char *)"h:s"));
	strvec_remove(&helpers, 1);
	after = ask(&opts, "r.example", "x");
	cr_expect(eq(str, after, (char *)"h:s"));
}

Test(conf_credentials, creds_split_at_the_first_colon)
{
	cleanup_credential struct credential cred = CREDENTIAL_INIT;

	cr_assert(eq(int, credential_from_user_pass("u:p:q", &cred, NULL), 0));
	cr_assert(eq(str, cred.username, (char *)"u"));
	cr_assert(eq(str, cred.password, (char *)"p:q"));
	cr_assert(
		eq(int, credential_from_user_pass(":p", &cred, NULL), -EINVAL));
}
