/* SPDX-License-Identifier: Apache-2.0 */
/* A description of devices: read, or refused with words. */
#include <assert.h>
#include <stdint.h>

#include "base/cleanup.h"
#include "conf/cdi.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	cleanup_node struct node *doc = NULL;
	struct cdi_file file = { .path = NULL };
	struct err err = ERR_INIT;

	if (node_parse_yaml(span_new((const char *)data, size), "fuzz", &doc,
			    NULL) < 0)
		return 0;
	if (cdi_read(doc, &file, &err) < 0)
		assert(err.text[0]);
	else
		assert(file.kind && file.len);
	cdi_file_release(&file);
	return 0;
}
