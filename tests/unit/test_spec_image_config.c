/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <errno.h>

#include "base/alloc.h"
#include "spec/image_config.h"

#define HEX16 "0123456789abcdef"
#define DIGEST "sha256:" HEX16 HEX16 HEX16 HEX16

static int
parse(const char *text)
{
	struct image_config config;
	int r = image_config_parse(span_of(text), &config, NULL);

	if (!r)
		image_config_release(&config);
	return r;
}

Test(spec_image_config, every_part_is_read)
{
	static const char text[] =
		"{\"architecture\":\"arm\",\"variant\":\"v7\",\"os\":\"linux\","
		"\"created\":\"2024-01-02T03:04:05Z\",\"x\":1,"
		"\"config\":{\"User\":\"app:1\",\"WorkingDir\":\"/w\","
		"\"Env\":[\"A=b\",\"C=\",\"D\",\"=e\"],"
		"\"Entrypoint\":[\"/e\"],\"Cmd\":[\"a\",\"b\"],"
		"\"Volumes\":{\"/v\":{}},\"ExposedPorts\":{\"80/tcp\":{}},"
		"\"Labels\":{\"k\":\"v\"},\"StopSignal\":\"SIGQUIT\","
		"\"Healthcheck\":{\"Test\":[\"CMD\",\"true\"]}},"
		"\"rootfs\":{\"type\":\"layers\",\"diff_ids\":[\"" DIGEST
		"\"]}}";
	struct image_config c;

	cr_assert(eq(int, image_config_parse(span_of(text), &c, NULL), 0));
	cr_expect(eq(str, c.platform.arch, (char *)"arm"));
	cr_expect(eq(str, c.platform.variant, (char *)"v7"));
	cr_expect(eq(sz, c.diff_id_count, 1));
	cr_expect(eq(str, c.diff_ids[0].text, (char *)DIGEST));
	cr_expect(eq(str, (char *)c.created, (char *)"2024-01-02T03:04:05Z"));
	cr_expect(eq(str, (char *)c.user, (char *)"app:1"));
	cr_expect(eq(str, (char *)c.working_dir, (char *)"/w"));
	cr_expect(eq(str, (char *)c.stop_signal, (char *)"SIGQUIT"));
	cr_expect(eq(sz, c.env.len, 2));
	cr_expect(eq(str, c.env.v[1], (char *)"C="));
	cr_expect(eq(str, c.entrypoint.v[0], (char *)"/e"));
	cr_expect(eq(sz, c.cmd.len, 2));
	cr_expect(eq(str, c.volumes.v[0], (char *)"/v"));
	cr_expect(eq(str, c.exposed_ports.v[0], (char *)"80/tcp"));
	cr_expect(eq(str, (char *)node_get_str(c.labels, "k"), (char *)"v"));
	cr_expect(eq(sz, node_len(node_get(c.healthcheck, "Test")), 2));
	cr_expect(eq(i64, node_get_int(c.doc, "x", 0), 1));
	image_config_release(&c);
}

Test(spec_image_config, the_smallest_document_gets_defaults)
{
	struct image_config c;

	cr_assert(eq(int, image_config_parse(span_of("{}"), &c, NULL), 0));
	cr_expect(eq(str, c.platform.os, (char *)"linux"));
	cr_expect(eq(str, (char *)c.user, (char *)""));
	cr_expect(eq(str, (char *)c.working_dir, (char *)""));
	cr_expect(eq(ptr, (void *)c.stop_signal, NULL));
	cr_expect(eq(ptr, (void *)c.created, NULL));
	cr_expect(eq(sz, c.diff_id_count, 0));
	image_config_release(&c);
}

Test(spec_image_config, a_string_is_an_argv_of_one)
{
	struct image_config c;

	cr_assert(
		eq(int,
		   image_config_parse(span_of("{\"config\":{\"Cmd\":\"a b\"}}"),
				      &c, NULL),
		   0));
	cr_assert(eq(sz, c.cmd.len, 1));
	cr_assert(eq(str, c.cmd.v[0], (char *)"a b"));
	image_config_release(&c);
}

Test(spec_image_config, nulls_are_as_absent)
{
	cr_assert(eq(int,
		     parse("{\"created\":null,\"config\":{\"Env\":null,"
			   "\"Cmd\":null,\"Volumes\":null,\"Labels\":null,"
			   "\"Healthcheck\":null,\"User\":null},"
			   "\"rootfs\":{\"diff_ids\":null}}"),
		     0));
	cr_assert(eq(int, parse("{\"config\":null,\"rootfs\":null}"), 0));
}

Test(spec_image_config, wrong_kinds_and_bad_digests_are_refused)
{
	static const char *const cases[] = {
		"",
		"[]",
		"{\"os\":1}",
		"{\"os\":\"01234567890123456789012345678901\"}",
		"{\"architecture\":[]}",
		"{\"created\":1}",
		"{\"config\":[]}",
		"{\"config\":{\"User\":0}}",
		"{\"config\":{\"Env\":\"A=b\"}}",
		"{\"config\":{\"Env\":[1]}}",
		"{\"config\":{\"Env\":[\"A=\\u0000\"]}}",
		"{\"config\":{\"Cmd\":[\"a\\u0000b\"]}}",
		"{\"config\":{\"Cmd\":[null]}}",
		"{\"config\":{\"Entrypoint\":{}}}",
		"{\"config\":{\"Volumes\":[\"/v\"]}}",
		"{\"config\":{\"ExposedPorts\":[]}}",
		"{\"config\":{\"Labels\":{\"a\":1}}}",
		"{\"config\":{\"Healthcheck\":[]}}",
		"{\"config\":{\"Healthcheck\":{\"Test\":\"x\"}}}",
		"{\"rootfs\":[]}",
		"{\"rootfs\":{\"diff_ids\":[\"sha256:../x\"]}}",
		"{\"rootfs\":{\"diff_ids\":[1]}}",
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		cr_expect(eq(int, parse(cases[i]), -EBADMSG), "%s", cases[i]);
}

Test(spec_image_config, what_an_image_asks_for_has_a_limit)
{
	cleanup_strbuf struct strbuf sb = STRBUF_INIT;

	strbuf_addstr(&sb, "{\"config\":{\"Volumes\":{\"/0\":{}");
	for (int i = 1; i < IMAGE_CONFIG_MAX_VOLUMES; i++)
		strbuf_addf(&sb, ",\"/%d\":{}", i);
	strbuf_addstr(&sb, "}}}");
	cr_assert(eq(int, parse(sb.buf), 0));
	strbuf_truncate(&sb, sb.len - 3);
	strbuf_addstr(&sb, ",\"/x\":{}}}}");
	cr_assert(eq(int, parse(sb.buf), -EBADMSG));
}
