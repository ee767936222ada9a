/* SPDX-License-Identifier: Apache-2.0 */
/*
 * sys/netlink.c - interfaces, addresses, routes and rules by rtnetlink.
 *
 * Only the last request of a batch asks for an acknowledgement; a refused one
 * is always answered. So a batch costs one send and usually one receive.
 */
#include "sys/netlink.h"

#include <assert.h>
#include <errno.h>
#include <linux/fib_rules.h>
#include <linux/if_bridge.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <linux/veth.h>
#include <net/if.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/cleanup.h"

#define NETLINK_RECEIVE_BYTES 16384

int
netlink_open(struct netlink *nl, struct err *err)
{
	struct sockaddr_nl kernel = { .nl_family = AF_NETLINK };
	cleanup_close int fd = -EBADF;

	fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
	if (fd < 0)
		return err_sys(err, "open a netlink socket");
	if (connect(fd, (struct sockaddr *)&kernel, sizeof(kernel)) < 0)
		return err_sys(err, "connect a netlink socket");
	nl->fd = take_fd(fd);
	nl->seq = 1;
	nl->len = 0;
	nl->step_count = 0;
	return 0;
}

void
netlink_close(struct netlink *nl)
{
	if (nl->fd >= 0)
		(void)close(nl->fd);
	nl->fd = -EBADF;
}

/* Room for @len more bytes, zeroed; callers stay far below the limit. */
static void *
put_room(struct netlink *nl, size_t len)
{
	char *at = nl->buffer + nl->len;

	len = NLMSG_ALIGN(len);
	assert(nl->len + len <= sizeof(nl->buffer));
	(void)memset(at, 0, len);
	nl->len += len;
	return at;
}

static void
put_attr(struct netlink *nl, unsigned short type, const void *data, size_t len)
{
	struct rtattr *attr = put_room(nl, RTA_LENGTH(len));

	attr->rta_type = type;
	attr->rta_len = (unsigned short)RTA_LENGTH(len);
	if (len)
		(void)memcpy(RTA_DATA(attr), data, len);
}

static void
put_u8(struct netlink *nl, unsigned short type, uint8_t value)
{
	put_attr(nl, type, &value, sizeof(value));
}

static void
put_u32(struct netlink *nl, unsigned short type, uint32_t value)
{
	put_attr(nl, type, &value, sizeof(value));
}

static void
put_str(struct netlink *nl, unsigned short type, const char *str)
{
	put_attr(nl, type, str, strlen(str) + 1);
}

/* Attributes up to the matching nest_end() are inside this one. */
static struct rtattr *
nest_begin(struct netlink *nl, unsigned short type)
{
	struct rtattr *attr = put_room(nl, RTA_LENGTH(0));

	attr->rta_type = type | NLA_F_NESTED;
	return attr;
}

static void
nest_end(struct netlink *nl, struct rtattr *attr)
{
	attr->rta_len = (unsigned short)(nl->buffer + nl->len - (char *)attr);
}

/* Start a request; @body: the fixed part that follows the header. */
static struct nlmsghdr *
request_begin(struct netlink *nl, uint16_t type, uint16_t flags,
	      const void *body, size_t len, const char *step)
{
	struct nlmsghdr *msg = put_room(nl, NLMSG_HDRLEN);

	assert(nl->step_count < NETLINK_MAX_STEPS);
	msg->nlmsg_type = type;
	msg->nlmsg_flags = NLM_F_REQUEST | flags;
	msg->nlmsg_seq = nl->seq + (uint32_t)nl->step_count;
	nl->steps[nl->step_count++] = step;
	(void)memcpy(put_room(nl, len), body, len);
	return msg;
}

static void
request_end(struct netlink *nl, struct nlmsghdr *msg)
{
	msg->nlmsg_len = (uint32_t)(nl->buffer + nl->len - (char *)msg);
}

static void
put_link(struct netlink *nl, const struct netlink_link *link)
{
	put_str(nl, IFLA_IFNAME, link->name);
	if (link->mac)
		put_attr(nl, IFLA_ADDRESS, link->mac, NETLINK_MAC_BYTES);
	if (link->mtu)
		put_u32(nl, IFLA_MTU, link->mtu);
}

static struct ifinfomsg
link_up(int index)
{
	return (struct ifinfomsg){
		.ifi_family = AF_UNSPEC,
		.ifi_index = index,
		.ifi_flags = IFF_UP,
		.ifi_change = IFF_UP,
	};
}

