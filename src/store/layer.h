/* SPDX-License-Identifier: Apache-2.0 */
/*
 * store/layer.h - unpacked layers, immutable once they have their name.
 *
 * layers/<diff id hex>/
 *   fs/         the tree, whiteouts in the kernel overlay's form
 *   layer.json  {"size": bytes unpacked, "idMode": "range|single|root"}
 *   owners      single-id mode: owners that could not be set
 *   unsettled   symlink to the id of a boot: see layer_settle()
 *
 * States: a draft below tmp/ (its name tells the process), then, by one
 * rename, the layer, which settles some time later. A crash leaves a draft
 * that store_collect_tmp() removes; a crash of the host, a layer that is lost.
 */
#ifndef DHOW_STORE_LAYER_H
#define DHOW_STORE_LAYER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/fsx.h"
#include "spec/digest.h"
#include "store/store.h"

#define LAYER_PATH_BYTES 80 /* "layers/" + hex + "/fs" + NUL */

/* "layers/<hex>/fs", relative to the store's root; returns @buf. */
const char *layer_path(const struct digest *diff_id,
		       char buf[LAYER_PATH_BYTES]);

bool layer_exists(struct store *store, const struct digest *diff_id);
/*
 * Is there a layer by that name which the host may not have written to disk
 * before it went down? It does not exist, and the next one takes its place.
 */
bool layer_is_lost(struct store *store, const struct digest *diff_id);

/* An O_PATH fd of the tree, or -ENOENT. */
int layer_open(struct store *store, const struct digest *diff_id,
	       struct err *err);

struct layer_info {
	int64_t size_bytes;
	char id_mode[16];
};
int layer_read_info(struct store *store, const struct digest *diff_id,
		    struct layer_info *ret_info, struct err *err);

/*
 * Wait until no other process works on this layer. Who gets the lock looks
 * again whether the layer exists meanwhile. Returns an fd for layer_unlock().
 */
int layer_lock(struct store *store, const struct digest *diff_id,
	       struct err *err);
/* As layer_lock() without waiting: -EBUSY. */
int layer_try_lock(struct store *store, const struct digest *diff_id,
		   struct err *err);
/* Remove the lock's file and close @fd. */
void layer_unlock(struct store *store, const struct digest *diff_id, int fd);

struct layer_draft {
	char path[FSX_TMP_NAME_BYTES + 8]; /* "tmp/…", below the store */
	int dirfd;                         /* of the draft */
	int fsfd;                          /* of its fs/ */
};

#define LAYER_DRAFT_INIT                        \
	{                                       \
		.dirfd = -EBADF, .fsfd = -EBADF \
	}

/* Start a layer; the store is laid out. */
int layer_begin(struct store *store, struct layer_draft *draft,
		struct err *err);

/*
 * Make the draft the layer @diff_id: layer.json, the mark of an unsettled
 * layer, rename. When another process was first, the draft is dropped and
 * that is success. Somebody has to call layer_settle() afterwards.
 */
int layer_commit(struct store *store, struct layer_draft *draft,
		 const struct digest *diff_id, const struct layer_info *info,
		 struct err *err);

/* Is the file system of @fd one where layer_settle() may come later? */
bool layer_can_wait(int fd);
/*
 * Mark a draft as unsettled; where that cannot be, sync it. Returns 1, or 0
 * when it is settled.
 */
int layer_unsettle(const struct layer_draft *draft, struct err *err);
/*
 * Write this boot's unsettled layers to disk, whoever made them, and take
 * their marks off. As slow as the disk is.
 */
int layer_settle(struct store *store, struct err *err);

/*
 * The parts of layer_commit(), for who syncs several layers at once before
 * they get their names: write layer.json; give the draft its name.
 */
int layer_describe(struct layer_draft *draft, const struct layer_info *info,
		   struct err *err);
int layer_name(struct store *store, struct layer_draft *draft,
	       const struct digest *diff_id, struct err *err);

/* Remove a draft that was not committed; else does nothing. */
void layer_abort(struct store *store, struct layer_draft *draft);

/*
 * Take a layer out of sight in one rename; what is left to remove goes to
 * @tomb (a name below tmp/). Absent is success with an empty name.
 */
int layer_bury(struct store *store, const struct digest *diff_id,
	       char tomb[FSX_TMP_NAME_BYTES], struct err *err);

#endif
