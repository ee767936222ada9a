/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include "base/units.h"
#include "container/restart.h"

static bool
decide(struct restart *restart, enum restart_policy policy, int exit_code,
       bool stopped)
{
	const struct restart_spec spec = { .policy = policy };
	const struct restart_end end = { .exit_code = exit_code,
					 .stopped_by_user = stopped };
	int64_t delay_ns;

	return restart_decide(restart, &spec, &end, &delay_ns);
}

Test(container_restart, policies_ask_different_questions)
{
	struct restart restart = { .count = 0 };

	cr_expect(not(decide(&restart, RESTART_NO, 1, false)));
	cr_expect(decide(&restart, RESTART_ALWAYS, 0, false));
	cr_expect(not(decide(&restart, RESTART_ALWAYS, 0, true)));
	cr_expect(decide(&restart, RESTART_UNLESS_STOPPED, 0, false));
	cr_expect(not(decide(&restart, RESTART_UNLESS_STOPPED, 0, true)));
	cr_expect(not(decide(&restart, RESTART_ON_FAILURE, 0, false)));
	cr_expect(decide(&restart, RESTART_ON_FAILURE, 1, false));
	cr_expect(eq(int, restart.count, 3));
}

Test(container_restart, on_failure_gives_up_after_its_retries)
{
	const struct restart_spec spec = { .policy = RESTART_ON_FAILURE,
					   .max_retries = 2 };
	const struct restart_end end = { .exit_code = 3 };
	struct restart restart = { .count = 0 };
	int64_t delay_ns;

	cr_expect(restart_decide(&restart, &spec, &end, &delay_ns));
	cr_expect(restart_decide(&restart, &spec, &end, &delay_ns));
	cr_expect(not(restart_decide(&restart, &spec, &end, &delay_ns)));
}

Test(container_restart, waits_double_to_a_minute_and_begin_anew)
{
	const struct restart_spec spec = { .policy = RESTART_ALWAYS };
	struct restart_end end = { .up_ns = 0 };
	struct restart restart = { .count = 0 };
	int64_t delay_ns = 0;

	(void)restart_decide(&restart, &spec, &end, &delay_ns);
	cr_expect(eq(i64, delay_ns, UNITS_NS_PER_S / 10));
	(void)restart_decide(&restart, &spec, &end, &delay_ns);
	cr_expect(eq(i64, delay_ns, UNITS_NS_PER_S / 5));
	for (int i = 0; i < 20; i++)
		(void)restart_decide(&restart, &spec, &end, &delay_ns);
	cr_expect(eq(i64, delay_ns, 60 * UNITS_NS_PER_S));
	end.up_ns = 10 * UNITS_NS_PER_S;
	(void)restart_decide(&restart, &spec, &end, &delay_ns);
	cr_expect(eq(i64, delay_ns, UNITS_NS_PER_S / 10));
}
