/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cli/disk_usage.h - what images, containers, volumes and the rest take.
 *
 * Sizes of objects are the lengths of their files, as docker counts them. The
 * places of the store are counted in blocks, directories and all, as du(1)
 * does: their sum is the store's.
 */
#ifndef DHOW_CLI_DISK_USAGE_H
#define DHOW_CLI_DISK_USAGE_H

#include <stdint.h>

#include "data/node.h"
#include "session/session.h"

enum disk_kind {
	DISK_IMAGES,
	DISK_CONTAINERS,
	DISK_VOLUMES,
	DISK_CACHE,
	DISK_KIND_COUNT,
};

struct disk_total {
	size_t count, active;
	int64_t size_bytes;
	int64_t reclaimable_bytes; /* what prune would give back */
};

struct disk_usage {
	struct disk_total totals[DISK_KIND_COUNT];
	/* Rows of "system df -v": objects of strings, by docker's names. */
	struct node *rows[DISK_KIND_COUNT];
	struct node *places; /* {"Place","Size"} of the store, the sum last */
};

void disk_usage_release(struct disk_usage *usage);

/* Look at everything. The caller is inside U. 0 or -errno. */
int disk_usage_read(struct session *session, struct disk_usage *ret_usage,
		    struct err *err);

#endif
