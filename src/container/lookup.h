/* SPDX-License-Identifier: Apache-2.0 */
/*
 * container/lookup.h - finding and listing the containers of a store.
 *
 * Reads only: what is found is what the records say, corrected by the kernel
 * (container/state.h). A record that cannot be read does not hide its
 * container: it is listed as dead, and rm removes it.
 */
#ifndef DHOW_CONTAINER_LOOKUP_H
#define DHOW_CONTAINER_LOOKUP_H

#include "container/spec.h"
#include "container/state.h"
#include "data/node.h"
#include "session/session.h"

struct container {
	char id[CONTAINER_ID_BYTES];
	char *name;          /* without a slash; the short id when unknown */
	int dirfd;           /* of containers/<id>; -EBADF in a list */
	struct node *config; /* config.json; an empty object when damaged */
	struct container_state state;
};

#define CONTAINER_INIT           \
	{                        \
		.dirfd = -EBADF, \
	}
#define cleanup_container cleanup_release(container_release)

struct container_vec {
	struct container *items; /* owned */
	size_t len;
	size_t cap;
};

#define CONTAINER_VEC_INIT    \
	{                     \
		.items = NULL \
	}
#define cleanup_container_vec cleanup_release(container_vec_release)

void container_release(struct container *container);
void container_vec_release(struct container_vec *vec);

/*
 * Find the container that a person means: an exact name ("/web" too), a whole
 * id, or the start of one that no other has.
 *
 * Returns 0; -ENOENT, with a name that is near as hint; -EEXIST when several
 * ids start so, with the candidates.
 */
int container_find(struct session *session, const char *ref,
		   struct container *ret_container, struct err *err);

/* All containers, newest first. A store without any is an empty list. */
int container_list(struct session *session, struct container_vec *ret_vec,
		   struct err *err);

/* The image that a container was made of, as far as it is still here. */
struct container_image {
	struct image_row row;       /* without a name when that moved on */
	struct image_config config; /* at least the layers */
};

#define cleanup_container_image cleanup_release(container_image_release)
void container_image_release(struct container_image *image);

/*
 * Read back what was asked for.
 *
 * @ret_spec:  borrows @ret_image; the caller releases both
 *
 * Returns 0 or -EBADMSG when the record is damaged.
 */
int container_load_spec(struct session *session,
			const struct container *container,
			struct container_spec *ret_spec,
			struct container_image *ret_image, struct err *err);

#endif
