/* SPDX-License-Identifier: Apache-2.0 */
/*
 * container/freeze.c - stop and continue all processes of a container.
 */
#include "container/freeze.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fsx.h"
#include "container/members.h"
#include "sys/ns.h"

#define STAT_MAX_BYTES 4096

struct freeze {
	pid_t first;
	struct stat ns; /* of its PID namespace */
	bool shared;    /* that is ours: it is the host's */
};

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
freeze_is_meant(int procfd, pid_t pid, const void *data)
{
	const struct freeze *freeze = data;
	char name[32];
	struct stat st;

	if (freeze->shared)
		return freeze_descends(freeze, procfd, pid);
	(void)snprintf(name, sizeof(name), "%d/ns/pid", (int)pid);
	return fstatat(procfd, name, &st, 0) == 0 &&
	       st.st_ino == freeze->ns.st_ino && st.st_dev == freeze->ns.st_dev;
}

int
freeze_tree(pid_t pid, bool freeze, struct err *err)
{
	struct freeze work = { .first = pid };
	struct stat ours;
	char name[48];

	(void)snprintf(name, sizeof(name), "/proc/%d/ns/pid",
		       (int)ns_readable(pid));
	if (stat(name, &work.ns) < 0 || stat("/proc/self/ns/pid", &ours) < 0)
		return err_sys(err, "look for the container's processes");
	work.shared = ours.st_ino == work.ns.st_ino;
	return members_signal(freeze_is_meant, &work,
			      freeze ? SIGSTOP : SIGCONT, err);
}
