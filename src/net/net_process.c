/* SPDX-License-Identifier: Apache-2.0 */
/*
 * net/net_process.c - the network process, dhow-net, from start to end.
 *
 *	outer half (host's network namespace)	inner half (the fabric's)
 *	libslirp, DNS towards the host		control socket, bridges, legs,
 *	no capability, no files			published ports
 *	       └────────── tun device ──────────┘
 *	       ←── tun fd, name server sockets, resolv.conf ──
 *
 * The outer half is the process that was started and is recorded; the inner
 * half is its child and dies with it. The outer half ends when the inner one
 * closes their socket.
 */
#include "net/net_process.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include "base/cleanup.h"
#include "base/fsx.h"
#include "base/loop.h"
#include "base/proc.h"
#include "net/hub.h"
#include "net/net_confine.h"
#include "net/net_msg.h"
#include "net/resolver.h"
#include "net/uplink.h"

/* What the two halves and their clients may have open. */
static void
raise_limits(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) == 0) {
		limit.rlim_cur = limit.rlim_max;
		(void)setrlimit(RLIMIT_NOFILE, &limit);
	}
}

static int
write_pid(int runfd, struct err *err)
{
	cleanup_strbuf struct strbuf sb = STRBUF_INIT;
	struct proc_ident self;

	if (proc_identify(0, &self) < 0)
		return err_set(err, ESRCH, "identify the network process");
	strbuf_addf(&sb,
		    "{\"pid\":%d,\"startTicks\":%" PRIu64
		    ",\"bootId\":\"%s\"}\n",
		    (int)self.pid, self.start_ticks, self.boot_id);
	return fsx_write_atomic(runfd, HUB_PID, sb.buf, sb.len, 0600,
				FSX_NOSYNC, err);
}

static int
send_tun(int outerfd, int tunfd, struct err *err)
{
	struct net_msg msg = NET_MSG_INIT;
	int r;

	net_msg_add(&msg, "op", "uplink");
	net_msg_add_fd(&msg, tunfd);
	r = net_msg_send(outerfd, &msg, err);
	net_msg_release_fields(&msg);
	return r;
}

/*
 * Everything that needs files or the old namespaces. The run directory is the
 * working directory: it follows into the new mount namespace, where a mount
 * of its own is made of it.
 */
static int
set_up_inner(struct hub_setup *setup, const struct fabric_host *host,
	     struct err *err)
{
	cleanup_close int tunfd = -EBADF;
	int r = fabric_open(&setup->fabric, host, &tunfd, err);

	if (r < 0)
		return r;
	r = send_tun(setup->outerfd, tunfd, err);
	if (r < 0)
		return r;
	r = resolv_watch_open(&setup->watch, err);
	if (r < 0)
		return r;
	(void)close(take_fd(setup->runfd));
	setup->runfd =
		open_tree(AT_FDCWD, ".", OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC);
	if (setup->runfd < 0)
		return err_sys(err, "hold the run directory");
	return net_confine_inner(err);
}

static int
run_inner(struct hub_setup *setup, const struct fabric_host *host,
	  struct err *err)
{
	int r;

	(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
	(void)prctl(PR_SET_NAME, "dhow-net-inner");
	r = set_up_inner(setup, host, err);
	if (r < 0) {
		(void)hub_remove_names(setup->runfd);
		hub_refuse(setup->listenfd, err);
		return r;
	}
	return hub_run(setup, err);
}

struct outer {
	int innerfd;
	struct resolver *resolver;
};

/* Take one message of the inner half; -ECANCELED when it ended. */
static int
on_inner(struct loop_source *source, uint32_t events, void *data)
{
	struct outer *outer = data;
	cleanup_net_msg struct net_msg msg = NET_MSG_INIT;
	int r = net_msg_recv(outer->innerfd, &msg, NULL);
	const char *text;

	if (r <= 0)
		return -ECANCELED;
	text = net_msg_get(&msg, "text");
	if (net_msg_is(&msg, "resolvers") && text)
		resolver_set_conf(outer->resolver, span_of(text));
	if (net_msg_is(&msg, "serve") && msg.fd_count == 2)
		resolver_serve(outer->resolver, net_msg_take_fd(&msg, 0),
			       net_msg_take_fd(&msg, 1));
	return 0;
}

/* The first message brings the tun device; -ECONNRESET without it. */
static int
receive_tun(int innerfd)
{
	cleanup_net_msg struct net_msg msg = NET_MSG_INIT;
	int r = net_msg_recv(innerfd, &msg, NULL);

	if (r <= 0 || !net_msg_is(&msg, "uplink") || !msg.fd_count)
		return -ECONNRESET;
	return net_msg_take_fd(&msg, 0);
}

static int
run_outer(int innerfd, const struct fabric_host *host, struct err *err)
{
	cleanup_with(uplink_free) struct uplink *uplink = NULL;
	cleanup_close int tunfd = -EBADF;
	struct loop *loop = loop_new();
	struct outer outer = { innerfd, resolver_new(loop) };
	int r = uplink_new(host->ipv6, &uplink, err);

	if (r == 0)
		r = net_confine_outer(err);
	if (r == 0) {
		tunfd = receive_tun(innerfd);
		r = tunfd < 0 ? tunfd : 0;
	}
	if (r == 0) {
		(void)loop_add_fd(loop, innerfd, EPOLLIN, on_inner, &outer);
		r = uplink_run(uplink, tunfd, loop);
	}
	resolver_free(outer.resolver);
	loop_free(loop);
	return r == -ECANCELED ? 0 : r;
}

int
net_process_run(int listenfd, int runfd, struct err *err)
{
	struct hub_setup setup = {
		.listenfd = listenfd,
		.runfd = runfd,
		.fabric = FABRIC_INIT,
		.watch = RESOLV_WATCH_INIT,
	};
	struct fabric_host host;
	int pair[2];
	pid_t pid;
	int r;

	(void)signal(SIGPIPE, SIG_IGN);
	raise_limits();
	r = fabric_survey(&host, err);
	if (r < 0)
		return r;
	setup.subnet = host.subnet;
	r = write_pid(runfd, err);
	if (r < 0)
		return r;
	if (fchdir(runfd) < 0)
		return err_sys(err, "enter the run directory");
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) < 0)
		return err_sys(err, "make a socket pair");
	pid = fork();
	if (pid < 0)
		return err_sys(err, "start the inner half");
	if (pid == 0) {
		(void)close(pair[0]);
		setup.outerfd = pair[1];
		_exit(run_inner(&setup, &host, err) < 0);
	}
	(void)close(pair[1]);
	(void)close(listenfd);
	return run_outer(pair[0], &host, err);
}
