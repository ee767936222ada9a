/* SPDX-License-Identifier: Apache-2.0 */
/*
 * container/volume_tar.h - a volume's files as one tar archive, out and in.
 */
#ifndef DHOW_CONTAINER_VOLUME_TAR_H
#define DHOW_CONTAINER_VOLUME_TAR_H

#include "session/session.h"

/*
 * Write what is in the volume @name to @outfd. Enters U.
 *
 * Returns 0; -ENOENT; -EOPNOTSUPP for a tmpfs, of which each container has
 * its own; or what reading and writing failed of.
 */
int volume_tar_export(struct session *session, const char *name, int outfd,
		      struct err *err);

/*
 * Unpack the archive from @infd, which may be hostile, into the volume @name.
 * What is there stays, or is replaced. Enters U.
 *
 * Returns as volume_tar_export() does; -EBADMSG for what is no archive.
 */
int volume_tar_import(struct session *session, const char *name, int infd,
		      struct err *err);

#endif
