/* SPDX-License-Identifier: Apache-2.0 */
/* The first line is a login, then subuid(5): ids are given once, in bounds. */
#include <assert.h>
#include <stdint.h>

#include "base/cleanup.h"
#include "conf/subid.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct span rest = span_new((const char *)data, size), login;
	struct idmap map = { .len = 0 };
	cleanup_free char *name = NULL;
	uint64_t total = 0;
	int64_t added;

	if (!span_next(&rest, '\n', &login))
		return 0;
	name = span_dup(login);
	idmap_add(&map, 0, 1000, 1);
	added = subid_parse(rest, name, 1000, &map);
	for (size_t i = 0; i < map.len; i++) {
		const struct idmap_extent *extent = &map.extents[i];

		assert(extent->inside == total && extent->count > 0);
		assert((uint64_t)extent->outside + extent->count <= UINT32_MAX);
		total += extent->count;
	}
	assert(added >= 0 && (uint64_t)added + 1 == total);
	return 0;
}
