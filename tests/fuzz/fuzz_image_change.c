/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fuzz_image_change.c - changes come from people: refused or applied, the
 * config stays whole.
 */
#include <assert.h>
#include <stdint.h>

#include "spec/image_config.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	cleanup_free char *text = xstrndup((const char *)data, size);
	cleanup_strvec struct strvec changes = STRVEC_INIT;
	cleanup_node struct node *config = node_new_obj();
	cleanup_strbuf struct strbuf json = STRBUF_INIT;

	strvec_split(&changes, text, "\n");
	(void)image_config_change_all(config, &changes, NULL);
	node_write_json(&json, config, NODE_COMPACT);
	assert(json.buf[0] == '{');
	return 0;
}
