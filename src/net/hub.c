/* SPDX-License-Identifier: Apache-2.0 */
/*
 * net/hub.c - who is on which network: the control side of dhow-net.
 *
 * A connection is one container's; only processes of this user may open one.
 * The end: no connection left → under the lock, remove the control socket's
 * name → close it → exit. A program that connected in between sees the end
 * of file before any answer and starts over. What a kill leaves behind is a
 * name that nobody listens to; the next program replaces it.
 */
#include "net/hub.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/socket.h>

#include "base/alloc.h"
#include "base/lock.h"
#include "base/log.h"
#include "net/hub_departed.h"
#include "net/hub_member.h"
#include "net/net_client.h"
#include "net/net_confine.h"

/*
 * How long to stay after the last container: a loop of short runs, the most
 * usual kind, finds the network ready.
 */
#define LINGER_NS (300 * INT64_C(1000000))
/* Legs in one answer: far below NET_MSG_MAX_BYTES with any names. */
#define LIST_AT_ONCE 40
/* How long to wait for a program that holds the lock, before looking again. */
#define LOCKED_NS (20 * INT64_C(1000000))

struct hub {
	struct loop *loop;
	bool confined;
	bool ending;   /* for nobody we can serve: see is_stranger() */
	bool nameless; /* names in the run directory are another one's now */
	struct hub_setup *setup;
	struct hub_networks networks;
	struct hub_departed departed;
	struct loop_source *linger;
	struct link *links;
	size_t link_count;
};

/* One connection. */
struct link {
	struct hub *hub;
	struct link *next;
	int fd;
	struct loop_source *source;
	struct hub_member member;
};

int
hub_remove_names(int runfd)
{
	cleanup_close int lockfd = lock_try(runfd, HUB_LOCK, NULL);

	if (lockfd == -EBUSY)
		return -EBUSY;
	(void)unlinkat(runfd, HUB_CONTROL, 0);
	(void)unlinkat(runfd, HUB_PID, 0);
	return 0;
}

void
hub_refuse(int listenfd, const struct err *err)
{
	(void)fcntl(listenfd, F_SETFL, O_NONBLOCK);
	for (;;) {
		cleanup_close int fd =
			accept4(listenfd, NULL, NULL, SOCK_CLOEXEC);

		if (fd < 0)
			return;
		(void)net_msg_send_err(fd, err);
	}
}

static void
link_end(struct link *link)
{
	struct hub *hub = link->hub;
	struct link **at = &hub->links;

	while (*at != link)
		at = &(*at)->next;
	*at = link->next;
	hub->link_count--;
	hub_departed_add(&hub->departed, &link->member);
	loop_remove(link->source);
	(void)close(link->fd);
	free(link);
	if (!hub->link_count)
		loop_set_timer(hub->linger, hub->ending ? 0 : LINGER_NS);
}

/* Tell everybody why it is over. */
static void
end_all(struct hub *hub, const struct err *err)
{
	for (struct link *link = hub->links; link; link = link->next)
		(void)net_msg_send_err(link->fd, err);
	hub_refuse(hub->setup->listenfd, err);
}

/*
 * A container of another user namespace than ours cannot be joined. That
 * happens when all who knew ours are gone, but not yet we: then the newcomer
 * starts a process of its own as soon as we have made room.
 */
static bool
is_stranger(struct hub *hub, int r)
{
	if (r != -EPERM)
		return false;
	for (const struct link *link = hub->links; link; link = link->next)
		if (link->member.leg_count)
			return false;
	hub->ending = true;
	/*
	 * Before the newcomer learns of it and looks for the names again.
	 * Once: what stands there afterwards are those of our successor.
	 */
	if (!hub->nameless)
		hub->nameless = hub_remove_names(hub->setup->runfd) == 0;
	loop_set_timer(hub->linger, 0);
	return true;
}

static int
join(struct hub *hub, struct hub_member *member, struct net_msg *msg,
     struct net_msg *reply, struct err *err)
{
	struct hub_place place = { &hub->networks, hub->loop };
	int r = hub_member_join(member, &place, msg, reply, err);

	/* An address may be taken by somebody who has left. */
	if ((r == -EEXIST || r == -ENOSPC) &&
	    hub_departed_settle(&hub->departed)) {
		err_reset(err);
		r = hub_member_join(member, &place, msg, reply, err);
	}
	return r;
}

