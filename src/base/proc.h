/* SPDX-License-Identifier: Apache-2.0 */
/*
 * base/proc.h - processes: starting, naming for certain, waiting.
 */
#ifndef DHOW_BASE_PROC_H
#define DHOW_BASE_PROC_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/err.h"
#include "base/strvec.h"

/*
 * A process named so that a reused pid is not mistaken for it: start time in
 * clock ticks since boot (/proc/PID/stat field 22, proc(5)) and boot id.
 */
#define PROC_BOOT_ID_BYTES 40
struct proc_ident {
	pid_t pid;
	uint64_t start_ticks;
	char boot_id[PROC_BOOT_ID_BYTES];
};

/* Identify @pid (0: the caller). Returns 0 or -ESRCH. */
int proc_identify(pid_t pid, struct proc_ident *ret_ident);
/* True while exactly that process lives (a zombie does not). */
bool proc_is_alive(const struct proc_ident *ident);
/* True when there is no process @pid, or nothing but its exit status. */
bool proc_has_ended(pid_t pid);
/* A pidfd of exactly that process, or -ESRCH. */
int proc_open_pidfd(const struct proc_ident *ident);
/* The kernel's random boot id, read once; borrowed. */
const char *proc_boot_id(void);

/*
 * Where our own command line stands in memory, which /proc shows to everybody:
 * who writes there is called so. Returns 0 or -ESRCH.
 */
int proc_own_cmdline(char **ret_start, size_t *ret_len);

struct proc_spawn {
	const char *path;    /* absolute, or searched in PATH */
	char *const *argv;   /* NULL-ended */
	char *const *envp;   /* NULL: the caller's */
	int stdin_fd;        /* -1: /dev/null */
	int stdout_fd;       /* -1: /dev/null */
	int stderr_fd;       /* -1: the caller's */
	const int *pass_fds; /* become 3, 4, … in the child; may be NULL */
	size_t pass_fd_count;
	const char *cwd; /* NULL: the caller's */
	bool new_session;
};
#define PROC_SPAWN_INIT                                           \
	{                                                         \
		.stdin_fd = -1, .stdout_fd = -1, .stderr_fd = -1, \
	}

/*
 * Start a program by posix_spawn. All other fds are close-on-exec by rule;
 * signal mask is empty and SIGPIPE ends it again. Returns 0, or -ENOENT,
 * -EACCES, …
 * @ret_pidfd may be NULL. The caller waits for the child.
 */
int proc_spawn(const struct proc_spawn *spawn, pid_t *ret_pid, int *ret_pidfd,
	       struct err *err);

/* waitpid() until it is over. Returns the wait status or -errno. */
int proc_wait(pid_t pid);

/* Wait status to exit status: code, or 128 + signal. */
int proc_exit_status(int wait_status);

/* proc_spawn() and wait; -EPROTO with a story when it does not exit 0. */
int proc_run(const struct proc_spawn *spawn, struct err *err);

/*
 * Path of a program that ships with this one: beside the running binary (a
 * build tree), in ../libexec/dhow, or where it was configured. The caller
 * frees it. -ENOENT names what to install.
 */
int proc_find_helper(const char *name, char **ret_path, struct err *err);

/* An executable in PATH (or /usr/sbin, /sbin), or NULL; the caller frees. */
char *proc_find_program(const char *name);

#endif
