/* SPDX-License-Identifier: Apache-2.0 */
/*
 * container/secrets.h - the secrets a container was given.
 *
 * It has a copy of each, secrets/<number> in its directory, from the day it
 * was made: what becomes of the secret later does not touch it. Files are
 * mounted read-only; variables are read when a process starts, and are in no
 * record and no image.
 */
#ifndef DHOW_CONTAINER_SECRETS_H
#define DHOW_CONTAINER_SECRETS_H

#include "container/ids.h"
#include "container/spec.h"
#include "store/store.h"

/* Read what --secret names from the store; -ENOENT. */
int secrets_find(struct store *store, struct container_spec *spec,
		 struct err *err);
/* Keep the copies in the container's directory @dirfd. */
int secrets_write(int dirfd, const struct container_spec *spec,
		  struct err *err);
/* Read back those that become variables. */
int secrets_read(int dirfd, struct container_spec *spec, struct err *err);
/* Owners and modes, as @ids has them; the caller is inside U. */
int secrets_give(int dirfd, const struct container_spec *spec,
		 const struct ids *ids, struct err *err);

#endif
