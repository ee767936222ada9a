/* SPDX-License-Identifier: Apache-2.0 */
/*
 * container/cidfile.c - the file that --cidfile names.
 */
#include "container/cidfile.h"

#include <fcntl.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/io.h"

int
cidfile_create(const char *path, const char *id, struct err *err)
{
	cleanup_close int fd = -EBADF;
	int r;

	fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
	if (fd < 0)
		return err_sys(err, "create cidfile '%s'", path);
	r = io_write_all(fd, id, strlen(id));
	return r < 0 ? err_code(err, -r, "write cidfile '%s'", path) : 0;
}
