/* SPDX-License-Identifier: Apache-2.0 */
#include "store_fixture.h"

TestSuite(store_image, .init = fixture_setup, .fini = fixture_teardown);

static struct digest
some_digest(char digit)
{
	char hex[DIGEST_HEX_LEN + 1];

	memset(hex, digit, DIGEST_HEX_LEN);
	hex[DIGEST_HEX_LEN] = '\0';
	return digest_of_hex(hex);
}

static size_t
rows(void)
{
	cleanup_image_table struct image_table table = IMAGE_TABLE_INIT;

	cr_assert(eq(int, image_table_load(&store, &table, NULL), 0));
	return table.len;
}

static bool
finds(const char *text)
{
	struct image_row row;

	if (image_find(&store, text, &row, NULL, NULL) < 0)
		return false;
	image_row_release(&row);
	return true;
}

Test(store_image, is_found_by_everything_people_type)
{
	struct digest repo = some_digest('e');
	struct image_row row =
		fixture_image("one", 'a', "docker.io/library/debian:12", &repo);
	cleanup_free char *with_digest = xasprintf("debian@%s", repo.text);
	cleanup_free char *with_both = xasprintf("debian:9@%s", repo.text);
	cleanup_free char *other = xasprintf("ubuntu@%s", repo.text);
	char start[13];

	(void)snprintf(start, sizeof(start), "%s", digest_hex(&row.id));
	cr_expect(finds("debian:12"));
	cr_expect(finds("docker.io/library/debian:12"));
	cr_expect(finds("index.docker.io/debian:12"));
	cr_expect(finds(row.id.text));
	cr_expect(finds(digest_hex(&row.id)));
	cr_expect(finds(start));
	cr_expect(finds(row.manifest.text));
	cr_expect(finds(repo.text));
	cr_expect(finds(with_digest));
	cr_expect(finds(with_both));
	cr_expect(not(finds(other)), "a digest of another repository");
	cr_expect(not(finds("debian")), "latest is not 12");
	cr_expect(not(finds("ffffffffffff")));
	image_row_release(&row);
}

Test(store_image, localhost_is_a_synonym_both_ways)
{
	struct image_row row =
		fixture_image("one", 'a', "localhost/app:latest", NULL);

	cr_expect(finds("app"));
	image_row_release(&row);
	row = fixture_image("two", 'a', "docker.io/library/web:latest", NULL);
	cr_expect(finds("localhost/web"));
	cr_expect(not(finds("quay.io/web")));
	image_row_release(&row);
}

Test(store_image, an_ambiguous_start_of_an_id_names_the_candidates)
{
	struct err err = ERR_INIT;
	struct image_row row;
	char text[2] = "";
	int starts[16] = { 0 };

	/* 17 images: two of them share their first digit. */
	for (int i = 0; i < 17; i++) {
		cleanup_free char *what = xasprintf("image %d", i);
		cleanup_free char *name =
			xasprintf("docker.io/library/i:%d", i);
		int digit;

		row = fixture_image(what, 'a', name, NULL);
		digit = (int)strtol((char[2]){ *digest_hex(&row.id) }, NULL,
				    16);
		image_row_release(&row);
		if (++starts[digit] == 2)
			(void)snprintf(text, sizeof(text), "%x", digit);
	}
	cr_assert(eq(int, image_find(&store, text, &row, NULL, &err), -EEXIST));
	cr_assert(strstr(err.text, "is the start of") != NULL);
}

Test(store_image, a_name_beats_the_start_of_an_id)
{
	struct image_row one =
		fixture_image("one", 'a', "docker.io/library/x:1", NULL);
	cleanup_free char *name = NULL;
	char start[3] = { digest_hex(&one.id)[0], digest_hex(&one.id)[1] };
	struct image_row two;
	struct image_row found;

	name = xasprintf("docker.io/library/%s:latest", start);
	two = fixture_image("two", 'a', name, NULL);
	cr_assert(eq(int, image_find(&store, start, &found, NULL, NULL), 0));
	cr_assert(eq(str, found.id.text, two.id.text));
	image_row_release(&one);
	image_row_release(&two);
	image_row_release(&found);
}

