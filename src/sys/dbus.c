/* SPDX-License-Identifier: Apache-2.0 */
/*
 * sys/dbus.c - messages of D-Bus: writing calls, reading what comes back.
 *
 * Every value begins at a multiple of its size, counted from the begin of the
 * message; a body begins at a multiple of 8, so it can be counted on its own.
 */
#include "sys/dbus.h"

#include <endian.h>
#include <errno.h>
#include <string.h>

#include "base/alloc.h"

#define DBUS_ORDER (BYTE_ORDER == LITTLE_ENDIAN ? 'l' : 'B')
#define DBUS_VERSION 1

enum dbus_field {
	DBUS_FIELD_PATH = 1,
	DBUS_FIELD_INTERFACE = 2,
	DBUS_FIELD_MEMBER = 3,
	DBUS_FIELD_ERROR = 4,
	DBUS_FIELD_REPLY_SERIAL = 5,
	DBUS_FIELD_DESTINATION = 6,
	DBUS_FIELD_SIGNATURE = 8,
};

static size_t
dbus_aligned(size_t at, size_t to)
{
	return (at + to - 1) / to * to;
}

void
dbus_align(struct strbuf *sb, size_t to)
{
	strbuf_pad(sb, '\0', dbus_aligned(sb->len, to) - sb->len);
}

void
dbus_put_u32(struct strbuf *sb, uint32_t value)
{
	dbus_align(sb, sizeof(value));
	strbuf_add(sb, &value, sizeof(value));
}

void
dbus_put_str(struct strbuf *sb, const char *str)
{
	dbus_put_u32(sb, (uint32_t)strlen(str));
	strbuf_add(sb, str, strlen(str) + 1);
}

void
dbus_put_signature(struct strbuf *sb, const char *signature)
{
	strbuf_addch(sb, (char)strlen(signature));
	strbuf_add(sb, signature, strlen(signature) + 1);
}

struct dbus_array
dbus_begin_array(struct strbuf *sb, size_t item_align)
{
	struct dbus_array array;

	dbus_align(sb, sizeof(uint32_t));
	array.length_at = sb->len;
	dbus_put_u32(sb, 0);
	dbus_align(sb, item_align);
	array.items_at = sb->len;
	return array;
}

void
dbus_end_array(struct strbuf *sb, struct dbus_array array)
{
	uint32_t len = (uint32_t)(sb->len - array.items_at);

	(void)memcpy(sb->buf + array.length_at, &len, sizeof(len));
}

/* Of a header: a struct of its number and a variant. */
static void
dbus_put_field(struct strbuf *sb, enum dbus_field field, const char *type,
	       const char *value)
{
	if (!value)
		return;
	dbus_align(sb, 8);
	strbuf_addch(sb, (char)field);
	dbus_put_signature(sb, type);
	if (*type == 'g')
		dbus_put_signature(sb, value);
	else
		dbus_put_str(sb, value);
}

void
dbus_put_call(struct strbuf *sb, uint32_t serial, const struct dbus_call *call)
{
	cleanup_strbuf struct strbuf head = STRBUF_INIT;
	struct dbus_array fields;

	strbuf_addch(&head, DBUS_ORDER);
	strbuf_addch(&head, DBUS_CALL);
	strbuf_addch(&head, 0);
	strbuf_addch(&head, DBUS_VERSION);
	dbus_put_u32(&head, call->body ? (uint32_t)call->body->len : 0);
	dbus_put_u32(&head, serial);
	fields = dbus_begin_array(&head, 8);
	dbus_put_field(&head, DBUS_FIELD_PATH, "o", call->path);
	dbus_put_field(&head, DBUS_FIELD_DESTINATION, "s", call->destination);
	dbus_put_field(&head, DBUS_FIELD_INTERFACE, "s", call->interface);
	dbus_put_field(&head, DBUS_FIELD_MEMBER, "s", call->member);
	dbus_put_field(&head, DBUS_FIELD_SIGNATURE, "g", call->signature);
	dbus_end_array(&head, fields);
	dbus_align(&head, 8);
	strbuf_add(sb, head.buf, head.len);
	if (call->body)
		strbuf_add(sb, call->body->buf, call->body->len);
}

/* --- reading ------------------------------------------------------------ */

/* @size bytes that begin at the next multiple of @align. */
static int
dbus_get(struct dbus_reader *reader, size_t align, size_t size,
	 struct span *ret_bytes)
{
	size_t at = dbus_aligned(reader->at, align);

	if (at > reader->bytes.len || size > reader->bytes.len - at)
		return -EBADMSG;
	*ret_bytes = span_new(reader->bytes.ptr + at, size);
	reader->at = at + size;
	return 0;
}

int
dbus_get_u32(struct dbus_reader *reader, uint32_t *ret_value)
{
	struct span bytes;
	int r = dbus_get(reader, sizeof(*ret_value), sizeof(*ret_value),
			 &bytes);

	if (r == 0)
		(void)memcpy(ret_value, bytes.ptr, sizeof(*ret_value));
	return r;
}

