/* SPDX-License-Identifier: Apache-2.0 */
/*
 * sys/dbus.h - messages of D-Bus: writing calls, reading what comes back.
 *
 * Only what a caller of methods needs: all that is not a call, a return, an
 * error or a signal is passed over. Spec: D-Bus Specification 0.38, "Marshaling
 * (Wire Format)" and "Message Format".
 */
#ifndef DHOW_SYS_DBUS_H
#define DHOW_SYS_DBUS_H

#include <stddef.h>
#include <stdint.h>

#include "base/span.h"
#include "base/strbuf.h"

#define DBUS_HEAD_BYTES 16 /* tells how long a message is */
#define DBUS_MAX_BYTES (1U << 20)

/* --- writing: bodies begin at the begin of @sb -------------------------- */

void dbus_put_u32(struct strbuf *sb, uint32_t value);
/* A string or an object path. */
void dbus_put_str(struct strbuf *sb, const char *str);
void dbus_put_signature(struct strbuf *sb, const char *signature);
/* To the next multiple of @to: what structs (8) begin at. */
void dbus_align(struct strbuf *sb, size_t to);

struct dbus_array {
	size_t length_at, items_at;
};

/* @item_align: of its items: 8 for structs, 4 for numbers and strings */
struct dbus_array dbus_begin_array(struct strbuf *sb, size_t item_align);
void dbus_end_array(struct strbuf *sb, struct dbus_array array);

struct dbus_call {
	const char *destination, *path, *interface, *member;
	const char *signature;     /* of the body, or NULL: there is none */
	const struct strbuf *body; /* or NULL */
};

/* Append the whole message. @serial: not 0, another for each call */
void dbus_put_call(struct strbuf *sb, uint32_t serial,
		   const struct dbus_call *call);

/* --- reading ------------------------------------------------------------ */

enum dbus_type {
	DBUS_CALL = 1,
	DBUS_RETURN = 2,
	DBUS_ERROR = 3,
	DBUS_SIGNAL = 4,
};

/* Borrowed from the bytes it was read from; empty where it has none. */
struct dbus_message {
	uint8_t type;          /* enum dbus_type, or one to come */
	uint32_t reply_serial; /* 0: none */
	struct span interface, member, error, signature;
	struct span body;
};

/*
 * The size of the message that begins with @head, of DBUS_HEAD_BYTES or more.
 * -EBADMSG when that is no message of this host's byte order; -EFBIG above
 * DBUS_MAX_BYTES.
 */
int64_t dbus_message_bytes(struct span head);

/* Read one whole message. Returns 0 or -EBADMSG. */
int dbus_parse(struct span bytes, struct dbus_message *ret_message);

/* Walks a body from its begin. */
struct dbus_reader {
	struct span bytes;
	size_t at;
};

/* The next value. Return 0, or -EBADMSG when it is not there whole. */
int dbus_get_u32(struct dbus_reader *reader, uint32_t *ret_value);
int dbus_get_str(struct dbus_reader *reader, struct span *ret_str);

#endif
