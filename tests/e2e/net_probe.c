/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tests/e2e/net_probe.c - the least of a container: a network namespace that
 * joins the network process, and a command in it.
 *
 *	net-probe RUNDIR [-p PUBLISH]… [-i IP] [-t] -- COMMAND [ARG]…
 *
 * Run it as root of a user namespace (unshare -Ur). The command sees the
 * answer as IP, IP6, GATEWAY, GATEWAY6, DNS, HOST and resolv.conf in place.
 * -t prints how long connecting and joining took.
 */
#include <fcntl.h>
#include <inttypes.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/io.h"
#include "base/units.h"
#include "net/net_client.h"

struct probe {
	int runfd;
	struct port_list publish;
	struct port_plan ports;
	const char *ip;
	bool timed;
	char **command;
	int go[2];   /* parent to child: the network is there */
	int born[2]; /* child to parent: the namespaces are */
};

static int
fail(const struct err *err)
{
	(void)fprintf(stderr, "net-probe: %s\n", err->text);
	if (err->hint[0])
		(void)fprintf(stderr, "hint: %s\n", err->hint);
	return 125;
}

static void
use_resolver(const char *dns)
{
	char name[] = "/tmp/net-probe.XXXXXX";
	int fd = mkstemp(name);

	(void)dprintf(fd, "nameserver %s\n", dns);
	(void)close(fd);
	if (mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0 ||
	    mount(name, "/etc/resolv.conf", NULL, MS_BIND, NULL) < 0)
		perror("net-probe: resolv.conf");
	(void)unlink(name);
}

static int
child(struct probe *probe)
{
	struct net_join_reply reply;

	(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
	(void)!write(probe->born[1], "x", 1);
	if (io_read_full(probe->go[0], &reply, sizeof(reply)) != sizeof(reply))
		return 125;
	use_resolver(reply.dns);
	(void)setenv("IP", reply.ip, 1);
	(void)setenv("IP6", reply.ip6, 1);
	(void)setenv("GATEWAY", reply.gateway, 1);
	(void)setenv("GATEWAY6", reply.gateway6, 1);
	(void)setenv("DNS", reply.dns, 1);
	(void)setenv("HOST", reply.host_ip, 1);
	(void)execvp(probe->command[0], probe->command);
	perror(probe->command[0]);
	return 127;
}

static int
write_map(pid_t pid, const char *file)
{
	char path[64];
	int fd, r;

	(void)snprintf(path, sizeof(path), "/proc/%d/%s", (int)pid, file);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	r = io_write_all(fd, "0 0 1\n", 6);
	(void)close(fd);
	return r;
}

static pid_t
start_child(struct probe *probe)
{
	char byte;
	pid_t pid = fork();

	if (pid == 0) {
		if (unshare(CLONE_NEWUSER | CLONE_NEWNET | CLONE_NEWNS) < 0)
			_exit(125);
		_exit(child(probe));
	}
	if (pid > 0 && read(probe->born[0], &byte, 1) == 1) {
		(void)write_map(pid, "gid_map");
		(void)write_map(pid, "uid_map");
	}
	return pid;
}

static int
run(struct probe *probe)
{
	struct net_join_request request = { .container_id = "probe" };
	struct net_join_reply reply;
	struct err err = ERR_INIT;
	int64_t start_ns = units_monotonic_ns(), connected_ns, forked_ns;
	int connfd = -EBADF, r;
	char path[64];
	pid_t pid;

	r = net_connect(probe->runfd, &connfd, &err);
	if (r < 0)
		return fail(&err);
	connected_ns = units_monotonic_ns();
	pid = start_child(probe);
	forked_ns = units_monotonic_ns();
	(void)snprintf(path, sizeof(path), "/proc/%d/ns/net", (int)pid);
	request.netnsfd = open(path, O_RDONLY | O_CLOEXEC);
	request.ip = probe->ip;
	request.ports = &probe->ports;
	r = net_join_begin(connfd, &request, 1, &err);
	if (r == 0)
		r = net_join_end(probe->runfd, &connfd, &request, 1, &reply,
				 &err);
	if (r < 0)
		return fail(&err);
	if (probe->timed)
		(void)printf("connect %" PRId64 " us, join %" PRId64 " us\n",
			     (connected_ns - start_ns) / 1000,
			     (units_monotonic_ns() - forked_ns) / 1000);
	(void)fflush(stdout);
	port_plan_close(&probe->ports);
	(void)io_write_all(probe->go[1], &reply, sizeof(reply));
	return proc_exit_status(proc_wait(pid));
}

int
main(int argc, char **argv)
{
	struct probe probe = { .publish = PORT_LIST_INIT };
	struct err err = ERR_INIT;
	int opt;

	while ((opt = getopt(argc - 1, argv + 1, "+p:i:t")) != -1) {
		if (opt == 'p' &&
		    port_list_publish(&probe.publish, optarg, &err) < 0)
			return fail(&err);
		if (opt == 'i')
			probe.ip = optarg;
		if (opt == 't')
			probe.timed = true;
	}
	probe.command = argv + 1 + optind;
	probe.runfd = open(argv[1], O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (port_plan_open(&probe.publish, NULL, &probe.ports, &err) < 0)
		return fail(&err);
	if (pipe2(probe.go, O_CLOEXEC) < 0 || pipe2(probe.born, O_CLOEXEC) < 0)
		return 125;
	return run(&probe);
}
