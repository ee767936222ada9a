/* SPDX-License-Identifier: Apache-2.0 */
/*
 * runtime/step_down.c - with one id: who would leave root for good.
 */
#include "runtime/step_down.h"

#include <errno.h>
#include <linux/audit.h>
#include <poll.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/alloc.h"

struct step_down *
step_down_new(void)
{
	void *map = mmap(NULL, sizeof(struct step_down), PROT_READ | PROT_WRITE,
			 MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	return map == MAP_FAILED ? NULL : map;
}

void
step_down_free(struct step_down *down)
{
	if (down)
		(void)munmap(down, sizeof(*down));
}

/* How many ids the call sets, all of them the caller's; 0: another call. */
static unsigned int
ids_of(const struct seccomp_data *data)
{
	bool is_compat = data->arch == AUDIT_ARCH_I386;

	if (data->nr == (is_compat ? 213 : SYS_setuid))
		return 1;
	if (data->nr == (is_compat ? 203 : SYS_setreuid))
		return 2;
	return data->nr == (is_compat ? 208 : SYS_setresuid) ? 3 : 0;
}

bool
step_down_is(const struct seccomp_data *data, uint32_t *ret_uid)
{
	unsigned int count = ids_of(data);

	/* -1 keeps an id, and with it the way back. */
	for (unsigned int i = 0; i < count; i++)
		if ((uint32_t)data->args[i] != (uint32_t)data->args[0] ||
		    (uint32_t)data->args[i] == UINT32_MAX)
			return false;
	if (count)
		*ret_uid = (uint32_t)data->args[0];
	return count;
}

bool
step_down_has(const struct step_down *down, uint32_t uid)
{
	for (unsigned int i = 0; down && i < down->user_count; i++)
		if (down->users[i] == uid)
			return true;
	return false;
}

int
step_down_ask(struct step_down *down, uint32_t pid, uint32_t uid)
{
	for (size_t i = 0; i < ARRAY_LEN(down->asked); i++) {
		if (down->asked[i].pid != pid || down->asked[i].uid != uid)
			continue;
		if (down->asked[i].count >= STEP_DOWN_MAX)
			return -EINVAL;
		down->asked[i].count++;
		return 0;
	}
	if (!step_down_has(down, uid) && down->user_count < STEP_DOWN_USERS)
		down->users[down->user_count++] = uid;
	down->asked[down->next].pid = pid;
	down->asked[down->next].uid = uid;
	down->asked[down->next].count = 1;
	down->next = (down->next + 1) % ARRAY_LEN(down->asked);
	return 0;
}

void
step_down_tell(pid_t pid, uint32_t uid)
{
	cleanup_close int pidfd = (int)syscall(SYS_pidfd_open, pid, 0);
	cleanup_close int fd = pidfd < 0 ? -EBADF
					 : (int)syscall(SYS_pidfd_getfd, pidfd,
							STDERR_FILENO, 0);
	struct pollfd poller = { .fd = fd, .events = POLLOUT };
	char text[256];
	int len = snprintf(
		text, sizeof(text),
		"dhow: nobody can become user %u here, this account has one id; run as that user from the start: --user %u, or 'user: \"%u\"' in a Compose file\n",
		uid, uid, uid);

	/* What is full has nobody who reads; nobody waits for it. */
	if (fd >= 0 && poll(&poller, 1, 0) == 1 && poller.revents & POLLOUT)
		(void)!write(fd, text, (size_t)len);
}
