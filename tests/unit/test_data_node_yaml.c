/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <errno.h>

#include "base/alloc.h"
#include "data/node.h"

static char *
as_json(const char *yaml)
{
	struct strbuf sb = STRBUF_INIT;
	cleanup_node struct node *node = NULL;
	struct err err = ERR_INIT;
	int r = node_parse_yaml(span_of(yaml), "t", &node, &err);

	cr_assert(zero(int, r), "%s: %s", yaml, err.text);
	node_write_json(&sb, node, NODE_COMPACT);
	return strbuf_take(&sb);
}

Test(data_node_yaml, scalars_follow_the_core_schema)
{
	static const struct {
		const char *yaml, *want;
	} cases[] = {
		{ "", "null" },
		{ "~", "null" },
		{ "Null", "null" },
		{ "nULL", "\"nULL\"" },
		{ "true", "true" },
		{ "FALSE", "false" },
		{ "yes", "\"yes\"" },
		{ "no", "\"no\"" },
		{ "on", "\"on\"" },
		{ "Off", "\"Off\"" },
		{ "y", "\"y\"" },
		{ "0", "0" },
		{ "+12", "12" },
		{ "-12", "-12" },
		{ "0o17", "15" },
		{ "0o18", "\"0o18\"" },
		{ "0440", "288" },
		{ "08", "8" },
		{ "0x1F", "31" },
		{ "0b11", "\"0b11\"" },
		{ "1_000", "\"1_000\"" },
		{ "22:22", "\"22:22\"" },
		{ "9223372036854775807", "9223372036854775807" },
		{ "9223372036854775808", "9223372036854775808" },
		{ "-9223372036854775808", "-9223372036854775808" },
		{ "0018446744073709551619", "18446744073709552000" },
		{ "1.50", "1.5" },
		{ ".5", "0.5" },
		{ "1.", "1" },
		{ "1e3", "1000" },
		{ "-1.5E-3", "-0.0015" },
		{ ".", "\".\"" },
		{ "1.2.3", "\"1.2.3\"" },
		{ "e3", "\"e3\"" },
		{ "1e", "\"1e\"" },
		{ "-", "[null]" },
		{ "+", "\"+\"" },
		{ "-.inf", "null" },
		{ ".NaN", "null" },
		{ "2024-01-02", "\"2024-01-02\"" },
		{ "'12'", "\"12\"" },
		{ "\"true\"", "\"true\"" },
		{ "\"a\\tb\\x41\"", "\"a\\tbA\"" },
		{ "!!str 12", "\"12\"" },
		{ "!!int '12'", "12" },
		{ "!!float 1", "1" },
		{ "! 12", "\"12\"" },
		{ "|\n  a\n  b\n", "\"a\\nb\\n\"" },
		{ ">-\n  a\n  b\n", "\"a b\"" },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		cleanup_free char *text = as_json(cases[i].yaml);

		cr_expect(eq(str, text, (char *)cases[i].want), "%s",
			  cases[i].yaml);
	}
}

