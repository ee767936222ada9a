/* SPDX-License-Identifier: Apache-2.0 */
/*
 * spec/restart_spec.h - no | always | unless-stopped | on-failure[:N].
 */
#ifndef DHOW_SPEC_RESTART_SPEC_H
#define DHOW_SPEC_RESTART_SPEC_H

#include "base/err.h"
#include "data/node.h"

enum restart_policy {
	RESTART_NO,
	RESTART_ALWAYS,
	RESTART_UNLESS_STOPPED,
	RESTART_ON_FAILURE,
	RESTART_POLICY_COUNT,
};

struct restart_spec {
	enum restart_policy policy;
	int max_retries; /* on-failure: 0 is without end */
};

/* "" is no. -EINVAL. */
int restart_spec_parse(const char *text, struct restart_spec *ret_spec,
		       struct err *err);
const char *restart_policy_name(enum restart_policy policy);
/* HostConfig.RestartPolicy: {"Name":…,"MaximumRetryCount":…}. */
struct node *restart_spec_to_node(const struct restart_spec *spec);
int restart_spec_from_node(const struct node *node,
			   struct restart_spec *ret_spec, struct err *err);

#endif
