/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <errno.h>

#include "base/alloc.h"
#include "spec/name_spec.h"

#define X63 "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"

Test(spec_name_spec, names_can_be_file_names)
{
	static const struct {
		const char *name;
		int container, network;
	} cases[] = {
		{ "ab", 0, 0 },
		{ "a", -EINVAL, 0 },
		{ "web_1.x-y", 0, 0 },
		{ "0a", 0, 0 },
		{ "", -EINVAL, -EINVAL },
		{ ".a", -EINVAL, -EINVAL },
		{ "..", -EINVAL, -EINVAL },
		{ "-a", -EINVAL, -EINVAL },
		{ "_a", -EINVAL, -EINVAL },
		{ "a/b", -EINVAL, -EINVAL },
		{ "a b", -EINVAL, -EINVAL },
		{ "a:b", -EINVAL, -EINVAL },
		{ "\xc3\xa9t\xc3\xa9", -EINVAL, -EINVAL },
		{ X63 X63 X63 X63 "xxx", 0, 0 },
		{ X63 X63 X63 X63 "xxxx", -EINVAL, -EINVAL },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		cr_expect(eq(int,
			     name_spec_check("container name", cases[i].name,
					     NULL),
			     cases[i].container),
			  "'%s'", cases[i].name);
		cr_expect(eq(int, name_spec_check_network(cases[i].name, NULL),
			     cases[i].network),
			  "'%s'", cases[i].name);
	}
}

Test(spec_name_spec, host_names_follow_rfc_1123)
{
	static const struct {
		const char *name;
		int want;
	} cases[] = {
		{ "web", 0 },       { "web.example.com", 0 },
		{ "0-1", 0 },       { "A", 0 },
		{ X63, 0 },         { X63 "x", -EINVAL },
		{ "", -EINVAL },    { "-a", -EINVAL },
		{ "a-", -EINVAL },  { "a..b", -EINVAL },
		{ ".a", -EINVAL },  { "a.", -EINVAL },
		{ "a_b", -EINVAL }, { "a b", -EINVAL },
		{ "a\n", -EINVAL },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		cr_expect(eq(int, name_spec_check_hostname(cases[i].name, NULL),
			     cases[i].want),
			  "'%s'", cases[i].name);
	cr_expect(eq(int, name_spec_check_domainname(X63 "." X63, NULL), 0));
}
