/* SPDX-License-Identifier: Apache-2.0 */
/* Seccomp profiles come from users' files: reading one never crashes. */
#include "runtime/seccomp_rules.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	cleanup_seccomp_rules struct seccomp_rules rules = SECCOMP_RULES_INIT;
	const struct seccomp_host host = {
		.caps = 0xa80425fb,
		.kernel = { 6, 1 },
		.arch = "amd64",
		.scmp_arch = SCMP_ARCH_X86_64,
		.scmp_name = "SCMP_ARCH_X86_64",
	};
	struct err err = ERR_INIT;

	(void)seccomp_json_rules(span_new((const char *)data, size), "fuzz",
				 &host, &rules, &err);
	return 0;
}
