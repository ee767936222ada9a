/* SPDX-License-Identifier: Apache-2.0 */
/*
 * spec/entrypoint_spec.c - a command as a JSON array or as one word.
 */
#include "spec/entrypoint_spec.h"

#include "data/node.h"

bool
entrypoint_spec_parse(const char *text, struct strvec *argv)
{
	cleanup_node struct node *arr = NULL;
	bool is_array = *text == '[' &&
			node_parse_json(span_of(text), "", &arr, NULL) >= 0;

	for (size_t i = 0; is_array && i < node_len(arr); i++)
		is_array = node_str(node_at(arr, i)) != NULL;
	for (size_t i = 0; is_array && i < node_len(arr); i++)
		strvec_add(argv, node_str(node_at(arr, i)));
	if (!is_array && *text)
		strvec_add(argv, text);
	return is_array;
}
