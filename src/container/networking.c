/* SPDX-License-Identifier: Apache-2.0 */
/*
 * container/networking.c - a starting or running container on its networks.
 */
#include "container/networking.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/cleanup.h"
#include "base/log.h"
#include "base/text.h"
#include "conf/config.h"
#include "container/etc_files.h"
#include "container/lookup.h"
#include "store/netdef.h"
#include "sys/ns.h"

#define SHORT_ID 12
#define RECORD_MAX_BYTES (16U << 20)
#define DNS_PORT 53

static void
leg_release(struct networking_leg *leg)
{
	network_spec_release(&leg->asked);
	strvec_release(&leg->names);
}

static void
clear_legs(struct networking *net)
{
	for (size_t i = 0; i < net->len; i++)
		leg_release(&net->legs[i]);
	net->len = 0;
}

void
networking_leave(struct networking *net)
{
	if (net->connfd >= 0)
		(void)close(net->connfd);
	net->connfd = -1;
	cleanup_close_p(&net->sharedfd);
	net->sharedfd = -EBADF;
}

void
networking_release(struct networking *net)
{
	networking_leave(net);
	clear_legs(net);
	free(net->legs);
	strbuf_release(&net->links);
	*net = (struct networking)NETWORKING_INIT;
}

static int
def_options(const struct netdef *from, struct net_def *def, struct err *err)
{
	const char *mtu = node_get_str(from->options, NETDEF_OPTION_MTU);
	const char *icc = node_get_str(from->options, NETDEF_OPTION_ICC);

	def->internal = from->internal;
	def->isolated = icc && strcmp(icc, "false") == 0;
	return mtu ? net_def_set_mtu(def, mtu, err) : 0;
}

static int
def_from(const struct netdef *from, struct net_def *ret_def, struct err *err)
{
	struct net_def def = { .name = "" };
	int r;

	(void)snprintf(def.name, sizeof(def.name), "%s", from->name);
	(void)snprintf(def.id, sizeof(def.id), "%s", from->id);
	if (!from->v4.subnet)
		return err_set(err, EBADMSG, "it has no IPv4 subnet");
	r = net_def_set4(&def, from->v4.subnet, from->v4.range,
			 from->v4.gateway, err);
	for (size_t i = 0; r == 0 && i < node_len(from->v4.held); i++)
		r = net_def_hold(
			&def, node_str_or(node_value_at(from->v4.held, i), ""),
			err);
	if (r == 0 && from->ipv6 && from->v6.subnet)
		r = net_def_set6(&def, from->v6.subnet, from->v6.range,
				 from->v6.gateway, err);
	if (r == 0)
		r = def_options(from, &def, err);
	if (r == 0)
		*ret_def = def;
	return r;
}

int
networking_def(struct store *store, const char *name, struct net_def *ret_def,
	       struct err *err)
{
	cleanup_netdef struct netdef found = NETDEF_INIT;
	int r = netdef_open(store, name, &found, err);

	if (r < 0)
		return r;
	if (found.predefined)
		return err_set(err, EINVAL,
			       "network '%s' cannot be one of several", name);
	r = def_from(&found, ret_def, err);
	return r < 0 ? err_wrap(err, r, "network '%s'", name) : 0;
}

/* As Docker's DNSNames: name, aliases, short id, host name. */
static void
leg_add_names(struct networking_leg *leg, const struct container_spec *spec)
{
	cleanup_free char *id = xstrndup(spec->id, SHORT_ID);

	strvec_add(&leg->names, spec->name);
	strvec_add_all(&leg->names, &leg->asked.aliases);
	strvec_add(&leg->names, id);
	if (spec->hostname && !strvec_has(&leg->names, spec->hostname))
		strvec_add(&leg->names, spec->hostname);
}

static int
add_leg(struct networking *net, const struct container_spec *spec,
	const struct network_spec *asked, struct err *err)
{
	struct networking_leg leg = {
		.is_default = asked->mode != NETWORK_NAMED,
	};
	int r;

	if (!leg.is_default) {
		r = networking_def(net->store, asked->name, &leg.def, err);
		if (r < 0)
			return r;
	}
	network_spec_copy(asked, &leg.asked);
	text_random_hex(leg.endpoint_id, CONTAINER_ID_BYTES - 1);
	array_push(net->legs, net->len, net->cap, leg);
	return 0;
}

static const char *
leg_network(const struct networking_leg *leg)
{
	return leg->is_default ? NET_DEFAULT_NAME : leg->asked.name;
}

static bool
has_leg(const struct networking *net, const char *network)
{
	for (size_t i = 0; i < net->len; i++)
		if (!strcmp(leg_network(&net->legs[i]), network))
			return true;
	return false;
}