void
netlink_add_bridge(struct netlink *nl, const struct netlink_link *link)
{
	struct ifinfomsg body = link_up(link->index);
	struct nlmsghdr *msg;
	struct rtattr *info, *data;

	msg = request_begin(nl, RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL, &body,
			    sizeof(body), "make the bridge");
	put_link(nl, link);
	info = nest_begin(nl, IFLA_LINKINFO);
	put_str(nl, IFLA_INFO_KIND, "bridge");
	data = nest_begin(nl, IFLA_INFO_DATA);
	put_u8(nl, IFLA_BR_MCAST_SNOOPING, 0);
	nest_end(nl, data);
	nest_end(nl, info);
	request_end(nl, msg);
}

void
netlink_add_veth(struct netlink *nl, const struct netlink_link *near,
		 int master, const struct netlink_link *far, int farnsfd)
{
	struct ifinfomsg body = link_up(near->index);
	struct ifinfomsg peer_body = { .ifi_index = far->index };
	struct nlmsghdr *msg;
	struct rtattr *info, *data, *peer;

	msg = request_begin(nl, RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL, &body,
			    sizeof(body), "make the container's interface");
	put_link(nl, near);
	put_u32(nl, IFLA_MASTER, (uint32_t)master);
	info = nest_begin(nl, IFLA_LINKINFO);
	put_str(nl, IFLA_INFO_KIND, "veth");
	data = nest_begin(nl, IFLA_INFO_DATA);
	peer = nest_begin(nl, VETH_INFO_PEER);
	(void)memcpy(put_room(nl, sizeof(peer_body)), &peer_body,
		     sizeof(peer_body));
	put_link(nl, far);
	put_u32(nl, IFLA_NET_NS_FD, (uint32_t)farnsfd);
	nest_end(nl, peer);
	nest_end(nl, data);
	nest_end(nl, info);
	request_end(nl, msg);
}

void
netlink_set_up(struct netlink *nl, int index, uint32_t mtu)
{
	struct ifinfomsg body = link_up(index);
	struct nlmsghdr *msg;

	msg = request_begin(nl, RTM_NEWLINK, 0, &body, sizeof(body),
			    "bring an interface up");
	if (mtu)
		put_u32(nl, IFLA_MTU, mtu);
	request_end(nl, msg);
}

void
netlink_del_link(struct netlink *nl, int index)
{
	struct ifinfomsg body = { .ifi_index = index };
	struct nlmsghdr *msg;

	msg = request_begin(nl, RTM_DELLINK, 0, &body, sizeof(body),
			    "remove an interface");
	request_end(nl, msg);
}

void
netlink_del_link_named(struct netlink *nl, const char *name)
{
	struct ifinfomsg body = { .ifi_family = AF_UNSPEC };
	struct nlmsghdr *msg;

	msg = request_begin(nl, RTM_DELLINK, 0, &body, sizeof(body),
			    "remove an interface");
	put_str(nl, IFLA_IFNAME, name);
	request_end(nl, msg);
}

void
netlink_isolate(struct netlink *nl, int index)
{
	struct ifinfomsg body = { .ifi_family = AF_BRIDGE, .ifi_index = index };
	struct nlmsghdr *msg;
	struct rtattr *port;

	msg = request_begin(nl, RTM_SETLINK, 0, &body, sizeof(body),
			    "isolate the container's interface");
	port = nest_begin(nl, IFLA_PROTINFO);
	put_u8(nl, IFLA_BRPORT_ISOLATED, 1);
	nest_end(nl, port);
	request_end(nl, msg);
}

static size_t
addr_bytes(const struct netlink_addr *addr)
{
	return addr->family == AF_INET ? sizeof(addr->v4) : sizeof(addr->v6);
}

void
netlink_add_addr(struct netlink *nl, int index, const struct netlink_addr *addr)
{
	struct ifaddrmsg body = {
		.ifa_family = (uint8_t)addr->family,
		.ifa_prefixlen = addr->prefix,
		.ifa_flags = addr->family == AF_INET6 ? IFA_F_NODAD : 0,
		.ifa_index = (uint32_t)index,
	};
	struct nlmsghdr *msg;

	msg = request_begin(nl, RTM_NEWADDR, NLM_F_CREATE | NLM_F_REPLACE,
			    &body, sizeof(body), "set an address");
	put_attr(nl, IFA_LOCAL, &addr->v6, addr_bytes(addr));
	put_attr(nl, IFA_ADDRESS, &addr->v6, addr_bytes(addr));
	request_end(nl, msg);
}

