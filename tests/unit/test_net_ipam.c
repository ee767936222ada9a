/* SPDX-License-Identifier: Apache-2.0 */
#include <arpa/inet.h>
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <errno.h>

#include "net/ipam.h"

static struct in_addr
ip(const char *text)
{
	struct in_addr addr;

	cr_assert(eq(int, inet_pton(AF_INET, text, &addr), 1));
	return addr;
}

static char *
text_of(struct in_addr addr)
{
	static char text[INET_ADDRSTRLEN];

	return (char *)inet_ntop(AF_INET, &addr, text, sizeof(text));
}

static struct ipam
make(const char *subnet)
{
	struct ipam_plan plan = { .gateway.s_addr = 0 };
	struct ipam ipam;

	cr_assert(eq(int, ipam_parse_subnet(subnet, &plan.subnet, NULL), 0));
	cr_assert(eq(int, ipam_init(&ipam, &plan, NULL), 0));
	return ipam;
}

Test(net_ipam, the_lowest_free_address_is_given)
{
	struct ipam ipam = make("172.17.0.0/16");
	struct in_addr a, b, c;

	cr_assert(eq(str, text_of(ipam_gateway(&ipam)), (char *)"172.17.0.1"));
	cr_assert(eq(int, ipam_take(&ipam, NULL, &a, NULL), 0));
	cr_assert(eq(str, text_of(a), (char *)"172.17.0.2"));
	cr_assert(eq(int, ipam_take(&ipam, NULL, &b, NULL), 0));
	cr_assert(eq(str, text_of(b), (char *)"172.17.0.3"));
	ipam_give_back(&ipam, a);
	cr_assert(eq(int, ipam_take(&ipam, NULL, &c, NULL), 0));
	cr_assert(eq(str, text_of(c), (char *)"172.17.0.2"));
	ipam_release(&ipam);
}

Test(net_ipam, a_wanted_address_must_be_a_free_host_of_the_subnet)
{
	static const struct {
		const char *wanted;
		int want;
	} cases[] = {
		{ "10.1.2.77", 0 },
		{ "10.1.2.1", -EEXIST },   /* the gateway */
		{ "10.1.2.0", -EINVAL },   /* the network */
		{ "10.1.2.255", -EINVAL }, /* broadcast */
		{ "10.1.3.7", -EINVAL },
		{ "10.1.1.7", -EINVAL },
		{ "0.0.0.0", -EINVAL },
	};
	struct ipam ipam = make("10.1.2.0/24");
	struct in_addr got;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct in_addr wanted = ip(cases[i].wanted);

		cr_assert(eq(int, ipam_take(&ipam, &wanted, &got, NULL),
			     cases[i].want),
			  "%s", cases[i].wanted);
	}
	got = ip("10.1.2.77");
	cr_assert(eq(int, ipam_take(&ipam, &got, &got, NULL), -EEXIST));
	ipam_release(&ipam);
}

Test(net_ipam, a_full_subnet_says_so_and_keeps_its_borders)
{
	struct ipam ipam = make("192.168.9.0/29");
	struct in_addr addr;

	for (int i = 2; i <= 6; i++)
		cr_assert(eq(int, ipam_take(&ipam, NULL, &addr, NULL), 0));
	cr_assert(eq(str, text_of(addr), (char *)"192.168.9.6"));
	cr_assert(eq(int, ipam_take(&ipam, NULL, &addr, NULL), -ENOSPC));
	ipam_give_back(&ipam, ip("192.168.9.1")); /* never given, stays */
	ipam_give_back(&ipam, ip("192.168.10.4"));
	cr_assert(eq(int, ipam_take(&ipam, NULL, &addr, NULL), -ENOSPC));
	ipam_release(&ipam);
}

Test(net_ipam, many_addresses_are_all_different)
{
	struct ipam ipam = make("172.20.0.0/16");
	struct in_addr addr;

	for (int i = 0; i < 3000; i++)
		cr_assert(eq(int, ipam_take(&ipam, NULL, &addr, NULL), 0));
	cr_assert(eq(str, text_of(addr), (char *)"172.20.11.185"));
	ipam_release(&ipam);
}

Test(net_ipam, the_v6_address_and_the_mac_repeat_the_v4_host)
{
	struct ipam ipam = make("172.17.0.0/16");
	struct in6_addr net6, got;
	uint8_t mac[NETLINK_MAC_BYTES];
	char text[INET6_ADDRSTRLEN];

	cr_assert(eq(int, inet_pton(AF_INET6, "fd64:686f:7710::", &net6), 1));
	got = ipam_v6(&ipam, ip("172.17.1.2"), net6);
	(void)inet_ntop(AF_INET6, &got, text, sizeof(text));
	cr_assert(eq(str, text, (char *)"fd64:686f:7710::102"));
	ipam_mac(ip("172.17.1.2"), mac);
	cr_assert(memcmp(mac, "\x02\x42\xac\x11\x01\x02", 6) == 0);
	ipam_release(&ipam);
}

Test(net_ipam, networks_overlap_by_the_shorter_prefix)
{
	static const struct {
		const char *a;
		const char *b;
		bool want;
	} cases[] = {
		{ "172.17.0.0/16", "172.17.5.0/24", true },
		{ "172.16.0.0/12", "172.31.0.0/16", true },
		{ "172.16.0.0/12", "172.32.0.0/16", false },
		{ "192.168.0.0/20", "192.168.16.0/20", false },
		{ "192.168.0.0/17", "192.168.127.0/24", true },
		{ "192.168.0.0/17", "192.168.128.0/24", false },
		{ "0.0.0.0/0", "10.0.0.0/8", true },
		{ "fd00::/8", "10.0.0.0/8", false },
		{ "fd64::/15", "fd65::/16", true },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct netlink_addr a, b;

		cr_assert(eq(int, ipam_parse_subnet(cases[i].a, &a, NULL), 0));
		cr_assert(eq(int, ipam_parse_subnet(cases[i].b, &b, NULL), 0));
		cr_assert(eq(int, ipam_overlap(&a, &b), cases[i].want), "%s %s",
			  cases[i].a, cases[i].b);
		cr_assert(eq(int, ipam_overlap(&b, &a), cases[i].want));
	}
}

Test(net_ipam, bad_subnets_are_refused)
{
	static const char *const texts[] = {
		"",
		"10.0.0.0",
		"10.0.0.0/33",
		"10.0.0/8",
		"fd00::/129",
		"10.0.0.0/",
		"10.0.0.0/-1",
		"/8",
		"10.0.0.0/8x",
	};
	struct ipam_plan plan = { .gateway.s_addr = 0 };
	struct netlink_addr subnet;
	struct ipam ipam;

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		cr_assert(eq(int, ipam_parse_subnet(texts[i], &subnet, NULL),
			     -EINVAL),
			  "%s", texts[i]);
	cr_assert(eq(int, ipam_parse_subnet("10.0.0.0/31", &plan.subnet, NULL),
		     0));
	cr_assert(eq(int, ipam_init(&ipam, &plan, NULL), -EINVAL));
}
