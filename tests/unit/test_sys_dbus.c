/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <errno.h>
#include <pthread.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/cleanup.h"
#include "sys/bus.h"
#include "sys/systemd.h"

/* A call is the one message that we write: it is turned into others. */
static struct strbuf
message(uint8_t type, uint32_t serial, const char *signature,
	const struct strbuf *body)
{
	struct strbuf sb = STRBUF_INIT;

	dbus_put_call(&sb, serial,
		      &(struct dbus_call){ .destination = "a.b",
					   .path = "/a",
					   .interface = "a.b.C",
					   .member = "Do",
					   .signature = signature,
					   .body = body });
	sb.buf[1] = (char)type;
	return sb;
}

Test(sys_dbus, what_is_written_is_read)
{
	cleanup_strbuf struct strbuf body = STRBUF_INIT;
	cleanup_strbuf struct strbuf sb = STRBUF_INIT;
	struct dbus_message got;
	struct dbus_reader reader;
	struct span first, last;
	uint32_t number;

	dbus_put_str(&body, "one");
	dbus_put_u32(&body, 7);
	dbus_put_str(&body, "");
	sb = message(DBUS_SIGNAL, 3, "sus", &body);
	cr_assert(eq(i64, dbus_message_bytes(span_new(sb.buf, sb.len)),
		     (int64_t)sb.len));
	cr_assert(eq(int, dbus_parse(span_new(sb.buf, sb.len), &got), 0));
	cr_expect(span_is(got.member, "Do"));
	cr_expect(span_is(got.interface, "a.b.C"));
	cr_expect(span_is(got.signature, "sus"));
	reader = (struct dbus_reader){ .bytes = got.body };
	cr_assert(eq(int, dbus_get_str(&reader, &first), 0));
	cr_assert(eq(int, dbus_get_u32(&reader, &number), 0));
	cr_assert(eq(int, dbus_get_str(&reader, &last), 0));
	cr_expect(span_is(first, "one"));
	cr_expect(eq(u32, number, 7));
	cr_expect(eq(sz, last.len, 0));
	cr_expect(eq(int, dbus_get_u32(&reader, &number), -EBADMSG));
}

Test(sys_dbus, a_cut_message_is_none)
{
	cleanup_strbuf struct strbuf sb = message(DBUS_SIGNAL, 1, "s", NULL);
	struct dbus_message got;

	for (size_t len = 0; len < sb.len; len++)
		cr_expect(eq(int, dbus_parse(span_new(sb.buf, len), &got),
			     -EBADMSG));
	sb.buf[0] ^= 'l' ^ 'B';
	cr_expect(eq(i64, dbus_message_bytes(span_new(sb.buf, sb.len)),
		     -EBADMSG));
}

Test(sys_dbus, a_size_has_its_limit)
{
	cleanup_strbuf struct strbuf sb = message(DBUS_SIGNAL, 1, NULL, NULL);

	(void)memset(sb.buf + 4, 0x7f, 4);
	cr_expect(
		eq(i64, dbus_message_bytes(span_new(sb.buf, sb.len)), -EFBIG));
}

Test(sys_systemd, a_slice_is_a_name)
{
	cr_expect(systemd_is_slice("a-b.slice"));
	cr_expect(not(systemd_is_slice(".slice")));
	cr_expect(not(systemd_is_slice("/a/b.slice")));
	cr_expect(not(systemd_is_slice("a.scope")));
	cr_expect(not(systemd_is_slice(NULL)));
}

/* A bus that says these bytes once it was greeted. */
struct peer {
	char dir[64];
	char path[96];
	int fd;
	const char *greeting;
	struct strbuf says;
	pthread_t thread;
};

static void *
peer_serve(void *data)
{
	struct peer *peer = data;
	char heard[4096];
	int fd = accept(peer->fd, NULL, NULL);

	if (fd >= 0 && recv(fd, heard, sizeof(heard), 0) > 0) {
		(void)send(fd, peer->greeting, strlen(peer->greeting),
			   MSG_NOSIGNAL);
		(void)send(fd, peer->says.buf, peer->says.len, MSG_NOSIGNAL);
		/* Until the other side has heard enough. */
		(void)shutdown(fd, SHUT_WR);
		while (recv(fd, heard, sizeof(heard), 0) > 0)
			;
	}
	(void)close(fd);
	return NULL;
}

