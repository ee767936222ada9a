/* SPDX-License-Identifier: Apache-2.0 */
/*
 * archive/entry_path.h - where a name in an archive leads, by its text alone.
 */
#ifndef DHOW_ARCHIVE_ENTRY_PATH_H
#define DHOW_ARCHIVE_ENTRY_PATH_H

#include <stddef.h>

#include "base/err.h"
#include "base/strbuf.h"

/*
 * Write the cleaned name to @sb: no leading '/', no ".", no "..", no doubled
 * or final '/'; empty for the root itself. @max_depth: components allowed.
 *
 * Returns 0; -EBADMSG for an empty name or one that leaves the root;
 * -ENAMETOOLONG beyond @max_depth or with a component above 255 bytes.
 */
int entry_path_clean(const char *name, size_t max_depth, struct strbuf *sb,
		     struct err *err);

enum entry_kind {
	ENTRY_PLAIN,
	ENTRY_WHITEOUT, /* ".wh.NAME": NAME of the layers below is gone */
	ENTRY_OPAQUE,   /* ".wh..wh..opq": so is all else in its directory */
	ENTRY_IGNORED,  /* AUFS's own ".wh..wh.*" */
};

/*
 * What a clean path means in a layer. Returns an enum entry_kind, or -EBADMSG
 * when it whites out ".", ".." or nothing, or lies below a whiteout.
 * Spec: OCI image-spec, layer.md, "Whiteouts".
 */
int entry_path_kind(const char *path, struct err *err);

/* The last component, and the length of what is before its '/'. */
const char *entry_path_base(const char *path, size_t *ret_dir_len);

/* What follows ".wh." in the base of an ENTRY_WHITEOUT. */
const char *entry_path_whiteout_name(const char *base);

#endif
