/* SPDX-License-Identifier: Apache-2.0 */
/*
 * store/volume.h - named directories that outlive their containers.
 *
 * volumes/<name>/
 *   _data/       what containers see
 *   volume.json  {"name", "createdAt", "labels", "options", "needsCopyUp"}
 *   lock         held while the image's content is copied in
 *
 * Made in tmp/ and renamed. A volume "needs copy-up" from its creation until
 * its first use has filled it from the image; who was killed while filling it
 * leaves the mark, and the next use fills it again.
 */
#ifndef DHOW_STORE_VOLUME_H
#define DHOW_STORE_VOLUME_H

#include <stdbool.h>

#include "base/strvec.h"
#include "data/node.h"
#include "store/store.h"

#define VOLUME_MAX_NAME 255
#define VOLUME_RANDOM_BYTES 65 /* 64 hex digits and NUL */

struct volume {
	char *name;
	struct node *doc;   /* volume.json */
	int dirfd;          /* volumes/<name> */
	int datafd;         /* its _data, for mounting */
	bool needs_copy_up; /* as of opening */
};

#define VOLUME_INIT                               \
	{                                         \
		.dirfd = -EBADF, .datafd = -EBADF \
	}

#define cleanup_volume cleanup_release(volume_close)

/* [a-zA-Z0-9][a-zA-Z0-9_.-]+; -EINVAL with a story. */
int volume_check_name(const char *name, struct err *err);
/* A name for an anonymous volume. */
void volume_random_name(char buf[VOLUME_RANDOM_BYTES]);

/*
 * Make a volume. @labels, @options: objects of strings, borrowed, may be NULL.
 * One with options is mounted by them, and never filled from an image.
 * Returns 0, -EEXIST, -EINVAL for the name.
 */
int volume_create(struct store *store, const char *name,
		  const struct node *labels, const struct node *options,
		  struct err *err);

/* Append the names of all, sorted. A store without any has none. */
int volume_list(struct store *store, struct strvec *names, struct err *err);

/* Open it: 0 or -ENOENT. */
int volume_open(struct store *store, const char *name,
		struct volume *ret_volume, struct err *err);
/* Open it, making it when it is not there: 1 when it was made. */
int volume_ensure(struct store *store, const char *name,
		  struct volume *ret_volume, struct err *err);
void volume_close(struct volume *volume);

/*
 * Ask to fill a new volume. Returns 1 and a lock when the caller must copy
 * and then call volume_end_copy_up(); 0 when that is done already; or -errno.
 * Waits while another process copies. Closing @ret_lockfd unlocks.
 */
int volume_begin_copy_up(struct volume *volume, int *ret_lockfd,
			 struct err *err);
int volume_end_copy_up(struct volume *volume, struct err *err);

/*
 * Remove it with all it holds; the caller is inside the user namespace whose
 * ids own the files. Returns 0 or -ENOENT.
 */
int volume_remove(struct store *store, const char *name, struct err *err);

#endif
