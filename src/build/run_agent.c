/* SPDX-License-Identifier: Apache-2.0 */
/*
 * build/run_agent.c - an ssh agent's socket for a step.
 *
 * The agent's own socket is its user's alone, and the agent asks the kernel
 * who calls. So a step gets another one, with the mode and owner that its
 * mount asks for, and a process of ours hands on what is said: a poller that
 * forks once per connection. It ends with the step.
 */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/io.h"
#include "build/run_mounts.h"

#define AGENT_BACKLOG 16

static int
agent_address(const char *path, struct sockaddr_un *address, struct err *err)
{
	*address = (struct sockaddr_un){ .sun_family = AF_UNIX };
	if (strlen(path) >= sizeof(address->sun_path))
		return err_set(err, ENAMETOOLONG,
			       "the socket's name '%s' is too long", path);
	(void)snprintf(address->sun_path, sizeof(address->sun_path), "%s",
		       path);
	return 0;
}

/* What @from says goes to @to. Returns false at its end. */
static bool
hand_on(int from, int to)
{
	char buf[4096];
	ssize_t n = read(from, buf, sizeof(buf));

	return n > 0 && io_write_all(to, buf, (size_t)n) == 0;
}

static _Noreturn void
talk(int clientfd, const struct sockaddr_un *agent)
{
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	struct pollfd fds[] = { { .fd = clientfd, .events = POLLIN },
				{ .fd = fd, .events = POLLIN } };

	if (fd < 0 ||
	    connect(fd, (const struct sockaddr *)agent, sizeof(*agent)) < 0)
		_exit(1);
	while (poll(fds, 2, -1) > 0 || errno == EINTR) {
		if (fds[0].revents && !hand_on(clientfd, fd))
			break;
		if (fds[1].revents && !hand_on(fd, clientfd))
			break;
	}
	_exit(0);
}

static _Noreturn void
serve(int listenfd, const struct sockaddr_un *agent, pid_t parent)
{
	(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
	/* Who talked is nobody's concern afterwards. */
	(void)signal(SIGCHLD, SIG_IGN);
	while (getppid() == parent) {
		int fd = accept4(listenfd, NULL, NULL, SOCK_CLOEXEC);
		pid_t self = getpid(), pid;

		if (fd < 0 && errno != EINTR && errno != ECONNABORTED)
			break;
		if (fd < 0)
			continue;
		pid = fork();
		if (pid == 0) {
			(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
			if (getppid() == self)
				talk(fd, agent);
			_exit(0);
		}
		(void)close(fd);
	}
	_exit(0);
}

static int
agent_listen(const char *path, const struct df_mount *mount, struct err *err)
{
	struct sockaddr_un own;
	cleanup_close int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	int r = agent_address(path, &own, err);

	if (r < 0)
		return r;
	if (fd < 0 ||
	    bind(fd, (const struct sockaddr *)&own, sizeof(own)) < 0 ||
	    listen(fd, AGENT_BACKLOG) < 0)
		return err_sys(err, "listen at '%s'", path);
	/* With one id it is the only user's. */
	if (lchown(path, (uid_t)mount->uid, (gid_t)mount->gid) < 0 &&
	    errno != EINVAL && errno != EPERM)
		return err_sys(err, "set the owner of '%s'", path);
	if (chmod(path, (mode_t)mount->mode) < 0)
		return err_sys(err, "set the mode of '%s'", path);
	return take_fd(fd);
}

int
run_agent_start(const char *agent, const char *path,
		const struct df_mount *mount, pid_t *ret_pid, struct err *err)
{
	cleanup_close int fd = agent_listen(path, mount, err);
	struct sockaddr_un address;
	pid_t self = getpid(), pid;
	int r = fd < 0 ? fd : agent_address(agent, &address, err);

	if (r < 0)
		return r;
	pid = fork();
	if (pid < 0)
		return err_sys(err, "start a process");
	if (pid == 0)
		serve(fd, &address, self);
	*ret_pid = pid;
	return 0;
}
