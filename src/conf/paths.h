/* SPDX-License-Identifier: Apache-2.0 */
/*
 * conf/paths.h - where this user's state lives (XDG base directories).
 *
 * paths_init() only decides; a directory is made (0700), opened and checked
 * when its fd is first asked for, so a command pays for what it uses. Works
 * with nothing but HOME, and without that by the password file.
 * Spec: XDG Base Directory Specification.
 */
#ifndef DHOW_CONF_PATHS_H
#define DHOW_CONF_PATHS_H

#include <sys/types.h>

#include "base/err.h"

struct paths {
	uid_t uid;     /* who asks, as the host knows them */
	char *data;    /* absolute; the store */
	char *cache;   /* absolute */
	char *config;  /* absolute; never made by us */
	char *run;     /* absolute */
	char *warning; /* what was ignored and why, or NULL; to be shown once */
	int data_fd;   /* -EBADF until asked for */
	int cache_fd;
	int run_fd;
};

#define PATHS_INIT                                                       \
	{                                                                \
		.data_fd = -EBADF, .cache_fd = -EBADF, .run_fd = -EBADF, \
	}

#define cleanup_paths cleanup_release(paths_release)

/*
 * Decide all four places from the environment.
 *
 * @root:    --root or NULL; relative to the working directory
 * @runroot: --runroot or NULL
 *
 * XDG_RUNTIME_DIR counts only when it is a directory of this user that no
 * other may write to; else /run/user/UID, else /tmp/dhow-UID.
 *
 * Call it before entering a user namespace: it asks for the host's uid.
 * Returns 0, or -ENOENT when no home directory is known.
 */
int paths_init(struct paths *paths, const char *root, const char *runroot,
	       struct err *err);
void paths_release(struct paths *paths);

/*
 * The directory's fd, made and checked at the first call; borrowed.
 *
 * Returns it, or -EACCES when the directory is not this user's or others may
 * write to it (for the runtime directory: or read it), or another -errno.
 */
int paths_open_data(struct paths *paths, struct err *err);
int paths_open_cache(struct paths *paths, struct err *err);
int paths_open_run(struct paths *paths, struct err *err);

#endif
