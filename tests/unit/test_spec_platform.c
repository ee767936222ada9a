/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <errno.h>

#include "base/alloc.h"
#include "spec/platform.h"

static char *
shown(const char *text)
{
	struct platform platform;
	struct strbuf sb = STRBUF_INIT;

	if (platform_parse(text, &platform, NULL) < 0)
		return xstrdup("refused");
	platform_add(&sb, &platform);
	return strbuf_take(&sb);
}

Test(spec_platform, names_are_normalised)
{
	static const struct {
		const char *text, *want;
	} cases[] = {
		{ "linux/amd64", "linux/amd64" },
		{ "linux/x86_64", "linux/amd64" },
		{ "linux/x86-64", "linux/amd64" },
		{ "Linux/AMD64", "linux/amd64" },
		{ "linux/aarch64", "linux/arm64" },
		{ "linux/arm64/v8", "linux/arm64/v8" },
		{ "linux/armhf", "linux/arm/v7" },
		{ "linux/armel", "linux/arm/v6" },
		{ "linux/arm/7", "linux/arm/v7" },
		{ "linux/i386", "linux/386" },
		{ "amd64", "linux/amd64" },
		{ "arm64", "linux/arm64" },
		{ "x86_64", "linux/amd64" },
		{ "armhf", "linux/arm/v7" },
		{ "windows/amd64", "windows/amd64" },
		{ "linux/future", "linux/future" },
		{ "", "refused" },
		{ "/", "refused" },
		{ "linux/", "refused" },
		{ "/amd64", "refused" },
		{ "linux//v8", "refused" },
		{ "linux/arm/v7/x", "refused" },
		{ "amd46", "refused" },
		{ "linux/am d64", "refused" },
		{ "linux/../x", "linux/../x" },
		{ "linux/0123456789012345678901234567890123456789", "refused" },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		char *got = shown(cases[i].text);

		cr_expect(eq(str, got, (char *)cases[i].want), "'%s'",
			  cases[i].text);
		free(got);
	}
}

Test(spec_platform, a_mistyped_architecture_gets_its_neighbour)
{
	struct platform platform;
	struct err err = ERR_INIT;

	cr_assert(eq(int, platform_parse("amd46", &platform, &err), -EINVAL));
	cr_assert(eq(str, err.hint, (char *)"did you mean 'linux/amd64'?"));
}

Test(spec_platform, an_os_alone_means_this_hosts_architecture)
{
	struct platform host, parsed;

	platform_host(&host);
	cr_assert(eq(int, platform_parse("linux", &parsed, NULL), 0));
	cr_assert(eq(str, parsed.arch, host.arch));
	cr_assert(eq(str, host.os, (char *)"linux"));
}

/* What @have is worth to @want compared with @other. */
Test(spec_platform, the_nearest_variant_wins)
{
	static const struct {
		const char *want, *better, *worse;
	} cases[] = {
		{ "linux/arm/v7", "linux/arm/v7", "linux/arm/v6" },
		{ "linux/arm/v7", "linux/arm/v6", "linux/arm/v5" },
		{ "linux/arm64", "linux/arm64/v8", "linux/arm64/v9" },
		{ "linux/amd64", "linux/amd64", "linux/amd64/v3" },
		{ "linux/amd64/v3", "linux/amd64/v2", "linux/amd64" },
		{ "linux/arm/v6", "linux/arm/v6", "linux/arm/v7" },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct platform want, better, worse;

		cr_assert(
			eq(int, platform_parse(cases[i].want, &want, NULL), 0));
		cr_assert(eq(int,
			     platform_parse(cases[i].better, &better, NULL),
			     0));
		cr_assert(eq(int, platform_parse(cases[i].worse, &worse, NULL),
			     0));
		cr_expect(gt(int, platform_match(&want, &better),
			     platform_match(&want, &worse)),
			  "%s", cases[i].want);
	}
}

Test(spec_platform, what_cannot_run_never_matches)
{
	static const char *const cases[][2] = {
		{ "linux/amd64", "linux/arm64" },
		{ "linux/amd64", "windows/amd64" },
		{ "linux/amd64", "linux/amd64/v3" },
		{ "linux/arm/v6", "linux/arm/v7" },
		{ "linux/amd64", "linux/386" },
		{ "linux/amd64", "unknown/unknown" },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct platform want, have;

		cr_assert(eq(int, platform_parse(cases[i][0], &want, NULL), 0));
		cr_assert(eq(int, platform_parse(cases[i][1], &have, NULL), 0));
		cr_expect(eq(int, platform_match(&want, &have), 0), "%s %s",
			  cases[i][0], cases[i][1]);
	}
}
