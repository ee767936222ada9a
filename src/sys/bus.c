/* SPDX-License-Identifier: Apache-2.0 */
/*
 * sys/bus.c - one talk over D-Bus: connect, call, wait for a signal.
 */
#include "sys/bus.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/io.h"

#define BUS_NAME "org.freedesktop.DBus"
#define BUS_TIMEOUT_S 10
#define BUS_MAX_LINE_BYTES 4096

void
bus_close(struct bus *bus)
{
	if (bus->fd >= 0)
		(void)close(bus->fd);
	strbuf_release(&bus->in);
	*bus = (struct bus)BUS_INIT;
}

static int
bus_connect(struct bus *bus, const char *path, struct err *err)
{
	struct sockaddr_un addr = { .sun_family = AF_UNIX };
	const struct timeval limit = { .tv_sec = BUS_TIMEOUT_S };

	if (strlen(path) >= sizeof(addr.sun_path))
		return err_set(err, ENAMETOOLONG, "'%s' is too long", path);
	(void)memcpy(addr.sun_path, path, strlen(path) + 1);
	bus->fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (bus->fd < 0 ||
	    connect(bus->fd, (struct sockaddr *)&addr, sizeof(addr)) < 0 ||
	    setsockopt(bus->fd, SOL_SOCKET, SO_RCVTIMEO, &limit,
		       sizeof(limit)) < 0 ||
	    setsockopt(bus->fd, SOL_SOCKET, SO_SNDTIMEO, &limit,
		       sizeof(limit)) < 0)
		return err_sys(err, "connect to '%s'", path);
	return 0;
}

static int
bus_send(struct bus *bus, const void *data, size_t len, struct err *err)
{
	const char *at = data;

	while (len > 0) {
		ssize_t n = send(bus->fd, at, len, MSG_NOSIGNAL);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return errno == EAGAIN
				       ? err_set(err, ETIMEDOUT,
						 "D-Bus does not listen")
				       : err_sys(err, "write to D-Bus");
		at += n;
		len -= (size_t)n;
	}
	return 0;
}

/* More of what comes, at the end of bus->in. */
static int
bus_receive(struct bus *bus, struct err *err)
{
	char *room = strbuf_grow(&bus->in, BUS_MAX_LINE_BYTES);
	ssize_t n;

	do
		n = recv(bus->fd, room, BUS_MAX_LINE_BYTES, 0);
	while (n < 0 && errno == EINTR);
	if (n < 0)
		return errno == EAGAIN ? err_set(err, ETIMEDOUT,
						 "no answer over D-Bus in %d s",
						 BUS_TIMEOUT_S)
				       : err_sys(err, "read from D-Bus");
	if (n == 0)
		return err_set(err, EPROTO, "D-Bus closed the connection");
	bus->in.len += (size_t)n;
	bus->in.buf[bus->in.len] = '\0';
	return 0;
}

/* The rest of bus->in moves to its begin. */
static void
bus_drop(struct bus *bus, size_t len)
{
	(void)memmove(bus->in.buf, bus->in.buf + len, bus->in.len - len);
	strbuf_truncate(&bus->in, bus->in.len - len);
}

/*
 * Who we are is told by the socket alone: EXTERNAL without a name, since ours
 * in a user namespace is another than the one the bus knows.
 */
static int
bus_authenticate(struct bus *bus, struct err *err)
{
	static const char words[] = "\0AUTH EXTERNAL\r\nDATA\r\nBEGIN\r\n";
	int r = bus_send(bus, words, sizeof(words) - 1, err);

	for (;;) {
		const char *end = strstr(bus->in.buf, "\r\n");
		bool ok;

		if (r < 0)
			return r;
		if (!end && bus->in.len > BUS_MAX_LINE_BYTES)
			return err_set(err, EPROTO, "D-Bus talks nonsense");
		if (!end) {
			r = bus_receive(bus, err);
			continue;
		}
		ok = !strncmp(bus->in.buf, "OK ", 3);
		if (!ok && strncmp(bus->in.buf, "DATA", 4) != 0)
			return err_set(err, EACCES, "D-Bus does not let us in");
		bus_drop(bus, (size_t)(end + 2 - bus->in.buf));
		if (ok)
			return 0;
	}
}

/* Nobody waits for its return: who is no bus does not know it. */
static int
bus_tell(struct bus *bus, const char *member, const char *signature,
	 const struct strbuf *body, struct err *err)
{
	cleanup_strbuf struct strbuf out = STRBUF_INIT;
	const struct dbus_call call = {
		.destination = BUS_NAME,
		.path = "/org/freedesktop/DBus",
		.interface = BUS_NAME,
		.member = member,
		.signature = signature,
		.body = body,
	};

	dbus_put_call(&out, ++bus->serial, &call);
	return bus_send(bus, out.buf, out.len, err);
}

int
bus_open(struct bus *bus, const char *path, struct err *err)
{
	int r = bus_connect(bus, path, err);

	if (r == 0)
		r = bus_authenticate(bus, err);
	return r < 0 ? r : bus_tell(bus, "Hello", NULL, NULL, err);
}

int
bus_listen(struct bus *bus, const char *rule, struct err *err)
{
	cleanup_strbuf struct strbuf body = STRBUF_INIT;

	dbus_put_str(&body, rule);
	return bus_tell(bus, "AddMatch", "s", &body, err);
}

int
bus_next(struct bus *bus, struct dbus_message *ret_message, struct err *err)
{
	int64_t size = 0;
	int r = 0;

	bus_drop(bus, bus->used);
	bus->used = 0;
	while (r == 0 && size == 0) {
		if (bus->in.len >= DBUS_HEAD_BYTES)
			size = dbus_message_bytes(
				span_new(bus->in.buf, bus->in.len));
		if (size < 0)
			break;
		if (size == 0 || (uint64_t)size > bus->in.len) {
			size = 0;
			r = bus_receive(bus, err);
		}
	}
	if (r < 0)
		return r;
	if (size < 0 ||
	    dbus_parse(span_new(bus->in.buf, (size_t)size), ret_message) < 0)
		return err_set(err, EPROTO, "damaged message over D-Bus");
	bus->used = (size_t)size;
	return 0;
}

static int
bus_refused(const struct dbus_message *reply, struct err *err)
{
	struct dbus_reader reader = { .bytes = reply->body };
	cleanup_free char *name = span_dup(reply->error);
	cleanup_free char *words = NULL;
	struct span text;

	if (span_starts(reply->signature, "s") &&
	    dbus_get_str(&reader, &text) == 0)
		words = span_dup(text);
	return err_set(err,
		       strcmp(name, BUS_NAME ".Error.ServiceUnknown") == 0
			       ? ENOENT
			       : EACCES,
		       "%s", words ?: name);
}

int
bus_call(struct bus *bus, const struct dbus_call *call,
	 struct dbus_message *ret_reply, struct err *err)
{
	cleanup_strbuf struct strbuf out = STRBUF_INIT;
	int r;

	dbus_put_call(&out, ++bus->serial, call);
	r = bus_send(bus, out.buf, out.len, err);
	while (r == 0) {
		r = bus_next(bus, ret_reply, err);
		if (r < 0 || ret_reply->reply_serial != bus->serial)
			continue;
		if (ret_reply->type == DBUS_ERROR)
			return bus_refused(ret_reply, err);
		if (ret_reply->type == DBUS_RETURN)
			return 0;
	}
	return r;
}
