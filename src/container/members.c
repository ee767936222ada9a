/* SPDX-License-Identifier: Apache-2.0 */
/*
 * container/members.c - a signal for every process of a container.
 */
#include "container/members.h"

#include <dirent.h>
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/cleanup.h"
#include "base/fsx.h"
#include "base/units.h"

#define MEMBERS_ROUNDS 16

struct members {
	members_fn is_meant;
	const void *data;
	int signo;
	pid_t *done;
	size_t done_len, done_cap;
};

static bool
members_was_done(const struct members *members, pid_t pid)
{
	for (size_t i = 0; i < members->done_len; i++)
		if (members->done[i] == pid)
			return true;
	return false;
}

/* The process that was looked at, and no other that has its number by now. */
static int
members_send(const struct members *members, int procfd, pid_t pid)
{
	cleanup_close int fd = (int)syscall(SYS_pidfd_open, pid, 0);
	bool is_old = fd < 0 && errno == ENOSYS; /* before Linux 5.3 */

	if ((fd < 0 && !is_old) ||
	    !members->is_meant(procfd, pid, members->data))
		return -ESRCH;
	if (is_old)
		return kill(pid, members->signo) < 0 ? -errno : 0;
	return syscall(SYS_pidfd_send_signal, fd, members->signo, NULL, 0) < 0
		       ? -errno
		       : 0;
}

/* Returns how many there were that had not been seen before. */
static int
members_round(struct members *members, DIR *proc)
{
	struct dirent *ent;
	int fresh = 0;

	rewinddir(proc);
	while ((ent = readdir(proc))) {
		uint64_t pid;

		if (units_parse_u64(ent->d_name, 1, INT32_MAX, &pid, NULL) < 0)
			continue;
		if (members_was_done(members, (pid_t)pid) ||
		    !members->is_meant(dirfd(proc), (pid_t)pid, members->data))
			continue;
		if (members_send(members, dirfd(proc), (pid_t)pid) < 0)
			continue;
		array_push(members->done, members->done_len, members->done_cap,
			   (pid_t)pid);
		fresh++;
	}
	return fresh;
}

int
members_signal(members_fn is_meant, const void *data, int signo,
	       struct err *err)
{
	struct members members = {
		.is_meant = is_meant,
		.data = data,
		.signo = signo,
	};
	cleanup_closedir DIR *proc = opendir("/proc");

	if (!proc)
		return err_sys(err, "look for the container's processes");
	for (int i = 0; i < MEMBERS_ROUNDS; i++)
		if (members_round(&members, proc) == 0)
			break;
	free(members.done);
	return 0;
}
