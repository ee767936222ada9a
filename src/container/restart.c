/* SPDX-License-Identifier: Apache-2.0 */
/*
 * container/restart.c - whether and when a container starts again.
 */
#include "container/restart.h"

#include "base/units.h"

#define RESTART_FIRST_NS (INT64_C(100) * 1000 * 1000)
#define RESTART_MAX_NS (60 * UNITS_NS_PER_S)
#define RESTART_CALM_NS (10 * UNITS_NS_PER_S)

static bool
restart_is_wanted(const struct restart *restart,
		  const struct restart_spec *spec,
		  const struct restart_end *end)
{
	if (end->stopped_by_user)
		return false;
	switch (spec->policy) {
	case RESTART_ALWAYS:
	case RESTART_UNLESS_STOPPED:
		return true;
	case RESTART_ON_FAILURE:
		return end->exit_code != 0 &&
		       (spec->max_retries == 0 ||
			restart->count < spec->max_retries);
	case RESTART_NO:
	case RESTART_POLICY_COUNT:
		break;
	}
	return false;
}

bool
restart_decide(struct restart *restart, const struct restart_spec *spec,
	       const struct restart_end *end, int64_t *ret_delay_ns)
{
	if (!restart_is_wanted(restart, spec, end))
		return false;
	if (!restart->delay_ns || end->up_ns >= RESTART_CALM_NS)
		restart->delay_ns = RESTART_FIRST_NS;
	else
		restart->delay_ns *= 2;
	if (restart->delay_ns > RESTART_MAX_NS)
		restart->delay_ns = RESTART_MAX_NS;
	restart->count++;
	*ret_delay_ns = restart->delay_ns;
	return true;
}
