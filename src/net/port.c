/* SPDX-License-Identifier: Apache-2.0 */
/*
 * net/port.c - what -p publishes, as text.
 */
#include "net/port.h"

#include <arpa/inet.h>
#include <errno.h>
#include <string.h>

#include "base/alloc.h"
#include "base/span.h"
#include "base/strvec.h"
#include "base/units.h"

struct range {
	uint16_t first;
	uint16_t last;
};

/* The pieces of one -p before they become bindings. */
struct publish {
	const char *text; /* as typed, for messages */
	int proto;
	char host_ip[INET6_ADDRSTRLEN];
	struct range host; /* 0, 0: any */
	struct range container;
};

const char *
port_proto_name(int proto)
{
	return proto == IPPROTO_UDP ? "udp" : "tcp";
}

static int
bad(const struct publish *publish, struct err *err, const char *why)
{
	return err_set(err, EINVAL, "invalid port '%s': %s", publish->text,
		       why);
}

static int
parse_port(const struct publish *publish, struct span piece, uint64_t min,
	   uint16_t *ret_port, struct err *err)
{
	cleanup_free char *text = span_dup(piece);
	uint64_t port;

	if (units_parse_u64(text, min, UINT16_MAX, &port, NULL) < 0)
		return bad(publish, err, "a port is a number from 1 to 65535");
	*ret_port = (uint16_t)port;
	return 0;
}

/* "80" or "8000-8010"; @min 0 allows "0", any port. */
static int
parse_range(const struct publish *publish, struct span text, uint64_t min,
	    struct range *ret_range, struct err *err)
{
	size_t dash = span_find(text, '-');
	struct range range;
	int r;

	r = parse_port(publish, span_new(text.ptr, dash), min, &range.first,
		       err);
	if (r < 0)
		return r;
	range.last = range.first;
	if (dash < text.len)
		r = parse_port(publish, span_skip(text, dash + 1), 1,
			       &range.last, err);
	if (r < 0)
		return r;
	if (range.last < range.first)
		return bad(publish, err, "the range ends before it starts");
	*ret_range = range;
	return 0;
}

static int
parse_proto(struct publish *publish, struct span proto, struct err *err)
{
	if (span_is(proto, "tcp")) {
		publish->proto = IPPROTO_TCP;
	} else if (span_is(proto, "udp")) {
		publish->proto = IPPROTO_UDP;
	} else if (span_is(proto, "sctp")) {
		return err_set(
			err, EOPNOTSUPP,
			"invalid port '%s': sctp cannot be published without root",
			publish->text);
	} else {
		return bad(publish, err, "the protocol is tcp or udp");
	}
	return 0;
}

static int
parse_ip(struct publish *publish, struct span text, struct err *err)
{
	cleanup_free char *ip = span_dup(text);
	struct in6_addr addr;

	if (inet_pton(AF_INET, ip, &addr) != 1 &&
	    inet_pton(AF_INET6, ip, &addr) != 1)
		return bad(publish, err, "the host part is no IP address");
	(void)snprintf(publish->host_ip, sizeof(publish->host_ip), "%s", ip);
	return 0;
}

/* Cut an address off the front: "[::1]:" or "127.0.0.1:" before a colon. */
static int
take_ip(struct publish *publish, struct span *io_rest, struct err *err)
{
	struct span rest = *io_rest;
	size_t end = span_find(rest, ']');
	size_t colon;
	int r;

	if (span_starts(rest, "[")) {
		if (end + 1 >= rest.len || rest.ptr[end + 1] != ':')
			return bad(publish, err, "a ':' follows the ']'");
		r = parse_ip(publish, span_new(rest.ptr + 1, end - 1), err);
		*io_rest = span_skip(rest, end + 2);
		return r;
	}
	colon = span_find(rest, ':');
	if (colon == rest.len ||
	    span_find(span_skip(rest, colon + 1), ':') == rest.len - colon - 1)
		return 0; /* at most one colon: no address */
	r = colon ? parse_ip(publish, span_new(rest.ptr, colon), err) : 0;
	*io_rest = span_skip(rest, colon + 1);
	return r;
}

static int
parse_short(struct publish *publish, struct err *err)
{
	struct span rest = span_of(publish->text);
	size_t slash = span_find(rest, '/');
	size_t colon;
	int r = 0;

	if (slash < rest.len)
		r = parse_proto(publish, span_skip(rest, slash + 1), err);
	if (r < 0)
		return r;
	rest.len = slash;
	r = take_ip(publish, &rest, err);
	if (r < 0)
		return r;
	colon = span_find(rest, ':');
	if (colon == rest.len)
		return parse_range(publish, rest, 1, &publish->container, err);
	if (colon)
		r = parse_range(publish, span_new(rest.ptr, colon), 0,
				&publish->host, err);
	if (r < 0)
		return r;
	return parse_range(publish, span_skip(rest, colon + 1), 1,
			   &publish->container, err);
}

