/* SPDX-License-Identifier: Apache-2.0 */
/*
 * store/netdef.h - the networks somebody made: networks/<name>.json.
 *
 * The file is what docker's network inspect shows of the network, without its
 * containers. Three networks are always there and have no file: bridge, host
 * and none.
 */
#ifndef DHOW_STORE_NETDEF_H
#define DHOW_STORE_NETDEF_H

#include <stdbool.h>

#include "data/node.h"
#include "store/store.h"

#define NETDEF_ID_BYTES 65 /* 64 hex digits and NUL */
/* Of the default network, which has no file. */
#define NETDEF_BRIDGE_ID \
	"a4c123b1612dd272d1371c17149d439536b3216fdaeeb975729fae923d5a4fd1"

/* Docker's names of the options that mean something here. */
#define NETDEF_OPTION_ICC "com.docker.network.bridge.enable_icc"
#define NETDEF_OPTION_MTU "com.docker.network.driver.mtu"
#define NETDEF_OPTION_NAME "com.docker.network.bridge.name"

/* One family's addresses; texts are borrowed from the document, or NULL. */
struct netdef_pool {
	const char *subnet;      /* "172.18.0.0/16" */
	const char *range;       /* likewise, part of it */
	const char *gateway;     /* "172.18.0.1" */
	const struct node *held; /* AuxiliaryAddresses: name → address */
};

struct netdef {
	struct node *doc; /* owned; all texts below are borrowed from it */
	const char *name;
	const char *id;
	const char *driver;  /* "bridge", "host", "null" */
	const char *created; /* RFC 3339 */
	bool internal;
	bool ipv6;
	bool predefined;
	struct netdef_pool v4, v6;
	const struct node *options; /* objects of strings, or NULL */
	const struct node *labels;
};

#define NETDEF_INIT         \
	{                   \
		.doc = NULL \
	}
#define cleanup_netdef cleanup_release(netdef_release)
void netdef_release(struct netdef *def);

struct netdef_vec {
	struct netdef *items; /* owned */
	size_t len;
	size_t cap;
};

#define NETDEF_VEC_INIT       \
	{                     \
		.items = NULL \
	}
#define cleanup_netdef_vec cleanup_release(netdef_vec_release)
void netdef_vec_release(struct netdef_vec *vec);

/*
 * Read a document; @doc is owned by @ret_def from the call on.
 * Returns 0 or -EBADMSG.
 */
int netdef_from_doc(struct node *doc, struct netdef *ret_def, struct err *err);

/* By its whole name: 0, -ENOENT, -EBADMSG. */
int netdef_open(struct store *store, const char *name, struct netdef *ret_def,
		struct err *err);
/*
 * The one a person means: a name, a whole id, or the start of an id that no
 * other has. -ENOENT; -EEXIST when several ids start so.
 */
int netdef_find(struct store *store, const char *ref, struct netdef *ret_def,
		struct err *err);
/* All, by name; those always there too. */
int netdef_list(struct store *store, struct netdef_vec *ret_vec,
		struct err *err);

/* Record a new one; -EEXIST when the name is taken. */
int netdef_create(struct store *store, const struct node *doc, struct err *err);
/* -ENOENT. */
int netdef_remove(struct store *store, const char *name, struct err *err);

#endif
