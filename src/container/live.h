/* SPDX-License-Identifier: Apache-2.0 */
/*
 * container/live.h - whether a container lives, as the kernel says.
 *
 * live/<id> in the run directory is a file that the container's monitor holds
 * a lock on for its life; live/<id>.ctl is its control socket. The lock ends
 * with the monitor, however that ends, so no record can contradict it.
 */
#ifndef DHOW_CONTAINER_LIVE_H
#define DHOW_CONTAINER_LIVE_H

#include <stdbool.h>

#include "base/err.h"

#define LIVE_DIR "live"

enum live {
	LIVE_HELD,   /* somebody holds the lock */
	LIVE_FREE,   /* the file is there, nobody holds it */
	LIVE_ABSENT, /* no such file in this run directory */
};

/* Ask without taking it. @id: of the container, 64 hex digits. */
enum live live_test(int rundirfd, const char *id);

/*
 * Take the lock. Returns an fd whose close gives it up, or -EBUSY when
 * another process has it.
 */
int live_hold(int rundirfd, const char *id, struct err *err);

/* Remove the files; the caller holds the lock and closes it afterwards. */
void live_remove(int rundirfd, const char *id);

/*
 * Make the control socket, or connect to it. They return an fd (SOCK_SEQPACKET,
 * close-on-exec); live_connect() -ENOENT when nobody listens.
 */
int live_listen(int rundirfd, const char *id, struct err *err);
int live_connect(int rundirfd, const char *id, struct err *err);

#endif
