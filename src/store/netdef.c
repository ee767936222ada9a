/* SPDX-License-Identifier: Apache-2.0 */
/*
 * store/netdef.c - the networks somebody made: networks/<name>.json.
 */
#include "store/netdef.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/fsx.h"
#include "base/text.h"
#include "spec/name_spec.h"

#define NETDEF_DIR "networks"
#define NETDEF_SUFFIX ".json"
#define NETDEF_MAX_BYTES (1U << 20)

/* As on any host where docker never ran: made at the beginning of time. */
#define NETDEF_EPOCH "1970-01-01T00:00:00Z"

static const struct {
	const char *name, *driver, *id;
} netdef_predefined[] = {
	{ "bridge", "bridge", NETDEF_BRIDGE_ID },
	{ "host", "host",
	  "2aabfe228f219e9cb0eb53f16947ccf25ec84d8dbc74254770f58904dba41ecc" },
	{ "none", "null",
	  "cc3fc1626e53a13043b026c48bbf33feff9243a8f506b40928b5b7a767c76fb0" },
};

void
netdef_release(struct netdef *def)
{
	node_free(def->doc);
	*def = (struct netdef)NETDEF_INIT;
}

void
netdef_vec_release(struct netdef_vec *vec)
{
	for (size_t i = 0; i < vec->len; i++)
		netdef_release(&vec->items[i]);
	free(vec->items);
	*vec = (struct netdef_vec)NETDEF_VEC_INIT;
}

static const char *
netdef_text(const struct node *node, const char *key)
{
	const char *text = node_get_str(node, key);

	return text && *text ? text : NULL;
}

static void
netdef_take_pools(struct netdef *def, const struct node *config)
{
	for (size_t i = 0; i < node_len(config); i++) {
		const struct node *node = node_at(config, i);
		const char *subnet = netdef_text(node, "Subnet");
		struct netdef_pool *pool;

		if (!subnet)
			continue;
		pool = strchr(subnet, ':') ? &def->v6 : &def->v4;
		if (pool->subnet)
			continue;
		pool->subnet = subnet;
		pool->range = netdef_text(node, "IPRange");
		pool->gateway = netdef_text(node, "Gateway");
		pool->held = node_get(node, "AuxiliaryAddresses");
	}
}

int
netdef_from_doc(struct node *doc, struct netdef *ret_def, struct err *err)
{
	struct netdef def = {
		.doc = doc,
		.name = netdef_text(doc, "Name"),
		.id = netdef_text(doc, "Id"),
		.driver = netdef_text(doc, "Driver"),
		.created = node_str_or(node_get(doc, "Created"), NETDEF_EPOCH),
		.internal = node_get_bool(doc, "Internal", false),
		.ipv6 = node_get_bool(doc, "EnableIPv6", false),
		.options = node_get(doc, "Options"),
		.labels = node_get(doc, "Labels"),
	};

	if (!def.name || !def.driver || !def.id ||
	    !text_is_hex_of(def.id, NETDEF_ID_BYTES - 1)) {
		netdef_release(&def);
		return err_set(err, EBADMSG,
			       "the record of a network is damaged");
	}
	netdef_take_pools(&def, node_get(node_get(doc, "IPAM"), "Config"));
	*ret_def = def;
	return 0;
}

/* The document of one that is always there; @i counts them. */
static struct node *
netdef_predefined_doc(size_t i)
{
	struct node *doc = node_new_obj(), *ipam;

	node_set_str(doc, "Name", netdef_predefined[i].name);
	node_set_str(doc, "Id", netdef_predefined[i].id);
	node_set_str(doc, "Created", NETDEF_EPOCH);
	node_set_str(doc, "Scope", "local");
	node_set_str(doc, "Driver", netdef_predefined[i].driver);
	node_set_bool(doc, "EnableIPv4", true);
	node_set_bool(doc, "EnableIPv6", false);
	ipam = node_need_obj(doc, "IPAM");
	node_set_str(ipam, "Driver", "default");
	node_set_null(ipam, "Options");
	(void)node_need_arr(ipam, "Config");
	node_set_bool(doc, "Internal", false);
	node_set_bool(doc, "Attachable", false);
	node_set_bool(doc, "Ingress", false);
	node_set_str(node_need_obj(doc, "ConfigFrom"), "Network", "");
	node_set_bool(doc, "ConfigOnly", false);
	(void)node_need_obj(doc, "Containers");
	(void)node_need_obj(doc, "Options");
	(void)node_need_obj(doc, "Labels");
	return doc;
}

static bool
netdef_open_predefined(const char *name, struct netdef *ret_def)
{
	for (size_t i = 0; i < ARRAY_LEN(netdef_predefined); i++) {
		if (strcmp(name, netdef_predefined[i].name) != 0)
			continue;
		(void)netdef_from_doc(netdef_predefined_doc(i), ret_def, NULL);
		ret_def->predefined = true;
		return true;
	}
	return false;
}

static int
netdef_absent(const char *ref, struct err *err)
{
	(void)err_set(err, ENOENT, "network %s not found", ref);
	err_hint(err, "'network ls' lists them, 'network create' makes one");
	return -ENOENT;
}

