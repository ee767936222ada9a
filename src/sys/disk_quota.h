/* SPDX-License-Identifier: Apache-2.0 */
/*
 * sys/disk_quota.h - how much a user may still write.
 */
#ifndef DHOW_SYS_DISK_QUOTA_H
#define DHOW_SYS_DISK_QUOTA_H

#include <stdint.h>

/*
 * Bytes that the caller's user may still write to the file system of @fd, by
 * its quota; UINT64_MAX where none is set or it cannot be asked.
 * man: quotactl(2).
 */
uint64_t disk_quota_room(int fd);

#endif