static void
put_route(struct netlink *nl, uint16_t type, uint16_t flags,
	  const struct netlink_route *route, const char *step)
{
	static const uint8_t kinds[] = { RTN_UNICAST, RTN_LOCAL, RTN_PROHIBIT,
					 RTN_UNREACHABLE };
	struct rtmsg body = {
		.rtm_family = (uint8_t)route->to.family,
		.rtm_dst_len = route->to.prefix,
		.rtm_table = RT_TABLE_UNSPEC,
		.rtm_protocol = RTPROT_STATIC,
		.rtm_scope = RT_SCOPE_LINK,
		.rtm_type = kinds[route->kind],
	};
	struct nlmsghdr *msg;

	if (route->via.family || route->kind > NETLINK_ROUTE_LOCAL)
		body.rtm_scope = RT_SCOPE_UNIVERSE;
	else if (route->kind == NETLINK_ROUTE_LOCAL)
		body.rtm_scope = RT_SCOPE_HOST;
	msg = request_begin(nl, type, flags, &body, sizeof(body), step);
	put_u32(nl, RTA_TABLE, route->table ? route->table : RT_TABLE_MAIN);
	if (route->to.prefix)
		put_attr(nl, RTA_DST, &route->to.v6, addr_bytes(&route->to));
	if (route->via.family)
		put_attr(nl, RTA_GATEWAY, &route->via.v6,
			 addr_bytes(&route->via));
	if (route->index)
		put_u32(nl, RTA_OIF, (uint32_t)route->index);
	request_end(nl, msg);
}

void
netlink_add_route(struct netlink *nl, const struct netlink_route *route)
{
	put_route(nl, RTM_NEWROUTE, NLM_F_CREATE | NLM_F_REPLACE, route,
		  "add a route");
}

void
netlink_del_route(struct netlink *nl, const struct netlink_route *route)
{
	put_route(nl, RTM_DELROUTE, 0, route, "remove a route");
}

static void
put_port(struct netlink *nl, uint16_t type, uint16_t port)
{
	struct fib_rule_port_range range = { .start = port, .end = port };

	if (port)
		put_attr(nl, type, &range, sizeof(range));
}

static void
put_rule(struct netlink *nl, uint16_t type, uint16_t flags,
	 const struct netlink_rule *rule, const char *step)
{
	struct fib_rule_hdr body = {
		.family = (uint8_t)rule->family,
		.src_len = rule->from.family ? rule->from.prefix : 0,
		.dst_len = rule->to.family ? rule->to.prefix : 0,
		.table = RT_TABLE_UNSPEC,
		.action = rule->prohibit ? FR_ACT_PROHIBIT : FR_ACT_TO_TBL,
	};
	struct nlmsghdr *msg =
		request_begin(nl, type, flags, &body, sizeof(body), step);

	if (!rule->prohibit)
		put_u32(nl, FRA_TABLE, rule->table);
	put_u32(nl, FRA_PRIORITY, rule->priority);
	if (rule->in_interface)
		put_str(nl, FRA_IIFNAME, rule->in_interface);
	if (rule->from.family)
		put_attr(nl, FRA_SRC, &rule->from.v6, addr_bytes(&rule->from));
	if (rule->to.family)
		put_attr(nl, FRA_DST, &rule->to.v6, addr_bytes(&rule->to));
	if (rule->proto)
		put_u8(nl, FRA_IP_PROTO, (uint8_t)rule->proto);
	put_port(nl, FRA_SPORT_RANGE, rule->source_port);
	put_port(nl, FRA_DPORT_RANGE, rule->destination_port);
	request_end(nl, msg);
}

void
netlink_add_rule(struct netlink *nl, const struct netlink_rule *rule)
{
	put_rule(nl, RTM_NEWRULE, NLM_F_CREATE, rule, "add a routing rule");
}

void
netlink_del_rule(struct netlink *nl, const struct netlink_rule *rule)
{
	put_rule(nl, RTM_DELRULE, 0, rule, "remove a routing rule");
}

/* The error number of an answer (0: acknowledged), or 1 for other messages. */
static int
answer_code(const struct nlmsghdr *msg)
{
	const struct nlmsgerr *answer = NLMSG_DATA(msg);

	if (msg->nlmsg_type != NLMSG_ERROR ||
	    msg->nlmsg_len < NLMSG_LENGTH(sizeof(answer->error)))
		return 1;
	return answer->error;
}