Test(store_image, who_loses_its_tag_keeps_its_digest_or_dangles)
{
	struct digest repo = some_digest('e');
	struct image_row pulled =
		fixture_image("one", 'a', "docker.io/library/d:1", &repo);
	struct image_row built =
		fixture_image("two", 'a', "docker.io/library/d:1", NULL);
	cleanup_free char *name = xasprintf("d@%s", repo.text);
	struct image_row third =
		fixture_image("three", 'a', "docker.io/library/d:1", NULL);

	cr_expect(finds(name));
	cr_expect(finds(built.id.text), "dangling");
	cr_assert(eq(sz, rows(), 3));
	/* Back under its tag: the digest row says nothing more. */
	cr_assert(eq(int,
		     image_put(&store, &pulled, "docker.io/library/d:1", NULL,
			       NULL),
		     0));
	cr_assert(eq(sz, rows(), 3));
	image_row_release(&pulled);
	image_row_release(&built);
	image_row_release(&third);
}

Test(store_image, a_tag_in_another_repository_has_no_repository_digest)
{
	struct digest repo = some_digest('e');
	struct image_row row =
		fixture_image("one", 'a', "docker.io/library/d:1", &repo);
	cleanup_image_table struct image_table table = IMAGE_TABLE_INIT;
	cleanup_strvec struct strvec tags = STRVEC_INIT;
	cleanup_strvec struct strvec digests = STRVEC_INIT;
	struct image_row found;

	cr_assert(eq(int, image_find(&store, "d:1", &found, NULL, NULL), 0));
	cr_assert(eq(int,
		     image_put(&store, &found, "quay.io/me/e:2", NULL, NULL),
		     0));
	cr_assert(eq(int, image_list(&store, &table, NULL), 0));
	image_names(&table, &row.id, &tags, &digests);
	cr_assert(eq(sz, tags.len, 2));
	cr_assert(eq(sz, digests.len, 1));
	cr_assert(strncmp(digests.v[0], "d@sha256:eee", 12) == 0);
	image_row_release(&row);
	image_row_release(&found);
}

Test(store_image, what_another_tool_wrote_is_listed_and_found)
{
	struct image_row row = fixture_image("one", 'a', NULL, NULL);
	cleanup_image_table struct image_table table = IMAGE_TABLE_INIT;
	cleanup_free char *text = NULL;

	text = xasprintf("{\"schemaVersion\":2,\"manifests\":[{\"mediaType\":"
			 "\"" MEDIA_OCI_MANIFEST
			 "\",\"digest\":\"%s\",\"size\":%lld,\"annotations\":{"
			 "\"org.opencontainers.image.ref.name\":\"deb:1\"}}]}",
			 row.manifest.text, (long long)row.manifest_bytes);
	fixture_write(IMAGE_TABLE_FILE, text);
	cr_assert(eq(int, image_list(&store, &table, NULL), 0));
	cr_assert(eq(sz, table.len, 1));
	cr_assert(eq(str, table.rows[0].name, "docker.io/library/deb:1"));
	cr_assert(eq(str, table.rows[0].id.text, row.id.text));
	cr_assert(eq(i64, table.rows[0].size_bytes, 100));
	cr_expect(finds("deb:1"));
	image_row_release(&row);
}

Test(store_image, the_last_tag_takes_the_image_along)
{
	struct image_removal removal = { .untagged = STRVEC_INIT };
	struct image_row row =
		fixture_image("one", 'a', "docker.io/library/d:1", NULL);

	cr_assert(
		eq(int,
		   image_put(&store, &row, "docker.io/library/d:2", NULL, NULL),
		   0));
	cr_assert(
		eq(int, image_remove(&store, "d:1", false, &removal, NULL), 0));
	cr_assert(eq(sz, removal.deleted.len, 0));
	cr_assert(
		eq(int, image_remove(&store, "d:2", false, &removal, NULL), 0));
	cr_assert(eq(sz, removal.untagged.len, 2));
	cr_assert(eq(str, removal.deleted.v[0], row.id.text));
	cr_assert(eq(sz, rows(), 0));
	image_removal_release(&removal);
	image_row_release(&row);
}

Test(store_image, an_id_named_in_two_repositories_needs_force)
{
	struct image_removal removal = { .untagged = STRVEC_INIT };
	struct image_row row =
		fixture_image("one", 'a', "docker.io/library/d:1", NULL);

	cr_assert(eq(int, image_put(&store, &row, "quay.io/me/e:2", NULL, NULL),
		     0));
	cr_assert(eq(int,
		     image_remove(&store, row.id.text, false, &removal, NULL),
		     -EBUSY));
	cr_assert(eq(int,
		     image_remove(&store, row.id.text, true, &removal, NULL),
		     0));
	cr_assert(eq(sz, removal.untagged.len, 2));
	image_removal_release(&removal);
	image_row_release(&row);
}

