/* SPDX-License-Identifier: Apache-2.0 */
/*
 * archive/layer_marks.h - how storage drivers write down what is deleted.
 *
 * The layer store has one form, the kernel overlay's: a character device 0:0
 * for a name that is gone, user.overlay.opaque=y on a directory that hides all
 * below it. fuse-overlayfs reads that form but writes its own attributes, and
 * files ".wh.NAME", ".wh..opq" and ".wh..wh..opq".
 */
#ifndef DHOW_ARCHIVE_LAYER_MARKS_H
#define DHOW_ARCHIVE_LAYER_MARKS_H

#include <stdbool.h>

#include "base/err.h"

/* Does the directory hide what lower layers have in it, in any form? */
bool layer_mark_is_opaque(int dirfd);

/* A file that only says so of its directory, or means nothing. */
bool layer_mark_is_file(const char *name);

/*
 * Bring the upper directory @rootfd of fuse-overlayfs, unmounted, into the
 * store's form. The caller may make the device (CAP_MKNOD in its user
 * namespace). Returns 0 or -errno.
 */
int layer_marks_to_native(int rootfd, struct err *err);

#endif