int
netdef_open(struct store *store, const char *name, struct netdef *ret_def,
	    struct err *err)
{
	cleanup_free char *path =
		xasprintf(NETDEF_DIR "/%s" NETDEF_SUFFIX, name);
	struct node *doc;
	int r;

	if (netdef_open_predefined(name, ret_def))
		return 0;
	r = name_spec_check_network(name, NULL);
	if (r == 0)
		r = node_read_json_file(store->dirfd, path, NETDEF_MAX_BYTES,
					&doc, err);
	if (r == -ENOENT || r == -EINVAL) {
		err_reset(err);
		return netdef_absent(name, err);
	}
	if (r == 0)
		r = netdef_from_doc(doc, ret_def, err);
	return r < 0 ? err_wrap(err, r, "network '%s'", name) : 0;
}

static int
netdef_compare(const void *a, const void *b)
{
	const struct netdef *x = a, *y = b;

	return strcmp(x->name, y->name);
}

static int
netdef_add_files(struct store *store, struct netdef_vec *vec, struct err *err)
{
	cleanup_strvec struct strvec names = STRVEC_INIT;
	int r = store_list_json(store, NETDEF_DIR, &names);

	if (r < 0)
		return err_code(err, -r, "list the networks");
	for (size_t i = 0; i < names.len; i++) {
		struct netdef def;

		r = netdef_open(store, names.v[i], &def, err);
		if (r == -ENOENT) { /* removed meanwhile */
			err_reset(err);
			continue;
		}
		if (r < 0)
			return r;
		array_push(vec->items, vec->len, vec->cap, def);
	}
	return 0;
}

int
netdef_list(struct store *store, struct netdef_vec *ret_vec, struct err *err)
{
	struct netdef_vec vec = NETDEF_VEC_INIT;
	int r;

	for (size_t i = 0; i < ARRAY_LEN(netdef_predefined); i++) {
		struct netdef def;

		(void)netdef_open_predefined(netdef_predefined[i].name, &def);
		array_push(vec.items, vec.len, vec.cap, def);
	}
	r = netdef_add_files(store, &vec, err);
	if (r < 0) {
		netdef_vec_release(&vec);
		return r;
	}
	qsort(vec.items, vec.len, sizeof(*vec.items), netdef_compare);
	*ret_vec = vec;
	return 0;
}

int
netdef_find(struct store *store, const char *ref, struct netdef *ret_def,
	    struct err *err)
{
	cleanup_netdef_vec struct netdef_vec vec = NETDEF_VEC_INIT;
	struct netdef *found = NULL;
	int r = netdef_open(store, ref, ret_def, err);

	if (r != -ENOENT)
		return r;
	err_reset(err);
	r = netdef_list(store, &vec, err);
	if (r < 0)
		return r;
	for (size_t i = 0; *ref && i < vec.len; i++) {
		if (!text_starts(vec.items[i].id, ref))
			continue;
		if (found)
			return err_set(
				err, EEXIST,
				"several networks have ids that start with '%s'",
				ref);
		found = &vec.items[i];
	}
	if (!found)
		return netdef_absent(ref, err);
	*ret_def = *found;
	*found = (struct netdef)NETDEF_INIT;
	return 0;
}

int
netdef_create(struct store *store, const struct node *doc, struct err *err)
{
	cleanup_close int pinfd = -EBADF;
	cleanup_free char *tmp = NULL, *path = NULL;
	const char *name = node_get_str(doc, "Name");
	char leaf[FSX_TMP_NAME_BYTES];
	int r;

	r = name_spec_check_network(name, err);
	if (r == 0)
		r = store_lay_out(store, err);
	if (r == 0)
		r = pinfd = store_pin(store, err);
	if (r < 0)
		return r;
	if (mkdirat(store->dirfd, NETDEF_DIR, 0755) < 0 && errno != EEXIST)
		return err_sys(err, "make '" NETDEF_DIR "'");
	fsx_tmp_name("network", leaf);
	tmp = xasprintf("tmp/%s", leaf);
	path = xasprintf(NETDEF_DIR "/%s" NETDEF_SUFFIX, name);
	r = node_write_json_file(store->dirfd, tmp, doc, 0644, 0, err);
	/* A link does not replace: the name is taken by one alone. */
	if (r == 0 && linkat(store->dirfd, tmp, store->dirfd, path, 0) < 0)
		r = errno == EEXIST
			    ? err_set(err, EEXIST,
				      "network with name %s already exists",
				      name)
			    : err_sys(err, "name network '%s'", name);
	(void)unlinkat(store->dirfd, tmp, 0);
	return r;
}

int
netdef_remove(struct store *store, const char *name, struct err *err)
{
	cleanup_free char *path =
		xasprintf(NETDEF_DIR "/%s" NETDEF_SUFFIX, name);

	if (unlinkat(store->dirfd, path, 0) == 0)
		return 0;
	return errno == ENOENT ? netdef_absent(name, err)
			       : err_sys(err, "remove network '%s'", name);
}
