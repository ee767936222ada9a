/* SPDX-License-Identifier: Apache-2.0 */
/*
 * spec/port_spec.h - published and exposed ports.
 *
 * Publish: [[IP:][HOST[-END]]:]CTR[-END][/PROTO], "IP::CTR", "[::]:80:80", or
 * the long form published=8080,target=80,protocol=tcp. Expose:
 * PORT[-END][/PROTO]. Ranges are expanded: one entry is one container port.
 */
#ifndef DHOW_SPEC_PORT_SPEC_H
#define DHOW_SPEC_PORT_SPEC_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/strbuf.h"
#include "base/strvec.h"
#include "data/node.h"

#define PORT_SPEC_IP_BYTES 46

enum port_proto {
	PORT_PROTO_TCP,
	PORT_PROTO_UDP,
	PORT_PROTO_SCTP,
	PORT_PROTO_COUNT,
};

struct port_spec {
	char host_ip[PORT_SPEC_IP_BYTES]; /* "": every address of the host */
	uint16_t host_first;              /* 0: any free port */
	uint16_t host_last; /* more than host_first: one free port of these */
	uint16_t container_port;
	enum port_proto proto;
};

struct port_list {
	struct port_spec *items; /* owned */
	size_t len;
	size_t cap;
};

#define PORT_LIST_INIT        \
	{                     \
		.items = NULL \
	}
#define cleanup_port_list cleanup_release(port_list_release)

/* Append what one -p says. Returns 0 or -EINVAL; then nothing is appended. */
int port_list_publish(struct port_list *list, const char *text,
		      struct err *err);
/* Append what one --expose (or a key of ExposedPorts) says. */
int port_list_expose(struct port_list *list, const char *text, struct err *err);
/* Is this container port of this protocol in the list? */
bool port_list_has(const struct port_list *list, uint16_t container_port,
		   enum port_proto proto);
void port_list_release(struct port_list *list);

/* "tcp", "udp", "sctp" */
const char *port_proto_name(enum port_proto proto);
/* "80/tcp" */
void port_spec_add_key(struct strbuf *sb, const struct port_spec *port);

/* HostConfig.PortBindings: {"80/tcp":[{"HostIp":"","HostPort":"8080"}]}. */
struct node *port_list_to_bindings(const struct port_list *list);
int port_list_from_bindings(const struct node *bindings, struct port_list *list,
			    struct err *err);
/* Config.ExposedPorts: {"80/tcp":{}}. */
struct node *port_list_to_exposed(const struct port_list *list);
int port_list_from_exposed(const struct node *exposed, struct port_list *list,
			   struct err *err);

#endif
