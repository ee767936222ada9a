/* SPDX-License-Identifier: Apache-2.0 */
#include <arpa/inet.h>
#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include "net/name_table.h"

/* "id network ip name…"; a network called "vault" is internal. */
static void
add(struct name_table *table, const char *id, const char *network,
    const char *ip, const char *name, const char *alias)
{
	cleanup_net_msg struct net_msg msg = NET_MSG_INIT;

	net_msg_add(&msg, "op", "name");
	net_msg_add(&msg, "id", id);
	net_msg_add(&msg, "network", network);
	net_msg_add(&msg, "ip", ip);
	net_msg_add(&msg, "own", name);
	net_msg_add(&msg, "name", name);
	net_msg_add(&msg, "name", alias);
	if (strcmp(network, "vault") == 0)
		net_msg_add_int(&msg, "internal", 1);
	name_table_add(table, &msg);
}

/* The first address that @id gets for @name; "" for none. */
static char *
ask(struct name_table *table, const char *id, const char *name)
{
	static char text[INET6_ADDRSTRLEN];
	struct dns_question question = { .type = DNS_TYPE_A };
	struct dns_addr addrs[8];

	(void)snprintf(question.name, sizeof(question.name), "%s", name);
	text[0] = '\0';
	if (name_table_find(table, id, &question, addrs, 8))
		(void)inet_ntop(AF_INET, &addrs[0].v4, text, sizeof(text));
	return text;
}

static struct name_table table;

static void
setup(void)
{
	add(&table, "a", "front", "10.1.0.2", "web", "www");
	add(&table, "a", "back", "10.2.0.2", "web", "www");
	add(&table, "b", "back", "10.2.0.3", "db1", "DB");
	add(&table, "c", "back", "10.2.0.4", "db2", "DB");
	add(&table, "d", "vault", "10.3.0.2", "safe", NULL);
}

static void
teardown(void)
{
	name_table_release(&table);
}

TestSuite(net_name_table, .init = setup, .fini = teardown);

Test(net_name_table, names_are_seen_on_shared_networks_only)
{
	cr_assert(eq(str, ask(&table, "a", "db1"), (char *)"10.2.0.3"));
	cr_assert(eq(str, ask(&table, "b", "web"), (char *)"10.2.0.2"));
	cr_assert(eq(str, ask(&table, "a", "web"), (char *)"10.1.0.2"));
	cr_assert(eq(str, ask(&table, "a", "web.back"), (char *)"10.2.0.2"));
	cr_assert(eq(str, ask(&table, "b", "web.front"), (char *)""));
	cr_assert(eq(str, ask(&table, "b", "safe"), (char *)""));
	cr_assert(eq(str, ask(&table, "x", "web"), (char *)""));
}

Test(net_name_table, several_of_one_name_take_turns)
{
	cr_assert(eq(str, ask(&table, "a", "db"), (char *)"10.2.0.3"));
	cr_assert(eq(str, ask(&table, "a", "db"), (char *)"10.2.0.4"));
	cr_assert(eq(str, ask(&table, "a", "db"), (char *)"10.2.0.3"));
	name_table_forget(&table, "b", NULL);
	cr_assert(eq(str, ask(&table, "a", "db"), (char *)"10.2.0.4"));
}

Test(net_name_table, who_asks_is_known_by_its_address)
{
	struct dns_addr addr = { .family = AF_INET };

	(void)inet_pton(AF_INET, "10.2.0.3", &addr.v4);
	cr_assert(eq(str, (char *)name_table_who(&table, "back", &addr),
		     (char *)"b"));
	cr_assert(name_table_who(&table, "front", &addr) == NULL);
	cr_assert(name_table_may_leave(&table, "a"));
	cr_assert(not(name_table_may_leave(&table, "d")));
}

Test(net_name_table, addresses_have_names)
{
	cleanup_strbuf struct strbuf sb = STRBUF_INIT;
	struct dns_addr addr = { .family = AF_INET };

	(void)inet_pton(AF_INET, "10.2.0.3", &addr.v4);
	cr_assert(name_table_reverse(&table, "a", &addr, &sb));
	cr_assert(eq(str, sb.buf, (char *)"db1.back"));
	cr_assert(not(name_table_reverse(&table, "d", &addr, &sb)));
}

Test(net_name_table, one_network_less_is_one_name_less)
{
	name_table_forget(&table, "a", "back");
	cr_assert(eq(str, ask(&table, "b", "web"), (char *)""));
	cr_assert(eq(str, ask(&table, "a", "web"), (char *)"10.1.0.2"));
}