/* The connection of the program that watches over a container. */
static struct link *
find_link(const struct hub *hub, const char *id, struct err *err)
{
	for (struct link *link = hub->links; id && link; link = link->next)
		if (strcmp(link->member.id, id) == 0)
			return link;
	(void)err_set(err, ESRCH, "container %.12s has no network of its own",
		      id ?: "");
	return NULL;
}

/* Somebody else changes what a container is on: its own program is told. */
static int
change(struct hub *hub, struct net_msg *msg, struct net_msg *reply,
       struct err *err)
{
	struct hub_place place = { &hub->networks, hub->loop };
	struct link *link = find_link(hub, net_msg_get(msg, "id"), err);
	struct net_msg told = NET_MSG_INIT;
	int r;

	if (!link)
		return -ESRCH;
	if (net_msg_is(msg, "connect")) {
		r = join(hub, &link->member, msg, reply, err);
		if (r == 0)
			hub_member_describe(
				&link->member,
				&link->member.legs[link->member.leg_count - 1],
				"connected", &told);
	} else {
		r = hub_member_leave(&link->member, &place, msg, err);
		net_msg_add(&told, "op", "disconnected");
		net_msg_add(&told, "network", net_msg_get(msg, "network"));
		net_msg_add(reply, "op", "left");
	}
	if (r == 0)
		(void)net_msg_send(link->fd, &told, NULL);
	net_msg_release_fields(&told);
	return r;
}

/* As many legs as one message takes, after the first "skip" ones. */
static int
list_members(const struct hub *hub, const struct net_msg *msg,
	     struct net_msg *reply)
{
	int64_t skip = net_msg_get_int(msg, "skip", 0);

	net_msg_add(reply, "op", "members");
	for (const struct link *link = hub->links; link; link = link->next)
		for (size_t i = 0; i < link->member.leg_count; i++)
			if (skip-- <= 0 && reply->fields.len < LIST_AT_ONCE)
				hub_member_summarize(&link->member,
						     &link->member.legs[i],
						     reply);
	return 0;
}

static int
carry_out(struct link *link, struct net_msg *msg, struct net_msg *reply,
	  struct err *err)
{
	if (net_msg_is(msg, "publish"))
		return hub_member_publish(&link->member, msg, err);
	if (net_msg_is(msg, "join"))
		return join(link->hub, &link->member, msg, reply, err);
	if (net_msg_is(msg, "rename"))
		return hub_member_rename(&link->member, &link->hub->networks,
					 msg, err);
	if (net_msg_is(msg, "connect") || net_msg_is(msg, "disconnect"))
		return change(link->hub, msg, reply, err);
	if (net_msg_is(msg, "list"))
		return list_members(link->hub, msg, reply);
	return err_set(err, EPROTO,
		       "the network process does not know this request");
}

/* Returns < 0 when the connection is to end. */
static int
serve(struct link *link, struct net_msg *msg)
{
	struct net_msg reply = NET_MSG_INIT;
	struct err err = ERR_INIT;
	int r = carry_out(link, msg, &reply, &err);

	if (r == 0 && reply.fields.len)
		r = net_msg_send(link->fd, &reply, &err);
	net_msg_release_fields(&reply);
	if (r < 0 && !is_stranger(link->hub, r))
		(void)net_msg_send_err(link->fd, &err);
	return r;
}

/*
 * The walls go up after the first answer, so that it need not wait for them:
 * until then only a program of our user has said a word.
 */
static int
confine(struct hub *hub)
{
	struct err err = ERR_INIT;
	int r = 0;

	if (!hub->confined) {
		hub->confined = true;
		r = net_confine_inner(&err);
		if (r < 0)
			end_all(hub, &err);
	}
	return r;
}

static int
on_link(struct loop_source *source, uint32_t events, void *data)
{
	struct link *link = data;
	struct hub *hub = link->hub;
	cleanup_net_msg struct net_msg msg = NET_MSG_INIT;
	int r = net_msg_recv(link->fd, &msg, NULL);

	if (r == -EAGAIN)
		return 0;
	if (r <= 0 || serve(link, &msg) < 0)
		link_end(link);
	return net_msg_is(&msg, "join") ? confine(hub) : 0;
}

/* Only our own user talks to us, whatever the socket's mode became. */
static bool
is_ours(int fd)
{
	struct ucred cred;
	socklen_t len = sizeof(cred);

	return getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &cred, &len) == 0 &&
	       cred.uid == geteuid();
}

