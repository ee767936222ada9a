/* SPDX-License-Identifier: Apache-2.0 */
/*
 * sys/ns.h - making and entering namespaces.
 */
#ifndef DHOW_SYS_NS_H
#define DHOW_SYS_NS_H

#include <stdint.h>
#include <sys/types.h>

#include "base/err.h"

/*
 * clone3() of the calling, single-threaded process; the child goes on from
 * here like after fork(). Returns 0 in the child, the child's pid in the
 * parent, or -errno. @ret_pidfd is close-on-exec. man: clone(2).
 */
pid_t ns_clone(uint64_t flags, int *ret_pidfd, struct err *err);

/* A child that waits to be told to go on; see ns_userns_holder(). */
struct ns_holder {
	pid_t pid;
	int waitfd; /* closing it lets the child end */
};

/*
 * Start a child in a new user namespace without maps. The caller writes the
 * maps, opens /proc/PID/ns/user and calls ns_holder_release().
 */
int ns_userns_holder(struct ns_holder *ret_holder, struct err *err);
void ns_holder_release(struct ns_holder *holder);

/*
 * The process itself; or, where it may not be looked into (our reaper is
 * undumpable), its first child, which is in the same namespaces.
 */
pid_t ns_readable(pid_t pid);

/* Open /proc/PID/ns/NAME ("user", "net", "mnt", …). Returns an fd. */
int ns_open(pid_t pid, const char *name, struct err *err);

/* The same of the process that ns_readable() says, while it is that. */
int ns_open_readable(pid_t pid, const char *name, struct err *err);

/* Enter the network namespace behind @fd. */
int ns_enter_net(int fd, struct err *err);

/*
 * Enter the user namespace behind @fd as its root and stay ptrace-readable
 * for the user, so that others can join through this process.
 */
int ns_enter_user(int fd, struct err *err);

#endif
