/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <errno.h>

#include "base/alloc.h"
#include "spec/filter.h"

static const char *const keys[] = { "name",   "id",       "label",
				    "label!", "dangling", NULL };

Test(spec_filter, unknown_keys_and_missing_values_are_refused)
{
	static const struct {
		const char *text, *hint;
	} cases[] = {
		{ "nam=x", "did you mean 'name'?" },
		{ "name", "write KEY=VALUE, as name=web" },
		{ "", "write KEY=VALUE, as name=web" },
		{ "=x", "one of: name, id, label, label!, dangling" },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		cleanup_filter struct filter filter = FILTER_INIT;
		struct err err = ERR_INIT;

		cr_expect(eq(int,
			     filter_add(&filter, cases[i].text, keys, &err),
			     -EINVAL));
		cr_expect(eq(str, err.hint, (char *)cases[i].hint));
	}
}

Test(spec_filter, keys_are_taken_in_any_case_and_with_blanks)
{
	cleanup_filter struct filter filter = FILTER_INIT;

	cr_assert(eq(int, filter_add(&filter, " Name = a=b ", keys, NULL), 0));
	cr_assert(
		eq(str, (char *)filter_value(&filter, "name"), (char *)"a=b"));
	cr_assert(filter_has(&filter, "name"));
	cr_assert(not(filter_has(&filter, "id")));
}

Test(spec_filter, values_of_one_key_are_alternatives)
{
	cleanup_filter struct filter filter = FILTER_INIT;

	cr_assert(filter_match(&filter, "id", "anything"));
	cr_assert(eq(int, filter_add(&filter, "id=abc", keys, NULL), 0));
	cr_assert(eq(int, filter_add(&filter, "id=def", keys, NULL), 0));
	cr_assert(filter_match(&filter, "id", "def"));
	cr_assert(not(filter_match(&filter, "id", "de")));
	cr_assert(filter_match_prefix(&filter, "id", "abc123"));
	cr_assert(not(filter_match_prefix(&filter, "id", "ab")));
}

Test(spec_filter, names_are_searched_with_and_without_slash)
{
	static const struct {
		const char *value, *name;
		bool want;
	} cases[] = {
		{ "web", "web1", true },    { "web", "my-web", true },
		{ "^web$", "web", true },   { "^/web$", "web", true },
		{ "^web$", "web1", false }, { "w.b", "wxb", true },
		{ "web|db", "db", true },   { "db", "web", false },
		{ "[", "a[b", true },       { "[", "ab", false },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		cleanup_filter struct filter filter = FILTER_INIT;
		cleanup_free char *text = xasprintf("name=%s", cases[i].value);

		cr_assert(eq(int, filter_add(&filter, text, keys, NULL), 0));
		cr_expect(eq(int,
			     filter_match_name(&filter, "name", cases[i].name),
			     cases[i].want),
			  "%s ~ %s", cases[i].value, cases[i].name);
	}
}

Test(spec_filter, all_labels_must_be_there)
{
	static const struct {
		const char *texts[3];
		bool want;
	} cases[] = {
		{ { NULL }, true },
		{ { "label=a" }, true },
		{ { "label=a=1" }, true },
		{ { "label=a=2" }, false },
		{ { "label=c" }, false },
		{ { "label=a", "label=b=x=y" }, true },
		{ { "label=a", "label=c" }, false },
		{ { "label!=a" }, false },
		{ { "label!=a=2" }, true },
		{ { "label=a", "label!=c" }, true },
	};
	cleanup_node struct node *labels = node_new_obj();

	node_set_str(labels, "a", "1");
	node_set_str(labels, "b", "x=y");
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		cleanup_filter struct filter filter = FILTER_INIT;

		for (int k = 0; cases[i].texts[k]; k++)
			cr_assert(eq(int,
				     filter_add(&filter, cases[i].texts[k],
						keys, NULL),
				     0));
		cr_expect(eq(int, filter_match_labels(&filter, labels),
			     cases[i].want),
			  "%zu", i);
	}
}

Test(spec_filter, a_boolean_key_takes_booleans)
{
	cleanup_filter struct filter filter = FILTER_INIT;
	bool value = true;

	cr_assert(eq(int, filter_bool(&filter, "dangling", &value, NULL), 0));
	cr_assert(eq(int, value, true));
	cr_assert(eq(int, filter_add(&filter, "dangling=0", keys, NULL), 0));
	cr_assert(eq(int, filter_bool(&filter, "dangling", &value, NULL), 0));
	cr_assert(eq(int, value, false));
}

Test(spec_filter, a_list_is_added_whole)
{
	cleanup_filter struct filter filter = FILTER_INIT;
	cleanup_strvec struct strvec texts = STRVEC_INIT;

	strvec_add(&texts, "id=a");
	strvec_add(&texts, "name=b");
	cr_assert(eq(int, filter_add_all(&filter, &texts, keys, NULL), 0));
	strvec_add(&texts, "dangling=x");
	strvec_add(&texts, "x=y");
	cr_assert(
		eq(int, filter_add_all(&filter, &texts, keys, NULL), -EINVAL));
}
