/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "archive/decomp.h"

#define OUTPUT_LIMIT (1 << 20)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static uint8_t buf[4099];
	struct decomp_opts opts = {
		.fd = memfd_create("fuzz", MFD_CLOEXEC),
		.cancel_fd = -1,
		.max_bytes = OUTPUT_LIMIT,
		.hash_input = true,
	};
	struct decomp *decomp = NULL;
	struct err err = ERR_INIT;
	uint64_t total = 0;
	ssize_t n;

	if (opts.fd < 0 || write(opts.fd, data, size) != (ssize_t)size ||
	    lseek(opts.fd, 0, SEEK_SET) < 0)
		abort();
	if (decomp_open(&opts, &decomp, &err) < 0)
		abort();
	while ((n = decomp_read(decomp, buf, sizeof(buf), &err)) > 0)
		total += (uint64_t)n;
	if (total > OUTPUT_LIMIT || (n < 0 && !err.text[0]))
		abort();
	if (n == 0 && decomp_input_bytes(decomp) != size)
		abort();
	decomp_close(decomp);
	(void)close(opts.fd);
	return 0;
}
