/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cli/transfer_main.c - dhow-transfer, started by dhow only.
 */
#include <fcntl.h>

#include "image/engine.h"

int
main(void)
{
	if (fcntl(TRANSFER_REQUEST_FD, F_GETFD) < 0 ||
	    fcntl(TRANSFER_EVENT_FD, F_GETFD) < 0) {
		(void)fputs("dhow-transfer is started by dhow\n", stderr);
		return 2;
	}
	return engine_main();
}
