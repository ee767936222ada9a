/* SPDX-License-Identifier: Apache-2.0 */
/* What parses can be written as JSON, and that is YAML again. */
#include <assert.h>
#include <stddef.h>
#include <stdint.h>

#include "data/node.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	cleanup_node struct node *docs = NULL;
	cleanup_node struct node *again = NULL;
	cleanup_strbuf struct strbuf sb = STRBUF_INIT;
	struct err err = ERR_INIT;

	if (node_parse_yaml_all(span_new((const char *)data, size), "fuzz",
				&docs, &err) < 0) {
		assert(err.code && err.text[0] && !docs);
		return 0;
	}
	node_write_json(&sb, docs, NODE_INDENT2);
	/* Documents in an array stand one deeper; a float may be infinite. */
	if (node_parse_json(span_new(sb.buf, sb.len), "again", &again, &err) <
	    0)
		assert(strstr(err.text, "nested"));
	return 0;
}
