/* SPDX-License-Identifier: Apache-2.0 */
/* What is read from a container's config.json is written and read the same. */
#include <assert.h>
#include <stdint.h>

#include "container/spec.h"
#include "data/node.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	/* Not of the record's own making. */
	static struct image_config image_config;
	static struct image_row image;
	cleanup_container_spec struct container_spec spec, again;
	cleanup_node struct node *doc = NULL;
	cleanup_node struct node *first = NULL;
	cleanup_node struct node *second = NULL;

	container_spec_init(&spec);
	container_spec_init(&again);
	if (node_parse_json(span_new((const char *)data, size), "config.json",
			    &doc, NULL) < 0 ||
	    container_spec_from_node(doc, &spec, NULL) < 0)
		return 0;
	spec.image = again.image = &image;
	spec.image_config = again.image_config = &image_config;
	first = container_spec_to_node(&spec);
	assert(container_spec_from_node(first, &again, NULL) == 0);
	second = container_spec_to_node(&again);
	assert(node_equal(first, second));
	return 0;
}
