/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <errno.h>

#include "base/alloc.h"
#include "data/node.h"

static char *
rewritten(const char *text, int flags)
{
	struct strbuf sb = STRBUF_INIT;
	cleanup_node struct node *node = NULL;
	struct err err = ERR_INIT;
	int r = node_parse_json(span_of(text), "t", &node, &err);

	cr_assert(zero(int, r), "%s: %s", text, err.text);
	node_write_json(&sb, node, flags);
	return strbuf_take(&sb);
}

Test(data_node_json, valid_text_reads_and_writes_back)
{
	static const struct {
		const char *text, *want;
	} cases[] = {
		{ " [ ] ", "[]" },
		{ "{ }", "{}" },
		{ "\t\r\n1\n", "1" },
		{ "-0", "-0" },
		{ "0", "0" },
		{ "9223372036854775807", "9223372036854775807" },
		{ "-9223372036854775808", "-9223372036854775808" },
		{ "18446744073709551615", "18446744073709551615" },
		{ "1.50", "1.50" },
		{ "1E+2", "1E+2" },
		{ "1e-2", "1e-2" },
		{ "true", "true" },
		{ "[false,null]", "[false,null]" },
		{ "\"\"", "\"\"" },
		{ "\"a\\/b\\\"\\\\\"", "\"a/b\\\"\\\\\"" },
		{ "\"\\b\\f\\n\\r\\t\\u0001\"", "\"\\b\\f\\n\\r\\t\\u0001\"" },
		{ "\"\\u00e9\\u20AC\\ud83d\\ude00\"",
		  "\"\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80\"" },
		{ "\"\x7f\"", "\"\x7f\"" },
		{ "\"\xe2\x80\xa8\"", "\"\\u2028\"" },
		{ "\"\xc2\x9b\"", "\"\\u009b\"" },
		{ "{\"\":{\"a\":[[]]}}", "{\"\":{\"a\":[[]]}}" },
		{ "\"<&>\"", "\"<&>\"" },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		cleanup_free char *text = rewritten(cases[i].text, 0);

		cr_expect(eq(str, text, (char *)cases[i].want));
	}
}

Test(data_node_json, bad_text_is_refused_with_its_position)
{
	static const struct {
		const char *text, *want;
	} cases[] = {
		{ "", "t:1:1: unexpected end of text, expected a value" },
		{ "nul", "t:1:1: unexpected 'n', expected a value" },
		{ "truex", "t:1:5: unexpected 'x', expected the end of the "
			   "text" },
		{ "[1,]", "t:1:4: unexpected ']', expected a value" },
		{ "[1 2]", "t:1:4: unexpected '2', expected ',' or ']'" },
		{ "{\"a\"}", "t:1:5: unexpected '}', expected ':'" },
		{ "{\"a\":1,}", "t:1:8: unexpected '}', expected a member "
				"name in '\"'" },
		{ "{a:1}", "t:1:2: unexpected 'a', expected a member name "
			   "in '\"'" },
		{ "{\"a\":1 \"b\"}", "t:1:8: unexpected '\"', expected ',' "
				     "or '}'" },
		{ "01", "t:1:3: a number may not start with 0" },
		{ "+1", "t:1:1: unexpected '+', expected a value" },
		{ "1.", "t:1:3: unexpected end of text, expected a digit" },
		{ ".5", "t:1:1: unexpected '.', expected a value" },
		{ "1e", "t:1:3: unexpected end of text, expected a digit" },
		{ "-", "t:1:2: unexpected end of text, expected a digit" },
		{ "1e999", "t:1:6: number is out of range" },
		{ "NaN", "t:1:1: unexpected 'N', expected a value" },
		{ "\"a", "t:1:3: unexpected end of text, expected '\"'" },
		{ "\"\\x\"", "t:1:3: unexpected 'x', expected an escape "
			     "character" },
		{ "\"\\u12g4\"", "t:1:6: unexpected 'g', expected a "
				 "hexadecimal digit" },
		{ "\"\\u0000\"", "t:1:8: a string may not hold a NUL" },
		{ "\"\\ud800\"", "t:1:8: half a surrogate pair" },
		{ "\"\\ud800\\u0041\"", "t:1:14: half a surrogate pair" },
		{ "\"\\udc00\"", "t:1:8: half a surrogate pair" },
		{ "\"a\tb\"", "t:1:3: unexpected byte 0x09, expected it to "
			      "be escaped" },
		{ "\"\xff\"", "t:1:2: malformed UTF-8" },
		{ "\"\xc0\x80\"", "t:1:2: malformed UTF-8" },
		{ "\"\xed\xa0\x80\"", "t:1:2: malformed UTF-8" },
		{ "\"\xe2\x82\"", "t:1:2: malformed UTF-8" },
		{ "\xef\xbb\xbf{}", "t:1:1: unexpected byte 0xef, expected "
				    "a value" },
		{ "{\n \"a\": 1,\n \"b\": 2, \"a\": 3}",
		  "t:3:10: 'a' appears again, first at 2:2" },
		{ "[\"\xc3\xa9\", x]", "t:1:7: unexpected 'x', expected a "
				       "value" },
		{ "1 /* c */", "t:1:3: unexpected '/', expected the end of "
			       "the text" },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct node *node = NULL;
		struct err err = ERR_INIT;

		cr_expect(eq(int,
			     node_parse_json(span_of(cases[i].text), "t", &node,
					     &err),
			     -EBADMSG),
			  "%s", cases[i].text);
		cr_expect(eq(str, err.text, (char *)cases[i].want), "%s",
			  cases[i].text);
	}
}

