/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <errno.h>

#include "base/alloc.h"
#include "spec/port_spec.h"

static char *
shown(const struct port_list *list)
{
	struct strbuf sb = STRBUF_INIT;

	for (size_t i = 0; i < list->len; i++) {
		const struct port_spec *port = &list->items[i];

		strbuf_addf(&sb, "%s%s|%u-%u>", i ? " " : "", port->host_ip,
			    port->host_first, port->host_last);
		port_spec_add_key(&sb, port);
	}
	return strbuf_take(&sb);
}

static char *
published(const char *text)
{
	cleanup_port_list struct port_list list = PORT_LIST_INIT;
	struct err err = ERR_INIT;

	if (port_list_publish(&list, text, &err) < 0) {
		cr_expect(eq(sz, list.len, 0), "'%s'", text);
		cr_expect(eq(int, err.code, EINVAL), "'%s'", text);
		cr_expect(gt(sz, strlen(err.hint), 0), "'%s'", text);
		return xstrdup("refused");
	}
	return shown(&list);
}

Test(spec_port_spec, publish_follows_its_grammar)
{
	static const struct {
		const char *text, *want;
	} cases[] = {
		{ "80", "|0-0>80/tcp" },
		{ "8080:80", "|8080-8080>80/tcp" },
		{ "8080:80/udp", "|8080-8080>80/udp" },
		{ "8080:80/SCTP", "|8080-8080>80/sctp" },
		{ ":80", "|0-0>80/tcp" },
		{ "0:80", "|0-0>80/tcp" },
		{ "127.0.0.1:8080:80", "127.0.0.1|8080-8080>80/tcp" },
		{ "127.0.0.1::80", "127.0.0.1|0-0>80/tcp" },
		{ "127.0.0.1:0:80", "127.0.0.1|0-0>80/tcp" },
		{ "[::]:80:80", "::|80-80>80/tcp" },
		{ "[::1]::80/udp", "::1|0-0>80/udp" },
		{ "::1:80:80", "::1|80-80>80/tcp" },
		{ "[2001:DB8::1]:80:80", "2001:db8::1|80-80>80/tcp" },
		{ "8000-8001:80-81", "|8000-8000>80/tcp |8001-8001>81/tcp" },
		{ "80-81", "|0-0>80/tcp |0-0>81/tcp" },
		{ "127.0.0.1::80-81",
		  "127.0.0.1|0-0>80/tcp 127.0.0.1|0-0>81/tcp" },
		{ "8000-8009:80", "|8000-8009>80/tcp" },
		{ "80-80:80-80", "|80-80>80/tcp" },
		{ "65535:65535", "|65535-65535>65535/tcp" },
		{ "published=8080,target=80,protocol=udp",
		  "|8080-8080>80/udp" },
		{ "target=80", "|0-0>80/tcp" },
		{ "target=80,mode=ingress,published=1-2", "|1-2>80/tcp" },
		{ "", "refused" },
		{ ":", "refused" },
		{ "0", "refused" },
		{ "80:0", "refused" },
		{ "65536", "refused" },
		{ "65536:80", "refused" },
		{ "-1:80", "refused" },
		{ "+80:80", "refused" },
		{ "80 :80", "refused" },
		{ "8080:80:80:80", "refused" },
		{ "127.0.0.1:80", "refused" },
		{ "localhost:80:80", "refused" },
		{ "1.2.3:80:80", "refused" },
		{ "[127.0.0.1]:80:80", "refused" },
		{ "[::1:80:80", "refused" },
		{ "[::1]:80", "refused" },
		{ "[]:80:80", "refused" },
		{ "]:80:80", "refused" },
		{ "80/", "refused" },
		{ "80/http", "refused" },
		{ "80/tcp/udp", "refused" },
		{ "81-80", "refused" },
		{ "80-", "refused" },
		{ "-80", "refused" },
		{ "0-5:80", "refused" },
		{ "8000-8001:80-82", "refused" },
		{ "8000:80-82", "refused" },
		{ "99999999999999999999:80", "refused" },
		{ "published=80", "refused" },
		{ "target=80,target=81", "refused" },
		{ "target=80,mode=other", "refused" },
		{ "target=80,port=1", "refused" },
		{ "target=", "refused" },
		{ "target=80,protocol=icmp", "refused" },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		char *got = published(cases[i].text);

		cr_expect(eq(str, got, (char *)cases[i].want), "'%s'",
			  cases[i].text);
		free(got);
	}
}

