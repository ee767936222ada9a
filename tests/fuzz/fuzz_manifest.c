/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fuzz_manifest.c - cVE-2021-41190: no document is a manifest and an index at
 * once.
 */
#include <assert.h>
#include <stdint.h>

#include "spec/manifest.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct span bytes = span_new((const char *)data, size);
	struct manifest manifest;
	struct image_index index;
	struct platform platform;
	bool is_manifest = manifest_parse(bytes, NULL, &manifest, NULL) >= 0;
	bool is_index = image_index_parse(bytes, NULL, &index, NULL) >= 0;

	assert(!is_manifest || !is_index);
	if (is_manifest) {
		node_free(manifest_to_node(&manifest));
		manifest_release(&manifest);
	}
	if (is_index) {
		struct err err = ERR_INIT;

		platform_host(&platform);
		(void)image_index_select(&index, &platform, &err);
		node_free(image_index_to_node(&index));
		image_index_release(&index);
	}
	return 0;
}
