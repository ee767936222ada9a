/* SPDX-License-Identifier: Apache-2.0 */
/*
 * container/stragglers.c - who outlives the first process of a container.
 */
#include "container/stragglers.h"

#include <fcntl.h>
#include <linux/nsfs.h>
#include <signal.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <sys/stat.h>

#include "base/cleanup.h"
#include "base/log.h"
#include "container/members.h"

/* The kernel nests user namespaces no deeper than this. */
#define STRAGGLERS_DEPTH 33

static bool
is_same(const struct stat *a, const struct stat *b)
{
	return a->st_ino == b->st_ino && a->st_dev == b->st_dev;
}

/* Is it in the user namespace @data, or in one below that? */
static bool
stragglers_has(int procfd, pid_t pid, const void *data)
{
	const struct stat *wanted = data;
	struct stat st;
	char name[32];
	int fd;

	(void)snprintf(name, sizeof(name), "%d/ns/user", (int)pid);
	fd = openat(procfd, name, O_RDONLY | O_CLOEXEC);
	for (int i = 0; fd >= 0 && i < STRAGGLERS_DEPTH; i++) {
		cleanup_close int here = fd;

		if (fstat(here, &st) == 0 && is_same(&st, wanted))
			return true;
		/* Of those around our own it does not tell. */
		fd = ioctl(here, NS_GET_PARENT);
	}
	if (fd >= 0)
		(void)close(fd);
	return false;
}

void
stragglers_kill(int mntfd)
{
	cleanup_close int userfd = ioctl(mntfd, NS_GET_USERNS);
	struct err err = ERR_INIT;
	struct stat theirs, ours;

	if (userfd < 0 || fstat(userfd, &theirs) < 0 ||
	    stat("/proc/self/ns/user", &ours) < 0 || is_same(&theirs, &ours))
		return;
	if (members_signal(stragglers_has, &theirs, SIGKILL, &err) < 0)
		log_debug("%s", err.text);
}
