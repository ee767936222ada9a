/* SPDX-License-Identifier: Apache-2.0 */
/*
 * spec/ulimit_spec.h - --ulimit name=soft[:hard].
 */
#ifndef DHOW_SPEC_ULIMIT_SPEC_H
#define DHOW_SPEC_ULIMIT_SPEC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/cleanup.h"
#include "base/err.h"
#include "data/node.h"

#define ULIMIT_SPEC_UNLIMITED UINT64_MAX /* RLIM_INFINITY */

struct ulimit_spec {
	const char *name; /* "nofile"; static */
	int resource;     /* RLIMIT_NOFILE */
	uint64_t soft;
	uint64_t hard;
};

struct ulimit_list {
	struct ulimit_spec *items; /* owned; names are unique */
	size_t len;
	size_t cap;
	bool host; /* "host": keep the caller's limits */
};

#define ULIMIT_LIST_INIT      \
	{                     \
		.items = NULL \
	}
#define cleanup_ulimit_list cleanup_release(ulimit_list_release)

/* Add one option; a name that is there is replaced. -EINVAL. */
int ulimit_list_add(struct ulimit_list *list, const char *text,
		    struct err *err);
void ulimit_list_release(struct ulimit_list *list);
/* HostConfig.Ulimits: [{"Name":…,"Hard":…,"Soft":…}], -1 is unlimited. */
struct node *ulimit_list_to_node(const struct ulimit_list *list);
int ulimit_list_from_node(const struct node *node, struct ulimit_list *list,
			  struct err *err);

#endif
