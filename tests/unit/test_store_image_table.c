/* SPDX-License-Identifier: Apache-2.0 */
#include "store_fixture.h"

#include "base/units.h"

TestSuite(store_image_table, .init = fixture_setup, .fini = fixture_teardown);

#define HEX_A "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define HEX_B "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"

static struct image_row
row_of(const char *name)
{
	struct image_facts facts = { .media_type = MEDIA_OCI_MANIFEST,
				     .manifest = digest_of_hex(HEX_A),
				     .manifest_bytes = 1234,
				     .id = digest_of_hex(HEX_B),
				     .created = "2024-05-06T07:08:09Z",
				     .size_bytes = 77 };
	struct image_row plain;
	struct image_row row;

	platform_host(&facts.platform);
	image_row_make(&facts, &plain);
	image_row_renamed(&plain, name, &row);
	image_row_release(&plain);
	return row;
}

Test(store_image_table, what_is_saved_is_loaded)
{
	cleanup_image_table struct image_table out = IMAGE_TABLE_INIT;
	cleanup_image_table struct image_table in = IMAGE_TABLE_INIT;

	cr_assert(eq(int, store_lay_out(&store, NULL), 0));
	image_table_add(&out, row_of("docker.io/library/a:1"));
	image_table_add(&out, row_of(NULL));
	cr_assert(eq(int, image_table_save(&store, &out, NULL), 0));
	cr_assert(eq(int, image_table_load(&store, &in, NULL), 0));
	cr_assert(eq(sz, in.len, 2));
	cr_assert(eq(str, in.rows[0].name, "docker.io/library/a:1"));
	cr_assert(in.rows[1].name == NULL);
	cr_assert(eq(str, in.rows[0].media_type, MEDIA_OCI_MANIFEST));
	cr_assert(eq(str, in.rows[0].manifest.text, "sha256:" HEX_A));
	cr_assert(eq(str, in.rows[0].id.text, "sha256:" HEX_B));
	cr_assert(eq(i64, in.rows[0].manifest_bytes, 1234));
	cr_assert(eq(i64, in.rows[0].size_bytes, 77));
	cr_assert(eq(i64, in.rows[0].created_ns,
		     INT64_C(1714979289) * UNITS_NS_PER_S));
}

Test(store_image_table, one_name_is_found_without_the_rest)
{
	static const char text[] = IMAGE_TABLE_HEAD
		"this is no JSON,\n"
		"{\"mediaType\":\"m\",\"digest\":\"sha256:" HEX_A
		"\",\"size\":5,\"annotations\":{\"" IMAGE_TABLE_NAME
		"\":\"docker.io/library/a:1\"}},\n" IMAGE_TABLE_TAIL;
	struct span span = span_new(text, sizeof(text) - 1);
	struct image_row row;

	cr_assert(
		eq(int,
		   image_table_find(span, "docker.io/library/a:1", &row, NULL),
		   0));
	cr_assert(eq(i64, row.manifest_bytes, 5));
	image_row_release(&row);
	cr_assert(
		eq(int,
		   image_table_find(span, "docker.io/library/a:11", &row, NULL),
		   -ENOENT));
}

Test(store_image_table, a_key_inside_a_value_is_not_taken_for_one)
{
	cleanup_image_table struct image_table table = IMAGE_TABLE_INIT;
	cleanup_node struct node *entry = NULL;
	struct image_row row;
	static const char text[] =
		"{\"mediaType\":\"x\",\"digest\":\"sha256:" HEX_A
		"\",\"size\":5,\"annotations\":{\"a\":\"\\\"dev.dhow.config\\\":"
		"\\\"sha256:" HEX_A "\\\"\",\"dev.dhow.config\":\"sha256:" HEX_B
		"\"}}";

	cr_assert(eq(int, store_lay_out(&store, NULL), 0));
	cr_assert(eq(int, node_parse_json(span_of(text), "test", &entry, NULL),
		     0));
	cr_assert(eq(int, image_row_from_node(entry, &row, NULL), 0));
	image_table_add(&table, row);
	cr_assert(eq(int, image_table_save(&store, &table, NULL), 0));
	image_table_release(&table);
	cr_assert(eq(int, image_table_load(&store, &table, NULL), 0));
	cr_assert(eq(str, table.rows[0].id.text, "sha256:" HEX_B));
}

Test(store_image_table, a_table_of_another_tool_is_read)
{
	cleanup_image_table struct image_table table = IMAGE_TABLE_INIT;

	fixture_write(IMAGE_TABLE_FILE,
		      "{\"schemaVersion\":2,\"manifests\":[{\"mediaType\":"
		      "\"" MEDIA_OCI_MANIFEST "\",\"digest\":\"sha256:" HEX_A
		      "\",\"size\":7,\"annotations\":{"
		      "\"org.opencontainers.image.ref.name\":\"latest\"}}]}");
	cr_assert(eq(int, image_table_load(&store, &table, NULL), 0));
	cr_assert(eq(sz, table.len, 1));
	cr_assert(eq(str, table.rows[0].name, "latest"));
	cr_assert(eq(str, table.rows[0].id.text, ""));
	cr_assert(eq(i64, table.rows[0].size_bytes, -1));
}

Test(store_image_table, damage_is_told_and_not_guessed)
{
	static const char *const texts[] = {
		"",
		"{",
		"[]",
		"{\"manifests\":[{\"digest\":\"sha256:12\",\"size\":1}]}",
		IMAGE_TABLE_HEAD,
		IMAGE_TABLE_HEAD "{\"digest\":1}\n" IMAGE_TABLE_TAIL,
	};

	for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
		struct image_table table;

		cr_expect(eq(int,
			     image_table_parse(span_of(texts[i]), &table, NULL),
			     -EBADMSG),
			  "case %zu", i);
	}
}

Test(store_image_table, a_store_without_the_file_is_empty)
{
	cleanup_image_table struct image_table table = IMAGE_TABLE_INIT;

	cr_assert(eq(int, image_table_load(&store, &table, NULL), 0));
	cr_assert(eq(sz, table.len, 0));
}

Test(store_image_table, a_damaged_line_keeps_what_is_known_when_renamed)
{
	static const char text[] = IMAGE_TABLE_HEAD
		"{\"mediaType\":\"m\",\"digest\":\"sha256:" HEX_A
		"\",\"size\":5,\"annotations\":{\"" IMAGE_TABLE_NAME
		"\":\"docker.io/library/a:1\"\n" IMAGE_TABLE_TAIL;
	struct image_row row;
	struct image_row renamed;

	cr_assert(eq(int,
		     image_table_find(span_of(text), "docker.io/library/a:1",
				      &row, NULL),
		     0));
	image_row_renamed(&row, "docker.io/library/b:1", &renamed);
	cr_assert(eq(str, renamed.name, "docker.io/library/b:1"));
	cr_assert(eq(str, renamed.manifest.text, "sha256:" HEX_A));
	image_row_release(&row);
	image_row_release(&renamed);
}
