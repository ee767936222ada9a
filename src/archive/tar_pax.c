/* SPDX-License-Identifier: Apache-2.0 */
/*
 * archive/tar_pax.c - the records of a pax extended header.
 *
 * A record is "LENGTH KEY=VALUE\n", LENGTH counting all of itself. A value may
 * hold any byte, which only those of extended attributes make use of.
 */
#include "archive/tar_pax.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/text.h"

#define XATTR_NAME_MAX_BYTES 255

struct record {
	const char *key;
	char *value; /* NUL-terminated; may hold others inside */
	size_t len;
};

static int
bad_value(const struct record *rec, struct err *err)
{
	return err_set(err, EBADMSG, "pax record '%s' has a bad value",
		       rec->key);
}

/* Decimal digits up to the end or to @stop; returns what follows or NULL. */
static const char *
read_digits(const char *text, uint64_t max, uint64_t *ret_value)
{
	uint64_t value = 0;

	if (!text_is_digit(*text))
		return NULL;
	for (; text_is_digit(*text); text++) {
		uint64_t digit = (uint64_t)(*text - '0');

		if (value > (max - digit) / 10)
			return NULL;
		value = value * 10 + digit;
	}
	*ret_value = value;
	return text;
}

static int
get_number(const struct record *rec, uint64_t max, uint64_t *ret_value,
	   struct err *err)
{
	const char *end = read_digits(rec->value, max, ret_value);

	return end == rec->value + rec->len ? 0 : bad_value(rec, err);
}

static int
get_text(const struct record *rec, size_t max, const char **ret_text,
	 struct err *err)
{
	if (memchr(rec->value, '\0', rec->len))
		return bad_value(rec, err);
	if (rec->len > max)
		return err_set(err, ENAMETOOLONG,
			       "pax record '%s' has more than %zu bytes",
			       rec->key, max);
	*ret_text = rec->value;
	return 0;
}

static int
get_id(const struct record *rec, bool *ret_has, uint32_t *ret_id,
       struct err *err)
{
	uint64_t value = 0;
	int r = get_number(rec, TAR_MAX_ID, &value, err);

	if (r < 0)
		return r;
	*ret_id = (uint32_t)value;
	*ret_has = true;
	return 0;
}

/* "-12.345": seconds, and nine digits of what follows the point. */
static int
get_time(const struct record *rec, struct timespec *ret_time, struct err *err)
{
	bool negative = rec->value[0] == '-';
	uint64_t seconds = 0;
	long ns = 0, unit = 100000000;
	const char *at;

	at = read_digits(rec->value + negative, INT64_MAX / 2, &seconds);
	if (!at)
		return bad_value(rec, err);
	if (*at == '.')
		for (at++; text_is_digit(*at); at++, unit /= 10)
			ns += (*at - '0') * unit;
	if (at != rec->value + rec->len)
		return bad_value(rec, err);
	ret_time->tv_sec = negative ? -(int64_t)seconds : (int64_t)seconds;
	ret_time->tv_nsec = ns;
	if (negative && ns) {
		ret_time->tv_sec--;
		ret_time->tv_nsec = 1000000000 - ns;
	}
	return 0;
}

static int
add_xattr(struct tar_pax *pax, const struct record *rec, const char *name,
	  struct err *err)
{
	struct tar_xattr xattr = { name, rec->value, rec->len };

	if (!*name || strlen(name) > XATTR_NAME_MAX_BYTES)
		return err_set(err, EBADMSG,
			       "an extended attribute has a bad name");
	if (rec->len > TAR_MAX_XATTR_BYTES)
		return err_set(err, E2BIG,
			       "extended attribute '%s' has more than %d bytes",
			       name, TAR_MAX_XATTR_BYTES);
	if (pax->xattr_count == TAR_MAX_XATTRS)
		return err_set(err, E2BIG, "more than %d extended attributes",
			       TAR_MAX_XATTRS);
	array_push(pax->xattrs, pax->xattr_count, pax->xattr_cap, xattr);
	return 0;
}

static int
add_extent(struct tar_pax *pax, uint64_t offset, uint64_t len, struct err *err)
{
	if (pax->extent_count == TAR_MAX_SPARSE_EXTENTS)
		return err_set(err, E2BIG,
			       "more than %d extents of a sparse file",
			       TAR_MAX_SPARSE_EXTENTS);
	array_push(pax->extents, pax->extent_count, pax->extent_cap,
		   (struct tar_extent){ offset, len });
	return 0;
}

/* Version 0.1: "offset,length,offset,length…". */
static int
get_map(struct tar_pax *pax, const struct record *rec, struct err *err)
{
	const char *at = rec->value;
	int r;

	pax->extent_count = 0;
	while (*at) {
		uint64_t offset = 0, len = 0;

		at = read_digits(at, TAR_MAX_FILE_BYTES, &offset);
		if (!at || *at++ != ',')
			return bad_value(rec, err);
		at = read_digits(at, TAR_MAX_FILE_BYTES, &len);
		if (!at || (*at && *at++ != ','))
			return bad_value(rec, err);
		r = add_extent(pax, offset, len, err);
		if (r < 0)
			return r;
	}
	return at == rec->value + rec->len ? 0 : bad_value(rec, err);
}

