/* SPDX-License-Identifier: Apache-2.0 */
/*
 * container/skeleton.h - what stands below every container's root.
 *
 * skeleton/layer   the lowest layer of an overlay: what is mounted on in
 *                  every container and may be missing in an image (/dev,
 *                  /proc, /sys, three files of /etc)
 * skeleton/root    where an overlay is mounted: each in its own namespace
 *
 * So a start makes none of these in the container's own layer, and the end
 * has none to remove. An image that hides one of them gets it as before, in
 * the container's layer.
 */
#ifndef DHOW_CONTAINER_SKELETON_H
#define DHOW_CONTAINER_SKELETON_H

#include "base/err.h"
#include "store/store.h"

/* Below the store. */
#define SKELETON_DIR "skeleton"
#define SKELETON_LAYER SKELETON_DIR "/layer"
#define SKELETON_ROOT SKELETON_DIR "/root"

/* Make it, unless it is there. The caller is in U. */
int skeleton_ensure(struct store *store, struct err *err);

#endif
