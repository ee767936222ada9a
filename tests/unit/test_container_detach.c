/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <string.h>

#include "container/detach.h"

static const struct detach_keys keys = { .bytes = { 16, 17 }, .len = 2 };

static bool
feed(struct detach_scan *scan, const char *text)
{
	return detach_scan_add(scan, text, strlen(text));
}

Test(container_detach, the_whole_sequence_matches_across_reads)
{
	struct detach_scan scan = { .keys = &keys };

	cr_assert(not(feed(&scan, "abc\x10")));
	cr_assert(feed(&scan, "\x11"));
}

Test(container_detach, a_broken_sequence_starts_over)
{
	struct detach_scan scan = { .keys = &keys };

	cr_assert(not(feed(&scan, "\x10x\x11")));
	cr_assert(feed(&scan, "\x10\x10\x11"));
}

Test(container_detach, without_keys_nothing_matches)
{
	static const struct detach_keys none = { .len = 0 };
	struct detach_scan scan = { .keys = &none };

	cr_assert(not(feed(&scan, "\x10\x11")));
	scan.keys = NULL;
	cr_assert(not(feed(&scan, "\x10\x11")));
}
