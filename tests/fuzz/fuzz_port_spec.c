/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fuzz_port_spec.c - what is published survives config.json unchanged.
 */
#include <assert.h>
#include <stdint.h>

#include "base/span.h"
#include "spec/port_spec.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	cleanup_free char *text = xstrndup((const char *)data, size);
	cleanup_port_list struct port_list list = PORT_LIST_INIT;
	cleanup_port_list struct port_list back = PORT_LIST_INIT;
	cleanup_node struct node *node = NULL, *again = NULL;
	struct err err = ERR_INIT;

	if (port_list_expose(&back, text, &err) >= 0)
		assert(back.len);
	port_list_release(&back);
	if (port_list_publish(&list, text, &err) < 0) {
		assert(!list.len);
		return 0;
	}
	for (size_t i = 0; i < list.len; i++)
		assert(list.items[i].container_port &&
		       list.items[i].host_first <= list.items[i].host_last);
	if (list.len > 100)
		return 0;
	node = port_list_to_bindings(&list);
	assert(port_list_from_bindings(node, &back, NULL) >= 0);
	again = port_list_to_bindings(&back);
	assert(node_equal(node, again));
	return 0;
}
