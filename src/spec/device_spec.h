/* SPDX-License-Identifier: Apache-2.0 */
/*
 * spec/device_spec.h - --device HOST[:CTR][:rwm] and CDI names.
 */
#ifndef DHOW_SPEC_DEVICE_SPEC_H
#define DHOW_SPEC_DEVICE_SPEC_H

#include <stdbool.h>

#include "base/cleanup.h"
#include "base/err.h"
#include "data/node.h"

struct device_spec {
	bool is_cdi;     /* host is "vendor/class=name", the rest is empty */
	char *host;      /* absolute; a directory stands for all its nodes */
	char *container; /* absolute, folded */
	char perms[4];   /* of r, w and m; "rwm" by default */
};

#define DEVICE_SPEC_INIT     \
	{                    \
		.host = NULL \
	}
#define cleanup_device_spec cleanup_release(device_spec_release)

int device_spec_parse(const char *text, struct device_spec *ret_spec,
		      struct err *err);
void device_spec_release(struct device_spec *spec);
/* "vendor/class=name" by the CDI specification? */
bool device_spec_is_cdi(const char *text);
/* --device-cgroup-rule: "[abc] (MAJ|*):(MIN|*) [rwm]{1,3}". */
int device_spec_check_rule(const char *text, struct err *err);

/* An element of HostConfig.Devices (not for CDI). */
struct node *device_spec_to_node(const struct device_spec *spec);
int device_spec_from_node(const struct node *node, struct device_spec *ret_spec,
			  struct err *err);

#endif
