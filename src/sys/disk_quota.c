/* SPDX-License-Identifier: Apache-2.0 */
/*
 * sys/disk_quota.c - how much a user may still write.
 */
#include "sys/disk_quota.h"

#include <sys/quota.h>
#include <sys/syscall.h>
#include <unistd.h>

#define QUOTA_BLOCK_BYTES 1024 /* what limits are counted in */

uint64_t
disk_quota_room(int fd)
{
	struct dqblk quota = { .dqb_bhardlimit = 0 };
	uint64_t limit;

	if (syscall(SYS_quotactl_fd, fd, QCMD(Q_GETQUOTA, USRQUOTA), getuid(),
		    &quota) < 0 ||
	    !quota.dqb_bhardlimit)
		return UINT64_MAX;
	limit = quota.dqb_bhardlimit * QUOTA_BLOCK_BYTES;
	return quota.dqb_curspace < limit ? limit - quota.dqb_curspace : 0;
}
