/* SPDX-License-Identifier: Apache-2.0 */
/*
 * net/net_process.c - the network process, dhow-net, from start to end.
 *
 * The outer half is the process that was started and is recorded; the inner
 * half is its child and dies with it. The outer half ends when the inner one
 * closes their socket.
 */
#include "net/net_process.h"

#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include "base/cleanup.h"
#include "base/fsx.h"
#include "base/proc.h"
#include "net/hub.h"
#include "net/net_halves.h"
#include "net/net_msg.h"

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

int
net_process_run(int listenfd, int runfd, struct err *err)
{
	int pair[2];
	pid_t pid;
	int r;

	(void)signal(SIGPIPE, SIG_IGN);
	raise_limits();
	if (fchdir(runfd) < 0)
		return err_sys(err, "enter the run directory");
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) < 0)
		return err_sys(err, "make a socket pair");
	pid = fork();
	if (pid < 0)
		return err_sys(err, "start the inner half");
	if (pid == 0) {
		(void)close(pair[0]);
		_exit(net_inner_run(listenfd, runfd, pair[1], err) < 0);
	}
	(void)close(pair[1]);
	(void)close(listenfd);
	r = write_pid(runfd, err);
	(void)close(runfd);
	if (r == 0)
		r = net_outer_run(pair[0], err);
	else
		(void)net_msg_send_err(pair[0], err);
	(void)waitpid(pid, NULL, 0); /* it ends, then there is no network */
	return r;
}
