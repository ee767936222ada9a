/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <errno.h>

#include "base/alloc.h"
#include "data/decode.h"

struct inner {
	char *name;
	int64_t size;
};

struct outer {
	char *title;
	bool is_on;
	int64_t count;
	double share;
	struct strvec words;
	struct node *any;
	struct inner one;
	struct inner *many;
	size_t many_count;
};

static const struct field inner_fields[] = {
	FIELD_STR(struct inner, name, "Name", FIELD_REQUIRED),
	FIELD_INT(struct inner, size, "Size", FIELD_OMIT_EMPTY),
	FIELD_END,
};

static const struct field outer_fields[] = {
	FIELD_STR(struct outer, title, "Title", 0),
	FIELD_BOOL(struct outer, is_on, "On", 0),
	FIELD_INT(struct outer, count, "Count", 0),
	FIELD_FLOAT(struct outer, share, "Share", FIELD_OMIT_EMPTY),
	FIELD_STRVEC(struct outer, words, "Words", FIELD_OMIT_EMPTY),
	FIELD_NODE(struct outer, any, "Any", FIELD_OMIT_EMPTY),
	FIELD_STRUCT(struct outer, one, "One", 0, inner_fields),
	FIELD_STRUCTS(struct outer, many, many_count, "Many", FIELD_OMIT_EMPTY,
		      inner_fields),
	FIELD_END,
};

static int
read_outer(const char *text, int flags, struct outer *outer, struct err *err)
{
	cleanup_node struct node *node = NULL;

	cr_assert(zero(int, node_parse_json(span_of(text), "t", &node, err)));
	return decode_read(node, outer_fields, flags, outer, err);
}

Test(data_decode, a_struct_comes_back_as_it_was_read)
{
	static const char text[] =
		"{\"Title\":\"t\",\"On\":true,\"Count\":-3,\"Share\":2,"
		"\"Words\":[\"a\",\"b\"],\"Any\":{\"k\":[1.50]},"
		"\"One\":{\"Name\":\"n\",\"Size\":1},"
		"\"Many\":[{\"Name\":\"x\"},{\"Name\":\"y\",\"Size\":2}]}";
	struct outer outer = { .title = xstrdup("old") };
	cleanup_node struct node *node = NULL;
	cleanup_strbuf struct strbuf sb = STRBUF_INIT;

	cr_assert(zero(int, read_outer(text, DECODE_STRICT, &outer, NULL)));
	cr_expect(eq(str, outer.title, "t"));
	cr_expect(eq(sz, outer.many_count, 2));
	cr_expect(eq(i64, outer.many[1].size, 2));
	node = decode_write(outer_fields, &outer);
	node_write_json(&sb, node, NODE_COMPACT);
	cr_expect(eq(str, sb.buf, (char *)text));
	decode_release(outer_fields, &outer);
	cr_expect(zero(ptr, outer.many));
}

Test(data_decode, what_is_absent_or_null_keeps_its_default)
{
	struct outer outer = { .title = xstrdup("kept"), .count = 9 };

	cr_assert(zero(int, read_outer("{\"Title\":null}", 0, &outer, NULL)));
	cr_expect(eq(str, outer.title, "kept"));
	cr_expect(eq(i64, outer.count, 9));
	decode_release(outer_fields, &outer);
}

Test(data_decode, empty_values_are_written_unless_omitted)
{
	struct outer outer = { .title = NULL };
	cleanup_node struct node *node = decode_write(outer_fields, &outer);
	cleanup_strbuf struct strbuf sb = STRBUF_INIT;

	node_write_json(&sb, node, NODE_COMPACT);
	cr_assert(eq(str, sb.buf,
		     "{\"Title\":\"\",\"On\":false,\"Count\":0,"
		     "\"One\":{\"Name\":\"\"}}"));
}

Test(data_decode, wrong_shapes_are_refused_with_place_and_path)
{
	static const struct {
		const char *text, *want, *hint;
	} cases[] = {
		{ "[]", "t:1:1: '.' must be an object, not an array", "" },
		{ "{\"Title\":1}",
		  "t:1:10: 'Title' must be a string, not an integer", "" },
		{ "{\"On\":\"true\"}",
		  "t:1:7: 'On' must be true or false, not a string", "" },
		{ "{\"Count\":1.5}",
		  "t:1:10: 'Count' must be an integer, not a number", "" },
		{ "{\"Words\":\"a\"}",
		  "t:1:10: 'Words' must be an array of strings, not a string",
		  "" },
		{ "{\"Words\":[\"a\",null]}",
		  "t:1:15: 'Words[1]' must be a string, not null", "" },
		{ "{\"One\":{}}", "t:1:8: 'One.Name' is missing", "" },
		{ "{\"Many\":[{\"Name\":\"a\"},{\"Name\":true}]}",
		  "t:1:31: 'Many[1].Name' must be a string, not a boolean",
		  "" },
		{ "{\"One\":{\"Name\":\"n\",\n\"Sise\":1}}",
		  "t:2:1: 'One.Sise' is unknown here", "did you mean 'Size'?" },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct outer outer = { .title = NULL };
		struct err err = ERR_INIT;

		cr_expect(eq(int,
			     read_outer(cases[i].text, DECODE_STRICT, &outer,
					&err),
			     -EBADMSG),
			  "%s", cases[i].text);
		cr_expect(eq(str, err.text, (char *)cases[i].want));
		cr_expect(eq(str, err.hint, (char *)cases[i].hint));
		decode_release(outer_fields, &outer);
	}
}

Test(data_decode, unknown_keys_pass_unless_strict)
{
	struct outer outer = { .title = NULL };

	cr_expect(zero(int, read_outer("{\"Other\":1}", 0, &outer, NULL)));
	decode_release(outer_fields, &outer);
}
