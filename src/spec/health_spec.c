/* SPDX-License-Identifier: Apache-2.0 */
/*
 * spec/health_spec.c - how to ask a container whether it is healthy.
 */
#include "spec/health_spec.h"

#include <string.h>

#include "base/alloc.h"
#include "data/decode.h"
#include "spec/choice.h"

static const char *const health_actions[] = { "none", "kill", "restart", "stop",
					      NULL };

_Static_assert(ARRAY_LEN(health_actions) == HEALTH_ACTION_COUNT + 1,
	       "every action has its name");

static const struct field health_fields[] = {
	FIELD_STRVEC(struct health_spec, test, "Test", FIELD_OMIT_EMPTY),
	FIELD_INT(struct health_spec, interval_ns, "Interval",
		  FIELD_OMIT_EMPTY),
	FIELD_INT(struct health_spec, timeout_ns, "Timeout", FIELD_OMIT_EMPTY),
	FIELD_INT(struct health_spec, start_period_ns, "StartPeriod",
		  FIELD_OMIT_EMPTY),
	FIELD_INT(struct health_spec, start_interval_ns, "StartInterval",
		  FIELD_OMIT_EMPTY),
	FIELD_INT(struct health_spec, retries, "Retries", FIELD_OMIT_EMPTY),
	FIELD_END,
};

bool
health_spec_is_set(const struct health_spec *spec)
{
	return spec->test.len > 1 && strcmp(spec->test.v[0], "NONE") != 0;
}

int
health_action_parse(const char *text, enum health_action *ret_action,
		    struct err *err)
{
	int at = choice_find("action", text, health_actions, err);

	if (at < 0)
		return at;
	*ret_action = (enum health_action)at;
	return 0;
}

const char *
health_action_name(enum health_action action)
{
	return health_actions[action];
}

void
health_spec_fill(struct health_spec *spec)
{
	spec->interval_ns = spec->interval_ns ?: HEALTH_SPEC_INTERVAL_NS;
	spec->timeout_ns = spec->timeout_ns ?: HEALTH_SPEC_TIMEOUT_NS;
	spec->start_interval_ns =
		spec->start_interval_ns ?: HEALTH_SPEC_START_INTERVAL_NS;
	spec->retries = spec->retries ?: HEALTH_SPEC_RETRIES;
}

void
health_spec_release(struct health_spec *spec)
{
	decode_release(health_fields, spec);
	spec->on_failure = HEALTH_ACTION_NONE;
}

struct node *
health_spec_to_node(const struct health_spec *spec)
{
	return decode_write(health_fields, spec);
}

int
health_spec_from_node(const struct node *node, struct health_spec *spec,
		      struct err *err)
{
	int r = decode_read(node, health_fields, 0, spec, err);

	return r < 0 ? err_wrap(err, r, "health check") : 0;
}
