/* SPDX-License-Identifier: Apache-2.0 */
/*
 * net/net_msg.h - what dhow and its network process say to each other.
 *
 * One SOCK_SEQPACKET message is a list of "key=value" strings, each ended by
 * a NUL, and up to IO_MAX_FDS descriptors. The first field is "op". A key may
 * come more than once. Unknown keys are ignored, so that an older process can
 * serve a newer program.
 *
 *	to the network process		from it
 *	publish  port=… + sockets	(nothing)
 *	join     id= network= … + ns	joined ip= mac= … | error code= text=
 *	rename   name= network= alias=…	(nothing)
 *
 * And from programs that do not watch over the container:
 *
 *	connect  id= network= … + ns	joined …; its own program: connected …
 *	disconnect id= network= + ns	left; its own program: disconnected …
 *	list     skip=			members member= …
 */
#ifndef DHOW_NET_NET_MSG_H
#define DHOW_NET_NET_MSG_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/io.h"
#include "base/span.h"
#include "base/strvec.h"

#define NET_MSG_MAX_BYTES 32768
#define NET_MSG_MAX_FIELDS 1024

struct net_msg {
	struct strvec fields;
	int fds[IO_MAX_FDS]; /* received ones are owned */
	size_t fd_count;
};

#define NET_MSG_INIT                  \
	{                             \
		.fields = STRVEC_INIT \
	}
#define cleanup_net_msg cleanup_release(net_msg_release)

/* Close received descriptors and free the fields. */
void net_msg_release(struct net_msg *msg);
/* Forget the fields; descriptors were only borrowed for sending. */
void net_msg_release_fields(struct net_msg *msg);

/* Add a field; a NULL or empty value adds nothing. */
void net_msg_add(struct net_msg *msg, const char *key, const char *value);
void net_msg_add_int(struct net_msg *msg, const char *key, int64_t value);
void net_msg_add_fd(struct net_msg *msg, int fd);

/* The first value of @key; borrowed; NULL or @fallback when there is none. */
const char *net_msg_get(const struct net_msg *msg, const char *key);
int64_t net_msg_get_int(const struct net_msg *msg, const char *key,
			int64_t fallback);
bool net_msg_is(const struct net_msg *msg, const char *op);
/* Move descriptor @at out of the message; -EBADF when there is none. */
int net_msg_take_fd(struct net_msg *msg, size_t at);

/* Make the bytes of a message, or read them: 0 or -EPROTO. */
void net_msg_encode(const struct net_msg *msg, struct strbuf *sb);
int net_msg_decode(struct span bytes, struct net_msg *msg);

int net_msg_send(int sock, const struct net_msg *msg, struct err *err);
/*
 * Receive one message into an empty @msg. Returns 1; 0 at end of file;
 * -EPROTO, -EAGAIN, -ECONNRESET, …
 */
int net_msg_recv(int sock, struct net_msg *msg, struct err *err);

/* Send a story as an "error" message; read one back into @err. */
int net_msg_send_err(int sock, const struct err *err);
int net_msg_to_err(const struct net_msg *msg, struct err *err);

#endif
