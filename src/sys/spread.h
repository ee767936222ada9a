/* SPDX-License-Identifier: Apache-2.0 */
/*
 * sys/spread.h - two processes that work together, on two processors.
 *
 * Kernels of virtual machines may keep processes together on few processors
 * (seen with two: who was woken, or had just been made, waited for who did it
 * while the other processor was idle). For as long as both have work, one is
 * kept from the processor of the other, which waits nowhere else.
 */
#ifndef DHOW_SYS_SPREAD_H
#define DHOW_SYS_SPREAD_H

#include <sched.h>
#include <stdbool.h>
#include <sys/types.h>

struct spread {
	cpu_set_t all;  /* what both may use */
	cpu_set_t here; /* the caller's processor */
};

/*
 * Keep @pid from the processor we are on. Returns false, and does nothing,
 * when there is no other. It is free again when it calls spread_end(), or
 * whoever it becomes stays restricted.
 */
bool spread_begin(pid_t pid, struct spread *ret_spread);

/* Around a wait for the other: to be woken where it is not. */
void spread_stay(const struct spread *spread);

/* Use every processor again: each process for itself. */
void spread_end(const struct spread *spread);

#endif
