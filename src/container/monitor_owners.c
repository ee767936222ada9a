/* SPDX-License-Identifier: Apache-2.0 */
/*
 * container/monitor_owners.c - with one id: calls about owners are answered.
 */
#include <errno.h>
#include <sys/epoll.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/log.h"
#include "container/monitor_priv.h"
#include "runtime/owner_watch.h"

/* The first call about owners, with one id: from now on somebody answers. */
static int
monitor_on_owners(struct loop_source *source, uint32_t events, void *data)
{
	struct monitor *monitor = data;
	struct start *start = &monitor->start;
	struct err err = ERR_INIT;

	/* Of an earlier life. */
	if (monitor->owners_pid > 0)
		(void)waitpid(monitor->owners_pid, NULL, WNOHANG);
	loop_remove(source);
	monitor->owners = NULL;
	monitor->owners_pid = 0;
	/* Else it ended, and nobody ever asked. */
	if (events & EPOLLIN)
		monitor->owners_pid =
			owner_watch_start(&start->launch, start->ids.you_uid,
					  start->ids.you_gid, NULL, &err);
	if (monitor->owners_pid < 0)
		log_debug("%s", err.text);
	(void)close(take_fd(start->launch.ownersfd));
	return 0;
}

void
monitor_watch_owners(struct monitor *monitor)
{
	int fd = monitor->start.launch.ownersfd;

	if (fd >= 0)
		monitor->owners = loop_add_fd(monitor->loop, fd, EPOLLIN,
					      monitor_on_owners, monitor);
}