/* Text of that length, and the NUL that ends it. */
static int
dbus_get_text(struct dbus_reader *reader, size_t len, struct span *ret_text)
{
	struct span bytes;
	int r = dbus_get(reader, 1, len + 1, &bytes);

	if (r < 0 || span_find(bytes, '\0') != len)
		return -EBADMSG;
	*ret_text = span_new(bytes.ptr, len);
	return 0;
}

int
dbus_get_str(struct dbus_reader *reader, struct span *ret_str)
{
	uint32_t len;
	int r = dbus_get_u32(reader, &len);

	return r < 0 ? r : dbus_get_text(reader, len, ret_str);
}

static int
dbus_get_signature(struct dbus_reader *reader, struct span *ret_signature)
{
	struct span len;
	int r = dbus_get(reader, 1, 1, &len);

	return r < 0 ? r
		     : dbus_get_text(reader, (unsigned char)*len.ptr,
				     ret_signature);
}

/* The value of a field: one of a basic type, as all fields have. */
static int
dbus_get_basic(struct dbus_reader *reader, char type, struct span *ret_value)
{
	switch (type) {
	case 's':
	case 'o':
		return dbus_get_str(reader, ret_value);
	case 'g':
		return dbus_get_signature(reader, ret_value);
	case 'y':
		return dbus_get(reader, 1, 1, ret_value);
	case 'n':
	case 'q':
		return dbus_get(reader, 2, 2, ret_value);
	case 'b':
	case 'i':
	case 'u':
	case 'h':
		return dbus_get(reader, 4, 4, ret_value);
	case 'x':
	case 't':
	case 'd':
		return dbus_get(reader, 8, 8, ret_value);
	default:
		return -EBADMSG;
	}
}

static int
dbus_take_field(struct dbus_message *message, char field, char type,
		struct span value)
{
	static const struct {
		char field, type;
		size_t offset;
	} texts[] = {
		{ DBUS_FIELD_INTERFACE, 's',
		  offsetof(struct dbus_message, interface) },
		{ DBUS_FIELD_MEMBER, 's',
		  offsetof(struct dbus_message, member) },
		{ DBUS_FIELD_ERROR, 's', offsetof(struct dbus_message, error) },
		{ DBUS_FIELD_SIGNATURE, 'g',
		  offsetof(struct dbus_message, signature) },
	};

	if (field == DBUS_FIELD_REPLY_SERIAL) {
		if (type != 'u')
			return -EBADMSG;
		(void)memcpy(&message->reply_serial, value.ptr,
			     sizeof(message->reply_serial));
		return 0;
	}
	for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
		if (texts[i].field != field)
			continue;
		if (texts[i].type != type)
			return -EBADMSG;
		*(struct span *)((char *)message + texts[i].offset) = value;
	}
	return 0;
}

static int
dbus_parse_field(struct dbus_reader *reader, struct dbus_message *message)
{
	struct span field, type, value;

	if (dbus_get(reader, 8, 1, &field) < 0 ||
	    dbus_get_signature(reader, &type) < 0 || type.len != 1 ||
	    dbus_get_basic(reader, *type.ptr, &value) < 0)
		return -EBADMSG;
	return dbus_take_field(message, *field.ptr, *type.ptr, value);
}

int64_t
dbus_message_bytes(struct span head)
{
	uint32_t body, fields;

	if (head.len < DBUS_HEAD_BYTES || head.ptr[0] != DBUS_ORDER ||
	    head.ptr[3] != DBUS_VERSION)
		return -EBADMSG;
	(void)memcpy(&body, head.ptr + 4, sizeof(body));
	(void)memcpy(&fields, head.ptr + 12, sizeof(fields));
	if (body > DBUS_MAX_BYTES || fields > DBUS_MAX_BYTES)
		return -EFBIG;
	return (int64_t)(DBUS_HEAD_BYTES + dbus_aligned(fields, 8) + body);
}

int
dbus_parse(struct span bytes, struct dbus_message *ret_message)
{
	struct dbus_message message = { .type = 0 };
	struct dbus_reader reader = { .at = DBUS_HEAD_BYTES };
	int64_t size = dbus_message_bytes(bytes);
	uint32_t fields;
	int r = 0;

	if (size < 0 || (uint64_t)size != bytes.len)
		return -EBADMSG;
	message.type = (uint8_t)bytes.ptr[1];
	(void)memcpy(&fields, bytes.ptr + 12, sizeof(fields));
	reader.bytes = span_new(bytes.ptr, DBUS_HEAD_BYTES + fields);
	while (r == 0 && reader.at < reader.bytes.len)
		r = dbus_parse_field(&reader, &message);
	message.body = span_skip(bytes, dbus_aligned(reader.bytes.len, 8));
	if (r == 0)
		*ret_message = message;
	return r;
}
