/* SPDX-License-Identifier: Apache-2.0 */
/*
 * net/pair.h - two TCP sockets, and what comes from one goes to the other.
 *
 * The bytes, the end of each stream, and a reset. Urgent bytes stay where
 * they are in the stream.
 */
#ifndef DHOW_NET_PAIR_H
#define DHOW_NET_PAIR_H

#include <stdbool.h>

#include "base/cleanup.h"
#include "base/loop.h"

enum pair_end {
	PAIR_DONE,  /* both streams ended, and both sides were told */
	PAIR_RESET, /* one side failed: neither must look complete */
};

struct pair;
/* Called once, by the loop. Frees the pair, then closes its sockets. */
typedef void (*pair_end_fn)(struct pair *pair, enum pair_end end, void *data);

/*
 * @fds:      not blocking, the caller's; the first is connected
 * @is_open:  the second is connected too; else it is about to be
 */
struct pair *pair_new(struct loop *loop, const int fds[2], bool is_open,
		      pair_end_fn on_end, void *data);
void pair_free(struct pair *pair);
DEFINE_CLEANUP(struct pair *, pair_free);

/*
 * The peer of a TCP socket is on this machine: do not pace its packets as on
 * a wire, which the host's algorithm may do (bbr).
 */
void pair_set_local(int fd);
/* Close a TCP socket; a PAIR_RESET tells its peer at once. */
void pair_close(int fd, enum pair_end end);

#endif
