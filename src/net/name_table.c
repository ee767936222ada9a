/* SPDX-License-Identifier: Apache-2.0 */
/*
 * net/name_table.c - which names stand for which container.
 */
#include "net/name_table.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/text.h"

static void
entry_release(struct name_entry *entry)
{
	strvec_release(&entry->names);
}

void
name_table_release(struct name_table *table)
{
	for (size_t i = 0; i < table->len; i++)
		entry_release(&table->entries[i]);
	free(table->entries);
	*table = (struct name_table)NAME_TABLE_INIT;
}

static bool
copy_field(const struct net_msg *msg, const char *key, char *to, size_t size)
{
	const char *text = net_msg_get(msg, key);

	return text && (size_t)snprintf(to, size, "%s", text) < size;
}

static bool
read_addr(const struct net_msg *msg, const char *key, int family,
	  struct dns_addr *ret_addr)
{
	const char *text = net_msg_get(msg, key);
	struct dns_addr addr = { .family = family };

	if (!text || inet_pton(family, text, &addr.v6) != 1)
		return false;
	*ret_addr = addr;
	return true;
}

static void
add_name(struct strvec *names, const char *name)
{
	cleanup_free char *lower = xstrdup(name);

	for (char *c = lower; *c; c++)
		if (text_is_upper(*c))
			*c = (char)(*c - 'A' + 'a');
	if (!strvec_has(names, lower))
		strvec_add(names, lower);
}

void
name_table_add(struct name_table *table, const struct net_msg *msg)
{
	struct name_entry entry = {
		.internal = net_msg_get_int(msg, "internal", 0),
	};

	if (!copy_field(msg, "id", entry.id, sizeof(entry.id)) ||
	    !copy_field(msg, "network", entry.network, sizeof(entry.network)) ||
	    !read_addr(msg, "ip", AF_INET, &entry.ip))
		return;
	(void)read_addr(msg, "ip6", AF_INET6, &entry.ip6);
	(void)copy_field(msg, "own", entry.own, sizeof(entry.own));
	for (size_t i = 0; i < msg->fields.len; i++) {
		const char *name = text_after(msg->fields.v[i], "name=");

		if (name)
			add_name(&entry.names, name);
	}
	name_table_forget(table, entry.id, entry.network);
	array_push(table->entries, table->len, table->cap, entry);
}

void
name_table_forget(struct name_table *table, const char *id, const char *network)
{
	size_t left = 0;

	for (size_t i = 0; i < table->len; i++) {
		struct name_entry *entry = &table->entries[i];

		if (strcmp(entry->id, id) == 0 &&
		    (!network || strcmp(entry->network, network) == 0))
			entry_release(entry);
		else
			table->entries[left++] = *entry;
	}
	table->len = left;
}

static bool
same_addr(const struct dns_addr *a, const struct dns_addr *b)
{
	return a->family == b->family &&
	       memcmp(&a->v6, &b->v6, a->family == AF_INET ? 4 : 16) == 0;
}

static bool
has_addr(const struct name_entry *entry, const struct dns_addr *addr)
{
	return same_addr(addr, &entry->ip) || same_addr(addr, &entry->ip6);
}

const char *
name_table_who(const struct name_table *table, const char *network,
	       const struct dns_addr *ip)
{
	for (size_t i = 0; i < table->len; i++) {
		const struct name_entry *entry = &table->entries[i];

		if (strcmp(entry->network, network) == 0 && has_addr(entry, ip))
			return entry->id;
	}
	return NULL;
}

bool
name_table_may_leave(const struct name_table *table, const char *id)
{
	for (size_t i = 0; i < table->len; i++)
		if (strcmp(table->entries[i].id, id) == 0 &&
		    !table->entries[i].internal)
			return true;
	return false;
}

/* "web.net" means "web" on the network "net". */
static bool
is_called(const struct name_entry *entry, const char *name)
{
	size_t len = strlen(name), tail = strlen(entry->network);

	if (strvec_has(&entry->names, name))
		return true;
	if (len <= tail + 1 || name[len - tail - 1] != '.' ||
	    strcasecmp(name + len - tail, entry->network) != 0)
		return false;
	for (size_t i = 0; i < entry->names.len; i++)
		if (strlen(entry->names.v[i]) == len - tail - 1 &&
		    memcmp(entry->names.v[i], name, len - tail - 1) == 0)
			return true;
	return false;
}

/* Those of one network that are called so, from the one whose turn it is. */
static size_t
find_on(struct name_table *table, const char *network,
	const struct dns_question *question, struct dns_addr *addrs, size_t max)
{
	unsigned int *turn = &table->turns[question->type == DNS_TYPE_AAAA];
	cleanup_free size_t *found = xcalloc(table->len, sizeof(*found));
	size_t count = 0, filled = 0;

	for (size_t i = 0; i < table->len; i++)
		if (strcmp(table->entries[i].network, network) == 0 &&
		    is_called(&table->entries[i], question->name))
			found[count++] = i;
	for (size_t i = 0; i < count && filled < max; i++) {
		const struct name_entry *entry =
			&table->entries[found[(i + *turn) % count]];

		addrs[filled++] = entry->ip;
		if (entry->ip6.family && filled < max)
			addrs[filled++] = entry->ip6;
	}
	if (count > 1)
		++*turn;
	return filled;
}

size_t
name_table_find(struct name_table *table, const char *id,
		const struct dns_question *question, struct dns_addr *addrs,
		size_t max)
{
	size_t count = 0;

	for (size_t i = 0; i < table->len && !count; i++)
		if (strcmp(table->entries[i].id, id) == 0)
			count = find_on(table, table->entries[i].network,
					question, addrs, max);
	return count;
}

static bool
shares_network(const struct name_table *table, const char *id,
	       const char *network)
{
	for (size_t i = 0; i < table->len; i++)
		if (strcmp(table->entries[i].id, id) == 0 &&
		    strcmp(table->entries[i].network, network) == 0)
			return true;
	return false;
}

bool
name_table_reverse(const struct name_table *table, const char *id,
		   const struct dns_addr *addr, struct strbuf *sb)
{
	for (size_t i = 0; i < table->len; i++) {
		const struct name_entry *entry = &table->entries[i];

		if (has_addr(entry, addr) && entry->own[0] &&
		    shares_network(table, id, entry->network)) {
			strbuf_addf(sb, "%s.%s", entry->own, entry->network);
			return true;
		}
	}
	return false;
}
