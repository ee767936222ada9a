/* SPDX-License-Identifier: Apache-2.0 */
/*
 * net/fabric.c - the network namespace that joins the containers.
 *
 * Interfaces are made in the namespace they belong to, never moved: moving
 * one waits for a grace period of the kernel, milliseconds each time.
 */
#include "net/fabric.h"

#include <arpa/inet.h>
#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/if_tun.h>
#include <net/if.h>
#include <sched.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>

#include "base/alloc.h"
#include "base/cleanup.h"
#include "base/io.h"

#define UPLINK_NAME "uplink0"
#define UPLINK_INDEX 2
#define FIRST_INDEX 16
/* Table whose only route delivers everything here. */
#define LOCAL_TABLE 100
#define REPLY_PRIORITY 1000

struct survey {
	struct fabric_host *host;
	struct netlink_addr *candidates;
	size_t count;
};

/* A route strikes out the candidates it overlaps; a default route none. */
static int
strike_out(const struct netlink_addr *to, void *data)
{
	struct survey *survey = data;

	if (to->prefix == 0)
		return 0;
	for (size_t i = 0; i < survey->count; i++)
		if (ipam_overlap(to, &survey->candidates[i]))
			survey->candidates[i].family = 0;
	return 0;
}

static int
note_default(const struct netlink_addr *to, void *data)
{
	struct survey *survey = data;

	if (to->prefix == 0)
		survey->host->ipv6 = true;
	return 0;
}

/* Docker's pool: 172.17/16 to 172.31/16, then 192.168.0/20 and on. */
static struct netlink_addr
candidate(uint32_t i)
{
	uint32_t base =
		i < 15 ? 0xac110000 + (i << 16) : 0xc0a80000 + ((i - 15) << 12);

	return (struct netlink_addr){
		.family = AF_INET,
		.prefix = i < 15 ? 16 : 20,
		.v4.s_addr = htonl(base),
	};
}

int
fabric_survey(struct fabric_host *ret_host, struct err *err)
{
	struct netlink_addr candidates[31];
	struct fabric_host host = { .subnet = candidate(0) };
	struct survey survey = { &host, candidates, ARRAY_LEN(candidates) };
	struct netlink nl;
	int r;

	for (uint32_t i = 0; i < survey.count; i++)
		candidates[i] = candidate(i);
	r = netlink_open(&nl, err);
	if (r < 0)
		return r;
	r = netlink_each_route(&nl, AF_INET, strike_out, &survey, err);
	if (r >= 0) /* a kernel without IPv6 refuses; then there is none */
		(void)netlink_each_route(&nl, AF_INET6, note_default, &survey,
					 NULL);
	netlink_close(&nl);
	for (size_t i = survey.count; i-- > 0;)
		if (candidates[i].family)
			host.subnet = candidates[i];
	if (r >= 0)
		*ret_host = host;
	return r;
}

/* Writes below /proc/sys/net reach the namespace the writer is in. */
static int
write_sysctl(const struct fabric *fabric, const char *name, const char *value)
{
	cleanup_close int fd =
		openat(fabric->sysctlfd, name, O_WRONLY | O_CLOEXEC);

	return fd < 0 ? -errno : io_write_all(fd, value, strlen(value));
}

static int
open_tun(int *ret_tunfd, struct err *err)
{
	struct ifreq request = { .ifr_flags = IFF_TUN | IFF_NO_PI };
	unsigned int index = UPLINK_INDEX;
	cleanup_close int fd =
		open("/dev/net/tun", O_RDWR | O_CLOEXEC | O_NONBLOCK);
	int r;

	if (fd < 0) {
		(void)err_sys(err, "open /dev/net/tun");
		err_hint(
			err,
			"ask for 'modprobe tun' and 'chmod 0666 /dev/net/tun', or use --network host");
		return -EOPNOTSUPP;
	}
	(void)memcpy(request.ifr_name, UPLINK_NAME, sizeof(UPLINK_NAME));
	if (ioctl(fd, TUNSETIFINDEX, &index) < 0)
		return err_sys(err, "number the way out");
	r = ioctl(fd, TUNSETIFF, &request);
	if (r < 0)
		return err_sys(err, "make the way out");
	*ret_tunfd = take_fd(fd);
	return 0;
}

static void
add_default_route(struct netlink *nl, int family, uint32_t table)
{
	struct netlink_route route = {
		.to.family = family,
		.index = UPLINK_INDEX,
	};

	if (table) {
		route.table = table;
		route.index = 1;
		route.local = true;
	}
	netlink_add_route(nl, &route);
}

