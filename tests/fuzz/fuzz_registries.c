/* SPDX-License-Identifier: Apache-2.0 */
/* registries.conf: whatever it says, a name leads to a place or an error. */
#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "base/alloc.h"
#include "conf/registries_priv.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const domains[] = { "docker.io", "r.example",
					       "a.wild.example",
					       "localhost:5000" };
	struct registries *regs = xcalloc(1, sizeof(*regs));

	if (registries_add_toml(regs, span_new((const char *)data, size), "f",
				NULL) < 0) {
		registries_free(regs);
		return 0;
	}
	for (size_t i = 0; i < ARRAY_LEN(domains); i++) {
		cleanup_endpoints struct registries_endpoints list =
			REGISTRIES_ENDPOINTS_INIT;

		if (registries_resolve(regs, domains[i], "team/app", i % 2,
				       &list, NULL) < 0)
			continue;
		assert(list.len > 0);
		for (size_t k = 0; k < list.len; k++)
			assert(*list.items[k].domain && *list.items[k].path &&
			       !strchr(list.items[k].domain, '/'));
	}
	(void)registries_alias(regs, "app");
	registries_free(regs);
	return 0;
}