/* "CONTAINER:ALIAS" → a line for /etc/hosts. */
static int
add_link(struct networking *net, struct session *session, const char *text,
	 struct err *err)
{
	cleanup_container struct container other = CONTAINER_INIT;
	size_t len = strcspn(text, ":");
	cleanup_free char *name = xstrndup(text, len);
	const char *alias = text[len] ? text + len + 1 : name;
	int r = container_find(session, name, &other, err);

	if (r < 0)
		return r;
	if (!container_status_is_live(other.state.status))
		return err_set(err, EINVAL,
			       "cannot link to a non running container: %s",
			       name);
	for (size_t i = 0; i < other.state.endpoint_count; i++) {
		const struct container_endpoint *end =
			&other.state.endpoints[i];

		if (!has_leg(net, end->network ?: ""))
			continue;
		strbuf_addf(&net->links, "%s\t%s %.12s %s\n", end->ip, alias,
			    other.id, other.name);
		return 0;
	}
	return err_set(err, EINVAL,
		       "container '%s' is on none of the networks of this one",
		       name);
}

int
networking_prepare(struct networking *net, struct session *session,
		   const struct container_spec *spec, struct err *err)
{
	int r = session_store(session, &net->store, err);

	net->spec = spec;
	clear_legs(net);
	strbuf_reset(&net->links);
	if (spec->net_mode != NET_MODE_BRIDGE)
		return r;
	for (size_t i = 0; r == 0 && i < spec->networks.len; i++)
		r = add_leg(net, spec, &spec->networks.items[i], err);
	for (size_t i = 0; r == 0 && i < spec->links.len; i++)
		r = add_link(net, session, spec->links.v[i], err);
	return r;
}

int
networking_share(struct networking *net, struct session *session,
		 struct container_spec *spec, struct err *err)
{
	cleanup_container struct container other = CONTAINER_INIT;
	const char *hostname;
	int r;

	if (spec->net_mode != NET_MODE_CONTAINER)
		return 0;
	r = container_find(session, spec->net_container, &other, err);
	if (r < 0)
		return err_wrap(err, r, "network");
	if (!container_status_is_live(other.state.status) || !other.state.pid)
		return err_set(
			err, EINVAL,
			"cannot join network namespace of a non running container: %s",
			other.name);
	net->sharedfd = ns_open_readable(other.state.pid, "net", err);
	if (net->sharedfd < 0)
		return net->sharedfd;
	free(spec->net_container);
	spec->net_container = xstrdup(other.id);
	hostname = node_get_str(other.config, "Hostname");
	if (hostname) {
		free(spec->hostname);
		spec->hostname = xstrdup(hostname);
	}
	return 0;
}

int
networking_connect(struct networking *net, int rundirfd, struct err *err)
{
	networking_leave(net);
	net->rundirfd = rundirfd;
	return net->len ? net_connect(rundirfd, &net->connfd, err) : 0;
}

/*
 * A name server of its own would find port 53 taken by ours: such containers
 * ask at the network's address instead.
 */
static bool
serves_names(const struct container_spec *spec)
{
	const struct port_list *lists[] = { &spec->ports, &spec->exposed };

	for (size_t k = 0; k < ARRAY_LEN(lists); k++)
		for (size_t i = 0; i < lists[k]->len; i++)
			if (lists[k]->items[i].container_port == DNS_PORT)
				return true;
	return false;
}

static struct net_join_request
leg_request(const struct networking_leg *leg, const struct container_spec *spec,
	    bool no_host_loopback, int netnsfd)
{
	const struct network_spec *asked = &leg->asked;
	const struct net_join_reply *had = &leg->reply;
	const bool again = had->ip[0] != '\0';

	return (struct net_join_request){
		.container_id = spec->id,
		.name = spec->name,
		.endpoint_id = leg->endpoint_id,
		.def = leg->is_default ? NULL : &leg->def,
		.netnsfd = netnsfd,
		.names = &leg->names,
		.ip = again ? had->ip : asked->ip4,
		.ip6 = again && had->ip6[0] ? had->ip6 : asked->ip6,
		.mac = again ? had->mac : asked->mac,
		.interface = asked->interface_name,
		.priority = asked->gw_priority,
		.no_host_loopback = no_host_loopback || spec->no_host_loopback,
		.serve_inside = !leg->is_default && !serves_names(spec),
		.upstreams = &spec->dns,
	};
}

