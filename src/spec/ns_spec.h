/* SPDX-License-Identifier: Apache-2.0 */
/*
 * spec/ns_spec.h - --pid, --ipc, --uts, --cgroupns: whose namespace.
 */
#ifndef DHOW_SPEC_NS_SPEC_H
#define DHOW_SPEC_NS_SPEC_H

#include "base/cleanup.h"
#include "base/err.h"
#include "base/strbuf.h"

enum ns_mode {
	NS_MODE_PRIVATE,
	NS_MODE_HOST,
	NS_MODE_CONTAINER, /* target: id or name */
	NS_MODE_PATH,      /* target: a path, "ns:/proc/1/ns/pid" */
	NS_MODE_SHAREABLE, /* ipc: private, others may join */
	NS_MODE_NONE,      /* ipc: private without /dev/shm */
	NS_MODE_COUNT,
};

struct ns_spec {
	enum ns_mode mode;
	char *target; /* or NULL */
};

#define NS_SPEC_INIT           \
	{                      \
		.target = NULL \
	}
#define cleanup_ns_spec cleanup_release(ns_spec_release)

/* "" is private. Each refuses what its namespace cannot be: -EINVAL. */
int ns_spec_parse_pid(const char *text, struct ns_spec *ret_spec,
		      struct err *err);
int ns_spec_parse_ipc(const char *text, struct ns_spec *ret_spec,
		      struct err *err);
int ns_spec_parse_uts(const char *text, struct ns_spec *ret_spec,
		      struct err *err);
int ns_spec_parse_cgroup(const char *text, struct ns_spec *ret_spec,
			 struct err *err);
void ns_spec_release(struct ns_spec *spec);
/* As it was written: "container:web"; "private" for the default. */
void ns_spec_add(struct strbuf *sb, const struct ns_spec *spec);

#endif