int
fabric_open(struct fabric *fabric, int *ret_tunfd, struct err *err)
{
	cleanup_close int tunfd = -EBADF;
	int r;

	*fabric = (struct fabric)FABRIC_INIT;
	fabric->next_index = FIRST_INDEX;
	if (unshare(CLONE_NEWNET | CLONE_NEWNS) < 0)
		return err_sys(err, "make the network namespace");
	fabric->netnsfd = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);
	if (fabric->netnsfd < 0)
		return err_sys(err, "open the network namespace");
	/* Its own mount: no ".." leads from here to the host's files. */
	fabric->sysctlfd = open_tree(AT_FDCWD, "/proc/sys/net",
				     OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC);
	if (fabric->sysctlfd < 0)
		return err_sys(err, "open /proc/sys/net");
	r = open_tun(&tunfd, err);
	if (r < 0)
		return r;
	r = netlink_open(&fabric->nl, err);
	if (r < 0)
		return r;
	*ret_tunfd = take_fd(tunfd);
	return 0;
}

int
fabric_set_up(struct fabric *fabric, bool ipv6, struct err *err)
{
	int r = write_sysctl(fabric, "ipv4/ip_forward", "1");

	if (r < 0)
		return err_code(err, -r, "turn forwarding on");
	/* Bridges get one link-local address by hand, legs need none. */
	fabric->ipv6 =
		ipv6 &&
		write_sysctl(fabric, "ipv6/conf/all/forwarding", "1") == 0 &&
		write_sysctl(fabric, "ipv6/conf/default/addr_gen_mode", "1") ==
			0;
	netlink_set_up(&fabric->nl, 1, 0);
	netlink_set_up(&fabric->nl, UPLINK_INDEX, FABRIC_MTU);
	add_default_route(&fabric->nl, AF_INET, 0);
	add_default_route(&fabric->nl, AF_INET, LOCAL_TABLE);
	if (fabric->ipv6) {
		add_default_route(&fabric->nl, AF_INET6, 0);
		add_default_route(&fabric->nl, AF_INET6, LOCAL_TABLE);
	}
	return netlink_commit(&fabric->nl, err);
}

void
fabric_close(struct fabric *fabric)
{
	netlink_close(&fabric->nl);
	if (fabric->netnsfd >= 0)
		(void)close(fabric->netnsfd);
	if (fabric->sysctlfd >= 0)
		(void)close(fabric->sysctlfd);
	*fabric = (struct fabric)FABRIC_INIT;
}

static struct netlink_addr
addr4(const struct fabric_bridge *bridge, struct in_addr ip)
{
	return (struct netlink_addr){
		.family = AF_INET,
		.prefix = bridge->ipam.prefix,
		.v4 = ip,
	};
}

static struct netlink_addr
addr6(const struct fabric_bridge *bridge, struct in_addr ip)
{
	return (struct netlink_addr){
		.family = AF_INET6,
		.prefix = 64,
		.v6 = ipam_v6(&bridge->ipam, ip, bridge->net6),
	};
}

int
fabric_add_bridge(struct fabric *fabric, struct fabric_bridge *bridge,
		  struct err *err)
{
	struct in_addr gateway = ipam_gateway(&bridge->ipam);
	struct netlink_addr addr = addr4(bridge, gateway);
	uint8_t mac[NETLINK_MAC_BYTES];
	struct netlink_link link = {
		.index = fabric->next_index++,
		.name = bridge->name,
		.mac = mac,
		.mtu = FABRIC_MTU,
	};

	bridge->ipv6 = bridge->ipv6 && fabric->ipv6;
	bridge->index = link.index;
	(void)snprintf(bridge->name, sizeof(bridge->name), "br%d",
		       link.index - FIRST_INDEX);
	ipam_mac(gateway, mac);
	netlink_add_bridge(&fabric->nl, &link);
	netlink_add_addr(&fabric->nl, link.index, &addr);
	if (bridge->ipv6) {
		addr = addr6(bridge, gateway);
		netlink_add_addr(&fabric->nl, link.index, &addr);
		/* Neighbours of forwarded packets are asked from it. */
		addr = (struct netlink_addr){ .family = AF_INET6,
					      .prefix = 64 };
		(void)inet_pton(AF_INET6, "fe80::1", &addr.v6);
		netlink_add_addr(&fabric->nl, link.index, &addr);
	}
	return netlink_commit(&fabric->nl, err);
}

/*
 * The far end never has the near end's index: by that the kernel knows that a
 * carrier coming up is urgent, else it may take a second to say so.
 */
static int
far_index(const struct fabric_leg *leg)
{
	return leg->index + 1;
}

