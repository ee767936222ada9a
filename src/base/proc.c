/* SPDX-License-Identifier: Apache-2.0 */
/*
 * base/proc.c - processes: naming for certain.
 */
#include "base/proc.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/fsx.h"
#include "base/units.h"

/* man: proc_pid_stat(5), fields counted from 1 */
#define PROC_STAT_ARG_START 48
#define PROC_STAT_ARG_END 49
#define PROC_STAT_MAX_BYTES 4096

const char *
proc_boot_id(void)
{
	static char boot_id[PROC_BOOT_ID_BYTES];
	cleanup_close int fd = -EBADF;
	ssize_t n;

	if (boot_id[0])
		return boot_id;
	fd = open("/proc/sys/kernel/random/boot_id", O_RDONLY | O_CLOEXEC);
	n = fd < 0 ? -1 : read(fd, boot_id, sizeof(boot_id) - 1);
	if (n <= 0)
		(void)snprintf(boot_id, sizeof(boot_id), "unknown");
	boot_id[strcspn(boot_id, "\n")] = '\0';
	return boot_id;
}

/*
 * State and start time from /proc/PID/stat. The command name may hold
 * anything, so fields are counted from its last ')'.
 */
static int
proc_read_stat(pid_t pid, char *ret_state, uint64_t *ret_start)
{
	char path[32], buf[PROC_STAT_MAX_BYTES];
	cleanup_close int fd = -EBADF;
	char *at, *save = NULL;
	ssize_t n;

	(void)snprintf(path, sizeof(path), "/proc/%d/stat", (int)pid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	n = fd < 0 ? -1 : read(fd, buf, sizeof(buf) - 1);
	if (n <= 0)
		return -ESRCH;
	buf[n] = '\0';
	at = strrchr(buf, ')');
	if (!at)
		return -ESRCH;
	at = strtok_r(at + 1, " ", &save);
	if (!at)
		return -ESRCH;
	*ret_state = *at;
	for (int field = 4; at && field <= 22; field++)
		at = strtok_r(NULL, " ", &save);
	if (!at || units_parse_u64(at, 0, UINT64_MAX, ret_start, NULL) < 0)
		return -ESRCH;
	return 0;
}

int
proc_own_cmdline(char **ret_start, size_t *ret_len)
{
	char buf[PROC_STAT_MAX_BYTES];
	cleanup_close int fd = open("/proc/self/stat", O_RDONLY | O_CLOEXEC);
	ssize_t n = fd < 0 ? -1 : read(fd, buf, sizeof(buf) - 1);
	unsigned long start = 0, end = 0;
	char *at, *save = NULL;

	if (n <= 0)
		return -ESRCH;
	buf[n] = '\0';
	at = strrchr(buf, ')');
	at = at ? strtok_r(at + 1, " ", &save) : NULL;
	for (int field = 3; at; field++, at = strtok_r(NULL, " ", &save)) {
		if (field == PROC_STAT_ARG_START)
			start = strtoul(at, NULL, 10);
		if (field == PROC_STAT_ARG_END)
			end = strtoul(at, NULL, 10);
	}
	if (!start || end <= start)
		return -ESRCH;
	*ret_start = (char *)start; /* NOLINT: the kernel gives a number */
	*ret_len = end - start;
	return 0;
}

int
proc_identify(pid_t pid, struct proc_ident *ret_ident)
{
	struct proc_ident ident = { .pid = pid ? pid : getpid() };
	char state;
	int r = proc_read_stat(ident.pid, &state, &ident.start_ticks);

	if (r < 0)
		return r;
	(void)snprintf(ident.boot_id, sizeof(ident.boot_id), "%s",
		       proc_boot_id());
	*ret_ident = ident;
	return 0;
}

bool
proc_is_alive(const struct proc_ident *ident)
{
	uint64_t start;
	char state;

	return ident->pid > 0 && !strcmp(ident->boot_id, proc_boot_id()) &&
	       proc_read_stat(ident->pid, &state, &start) == 0 &&
	       start == ident->start_ticks && state != 'Z' && state != 'X';
}

bool
proc_has_ended(pid_t pid)
{
	cleanup_close int fd = (int)syscall(SYS_pidfd_open, pid, 0);
	struct pollfd pfd = { .fd = fd, .events = POLLIN };

	/* Before 5.3 one that nobody has waited for counts as alive. */
	if (fd < 0)
		return errno == ESRCH || (errno != EMFILE && errno != ENFILE &&
					  kill(pid, 0) < 0 && errno == ESRCH);
	return poll(&pfd, 1, 0) > 0;
}

int
proc_open_pidfd(const struct proc_ident *ident)
{
	cleanup_close int fd = -EBADF;

	if (ident->pid <= 0)
		return -ESRCH;
	fd = (int)syscall(SYS_pidfd_open, ident->pid, 0);
	if (fd < 0)
		return -errno;
	/* Asked after opening: the pid cannot change hands any more. */
	return proc_is_alive(ident) ? take_fd(fd) : -ESRCH;
}
