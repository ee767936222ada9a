/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <errno.h>

#include "base/alloc.h"
#include "spec/ref.h"

#define HEX16 "0123456789abcdef"
#define HEX64 HEX16 HEX16 HEX16 HEX16
#define DIGEST "sha256:" HEX64

static char *
canonical(const char *text)
{
	cleanup_ref struct ref ref = REF_INIT;
	struct strbuf sb = STRBUF_INIT;

	if (ref_parse(text, &ref, NULL) < 0)
		return xstrdup("refused");
	ref_add_canonical(&sb, &ref);
	return strbuf_take(&sb);
}

static bool
is_refused(const char *text)
{
	cleanup_free char *got = canonical(text);

	return !strcmp(got, "refused");
}

static char *
familiar(const char *text)
{
	cleanup_ref struct ref ref = REF_INIT;
	struct strbuf sb = STRBUF_INIT;

	cr_assert(eq(int, ref_parse(text, &ref, NULL), 0), "'%s'", text);
	ref_add_familiar(&sb, &ref);
	return strbuf_take(&sb);
}

Test(spec_ref, names_are_normalised_as_docker_does)
{
	static const struct {
		const char *text, *want;
	} cases[] = {
		{ "debian", "docker.io/library/debian:latest" },
		{ "debian:12", "docker.io/library/debian:12" },
		{ "docker.io/debian", "docker.io/library/debian:latest" },
		{ "index.docker.io/debian", "docker.io/library/debian:latest" },
		{ "docker.io/a/b:1", "docker.io/a/b:1" },
		{ "a/b/c", "docker.io/a/b/c:latest" },
		{ "quay.io/x", "quay.io/x:latest" },
		{ "localhost/x", "localhost/x:latest" },
		{ "localhost:5000/x:y", "localhost:5000/x:y" },
		{ "localhost:5000", "docker.io/library/localhost:5000" },
		{ "[::1]:5000/a/b", "[::1]:5000/a/b:latest" },
		{ "[2001:db8::1]/a", "[2001:db8::1]/a:latest" },
		{ "HOST/a", "HOST/a:latest" },
		{ "a@" DIGEST, "docker.io/library/a@" DIGEST },
		{ "a:1@" DIGEST, "docker.io/library/a:1@" DIGEST },
		{ "a-b/c__d.e---f_g", "docker.io/a-b/c__d.e---f_g:latest" },
		{ "a:_x.Y-Z", "docker.io/library/a:_x.Y-Z" },
		{ HEX64 ":1", "docker.io/library/" HEX64 ":1" },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		char *got = canonical(cases[i].text);

		cr_expect(eq(str, got, (char *)cases[i].want), "'%s'",
			  cases[i].text);
		free(got);
	}
}

Test(spec_ref, CVE_2024_3727_what_is_no_reference_is_refused)
{
	static const char *const bad[] = {
		"",
		":",
		"@",
		"/",
		"a/",
		"/a",
		"a//b",
		"a:",
		"a@",
		"Debian",
		"a/B",
		"a b",
		"a:b:c",
		"a:-x",
		"a:.x",
		"a:x/y",
		".a",
		"-a",
		"_a",
		"a-",
		"a___b",
		"a..b",
		"a._b",
		"a/../b",
		"../a",
		"a/./b",
		"host.x:/a",
		"host.x:99999/a",
		"host..x/a",
		"-h.x/a",
		"[::1/a",
		"[zz::1]:1/a",
		"[::1]",
		"[::1]x:1/a",
		"a\tb",
		"a%2fb",
		"a@md5:00",
		"a@sha256:" HEX16,
		"a@" DIGEST "x",
		HEX64,
		"a@" DIGEST "@" DIGEST,
		"a@sha256:../../../x",
		"https://quay.io/x",
		"docker://debian",
		"a:\xc3\xa9",
		"host.x:5a/b",
		"a\n",
	};

	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		cleanup_ref struct ref ref = REF_INIT;
		struct err err = ERR_INIT;

		cr_expect(eq(int, ref_parse(bad[i], &ref, &err), -EINVAL),
			  "'%s'", bad[i]);
		cr_expect(eq(int, err.code, EINVAL), "'%s'", bad[i]);
	}
}

