/* SPDX-License-Identifier: Apache-2.0 */
/*
 * net/net_msg.c - what dhow and its network process say to each other.
 */
#include "net/net_msg.h"

#include <assert.h>
#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "base/strbuf.h"
#include "base/text.h"
#include "base/units.h"

void
net_msg_release_fields(struct net_msg *msg)
{
	strvec_release(&msg->fields);
	msg->fd_count = 0;
}

void
net_msg_release(struct net_msg *msg)
{
	for (size_t i = 0; i < msg->fd_count; i++)
		if (msg->fds[i] >= 0)
			(void)close(msg->fds[i]);
	net_msg_release_fields(msg);
}

void
net_msg_add(struct net_msg *msg, const char *key, const char *value)
{
	if (value && value[0])
		strvec_addf(&msg->fields, "%s=%s", key, value);
}

void
net_msg_add_int(struct net_msg *msg, const char *key, int64_t value)
{
	strvec_addf(&msg->fields, "%s=%" PRId64, key, value);
}

void
net_msg_add_fd(struct net_msg *msg, int fd)
{
	assert(msg->fd_count < IO_MAX_FDS);
	msg->fds[msg->fd_count++] = fd;
}

const char *
net_msg_get(const struct net_msg *msg, const char *key)
{
	return strvec_env_get(&msg->fields, key);
}

int64_t
net_msg_get_int(const struct net_msg *msg, const char *key, int64_t fallback)
{
	const char *text = net_msg_get(msg, key);
	int64_t value;

	if (!text ||
	    units_parse_i64(text, INT64_MIN, INT64_MAX, &value, NULL) < 0)
		return fallback;
	return value;
}

bool
net_msg_is(const struct net_msg *msg, const char *op)
{
	const char *value = net_msg_get(msg, "op");

	return value && strcmp(value, op) == 0;
}

int
net_msg_take_fd(struct net_msg *msg, size_t at)
{
	return at < msg->fd_count ? take_fd(msg->fds[at]) : -EBADF;
}

void
net_msg_encode(const struct net_msg *msg, struct strbuf *sb)
{
	for (size_t i = 0; i < msg->fields.len; i++)
		strbuf_add(sb, msg->fields.v[i], strlen(msg->fields.v[i]) + 1);
}

int
net_msg_decode(struct span bytes, struct net_msg *msg)
{
	while (bytes.len) {
		size_t end = span_find(bytes, '\0');
		size_t equals = span_find(bytes, '=');

		if (end == bytes.len || equals == 0 || equals > end ||
		    msg->fields.len == NET_MSG_MAX_FIELDS)
			return -EPROTO;
		strvec_add(&msg->fields, bytes.ptr);
		bytes = span_skip(bytes, end + 1);
	}
	return msg->fields.len ? 0 : -EPROTO;
}

int
net_msg_send(int sock, const struct net_msg *msg, struct err *err)
{
	cleanup_strbuf struct strbuf sb = STRBUF_INIT;
	int r;

	net_msg_encode(msg, &sb);
	if (sb.len > NET_MSG_MAX_BYTES)
		return err_set(
			err, E2BIG,
			"the request to the network process is too long");
	r = io_send_fds(sock, sb.buf, sb.len, msg->fds, msg->fd_count);
	if (r < 0)
		return err_code(err, -r, "send to the network process");
	return 0;
}

int
net_msg_recv(int sock, struct net_msg *msg, struct err *err)
{
	cleanup_free char *buffer = xmalloc(NET_MSG_MAX_BYTES);
	ssize_t n;
	int r;

	msg->fd_count = IO_MAX_FDS;
	n = io_recv_fds(sock, buffer, NET_MSG_MAX_BYTES, msg->fds,
			&msg->fd_count);
	if (n <= 0)
		msg->fd_count = 0;
	if (n == 0)
		return 0;
	if (n < 0)
		return err_code(err, (int)-n,
				"receive from the network process");
	r = net_msg_decode(span_new(buffer, (size_t)n), msg);
	if (r < 0)
		return err_set(err, EPROTO, "a garbled message came");
	return 1;
}

int
net_msg_send_err(int sock, const struct err *err)
{
	struct net_msg msg = NET_MSG_INIT;
	int r;

	net_msg_add(&msg, "op", "error");
	net_msg_add_int(&msg, "code", err->code);
	net_msg_add(&msg, "text", err->text);
	net_msg_add(&msg, "hint", err->hint);
	r = net_msg_send(sock, &msg, NULL);
	net_msg_release_fields(&msg);
	return r;
}

int
net_msg_to_err(const struct net_msg *msg, struct err *err)
{
	const char *text = net_msg_get(msg, "text");
	const char *hint = net_msg_get(msg, "hint");
	int64_t code = net_msg_get_int(msg, "code", EPROTO);
	int r;

	if (code <= 0 || code > 4095)
		code = EPROTO;
	if (!text || !text[0])
		text = "the network process failed without a word";
	r = err_set(err, (int)code, "%s", text);
	if (hint)
		err_hint(err, "%s", hint);
	return r;
}
