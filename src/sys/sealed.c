/* SPDX-License-Identifier: Apache-2.0 */
/*
 * sys/sealed.c - run from a copy of ourselves that nobody can change.
 */
#include "sys/sealed.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/fsx.h"
#include "base/io.h"
#include "base/strvec.h"

#define SEALED_ALL (F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE)
#define SEALED_ARGS_BYTES (16U << 20)
#define SEALED_NAME_BYTES 249 /* of memfd_create(2) */

extern char **environ;

/* Could a process with our id, or root of ours, write to this file? */
static bool
sealed_is_ours(int fd, const struct stat *st)
{
	char path[FSX_FD_PATH_BYTES];

	return geteuid() == 0 || st->st_uid == geteuid() ||
	       access(fsx_fd_path(fd, path), W_OK) == 0;
}

static int
sealed_copy(int exefd, const struct stat *st, struct err *err)
{
	cleanup_strbuf struct strbuf name = STRBUF_INIT;
	cleanup_close int fd = -EBADF;
	int64_t n;
	int r;

	/* The name tells proc_find_helper() where the program came from. */
	r = fsx_readlink(AT_FDCWD, "/proc/self/exe", &name);
	if (r < 0)
		return err_code(err, -r, "read /proc/self/exe");
	if (name.len >= SEALED_NAME_BYTES)
		return err_set(err, ENAMETOOLONG,
			       "the path of dhow is too long: '%s'", name.buf);
	fd = memfd_create(name.buf, MFD_CLOEXEC | MFD_ALLOW_SEALING);
	if (fd < 0)
		return err_sys(err, "create a sealed copy of dhow");
	n = io_copy(exefd, fd, (uint64_t)st->st_size, err);
	if (n < 0)
		return (int)n;
	if (fcntl(fd, F_ADD_SEALS, SEALED_ALL) < 0)
		return err_sys(err, "seal the copy of dhow");
	return take_fd(fd);
}

/* Our own arguments, from /proc/self/cmdline: NUL after each. */
static int
sealed_read_argv(struct strvec *argv, struct err *err)
{
	cleanup_strbuf struct strbuf sb = STRBUF_INIT;
	int r;

	r = fsx_read_file(AT_FDCWD, "/proc/self/cmdline", SEALED_ARGS_BYTES,
			  &sb, err);
	for (size_t at = 0; r == 0 && at < sb.len;
	     at += strlen(sb.buf + at) + 1)
		strvec_add(argv, sb.buf + at);
	return r;
}

int
sealed_ensure(struct err *err)
{
	cleanup_strvec struct strvec argv = STRVEC_INIT;
	cleanup_close int exefd = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
	cleanup_close int fd = -EBADF;
	struct stat st;
	int r;

	if (exefd < 0 || fstat(exefd, &st) < 0)
		return err_sys(err, "open /proc/self/exe");
	if (fcntl(exefd, F_GET_SEALS) == SEALED_ALL) {
		/* The kernel named us after the memfd. */
		(void)prctl(PR_SET_NAME, program_invocation_short_name, 0, 0,
			    0);
		return 0;
	}
	if (!sealed_is_ours(exefd, &st))
		return 0;
	fd = sealed_copy(exefd, &st, err);
	if (fd < 0)
		return fd;
	r = sealed_read_argv(&argv, err);
	if (r < 0)
		return r;
	(void)fexecve(fd, argv.v, environ);
	return err_sys(err, "run the sealed copy of dhow");
}