/* One "key=value" of the long form. */
static int
parse_field(struct publish *publish, struct span field, struct err *err)
{
	size_t equals = span_find(field, '=');
	struct span key = span_new(field.ptr, equals);
	struct span value;

	if (equals == field.len)
		return bad(publish, err, "the long form is key=value,…");
	value = span_skip(field, equals + 1);
	if (span_is(key, "target"))
		return parse_range(publish, value, 1, &publish->container, err);
	if (span_is(key, "published"))
		return parse_range(publish, value, 0, &publish->host, err);
	if (span_is(key, "protocol"))
		return parse_proto(publish, value, err);
	if (span_is(key, "host_ip"))
		return parse_ip(publish, value, err);
	/* Both modes are the same where there is no cluster. */
	if (span_is(key, "mode") &&
	    (span_is(value, "host") || span_is(value, "ingress")))
		return 0;
	return bad(
		publish, err,
		"the long form knows target, published, protocol, host_ip and mode");
}

static int
parse_long(struct publish *publish, struct err *err)
{
	struct span rest = span_of(publish->text), field;

	while (span_next(&rest, ',', &field)) {
		int r = parse_field(publish, field, err);

		if (r < 0)
			return r;
	}
	if (!publish->container.first)
		return bad(publish, err, "the long form needs target=");
	return 0;
}

static int
add_binding(struct port_plan *plan, const struct publish *publish,
	    struct range host, uint16_t container_port, struct err *err)
{
	struct port_binding binding = {
		.proto = publish->proto,
		.host_port = host.first,
		.host_port_end = host.last,
		.container_port = container_port,
		.fds = { -EBADF, -EBADF },
	};

	if (plan->len >= PORT_MAX_BINDINGS)
		return err_set(
			err, ERANGE,
			"invalid port '%s': more than %d ports are published",
			publish->text, PORT_MAX_BINDINGS);
	(void)memcpy(binding.host_ip, publish->host_ip,
		     sizeof(binding.host_ip));
	array_push(plan->bindings, plan->len, plan->cap, binding);
	return 0;
}

static int
expand(struct port_plan *plan, const struct publish *publish, struct err *err)
{
	unsigned int count =
		publish->container.last - publish->container.first + 1U;
	unsigned int host_count = publish->host.last - publish->host.first + 1U;
	int r = 0;

	if (publish->host.first && count > 1 && count != host_count)
		return bad(publish, err, "the ranges differ in length");
	if (!publish->host.first && publish->host.last)
		return bad(publish, err, "a range cannot start at 0");
	for (unsigned int i = 0; i < count && r == 0; i++) {
		struct range host = publish->host;

		if (host.first && count > 1) {
			host.first = (uint16_t)(host.first + i);
			host.last = host.first;
		}
		r = add_binding(plan, publish, host,
				(uint16_t)(publish->container.first + i), err);
	}
	return r;
}

int
port_plan_parse(struct port_plan *plan, const char *text, struct err *err)
{
	struct publish publish = { .text = text, .proto = IPPROTO_TCP };
	int r;

	r = strchr(text, '=') ? parse_long(&publish, err)
			      : parse_short(&publish, err);
	return r < 0 ? r : expand(plan, &publish, err);
}

void
port_plan_add_random(struct port_plan *plan, int proto, uint16_t container_port)
{
	struct port_binding binding = {
		.proto = proto,
		.container_port = container_port,
		.fds = { -EBADF, -EBADF },
	};

	if (plan->len < PORT_MAX_BINDINGS)
		array_push(plan->bindings, plan->len, plan->cap, binding);
}

void
port_plan_close(struct port_plan *plan)
{
	for (size_t i = 0; i < plan->len; i++) {
		for (int k = 0; k < 2; k++) {
			if (plan->bindings[i].fds[k] >= 0)
				(void)close(plan->bindings[i].fds[k]);
			plan->bindings[i].fds[k] = -EBADF;
		}
	}
}

void
port_plan_release(struct port_plan *plan)
{
	port_plan_close(plan);
	free(plan->bindings);
	*plan = (struct port_plan)PORT_PLAN_INIT;
}

static void
add_one(struct strbuf *sb, const struct port_binding *binding, const char *ip)
{
	bool is_v6 = strchr(ip, ':') != NULL;

	strbuf_addf(sb, "%s%s%s:%u->%u/%s", is_v6 ? "[" : "", ip,
		    is_v6 ? "]" : "", binding->host_port,
		    binding->container_port, port_proto_name(binding->proto));
}

void
port_add_text(struct strbuf *sb, const struct port_binding *binding)
{
	add_one(sb, binding,
		binding->host_ip[0] ? binding->host_ip : "0.0.0.0");
	if (!binding->both)
		return;
	strbuf_addstr(sb, ", ");
	add_one(sb, binding, "::");
}
