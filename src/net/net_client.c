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
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#include "base/cleanup.h"
#include "base/fsx.h"
#include "base/lock.h"
#include "base/units.h"
#include "data/node.h"
#include "net/hub.h"
#include "net/net_msg.h"
#include "net/resolv_conf.h"

#define NET_DIR "net"
#define BACKLOG 1024
#define MAX_TRIES 8
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

static int
send_join(int connfd, const struct net_join_request *request)
{
	struct net_msg msg = NET_MSG_INIT;
	int r;

	net_msg_add(&msg, "op", "join");
	net_msg_add(&msg, "id", request->container_id);
	net_msg_add(&msg, "name", request->name);
	net_msg_add(&msg, "network", request->network ?: NET_DEFAULT_NAME);
	net_msg_add(&msg, "ip", request->ip);
	net_msg_add(&msg, "ip6", request->ip6);
	net_msg_add(&msg, "mac", request->mac);
	for (size_t i = 0; request->aliases && i < request->aliases->len; i++)
		net_msg_add(&msg, "alias", request->aliases->v[i]);
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

int
net_join_begin(int connfd, const struct net_join_request *request,
	       struct err *err)
{
	int r = send_ports(connfd, request->ports);

	if (r == 0)
		r = send_join(connfd, request);
	/* A process that failed to start has left its reason behind. */
	if (r < 0 && r != -EPIPE && r != -ECONNRESET)
		return err_code(err, -r, "ask the network process");
	return 0;
}

/* -ECONNRESET when the process ended before it answered. */
static int
receive_reply(int connfd, struct net_join_reply *ret_reply, struct err *err)
{
	const struct timeval patience = { .tv_sec = ANSWER_SECONDS };
	cleanup_net_msg struct net_msg msg = NET_MSG_INIT;
	int r;

	(void)setsockopt(connfd, SOL_SOCKET, SO_RCVTIMEO, &patience,
			 sizeof(patience));
	r = net_msg_recv(connfd, &msg, err);
	if (r == -EAGAIN)
		return err_set(err, ETIMEDOUT,
			       "the network process does not answer");
	if (r == 0)
		return -ECONNRESET;
	if (r < 0)
		return r;
	if (net_msg_is(&msg, "error"))
		return net_msg_to_err(&msg, err);
	if (!net_msg_is(&msg, "joined"))
		return err_set(err, EPROTO,
			       "the network process gave an unknown answer");
	read_reply(&msg, ret_reply);
	return 0;
}

int
net_join_end(int runfd, int *io_connfd, const struct net_join_request *request,
	     struct net_join_reply *ret_reply, struct err *err)
{
	for (int i = 0; i < MAX_TRIES; i++) {
		int r = receive_reply(*io_connfd, ret_reply, err);

		if (r != -ECONNRESET)
			return r;
		(void)close(take_fd(*io_connfd));
		r = net_connect(runfd, io_connfd, err);
		if (r == 0)
			r = net_join_begin(*io_connfd, request, err);
		if (r < 0)
			return r;
	}
	return err_set(err, ECONNRESET,
		       "the network process ends as soon as it starts");
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
