/* SPDX-License-Identifier: Apache-2.0 */
/*
 * sys/spread.h - work for two, on two processors.
 */
#ifndef DHOW_SYS_SPREAD_H
#define DHOW_SYS_SPREAD_H

#include <sys/types.h>

/*
 * Send a child that has not begun, because it waits for the processor we are
 * on, to another one of those we may use; from there it goes where it likes.
 * Nothing happens when there is no other.
 */
void spread_from_us(pid_t pid);

#endif