Test(spec_port_spec, expose_takes_ports_without_addresses)
{
	static const struct {
		const char *text, *want;
	} cases[] = {
		{ "80", "|0-0>80/tcp" },
		{ "53/udp", "|0-0>53/udp" },
		{ "80-82/sctp", "|0-0>80/sctp |0-0>81/sctp |0-0>82/sctp" },
		{ "80:80", "refused" },
		{ "", "refused" },
		{ "0", "|0-0>0/tcp" },
		{ "80/x", "refused" },
		{ "a", "refused" },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		cleanup_port_list struct port_list list = PORT_LIST_INIT;
		int r = port_list_expose(&list, cases[i].text, NULL);
		char *got = r < 0 ? xstrdup("refused") : shown(&list);

		cr_expect(eq(str, got, (char *)cases[i].want), "'%s'",
			  cases[i].text);
		free(got);
	}
}

Test(spec_port_spec, bindings_come_back_from_config_json)
{
	static const char *const texts[] = { "127.0.0.1:8080:80",
					     "8000-8009:80", "53:53/udp",
					     "90-91" };
	cleanup_port_list struct port_list list = PORT_LIST_INIT;
	cleanup_port_list struct port_list back = PORT_LIST_INIT;
	cleanup_strbuf struct strbuf json = STRBUF_INIT;
	cleanup_node struct node *bindings = NULL, *again = NULL;

	for (size_t i = 0; i < ARRAY_LEN(texts); i++)
		cr_assert(eq(int, port_list_publish(&list, texts[i], NULL), 0));
	bindings = port_list_to_bindings(&list);
	node_write_json(&json, bindings, NODE_COMPACT);
	cr_assert(eq(
		str, json.buf,
		(char *)"{\"80/tcp\":[{\"HostIp\":\"127.0.0.1\",\"HostPort\":\"8080\"},"
			"{\"HostIp\":\"\",\"HostPort\":\"8000-8009\"}],"
			"\"53/udp\":[{\"HostIp\":\"\",\"HostPort\":\"53\"}],"
			"\"90/tcp\":[{\"HostIp\":\"\",\"HostPort\":\"\"}],"
			"\"91/tcp\":[{\"HostIp\":\"\",\"HostPort\":\"\"}]}"));
	cr_assert(eq(int, port_list_from_bindings(bindings, &back, NULL), 0));
	again = port_list_to_bindings(&back);
	cr_assert(node_equal(bindings, again));
}

Test(spec_port_spec, a_damaged_binding_is_refused)
{
	cleanup_port_list struct port_list list = PORT_LIST_INIT;
	cleanup_node struct node *bindings = NULL;

	cr_assert(eq(
		int,
		node_parse_json(span_of("{\"80/tcp\":[{\"HostPort\":\"x\"}]}"),
				"x", &bindings, NULL),
		0));
	cr_assert(eq(int, port_list_from_bindings(bindings, &list, NULL),
		     -EINVAL));
}

Test(spec_port_spec, exposed_ports_are_asked_by_number_and_protocol)
{
	cleanup_port_list struct port_list list = PORT_LIST_INIT;

	cr_assert(eq(int, port_list_expose(&list, "53/udp", NULL), 0));
	cr_assert(port_list_has(&list, 53, PORT_PROTO_UDP));
	cr_assert(not(port_list_has(&list, 53, PORT_PROTO_TCP)));
}
