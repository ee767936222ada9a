/* SPDX-License-Identifier: Apache-2.0 */
/* Any .env file is either read or refused with its place. */
#include <assert.h>
#include <errno.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "compose/dotenv.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	cleanup_dotenv struct dotenv vars = DOTENV_INIT;
	struct err err = ERR_INIT;
	int r = dotenv_read(span_new((const char *)data, size), "f", NULL, NULL,
			    &vars, &err);

	if (r < 0)
		assert(!strncmp(err.text, "f:", 2));
	for (size_t i = 0; i < vars.len; i++)
		assert(vars.items[i].key[0] && vars.items[i].line > 0);
	return 0;
}