Test(data_node_yaml, collections_anchors_and_merges)
{
	static const struct {
		const char *label, *yaml, *want;
	} cases[] = {
		{ "block", "a:\n- 1\n- b: c\n  d: e\nf: {g: [h, i]}\n",
		  "{\"a\":[1,{\"b\":\"c\",\"d\":\"e\"}],"
		  "\"f\":{\"g\":[\"h\",\"i\"]}}" },
		{ "keys are text", "80: x\ntrue: y\n1.0: z\n",
		  "{\"80\":\"x\",\"true\":\"y\",\"1.0\":\"z\"}" },
		{ "alias", "a: &x {k: [1]}\nb: *x\n",
		  "{\"a\":{\"k\":[1]},\"b\":{\"k\":[1]}}" },
		{ "anchor again", "[&a 1, *a, &a 2, *a]", "[1,1,2,2]" },
		{ "alias as key", "a: &k key\n*k : v\n",
		  "{\"a\":\"key\",\"key\":\"v\"}" },
		{ "anchored key", "&k a: 1\nb: *k\n", "{\"a\":1,\"b\":\"a\"}" },
		{ "merge", "x: &x {a: 1, b: 2}\ny:\n  <<: *x\n  b: 3\n",
		  "{\"x\":{\"a\":1,\"b\":2},\"y\":{\"b\":3,\"a\":1}}" },
		{ "merge list: the earlier wins",
		  "- &x {a: 1}\n- &y {a: 2, b: 2}\n- <<: [*x, *y]\n",
		  "[{\"a\":1},{\"a\":2,\"b\":2},{\"a\":1,\"b\":2}]" },
		{ "merge inline with anchors",
		  "- {<<: {a: &v [7]}, b: 1}\n- *v\n",
		  "[{\"b\":1,\"a\":[7]},[7]]" },
		{ "a quoted << is a key", "'<<': 1\n", "{\"<<\":1}" },
		{ "empty document", "---\n...\n", "null" },
		{ "comments", "# c\na: 1 # d\n", "{\"a\":1}" },
		{ "byte order mark",
		  "\xef\xbb\xbf"
		  "a: 1\n",
		  "{\"a\":1}" },
		{ "CRLF", "a: 1\r\nb: 2\r\n", "{\"a\":1,\"b\":2}" },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		cleanup_free char *text = as_json(cases[i].yaml);

		cr_expect(eq(str, text, (char *)cases[i].want), "%s",
			  cases[i].label);
	}
}

Test(data_node_yaml, bad_text_is_refused_with_its_position)
{
	static const struct {
		const char *yaml, *want;
	} cases[] = {
		{ "a: 1\nb: 2\na: 3\n",
		  "t:3:1: 'a' appears again, first at 1:1" },
		{ "{a: 1, 'a': 2}", "t:1:8: 'a' appears again, first at 1:2" },
		{ "a: *x\n", "t:1:4: nothing before is called '&x'" },
		{ "&a [*a]", "t:1:5: nothing before is called '&a'" },
		{ "[a, b]: c\n", "t:1:1: a key must be plain text" },
		{ "a: 1\n---\nb: 2\n", "t:3:1: only one document is "
				       "expected" },
		{ "!!int x", "t:1:1: 'x' is not a 'tag:yaml.org,2002:int'" },
		{ "!!binary aGk=",
		  "t:1:1: 'aGk=' is not a 'tag:yaml.org,2002:binary'" },
		{ "\"a\\0\"", "t:1:1: a string may not hold a NUL" },
		{ "<<: 1\n", "t:1:5: '<<' takes mappings only" },
		{ "<<: [{}, 1]\n", "t:1:10: '<<' takes mappings only" },
		{ "<<: {}\n<<: {}\n", "t:2:1: '<<' appears again" },
		{ "a: b: c\n", "t:1:5: mapping values are not allowed in "
			       "this context" },
		{ "a:\n\t- b\n", "t:2:1: found character that cannot start "
				 "any token" },
		{ "a: 1\nb: \xff\n", "t:2:4: invalid leading UTF-8 octet" },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct node *node = NULL;
		struct err err = ERR_INIT;

		cr_expect(eq(int,
			     node_parse_yaml(span_of(cases[i].yaml), "t", &node,
					     &err),
			     -EBADMSG),
			  "%s", cases[i].yaml);
		cr_expect(eq(str, err.text, (char *)cases[i].want), "%s",
			  cases[i].yaml);
	}
}

Test(data_node_yaml, tabs_and_stray_colons_come_with_a_hint)
{
	struct node *node = NULL;
	struct err err = ERR_INIT;

	(void)node_parse_yaml(span_of("a:\n\t- b\n"), "t", &node, &err);
	cr_expect(eq(str, err.hint, "indent with spaces, not with tabs"));
	(void)node_parse_yaml(span_of("a: b: c\n"), "t", &node, &err);
	cr_expect(eq(str, err.hint, "put text that holds ': ' in quotes"));
}

