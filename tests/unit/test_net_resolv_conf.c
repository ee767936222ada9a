/* SPDX-License-Identifier: Apache-2.0 */
#include <arpa/inet.h>
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <string.h>

#include "net/net_client.h"
#include "net/resolv_conf.h"

static struct resolv_conf conf;

static void
parse(const char *text)
{
	resolv_conf_parse(span_of(text), &conf);
}

static uint32_t
server4(size_t i)
{
	const struct sockaddr_in *addr =
		(const struct sockaddr_in *)&conf.servers[i];

	return ntohl(addr->sin_addr.s_addr);
}

Test(net_resolv_conf, servers_search_and_options_are_read)
{
	parse("# a comment\nnameserver 10.0.0.1\nnameserver\t::1 \n"
	      "domain gone.example\nsearch a.example  b.example\r\n"
	      "options ndots:2 edns0\n; another\noptions rotate\n");
	cr_assert(eq(sz, conf.server_count, 2));
	cr_assert(eq(uint, server4(0), 0x0a000001));
	cr_assert(eq(int, conf.servers[1].ss_family, AF_INET6));
	cr_assert(eq(sz, conf.search.len, 2));
	cr_assert(eq(str, conf.search.v[1], (char *)"b.example"));
	cr_assert(eq(sz, conf.options.len, 3));
}

Test(net_resolv_conf, without_a_server_the_local_one_is_meant)
{
	parse("nameserver nonsense\nnameserver 1.2.3\nsearch x");
	cr_assert(eq(sz, conf.server_count, 1));
	cr_assert(eq(uint, server4(0), 0x7f000001));
}

Test(net_resolv_conf, more_servers_than_fit_are_passed_over)
{
	char text[2048] = "";

	for (int i = 0; i < 30; i++)
		(void)strncat(text, "nameserver 10.0.0.9\n",
			      sizeof(text) - strlen(text) - 1);
	parse(text);
	cr_assert(eq(sz, conf.server_count, RESOLV_CONF_MAX_SERVERS));
}

Test(net_resolv_conf, a_container_repeats_search_and_options)
{
	cleanup_strbuf struct strbuf sb = STRBUF_INIT;

	net_resolv_extras(&sb, "nameserver 10.0.0.1\nsearch a b\n");
	cr_assert(eq(str, sb.buf, (char *)"search a b\n"));
	strbuf_reset(&sb);
	net_resolv_extras(&sb, "options ndots:1\n");
	cr_assert(eq(str, sb.buf, (char *)"options ndots:1\n"));
}
