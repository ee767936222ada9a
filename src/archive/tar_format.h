/* SPDX-License-Identifier: Apache-2.0 */
/*
 * archive/tar_format.h - the 512-byte header block, read and written.
 *
 * Spec: POSIX pax(1), "ustar Interchange Format"; GNU tar manual, "Basic Tar
 * Format".
 */
#ifndef DHOW_ARCHIVE_TAR_FORMAT_H
#define DHOW_ARCHIVE_TAR_FORMAT_H

#include <assert.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define TAR_BLOCK_BYTES 512

struct tar_header {
	char name[100];
	char mode[8];
	char uid[8];
	char gid[8];
	char size[12];
	char mtime[12];
	char checksum[8];
	char type;
	char link[100];
	char magic[6];
	char version[2];
	char uname[32];
	char gname[32];
	char dev_major[8];
	char dev_minor[8];
	union {
		char prefix[155]; /* ustar */
		struct {
			char unused[41];
			char extents[4][24]; /* offset and length, 12 each */
			char is_extended;
			char real_size[12];
			char rest[5];
		} gnu;
	};
	char padding[12];
};
static_assert(sizeof(struct tar_header) == TAR_BLOCK_BYTES, "one block");
static_assert(offsetof(struct tar_header, gnu.extents) == 386, "GNU's place");

/*
 * Read an octal or base-256 field. Blanks are 0. Returns 0; -EBADMSG for
 * other bytes; -ERANGE below @min or above @max.
 */
int tar_number_read(const char *field, size_t len, int64_t min, int64_t max,
		    int64_t *ret_value);

/* Write @value, octal where it fits, else base-256. */
void tar_number_write(char *field, size_t len, int64_t value);
/* True when @value fits the field as octal digits and a NUL. */
bool tar_number_fits(size_t len, int64_t value);

/* The sum as it should be; the checksum field counts as blanks. */
uint32_t tar_checksum(const struct tar_header *header);
/* True when the recorded sum is right, by unsigned or old signed bytes. */
bool tar_checksum_ok(const struct tar_header *header);

/* Bytes that fill up a block behind @size bytes. */
static inline uint64_t
tar_padding(uint64_t size)
{
	return -size & (TAR_BLOCK_BYTES - 1);
}

#endif