Test(data_node_yaml, a_billion_laughs_are_refused)
{
	cleanup_strbuf struct strbuf sb = STRBUF_INIT;
	struct node *node = NULL;
	struct err err = ERR_INIT;

	strbuf_addstr(&sb, "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
	for (int i = 1; i < 12; i++) {
		strbuf_addf(&sb, "a%d: &a%d [", i, i);
		for (int k = 0; k < 10; k++)
			strbuf_addf(&sb, "%s*a%d", k ? "," : "", i - 1);
		strbuf_addstr(&sb, "]\n");
	}
	cr_assert(
		eq(int,
		   node_parse_yaml(span_new(sb.buf, sb.len), "t", &node, &err),
		   -EBADMSG));
	cr_assert(ne(ptr, strstr(err.text, "aliases make"), NULL));
}

Test(data_node_yaml, aliases_cannot_nest_past_the_limit)
{
	cleanup_strbuf struct strbuf sb = STRBUF_INIT;
	struct node *node = NULL;

	strbuf_addstr(&sb, "- &a0 [x]\n");
	for (int i = 1; i < NODE_MAX_DEPTH + 8; i++)
		strbuf_addf(&sb, "- &a%d [*a%d]\n", i, i - 1);
	cr_assert(
		eq(int,
		   node_parse_yaml(span_new(sb.buf, sb.len), "t", &node, NULL),
		   -EBADMSG));
}

Test(data_node_yaml, nesting_ends_at_its_limit)
{
	cleanup_strbuf struct strbuf sb = STRBUF_INIT;
	struct node *node = NULL;
	struct err err = ERR_INIT;

	strbuf_pad(&sb, '[', NODE_MAX_DEPTH + 1);
	cr_assert(
		eq(int,
		   node_parse_yaml(span_new(sb.buf, sb.len), "t", &node, &err),
		   -EBADMSG));
	cr_assert(eq(str, err.text, "t:1:129: nested more than 128 deep"));
}

Test(data_node_yaml, own_tags_stay_with_their_node)
{
	static const char text[] = "a: !reset null\nb: !override [1]\n"
				   "c: !x {}\nd: !!str 1\n";
	cleanup_node struct node *node = NULL;

	cr_assert(zero(int, node_parse_yaml(span_of(text), "t", &node, NULL)));
	cr_expect(eq(str, (char *)node_tag(node_get(node, "a")), "!reset"));
	cr_expect(eq(int, node_kind(node_get(node, "a")), NODE_NULL));
	cr_expect(eq(str, (char *)node_tag(node_get(node, "b")), "!override"));
	cr_expect(eq(str, (char *)node_tag(node_get(node, "c")), "!x"));
	cr_expect(zero(ptr, (void *)node_tag(node_get(node, "d"))));
}

Test(data_node_yaml, nodes_and_keys_know_where_they_stood)
{
	static const char text[] = "a:\n  b: 1\n  c:\n    - x\n";
	cleanup_node struct node *node = NULL;
	const struct node *a;
	struct err err = ERR_INIT;

	cr_assert(zero(int, node_parse_yaml(span_of(text), "f", &node, NULL)));
	a = node_get(node, "a");
	(void)node_err(node_at(node_get(a, "c"), 0), &err, EINVAL, "here");
	cr_expect(eq(str, err.text, "f:4:7: here"));
	(void)node_key_err(a, 1, &err, EINVAL, "here");
	cr_expect(eq(str, err.text, "f:3:3: here"));
}

Test(data_node_yaml, documents_come_one_by_one)
{
	cleanup_node struct node *docs = NULL;
	cleanup_strbuf struct strbuf sb = STRBUF_INIT;

	cr_assert(
		zero(int, node_parse_yaml_all(span_of("a: 1\n---\n---\n- b\n"),
					      "t", &docs, NULL)));
	node_write_json(&sb, docs, NODE_COMPACT);
	cr_assert(eq(str, sb.buf, "[{\"a\":1},null,[\"b\"]]"));
}
