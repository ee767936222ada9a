/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <sys/stat.h>

#include "base/alloc.h"
#include "data/node.h"

static char *
written(const struct node *node, int flags)
{
	struct strbuf sb = STRBUF_INIT;

	node_write_json(&sb, node, flags);
	return strbuf_take(&sb);
}

Test(data_node, absent_values_answer_the_default)
{
	cleanup_node struct node *obj = node_new_obj();

	node_set_int(obj, "n", 7);
	cr_expect(eq(int, (int)node_kind(NULL), (int)NODE_NULL));
	cr_expect(zero(ptr, node_get(NULL, "a")));
	cr_expect(zero(ptr, node_get(node_get(obj, "a"), "b")));
	cr_expect(zero(ptr, (void *)node_get_str(obj, "n")));
	cr_expect(eq(i64, node_get_int(obj, "n", 1), 7));
	cr_expect(eq(i64, node_get_int(obj, "m", 1), 1));
	cr_expect(node_get_bool(obj, "n", true));
	cr_expect(zero(ptr, node_at(obj, 0)));
	cr_expect(zero(ptr, node_value_at(obj, 1)));
	cr_expect(eq(sz, node_len(node_get(obj, "n")), 0));
}

Test(data_node, a_set_member_replaces_the_old_one_in_place)
{
	cleanup_node struct node *obj = node_new_obj();
	cleanup_free char *text = NULL;

	node_set_str(obj, "a", "old");
	node_set_bool(obj, "b", true);
	node_set_null(obj, "a");
	text = written(obj, NODE_COMPACT);
	cr_assert(eq(str, text, "{\"a\":null,\"b\":true}"));
}

Test(data_node, need_obj_and_need_arr_make_what_is_absent)
{
	cleanup_node struct node *obj = node_new_obj();
	cleanup_free char *text = NULL;

	node_set_str(node_need_obj(obj, "o"), "k", "v");
	node_set_str(node_need_obj(obj, "o"), "l", "w");
	node_push_str(node_need_arr(obj, "a"), "x");
	node_push_str(node_need_arr(obj, "a"), "y");
	text = written(obj, NODE_COMPACT);
	cr_assert(eq(str, text,
		     "{\"o\":{\"k\":\"v\",\"l\":\"w\"},\"a\":[\"x\",\"y\"]}"));
}

Test(data_node, large_objects_keep_order_and_find_every_key)
{
	cleanup_node struct node *obj = node_new_obj();
	char key[16];

	for (int i = 0; i < 500; i++) {
		(void)snprintf(key, sizeof(key), "k%d", i);
		node_set_int(obj, key, i);
	}
	for (int i = 0; i < 500; i += 3) {
		(void)snprintf(key, sizeof(key), "k%d", i);
		cr_expect(node_del(obj, key));
		cr_expect(not(node_del(obj, key)));
	}
	for (int i = 0; i < 500; i++) {
		(void)snprintf(key, sizeof(key), "k%d", i);
		cr_expect(eq(i64, node_get_int(obj, key, -1), i % 3 ? i : -1),
			  "%s", key);
	}
	cr_expect(eq(str, (char *)node_key_at(obj, 0), "k1"));
	node_sort_keys(obj);
	cr_expect(eq(str, (char *)node_key_at(obj, 1), "k10"));
	cr_expect(eq(i64, node_get_int(obj, "k499", -1), 499));
}

Test(data_node, a_clone_is_equal_and_independent)
{
	static const char text[] =
		"{\"a\":[1,2.50,\"x\",null,true,{\"b\":{}}]}";
	cleanup_node struct node *one = NULL;
	cleanup_node struct node *two = NULL;
	cleanup_free char *again = NULL;

	cr_assert(zero(int, node_parse_json(span_of(text), "t", &one, NULL)));
	two = node_clone(one);
	cr_expect(node_equal(one, two));
	node_push_str(node_get(two, "a"), "more");
	cr_expect(not(node_equal(one, two)));
	again = written(one, NODE_COMPACT);
	cr_expect(eq(str, again, (char *)text));
}

Test(data_node, equality_ignores_member_order_but_not_element_order)
{
	static const struct {
		const char *a, *b;
		bool want;
	} cases[] = {
		{ "{\"a\":1,\"b\":2}", "{\"b\":2,\"a\":1}", true },
		{ "{\"a\":1}", "{\"b\":1}", false },
		{ "[1,2]", "[2,1]", false },
		{ "[1]", "[1,1]", false },
		{ "1", "1.0", false },
		{ "\"a\"", "\"b\"", false },
		{ "null", "null", true },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		cleanup_node struct node *a = NULL;
		cleanup_node struct node *b = NULL;

		(void)node_parse_json(span_of(cases[i].a), "a", &a, NULL);
		(void)node_parse_json(span_of(cases[i].b), "b", &b, NULL);
		cr_expect(eq(int, node_equal(a, b), cases[i].want), "%s %s",
			  cases[i].a, cases[i].b);
	}
}

