/* SPDX-License-Identifier: Apache-2.0 */
/*
 * image/engine.h - the inside of dhow-transfer.
 *
 * One thread drives everything: downloads by registry_download_step(), one
 * extractor process per layer, locks that are only tried or waited for while
 * nothing else is under way.
 */
#ifndef DHOW_IMAGE_ENGINE_H
#define DHOW_IMAGE_ENGINE_H

#include "image/transfer.h"
#include "session/session.h"
#include "spec/image_config.h"
#include "spec/manifest.h"
#include "store/image.h"

struct extra_stores;

struct engine {
	struct transfer_request request;
	struct session session;
	struct store *store; /* laid out and pinned, after engine_enter() */
	const struct extra_stores *extra; /* or NULL; borrowed */
	int eventfd;
	int pinfd;
};

/*
 * Carry out the request on TRANSFER_REQUEST_FD; the last event tells how it
 * went. Returns an exit status.
 */
int engine_main(void);

/*
 * Enter the user namespace, lay out and pin the store. What must be asked
 * outside (credentials) was asked before.
 */
int engine_enter(struct engine *engine, struct err *err);
/* The same for one that may have entered already. */
int engine_enter_once(struct engine *engine, struct err *err);

/*
 * After a failed load or import: remove what it wrote and nothing refers to,
 * unless another transfer is under way.
 */
void engine_undo(struct engine *engine);

/* At the end: see to it that new layers reach the disk (store/layer.h). */
void engine_settle(const struct engine *engine);

/* The operations; each in its own file. */
int engine_pull(struct engine *engine, struct err *err);
int engine_load(struct engine *engine, struct err *err);
int engine_import(struct engine *engine, struct err *err);
int engine_unpack(struct engine *engine, struct err *err);
int engine_make(struct engine *engine, struct err *err);
int engine_fetch(struct engine *engine, struct err *err);
int engine_extract(struct engine *engine, struct err *err);
int engine_push(struct engine *engine, struct err *err);
int engine_save(struct engine *engine, struct err *err);
int engine_login(struct engine *engine, struct err *err);
int engine_copy(struct engine *engine, struct err *err);
int engine_describe(struct engine *engine, struct err *err);
int engine_push_list(struct engine *engine, struct err *err);
int engine_search(struct engine *engine, struct err *err);

/*
 * 0, or -ECANCELED once SIGINT or SIGTERM came, also for the death of the
 * command. Asked wherever work goes on; what does not ask in time is ended.
 */
int engine_check_stop(struct err *err);

/* Events. Borrow their texts. */
void engine_step(struct engine *engine, const char *id, const char *action,
		 uint64_t done, uint64_t total);
void engine_state(struct engine *engine, const char *id, const char *action);
void engine_note(struct engine *engine, const char *text);
void engine_begin(struct engine *engine, const char *name);
/* Tell of an image that is in the store as it was. */
void engine_image_is_here(struct engine *engine, const char *name,
			  const struct image_row *row);

struct registry_manifest;
/* A document of an image, whole; @platform: "" of an index. */
void engine_document(struct engine *engine, const char *name,
		     const struct registry_manifest *doc, const char *platform);
/* The image is where it was to go; @bytes: of its manifest there. */
void engine_copied(struct engine *engine, const char *name,
		   const struct digest *digest, size_t bytes);

/* What the request wants: its platform, or this host's. */
int engine_platform(const struct engine *engine, struct platform *ret_platform,
		    struct err *err);

/*
 * Fail early when the store's file system cannot take @bytes more.
 * Returns 0 or -ENOSPC with both numbers.
 */
int engine_check_space(struct engine *engine, uint64_t bytes, struct err *err);

/* A layer of the request to make an image is made. */
void engine_layer(struct engine *engine, size_t index,
		  const struct digest *diff_id, const struct descriptor *blob);

/* A file was fetched; @name may be NULL, @mtime -1. */
void engine_file(struct engine *engine, const char *name,
		 const struct digest *digest, uint64_t bytes, int64_t mtime);

/* An image whose blobs and layers are all in the store. */
struct engine_image {
	const char *media_type;
	const char *manifest; /* bytes */
	size_t manifest_len;
	struct digest id;
	const struct image_config *config;
	const struct digest *repo_digest; /* or NULL */
};

/*
 * Write the manifest, make names durable, record the image as @name (NULL:
 * without a name) and tell of it.
 */
int engine_record(struct engine *engine, const struct engine_image *image,
		  const char *name, struct err *err);

#endif
