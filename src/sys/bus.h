/* SPDX-License-Identifier: Apache-2.0 */
/*
 * sys/bus.h - one talk over D-Bus: connect, call, wait for a signal.
 *
 * Blocking, with a limit of time for each answer. The bus knows who speaks by
 * the socket, also from inside a user namespace. Spec: D-Bus Specification,
 * "Authentication Protocol", "Message Bus Messages".
 */
#ifndef DHOW_SYS_BUS_H
#define DHOW_SYS_BUS_H

#include "base/err.h"
#include "base/strbuf.h"
#include "sys/dbus.h"

struct bus {
	int fd;
	uint32_t serial;  /* of the last call */
	struct strbuf in; /* what came and was not looked at yet */
	size_t used;      /* of it: the message that was read last */
};

#define BUS_INIT                             \
	{                                    \
		.fd = -1, .in = STRBUF_INIT, \
	}
#define cleanup_bus cleanup_release(bus_close)
void bus_close(struct bus *bus);

/* Returns 0; what connect() says; -EACCES when the bus does not want us. */
int bus_open(struct bus *bus, const char *path, struct err *err);

/*
 * Let signals come that fit @rule: "type='signal',member='X'". Where no bus is
 * between, all of them come.
 */
int bus_listen(struct bus *bus, const char *rule, struct err *err);

/*
 * Call a method and wait for its return, which is valid until the next call
 * here. Returns 0; -ENOENT when nobody of the destination's name is there;
 * -EACCES when it refuses, with its words; -EPROTO, -ETIMEDOUT.
 */
int bus_call(struct bus *bus, const struct dbus_call *call,
	     struct dbus_message *ret_reply, struct err *err);

/* The next message, of any kind. Returns 0, -EPROTO or -ETIMEDOUT. */
int bus_next(struct bus *bus, struct dbus_message *ret_message,
	     struct err *err);

#endif