static bool
accept_one(struct hub *hub)
{
	struct link *link;
	int fd = accept4(hub->setup->listenfd, NULL, NULL,
			 SOCK_CLOEXEC | SOCK_NONBLOCK);

	if (fd < 0)
		return false;
	if (!is_ours(fd)) {
		(void)close(fd);
		return true;
	}
	link = xcalloc(1, sizeof(*link));
	link->hub = hub;
	link->member = (struct hub_member)HUB_MEMBER_INIT;
	link->fd = fd;
	link->next = hub->links;
	hub->links = link;
	hub->link_count++;
	link->source = loop_add_fd(hub->loop, fd, EPOLLIN, on_link, link);
	return true;
}

static int
on_listener(struct loop_source *source, uint32_t events, void *data)
{
	while (accept_one(data))
		;
	return 0;
}

static int
on_linger(struct loop_source *source, void *data)
{
	struct hub *hub = data;

	if (!hub->ending && (hub->link_count || accept_one(hub)))
		return 0;
	if (!hub->nameless && hub_remove_names(hub->setup->runfd) == -EBUSY) {
		loop_set_timer(source, LOCKED_NS);
		return 0;
	}
	loop_stop(loop_of(source), 0);
	return 0;
}

/* The outer half has nothing to say any more but why it ends. */
static int
on_outer(struct loop_source *source, uint32_t events, void *data)
{
	struct hub *hub = data;
	cleanup_net_msg struct net_msg msg = NET_MSG_INIT;
	struct err err = ERR_INIT;

	(void)net_msg_recv(hub->setup->outerfd, &msg, NULL);
	(void)net_msg_to_err(&msg, &err);
	/* Who is told starts another process at once: it needs the names. */
	hub->nameless = hub_remove_names(hub->setup->runfd) == 0;
	end_all(hub, &err);
	return -ECONNRESET;
}

static int
send_resolvers(struct hub *hub)
{
	cleanup_strbuf struct strbuf text = STRBUF_INIT;
	struct net_msg msg = NET_MSG_INIT;

	if (resolv_watch_read(&hub->setup->watch, &text) == 0) {
		net_msg_add(&msg, "op", "resolvers");
		net_msg_add(&msg, "text", text.buf);
		(void)net_msg_send(hub->setup->outerfd, &msg, NULL);
		net_msg_release_fields(&msg);
	}
	return 0;
}

static int
on_resolvers(struct loop_source *source, uint32_t events, void *data)
{
	return send_resolvers(data);
}

int
hub_run(struct hub_setup *setup, struct err *err)
{
	struct hub hub = {
		.loop = loop_new(),
		.setup = setup,
		.networks = {
			.fabric = &setup->fabric,
			.subnet = setup->subnet,
			.ipv6 = setup->ipv6,
			.outerfd = setup->outerfd,
		},
	};
	const struct net_def def = { .name = NET_DEFAULT_NAME };
	struct hub_network *network;
	int r;

	/* The first container most likely wants this one: it is on its way. */
	r = hub_network_get(&hub.networks, &def, &network, err);
	if (r < 0) {
		(void)hub_remove_names(setup->runfd);
		return r;
	}
	hub.networks.bypass =
		bypass_inner_new(hub.loop, &setup->fabric,
				 take_fd(setup->tunfd), take_fd(setup->askfd));
	hub_departed_init(&hub.departed, &hub.networks, hub.loop);
	(void)fcntl(setup->listenfd, F_SETFL, O_NONBLOCK);
	hub.linger = loop_add_timer(hub.loop, 0, on_linger, &hub);
	(void)loop_add_fd(hub.loop, setup->listenfd, EPOLLIN, on_listener,
			  &hub);
	(void)loop_add_fd(hub.loop, setup->outerfd, EPOLLIN, on_outer, &hub);
	(void)loop_add_fd(hub.loop, setup->watch.notifyfd, EPOLLIN,
			  on_resolvers, &hub);
	(void)send_resolvers(&hub);
	r = loop_run(hub.loop);
	if (r < 0 && !hub.nameless)
		(void)hub_remove_names(setup->runfd);
	if (r < 0)
		(void)err_code(err, -r, "serve the containers");
	while (hub.links)
		link_end(hub.links);
	hub_departed_forget(&hub.departed);
	bypass_inner_free(hub.networks.bypass);
	hub_networks_release(&hub.networks);
	loop_free(hub.loop);
	return r;
}
