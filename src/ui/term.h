/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ui/term.h - what stands behind a descriptor: a terminal, and how large.
 */
#ifndef DHOW_UI_TERM_H
#define DHOW_UI_TERM_H

#include <stdbool.h>

struct term_size {
	unsigned int rows;
	unsigned int columns;
};

/* The window of @fd, 24 x 80 where nobody knows. */
struct term_size term_size(int fd);

/* True when @fd is a terminal that can move its cursor (TERM says so). */
bool term_can_move(int fd);

#endif
