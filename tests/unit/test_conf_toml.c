/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "conf/toml.h"
#include "data/node.h"

/* Parse and write back as JSON; "!" and the message on failure. */
static char *
as_json(const char *text)
{
	cleanup_strbuf struct strbuf sb = STRBUF_INIT;
	cleanup_node struct node *root = NULL;
	struct err err = ERR_INIT;
	int r = toml_parse(span_of(text), "f", &root, &err);

	if (r == -EBADMSG)
		strbuf_addf(&sb, "!%s", err.text);
	else if (r < 0)
		strbuf_addf(&sb, "%d", r);
	else
		node_write_json(&sb, root, NODE_COMPACT);
	return strbuf_take(&sb);
}

struct toml_case {
	const char *text, *want;
};

static void
check_cases(const struct toml_case *cases, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		cleanup_free char *got = as_json(cases[i].text);

		cr_expect(eq(str, got, (char *)cases[i].want), "%s",
			  cases[i].text);
	}
}

Test(conf_toml, documents_become_trees)
{
	static const struct toml_case cases[] = {
		{ "", "{}" },
		{ "# only\n\r\n", "{}" },
		{ "a = 1", "{\"a\":1}" },
		{ "a = -7 # x\nb=+8", "{\"a\":-7,\"b\":8}" },
		{ "a.b.c = true\na.d=false",
		  "{\"a\":{\"b\":{\"c\":true},\"d\":false}}" },
		{ "\"a b\".'c.d' = ''", "{\"a b\":{\"c.d\":\"\"}}" },
		{ "[a]\nx=1\n[a.b]\ny=2", "{\"a\":{\"x\":1,\"b\":{\"y\":2}}}" },
		{ "[a.b]\ny=2\n[a]\nx=1", "{\"a\":{\"b\":{\"y\":2},\"x\":1}}" },
		{ "[[r]]\na=1\n[[r.m]]\nb=2\n[[r.m]]\nb=3\n[[r]]\n",
		  "{\"r\":[{\"a\":1,\"m\":[{\"b\":2},{\"b\":3}]},{}]}" },
		{ "a = [ 1, # one\n 'x', [], ]", "{\"a\":[1,\"x\",[]]}" },
		{ "a = { b = 1, c.d = 'e' }",
		  "{\"a\":{\"b\":1,\"c\":{\"d\":\"e\"}}}" },
		{ "a = {}", "{\"a\":{}}" },
	};

	check_cases(cases, sizeof(cases) / sizeof(cases[0]));
}

Test(conf_toml, strings_come_in_four_kinds)
{
	static const struct toml_case cases[] = {
		{ "a = \"\\t\\\"\\\\\\u00e9\\U0001F600\"",
		  "{\"a\":\"\\t\\\"\\\\\xc3\xa9\xf0\x9f\x98\x80\"}" },
		{ "a = '\\n\"'", "{\"a\":\"\\\\n\\\"\"}" },
		{ "a = \"\"\"\nx\n\"y\" \\\n   z\"\"\"\"",
		  "{\"a\":\"x\\n\\\"y\\\" z\\\"\"}" },
		{ "a = '''\r\nx'''''", "{\"a\":\"x''\"}" },
	};

	check_cases(cases, sizeof(cases) / sizeof(cases[0]));
}

Test(conf_toml, what_is_wrong_is_said_with_its_place)
{
	static const struct toml_case cases[] = {
		{ "a", "!f:1:2: expected '=' after the key" },
		{ "\n a = ", "!f:2:6: expected a value" },
		{ "a = 1 b", "!f:1:7: expected the end of the line" },
		{ "a = 1\na = 2", "!f:2:3: 'a' is set twice" },
		{ "[a]\n[a]", "!f:2:4: 'a' is defined twice" },
		{ "a = []\n[[a]]", "!f:2:6: 'a' is no array of tables" },
		{ "a = {}\na.b = 1", "!f:2:5: 'a' is complete already" },
		{ "a.b = 1\n[a]", "!f:2:4: 'a' is defined twice" },
		{ "[a.b]\n[c]\n[a.b.c]\nx=1\n[c.x]\n[c]",
		  "!f:6:4: 'c' is defined twice" },
		{ "a = 1\na.b = 2", "!f:2:5: 'a' is not a table" },
		{ "a = \"x", "!f:1:7: string without an end" },
		{ "a = \"\\x\"", "!f:1:7: unknown escape sequence" },
		{ "a = \"\\ud800\"", "!f:1:12: not a usable character" },
		{ "a = \"\\u0000\"", "!f:1:12: not a usable character" },
		{ "a = [1 2]", "!f:1:8: expected ',' or ']'" },
		{ "a = 1.5",
		  "!f:1:8: '1.5' is no string, boolean or decimal integer" },
		{ "a = 2026-01-01",
		  "!f:1:15: '2026-01-01' is no string, boolean or decimal integer" },
		{ "a = 99999999999999999999",
		  "!f:1:25: '99999999999999999999' is no string, boolean or decimal integer" },
		{ "a = \xff", "!f:1:1: not UTF-8 text" },
		{ "a = 'x\x01'", "!f:1:7: control character in string" },
		{ "[a", "!f:1:3: expected ']' after the name" },
		{ "[[a]\n", "!f:1:5: expected ']' after the name" },
		{ "= 1", "!f:1:1: expected a key" },
	};

	check_cases(cases, sizeof(cases) / sizeof(cases[0]));
}

Test(conf_toml, nesting_has_an_end)
{
	cleanup_strbuf struct strbuf sb = STRBUF_INIT;
	cleanup_free char *got = NULL;

	strbuf_addstr(&sb, "a = ");
	strbuf_pad(&sb, '[', 100000);
	got = as_json(sb.buf);
	cr_assert(strstr(got, "nested too deeply") != NULL);
}
