/* SPDX-License-Identifier: Apache-2.0 */
#include <arpa/inet.h>
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sys/netlink.h"

/*
 * Criterion's workers have threads: everything happens in a forked child, in
 * a network namespace of its own. Its status is the line that failed.
 */
#define CHECK(cond)                                  \
	do {                                         \
		if (!(cond))                         \
			exit(__LINE__ & 127 ?: 127); \
	} while (0)

static void
in_namespace(void (*body)(struct netlink *nl))
{
	int status = -1;
	pid_t pid = fork();

	if (pid == 0) {
		static struct netlink nl;

		if (unshare(CLONE_NEWUSER | CLONE_NEWNET) < 0)
			_exit(77);
		if (netlink_open(&nl, NULL) < 0)
			_exit(78);
		body(&nl);
		_exit(0);
	}
	cr_assert(eq(int, waitpid(pid, &status, 0), pid));
	if (WIFEXITED(status) && WEXITSTATUS(status) == 77)
		cr_skip_test("no user namespaces here");
	cr_assert(eq(int, status, 0), "failed at line %d (mod 128)",
		  WEXITSTATUS(status));
}

static struct netlink_addr
addr(const char *text, uint8_t prefix)
{
	struct netlink_addr made = { .family = AF_INET, .prefix = prefix };

	if (inet_pton(AF_INET, text, &made.v4) != 1) {
		made.family = AF_INET6;
		(void)inet_pton(AF_INET6, text, &made.v6);
	}
	return made;
}

static void
make_bridge(struct netlink *nl)
{
	const uint8_t mac[NETLINK_MAC_BYTES] = { 2, 1, 2, 3, 4, 5 };
	const struct netlink_link link = {
		.index = 50, .name = "br0", .mac = mac, .mtu = 65520
	};
	struct netlink_addr v4 = addr("10.9.0.1", 16);
	struct netlink_addr v6 = addr("fd99::1", 64);
	struct ifreq request = { .ifr_name = "br0" };
	int fd = socket(AF_INET, SOCK_DGRAM, 0);

	netlink_add_bridge(nl, &link);
	netlink_add_addr(nl, 50, &v4);
	netlink_add_addr(nl, 50, &v6);
	CHECK(netlink_commit(nl, NULL) == 0);
	CHECK(if_nametoindex("br0") == 50);
	CHECK(ioctl(fd, SIOCGIFMTU, &request) == 0);
	CHECK(request.ifr_mtu == 65520);
	CHECK(ioctl(fd, SIOCGIFHWADDR, &request) == 0);
	CHECK(memcmp(request.ifr_hwaddr.sa_data, mac, sizeof(mac)) == 0);
	CHECK(ioctl(fd, SIOCGIFADDR, &request) == 0);
	CHECK(((struct sockaddr_in *)&request.ifr_addr)->sin_addr.s_addr ==
	      v4.v4.s_addr);
	CHECK(ioctl(fd, SIOCGIFFLAGS, &request) == 0);
	CHECK(request.ifr_flags & IFF_UP);
}

Test(sys_netlink, a_bridge_is_made_with_all_it_was_given)
{
	in_namespace(make_bridge);
}

static void
refuse_second(struct netlink *nl)
{
	const struct netlink_link link = { .index = 50, .name = "br0" };
	struct netlink_addr v4 = addr("10.9.0.1", 16);
	struct err err = ERR_INIT;

	netlink_add_bridge(nl, &link);
	CHECK(netlink_commit(nl, NULL) == 0);
	netlink_add_bridge(nl, &link); /* there already */
	netlink_add_addr(nl, 50, &v4); /* carried out all the same */
	CHECK(netlink_commit(nl, &err) == -EEXIST);
	CHECK(strncmp(err.text, "make the bridge", 15) == 0);
	netlink_set_up(nl, 50, 0);
	CHECK(netlink_commit(nl, &err) == 0);
	netlink_del_link(nl, 50);
	CHECK(netlink_commit(nl, NULL) == 0);
	CHECK(if_nametoindex("br0") == 0);
	netlink_del_link(nl, 50);
	CHECK(netlink_commit(nl, NULL) == -ENODEV);
}

Test(sys_netlink, a_refused_step_is_named_and_does_not_spoil_the_next)
{
	in_namespace(refuse_second);
}

static void
cross_namespaces(struct netlink *nl)
{
	const struct netlink_link bridge = { .index = 50, .name = "br0" };
	const struct netlink_link near = { .index = 51, .name = "leg" };
	const struct netlink_link far = { .index = 52, .name = "eth0" };
	int farfd = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);
	static struct netlink inside;

	CHECK(unshare(CLONE_NEWNET) == 0);
	CHECK(netlink_open(&inside, NULL) == 0);
	netlink_add_bridge(&inside, &bridge);
	netlink_add_veth(&inside, &near, 50, &far, farfd);
	CHECK(netlink_commit(&inside, NULL) == 0);
	CHECK(if_nametoindex("leg") == 51);
	CHECK(if_nametoindex("eth0") == 0);
	CHECK(setns(farfd, CLONE_NEWNET) == 0);
	CHECK(if_nametoindex("eth0") == 52);
	netlink_set_up(nl, 52, 0);
	CHECK(netlink_commit(nl, NULL) == 0);
}

Test(sys_netlink, the_far_end_is_made_in_the_other_namespace)
{
	in_namespace(cross_namespaces);
}

static int
count_route(const struct netlink_addr *to, void *data)
{
	struct netlink_addr want = addr("10.7.0.0", 16);
	int *found = data;

	if (to->prefix == 0)
		*found |= 1;
	if (to->prefix == 16 && to->v4.s_addr == want.v4.s_addr)
		*found |= 2;
	return 0;
}

static void
list_routes(struct netlink *nl)
{
	const struct netlink_link link = { .index = 50, .name = "br0" };
	struct netlink_addr v4 = addr("10.7.0.1", 16);
	struct netlink_route route = {
		.to = { .family = AF_INET },
		.via = addr("10.7.0.9", 32),
		.index = 50,
	};
	struct netlink_route local = {
		.to = { .family = AF_INET },
		.index = 1,
		.table = 100,
		.kind = NETLINK_ROUTE_LOCAL,
	};
	int found = 0;

	netlink_set_up(nl, 1, 0);
	netlink_add_bridge(nl, &link);
	netlink_add_addr(nl, 50, &v4);
	netlink_add_route(nl, &route);
	netlink_add_route(nl, &local);
	CHECK(netlink_commit(nl, NULL) == 0);
	CHECK(netlink_each_route(nl, AF_INET, count_route, &found, NULL) == 0);
	CHECK(found == 3);
}

Test(sys_netlink, routes_are_added_and_listed)
{
	in_namespace(list_routes);
}

static void
change_rules(struct netlink *nl)
{
	struct netlink_rule rule = {
		.family = AF_INET,
		.priority = 1000,
		.table = 100,
		.in_interface = "br0",
		.from = addr("10.7.0.2", 32),
		.proto = IPPROTO_TCP,
		.source_port = 80,
	};

	netlink_add_rule(nl, &rule);
	netlink_add_rule(nl, &rule);
	CHECK(netlink_commit(nl, NULL) == 0);
	netlink_del_rule(nl, &rule);
	netlink_del_rule(nl, &rule);
	CHECK(netlink_commit(nl, NULL) == 0);
	netlink_del_rule(nl, &rule);
	CHECK(netlink_commit(nl, NULL) == -ENOENT);
}

Test(sys_netlink, a_rule_goes_as_often_as_it_came)
{
	in_namespace(change_rules);
}
