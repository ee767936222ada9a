/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cli/exit.c - from errno to exit status, in one place.
 */
#include "cli/exit.h"

#include <errno.h>
#include <stddef.h>

#include "base/alloc.h"

static const struct {
	int code;
	int status;
} exec_statuses[] = {
	{ EACCES, EXIT_CANNOT_EXEC },  { EISDIR, EXIT_CANNOT_EXEC },
	{ ELIBBAD, EXIT_CANNOT_EXEC }, { ENOENT, EXIT_NOT_FOUND },
	{ ENOEXEC, EXIT_CANNOT_EXEC }, { ENOTDIR, EXIT_NOT_FOUND },
	{ EPERM, EXIT_CANNOT_EXEC },   { ETXTBSY, EXIT_CANNOT_EXEC },
};

int
exit_status(int code, int fail_status)
{
	/* The user stopped it: as the shell reports a death by SIGINT. */
	if (code == -ECANCELED)
		return EXIT_INTERRUPTED;
	return fail_status ? fail_status : 1;
}

int
exit_status_of_exec(int code)
{
	for (size_t i = 0; i < ARRAY_LEN(exec_statuses); i++)
		if (exec_statuses[i].code == -code)
			return exec_statuses[i].status;
	return EXIT_ENGINE;
}
