/* SPDX-License-Identifier: Apache-2.0 */
/*
 * sys/mountx.h - mounts on file descriptors.
 *
 * Built on the mount API of Linux 5.2 (fsopen, open_tree, move_mount,
 * mount_setattr); each call falls back to mount(2) on /proc/self/fd where the
 * kernel has none of it. Targets are fds, resolved by the caller under rule
 * R1. No function here allocates.
 */
#ifndef DHOW_SYS_MOUNTX_H
#define DHOW_SYS_MOUNTX_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"

/* Attributes of one mount: bits of MOUNT_ATTR_* (linux/mount.h). */
#define MOUNTX_RDONLY 0x01
#define MOUNTX_NOSUID 0x02
#define MOUNTX_NODEV 0x04
#define MOUNTX_NOEXEC 0x08

struct mountx_option {
	const char *key;
	const char *value; /* NULL: a flag */
};

/*
 * Make a file system of @type. @options: ends with a NULL key. Returns an
 * unattached mount's fd, or -errno; the kernel's own words are in @err.
 */
int mountx_new(const char *type, const char *source,
	       const struct mountx_option *options, unsigned int attrs,
	       struct err *err);

/* Attach what mountx_new() or mountx_clone() returned onto @targetfd. */
int mountx_attach(int mountfd, int targetfd, struct err *err);

/*
 * An unattached copy of the mount tree at @sourcefd (@recursive: with what is
 * mounted below). Returns an fd.
 */
int mountx_clone(int sourcefd, bool recursive, struct err *err);

/* Set and clear attributes and propagation (MS_PRIVATE, …; 0: leave). */
int mountx_setattr(int mountfd, unsigned int set, unsigned int clear,
		   unsigned long propagation, bool recursive, struct err *err);

enum mountx_bind_flags {
	MOUNTX_RECURSIVE = 1, /* with what is mounted below the source */
	MOUNTX_ATTRS_TOP = 2, /* @attrs are not for that */
};

/* Bind @sourcefd onto @targetfd in one go. */
int mountx_bind(int sourcefd, int targetfd, unsigned int attrs,
		unsigned long propagation, int flags, struct err *err);

/* Change the propagation of the whole tree at "/": MS_PRIVATE, MS_SLAVE. */
int mountx_propagate_all(unsigned long propagation, struct err *err);

/*
 * Make @rootfd's directory the root and drop the old one. The working
 * directory is the new root afterwards. man: pivot_root(2).
 */
int mountx_pivot(int rootfd, struct err *err);

/*
 * Bind what the host has at @path, which is followed, on @targetfd as it is.
 */
int mountx_bind_path(const char *path, int targetfd, struct err *err);

/*
 * True when fsconfig(2) takes `lowerdir+`, so that overlay layers need not
 * share one page of options (Linux 6.5).
 */
bool mountx_has_lowerdir_plus(void);

#endif
