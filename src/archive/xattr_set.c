/* SPDX-License-Identifier: Apache-2.0 */
/*
 * archive/xattr_set.c - the extended attributes of a file that a layer carries.
 */
#include "archive/xattr_set.h"

#include <linux/xattr.h>
#include <stdlib.h>
#include <string.h>
#include <sys/xattr.h>

#include "archive/owner_mark.h"
#include "base/alloc.h"
#include "base/text.h"

bool
xattr_is_carried(const char *name)
{
	static const char *const ours[] = {
		"user.overlay.",
		"user.fuseoverlayfs.",
		"user.containers.",
		"user.dhow.",
	};

	if (!strcmp(name, XATTR_NAME_CAPS))
		return true;
	if (!text_starts(name, XATTR_USER_PREFIX))
		return false;
	for (size_t i = 0; i < ARRAY_LEN(ours); i++)
		if (text_starts(name, ours[i]))
			return false;
	return true;
}

static int
by_name(const void *a, const void *b)
{
	return strcmp(((const struct tar_xattr *)a)->name,
		      ((const struct tar_xattr *)b)->name);
}

static void
set_add(struct xattr_set *set, const char *name, size_t offset, size_t len)
{
	/* The values still move: an offset until all are read. */
	array_push(set->list, set->len, set->cap,
		   (struct tar_xattr){ .name = name,
				       .value = (const void *)offset,
				       .len = len });
}

static void
set_read_value(struct xattr_set *set, int fd, const char *name)
{
	size_t offset = set->values.len;
	char *room = strbuf_grow(&set->values, TAR_MAX_XATTR_BYTES);
	ssize_t len = fgetxattr(fd, name, room, TAR_MAX_XATTR_BYTES);

	/* Gone meanwhile, or not for us to see. */
	if (len < 0)
		return;
	set->values.len += (size_t)len;
	set_add(set, name, offset, (size_t)len);
}

void
xattr_set_read(struct xattr_set *set, int fd)
{
	ssize_t len;
	char *names;

	if (!set->names.cap) {
		set->names = (struct strbuf)STRBUF_INIT;
		set->values = (struct strbuf)STRBUF_INIT;
	}
	set->len = 0;
	set->marked = false;
	strbuf_reset(&set->values);
	names = strbuf_grow(&set->names, TAR_MAX_XATTR_BYTES);
	len = flistxattr(fd, names, TAR_MAX_XATTR_BYTES);
	for (char *name = names; len > 0 && name < names + len;
	     name += strlen(name) + 1)
		if (xattr_is_carried(name))
			set_read_value(set, fd, name);
		else if (!strcmp(name, OWNER_MARK_NAME))
			set->marked = true;
	for (size_t i = 0; i < set->len; i++)
		set->list[i].value =
			set->values.buf + (size_t)set->list[i].value;
	if (set->len > 1)
		qsort(set->list, set->len, sizeof(*set->list), by_name);
}

void
xattr_set_release(struct xattr_set *set)
{
	free(set->list);
	if (set->names.cap) {
		strbuf_release(&set->names);
		strbuf_release(&set->values);
	}
	*set = (struct xattr_set){ .len = 0 };
}
