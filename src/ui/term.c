/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ui/term.c - what stands behind a descriptor: a terminal, and how large.
 */
#include "ui/term.h"

#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define TERM_ROWS 24
#define TERM_COLUMNS 80

struct term_size
term_size(int fd)
{
	struct winsize window;

	if (ioctl(fd, TIOCGWINSZ, &window) < 0 || !window.ws_row ||
	    !window.ws_col)
		return (struct term_size){ TERM_ROWS, TERM_COLUMNS };
	return (struct term_size){ window.ws_row, window.ws_col };
}

bool
term_can_move(int fd)
{
	const char *kind = getenv("TERM");

	return isatty(fd) && kind && kind[0] && strcmp(kind, "dumb") != 0;
}
