/* SPDX-License-Identifier: Apache-2.0 */
/*
 * build/step_cache.h - finished steps, found again by what went into them.
 *
 * Below the store:
 *   build/steps/<key>    a record: where the step's tree is, what it was
 *   build/trees/<id>/    fs/ and owners: the upper directory of a step that is
 *                        in no image
 *   build/layers/<hex>   an empty file: a step has this layer, store_gc()
 *                        leaves it alone
 *   build/mounts/<hash>/ cache mounts (build/cache_mount.h)
 *   build/contexts/      digests of files of contexts (build/stat_cache.h)
 *   build/last/          what each instruction was last (build/why.c)
 *   build/made/          images that came of known parts (output_again.c)
 *   build/lock           shared by builds, exclusive for prune
 *
 * A key is a digest over the step's definition and all its inputs by content,
 * computed by us: nothing that comes with an image can name one. Records
 * appear whole, after their tree. What is not synced yet carries the boot id,
 * and counts no more after a crash of the host.
 */
#ifndef DHOW_BUILD_STEP_CACHE_H
#define DHOW_BUILD_STEP_CACHE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/blake2.h"
#include "base/strvec.h"
#include "spec/digest.h"
#include "store/store.h"

#define STEP_DIR "build/steps"
#define STEP_TREE_DIR "build/trees"
#define STEP_LAYER_DIR "build/layers"

struct step_record {
	char *key;   /* hex */
	char *id;    /* what keys of later steps build on: of a RUN a new one
			each time it runs, else the key */
	char *same;  /* another key: it came to the same; or NULL */
	char *tree;  /* name in build/trees; NULL once it is a layer */
	char *layer; /* diff id, or NULL */
	char *blob;  /* digest of its archive, or NULL */
	int64_t blob_size;
	char *media_type;
	char *boot; /* not on disk for certain until then; NULL: it is */
	char *title;
	char *parent;         /* key, or NULL */
	struct strvec inputs; /* "what=digest", for --why */
	int64_t size;
	int64_t created_ns;
};

#define STEP_RECORD_INIT              \
	{                             \
		.inputs = STRVEC_INIT \
	}
#define cleanup_step_record cleanup_release(step_record_release)
void step_record_release(struct step_record *record);

/* Make the directories. */
int step_cache_lay_out(struct store *store, struct err *err);
/* Until the returned fd is closed nothing is pruned. */
int step_cache_hold(struct store *store, struct err *err);

/*
 * Find a finished step whose tree is there. @ret_record may be NULL.
 * Returns 0 or -ENOENT; damaged records count as none.
 */
int step_cache_get(struct store *store, const char *key,
		   struct step_record *ret_record);
/*
 * While an image is made, trees are on their way to be layers: a tree that is
 * missing is looked for again when that is over. Whoever makes the image
 * holds this lock, from before he looks to after he wrote the records, and
 * uses step_cache_find(), which does not wait.
 */
#define STEP_EXPORT_LOCK "build/export"
int step_cache_find(struct store *store, const char *key,
		    struct step_record *ret_record);

/* The record as it is, whether its tree is there or not. */
int step_cache_read(struct store *store, const char *key,
		    struct step_record *ret_record);
int step_cache_put(struct store *store, const struct step_record *record,
		   struct err *err);
void step_cache_drop(struct store *store, const char *key);

/* Note that it was used just now. */
void step_cache_touch(struct store *store, const char *key);

/* Path of the tree below the store: "layers/<hex>/fs". The caller frees it. */
char *step_record_tree(const struct step_record *record);
/* Path of its record of owners; the caller frees it. */
char *step_record_owners(const struct step_record *record);

/*
 * Wait until nobody else works on this step. Returns an fd for
 * step_cache_unlock().
 */
int step_cache_lock(struct store *store, const char *key, struct err *err);
void step_cache_unlock(struct store *store, const char *key, int fd);

/*
 * Move the finished directory @draft (below the store, with fs/ and owners)
 * to build/trees. @ret_tree: its name there; the caller frees it.
 */
int step_cache_adopt(struct store *store, const char *draft, char **ret_tree,
		     struct err *err);

/* Leave the layer to this step also when no image has it. */
int step_cache_mark_layer(struct store *store, const struct digest *diff_id,
			  struct err *err);

#endif
