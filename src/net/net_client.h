/* SPDX-License-Identifier: Apache-2.0 */
/*
 * net/net_client.h - join a container to the user's network process.
 *
 * One process per user, dhow-net, owns the bridges, the way out (libslirp),
 * DNS and the published ports. The first container starts it; it ends when
 * the last connection to it closes. The caller is inside the user namespace U
 * (euid 0 there) and in the host's network namespace.
 *
 *	net_connect(runfd, &connfd, err)    early: starts it, does not wait
 *	… the container's network namespace comes to be …
 *	net_join_begin(connfd, requests, count, err)
 *	… its files are mounted …
 *	net_join_end(runfd, &connfd, requests, count, replies, err)
 *	… the container runs; connfd stays open …
 *	close(connfd)                       addresses and ports are free again
 *
 * End of file on connfd means that the network process died; all of it again
 * with the same addresses brings it back.
 */
#ifndef DHOW_NET_NET_CLIENT_H
#define DHOW_NET_NET_CLIENT_H

#include <netinet/in.h>
#include <stdint.h>

#include "base/err.h"
#include "base/proc.h"
#include "base/strvec.h"
#include "net/net_def.h"
#include "net/port_plan.h"

#define NET_DEFAULT_NAME "bridge"
#define NET_MAC_BYTES 18 /* "02:42:ac:11:00:02" */
#define NET_INTERFACE_BYTES 16

struct net_join_request {
	const char *container_id; /* 64 hex digits */
	const char *name;
	const char *endpoint_id;        /* of this one network; or NULL */
	const struct net_def *def;      /* NULL: the default network */
	int netnsfd;                    /* the container's network namespace */
	const struct strvec *names;     /* what finds it there; may be NULL */
	const char *ip;                 /* wanted address or NULL */
	const char *ip6;                /* likewise */
	const char *mac;                /* likewise */
	const char *interface;          /* NULL: the first free eth number */
	int priority;                   /* who has the default route */
	bool no_host_loopback;          /* servers on the host's 127.0.0.1 */
	bool serve_inside;              /* names at 127.0.0.11 */
	const struct strvec *upstreams; /* who knows other names; or NULL */
	const struct strvec *stale;     /* interfaces of a process that died */
	const struct port_plan *ports; /* opened by port_plan_open(), or NULL */
};

struct net_join_reply {
	char id[NET_DEF_ID_BYTES];     /* of the container */
	char name[NET_DEF_NAME_BYTES]; /* likewise */
	char network[NET_DEF_NAME_BYTES];
	char endpoint_id[NET_DEF_ID_BYTES];
	char ip[INET_ADDRSTRLEN];
	unsigned int prefix;           /* of ip: 16 */
	char gateway[INET_ADDRSTRLEN]; /* "" on an internal network */
	char ip6[INET6_ADDRSTRLEN];    /* "" when the host has no IPv6 */
	unsigned int prefix6;
	char gateway6[INET6_ADDRSTRLEN];
	char mac[NET_MAC_BYTES];
	char dns[INET_ADDRSTRLEN];     /* the name server for resolv.conf */
	char host_ip[INET_ADDRSTRLEN]; /* host.docker.internal, host-gateway */
	char interface[NET_INTERFACE_BYTES]; /* "eth0" */
};

/*
 * Connect to the network process, starting it when there is none.
 *
 * @runfd:      the run directory ($XDG_RUNTIME_DIR/dhow), checked by conf/
 * @ret_connfd: the connection, close-on-exec
 *
 * Does not wait until a new process is ready: net_join_end() does, so that the
 * caller's mounts and the start overlap. Returns 0 or -errno (-ENOENT: the
 * program dhow-net is missing).
 */
int net_connect(int runfd, int *ret_connfd, struct err *err);

/*
 * Ask to give the container its interfaces, addresses, routes, names and
 * ports; net_join_end() waits until it has them: the interfaces and lo are up
 * then in the namespace, net.ipv4's unprivileged port start is 0 and its ping
 * groups are open there.
 *
 * @requests:  one per network, the same in both calls; ports are those of the
 *             first
 * @io_connfd: from net_connect(); exchanged for a new one when the process
 *             behind it was about to end
 *
 * Returns 0; -EEXIST (address in use), -EINVAL, -ENOENT (no such network),
 * -EOPNOTSUPP (this host cannot: /dev/net/tun), -EPROTO, -ECONNRESET (the
 * network process died). The story and hint are its own.
 */
int net_join_begin(int connfd, const struct net_join_request *requests,
		   size_t count, struct err *err);
int net_join_end(int runfd, int *io_connfd,
		 const struct net_join_request *requests, size_t count,
		 struct net_join_reply *ret_replies, struct err *err);

/*
 * It is called otherwise now on the network of @request, of which only
 * name, names, upstreams and def are looked at. Nothing is answered.
 */
int net_rename(int connfd, const struct net_join_request *request,
	       struct err *err);

/*
 * What a running container's connection tells: read it when it is readable.
 */
enum net_event {
	NET_EVENT_NONE,         /* nothing, or nothing that is known */
	NET_EVENT_GONE,         /* the network process died: join again */
	NET_EVENT_CONNECTED,    /* to one more network: ret_reply */
	NET_EVENT_DISCONNECTED, /* from ret_reply->network */
};
enum net_event net_read_event(int connfd, struct net_join_reply *ret_reply);

/*
 * Ask the network process that runs, from another program than the one that
 * watches over the container: put it on one more network, or take it from
 * one. @request: its ports are not looked at.
 *
 * Returns 0; -ESRCH when the container has no network of its own, or no
 * network process runs; -EEXIST, -ENOENT and others of net_join_end().
 */
int net_attach(int runfd, const struct net_join_request *request,
	       struct net_join_reply *ret_reply, struct err *err);
int net_detach(int runfd, const char *container_id, const char *network,
	       int netnsfd, struct err *err);

/* Call @fn for every container on every network; none when none runs. */
typedef void (*net_member_fn)(const struct net_join_reply *member, void *data);
int net_each_member(int runfd, net_member_fn fn, void *data, struct err *err);

/*
 * The running network process, whose user namespace is U (/proc/PID/ns/user).
 * Returns 0, or -ESRCH when none runs. A stale record counts as none.
 */
int net_find_ident(int runfd, struct proc_ident *ret_ident);

/*
 * The host's resolver settings a container's resolv.conf should repeat
 * beside the name server: "search …" and "options …" lines, appended to @sb.
 * @host_conf: text of the host's /etc/resolv.conf.
 */
void net_resolv_extras(struct strbuf *sb, const char *host_conf);

#endif