/* Version 0.0: records "offset" and "numbytes" by turns. */
static int
get_extent_part(struct tar_pax *pax, const struct record *rec, bool is_length,
		struct err *err)
{
	uint64_t value = 0;
	int r = get_number(rec, TAR_MAX_FILE_BYTES, &value, err);

	if (r < 0)
		return r;
	if (is_length != pax->extent_is_open)
		return bad_value(rec, err);
	pax->extent_is_open = !is_length;
	if (!is_length)
		return add_extent(pax, value, 0, err);
	pax->extents[pax->extent_count - 1].len = value;
	return 0;
}

static int
take_sparse(struct tar_pax *pax, const struct record *rec, const char *key,
	    struct err *err)
{
	uint64_t value = 0;
	int r;

	pax->has_sparse = true;
	if (!strcmp(key, "map"))
		return get_map(pax, rec, err);
	if (!strcmp(key, "offset"))
		return get_extent_part(pax, rec, false, err);
	if (!strcmp(key, "numbytes"))
		return get_extent_part(pax, rec, true, err);
	if (!strcmp(key, "name"))
		return get_text(rec, TAR_MAX_PATH_BYTES, &pax->sparse_name,
				err);
	r = get_number(rec, TAR_MAX_FILE_BYTES, &value, err);
	if (r < 0)
		return r;
	if (!strcmp(key, "major")) {
		pax->sparse_major = value > 9 ? 9 : (unsigned int)value;
	} else if (!strcmp(key, "minor")) {
		pax->sparse_minor = value > 9 ? 9 : (unsigned int)value;
	} else if (!strcmp(key, "realsize") || !strcmp(key, "size")) {
		pax->real_size = value;
		pax->has_real_size = true;
	}
	return 0;
}

static int
take_record(struct tar_pax *pax, const struct record *rec, struct err *err)
{
	const char *rest;

	if ((rest = text_after(rec->key, "SCHILY.xattr.")))
		return add_xattr(pax, rec, rest, err);
	if (!rec->len)
		return 0; /* "as if absent" */
	if ((rest = text_after(rec->key, "GNU.sparse.")))
		return take_sparse(pax, rec, rest, err);
	if (!strcmp(rec->key, "path"))
		return get_text(rec, TAR_MAX_PATH_BYTES, &pax->path, err);
	if (!strcmp(rec->key, "linkpath"))
		return get_text(rec, TAR_MAX_PATH_BYTES, &pax->link, err);
	if (!strcmp(rec->key, "uname"))
		return get_text(rec, TAR_MAX_PATH_BYTES, &pax->uname, err);
	if (!strcmp(rec->key, "gname"))
		return get_text(rec, TAR_MAX_PATH_BYTES, &pax->gname, err);
	if (!strcmp(rec->key, "uid"))
		return get_id(rec, &pax->has_uid, &pax->uid, err);
	if (!strcmp(rec->key, "gid"))
		return get_id(rec, &pax->has_gid, &pax->gid, err);
	if (!strcmp(rec->key, "size")) {
		pax->has_size = true;
		return get_number(rec, TAR_MAX_FILE_BYTES, &pax->size, err);
	}
	if (!strcmp(rec->key, "mtime")) {
		pax->has_mtime = true;
		return get_time(rec, &pax->mtime, err);
	}
	return 0;
}

/* Cut the record at @text; returns its length or -EBADMSG. */
static ssize_t
cut_record(char *text, size_t left, struct record *ret_rec, struct err *err)
{
	char *space = memchr(text, ' ', left < 20 ? left : 20);
	char *equals;
	uint64_t len = 0;

	if (!space || read_digits(text, left, &len) != space ||
	    len < (size_t)(space - text) + 3 || text[len - 1] != '\n')
		return err_set(err, EBADMSG, "a pax record has a bad length");
	text[len - 1] = '\0';
	equals = memchr(space, '=', (size_t)(text + len - space));
	if (!equals || equals == space + 1)
		return err_set(err, EBADMSG, "a pax record has no key");
	*equals = '\0';
	if (strlen(space + 1) != (size_t)(equals - space - 1))
		return err_set(err, EBADMSG, "a pax record has a bad key");
	*ret_rec = (struct record){
		.key = space + 1,
		.value = equals + 1,
		.len = (size_t)(text + len - 1 - (equals + 1)),
	};
	return (ssize_t)len;
}

int
tar_pax_parse(struct tar_pax *pax, char *text, size_t len, struct err *err)
{
	struct record rec;

	tar_pax_reset(pax);
	while (len) {
		ssize_t used = cut_record(text, len, &rec, err);
		int r;

		if (used < 0)
			return (int)used;
		r = take_record(pax, &rec, err);
		if (r < 0)
			return r;
		text += used;
		len -= (size_t)used;
	}
	if (pax->extent_is_open)
		return err_set(err, EBADMSG, "a sparse extent has no length");
	return 0;
}

void
tar_pax_reset(struct tar_pax *pax)
{
	free(pax->xattrs);
	free(pax->extents);
	*pax = (struct tar_pax){ .path = NULL };
}