/* Note the refusals among the answers of @len bytes; true when last is seen. */
static bool
read_answers(struct netlink *nl, const char *buffer, ssize_t len, int *io_r,
	     struct err *err)
{
	const struct nlmsghdr *msg = (const struct nlmsghdr *)buffer;
	size_t left = (size_t)len;
	bool last = false;

	for (; NLMSG_OK(msg, left); msg = NLMSG_NEXT(msg, left)) {
		size_t step = msg->nlmsg_seq - nl->seq;
		int code = answer_code(msg);

		if (code > 0 || step >= nl->step_count)
			continue;
		if (code < 0 && *io_r == 0)
			*io_r = err_code(err, -code, "%s", nl->steps[step]);
		if (step == nl->step_count - 1)
			last = true;
	}
	return last;
}

int
netlink_commit(struct netlink *nl, struct err *err)
{
	char answers[NETLINK_RECEIVE_BYTES];
	struct nlmsghdr *msg = (struct nlmsghdr *)nl->buffer;
	size_t left = nl->len;
	bool done = nl->step_count == 0;
	int r = 0;

	for (; NLMSG_OK(msg, left); msg = NLMSG_NEXT(msg, left))
		if (msg->nlmsg_seq == nl->seq + nl->step_count - 1)
			msg->nlmsg_flags |= NLM_F_ACK;
	if (!done && send(nl->fd, nl->buffer, nl->len, 0) < 0) {
		r = err_sys(err, "send to netlink");
		done = true;
	}
	while (!done) {
		ssize_t n = recv(nl->fd, answers, sizeof(answers), 0);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0) {
			r = err_sys(err, "receive from netlink");
			break;
		}
		done = read_answers(nl, answers, n, &r, err);
	}
	nl->seq += (uint32_t)nl->step_count;
	nl->len = 0;
	nl->step_count = 0;
	return r;
}

/* The destination of a unicast route in the main table, else false. */
static bool
read_route(const struct nlmsghdr *msg, struct netlink_addr *ret_to)
{
	const struct rtmsg *body = NLMSG_DATA(msg);
	const struct rtattr *attr = RTM_RTA(body);
	size_t left = msg->nlmsg_len - NLMSG_LENGTH(sizeof(*body));

	*ret_to = (struct netlink_addr){
		.family = body->rtm_family,
		.prefix = body->rtm_dst_len,
	};
	if (body->rtm_table != RT_TABLE_MAIN || body->rtm_type != RTN_UNICAST)
		return false;
	for (; RTA_OK(attr, left); attr = RTA_NEXT(attr, left))
		if (attr->rta_type == RTA_DST &&
		    RTA_PAYLOAD(attr) == addr_bytes(ret_to))
			(void)memcpy(&ret_to->v6, RTA_DATA(attr),
				     addr_bytes(ret_to));
	return true;
}

/* Returns 1 at the end of the dump, else 0 or what @fn returned; -errno. */
static int
read_routes(const char *buffer, ssize_t len, netlink_route_fn fn, void *data,
	    int *io_result)
{
	const struct nlmsghdr *msg = (const struct nlmsghdr *)buffer;
	size_t left = (size_t)len;
	struct netlink_addr to;

	for (; NLMSG_OK(msg, left); msg = NLMSG_NEXT(msg, left)) {
		if (msg->nlmsg_type == NLMSG_DONE)
			return 1;
		if (msg->nlmsg_type == NLMSG_ERROR) {
			*io_result = -EIO;
			return 1;
		}
		if (msg->nlmsg_type == RTM_NEWROUTE && *io_result == 0 &&
		    read_route(msg, &to))
			*io_result = fn(&to, data);
	}
	return 0;
}

int
netlink_each_route(struct netlink *nl, int family, netlink_route_fn fn,
		   void *data, struct err *err)
{
	char answers[NETLINK_RECEIVE_BYTES];
	struct rtmsg body = { .rtm_family = (uint8_t)family };
	struct nlmsghdr *msg;
	int result = 0;

	assert(nl->step_count == 0);
	msg = request_begin(nl, RTM_GETROUTE, NLM_F_DUMP, &body, sizeof(body),
			    "list routes");
	request_end(nl, msg);
	nl->seq++;
	nl->step_count = 0;
	nl->len = 0;
	if (send(nl->fd, nl->buffer, msg->nlmsg_len, 0) < 0)
		return err_sys(err, "send to netlink");
	for (;;) {
		ssize_t n = recv(nl->fd, answers, sizeof(answers), 0);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return err_sys(err, "receive from netlink");
		if (read_routes(answers, n, fn, data, &result))
			return result;
	}
}
