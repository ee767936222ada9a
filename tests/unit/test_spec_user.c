/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <errno.h>

#include "base/alloc.h"
#include "spec/user.h"

static const char passwd[] = "root:x:0:0:root:/root:/bin/bash\n"
			     "broken\n"
			     "neg:x:-1:0::/:\n"
			     "big:x:4294967296:0::/:\n"
			     "top:x:2147483648:0::/:\n"
			     "app:x:1000:1000:App:/home/app:/bin/sh\n"
			     "7even:x:77:70::relative:/bin/sh\n"
			     "123:x:0:0::/evil:\n"
			     "nohome:x:9:9\n";
static const char group[] = "root:x:0:\n"
			    "wheel:x:10:root,app\n"
			    "app:x:1000:\n"
			    "bad:x:nan:app\n"
			    "audio:x:29:other,app,app\n"
			    "big:x:4294967296:app\n";

static int
resolve(const char *spec, struct user *user, struct err *err)
{
	return user_resolve(spec, span_of(passwd), span_of(group), NULL, user,
			    err);
}

Test(spec_user, CVE_2026_30892_GO_2025_3528_numbers_stay_what_they_are)
{
	static const struct {
		const char *spec;
		int r;
		uid_t uid;
		gid_t gid;
		const char *home;
	} cases[] = {
		{ "", 0, 0, 0, "/root" },
		{ "0", 0, 0, 0, "/root" },
		{ "1", 0, 1, 0, "/" },
		{ "1:", 0, 1, 0, "/" },
		{ ":1", 0, 0, 1, "/root" },
		{ ":", 0, 0, 0, "/root" },
		{ "01", 0, 1, 0, "/" },
		{ "1:2", 0, 1, 2, "/" },
		{ "1000", 0, 1000, 1000, "/home/app" },
		{ "app", 0, 1000, 1000, "/home/app" },
		{ "app:", 0, 1000, 1000, "/home/app" },
		{ "app:wheel", 0, 1000, 10, "/home/app" },
		{ "app:0", 0, 1000, 0, "/home/app" },
		{ "7even", 0, 77, 70, "/" },
		{ "123", 0, 123, 0, "/" },
		{ "nohome", 0, 9, 9, "/" },
		{ "2147483647", 0, 2147483647, 0, "/" },
		{ "2147483648", -ERANGE, 0, 0, NULL },
		{ "4294967295", -ERANGE, 0, 0, NULL },
		{ "4294967296", -ERANGE, 0, 0, NULL },
		{ "18446744073709551616", -ERANGE, 0, 0, NULL },
		{ "1:4294967296", -ERANGE, 0, 0, NULL },
		{ "-1", -ENOENT, 0, 0, NULL },
		{ "+1", -ENOENT, 0, 0, NULL },
		{ "1 ", -ENOENT, 0, 0, NULL },
		{ " 1", -ENOENT, 0, 0, NULL },
		{ "0x0", -ENOENT, 0, 0, NULL },
		{ "1:-1", -ENOENT, 0, 0, NULL },
		{ "1:2:3", -ENOENT, 0, 0, NULL },
		{ "nobody", -ENOENT, 0, 0, NULL },
		{ "broken", -ENOENT, 0, 0, NULL },
		{ "neg", -ENOENT, 0, 0, NULL },
		{ "big", -ENOENT, 0, 0, NULL },
		{ "top", -ENOENT, 0, 0, NULL },
		{ "app:big", -ENOENT, 0, 0, NULL },
		{ "app:nosuch", -ENOENT, 0, 0, NULL },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct user user = { .uid = 4711 };

		cr_expect(eq(int, resolve(cases[i].spec, &user, NULL),
			     cases[i].r),
			  "'%s'", cases[i].spec);
		if (cases[i].r) {
			cr_expect(eq(u32, user.uid, 4711), "'%s'",
				  cases[i].spec);
			continue;
		}
		cr_expect(eq(u32, user.uid, cases[i].uid), "'%s'",
			  cases[i].spec);
		cr_expect(eq(u32, user.gid, cases[i].gid), "'%s'",
			  cases[i].spec);
		cr_expect(eq(str, user.home, (char *)cases[i].home), "'%s'",
			  cases[i].spec);
		user_release(&user);
	}
}

Test(spec_user, an_unknown_user_is_named)
{
	struct user user;
	struct err err = ERR_INIT;

	cr_assert(eq(int, resolve("nobody", &user, &err), -ENOENT));
	cr_assert(eq(str, err.text, (char *)"unable to find user 'nobody'"));
	cr_assert(gt(sz, strlen(err.hint), 0));
}

Test(spec_user, memberships_count_when_no_group_is_given)
{
	struct user user;

	cr_assert(eq(int, resolve("app", &user, NULL), 0));
	cr_assert(eq(sz, user.group_count, 3));
	cr_assert(eq(u32, user.groups[0], 1000));
	cr_assert(eq(u32, user.groups[1], 10));
	cr_assert(eq(u32, user.groups[2], 29));
	user_release(&user);
}

Test(spec_user, an_explicit_group_is_the_only_one)
{
	struct user user;

	cr_assert(eq(int, resolve("app:29", &user, NULL), 0));
	cr_assert(eq(sz, user.group_count, 1));
	cr_assert(eq(u32, user.groups[0], 29));
	user_release(&user);
}

Test(spec_user, added_groups_are_names_or_numbers)
{
	struct strvec add = STRVEC_INIT;
	struct user user;

	strvec_add(&add, "audio");
	strvec_add(&add, "5");
	strvec_add(&add, "29");
	cr_assert(eq(int,
		     user_resolve("1:2", span_of(passwd), span_of(group), &add,
				  &user, NULL),
		     0));
	cr_assert(eq(sz, user.group_count, 3));
	cr_assert(eq(u32, user.groups[0], 2));
	cr_assert(eq(u32, user.groups[1], 29));
	cr_assert(eq(u32, user.groups[2], 5));
	user_release(&user);
	strvec_add(&add, "nosuch");
	cr_assert(eq(int,
		     user_resolve("1:2", span_of(passwd), span_of(group), &add,
				  &user, NULL),
		     -ENOENT));
	strvec_release(&add);
}

Test(spec_user, a_container_without_user_files_still_has_root)
{
	struct span none = { NULL, 0 };
	struct user user;

	cr_assert(eq(int, user_resolve("", none, none, NULL, &user, NULL), 0));
	cr_assert(eq(u32, user.uid, 0));
	cr_assert(eq(str, user.home, (char *)"/"));
	cr_assert(eq(sz, user.group_count, 1));
	user_release(&user);
}

Test(spec_user, GO_2026_5475_a_huge_group_file_is_refused)
{
	size_t len = USER_FILE_MAX_BYTES + 1;
	char *huge = xcalloc(1, len);
	struct user user;

	cr_assert(eq(int,
		     user_resolve("0", span_of(""), span_new(huge, len), NULL,
				  &user, NULL),
		     -EINVAL));
	free(huge);
}