Test(spec_ref, lengths_are_limited)
{
	char name[400], tagged[400];

	(void)memset(name, 'a', sizeof(name));
	name[REF_MAX_NAME - strlen("docker.io/library/")] = '\0';
	cr_assert(eq(int, is_refused(name), false));
	name[strlen(name)] = 'a';
	name[REF_MAX_NAME - strlen("docker.io/library/") + 1] = '\0';
	cr_assert(eq(int, is_refused(name), true));

	(void)memset(tagged, 'a', sizeof(tagged));
	tagged[1] = ':';
	tagged[2 + REF_MAX_TAG] = '\0';
	cr_assert(eq(int, is_refused(tagged), false));
	tagged[2 + REF_MAX_TAG] = 'a';
	tagged[3 + REF_MAX_TAG] = '\0';
	cr_assert(eq(int, is_refused(tagged), true));
}

Test(spec_ref, upper_case_and_ids_and_schemes_get_a_hint)
{
	static const char *const cases[][2] = {
		{ "Debian:12", "image names are lower case: 'debian'" },
		{ HEX64, "64 hex digits cannot name a repository" },
		{ "https://quay.io/x", "write 'quay.io/x'" },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct ref ref;
		struct err err = ERR_INIT;

		cr_expect(eq(int, ref_parse(cases[i][0], &ref, &err), -EINVAL));
		cr_expect(eq(str, err.hint, (char *)cases[i][1]));
	}
}

Test(spec_ref, the_familiar_form_is_what_people_type)
{
	static const char *const cases[][2] = {
		{ "docker.io/library/debian", "debian:latest" },
		{ "docker.io/a/b:1", "a/b:1" },
		{ "docker.io/library/a/b", "library/a/b:latest" },
		{ "quay.io/library/x", "quay.io/library/x:latest" },
		{ "debian@" DIGEST, "debian@" DIGEST },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		char *got = familiar(cases[i][0]);

		cr_expect(eq(str, got, (char *)cases[i][1]));
		free(got);
	}
}

Test(spec_ref, the_canonical_form_parses_to_itself)
{
	static const char *const cases[] = {
		"debian",
		"a:1@" DIGEST,
		"[::1]:5000/x",
		"localhost/y:z",
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		char *once = canonical(cases[i]);
		char *twice = canonical(once);

		cr_expect(eq(str, once, twice));
		free(once);
		free(twice);
	}
}

Test(spec_ref, only_this_host_is_loopback)
{
	static const struct {
		const char *text;
		bool want;
	} cases[] = {
		{ "localhost/x", true },
		{ "localhost:5000/x", true },
		{ "127.0.0.1:5000/x", true },
		{ "127.9.9.9/x", true },
		{ "[::1]/x", true },
		{ "[::1]:5000/x", true },
		{ "[0:0:0:0:0:0:0:1]/x", true },
		{ "128.0.0.1/x", false },
		{ "127.0.0.1.evil.com/x", false },
		{ "localhost.com/x", false },
		{ "[::2]/x", false },
		{ "x", false },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		cleanup_ref struct ref ref = REF_INIT;

		cr_assert(eq(int, ref_parse(cases[i].text, &ref, NULL), 0));
		cr_expect(eq(int, ref_is_loopback(&ref), cases[i].want), "%s",
			  cases[i].text);
	}
}

Test(spec_ref, a_copy_lives_by_itself)
{
	struct ref ref = REF_INIT, copy = REF_INIT;

	cr_assert(eq(int, ref_parse("a:1", &ref, NULL), 0));
	ref_copy(&copy, &ref);
	ref_release(&ref);
	cr_assert(eq(str, copy.tag, (char *)"1"));
	cr_assert(copy.tag_given);
	cr_assert(not(copy.domain_given));
	ref_release(&copy);
}
