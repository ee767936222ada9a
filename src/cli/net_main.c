/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cli/net_main.c - dhow-net: started by dhow, never by hand.
 *
 * Descriptor 3 is the listening control socket, 4 the run directory.
 */
#include <sys/stat.h>

#include "base/err.h"
#include "net/hub.h"
#include "net/net_process.h"

#define LISTEN_FD 3
#define RUN_FD 4

int
main(int argc, char **argv)
{
	struct err err = ERR_INIT;
	struct stat st;
	int r;

	(void)argc;
	(void)argv;
	if (fstat(LISTEN_FD, &st) < 0 || !S_ISSOCK(st.st_mode) ||
	    fstat(RUN_FD, &st) < 0 || !S_ISDIR(st.st_mode)) {
		(void)fputs(
			"dhow-net: dhow starts this program when a container needs a network\n",
			stderr);
		return 2;
	}
	r = net_process_run(LISTEN_FD, RUN_FD, &err);
	if (r < 0) {
		(void)hub_remove_names(RUN_FD);
		hub_refuse(LISTEN_FD, &err);
	}
	return r < 0;
}
