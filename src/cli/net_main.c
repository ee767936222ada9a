/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cli/net_main.c - dhow-net: started by dhow, never by hand.
 *
 * Descriptor 3 is the listening control socket, 4 the run directory.
 */
#include <fcntl.h>
#include <sys/stat.h>

#include "base/err.h"
#include "net/hub.h"
#include "net/net_process.h"

#define LISTEN_FD 3
#define RUN_FD 4

/*
 * What the caller had open is not ours to keep: whoever waits for the end of
 * its standard error would wait for us.
 */
static void
let_go(void)
{
	int fd = open("/dev/null", O_RDWR | O_CLOEXEC);

	(void)dup2(fd, STDERR_FILENO);
	(void)close_range(RUN_FD + 1, ~0U, 0);
}

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
	let_go();
	r = net_process_run(LISTEN_FD, RUN_FD, &err);
	if (r < 0) {
		(void)hub_remove_names(RUN_FD);
		hub_refuse(LISTEN_FD, &err);
	}
	return r < 0;
}
