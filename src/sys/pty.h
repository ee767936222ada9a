/* SPDX-License-Identifier: Apache-2.0 */
/*
 * sys/pty.h - pseudo terminals and the caller's own terminal.
 */
#ifndef DHOW_SYS_PTY_H
#define DHOW_SYS_PTY_H

#include <stdbool.h>
#include <termios.h>

#include "base/err.h"

/*
 * Open a pair in the devpts instance whose ptmx is @ptmx_path. The slave
 * comes from the master by ioctl, so no name in a container is trusted
 * (CVE-2025-52565). Does not allocate.
 */
int pty_open(const char *ptmx_path, int *ret_master, int *ret_slave,
	     struct err *err);

/* The slave of an open @master: its fd or -errno. */
int pty_peer(int master, struct err *err);

/* A terminal put into raw mode, and what it was before. */
struct pty_raw {
	int fd;
	bool active;
	struct termios saved;
};

/* Put @fd into raw mode. Returns -ENOTTY when it is no terminal. */
int pty_raw_enter(struct pty_raw *raw, int fd, struct err *err);
/* Back to what it was; does nothing when not active. */
void pty_raw_leave(struct pty_raw *raw);

/* Give @master the size of the terminal @fd; no terminal: does nothing. */
void pty_copy_size(int fd, int master);

#endif
