/* SPDX-License-Identifier: Apache-2.0 */
/*
 * container/health.c - what the answers of a health check mean.
 */
#include "container/health.h"

#include <string.h>

/* It is still coming up. */
static bool
health_is_young(const struct container_health *health,
		const struct health_spec *spec, int64_t up_ns)
{
	return health->status == HEALTH_STARTING &&
	       up_ns < spec->start_period_ns;
}

bool
health_judge(struct container_health *health, const struct health_spec *spec,
	     const struct health_answer *answer, int64_t up_ns)
{
	enum health_status before = health->status;

	container_health_add(health, answer->start_ns, answer->end_ns,
			     answer->exit_code, answer->output);
	if (answer->exit_code == 0) {
		health->failing_streak = 0;
		health->status = HEALTH_HEALTHY;
	} else if (!health_is_young(health, spec, up_ns)) {
		health->failing_streak++;
		if (health->failing_streak >= spec->retries)
			health->status = HEALTH_UNHEALTHY;
	}
	return health->status != before;
}

int64_t
health_delay_ns(const struct container_health *health,
		const struct health_spec *spec, int64_t up_ns)
{
	return health_is_young(health, spec, up_ns) ? spec->start_interval_ns
						    : spec->interval_ns;
}

void
health_add_argv(const struct health_spec *spec, struct strvec *argv)
{
	bool shell = !strcmp(spec->test.v[0], "CMD-SHELL");

	if (shell) {
		strvec_add(argv, "/bin/sh");
		strvec_add(argv, "-c");
	}
	for (size_t i = 1; i < spec->test.len; i++)
		strvec_add(argv, spec->test.v[i]);
}