static void
peer_open(struct peer *peer)
{
	struct sockaddr_un addr = { .sun_family = AF_UNIX };

	(void)strcpy(peer->dir, "/tmp/dhow-unit.XXXXXX");
	cr_assert(mkdtemp(peer->dir) != NULL);
	(void)snprintf(peer->path, sizeof(peer->path), "%s/bus", peer->dir);
	(void)strcpy(addr.sun_path, peer->path);
	peer->fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	cr_assert(eq(int, bind(peer->fd, (void *)&addr, sizeof(addr)), 0));
	cr_assert(eq(int, listen(peer->fd, 1), 0));
	cr_assert(eq(int, pthread_create(&peer->thread, NULL, peer_serve, peer),
		     0));
}

static void
peer_close(struct peer *peer)
{
	(void)pthread_join(peer->thread, NULL);
	(void)close(peer->fd);
	(void)unlink(peer->path);
	(void)rmdir(peer->dir);
	strbuf_release(&peer->says);
}

/* As a return or an error to the second call: the first one greets. */
static void
peer_says(struct peer *peer, uint8_t type, const char *error, const char *text)
{
	cleanup_strbuf struct strbuf body = STRBUF_INIT;
	cleanup_strbuf struct strbuf sb = STRBUF_INIT;
	struct dbus_array fields;

	dbus_put_str(&body, text);
	strbuf_addf(&sb, "%c%c%c%c",
		    __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__ ? 'l' : 'B', type,
		    1, 1);
	dbus_put_u32(&sb, (uint32_t)body.len);
	dbus_put_u32(&sb, 9);
	fields = dbus_begin_array(&sb, 8);
	strbuf_addch(&sb, 5);
	dbus_put_signature(&sb, "u");
	dbus_put_u32(&sb, 2);
	dbus_align(&sb, 8);
	strbuf_addch(&sb, 8);
	dbus_put_signature(&sb, "g");
	dbus_put_signature(&sb, "s");
	dbus_align(&sb, 8);
	strbuf_addch(&sb, 4);
	dbus_put_signature(&sb, "s");
	dbus_put_str(&sb, error);
	dbus_end_array(&sb, fields);
	dbus_align(&sb, 8);
	strbuf_add(&peer->says, sb.buf, sb.len);
	strbuf_add(&peer->says, body.buf, body.len);
}

static int
talk(struct peer *peer, struct err *err)
{
	static const struct dbus_call call = { .destination = "a.b",
					       .path = "/",
					       .interface = "a.b.C",
					       .member = "Do" };
	cleanup_bus struct bus bus = BUS_INIT;
	struct dbus_message reply;
	int r;

	peer_open(peer);
	r = bus_open(&bus, peer->path, err);
	if (r == 0)
		r = bus_call(&bus, &call, &reply, err);
	bus_close(&bus);
	peer_close(peer);
	return r;
}

#define WELCOME "DATA\r\nOK 0123456789\r\n"

Test(sys_bus, a_return_is_waited_for)
{
	struct peer peer = { .greeting = WELCOME, .says = STRBUF_INIT };

	peer_says(&peer, DBUS_SIGNAL, "", "passed over");
	peer_says(&peer, DBUS_RETURN, "", "yes");
	cr_assert(eq(int, talk(&peer, NULL), 0));
}

Test(sys_bus, a_refusal_tells_its_words)
{
	struct peer peer = { .greeting = WELCOME, .says = STRBUF_INIT };
	struct err err = ERR_INIT;

	peer_says(&peer, DBUS_ERROR, "a.b.No", "not you");
	cr_assert(eq(int, talk(&peer, &err), -EACCES));
	cr_assert(eq(str, err.text, "not you"));
}

Test(sys_bus, who_is_not_there_is_told_apart)
{
	struct peer peer = { .greeting = WELCOME, .says = STRBUF_INIT };

	peer_says(&peer, DBUS_ERROR,
		  "org.freedesktop.DBus.Error.ServiceUnknown", "nobody");
	cr_assert(eq(int, talk(&peer, NULL), -ENOENT));
}

Test(sys_bus, bad_peers_are_errors)
{
	static const struct {
		const char *greeting, *says;
		int want;
	} cases[] = {
		{ "REJECTED KERBEROS\r\n", "", -EACCES },
		{ "", "", -EPROTO },
		{ WELCOME, "", -EPROTO },
		{ WELCOME, "HTTP/1.1 400 Bad Request\r\n", -EPROTO },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct peer peer = { .greeting = cases[i].greeting,
				     .says = STRBUF_INIT };

		strbuf_addstr(&peer.says, cases[i].says);
		cr_expect(eq(int, talk(&peer, NULL), cases[i].want), "case %zu",
			  i);
	}
}
