/* SPDX-License-Identifier: Apache-2.0 */
/*
 * net/net_client.c - join a container to the user's network process.
 *
 * Whoever starts the process makes its control socket, connects to it and
 * hands it over: the socket accepts connections before the process runs, so
 * nobody waits or polls. Making it is done under a lock; connecting is not.
 */
#include "net/net_client.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#include "base/cleanup.h"
#include "base/fsx.h"
#include "base/lock.h"
#include "base/text.h"
#include "base/units.h"
#include "data/node.h"
#include "net/hub.h"
#include "net/net_msg.h"
#include "net/resolv_conf.h"

#define NET_DIR "net"
#define BACKLOG 1024
#define MAX_TRIES 8
/* Unanswered requests at a time: the kernel queues but some ten messages. */
#define JOIN_WINDOW 8
#define MAX_PID_BYTES 4096
/* A join takes milliseconds; a machine may be very busy. */
#define ANSWER_SECONDS 60

/* The name below @netfd, however long the run directory's path is. */
static struct sockaddr_un
control_address(int netfd)
{
	struct sockaddr_un addr = { .sun_family = AF_UNIX };

	(void)snprintf(addr.sun_path, sizeof(addr.sun_path),
		       "/proc/self/fd/%d/" HUB_CONTROL, netfd);
	return addr;
}

static int
open_socket(struct err *err)
{
	int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);

	return fd < 0 ? err_sys(err, "make a socket") : fd;
}

/* A connection, or -ENOENT when nobody listens. */
static int
try_connect(int netfd, struct err *err)
{
	struct sockaddr_un addr = control_address(netfd);
	cleanup_close int fd = open_socket(err);

	if (fd < 0)
		return fd;
	if (connect(fd, (struct sockaddr *)&addr, sizeof(addr)) == 0)
		return take_fd(fd);
	if (errno == ENOENT || errno == ECONNREFUSED)
		return -ENOENT;
	return err_sys(err, "connect to the network process");
}

static int
make_control(int netfd, struct err *err)
{
	struct sockaddr_un addr = control_address(netfd);
	cleanup_close int fd = open_socket(err);
	mode_t mask;
	int r;

	if (fd < 0)
		return fd;
	if (unlinkat(netfd, HUB_CONTROL, 0) < 0 && errno != ENOENT)
		return err_sys(err, "remove a stale control socket");
	mask = umask(0177);
	r = bind(fd, (struct sockaddr *)&addr, sizeof(addr));
	(void)umask(mask);
	if (r < 0 || listen(fd, BACKLOG) < 0)
		return err_sys(err, "make the control socket");
	return take_fd(fd);
}

static int
start_process(int listenfd, int netfd, struct err *err)
{
	cleanup_free char *path = NULL;
	const int fds[] = { listenfd, netfd };
	struct proc_spawn spawn = PROC_SPAWN_INIT;
	char *const envp[] = { NULL };
	pid_t pid;
	int r = proc_find_helper("dhow-net", &path, err);

	if (r < 0)
		return r;
	spawn.path = path;
	spawn.argv = (char *const[]){ (char *)"dhow-net", NULL };
	spawn.envp = envp;
	spawn.pass_fds = fds;
	spawn.pass_fd_count = 2;
	spawn.new_session = true;
	r = proc_spawn(&spawn, &pid, NULL, err);
	return r < 0 ? err_wrap(err, r, "start the network process") : 0;
}

/* Connect, or start the process and be its first client. */
static int
connect_or_start(int netfd, struct err *err)
{
	cleanup_close int lockfd = -EBADF, listenfd = -EBADF, fd = -EBADF;
	int r;

	fd = try_connect(netfd, err);
	if (fd != -ENOENT)
		return take_fd(fd);
	lockfd = lock_exclusive(netfd, HUB_LOCK, err);
	if (lockfd < 0)
		return lockfd;
	fd = try_connect(netfd, err); /* another one was quicker */
	if (fd != -ENOENT)
		return take_fd(fd);
	listenfd = make_control(netfd, err);
	if (listenfd < 0)
		return listenfd;
	fd = try_connect(netfd, err);
	if (fd < 0)
		return fd;
	r = start_process(listenfd, netfd, err);
	if (r < 0) {
		(void)unlinkat(netfd, HUB_CONTROL, 0);
		return r;
	}
	return take_fd(fd);
}

static int
open_net_dir(int runfd, struct err *err)
{
	return fsx_opendir_p(runfd, NET_DIR, 0700, err);
}

