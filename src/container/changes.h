/* SPDX-License-Identifier: Apache-2.0 */
/*
 * container/changes.h - what a container changed of its image's files.
 *
 * Read from its writable layer, or, where the storage driver made a copy of
 * the image, by comparing both. Nothing is mounted, and the container may run.
 */
#ifndef DHOW_CONTAINER_CHANGES_H
#define DHOW_CONTAINER_CHANGES_H

#include "base/err.h"
#include "container/lookup.h"
#include "session/session.h"

enum change_kind {
	CHANGE_MODIFIED, /* Docker's numbers */
	CHANGE_ADDED,
	CHANGE_DELETED,
	CHANGE_KIND_COUNT,
};

struct change {
	enum change_kind kind;
	char *path; /* absolute */
};

struct change_list {
	struct change *items; /* sorted by path; owned */
	size_t len;
	size_t cap;
};

#define CHANGE_LIST_INIT      \
	{                     \
		.items = NULL \
	}
#define cleanup_change_list cleanup_release(change_list_release)
void change_list_release(struct change_list *list);

/*
 * What a start makes for its own mounts; not counted, and no part of an image,
 * while nothing is in it. Without a leading '/', NULL-ended.
 */
extern const char *const changes_stubs[];

/*
 * List them; the caller is a member of U afterwards. A directory is modified
 * when something in it is, or it is another's or has another mode.
 */
int changes_find(struct session *session, const struct container *container,
		 struct change_list *ret_list, struct err *err);

#endif
