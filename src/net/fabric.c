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
#include "net/fabric_priv.h"

#define UPLINK_NAME "uplink0"
#define FIRST_INDEX 16
/* Table for what containers send away. */
#define OUT_TABLE 101
#define INTERNAL_PRIORITY 1800
#define TO_CONTAINERS_PRIORITY 1900
#define OUT_PRIORITY 2000

int
fabric_write_sysctl(const struct fabric *fabric, const char *name,
		    const char *value)
{
	cleanup_close int fd =
		openat(fabric->sysctlfd, name, O_WRONLY | O_CLOEXEC);

	return fd < 0 ? -errno : io_write_all(fd, value, strlen(value));
}

static int
open_tun(int *ret_tunfd, struct err *err)
{
	struct ifreq request = { .ifr_flags = IFF_TUN | IFF_NO_PI };
	unsigned int index = FABRIC_UPLINK_INDEX;
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

/* See the header: who may send where. */
static void
plan_rules(struct netlink *nl, int family)
{
	static const struct netlink_rule rules[] = {
		{ .priority = TO_CONTAINERS_PRIORITY,
		  .table = NETLINK_TABLE_MAIN,
		  .in_interface = "lo" },
		{ .priority = TO_CONTAINERS_PRIORITY,
		  .table = NETLINK_TABLE_MAIN,
		  .in_interface = UPLINK_NAME },
		{ .priority = OUT_PRIORITY, .table = OUT_TABLE },
	};

	for (size_t i = 0; i < ARRAY_LEN(rules); i++) {
		struct netlink_rule rule = rules[i];

		rule.family = family;
		netlink_add_rule(nl, &rule);
	}
}

/* @has_way_out: else packets are answered, not dropped. */
static void
plan_routes(struct netlink *nl, int family, bool has_way_out)
{
	struct netlink_route out = {
		.to.family = family,
		.index = has_way_out ? FABRIC_UPLINK_INDEX : 0,
		.kind = has_way_out ? NETLINK_ROUTE_UNICAST
				    : NETLINK_ROUTE_UNREACHABLE,
	};
	struct netlink_route here = {
		.to.family = family,
		.index = 1,
		.table = FABRIC_LOCAL_TABLE,
		.kind = NETLINK_ROUTE_LOCAL,
	};

	netlink_add_route(nl, &out);
	out.table = OUT_TABLE;
	netlink_add_route(nl, &out);
	netlink_add_route(nl, &here);
	plan_rules(nl, family);
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

/*
 * No packet is filtered here, and none leaves the machine: spare each the
 * hooks of iptables in bridges, and connections a pace fit for a real wire,
 * which the host's algorithm may bring (bbr). Not every kernel has them all.
 */
static void
lighten_packets(const struct fabric *fabric)
{
	static const char *const settings[][2] = {
		{ "bridge/bridge-nf-call-arptables", "0" },
		{ "bridge/bridge-nf-call-ip6tables", "0" },
		{ "bridge/bridge-nf-call-iptables", "0" },
		{ "ipv4/tcp_congestion_control", "reno" },
	};

	for (size_t i = 0; i < ARRAY_LEN(settings); i++)
		(void)fabric_write_sysctl(fabric, settings[i][0],
					  settings[i][1]);
}

int
fabric_set_up(struct fabric *fabric, bool ipv6, struct err *err)
{
	int r = fabric_write_sysctl(fabric, "ipv4/ip_forward", "1");

	if (r < 0)
		return err_code(err, -r, "turn forwarding on");
	/* Bridges get one link-local address by hand, legs need none. */
	fabric->ipv6 =
		fabric_write_sysctl(fabric, "ipv6/conf/all/forwarding", "1") ==
			0 &&
		fabric_write_sysctl(fabric, "ipv6/conf/default/addr_gen_mode",
				    "1") == 0;
	/* First packets of carried connections come back in by the way out. */
	(void)fabric_write_sysctl(fabric, "ipv4/conf/all/rp_filter", "0");
	(void)fabric_write_sysctl(fabric, "ipv4/conf/" UPLINK_NAME "/rp_filter",
				  "0");
	lighten_packets(fabric);
	netlink_set_up(&fabric->nl, 1, 0);
	netlink_set_up(&fabric->nl, FABRIC_UPLINK_INDEX, FABRIC_MTU);
	plan_routes(&fabric->nl, AF_INET, true);
	if (fabric->ipv6)
		plan_routes(&fabric->nl, AF_INET6, ipv6);
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

struct netlink_addr
fabric_addr4(const struct fabric_bridge *bridge, struct in_addr ip)
{
	return (struct netlink_addr){
		.family = AF_INET,
		.prefix = bridge->ipam.prefix,
		.v4 = ip,
	};
}

struct netlink_addr
fabric_addr6(const struct fabric_bridge *bridge, struct in_addr ip)
{
	return (struct netlink_addr){
		.family = AF_INET6,
		.prefix = bridge->subnet6.prefix,
		.v6 = ipam_v6(&bridge->ipam, ip, bridge->range6),
	};
}

/* No other network's containers get there, and none of its get out. */
static void
plan_walls(struct netlink *nl, const struct fabric_bridge *bridge, bool up)
{
	struct netlink_route route = {
		.to = fabric_addr4(
			bridge, (struct in_addr){ htonl(bridge->ipam.base) }),
		.table = OUT_TABLE,
		.kind = NETLINK_ROUTE_PROHIBIT,
	};
	struct netlink_rule rule = {
		.family = AF_INET,
		.priority = INTERNAL_PRIORITY,
		.in_interface = bridge->name,
		.prohibit = true,
	};

	(up ? netlink_add_route : netlink_del_route)(nl, &route);
	if (bridge->internal)
		(up ? netlink_add_rule : netlink_del_rule)(nl, &rule);
	if (!bridge->subnet6.family)
		return;
	route.to = bridge->subnet6;
	rule.family = AF_INET6;
	(up ? netlink_add_route : netlink_del_route)(nl, &route);
	if (bridge->internal)
		(up ? netlink_add_rule : netlink_del_rule)(nl, &rule);
}

static void
plan_addresses(struct netlink *nl, const struct fabric_bridge *bridge)
{
	struct netlink_addr addr =
		fabric_addr4(bridge, ipam_gateway(&bridge->ipam));

	netlink_add_addr(nl, bridge->index, &addr);
	if (!bridge->subnet6.family)
		return;
	addr = bridge->subnet6;
	addr.v6 = bridge->gateway6;
	netlink_add_addr(nl, bridge->index, &addr);
	/* Neighbours of forwarded packets are asked from it. */
	addr = (struct netlink_addr){ .family = AF_INET6, .prefix = 64 };
	(void)inet_pton(AF_INET6, "fe80::1", &addr.v6);
	netlink_add_addr(nl, bridge->index, &addr);
}

/* Held twice is held once. */
static void
take_held(struct fabric_bridge *bridge, const struct net_def *def)
{
	struct in_addr taken;

	for (size_t i = 0; i < def->held_count; i++)
		(void)ipam_take(&bridge->ipam, &def->held[i], &taken, NULL);
}

int
fabric_add_bridge(struct fabric *fabric, const struct net_def *def,
		  struct fabric_bridge *ret_bridge, struct err *err)
{
	struct fabric_bridge bridge = {
		.index = fabric->next_index++,
		.gateway6 = def->gateway6,
		.internal = def->internal,
		.isolated = def->isolated,
		.mtu = def->mtu ? def->mtu : FABRIC_MTU,
	};
	uint8_t mac[NETLINK_MAC_BYTES];
	struct netlink_link link = {
		.index = bridge.index,
		.name = bridge.name,
		.mac = mac,
		.mtu = bridge.mtu,
	};
	int r = ipam_init(&bridge.ipam, &def->v4, err);

	if (r < 0)
		return r;
	if (fabric->ipv6)
		bridge.subnet6 = def->subnet6;
	bridge.range6 = def->range6.v6;
	take_held(&bridge, def);
	(void)snprintf(bridge.name, sizeof(bridge.name), "br%d",
		       link.index - FIRST_INDEX);
	ipam_mac(ipam_gateway(&bridge.ipam), mac);
	netlink_add_bridge(&fabric->nl, &link);
	plan_addresses(&fabric->nl, &bridge);
	plan_walls(&fabric->nl, &bridge, true);
	r = netlink_commit(&fabric->nl, err);
	if (r < 0)
		ipam_release(&bridge.ipam);
	else
		*ret_bridge = bridge;
	return r;
}

void
fabric_del_bridge(struct fabric *fabric, struct fabric_bridge *bridge)
{
	plan_walls(&fabric->nl, bridge, false);
	netlink_del_link(&fabric->nl, bridge->index);
	(void)netlink_commit(&fabric->nl, NULL);
	ipam_release(&bridge->ipam);
}