int
net_connect(int runfd, int *ret_connfd, struct err *err)
{
	cleanup_close int netfd = open_net_dir(runfd, err);
	int fd;

	if (netfd < 0)
		return netfd;
	fd = connect_or_start(netfd, err);
	if (fd < 0)
		return fd;
	*ret_connfd = fd;
	return 0;
}

/* Send the host sockets, as many to a message as it carries. */
static int
send_ports(int connfd, const struct port_plan *ports)
{
	struct net_msg msg = NET_MSG_INIT;
	size_t count = ports ? 2 * ports->len : 0;
	int r = 0;

	for (size_t i = 0; i < count && r == 0; i++) {
		const struct port_binding *binding = &ports->bindings[i / 2];
		int fd = binding->fds[i % 2];

		if (fd >= 0) {
			if (!msg.fields.len)
				net_msg_add(&msg, "op", "publish");
			strvec_addf(&msg.fields, "port=%s %u",
				    port_proto_name(binding->spec.proto),
				    binding->spec.container_port);
			net_msg_add_fd(&msg, fd);
		}
		if (msg.fd_count == IO_MAX_FDS ||
		    (i + 1 == count && msg.fd_count)) {
			r = net_msg_send(connfd, &msg, NULL);
			net_msg_release_fields(&msg);
		}
	}
	net_msg_release_fields(&msg);
	return r;
}

static void
add_names(struct net_msg *msg, const struct net_join_request *request)
{
	const struct strvec *names = request->names;
	const struct strvec *upstreams = request->upstreams;

	for (size_t i = 0; names && i < names->len; i++)
		net_msg_add(msg, "alias", names->v[i]);
	for (size_t i = 0; upstreams && i < upstreams->len; i++)
		net_msg_add(msg, "upstream", upstreams->v[i]);
}

static int
send_join(int connfd, const char *op, const struct net_join_request *request)
{
	const struct net_def fallback = { .name = NET_DEFAULT_NAME };
	struct net_msg msg = NET_MSG_INIT;
	int r;

	net_msg_add(&msg, "op", op);
	net_msg_add(&msg, "id", request->container_id);
	net_msg_add(&msg, "name", request->name);
	net_msg_add(&msg, "endpoint", request->endpoint_id);
	net_def_write(request->def ?: &fallback, &msg);
	net_msg_add(&msg, "ip", request->ip);
	net_msg_add(&msg, "ip6", request->ip6);
	net_msg_add(&msg, "mac", request->mac);
	net_msg_add(&msg, "interface", request->interface);
	if (request->priority)
		net_msg_add_int(&msg, "priority", request->priority);
	if (request->no_host_loopback)
		net_msg_add_int(&msg, "noloopback", 1);
	if (request->serve_inside)
		net_msg_add_int(&msg, "dns", 1);
	add_names(&msg, request);
	for (size_t i = 0; request->stale && i < request->stale->len; i++)
		net_msg_add(&msg, "stale", request->stale->v[i]);
	net_msg_add_fd(&msg, request->netnsfd);
	r = net_msg_send(connfd, &msg, NULL);
	net_msg_release_fields(&msg);
	return r;
}

static void
read_text(const struct net_msg *msg, const char *key, char *buffer, size_t size)
{
	(void)snprintf(buffer, size, "%s", net_msg_get(msg, key) ?: "");
}

static void
read_reply(const struct net_msg *msg, struct net_join_reply *reply)
{
	*reply = (struct net_join_reply){ 0 };
	read_text(msg, "id", reply->id, sizeof(reply->id));
	read_text(msg, "name", reply->name, sizeof(reply->name));
	read_text(msg, "network", reply->network, sizeof(reply->network));
	read_text(msg, "endpoint", reply->endpoint_id,
		  sizeof(reply->endpoint_id));
	read_text(msg, "ip", reply->ip, sizeof(reply->ip));
	read_text(msg, "gateway", reply->gateway, sizeof(reply->gateway));
	read_text(msg, "ip6", reply->ip6, sizeof(reply->ip6));
	read_text(msg, "gateway6", reply->gateway6, sizeof(reply->gateway6));
	read_text(msg, "mac", reply->mac, sizeof(reply->mac));
	read_text(msg, "dns", reply->dns, sizeof(reply->dns));
	read_text(msg, "host", reply->host_ip, sizeof(reply->host_ip));
	read_text(msg, "interface", reply->interface, sizeof(reply->interface));
	reply->prefix = (unsigned int)net_msg_get_int(msg, "prefix", 0);
	reply->prefix6 = (unsigned int)net_msg_get_int(msg, "prefix6", 0);
}