Test(store_image, a_container_keeps_its_image)
{
	struct image_removal removal = { .untagged = STRVEC_INIT };
	struct image_row row =
		fixture_image("one", 'a', "docker.io/library/d:1", NULL);
	struct digest layer = some_digest('a');
	cleanup_free char *config = NULL;

	cr_assert(eq(int, mkdirat(store.dirfd, "containers", 0755), 0));
	cr_assert(eq(int, mkdirat(store.dirfd, "containers/c1", 0755), 0));
	config = xasprintf("{\"Image\":\"%s\",\"Layers\":[\"%s\"]}",
			   row.id.text, digest_hex(&layer));
	fixture_write("containers/c1/config.json", config);
	cr_assert(eq(int, image_remove(&store, "d:1", false, &removal, NULL),
		     -EBUSY));
	cr_assert(
		eq(int, image_remove(&store, "d:1", true, &removal, NULL), 0));
	cr_assert(eq(int, store_gc(&store, NULL, NULL), 0));
	cr_expect(layer_exists(&store, &layer), "in use by c1");
	cr_expect(not(blob_exists(&store, &row.id, -1)));
	image_removal_release(&removal);
	image_row_release(&row);
}

Test(store_image, untag_leaves_it_dangling)
{
	struct image_removal removal = { .untagged = STRVEC_INIT };
	struct image_row row =
		fixture_image("one", 'a', "docker.io/library/d:1", NULL);

	cr_assert(eq(int, image_untag(&store, "d:1", &removal, NULL), 0));
	cr_assert(eq(str, removal.untagged.v[0], "d:1"));
	cr_expect(not(finds("d:1")));
	cr_expect(finds(row.id.text));
	image_removal_release(&removal);
	image_row_release(&row);
}

Test(store_image, gc_keeps_what_is_shared_and_takes_the_rest)
{
	struct image_removal removal = { .untagged = STRVEC_INIT };
	struct image_row one =
		fixture_image("one", 'a', "docker.io/library/d:1", NULL);
	struct image_row two =
		fixture_image("two", 'b', "docker.io/library/d:2", NULL);
	struct image_row three =
		fixture_image("three", 'b', "docker.io/library/d:3", NULL);
	struct digest a = some_digest('a');
	struct digest b = some_digest('b');
	uint64_t bytes = 0;

	cr_assert(
		eq(int, image_remove(&store, "d:1", false, &removal, NULL), 0));
	cr_assert(
		eq(int, image_remove(&store, "d:2", false, &removal, NULL), 0));
	cr_assert(eq(int, store_gc(&store, &bytes, NULL), 0));
	cr_expect(not(layer_exists(&store, &a)));
	cr_expect(layer_exists(&store, &b), "of d:3");
	cr_expect(not(blob_exists(&store, &one.id, -1)));
	cr_expect(not(blob_exists(&store, &two.manifest, -1)));
	cr_expect(blob_exists(&store, &three.manifest, -1));
	cr_expect(gt(u64, bytes, 100));
	image_removal_release(&removal);
	image_row_release(&one);
	image_row_release(&two);
	image_row_release(&three);
}

Test(store_image, gc_waits_while_anybody_pins)
{
	struct image_row row = fixture_image("one", 'a', NULL, NULL);
	int pin = store_pin(&store, NULL);

	cr_assert(ge(int, pin, 0));
	cr_assert(eq(int, store_gc(&store, NULL, NULL), 0));
	cr_expect(blob_exists(&store, &row.id, -1));
	(void)close(pin);
	cr_assert(eq(int, store_gc(&store, NULL, NULL), 0));
	cr_expect(not(blob_exists(&store, &row.id, -1)));
	image_row_release(&row);
}

Test(store_image, gc_touches_nothing_when_a_container_cannot_be_read)
{
	struct image_row row = fixture_image("one", 'a', NULL, NULL);

	cr_assert(eq(int, mkdirat(store.dirfd, "containers", 0755), 0));
	cr_assert(eq(int, mkdirat(store.dirfd, "containers/c1", 0755), 0));
	fixture_write("containers/c1/config.json", "{");
	cr_assert(eq(int, store_gc(&store, NULL, NULL), -EBADMSG));
	cr_expect(blob_exists(&store, &row.id, -1));
	image_row_release(&row);
}
