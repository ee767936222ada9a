/* SPDX-License-Identifier: Apache-2.0 */
/* Short forms of ports and volumes become long ones, or are refused. */
#include <assert.h>
#include <stddef.h>
#include <stdint.h>

#include "compose/long_form.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct node *(*const forms[])(const struct node *,
					     struct diag *) = {
		long_form_ports,    long_form_volume, long_form_device,
		long_form_hosts,    long_form_map,    long_form_shell,
		long_form_duration, long_form_bytes,  long_form_mode,
	};

	for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
		cleanup_diag struct diag diag = DIAG_INIT;
		cleanup_node struct node *text =
			node_new_strn((const char *)data, size);
		cleanup_node struct node *list = node_new_arr();
		cleanup_node struct node *one = NULL;
		cleanup_node struct node *many = NULL;

		node_push(list, node_clone(text));
		one = forms[i](text, &diag);
		many = forms[i](list, &diag);
		for (size_t k = 0; k < diag.len; k++)
			assert(diag.errors[k].text[0]);
	}
	return 0;
}