/* A process that failed to start, or ends, has left its reason behind. */
static bool
has_ended(int r)
{
	return r == -EPIPE || r == -ECONNRESET;
}

int
net_join_begin(int connfd, const struct net_join_request *requests,
	       size_t count, struct err *err)
{
	int r = send_ports(connfd, requests[0].ports);

	for (size_t i = 0; r == 0 && i < count && i < JOIN_WINDOW; i++)
		r = send_join(connfd, "join", &requests[i]);
	return r < 0 && !has_ended(r)
		       ? err_code(err, -r, "ask the network process")
		       : 0;
}

/* @op: of the good answer. -ECONNRESET when it ended before it answered. */
static int
receive_answer(int connfd, const char *op, struct net_msg *msg, struct err *err)
{
	const struct timeval patience = { .tv_sec = ANSWER_SECONDS };
	int r;

	(void)setsockopt(connfd, SOL_SOCKET, SO_RCVTIMEO, &patience,
			 sizeof(patience));
	r = net_msg_recv(connfd, msg, err);
	if (r == -EAGAIN)
		return err_set(err, ETIMEDOUT,
			       "the network process does not answer");
	if (r == 0)
		return -ECONNRESET;
	if (r < 0)
		return r;
	if (net_msg_is(msg, "error"))
		return net_msg_to_err(msg, err);
	return net_msg_is(msg, op)
		       ? 0
		       : err_set(err, EPROTO,
				 "the network process gave an unknown answer");
}

static int
receive_replies(int connfd, const struct net_join_request *requests,
		size_t count, struct net_join_reply *ret_replies,
		struct err *err)
{
	int r = 0;

	for (size_t i = 0; r == 0 && i < count; i++) {
		cleanup_net_msg struct net_msg msg = NET_MSG_INIT;

		r = receive_answer(connfd, "joined", &msg, err);
		if (r < 0)
			break;
		read_reply(&msg, &ret_replies[i]);
		if (i + JOIN_WINDOW < count)
			r = send_join(connfd, "join",
				      &requests[i + JOIN_WINDOW]);
	}
	return has_ended(r) ? -ECONNRESET : r;
}

int
net_join_end(int runfd, int *io_connfd, const struct net_join_request *requests,
	     size_t count, struct net_join_reply *ret_replies, struct err *err)
{
	for (int i = 0; i < MAX_TRIES; i++) {
		int r = receive_replies(*io_connfd, requests, count,
					ret_replies, err);

		if (r != -ECONNRESET)
			return r;
		(void)close(take_fd(*io_connfd));
		r = net_connect(runfd, io_connfd, err);
		if (r == 0)
			r = net_join_begin(*io_connfd, requests, count, err);
		if (r < 0)
			return r;
	}
	return err_set(err, ECONNRESET,
		       "the network process ends as soon as it starts");
}

int
net_rename(int connfd, const struct net_join_request *request, struct err *err)
{
	struct net_msg msg = NET_MSG_INIT;
	int r;

	net_msg_add(&msg, "op", "rename");
	net_msg_add(&msg, "name", request->name);
	net_msg_add(&msg, "network",
		    request->def ? request->def->name : NET_DEFAULT_NAME);
	add_names(&msg, request);
	r = net_msg_send(connfd, &msg, err);
	net_msg_release_fields(&msg);
	return r;
}

enum net_event
net_read_event(int connfd, struct net_join_reply *ret_reply)
{
	cleanup_net_msg struct net_msg msg = NET_MSG_INIT;
	int r = net_msg_recv(connfd, &msg, NULL);

	if (r == -EAGAIN || r == -EINTR)
		return NET_EVENT_NONE;
	if (r <= 0 || net_msg_is(&msg, "error"))
		return NET_EVENT_GONE;
	read_reply(&msg, ret_reply);
	if (net_msg_is(&msg, "connected"))
		return NET_EVENT_CONNECTED;
	return net_msg_is(&msg, "disconnected") ? NET_EVENT_DISCONNECTED
						: NET_EVENT_NONE;
}

