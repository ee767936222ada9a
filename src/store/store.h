/* SPDX-License-Identifier: Apache-2.0 */
/*
 * store/store.h - one user's images, layers, containers and volumes on disk.
 *
 * The directory is an OCI image layout that other tools can read:
 *   oci-layout, index.json      the image table (store/image_table.h)
 *   blobs/sha256/<hex>          manifests, configs, layers as they came
 *   layers/<diff id hex>/       unpacked trees (store/layer.h)
 *   containers/<id>/, names/    (container/)
 *   volumes/<name>/             (store/volume.h)
 *   networks/<name>.json        (store/netdef.h)
 *   lists/<name>.json           (store/index_list.h)
 *   partial/<hex>               blobs half fetched (store/partial.h)
 *   tmp/                        what is being made, named by fsx_tmp_name()
 *   lock, pins                  locks, see below
 *
 * Nothing is visible half-made: files and directories are made in tmp/ and
 * renamed. A crash leaves only entries of tmp/, which store_collect_tmp()
 * removes once their process is gone. Spec: OCI image-spec, image-layout.md.
 */
#ifndef DHOW_STORE_STORE_H
#define DHOW_STORE_STORE_H

#include <stdbool.h>

#include "base/cleanup.h"
#include "base/err.h"
#include "base/strvec.h"

struct store {
	int dirfd;      /* the store's root */
	bool laid_out;  /* the directories a writer needs are there */
	bool unsettled; /* it was given layers that layer_settle() is for */
};

#define STORE_INIT               \
	{                        \
		.dirfd = -EBADF, \
	}

#define cleanup_store cleanup_release(store_close)

/*
 * Use the store in @dirfd, which stays the caller's. Nothing is read or
 * written yet; an empty directory is an empty store.
 */
int store_open(struct store *store, int dirfd, struct err *err);
void store_close(struct store *store);

/*
 * Make what a writer needs: oci-layout, index.json and the directories. What
 * another tool already wrote stays. Returns 0; -EBADMSG when the directory
 * holds a layout of an unknown version.
 */
int store_lay_out(struct store *store, struct err *err);

/*
 * The names of the <name>.json in the directory @dir of the store, in no
 * order; none when there is no such directory. 0 or -errno, without a story.
 */
int store_list_json(const struct store *store, const char *dir,
		    struct strvec *ret_names);

/*
 * Lock the image table and who refers to what; held for moments, never while
 * something is downloaded or unpacked. Shared: between finding an image and
 * recording a container that needs its layers. Exclusive: changing index.json.
 *
 * Returns an fd whose close is the unlock, or -errno.
 */
int store_lock_shared(struct store *store, struct err *err);
int store_lock_exclusive(struct store *store, struct err *err);

/*
 * Announce that blobs and layers are about to be written which nothing refers
 * to yet: until the returned fd is closed, no unreferenced one is removed.
 */
int store_pin(struct store *store, struct err *err);

/*
 * Take the right to remove what nothing refers to. Returns an fd as above, or
 * -EBUSY while anybody pins; then the next removal collects it.
 */
int store_unpinned(struct store *store, struct err *err);

/*
 * Make the names of blobs and layers survive a host crash; called before the
 * image table refers to them.
 */
int store_sync(struct store *store, struct err *err);

/*
 * Remove what crashed processes left, unless anybody pins. Failures are only
 * logged.
 */
void store_collect_tmp(struct store *store);

#endif
