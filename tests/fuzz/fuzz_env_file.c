/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fuzz_env_file.c - every variable a file sets has a name and a value.
 */
#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "spec/env_file.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static char *const host[] = { (char *)"HOME=/h", (char *)"LC_A=1",
				      NULL };
	struct span bytes = span_new((const char *)data, size);
	cleanup_strvec struct strvec env = STRVEC_INIT;
	cleanup_strvec struct strvec labels = STRVEC_INIT;
	struct err err = ERR_INIT;

	(void)env_file_read(&env, bytes, "fuzz", host, &err);
	(void)env_file_read_labels(&labels, bytes, "fuzz", &err);
	strvec_add_all(&env, &labels);
	for (size_t i = 0; i < env.len; i++)
		assert(*env.v[i] != '=' && strchr(env.v[i], '='));
	return 0;
}
