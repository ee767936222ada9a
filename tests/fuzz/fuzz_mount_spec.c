/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fuzz_mount_spec.c - what a mount grammar accepts survives config.json
 * unchanged.
 */
#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "base/span.h"
#include "spec/mount_spec.h"

static void
check(int r, struct mount_spec *spec)
{
	cleanup_node struct node *node = NULL, *again = NULL;
	struct mount_spec back;

	if (r < 0)
		return;
	assert(spec->target[0] == '/' && spec->target[1]);
	assert(!strstr(spec->target, "/../"));
	node = mount_spec_to_node(spec);
	assert(mount_spec_from_node(node, &back, NULL) >= 0);
	again = mount_spec_to_node(&back);
	assert(node_equal(node, again));
	mount_spec_release(&back);
	mount_spec_set_base(spec, "/base");
	mount_spec_release(spec);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	cleanup_free char *text = xstrndup((const char *)data, size);
	struct mount_spec spec;
	struct err err = ERR_INIT;

	check(mount_spec_parse_volume(text, &spec, &err), &spec);
	check(mount_spec_parse_mount(text, &spec, &err), &spec);
	check(mount_spec_parse_tmpfs(text, &spec, &err), &spec);
	return 0;
}
