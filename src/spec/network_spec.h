/* SPDX-License-Identifier: Apache-2.0 */
/*
 * spec/network_spec.h - --network: modes, networks and endpoint options.
 *
 * none | host | bridge | container:ID | ns:PATH | NAME[:alias=…,ip=…] | the
 * long form name=NAME,alias=…,ip=…; repeated for several networks.
 */
#ifndef DHOW_SPEC_NETWORK_SPEC_H
#define DHOW_SPEC_NETWORK_SPEC_H

#include "base/err.h"
#include "base/strbuf.h"
#include "base/strvec.h"
#include "data/node.h"

#define NETWORK_SPEC_BRIDGE "bridge"

enum network_mode {
	NETWORK_BRIDGE, /* the default network; default, podman, pasta, … */
	NETWORK_NONE,
	NETWORK_HOST,
	NETWORK_CONTAINER, /* name: id or name of the container */
	NETWORK_PATH,      /* name: path of a namespace */
	NETWORK_NAMED,     /* name: a network somebody made */
	NETWORK_MODE_COUNT,
};

struct network_spec {
	enum network_mode mode;
	char *name; /* NULL where the mode says all */
	struct strvec aliases;
	char *ip4, *ip6, *mac; /* as the system writes them, or NULL */
	struct strvec link_local_ips;
	struct strvec driver_opts; /* "k=v" */
	char *interface_name;
	int gw_priority;
};

#define NETWORK_SPEC_INIT    \
	{                    \
		.name = NULL \
	}
#define cleanup_network_spec cleanup_release(network_spec_release)

struct network_list {
	struct network_spec *items; /* owned */
	size_t len;
	size_t cap;
};

#define NETWORK_LIST_INIT     \
	{                     \
		.items = NULL \
	}
#define cleanup_network_list cleanup_release(network_list_release)

/* Parse one --network. Returns 0 or -EINVAL. */
int network_spec_parse(const char *text, struct network_spec *ret_spec,
		       struct err *err);
void network_spec_release(struct network_spec *spec);
/* @ret_copy: owns its texts. */
void network_spec_copy(const struct network_spec *spec,
		       struct network_spec *ret_copy);
/* HostConfig.NetworkMode: "bridge", "container:ID", a network's name. */
void network_spec_add_mode(struct strbuf *sb, const struct network_spec *spec);
/* Set an address or MAC by its own flag (--ip, --ip6, --mac-address). */
int network_spec_set_ip(struct network_spec *spec, const char *text,
			struct err *err);
int network_spec_set_mac(struct network_spec *spec, const char *text,
			 struct err *err);

/* Append one --network. */
int network_list_add(struct network_list *list, const char *text,
		     struct err *err);
/*
 * Networks and modes do not mix, none is given twice, and aliases and fixed
 * addresses need a network somebody made. -EINVAL.
 */
int network_list_check(const struct network_list *list, struct err *err);
void network_list_release(struct network_list *list);

/* One value of NetworkingConfig.EndpointsConfig (without the name). */
struct node *network_spec_to_node(const struct network_spec *spec);
/* The reverse; @mode: what network_spec_add_mode() gave. */
int network_spec_from_node(const char *mode, const struct node *node,
			   struct network_spec *ret_spec, struct err *err);

#endif
