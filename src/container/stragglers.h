/* SPDX-License-Identifier: Apache-2.0 */
/*
 * container/stragglers.h - who outlives the first process of a container.
 *
 * With --pid host there is no PID namespace whose end is everybody's. Those
 * meant are in the container's user namespace, or in one made within it: what
 * the command started and what exec brought in.
 */
#ifndef DHOW_CONTAINER_STRAGGLERS_H
#define DHOW_CONTAINER_STRAGGLERS_H

/*
 * Kill them; they need not have ended when it returns.
 *
 * @mntfd: the container's mount namespace, which its user namespace owns
 */
void stragglers_kill(int mntfd);

#endif
