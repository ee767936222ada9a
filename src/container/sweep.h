/* SPDX-License-Identifier: Apache-2.0 */
/*
 * container/sweep.h - what killed processes left of containers.
 */
#ifndef DHOW_CONTAINER_SWEEP_H
#define DHOW_CONTAINER_SWEEP_H

#include "store/store.h"

/*
 * Remove containers that a killed process would have removed or never came to
 * record, names and run-time files of those that are gone, and what is in tmp/.
 * What can only be removed inside U waits for a caller that is. Failures are
 * only logged: the next one tries again.
 */
void sweep(struct store *store, int rundirfd);

#endif
