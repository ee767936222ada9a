/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <errno.h>
#include <linux/audit.h>
#include <sys/syscall.h>

#include "base/alloc.h"
#include "runtime/step_down.h"

#define KEEP UINT32_MAX

Test(runtime_step_down, leaves_no_id_behind)
{
	static const struct {
		const char *name;
		uint32_t arch, nr, ids[3];
		bool want;
	} cases[] = {
		{ "setuid", 0, SYS_setuid, { 9 }, true },
		{ "setreuid", 0, SYS_setreuid, { 9, 9 }, true },
		{ "setreuid keeps one", 0, SYS_setreuid, { KEEP, 9 }, false },
		{ "setresuid", 0, SYS_setresuid, { 9, 9, 9 }, true },
		{ "seteuid", 0, SYS_setresuid, { KEEP, 9, KEEP }, false },
		{ "keeps the saved id", 0, SYS_setresuid, { 9, 9, 0 }, false },
		{ "setgid", 0, SYS_setgid, { 9 }, false },
		{ "setuid32", AUDIT_ARCH_I386, 213, { 9 }, true },
		{ "setresuid32", AUDIT_ARCH_I386, 208, { 9, 9, 9 }, true },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct seccomp_data data = { .nr = (int)cases[i].nr,
					     .arch = cases[i].arch };
		uint32_t uid = 0;

		for (size_t k = 0; k < 3; k++)
			data.args[k] = cases[i].ids[k];
		cr_expect(eq(int, step_down_is(&data, &uid), cases[i].want),
			  "%s", cases[i].name);
		cr_expect(eq(u32, uid, cases[i].want ? 9 : 0), "%s",
			  cases[i].name);
	}
}

Test(runtime_step_down, is_believed_only_so_often)
{
	struct step_down down = { 0 };

	for (int i = 0; i < STEP_DOWN_MAX; i++)
		cr_assert(eq(int, step_down_ask(&down, 7, 999), 0));
	cr_expect(eq(int, step_down_ask(&down, 7, 999), -EINVAL));
	cr_expect(eq(int, step_down_ask(&down, 7, 33), 0), "another id");
	cr_expect(eq(int, step_down_ask(&down, 8, 999), 0), "another process");
	cr_expect(eq(int, step_down_ask(&down, 7, 999), -EINVAL));
}

Test(runtime_step_down, is_remembered_by_user)
{
	cleanup_with(step_down_free) struct step_down *down = step_down_new();

	cr_assert(step_down_has(NULL, 7) == false);
	for (uint32_t uid = 1; uid < 2 * STEP_DOWN_USERS; uid++)
		for (uint32_t pid = 1; pid < 40; pid++)
			(void)step_down_ask(down, pid, uid);
	cr_expect(step_down_has(down, STEP_DOWN_USERS));
	cr_expect(not(step_down_has(down, STEP_DOWN_USERS + 1)));
	cr_expect(not(step_down_has(down, 0)));
}

Test(runtime_step_down, of_a_server_with_many_children_is_forgotten)
{
	struct step_down down = { 0 };

	for (int round = 0; round < 3 * STEP_DOWN_MAX; round++)
		for (uint32_t pid = 1; pid < 40; pid++)
			cr_assert(eq(int, step_down_ask(&down, pid, 33), 0));
}
