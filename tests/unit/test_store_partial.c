/* SPDX-License-Identifier: Apache-2.0 */
#include "store/index_list.h"
#include "store/partial.h"
#include "store_fixture.h"

static struct digest
some_digest(void)
{
	return digest_of_hex("00112233445566778899aabbccddeeff"
			     "00112233445566778899aabbccddeeff");
}

Test(store_partial, what_was_written_is_there_the_next_time,
     .init = fixture_setup, .fini = fixture_teardown)
{
	struct digest digest = some_digest();
	int64_t bytes = -1;
	int fd = -1, second = -1;

	cr_assert(eq(int, store_lay_out(&store, NULL), 0));
	cr_assert(eq(int, partial_open(&store, &digest, 100, &fd, &bytes, NULL),
		     0));
	cr_expect(eq(int, (int)bytes, 0));
	cr_assert(eq(int, (int)write(fd, "abc", 3), 3));
	cr_expect(eq(int,
		     partial_open(&store, &digest, 100, &second, &bytes, NULL),
		     -EBUSY));
	(void)close(fd);
	cr_assert(eq(int, partial_open(&store, &digest, 100, &fd, &bytes, NULL),
		     0));
	cr_expect(eq(int, (int)bytes, 3));
	cr_expect(eq(int, (int)lseek(fd, 0, SEEK_CUR), 3));
	(void)close(fd);
	/* Longer than the blob can be: it is not its beginning. */
	cr_assert(eq(int, partial_open(&store, &digest, 2, &fd, &bytes, NULL),
		     0));
	cr_expect(eq(int, (int)bytes, 0));
	(void)close(fd);
}

Test(store_partial, only_old_ones_are_removed, .init = fixture_setup,
     .fini = fixture_teardown)
{
	struct digest digest = some_digest();
	const struct timespec old[2] = { { .tv_sec = 1 }, { .tv_sec = 1 } };
	char path[PARTIAL_PATH_BYTES];
	int64_t bytes;
	int fd = -1;

	cr_assert(eq(int, store_lay_out(&store, NULL), 0));
	cr_assert(eq(int, partial_open(&store, &digest, 100, &fd, &bytes, NULL),
		     0));
	cr_assert(eq(int, (int)write(fd, "abc", 3), 3));
	(void)partial_path(&digest, path);
	partial_collect(&store);
	cr_expect(eq(int, faccessat(store.dirfd, path, F_OK, 0), 0));
	cr_assert(eq(int, futimens(fd, old), 0));
	partial_collect(&store);
	cr_expect(eq(int, faccessat(store.dirfd, path, F_OK, 0), 0),
		  "one that is written to stays");
	(void)close(fd);
	partial_collect(&store);
	cr_expect(eq(int, faccessat(store.dirfd, path, F_OK, 0), -1));
}

static bool
is_there(const char *path)
{
	return faccessat(store.dirfd, path, F_OK, 0) == 0;
}

Test(store_partial, what_failed_keeps_its_blobs_from_gc, .init = fixture_setup,
     .fini = fixture_teardown)
{
	char path[PARTIAL_PATH_BYTES];
	struct digest digest;
	int64_t bytes;
	int fd = -1;

	cr_assert(eq(int, store_lay_out(&store, NULL), 0));
	cr_assert(eq(int, blob_put(&store, "abc", 3, &digest, NULL), 0));
	(void)partial_path(&digest, path);
	partial_keep(&store, &digest);
	cr_assert(eq(int, store_gc(&store, NULL, NULL), 0));
	cr_expect(eq(int, blob_exists(&store, &digest, 3), 0));
	cr_assert(eq(int, partial_open(&store, &digest, 3, &fd, &bytes, NULL),
		     0));
	cr_expect(eq(i64, bytes, 3));
	partial_forget(&store, &digest);
	cr_expect(eq(int, (int)partial_prune(&store), 0));
	cr_expect(is_there(path), "one that is written to stays");
	(void)close(fd);
	cr_expect(eq(int, (int)partial_prune(&store), 3));
	cr_expect(not(is_there(path)));
	partial_forget(&store, &digest);
	cr_expect(not(is_there(path)), "nothing is made by forgetting");
}

static void
count_list(const struct node *index, void *data)
{
	*(size_t *)data += node_len(node_get(index, "manifests"));
}

Test(store_index_list, a_list_is_kept_by_its_name, .init = fixture_setup,
     .fini = fixture_teardown)
{
	cleanup_node struct node *index = index_list_new();
	cleanup_node struct node *back = NULL;
	const char *name = "localhost:5000/a/b:1";
	size_t count = 0;

	node_set_str(node_push(node_get(index, "manifests"), node_new_obj()),
		     "digest", "x");
	cr_assert(eq(int, index_list_save(&store, name, index, NULL), 0));
	cr_assert(eq(int, index_list_load(&store, name, &back, NULL), 0));
	cr_expect(node_equal(index, back));
	index_list_each(&store, count_list, &count);
	cr_expect(eq(sz, count, 1));
	cr_expect(eq(int, index_list_load(&store, "a/b:2", &back, NULL),
		     -ENOENT));
	cr_expect(eq(int, index_list_remove(&store, name, NULL), 0));
	cr_expect(eq(int, index_list_remove(&store, name, NULL), -ENOENT));
}
