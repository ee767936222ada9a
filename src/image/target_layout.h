/* SPDX-License-Identifier: Apache-2.0 */
/*
 * image/target_layout.h - images copied into an OCI layout or an archive.
 */
#ifndef DHOW_IMAGE_TARGET_LAYOUT_H
#define DHOW_IMAGE_TARGET_LAYOUT_H

#include "image/target.h"

/* See target_of_files(): TRANSPORT_OCI, _OCI_ARCHIVE, _DOCKER_ARCHIVE. */
int target_layout_new(struct engine *engine, const struct transport *transport,
		      int fd, struct target **ret_target, struct err *err);

#endif