/* Every leg's request; the caller frees the array. */
static struct net_join_request *
make_requests(const struct networking *net, int netnsfd,
	      const struct port_plan *ports)
{
	struct net_join_request *requests =
		xcalloc(net->len, sizeof(*requests));

	for (size_t i = 0; i < net->len; i++)
		requests[i] = leg_request(&net->legs[i], net->spec,
					  net->no_host_loopback, netnsfd);
	requests[0].ports = ports;
	return requests;
}

int
networking_begin(struct networking *net, const struct container_spec *spec,
		 int netnsfd, const struct port_plan *ports, struct err *err)
{
	cleanup_free struct net_join_request *requests = NULL;

	if (!net->len)
		return 0;
	for (size_t i = 0; i < net->len; i++) {
		struct networking_leg *leg = &net->legs[i];

		leg->reply = (struct net_join_reply){ 0 };
		if (!leg->is_default && leg->names.len == 0)
			leg_add_names(leg, spec);
	}
	requests = make_requests(net, netnsfd, ports);
	return net_join_begin(net->connfd, requests, net->len, err);
}

static int
collect(struct networking *net, const struct net_join_request *requests,
	struct err *err)
{
	cleanup_free struct net_join_reply *replies =
		xcalloc(net->len, sizeof(*replies));
	int r = net_join_end(net->rundirfd, &net->connfd, requests, net->len,
			     replies, err);

	for (size_t i = 0; r == 0 && i < net->len; i++)
		net->legs[i].reply = replies[i];
	return r;
}

int
networking_end(struct networking *net, int netnsfd,
	       const struct port_plan *ports, struct err *err)
{
	cleanup_free struct net_join_request *requests = NULL;
	int r;

	if (!net->len)
		return 0;
	requests = make_requests(net, netnsfd, ports);
	r = collect(net, requests, err);
	return r < 0 ? err_wrap(err, r, "network") : 0;
}

static int
join_again(struct networking *net, int netnsfd, const struct strvec *stale,
	   const struct port_plan *ports, struct err *err)
{
	cleanup_free struct net_join_request *requests =
		make_requests(net, netnsfd, ports);
	int r = networking_connect(net, net->rundirfd, err);

	requests[0].stale = stale;
	if (r == 0)
		r = net_join_begin(net->connfd, requests, net->len, err);
	return r < 0 ? r : collect(net, requests, err);
}

/*
 * The network process is gone, and the interfaces with it. An address that
 * somebody was quicker to take is exchanged for another.
 */
int
networking_again(struct networking *net, pid_t pid,
		 const struct port_plan *ports, struct err *err)
{
	cleanup_close int netnsfd = ns_open_readable(pid, "net", err);
	cleanup_strvec struct strvec stale = STRVEC_INIT;
	int r;

	for (size_t i = 0; i < net->len; i++)
		strvec_add(&stale, net->legs[i].reply.interface);
	if (netnsfd < 0) {
		networking_leave(net);
		return netnsfd;
	}
	r = join_again(net, netnsfd, &stale, ports, err);
	if (r == -EEXIST) {
		log_debug("%s", err ? err->text : "an address is taken");
		if (err)
			err_reset(err);
		for (size_t i = 0; i < net->len; i++)
			net->legs[i].reply.ip[0] = '\0';
		r = join_again(net, netnsfd, &stale, ports, err);
	}
	if (r < 0)
		networking_leave(net);
	return r < 0 ? r : 1;
}

/* It was put on one more network: its record says how. */
static int
note_connected(struct networking *net, const struct container_dir *dir,
	       const struct net_join_reply *reply, struct err *err)
{
	cleanup_node struct node *doc = NULL;
	cleanup_network_spec struct network_spec asked = NETWORK_SPEC_INIT;
	const struct node *node;
	int r = node_read_json_file(dir->fd, "config.json", RECORD_MAX_BYTES,
				    &doc, err);

	if (r < 0)
		return r;
	node = node_get(node_get(doc, "Networks"), reply->network);
	r = network_spec_from_node(reply->network, node, &asked, err);
	if (r == 0)
		r = add_leg(net, net->spec, &asked, err);
	if (r < 0)
		return r;
	leg_add_names(&net->legs[net->len - 1], net->spec);
	net->legs[net->len - 1].reply = *reply;
	(void)memcpy(net->legs[net->len - 1].endpoint_id, reply->endpoint_id,
		     CONTAINER_ID_BYTES);
	etc_files_add_host(dir, net->spec, reply);
	return 1;
}

static int
note_disconnected(struct networking *net, const struct container_dir *dir,
		  const char *network)
{
	for (size_t i = 0; i < net->len; i++) {
		struct networking_leg *leg = &net->legs[i];

		if (strcmp(leg_network(leg), network) != 0)
			continue;
		etc_files_del_host(dir, &leg->reply);
		leg_release(leg);
		net->len--;
		(void)memmove(leg, leg + 1, (net->len - i) * sizeof(*leg));
		return 1;
	}
	return 0;
}

