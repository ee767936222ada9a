/* SPDX-License-Identifier: Apache-2.0 */
/*
 * spec/sysctl_spec.h - kernel settings that belong to a namespace.
 */
#ifndef DHOW_SPEC_SYSCTL_SPEC_H
#define DHOW_SPEC_SYSCTL_SPEC_H

#include <stdbool.h>

#include "base/cleanup.h"
#include "base/err.h"

/* Which namespaces the container does not have to itself. */
struct sysctl_shared {
	bool net, ipc, uts;
};

struct sysctl_spec {
	char *key;   /* "net.ipv4.ip_forward" */
	char *value; /* may be empty */
	char *path;  /* below /proc/sys, "net/ipv4/ip_forward" */
};

#define SYSCTL_SPEC_INIT    \
	{                   \
		.key = NULL \
	}
#define cleanup_sysctl_spec cleanup_release(sysctl_spec_release)

/*
 * KEY=VALUE; a slash in the key is a dot in the file's name, as sysctl(8) has
 * it. Returns 0; -EINVAL for bad syntax; -EACCES for a setting that is not the
 * container's own.
 */
int sysctl_spec_parse(const char *text, const struct sysctl_shared *shared,
		      struct sysctl_spec *ret_spec, struct err *err);
void sysctl_spec_release(struct sysctl_spec *spec);

#endif
