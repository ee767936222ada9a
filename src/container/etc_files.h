/* SPDX-License-Identifier: Apache-2.0 */
/*
 * container/etc_files.h - hosts, hostname and resolv.conf of a container.
 */
#ifndef DHOW_CONTAINER_ETC_FILES_H
#define DHOW_CONTAINER_ETC_FILES_H

#include "container/dir.h"
#include "container/spec.h"
#include "net/net_client.h"

/*
 * Write hosts, hostname and resolv.conf into the container's directory; the
 * start binds them over those of the image.
 *
 * @reply: what the network process gave, or NULL (none, host)
 */
int etc_files_write(const struct container_dir *dir,
		    const struct container_spec *spec,
		    const struct net_join_reply *reply, struct err *err);

#endif
