/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cli/health_flags.c - flags about asking a container for its health.
 */
#include "cli/health_flags.h"

#include <errno.h>
#include <string.h>

#include "base/alloc.h"
#include "spec/entrypoint_spec.h"

/* A shell's command, or a JSON array that needs no shell. */
static void
set_health_test(struct strvec *test, const char *text)
{
	cleanup_strvec struct strvec argv = STRVEC_INIT;

	strvec_release(test);
	if (!strcmp(text, "none")) {
		strvec_add(test, "NONE");
	} else if (entrypoint_spec_parse(text, &argv)) {
		strvec_add(test, "CMD");
		strvec_add_all(test, &argv);
	} else {
		strvec_add(test, "CMD-SHELL");
		strvec_add(test, text);
	}
}

int
health_flags_fill(struct health_spec *health, const struct args *args,
		  struct err *err)
{
	const char *action = args_str(args, "health-on-failure");
	const struct {
		const char *flag;
		int64_t *value;
	} numbers[] = {
		{ "health-interval", &health->interval_ns },
		{ "health-retries", &health->retries },
		{ "health-start-interval", &health->start_interval_ns },
		{ "health-start-period", &health->start_period_ns },
		{ "health-timeout", &health->timeout_ns },
	};

	if (args_given(args, "health-cmd"))
		set_health_test(&health->test, args_str(args, "health-cmd"));
	if (args_bool(args, "no-healthcheck"))
		set_health_test(&health->test, "none");
	for (size_t i = 0; i < ARRAY_LEN(numbers); i++) {
		int64_t value = args_int(args, numbers[i].flag);

		if (value < 0)
			return err_set(err, EINVAL,
				       "--%s: must not be negative",
				       numbers[i].flag);
		if (value > 0)
			*numbers[i].value = value;
	}
	if (health_spec_is_set(health))
		health_spec_fill(health);
	return action ? health_action_parse(action, &health->on_failure, err)
		      : 0;
}
