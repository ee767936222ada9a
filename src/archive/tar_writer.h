/* SPDX-License-Identifier: Apache-2.0 */
/*
 * archive/tar_writer.h - write a tar stream, entry by entry.
 *
 * Ustar where it can say all, else a pax header before the entry; the same
 * entries give the same bytes.
 * Spec: POSIX pax(1), "ustar Interchange Format", "pax Extended Header".
 */
#ifndef DHOW_ARCHIVE_TAR_WRITER_H
#define DHOW_ARCHIVE_TAR_WRITER_H

#include "archive/byte_sink.h"
#include "archive/tar_reader.h"
#include "base/cleanup.h"
#include "base/err.h"

struct tar_writer;

/* @sink is copied; what is behind it must outlive the writer. */
struct tar_writer *tar_writer_new(const struct byte_sink *sink);
void tar_writer_free(struct tar_writer *tw);
DEFINE_CLEANUP(struct tar_writer *, tar_writer_free);

/*
 * Begin an entry; the last one's content must be complete. Attributes are
 * written in the order given, a directory gets a '/' at its end, holes are
 * written out as zeros. TAR_FILE wants entry->size bytes to follow.
 */
int tar_writer_entry(struct tar_writer *tw, const struct tar_entry *entry,
		     struct err *err);

/* The next @len bytes of content, in all no more than were announced. */
int tar_writer_data(struct tar_writer *tw, const void *data, size_t len,
		    struct err *err);

/*
 * All the entry's content from @fd at its place. -EBUSY when the file is
 * shorter than announced: somebody is changing it.
 */
int tar_writer_file(struct tar_writer *tw, int fd, struct err *err);

/* An entry and its content at once. */
int tar_writer_add(struct tar_writer *tw, const struct tar_entry *entry,
		   const void *data, struct err *err);

/* Write the end; nothing may follow. */
int tar_writer_end(struct tar_writer *tw, struct err *err);

#endif