/* A connection to the process that runs; -ESRCH when none does. */
static int
connect_running(int runfd, struct err *err)
{
	cleanup_close int netfd =
		openat(runfd, NET_DIR, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int fd = netfd < 0 ? -ENOENT : try_connect(netfd, err);

	if (fd != -ENOENT)
		return fd;
	return err_set(err, ESRCH, "no container has a network of its own");
}

int
net_attach(int runfd, const struct net_join_request *request,
	   struct net_join_reply *ret_reply, struct err *err)
{
	cleanup_close int fd = connect_running(runfd, err);
	cleanup_net_msg struct net_msg msg = NET_MSG_INIT;
	int r;

	if (fd < 0)
		return fd;
	r = send_join(fd, "connect", request);
	if (r < 0 && !has_ended(r))
		return err_code(err, -r, "ask the network process");
	r = receive_answer(fd, "joined", &msg, err);
	if (r == 0)
		read_reply(&msg, ret_reply);
	return r;
}

int
net_detach(int runfd, const char *container_id, const char *network,
	   int netnsfd, struct err *err)
{
	cleanup_close int fd = connect_running(runfd, err);
	cleanup_net_msg struct net_msg answer = NET_MSG_INIT;
	struct net_msg msg = NET_MSG_INIT;
	int r;

	if (fd < 0)
		return fd;
	net_msg_add(&msg, "op", "disconnect");
	net_msg_add(&msg, "id", container_id);
	net_msg_add(&msg, "network", network);
	net_msg_add_fd(&msg, netnsfd);
	r = net_msg_send(fd, &msg, err);
	net_msg_release_fields(&msg);
	return r < 0 ? r : receive_answer(fd, "left", &answer, err);
}

/* Ask for those after the first @skip; returns how many came, or -errno. */
static ssize_t
list_some(int fd, size_t skip, net_member_fn fn, void *data, struct err *err)
{
	cleanup_net_msg struct net_msg answer = NET_MSG_INIT;
	struct net_msg msg = NET_MSG_INIT;
	ssize_t count = 0;
	int r;

	net_msg_add(&msg, "op", "list");
	net_msg_add_int(&msg, "skip", (int64_t)skip);
	r = net_msg_send(fd, &msg, err);
	net_msg_release_fields(&msg);
	if (r == 0)
		r = receive_answer(fd, "members", &answer, err);
	for (size_t i = 0; r == 0 && i < answer.fields.len; i++) {
		const char *text = text_after(answer.fields.v[i], "member=");
		struct net_join_reply member = { 0 };

		if (text &&
		    sscanf(text, "%64s %255s %255s %64s %17s %15s %u %45s %u",
			   member.id, member.name, member.network,
			   member.endpoint_id, member.mac, member.ip,
			   &member.prefix, member.ip6, &member.prefix6) >= 7) {
			fn(&member, data);
			count++;
		}
	}
	return r < 0 ? r : count;
}

int
net_each_member(int runfd, net_member_fn fn, void *data, struct err *err)
{
	cleanup_close int fd = connect_running(runfd, NULL);
	size_t seen = 0;
	ssize_t n;

	if (fd == -ESRCH)
		return 0;
	if (fd < 0)
		return err_code(err, -fd, "ask the network process");
	do {
		n = list_some(fd, seen, fn, data, err);
		if (n > 0)
			seen += (size_t)n;
	} while (n > 0);
	/* It ended meanwhile: with its last container. */
	return n == -ECONNRESET ? 0 : (int)n;
}

int
net_find_ident(int runfd, struct proc_ident *ret_ident)
{
	cleanup_node struct node *node = NULL;
	struct proc_ident ident = { 0 };
	int r = node_read_json_file(runfd, NET_DIR "/" HUB_PID, MAX_PID_BYTES,
				    &node, NULL);

	if (r < 0)
		return -ESRCH;
	ident.pid = (pid_t)node_get_int(node, "pid", 0);
	ident.start_ticks = (uint64_t)node_get_int(node, "startTicks", 0);
	(void)snprintf(ident.boot_id, sizeof(ident.boot_id), "%s",
		       node_str_or(node_get(node, "bootId"), ""));
	if (ident.pid <= 0 || !proc_is_alive(&ident))
		return -ESRCH;
	*ret_ident = ident;
	return 0;
}

void
net_resolv_extras(struct strbuf *sb, const char *host_conf)
{
	cleanup_resolv_conf struct resolv_conf conf = RESOLV_CONF_INIT;

	resolv_conf_parse(span_of(host_conf), &conf);
	if (conf.search.len)
		strbuf_addstr(sb, "search");
	for (size_t i = 0; i < conf.search.len; i++)
		strbuf_addf(sb, " %s", conf.search.v[i]);
	if (conf.search.len)
		strbuf_addch(sb, '\n');
	if (conf.options.len)
		strbuf_addstr(sb, "options");
	for (size_t i = 0; i < conf.options.len; i++)
		strbuf_addf(sb, " %s", conf.options.v[i]);
	if (conf.options.len)
		strbuf_addch(sb, '\n');
}
