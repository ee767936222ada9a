/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <errno.h>

#include "base/alloc.h"
#include "spec/network_spec.h"

/* "MODE {endpoint}", the endpoint as it comes back from config.json. */
static int
show(const char *text, struct strbuf *sb, struct err *err)
{
	cleanup_network_spec struct network_spec spec = NETWORK_SPEC_INIT;
	cleanup_network_spec struct network_spec back = NETWORK_SPEC_INIT;
	cleanup_node struct node *node = NULL, *again = NULL;
	int r = network_spec_parse(text, &spec, err);

	if (r < 0)
		return r;
	network_spec_add_mode(sb, &spec);
	node = network_spec_to_node(&spec);
	cr_expect(eq(int, network_spec_from_node(sb->buf, node, &back, NULL),
		     0),
		  "'%s'", text);
	again = network_spec_to_node(&back);
	cr_expect(node_equal(node, again), "'%s'", text);
	strbuf_addch(sb, ' ');
	node_write_json(sb, node, NODE_COMPACT);
	return 0;
}

Test(spec_network_spec, networks_follow_their_grammar)
{
	static const struct {
		const char *text, *want;
	} cases[] = {
		{ "none", "none {}" },
		{ "host", "host {}" },
		{ "bridge", "bridge {}" },
		{ "default", "bridge {}" },
		{ "private", "bridge {}" },
		{ "podman", "bridge {}" },
		{ "pasta", "bridge {}" },
		{ "slirp4netns", "bridge {}" },
		{ "container:web", "container:web {}" },
		{ "ns:/run/netns/x", "ns:/run/netns/x {}" },
		{ "ns:/run/netns/a=b", "ns:/run/netns/a=b {}" },
		{ "mynet", "mynet {}" },
		{ "n", "n {}" },
		{ "name=mynet", "mynet {}" },
		{ "name=mynet,alias=a,alias=b",
		  "mynet {\"Aliases\":[\"a\",\"b\"]}" },
		{ "mynet:alias=a,ip=10.0.0.5",
		  "mynet {\"IPAMConfig\":{\"IPv4Address\":\"10.0.0.5\"},\"Aliases\":[\"a\"]}" },
		{ "alias=a,name=mynet,ip=10.0.0.5,ip6=FD00::5",
		  "mynet {\"IPAMConfig\":{\"IPv4Address\":\"10.0.0.5\",\"IPv6Address\":\"fd00::5\"},"
		  "\"Aliases\":[\"a\"]}" },
		{ "mynet:mac=02:42:AC:11:00:02,interface_name=eth5",
		  "mynet {\"MacAddress\":\"02:42:ac:11:00:02\",\"InterfaceName\":\"eth5\"}" },
		{ "name=mynet,mac-address=02-42-ac-11-00-02",
		  "mynet {\"MacAddress\":\"02:42:ac:11:00:02\"}" },
		{ "name=mynet,link-local-ip=169.254.1.2,link-local-ip=fe80::1",
		  "mynet {\"IPAMConfig\":{\"LinkLocalIPs\":[\"169.254.1.2\",\"fe80::1\"]}}" },
		{ "name=mynet,driver-opt=a=b=c,gw-priority=-5",
		  "mynet {\"DriverOpts\":{\"a\":\"b=c\"},\"GwPriority\":-5}" },
		{ "bridge:mac=02:42:ac:11:00:02",
		  "bridge {\"MacAddress\":\"02:42:ac:11:00:02\"}" },
		{ "", "bridge {}" },
		{ "my net", NULL },
		{ "my/net", NULL },
		{ "-net", NULL },
		{ "container:", NULL },
		{ "container:../x", NULL },
		{ "ns:x", NULL },
		{ "alias=a", NULL },
		{ "name=", NULL },
		{ "name=a,name=b", NULL },
		{ "mynet:name=b", NULL },
		{ "mynet:alias", NULL },
		{ "mynet:alias=", NULL },
		{ "mynet:alias=a b", NULL },
		{ "mynet:ip=10.0.0", NULL },
		{ "mynet:ip=10.0.0.1,ip=10.0.0.2", NULL },
		{ "mynet:mac=02:42", NULL },
		{ "mynet:mac=02:42:ac:11:00:0g", NULL },
		{ "mynet:mac=02:42:ac:11:00:02:03", NULL },
		{ "mynet:driver-opt=a", NULL },
		{ "mynet:gw-priority=x", NULL },
		{ "mynet:interface_name=../x", NULL },
		{ "mynet:interface_name=sixteencharacter", NULL },
		{ "mynet:colour=red", NULL },
		{ "slirp4netns:port_handler=x", NULL },
		{ "pasta:-t,80", NULL },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		cleanup_strbuf struct strbuf sb = STRBUF_INIT;
		struct err err = ERR_INIT;
		int r = show(cases[i].text, &sb, &err);

		cr_expect(eq(int, r, cases[i].want ? 0 : -EINVAL), "'%s': %s",
			  cases[i].text, err.text);
		if (r < 0)
			cr_expect(gt(sz, strlen(err.hint), 0), "'%s'",
				  cases[i].text);
		else if (cases[i].want)
			cr_expect(eq(str, sb.buf, (char *)cases[i].want),
				  "'%s'", cases[i].text);
	}
}

Test(spec_network_spec, modes_and_networks_do_not_mix)
{
	static const struct {
		const char *texts[3];
		int want;
	} cases[] = {
		{ { "neta", "netb" }, 0 },
		{ { "bridge" }, 0 },
		{ { "bridge:mac=02:42:ac:11:00:02" }, 0 },
		{ { "neta:alias=x,ip=10.0.0.1" }, 0 },
		{ { "bridge", "neta" }, -EINVAL },
		{ { "host", "neta" }, -EINVAL },
		{ { "none", "none" }, -EINVAL },
		{ { "neta", "neta" }, -EINVAL },
		{ { "bridge:alias=x" }, -EINVAL },
		{ { "bridge:ip=10.0.0.1" }, -EINVAL },
		{ { "host:mac=02:42:ac:11:00:02" }, -EINVAL },
		{ { "none:ip=10.0.0.1" }, -EINVAL },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		cleanup_network_list struct network_list list =
			NETWORK_LIST_INIT;

		for (int k = 0; cases[i].texts[k]; k++)
			cr_assert(eq(int,
				     network_list_add(&list, cases[i].texts[k],
						      NULL),
				     0));
		cr_expect(eq(int, network_list_check(&list, NULL),
			     cases[i].want),
			  "%s", cases[i].texts[0]);
	}
}
