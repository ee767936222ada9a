/* SPDX-License-Identifier: Apache-2.0 */
/* What parses must be written so that it parses to the same again. */
#include <assert.h>
#include <stddef.h>
#include <stdint.h>

#include "data/node.h"

static void
read_again(const struct node *node, int flags)
{
	cleanup_strbuf struct strbuf sb = STRBUF_INIT;
	cleanup_node struct node *again = NULL;

	node_write_json(&sb, node, flags);
	assert(node_parse_json(span_new(sb.buf, sb.len), "again", &again,
			       NULL) == 0);
	assert(node_equal(node, again));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	cleanup_node struct node *node = NULL;
	cleanup_node struct node *copy = NULL;
	struct err err = ERR_INIT;

	if (node_parse_json(span_new((const char *)data, size), "fuzz", &node,
			    &err) < 0) {
		assert(err.code && err.text[0] && !node);
		return 0;
	}
	read_again(node, NODE_COMPACT);
	read_again(node, NODE_INDENT4 | NODE_ESCAPE_HTML);
	copy = node_clone(node);
	node_sort_keys(copy);
	assert(node_equal(node, copy));
	return 0;
}
