/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tests/unit/store_fixture.h - a store in a directory of its own, and images
 * made of nothing but their documents.
 */
#ifndef TESTS_STORE_FIXTURE_H
#define TESTS_STORE_FIXTURE_H

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/fsx.h"
#include "store/blob.h"
#include "store/image_remove.h"
#include "store/layer.h"

static char place[64];
static struct store store;

static inline void
fixture_setup(void)
{
	int fd;

	(void)snprintf(place, sizeof(place), "/tmp/dhow-unit.XXXXXX");
	cr_assert(mkdtemp(place) != NULL);
	fd = open(place, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	cr_assert(ge(int, fd, 0));
	cr_assert(eq(int, store_open(&store, fd, NULL), 0));
	(void)close(fd);
}

static inline void
fixture_teardown(void)
{
	store_close(&store);
	(void)fsx_remove_tree(AT_FDCWD, place, NULL);
}

/* An unpacked layer called by one repeated hex digit. */
static inline struct digest
fixture_layer(char digit)
{
	struct layer_draft draft;
	struct layer_info info = { .size_bytes = 100, .id_mode = "single" };
	char hex[DIGEST_HEX_LEN + 1];
	struct digest diff_id;

	memset(hex, digit, DIGEST_HEX_LEN);
	hex[DIGEST_HEX_LEN] = '\0';
	diff_id = digest_of_hex(hex);
	cr_assert(eq(int, store_lay_out(&store, NULL), 0));
	if (layer_exists(&store, &diff_id))
		return diff_id;
	cr_assert(eq(int, layer_begin(&store, &draft, NULL), 0));
	cr_assert(eq(int, layer_commit(&store, &draft, &diff_id, &info, NULL),
		     0));
	return diff_id;
}

/*
 * An image of one layer whose config says @what, recorded as @name (NULL: not
 * at all). @repo_digest may be NULL.
 */
static inline struct image_row
fixture_image(const char *what, char layer, const char *name,
	      const struct digest *repo_digest)
{
	struct digest diff_id;
	struct image_facts facts = { .media_type = MEDIA_OCI_MANIFEST,
				     .created = "2024-05-06T07:08:09Z",
				     .size_bytes = 100,
				     .repo_digest = repo_digest };
	cleanup_free char *config = NULL;
	cleanup_free char *manifest = NULL;
	struct image_row row;
	struct digest blob;

	diff_id = fixture_layer(layer);
	config = xasprintf(
		"{\"architecture\":\"amd64\",\"os\":\"linux\",\"author\":\"%s\","
		"\"rootfs\":{\"type\":\"layers\",\"diff_ids\":[\"%s\"]}}",
		what, diff_id.text);
	cr_assert(eq(int, blob_put(&store, &layer, 1, &blob, NULL), 0));
	cr_assert(eq(int,
		     blob_put(&store, config, strlen(config), &facts.id, NULL),
		     0));
	manifest = xasprintf(
		"{\"schemaVersion\":2,\"mediaType\":\"" MEDIA_OCI_MANIFEST
		"\",\"config\":{\"mediaType\":\"" MEDIA_OCI_CONFIG
		"\",\"digest\":\"%s\",\"size\":%zu},\"layers\":[{\"mediaType\":"
		"\"" MEDIA_OCI_LAYER "\",\"digest\":\"%s\",\"size\":1}]}",
		facts.id.text, strlen(config), blob.text);
	cr_assert(eq(int,
		     blob_put(&store, manifest, strlen(manifest),
			      &facts.manifest, NULL),
		     0));
	facts.manifest_bytes = (int64_t)strlen(manifest);
	image_row_make(&facts, &row);
	if (name)
		cr_assert(
			eq(int, image_put(&store, &row, name, NULL, NULL), 0));
	return row;
}

/* Write a file of the store. */
static inline void
fixture_write(const char *name, const char *text)
{
	cr_assert(eq(int,
		     fsx_write_atomic(store.dirfd, name, text, strlen(text),
				      0644, 0, NULL),
		     0));
}

#endif
