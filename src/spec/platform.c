/* SPDX-License-Identifier: Apache-2.0 */
/*
 * spec/platform.c - os[/arch[/variant]].
 */
#include "spec/platform.h"

#include <errno.h>
#include <string.h>
#include <sys/utsname.h>

#include "base/alloc.h"
#include "base/span.h"
#include "base/text.h"

/* Other names of an architecture, the kernel's among them. */
static const struct {
	const char *name, *arch, *variant;
} platform_aliases[] = {
	{ "aarch64", "arm64", "" }, { "armel", "arm", "v6" },
	{ "armhf", "arm", "v7" },   { "armv5l", "arm", "v5" },
	{ "armv6l", "arm", "v6" },  { "armv7l", "arm", "v7" },
	{ "armv8l", "arm", "v7" },  { "i386", "386", "" },
	{ "i486", "386", "" },      { "i586", "386", "" },
	{ "i686", "386", "" },      { "loongarch64", "loong64", "" },
	{ "x86-64", "amd64", "" },  { "x86_64", "amd64", "" },
};

static const char *const platform_arches[] = {
	"386",    "amd64",   "arm",     "arm64", "loong64", "mips64le",
	"mips64", "ppc64le", "riscv64", "s390x", NULL,
};

static const char *const platform_oses[] = {
	"darwin", "freebsd", "linux", "windows", NULL,
};

static bool
platform_listed(const char *const *names, const char *name)
{
	for (; *names; names++)
		if (!strcmp(*names, name))
			return true;
	return false;
}

static void
platform_set(char part[PLATFORM_PART_BYTES], const char *value)
{
	size_t len = strnlen(value, PLATFORM_PART_BYTES - 1);

	(void)memcpy(part, value, len);
	part[len] = '\0';
}

/* The variant that an architecture means when none is written. */
static const char *
platform_variant(const struct platform *platform)
{
	if (platform->variant[0])
		return platform->variant;
	if (!strcmp(platform->arch, "arm64"))
		return "v8";
	if (!strcmp(platform->arch, "arm"))
		return "v7";
	return !strcmp(platform->arch, "amd64") ? "v1" : "";
}

static void
platform_normalise(struct platform *platform)
{
	for (size_t i = 0; i < ARRAY_LEN(platform_aliases); i++) {
		if (strcmp(platform->arch, platform_aliases[i].name) != 0)
			continue;
		platform_set(platform->arch, platform_aliases[i].arch);
		if (!platform->variant[0])
			platform_set(platform->variant,
				     platform_aliases[i].variant);
		return;
	}
	/* "arm/7", "arm64/8" */
	if (text_is_digit(platform->variant[0]) && !platform->variant[1] &&
	    text_starts(platform->arch, "arm")) {
		platform->variant[1] = platform->variant[0];
		platform->variant[0] = 'v';
		platform->variant[2] = '\0';
	}
}

void
platform_host(struct platform *ret_platform)
{
	struct utsname names;
	struct platform platform = { .os = "linux" };

	platform_set(platform.arch, uname(&names) ? "amd64" : names.machine);
	platform_normalise(&platform);
	if (!strcmp(platform.arch, "arm64"))
		platform_set(platform.variant, "v8");
	*ret_platform = platform;
}

/* Copy one part, lower-cased; false when it is empty, long or strange. */
static bool
platform_take_part(struct span part, char ret_part[PLATFORM_PART_BYTES])
{
	if (!part.len || part.len >= PLATFORM_PART_BYTES)
		return false;
	for (size_t i = 0; i < part.len; i++) {
		char c = part.ptr[i];

		if (!text_is_alnum(c) && !strchr("_.-", c))
			return false;
		ret_part[i] = text_is_upper(c) ? (char)(c - 'A' + 'a') : c;
	}
	ret_part[part.len] = '\0';
	return true;
}

/* One word: an operating system for this host's arch, or an arch of Linux. */
static int
platform_from_word(struct platform *platform, struct err *err)
{
	struct platform as_arch = { .os = "linux" };
	struct platform host;
	const char *near;

	if (platform_listed(platform_oses, platform->os)) {
		platform_host(&host);
		platform_set(platform->arch, host.arch);
		platform_set(platform->variant, host.variant);
		return 0;
	}
	platform_set(as_arch.arch, platform->os);
	platform_normalise(&as_arch);
	if (platform_listed(platform_arches, as_arch.arch)) {
		*platform = as_arch;
		return 0;
	}
	near = text_nearest(platform->os, platform_arches);
	(void)err_set(err, EINVAL, "platform '%s' is not known", platform->os);
	if (near)
		err_hint(err, "did you mean 'linux/%s'?", near);
	else
		err_hint(err, "write it as linux/amd64 or linux/arm64");
	return -EINVAL;
}

int
platform_parse(const char *text, struct platform *ret_platform, struct err *err)
{
	struct platform platform = { .os = "" };
	char(*parts[])[PLATFORM_PART_BYTES] = { &platform.os, &platform.arch,
						&platform.variant };
	struct span rest = span_of(text);
	size_t count = 0;
	int r;

	for (;;) {
		size_t at = span_find(rest, '/');

		if (count == ARRAY_LEN(parts) ||
		    !platform_take_part(span_new(rest.ptr, at),
					*parts[count])) {
			(void)err_set(
				err, EINVAL,
				"platform '%s' is not os[/arch[/variant]]",
				text);
			err_hint(err, "as linux/amd64 or linux/arm/v7");
			return -EINVAL;
		}
		count++;
		if (at == rest.len)
			break;
		rest = span_skip(rest, at + 1);
	}
	if (count == 1) {
		r = platform_from_word(&platform, err);
		if (r < 0)
			return r;
	}
	platform_normalise(&platform);
	*ret_platform = platform;
	return 0;
}

void
platform_add(struct strbuf *sb, const struct platform *platform)
{
	strbuf_addstr(sb, platform->os);
	if (platform->arch[0])
		strbuf_addf(sb, "/%s", platform->arch);
	if (platform->variant[0])
		strbuf_addf(sb, "/%s", platform->variant);
}

/* "v7" is 7, "v8.2" is 8; 0 for what has no number. */
static int
platform_level(const char *variant)
{
	int level = 0;

	if (*variant++ != 'v')
		return 0;
	for (; text_is_digit(*variant) && level < 100; variant++)
		level = 10 * level + (*variant - '0');
	return level;
}

int
platform_match(const struct platform *want, const struct platform *have)
{
	const char *wanted = platform_variant(want);
	const char *offered = platform_variant(have);
	int distance;

	if (strcmp(want->os, have->os) != 0 ||
	    strcmp(want->arch, have->arch) != 0)
		return 0;
	if (!strcmp(wanted, offered))
		return 1000;
	if (!platform_level(wanted) || !platform_level(offered))
		return 0;
	/* A processor runs what was built for its predecessors. */
	distance = platform_level(wanted) - platform_level(offered);
	return distance >= 0 ? 900 - distance : 0;
}
