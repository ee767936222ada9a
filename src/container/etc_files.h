/* SPDX-License-Identifier: Apache-2.0 */
/*
 * container/etc_files.h - hosts, hostname and resolv.conf of a container.
 */
#ifndef DHOW_CONTAINER_ETC_FILES_H
#define DHOW_CONTAINER_ETC_FILES_H

#include "container/dir.h"
#include "container/networking.h"
#include "container/spec.h"

/*
 * Write hosts, hostname and resolv.conf into the container's directory; the
 * start binds them over those of the image.
 *
 * @net: with what the network process gave, or NULL: nothing yet
 */
int etc_files_write(const struct container_dir *dir,
		    const struct container_spec *spec,
		    const struct networking *net, struct err *err);

/* The running container got one more address, or lost one. */
void etc_files_add_host(const struct container_dir *dir,
			const struct container_spec *spec,
			const struct net_join_reply *reply);
void etc_files_del_host(const struct container_dir *dir,
			const struct net_join_reply *reply);

#endif
