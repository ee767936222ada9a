/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cli/archive_output.c - where a command writes an archive to.
 */
#include "cli/archive_output.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

int
archive_output_open(const char *path, struct err *err)
{
	int fd;

	if (path) {
		fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
		return fd < 0 ? err_sys(err, "open '%s'", path) : fd;
	}
	if (isatty(STDOUT_FILENO)) {
		(void)err_set(err, EINVAL,
			      "an archive is not written to a terminal");
		err_hint(err, "give a file with --output");
		return -EINVAL;
	}
	fd = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 3);
	return fd < 0 ? err_sys(err, "use standard output") : fd;
}
