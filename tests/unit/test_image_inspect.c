/* SPDX-License-Identifier: Apache-2.0 */
#include "store_fixture.h"

#include "image/image_inspect.h"
#include "image/transfer.h"

TestSuite(image_inspect, .init = fixture_setup, .fini = fixture_teardown);

Test(image_inspect, shows_every_name_of_the_image)
{
	struct digest repo = digest_of_hex(
		"eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee");
	struct image_row row =
		fixture_image("one", 'a', "docker.io/library/d:1", &repo);
	cleanup_image_table struct image_table table = IMAGE_TABLE_INIT;
	cleanup_node struct node *node = NULL;

	cr_assert(eq(int, image_put(&store, &row, "quay.io/me/e:2", NULL, NULL),
		     0));
	cr_assert(eq(int, image_list(&store, &table, NULL), 0));
	cr_assert(eq(int, image_inspect(&store, &table, &row, &node, NULL), 0));
	cr_expect(eq(str, (char *)node_get_str(node, "Id"), row.id.text));
	cr_expect(eq(sz, node_len(node_get(node, "RepoTags")), 2));
	cr_expect(eq(str, (char *)node_get_str(node, "Architecture"), "amd64"));
	cr_expect(eq(str, (char *)node_get_str(node, "Author"), "one"));
	cr_expect(eq(sz, node_len(node_get(node_get(node, "RootFS"), "Layers")),
		     1));
	cr_expect(eq(int, node_kind(node_get(node_get(node, "Config"), "Cmd")),
		     NODE_NULL));
	image_row_release(&row);
}

Test(image_transfer, an_event_comes_back_as_it_was_sent)
{
	char name[] = "docker.io/library/d:1";
	struct transfer_event sent = { .kind = TRANSFER_IMAGE,
				       .name = name,
				       .bytes_done = 5,
				       .is_new = true };
	struct transfer_event got = { .kind = 0 };
	cleanup_node struct node *doc = NULL;

	doc = decode_write(transfer_event_fields, &sent);
	cr_assert(eq(int,
		     decode_read(doc, transfer_event_fields, DECODE_STRICT,
				 &got, NULL),
		     0));
	cr_expect(eq(i64, got.kind, TRANSFER_IMAGE));
	cr_expect(eq(str, got.name, name));
	cr_expect(eq(i64, got.bytes_done, 5));
	cr_expect(got.is_new);
	cr_expect(got.text == NULL);
	decode_release(transfer_event_fields, &got);
}
