/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cli/exit.h - from errno to exit status, in one place.
 */
#ifndef DHOW_CLI_EXIT_H
#define DHOW_CLI_EXIT_H

#define EXIT_USAGE 125  /* unknown flag, bad value */
#define EXIT_ENGINE 125 /* nothing was started */
#define EXIT_CANNOT_EXEC 126
#define EXIT_NOT_FOUND 127
#define EXIT_INTERRUPTED 130

/*
 * The exit status of a failed command. @code: negative errno;
 * @fail_status: what the command declares, 0 for the usual 1.
 */
int exit_status(int code, int fail_status);

/*
 * The exit status of a container whose program could not be started.
 * @code: the negative errno of execve() in it: -ENOENT is 127, -EACCES,
 * -EISDIR, -ENOEXEC and the like 126, what cannot come from exec 125.
 */
int exit_status_of_exec(int code);

#endif