/* Requests for the container's own namespace. */
static void
plan_leg(struct netlink *nl, const struct fabric_bridge *bridge,
	 const struct fabric_leg *leg)
{
	const int index = far_index(leg);
	struct netlink_addr addr = addr4(bridge, leg->ip);
	struct netlink_route route = {
		.to.family = AF_INET,
		.via = addr4(bridge, ipam_gateway(&bridge->ipam)),
		.index = index,
	};

	if (leg->is_first)
		netlink_set_up(nl, 1, 0);
	netlink_set_up(nl, index, 0);
	netlink_add_addr(nl, index, &addr);
	if (leg->is_first)
		netlink_add_route(nl, &route);
	if (!bridge->ipv6)
		return;
	addr = addr6(bridge, leg->ip);
	addr.v6 = leg->ip6;
	netlink_add_addr(nl, index, &addr);
	route.to.family = AF_INET6;
	route.via = addr6(bridge, ipam_gateway(&bridge->ipam));
	if (leg->is_first)
		netlink_add_route(nl, &route);
}

/*
 * As Docker: any user of the container may bind any port and ping. The
 * largest group differs: only ids mapped in our user namespace are taken.
 */
static void
open_low_ports(const struct fabric *fabric)
{
	(void)write_sysctl(fabric, "ipv4/ip_unprivileged_port_start", "0");
	if (write_sysctl(fabric, "ipv4/ping_group_range", "0 65535") < 0)
		(void)write_sysctl(fabric, "ipv4/ping_group_range", "0 0");
}

static int
configure_leg(struct fabric *fabric, const struct fabric_bridge *bridge,
	      const struct fabric_leg *leg, int netnsfd, struct err *err)
{
	struct netlink nl;
	int r;

	if (setns(netnsfd, CLONE_NEWNET) < 0)
		return err_sys(err, "enter the container's network namespace");
	r = netlink_open(&nl, err);
	if (r == 0) {
		plan_leg(&nl, bridge, leg);
		r = netlink_commit(&nl, err);
		netlink_close(&nl);
	}
	if (leg->is_first)
		open_low_ports(fabric);
	if (setns(fabric->netnsfd, CLONE_NEWNET) < 0) {
		/* We own that namespace: nothing can refuse. */
		assert(!"back in the fabric");
	}
	return r;
}

int
fabric_attach(struct fabric *fabric, const struct fabric_bridge *bridge,
	      struct fabric_leg *leg, int netnsfd, struct err *err)
{
	char name[FABRIC_NAME_BYTES];
	struct netlink_link near = {
		.index = fabric->next_index,
		.name = name,
		.mtu = FABRIC_MTU,
	};
	struct netlink_link far = {
		.name = leg->interface,
		.mac = leg->mac,
		.mtu = FABRIC_MTU,
	};
	int r;

	fabric->next_index += 2;
	leg->index = near.index;
	far.index = far_index(leg);
	(void)snprintf(name, sizeof(name), "leg%d", near.index);
	netlink_add_veth(&fabric->nl, &near, bridge->index, &far, netnsfd);
	r = netlink_commit(&fabric->nl, err);
	if (r < 0)
		return r;
	r = configure_leg(fabric, bridge, leg, netnsfd, err);
	if (r < 0)
		fabric_detach(fabric, leg);
	return r;
}

void
fabric_detach(struct fabric *fabric, struct fabric_leg *leg)
{
	if (!leg->index)
		return;
	netlink_del_link(&fabric->nl, leg->index);
	/* Gone already when the container's namespace is. */
	(void)netlink_commit(&fabric->nl, NULL);
	leg->index = 0;
}

enum port_change {
	PORT_OPEN,
	PORT_CLOSE,
};

static int
change_port(struct fabric *fabric, const struct fabric_bridge *bridge,
	    const struct fabric_port *port, enum port_change change,
	    struct err *err)
{
	void (*request)(struct netlink *, const struct netlink_rule *) =
		change == PORT_OPEN ? netlink_add_rule : netlink_del_rule;
	struct netlink_rule rule = {
		.family = AF_INET,
		.priority = REPLY_PRIORITY,
		.table = LOCAL_TABLE,
		.in_interface = bridge->name,
		.from = addr4(bridge, port->leg->ip),
		.proto = port->proto,
		.source_port = port->number,
	};

	rule.from.prefix = 32;
	request(&fabric->nl, &rule);
	if (bridge->ipv6) {
		rule.family = AF_INET6;
		rule.from = addr6(bridge, port->leg->ip);
		rule.from.v6 = port->leg->ip6;
		rule.from.prefix = 128;
		request(&fabric->nl, &rule);
	}
	return netlink_commit(&fabric->nl, err);
}

int
fabric_open_port(struct fabric *fabric, const struct fabric_bridge *bridge,
		 const struct fabric_port *port, struct err *err)
{
	return change_port(fabric, bridge, port, PORT_OPEN, err);
}

void
fabric_close_port(struct fabric *fabric, const struct fabric_bridge *bridge,
		  const struct fabric_port *port)
{
	(void)change_port(fabric, bridge, port, PORT_CLOSE, NULL);
}
