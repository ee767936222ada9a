/* SPDX-License-Identifier: Apache-2.0 */
/*
 * spec/platform.h - os[/arch[/variant]].
 */
#ifndef DHOW_SPEC_PLATFORM_H
#define DHOW_SPEC_PLATFORM_H

#include <stdbool.h>

#include "base/err.h"
#include "base/strbuf.h"

#define PLATFORM_PART_BYTES 32

struct platform {
	char os[PLATFORM_PART_BYTES];      /* "linux" */
	char arch[PLATFORM_PART_BYTES];    /* Go's name: amd64, arm64 */
	char variant[PLATFORM_PART_BYTES]; /* "v8", often empty */
};

/* This host's: linux/amd64, linux/arm64/v8, … */
void platform_host(struct platform *ret_platform);
/* Aliases as x86_64 are normalised; an arch alone means linux. -EINVAL. */
int platform_parse(const char *text, struct platform *ret_platform,
		   struct err *err);
void platform_add(struct strbuf *sb, const struct platform *platform);
/*
 * How well @have serves @want: 0 not at all, higher is better (exact variant
 * first, then what runs it: arm/v7 runs v6, amd64 runs amd64).
 */
int platform_match(const struct platform *want, const struct platform *have);

#endif
