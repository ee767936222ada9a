/* SPDX-License-Identifier: Apache-2.0 */
/*
 * registry/upload.h - writing to a repository: blobs, then manifests.
 *
 * The repository was opened with .push. What it has is not sent again, what
 * another repository there has is taken over, and what was cut goes on where
 * the registry says that it stands.
 * Spec: OCI distribution-spec v1.1, "Push".
 */
#ifndef DHOW_REGISTRY_UPLOAD_H
#define DHOW_REGISTRY_UPLOAD_H

#include "registry/registry.h"

enum registry_upload_event {
	REGISTRY_UPLOAD_SENDING,  /* told again and again */
	REGISTRY_UPLOAD_EXISTS,   /* over: it was there */
	REGISTRY_UPLOAD_MOUNTED,  /* over: it was in .mount_from */
	REGISTRY_UPLOAD_COMPLETE, /* over: it was sent */
};

/* One blob; the callbacks may be NULL, but for open. */
struct registry_upload {
	struct digest digest;
	int64_t size_bytes;
	const char *mount_from; /* a repository's path there, or NULL */
	const char *location;   /* what .remember was told another time */
	/* Give its bytes, when they are needed: a file at any offset. */
	int (*open)(void *data, int *ret_fd, struct err *err);
	void (*tell)(void *data, enum registry_upload_event event,
		     int64_t sent_bytes);
	/* An upload is under way at @location; NULL: no longer. */
	void (*remember)(void *data, const char *location);
	void *data;
};

struct registry_upload_set;

/* @parallel: how many at once, 0 for REGISTRY_PARALLEL. Borrows @reg. */
struct registry_upload_set *registry_upload_new(struct registry *reg,
						size_t parallel);
void registry_upload_free(struct registry_upload_set *set);
DEFINE_CLEANUP(struct registry_upload_set *, registry_upload_free);

/* Queue a blob; copied, but for what it points to. */
void registry_upload_add(struct registry_upload_set *set,
			 const struct registry_upload *blob);

/*
 * Carry all to their end. Returns 0 or the first failure: -EACCES, -EPROTO,
 * -EDQUOT, those of the network, and what open() returned.
 */
int registry_upload_run(struct registry_upload_set *set, struct err *err);

/*
 * Which manifest does @tag name? Returns 0, -ENOENT, or as
 * registry_get_manifest(); -EPROTO also when the registry does not say.
 */
int registry_find_manifest(struct registry *reg, const char *tag,
			   struct digest *ret_digest, struct err *err);

/*
 * Name a manifest or an index whose blobs or manifests are there.
 *
 * @tag_or_digest: its own digest makes it known without a tag
 */
int registry_put_manifest(struct registry *reg, const char *tag_or_digest,
			  const char *media_type, struct span bytes,
			  struct err *err);

#endif
