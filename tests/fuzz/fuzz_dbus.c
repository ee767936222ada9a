/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fuzz_dbus.c - messages that come over D-Bus, with bodies of text and
 * numbers.
 */
#include <stdint.h>
#include <stdlib.h>

#include "sys/dbus.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
walk(const struct dbus_message *message)
{
	struct dbus_reader reader = { .bytes = message->body };
	int r = 0;

	for (size_t i = 0; r == 0 && i < message->signature.len; i++) {
		struct span text = { NULL, 0 };
		uint32_t number;

		r = message->signature.ptr[i] == 'u'
			    ? dbus_get_u32(&reader, &number)
			    : dbus_get_str(&reader, &text);
		/* What is told to be there is there. */
		for (size_t n = 0; n < text.len; n++)
			if (!text.ptr[n])
				abort();
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct span bytes = span_new((const char *)data, size);
	struct dbus_message message;
	int64_t whole = dbus_message_bytes(bytes);

	if (whole >= 0 && (uint64_t)whole < size)
		bytes.len = (size_t)whole;
	if (dbus_parse(bytes, &message) == 0)
		walk(&message);
	return 0;
}
