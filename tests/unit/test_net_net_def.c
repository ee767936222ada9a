/* SPDX-License-Identifier: Apache-2.0 */
#include <arpa/inet.h>
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <errno.h>

#include "net/net_def.h"

Test(net_net_def, what_is_written_is_read_back)
{
	struct net_def def = { .name = "back", .id = "ab", .internal = true };
	cleanup_net_msg struct net_msg msg = NET_MSG_INIT;
	struct net_def got;
	char text[INET6_ADDRSTRLEN];

	cr_assert(eq(int,
		     net_def_set4(&def, "10.5.0.0/16", "10.5.3.0/24",
				  "10.5.0.9", NULL),
		     0));
	cr_assert(eq(int,
		     net_def_set6(&def, "fd00:1::/64", "fd00:1::7:0/112", NULL,
				  NULL),
		     0));
	cr_assert(eq(int, net_def_hold(&def, "10.5.3.1", NULL), 0));
	cr_assert(eq(int, net_def_set_mtu(&def, "1400", NULL), 0));
	net_def_write(&def, &msg);
	cr_assert(eq(int, net_def_read(&msg, &got, NULL), 0));
	cr_assert(eq(str, got.name, "back"));
	cr_assert(eq(int, got.internal, 1));
	cr_assert(eq(u32, got.mtu, 1400));
	cr_assert(eq(sz, got.held_count, 1));
	cr_assert(eq(str,
		     (char *)inet_ntop(AF_INET, &got.v4.gateway, text,
				       sizeof(text)),
		     (char *)"10.5.0.9"));
	cr_assert(eq(str,
		     (char *)inet_ntop(AF_INET6, &got.gateway6, text,
				       sizeof(text)),
		     (char *)"fd00:1::9"));
	cr_assert(eq(str,
		     (char *)inet_ntop(AF_INET6, &got.range6.v6, text,
				       sizeof(text)),
		     (char *)"fd00:1::7:0"));
	cr_assert(eq(int, got.range6.prefix, 112));
}

Test(net_net_def, addresses_that_contradict_each_other_are_refused)
{
	static const struct {
		const char *subnet, *range, *gateway, *subnet6, *hold, *range6;
	} cases[] = {
		{ "10.5.0.0/33", NULL, NULL, NULL, NULL, NULL },
		{ "10.5.0.0/31", NULL, NULL, NULL, NULL, NULL },
		{ "fd00::/64", NULL, NULL, NULL, NULL, NULL },
		{ "10.5.0.0/24", "10.6.0.0/25", NULL, NULL, NULL, NULL },
		{ "10.5.0.0/24", "10.5.0.0/16", NULL, NULL, NULL, NULL },
		{ "10.5.0.0/24", NULL, "10.6.0.1", NULL, NULL, NULL },
		{ "10.5.0.0/24", NULL, "10.5.0.255", NULL, NULL, NULL },
		{ "10.5.0.0/24", NULL, "nonsense", NULL, NULL, NULL },
		{ "10.5.0.0/24", NULL, NULL, "10.7.0.0/24", NULL, NULL },
		{ "10.5.0.0/16", NULL, NULL, "fd00::/120", NULL, NULL },
		{ "10.5.0.0/24", NULL, NULL, "fd00::1/64", NULL, NULL },
		{ "10.5.0.0/24", NULL, NULL, "fd00::/64", NULL, "fd01::/96" },
		{ "10.5.0.0/24", NULL, NULL, "fd00::/64", NULL, "fd00::/48" },
		{ "10.5.0.0/24", NULL, NULL, "fd00::/64", NULL, "fd00::/125" },
		{ "10.5.0.0/24", NULL, NULL, "fd00::/64", NULL, "fd00::8/96" },
		{ "10.5.0.0/24", NULL, NULL, "fd00::/64", NULL, "10.5.0.0/30" },
		{ "10.5.0.0/24", NULL, NULL, NULL, "10.6.0.1", NULL },
		{ "10.5.0.0/24", NULL, NULL, NULL, "fd00::1", NULL },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct net_def def = { .name = "x" };
		int r = net_def_set4(&def, cases[i].subnet, cases[i].range,
				     cases[i].gateway, NULL);

		if (r == 0 && cases[i].subnet6)
			r = net_def_set6(&def, cases[i].subnet6,
					 cases[i].range6, NULL, NULL);
		if (r == 0 && cases[i].hold)
			r = net_def_hold(&def, cases[i].hold, NULL);
		cr_assert(eq(int, r, -EINVAL), "case %zu", i);
	}
}

Test(net_net_def, a_range_bounds_what_is_given)
{
	struct net_def def = { .name = "x" };
	struct ipam ipam;
	struct in_addr got;
	char text[INET_ADDRSTRLEN];

	cr_assert(eq(int,
		     net_def_set4(&def, "10.5.0.0/24", "10.5.0.64/30", NULL,
				  NULL),
		     0));
	cr_assert(eq(int, ipam_init(&ipam, &def.v4, NULL), 0));
	for (int i = 0; i < 4; i++)
		cr_assert(eq(int, ipam_take(&ipam, NULL, &got, NULL), 0));
	cr_assert(eq(str, (char *)inet_ntop(AF_INET, &got, text, sizeof(text)),
		     (char *)"10.5.0.67"));
	cr_assert(eq(int, ipam_take(&ipam, NULL, &got, NULL), -ENOSPC));
	(void)inet_pton(AF_INET, "10.5.0.9", &got);
	cr_assert(eq(int, ipam_take(&ipam, &got, &got, NULL), 0));
	ipam_release(&ipam);
}
