/* SPDX-License-Identifier: Apache-2.0 */
/*
 * archive/owners.h - owners that could not be set, as lines of text.
 *
 * With one mapped id a file cannot belong to another: what was meant is kept
 * beside the tree, one line per file:
 *
 *	TYPE MODE UID GID MAJOR MINOR PATH
 *
 * TYPE: f file, d directory, l symlink, c and b devices (an empty file stands
 * in for them), p fifo, h further name of a file; '-' voids what was recorded
 * of PATH and everything below it. MODE: octal, the 07777 bits. PATH: below
 * the root without a leading '/' ("." is the root); bytes up to space, '\',
 * 0x7f and beyond are written \ooo (octal). The last line of a path wins.
 */
#ifndef DHOW_ARCHIVE_OWNERS_H
#define DHOW_ARCHIVE_OWNERS_H

#include <stdint.h>

#include "base/err.h"
#include "base/span.h"
#include "base/strbuf.h"

struct owner {
	char type;
	uint32_t mode;
	uint32_t uid;
	uint32_t gid;
	uint32_t dev_major;
	uint32_t dev_minor;
};

/* Append one line to @sb. */
void owners_add_line(struct strbuf *sb, const struct owner *owner,
		     const char *path);

/*
 * Cut the next line off @rest and decode it; the path replaces what is in
 * @path. Returns 1, 0 at the end, -EBADMSG for anything else than such a line.
 */
int owners_next(struct span *rest, struct owner *ret_owner, struct strbuf *path,
		struct err *err);

#endif
