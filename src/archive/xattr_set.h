/* SPDX-License-Identifier: Apache-2.0 */
/*
 * archive/xattr_set.h - the extended attributes of a file that a layer carries.
 */
#ifndef DHOW_ARCHIVE_XATTR_SET_H
#define DHOW_ARCHIVE_XATTR_SET_H

#include <stdbool.h>

#include "archive/tar_reader.h"
#include "base/strbuf.h"

/* Zeroed is empty; room is kept from one file to the next. */
struct xattr_set {
	struct tar_xattr *list; /* sorted by name */
	size_t len, cap;
	bool marked; /* the file has an owner_mark.h, which is not listed */
	struct strbuf names;
	struct strbuf values;
};

/*
 * May a layer have this attribute? User attributes and file capabilities may;
 * what storage drivers read must neither enter nor leave a layer.
 */
bool xattr_is_carried(const char *name);

/* Replace what is in @set by the attributes of @fd. */
void xattr_set_read(struct xattr_set *set, int fd);
void xattr_set_release(struct xattr_set *set);

#endif