Test(data_node_json, a_duplicate_is_seen_in_a_large_object_too)
{
	cleanup_strbuf struct strbuf sb = STRBUF_INIT;
	struct node *node = NULL;
	struct err err = ERR_INIT;

	strbuf_addstr(&sb, "{");
	for (int i = 0; i < 1000; i++)
		strbuf_addf(&sb, "\"key%d\":%d,", i, i);
	strbuf_addstr(&sb, "\"key77\":1}");
	cr_assert(
		eq(int,
		   node_parse_json(span_new(sb.buf, sb.len), "t", &node, &err),
		   -EBADMSG));
	cr_assert(ne(ptr, strstr(err.text, "'key77' appears again"), NULL));
}

static int
parse_nested(int depth)
{
	cleanup_strbuf struct strbuf sb = STRBUF_INIT;
	cleanup_node struct node *node = NULL;

	strbuf_pad(&sb, '[', (size_t)depth);
	strbuf_pad(&sb, ']', (size_t)depth);
	return node_parse_json(span_new(sb.buf, sb.len), "t", &node, NULL);
}

Test(data_node_json, nesting_ends_at_its_limit)
{
	cr_expect(zero(int, parse_nested(NODE_MAX_DEPTH)));
	cr_expect(eq(int, parse_nested(NODE_MAX_DEPTH + 1), -EBADMSG));
	cr_expect(eq(int, parse_nested(1 << 20), -EBADMSG));
}

Test(data_node_json, the_text_needs_no_nul_at_its_end)
{
	cleanup_node struct node *node = NULL;

	cr_assert(zero(int,
		       node_parse_json(span_new("123", 2), "t", &node, NULL)));
	cr_assert(eq(i64, node_int_or(node, 0), 12));
}

Test(data_node_json, nodes_know_where_they_stood)
{
	static const char text[] = "{\n  \"a\": [10,\n    \"\xc3\xa9\", 30]\n}";
	cleanup_node struct node *node = NULL;
	const char *file;
	int line, col;

	cr_assert(zero(int, node_parse_json(span_of(text), "f", &node, NULL)));
	node_position(node_at(node_get(node, "a"), 2), &file, &line, &col);
	cr_expect(eq(str, (char *)file, "f"));
	cr_expect(eq(int, line, 3));
	cr_expect(eq(int, col, 10));
	node_position(node_get(node, "a"), &file, &line, &col);
	cr_expect(eq(int, line, 2));
	cr_expect(eq(int, col, 8));
}

Test(data_node_json, indented_as_go_indents)
{
	static const char text[] = "{\"a\":[],\"b\":{},\"c\":[1,{\"d\":null}]}";
	cleanup_free char *four = rewritten(text, NODE_INDENT4);
	cleanup_free char *two = rewritten("[[1]]", NODE_INDENT2);

	cr_expect(eq(str, four,
		     "{\n    \"a\": [],\n    \"b\": {},\n    \"c\": [\n"
		     "        1,\n        {\n            \"d\": null\n"
		     "        }\n    ]\n}"));
	cr_expect(eq(str, two, "[\n  [\n    1\n  ]\n]"));
}

Test(data_node_json, html_is_escaped_when_asked)
{
	cleanup_free char *text =
		rewritten("{\"<\":\"a&b>\"}", NODE_ESCAPE_HTML);

	cr_assert(eq(str, text, "{\"\\u003c\":\"a\\u0026b\\u003e\"}"));
}

Test(data_node_json, bad_utf8_in_a_made_string_is_written_as_a_replacement)
{
	cleanup_strbuf struct strbuf sb = STRBUF_INIT;
	cleanup_node struct node *node = node_new_str("a\xff\xc3");

	node_write_json(&sb, node, NODE_COMPACT);
	cr_assert(eq(str, sb.buf, "\"a\\ufffd\\ufffd\""));
}
