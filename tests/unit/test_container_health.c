/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdlib.h>

#include "base/units.h"
#include "container/health.h"

static struct health_spec spec;
static struct container_health health;

static void
health_setup(void)
{
	spec = (struct health_spec){ .retries = 2,
				     .interval_ns = 30,
				     .start_interval_ns = 5,
				     .start_period_ns = 100 };
	health = (struct container_health){ .status = HEALTH_STARTING };
}

TestSuite(container_health, .init = health_setup);

static bool
answer(int exit_code, int64_t up_ns)
{
	const struct health_answer given = { .exit_code = exit_code,
					     .output = "" };

	return health_judge(&health, &spec, &given, up_ns);
}

Test(container_health, failures_of_the_start_do_not_count)
{
	cr_expect(not(answer(1, 10)));
	cr_expect(not(answer(1, 20)));
	cr_expect(not(answer(1, 30)));
	cr_expect(eq(int, health.failing_streak, 0));
	cr_expect(eq(i64, health_delay_ns(&health, &spec, 30), 5));
	cr_expect(eq(i64, health_delay_ns(&health, &spec, 100), 30));
	cr_expect(not(answer(1, 110)));
	cr_expect(answer(1, 140));
	cr_expect(eq(int, health.status, HEALTH_UNHEALTHY));
}

Test(container_health, after_a_success_failures_count_at_once)
{
	cr_expect(answer(0, 10));
	cr_expect(eq(int, health.status, HEALTH_HEALTHY));
	cr_expect(not(answer(1, 20)));
	cr_expect(answer(1, 30));
	cr_expect(eq(int, health.status, HEALTH_UNHEALTHY));
	cr_expect(answer(0, 40));
	cr_expect(eq(int, health.failing_streak, 0));
}

Test(container_health, a_shell_is_asked_unless_there_is_a_command)
{
	struct strvec argv = STRVEC_INIT;

	strvec_add(&spec.test, "CMD-SHELL");
	strvec_add(&spec.test, "a && b");
	health_add_argv(&spec, &argv);
	cr_assert(eq(sz, argv.len, 3));
	cr_expect(eq(str, argv.v[2], "a && b"));
	strvec_release(&argv);
	argv = (struct strvec)STRVEC_INIT;
	spec.test.v[0][3] = '\0';
	health_add_argv(&spec, &argv);
	cr_assert(eq(sz, argv.len, 1));
	cr_expect(eq(str, argv.v[0], "a && b"));
}
