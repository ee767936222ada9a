/* SPDX-License-Identifier: Apache-2.0 */
/*
 * runtime/link.h - what the parent hears from a starting process.
 *
 * A SOCK_SEQPACKET link: bytes of enum rt_msg both ways, fds beside them, a
 * whole struct err when the child fails.
 */
#ifndef DHOW_RUNTIME_LINK_H
#define DHOW_RUNTIME_LINK_H

#include "base/err.h"
#include "runtime/plan.h"

/* What came with a message; the rest is -EBADF. */
struct link_fds {
	int v[RT_ROOT_FDS];
};

#define cleanup_link_fds cleanup_release(link_fds_close)
void link_fds_close(struct link_fds *fds);

int link_send(int linkfd, enum rt_msg msg, struct err *err);

/*
 * The next message. Returns it, 0 at end of file, or -errno after a failure
 * that the child told. @ret_fds is set in any case.
 */
int link_recv(int linkfd, struct link_fds *ret_fds, struct err *err);

#endif