Test(data_node, a_string_never_holds_a_nul)
{
	cleanup_node struct node *node = node_new_strn("a\0b", 3);

	cr_assert(eq(str, (char *)node_str(node),
		     "a\xef\xbf\xbd"
		     "b"));
}

Test(data_node, strvecs_go_in_and_come_out)
{
	cleanup_strvec struct strvec in = STRVEC_INIT;
	cleanup_strvec struct strvec out = STRVEC_INIT;
	cleanup_node struct node *obj = node_new_obj();

	strvec_add(&in, "a");
	strvec_add(&in, "b");
	node_set_strvec(obj, "v", &in);
	node_push(node_get(obj, "v"), node_new_int(1));
	node_set_strvec(obj, "none", NULL);
	node_get_strvec(obj, "v", &out);
	node_get_strvec(obj, "none", &out);
	cr_assert(eq(sz, out.len, 2));
	cr_expect(eq(str, out.v[1], "b"));
}

Test(data_node, floats_are_written_as_go_writes_them)
{
	static const struct {
		double value;
		const char *want;
	} cases[] = {
		{ 0, "0" },
		{ -0.0, "-0" },
		{ 1, "1" },
		{ 0.1, "0.1" },
		{ 100, "100" },
		{ 123456789, "123456789" },
		{ 1.5e300, "1.5e+300" },
		{ 1e20, "100000000000000000000" },
		{ 1e21, "1e+21" },
		{ 1e-6, "0.000001" },
		{ 1e-7, "1e-7" },
		{ 3.4e-10, "3.4e-10" },
		{ 0.30000000000000004, "0.30000000000000004" },
		{ 5e-324, "5e-324" },
		{ -2.75, "-2.75" },
		{ INFINITY, "null" },
		{ NAN, "null" },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		cleanup_node struct node *node = node_new_float(cases[i].value);
		cleanup_free char *text = written(node, NODE_COMPACT);

		cr_expect(eq(str, text, (char *)cases[i].want), "case %zu", i);
	}
}

Test(data_node, node_err_leads_with_the_position)
{
	cleanup_node struct node *node = NULL;
	cleanup_node struct node *made = node_new_null();
	struct err err = ERR_INIT;

	cr_assert(zero(int, node_parse_json(span_of("{\n  \"a\": 1}"), "f.json",
					    &node, NULL)));
	cr_expect(
		eq(int,
		   node_err(node_get(node, "a"), &err, EINVAL, "no %s", "way"),
		   -EINVAL));
	cr_expect(eq(str, err.text, "f.json:2:8: no way"));
	(void)node_err(made, &err, EINVAL, "no way");
	cr_expect(eq(str, err.text, "no way"));
}

Test(data_node, elements_can_be_removed)
{
	cleanup_node struct node *arr = node_new_arr();
	cleanup_free char *text = NULL;

	for (int i = 0; i < 3; i++)
		node_push(arr, node_new_int(i));
	node_del_at(arr, 1);
	node_del_at(arr, 7);
	text = written(arr, NODE_COMPACT);
	cr_assert(eq(str, text, "[0,2]"));
}

Test(data_node, a_made_value_can_stand_where_another_stood)
{
	cleanup_node struct node *from = NULL;
	cleanup_node struct node *made = node_new_str("x");
	struct err err = ERR_INIT;

	cr_assert(
		zero(int, node_parse_json(span_of("\n 1"), "f", &from, NULL)));
	node_set_position(made, from);
	node_set_position(made, NULL);
	(void)node_err(made, &err, EINVAL, "bad");
	cr_assert(eq(str, err.text, "f:2:2: bad"));
}

Test(data_node, a_file_is_read_back_as_it_was_written)
{
	char dir[] = "/tmp/dhow-test-XXXXXX";
	cleanup_node struct node *node = node_new_obj();
	cleanup_node struct node *again = NULL;
	cleanup_close int dirfd = -EBADF;
	struct stat st;

	cr_assert(ne(ptr, mkdtemp(dir), NULL));
	dirfd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	node_set_str(node, "k", "v");
	cr_expect(zero(int, node_write_json_file(dirfd, "a.json", node, 0600, 0,
						 NULL)));
	cr_expect(zero(int, fstatat(dirfd, "a.json", &st, 0)));
	cr_expect(eq(int, (int)(st.st_mode & 07777), 0600));
	cr_expect(eq(int, node_read_json_file(dirfd, "a.json", 3, &again, NULL),
		     -EFBIG));
	cr_expect(eq(int,
		     node_read_json_file(dirfd, "b.json", 100, &again, NULL),
		     -ENOENT));
	cr_expect(zero(int, node_read_json_file(dirfd, "a.json", 100, &again,
						NULL)));
	cr_expect(node_equal(node, again));
	(void)unlinkat(dirfd, "a.json", 0);
	(void)rmdir(dir);
}
