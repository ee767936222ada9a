/* SPDX-License-Identifier: Apache-2.0 */
/*
 * store/secret.h - values that containers may be given: secrets/<name>.json.
 *
 * The file is readable by its owner alone and holds docker's inspect data and
 * the value: {"ID","CreatedAt","UpdatedAt","Spec":{"Name","Driver","Labels"},
 * "Value": base64}. A container gets a copy when it is made, so that a secret
 * can go or change meanwhile.
 */
#ifndef DHOW_STORE_SECRET_H
#define DHOW_STORE_SECRET_H

#include <stdbool.h>

#include "base/strbuf.h"
#include "data/node.h"
#include "store/store.h"

#define SECRET_MAX_BYTES (500U << 10)
#define SECRET_ID_BYTES 26 /* 25 hex digits and NUL */

struct secret {
	struct node *doc; /* owned, without the value */
	const char *name; /* borrowed from it, as all texts */
	const char *id;
	const char *created; /* RFC 3339 */
	const char *updated;
	const struct node *labels; /* an object of strings */
	struct strbuf value;
};

#define SECRET_INIT                               \
	{                                         \
		.doc = NULL, .value = STRBUF_INIT \
	}
#define cleanup_secret cleanup_release(secret_release)
/* The value is overwritten first. */
void secret_release(struct secret *secret);

struct secret_vec {
	struct secret *items; /* owned */
	size_t len;
	size_t cap;
};

#define SECRET_VEC_INIT       \
	{                     \
		.items = NULL \
	}
#define cleanup_secret_vec cleanup_release(secret_vec_release)
void secret_vec_release(struct secret_vec *vec);

/*
 * Keep a value. @labels: an object of strings, borrowed, may be NULL.
 * @replace: one of this name gets the value, keeping its birthday
 * @ret_id:  of the secret
 *
 * Returns 0; -EEXIST; -EINVAL for the name, or a value that is empty or
 * longer than SECRET_MAX_BYTES.
 */
int secret_create(struct store *store, const char *name, struct span value,
		  const struct node *labels, bool replace,
		  char ret_id[SECRET_ID_BYTES], struct err *err);

/*
 * The one a person means: a name, a whole id, or the start of an id that no
 * other has. -ENOENT; -EEXIST when several ids start so; -EBADMSG.
 */
int secret_find(struct store *store, const char *ref, struct secret *ret_secret,
		struct err *err);
/* All, by name. */
int secret_list(struct store *store, struct secret_vec *ret_vec,
		struct err *err);
/* By its whole name; -ENOENT. */
int secret_remove(struct store *store, const char *name, struct err *err);

#endif
