/* SPDX-License-Identifier: Apache-2.0 */
/*
 * runtime/owner_watch.h - who answers calls about owners in single-id mode.
 *
 * A container with one id cannot give files to another or make devices. Its
 * filter (seccomp_fakeid_build() with is_watched) hands such calls to a
 * process of ours, which records what was meant on the file itself
 * (archive/owner_mark.h), so that layers made of it carry the right owners:
 *
 *	launch.ownersfd           from launch_wait_exec() on; readable when
 *	                          somebody makes the first such call
 *	owner_watch_start()       then; the caller closes its ownersfd
 *	                          it ends with the last process of the container
 *
 * Nothing is forked for a container that never makes such a call. While
 * ownersfd is open and nobody answers, the caller waits; once it is closed
 * everywhere such calls fail with ENOSYS.
 *
 * Real: that the file is there, that it is copied up, set-id bits cleared.
 * Calls that would make a process another user come here, too: step_down.h.
 *
 * Recorded: owner and group of regular files and directories, devices (an
 * empty file stands in). Outside of the container's own root file system
 * (volumes, /dev) and for symlinks such calls succeed and do nothing.
 */
#ifndef DHOW_RUNTIME_OWNER_WATCH_H
#define DHOW_RUNTIME_OWNER_WATCH_H

#include <stdint.h>

#include "runtime/launch.h"
#include "runtime/step_down.h"

/*
 * @uid, @gid: the container's one id
 * @down:      of step_down_new(), where it tells who stepped down; or NULL
 *
 * Returns the pid of a child of the caller, who waits for it; or -errno.
 */
pid_t owner_watch_start(const struct launch *launch, uint32_t uid, uint32_t gid,
			struct step_down *down, struct err *err);

#endif
