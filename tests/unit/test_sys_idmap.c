/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include "sys/idmap.h"

static const struct idmap parent = {
	.extents = { { 0, 1000, 1 }, { 1, 200000, 65535 } },
	.len = 2,
};

Test(sys_idmap, a_nested_extent_lies_within_one_of_its_parent)
{
	struct idmap map = { .extents = { { 0, 0, 65536 } }, .len = 1 };

	idmap_split(&map, &parent);
	cr_assert(eq(sz, map.len, 2));
	cr_assert(eq(u32, map.extents[0].count, 1));
	cr_assert(eq(u32, map.extents[1].inside, 1));
	cr_assert(eq(u32, map.extents[1].outside, 1));
	cr_assert(eq(u32, map.extents[1].count, 65535));
}

Test(sys_idmap, swapping_gives_the_user_the_wanted_id)
{
	struct idmap map;

	idmap_swapped(&parent, 0, 1000, &map);
	cr_assert(eq(u32, idmap_to_outside(&map, 0), 1000));
	cr_assert(eq(u32, idmap_to_outside(&map, 1000), 0));
	cr_assert(eq(u32, idmap_to_outside(&map, 999), 999));
	cr_assert(eq(u32, idmap_to_outside(&map, 65535), 65535));
	cr_assert(eq(u32, idmap_span(&map), 65536));
}

Test(sys_idmap, swapping_an_id_with_itself_is_the_identity)
{
	struct idmap map;

	idmap_swapped(&parent, 0, 0, &map);
	for (uint32_t id = 0; id < 65536; id += 251)
		cr_assert(eq(u32, idmap_to_outside(&map, id), id));
}

Test(sys_idmap, an_id_outside_every_extent_is_unmapped)
{
	cr_assert(eq(u32, idmap_to_outside(&parent, 65536), IDMAP_UNMAPPED));
	cr_assert(eq(u32, idmap_to_inside(&parent, 1001), IDMAP_UNMAPPED));
	cr_assert(eq(u32, idmap_to_inside(&parent, 200001), 2));
}
