/* SPDX-License-Identifier: Apache-2.0 */
/*
 * container/freeze.c - stop and continue all processes of a container.
 */
#include "container/freeze.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/cleanup.h"
#include "base/fsx.h"
#include "base/units.h"
#include "sys/ns.h"

/* New processes may appear between two looks, so it looks again. */
#define FREEZE_ROUNDS 16
#define STAT_MAX_BYTES 4096

struct freeze {
	pid_t first;
	struct stat ns; /* of its PID namespace */
	bool shared;    /* that is ours: it is the host's */
	int signo;
	pid_t *done;
	size_t done_len, done_cap;
};

static bool
freeze_was_done(const struct freeze *freeze, pid_t pid)
{
	for (size_t i = 0; i < freeze->done_len; i++)
		if (freeze->done[i] == pid)
			return true;
	return false;
}

/* Field 4 of stat; the name before it may hold anything. */
static pid_t
freeze_parent(int procfd, pid_t pid)
{
	cleanup_strbuf struct strbuf sb = STRBUF_INIT;
	char name[32], state;
	const char *after;
	int parent;

	(void)snprintf(name, sizeof(name), "%d/stat", (int)pid);
	(void)fsx_read_file(procfd, name, STAT_MAX_BYTES, &sb, NULL);
	after = strrchr(sb.buf, ')');
	return after && sscanf(after, ") %c %d", &state, &parent) == 2 ? parent
								       : 0;
}

static bool
freeze_descends(const struct freeze *freeze, int procfd, pid_t pid)
{
	while (pid > 1 && pid != freeze->first)
		pid = freeze_parent(procfd, pid);
	return pid == freeze->first;
}

static bool
freeze_is_meant(const struct freeze *freeze, int procfd, pid_t pid)
{
	char name[32];
	struct stat st;

	if (freeze->shared)
		return freeze_descends(freeze, procfd, pid);
	(void)snprintf(name, sizeof(name), "%d/ns/pid", (int)pid);
	return fstatat(procfd, name, &st, 0) == 0 &&
	       st.st_ino == freeze->ns.st_ino && st.st_dev == freeze->ns.st_dev;
}

/* The process that was looked at, and no other that has its number by now. */
static int
freeze_signal(const struct freeze *freeze, int procfd, pid_t pid)
{
	cleanup_close int fd = (int)syscall(SYS_pidfd_open, pid, 0);
	bool is_old = fd < 0 && errno == ENOSYS; /* before Linux 5.3 */

	if ((fd < 0 && !is_old) || !freeze_is_meant(freeze, procfd, pid))
		return -ESRCH;
	if (is_old)
		return kill(pid, freeze->signo) < 0 ? -errno : 0;
	return syscall(SYS_pidfd_send_signal, fd, freeze->signo, NULL, 0) < 0
		       ? -errno
		       : 0;
}

/* Returns how many there were that had not been seen before. */
static int
freeze_round(struct freeze *freeze, DIR *proc)
{
	struct dirent *ent;
	int fresh = 0;

	rewinddir(proc);
	while ((ent = readdir(proc))) {
		uint64_t pid;

		if (units_parse_u64(ent->d_name, 1, INT32_MAX, &pid, NULL) < 0)
			continue;
		if (freeze_was_done(freeze, (pid_t)pid) ||
		    !freeze_is_meant(freeze, dirfd(proc), (pid_t)pid))
			continue;
		if (freeze_signal(freeze, dirfd(proc), (pid_t)pid) < 0)
			continue;
		array_push(freeze->done, freeze->done_len, freeze->done_cap,
			   (pid_t)pid);
		fresh++;
	}
	return fresh;
}

int
freeze_tree(pid_t pid, bool freeze, struct err *err)
{
	struct freeze work = { .first = pid,
			       .signo = freeze ? SIGSTOP : SIGCONT };
	cleanup_closedir DIR *proc = opendir("/proc");
	struct stat ours;
	char name[48];

	(void)snprintf(name, sizeof(name), "/proc/%d/ns/pid",
		       (int)ns_readable(pid));
	if (!proc || stat(name, &work.ns) < 0 ||
	    stat("/proc/self/ns/pid", &ours) < 0)
		return err_sys(err, "look for the container's processes");
	work.shared = ours.st_ino == work.ns.st_ino;
	for (int i = 0; i < FREEZE_ROUNDS; i++)
		if (freeze_round(&work, proc) == 0)
			break;
	free(work.done);
	return 0;
}