int
networking_event(struct networking *net, const struct container_dir *dir,
		 pid_t pid, const struct port_plan *ports, struct err *err)
{
	struct net_join_reply reply;

	switch (net_read_event(net->connfd, &reply)) {
	case NET_EVENT_NONE:
		break;
	case NET_EVENT_GONE:
		if (net->len)
			return networking_again(net, pid, ports, err);
		networking_leave(net);
		break;
	case NET_EVENT_CONNECTED:
		return note_connected(net, dir, &reply, err);
	case NET_EVENT_DISCONNECTED:
		return note_disconnected(net, dir, reply.network);
	}
	return 0;
}

void
networking_rename(struct networking *net)
{
	struct err err = ERR_INIT;
	int r = 0;

	for (size_t i = 0; i < net->len; i++) {
		struct networking_leg *leg = &net->legs[i];
		struct net_join_request request;

		strvec_release(&leg->names);
		if (!leg->is_default)
			leg_add_names(leg, net->spec);
		request = leg_request(leg, net->spec, net->no_host_loopback,
				      -EBADF);
		if (net->connfd >= 0 && r == 0)
			r = net_rename(net->connfd, &request, &err);
	}
	/* When the network process has died, it is joined by the new name. */
	if (r < 0)
		log_debug("%s", err.text);
}

void
networking_describe(const struct networking *net, struct container_state *state)
{
	for (size_t i = 0; i < net->len; i++) {
		const struct networking_leg *leg = &net->legs[i];
		const struct net_join_reply *reply = &leg->reply;
		struct container_endpoint *end =
			container_state_add_endpoint(state);

		end->network = xstrdup(leg_network(leg));
		end->network_id = xstrdup(leg->is_default ? NETDEF_BRIDGE_ID
							  : leg->def.id);
		end->endpoint_id = xstrdup(leg->endpoint_id);
		(void)snprintf(end->ip, sizeof(end->ip), "%s", reply->ip);
		(void)snprintf(end->gateway, sizeof(end->gateway), "%s",
			       reply->gateway);
		(void)snprintf(end->ip6, sizeof(end->ip6), "%s", reply->ip6);
		(void)snprintf(end->gateway6, sizeof(end->gateway6), "%s",
			       reply->gateway6);
		(void)snprintf(end->mac, sizeof(end->mac), "%s", reply->mac);
		end->prefix = (int)reply->prefix;
		end->prefix6 = (int)reply->prefix6;
		strvec_add_all(&end->aliases, &leg->asked.aliases);
	}
}

static int
enter_and_open(struct session *session, pid_t pid, int *ret_rundirfd,
	       int *ret_netnsfd, struct err *err)
{
	int rundirfd = paths_open_run(&session->paths, err), fd, r;

	if (rundirfd < 0)
		return rundirfd;
	r = session_enter(session, false, err);
	if (r < 0)
		return r;
	fd = ns_open_readable(pid, "net", err);
	if (fd < 0)
		return fd;
	*ret_rundirfd = rundirfd;
	*ret_netnsfd = fd;
	return 0;
}

int
networking_attach(struct session *session, const struct container_spec *spec,
		  pid_t pid, const struct network_spec *asked, struct err *err)
{
	struct networking net = NETWORKING_INIT;
	cleanup_close int netnsfd = -EBADF;
	cleanup_config struct config config = CONFIG_INIT;
	struct net_join_request request;
	struct net_join_reply reply;
	int rundirfd;
	int r = config_load(session->paths.config, CONFIG_SITE_DIR, &config,
			    err);

	net.no_host_loopback = !config.host_loopback;
	if (r == 0)
		r = session_store(session, &net.store, err);
	if (r == 0)
		r = add_leg(&net, spec, asked, err);
	if (r == 0)
		r = enter_and_open(session, pid, &rundirfd, &netnsfd, err);
	if (r == 0) {
		leg_add_names(&net.legs[0], spec);
		request = leg_request(&net.legs[0], spec, net.no_host_loopback,
				      netnsfd);
		r = net_attach(rundirfd, &request, &reply, err);
	}
	networking_release(&net);
	return r;
}

int
networking_detach(struct session *session, const char *id, pid_t pid,
		  const char *network, struct err *err)
{
	cleanup_close int netnsfd = -EBADF;
	int rundirfd;
	int r = enter_and_open(session, pid, &rundirfd, &netnsfd, err);

	return r < 0 ? r : net_detach(rundirfd, id, network, netnsfd, err);
}
