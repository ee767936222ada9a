/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fuzz_toml.c - any bytes as registries.conf, through to the rules.
 */
#include <stddef.h>
#include <stdint.h>

#include "conf/registries_priv.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	cleanup_with(registries_free) struct registries *regs =
		xcalloc(1, sizeof(*regs));
	cleanup_endpoints struct registries_endpoints list =
		REGISTRIES_ENDPOINTS_INIT;
	struct err err = ERR_INIT;

	if (registries_add_toml(regs, span_new((const char *)data, size),
				"fuzz", &err) == 0)
		(void)registries_resolve(regs, "docker.io", "library/x", false,
					 &list, &err);
	return 0;
}
