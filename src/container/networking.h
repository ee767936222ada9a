/* SPDX-License-Identifier: Apache-2.0 */
/*
 * container/networking.h - a starting or running container on its networks.
 *
 *	networking_prepare()    what its networks are; nothing happens yet
 *	networking_connect()    the network process is there, or on its way
 *	networking_begin()      as soon as its network namespace exists
 *	networking_end()        it has its interfaces
 *	… it runs; connfd is readable when something happened …
 *	networking_event()
 *	networking_leave()      addresses and ports are free again
 *
 * Whoever watches over the container holds this. When the network process is
 * killed, the first of its containers' watchers starts it anew and all join
 * again with the addresses they had.
 */
#ifndef DHOW_CONTAINER_NETWORKING_H
#define DHOW_CONTAINER_NETWORKING_H

#include <errno.h>

#include "container/dir.h"
#include "container/spec.h"
#include "container/state.h"
#include "net/net_client.h"
#include "session/session.h"

/* One network of it. */
struct networking_leg {
	struct network_spec asked;
	struct net_def def;
	bool is_default;     /* the network "bridge", which has no definition */
	struct strvec names; /* that find it there */
	char endpoint_id[CONTAINER_ID_BYTES];
	struct net_join_reply reply; /* what it got */
};

struct networking {
	const struct container_spec *spec; /* borrowed */
	struct store *store;               /* borrowed */
	int rundirfd;                      /* borrowed */
	int connfd; /* its life line to the network process */
	struct networking_leg *legs;
	size_t len;
	size_t cap;
	struct strbuf links;   /* lines for /etc/hosts, by --link */
	bool no_host_loopback; /* config.yaml forbids it */
	int sharedfd; /* the network namespace of another one, or -EBADF */
};

#define NETWORKING_INIT                           \
	{                                         \
		.connfd = -1, .sharedfd = -EBADF, \
	}

/*
 * Read what the networks of @spec are and where its links lead. Does nothing
 * for a container without networks of its own.
 *
 * Returns 0; -ENOENT for a network that is not there, -EINVAL for a link to a
 * container that does not run or shares no network.
 */
int networking_prepare(struct networking *net, struct session *session,
		       const struct container_spec *spec, struct err *err);

/*
 * NET_MODE_CONTAINER: find the container whose network is shared and open its
 * namespace. Its id and host name become those of @spec. The caller is in U.
 * -EINVAL when that one does not run.
 */
int networking_share(struct networking *net, struct session *session,
		     struct container_spec *spec, struct err *err);

/* A new connection: what the last one asked for is taken back. */
int networking_connect(struct networking *net, int rundirfd, struct err *err);

/* @spec: has a name now; @netnsfd: the container's; @ports: open on the host */
int networking_begin(struct networking *net, const struct container_spec *spec,
		     int netnsfd, const struct port_plan *ports,
		     struct err *err);
int networking_end(struct networking *net, int netnsfd,
		   const struct port_plan *ports, struct err *err);

/*
 * Read what made connfd readable and do what it asks for: join again, or note
 * a network that came or went (also in the container's /etc/hosts). connfd may
 * be another one afterwards.
 *
 * @pid: the container's first process
 *
 * Returns 1 when networks changed (see networking_describe()), 0, or -errno
 * when it could not join again: connfd is -1 then.
 */
int networking_event(struct networking *net, const struct container_dir *dir,
		     pid_t pid, const struct port_plan *ports, struct err *err);

/* Try once more what networking_event() failed at; returns what that does. */
int networking_again(struct networking *net, pid_t pid,
		     const struct port_plan *ports, struct err *err);

/* Its spec has another name: from now on that is what finds it. */
void networking_rename(struct networking *net);

/* Append its endpoints to a record that has none. */
void networking_describe(const struct networking *net,
			 struct container_state *state);

void networking_leave(struct networking *net);
void networking_release(struct networking *net);

/* What the store says of a network, for the network process. */
int networking_def(struct store *store, const char *name,
		   struct net_def *ret_def, struct err *err);

/*
 * Put a running container on one more network, or take it from one, through
 * the network process. The container's own watcher learns of it.
 * @asked: its name is the network's
 */
int networking_attach(struct session *session,
		      const struct container_spec *spec, pid_t pid,
		      const struct network_spec *asked, struct err *err);
int networking_detach(struct session *session, const char *id, pid_t pid,
		      const char *network, struct err *err);

#endif
