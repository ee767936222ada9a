/* SPDX-License-Identifier: Apache-2.0 */
/*
 * archive/tar_format.c - the 512-byte header block, read and written.
 */
#include "archive/tar_format.h"

#include <errno.h>
#include <string.h>

/* The first bit marks it, the next is the sign, big-endian two's complement. */
static int
read_base256(const uint8_t *field, size_t len, int64_t *ret_value)
{
	bool negative = field[0] & 0x40;
	uint8_t fill = negative ? 0xff : 0;
	uint64_t value = negative ? UINT64_MAX : 0;

	for (size_t i = 0; i < len; i++) {
		uint8_t byte = field[i];

		if (i == 0)
			byte = negative ? byte | 0x80 : byte & 0x7f;
		if (i + 8 < len && byte != fill)
			return -ERANGE;
		if (i + 8 == len && (byte ^ fill) & 0x80)
			return -ERANGE;
		value = value << 8 | byte;
	}
	*ret_value = (int64_t)value;
	return 0;
}

static int
read_octal(const char *field, size_t len, int64_t *ret_value)
{
	uint64_t value = 0;
	size_t i = 0;

	while (i < len && (field[i] == ' ' || field[i] == '\0'))
		i++;
	for (; i < len && field[i] >= '0' && field[i] <= '7'; i++)
		value = value << 3 | (uint64_t)(field[i] - '0');
	if (i < len && field[i] != ' ' && field[i] != '\0')
		return -EBADMSG;
	*ret_value = (int64_t)value; /* 12 digits are 36 bits */
	return 0;
}

int
tar_number_read(const char *field, size_t len, int64_t min, int64_t max,
		int64_t *ret_value)
{
	int64_t value;
	int r;

	assert(len >= 8 && len <= 12);
	if ((uint8_t)field[0] & 0x80)
		r = read_base256((const uint8_t *)field, len, &value);
	else
		r = read_octal(field, len, &value);
	if (r < 0)
		return r;
	if (value < min || value > max)
		return -ERANGE;
	*ret_value = value;
	return 0;
}

bool
tar_number_fits(size_t len, int64_t value)
{
	return value >= 0 && value < INT64_C(1) << (3 * (len - 1));
}

void
tar_number_write(char *field, size_t len, int64_t value)
{
	uint64_t bits = (uint64_t)value;

	if (!tar_number_fits(len, value)) {
		for (size_t i = len; i-- > 0; bits = (uint64_t)(value >>= 8))
			field[i] = (char)bits;
		field[0] = (char)((uint8_t)field[0] | 0x80);
		return;
	}
	field[len - 1] = '\0';
	for (size_t i = len - 1; i-- > 0; bits >>= 3)
		field[i] = (char)('0' + (bits & 7));
}

uint32_t
tar_checksum(const struct tar_header *header)
{
	const uint8_t *bytes = (const uint8_t *)header;
	uint32_t sum = 0;

	for (size_t i = 0; i < sizeof(*header); i++)
		sum += bytes[i];
	for (size_t i = 0; i < sizeof(header->checksum); i++)
		sum += ' ' - (uint32_t)(uint8_t)header->checksum[i];
	return sum;
}

/* Some old programs summed signed bytes. */
static int64_t
signed_sum(const struct tar_header *header)
{
	const int8_t *bytes = (const int8_t *)header;
	int64_t sum = 0;

	for (size_t i = 0; i < sizeof(*header); i++)
		sum += bytes[i];
	for (size_t i = 0; i < sizeof(header->checksum); i++)
		sum += ' ' - (int8_t)header->checksum[i];
	return sum;
}

bool
tar_checksum_ok(const struct tar_header *header)
{
	int64_t want;

	if (tar_number_read(header->checksum, sizeof(header->checksum), 0,
			    INT64_MAX, &want) < 0)
		return false;
	return want == tar_checksum(header) || want == signed_sum(header);
}
