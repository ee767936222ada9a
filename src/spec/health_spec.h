/* SPDX-License-Identifier: Apache-2.0 */
/*
 * spec/health_spec.h - how to ask a container whether it is healthy.
 *
 * Spec: Docker image spec v1.2, "Healthcheck".
 */
#ifndef DHOW_SPEC_HEALTH_SPEC_H
#define DHOW_SPEC_HEALTH_SPEC_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/strvec.h"
#include "data/node.h"

/* Docker's, where neither the image nor a flag says anything. */
#define HEALTH_SPEC_INTERVAL_NS (INT64_C(30) * 1000000000)
#define HEALTH_SPEC_TIMEOUT_NS (INT64_C(30) * 1000000000)
#define HEALTH_SPEC_START_INTERVAL_NS (INT64_C(5) * 1000000000)
#define HEALTH_SPEC_RETRIES 3

enum health_action {
	HEALTH_ACTION_NONE,
	HEALTH_ACTION_KILL,
	HEALTH_ACTION_RESTART,
	HEALTH_ACTION_STOP,
	HEALTH_ACTION_COUNT,
};

struct health_spec {
	struct strvec test; /* {"CMD-SHELL", …}, {"CMD", …}, {"NONE"}, {} */
	int64_t interval_ns, timeout_ns;
	int64_t start_period_ns, start_interval_ns;
	int64_t retries;
	enum health_action on_failure; /* when it turned unhealthy */
};

#define HEALTH_SPEC_INIT            \
	{                           \
		.test = STRVEC_INIT \
	}

/* Is there anything to ask? */
bool health_spec_is_set(const struct health_spec *spec);

/* "none", "kill", "restart" or "stop"; -EINVAL. */
int health_action_parse(const char *text, enum health_action *ret_action,
			struct err *err);
const char *health_action_name(enum health_action action);

/* Give what is 0 its default. */
void health_spec_fill(struct health_spec *spec);
void health_spec_release(struct health_spec *spec);

/*
 * Config.Healthcheck. In an image what is 0 or absent is left to the default;
 * on_failure is ours and not in an image. -EBADMSG.
 */
struct node *health_spec_to_node(const struct health_spec *spec);
int health_spec_from_node(const struct node *node, struct health_spec *spec,
			  struct err *err);

#endif
