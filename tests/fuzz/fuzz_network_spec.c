/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fuzz_network_spec.c - what a network option accepts survives config.json
 * unchanged.
 */
#include <assert.h>
#include <stdint.h>

#include "base/span.h"
#include "spec/network_spec.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	cleanup_free char *text = xstrndup((const char *)data, size);
	cleanup_network_spec struct network_spec back = NETWORK_SPEC_INIT;
	cleanup_network_list struct network_list list = NETWORK_LIST_INIT;
	cleanup_node struct node *node = NULL, *again = NULL;
	cleanup_strbuf struct strbuf mode = STRBUF_INIT;

	if (network_list_add(&list, text, NULL) < 0)
		return 0;
	network_spec_add_mode(&mode, &list.items[0]);
	node = network_spec_to_node(&list.items[0]);
	assert(network_spec_from_node(mode.buf, node, &back, NULL) >= 0);
	again = network_spec_to_node(&back);
	assert(node_equal(node, again));
	(void)network_list_check(&list, NULL);
	return 0;
}
