/* SPDX-License-Identifier: Apache-2.0 */
#include "store_fixture.h"

#include <sys/wait.h>

#include "base/proc.h"
#include "store/volume.h"

TestSuite(store_layer, .init = fixture_setup, .fini = fixture_teardown);
TestSuite(store_volume, .init = fixture_setup, .fini = fixture_teardown);

static const struct layer_info info = { .size_bytes = 5, .id_mode = "range" };

static bool
tmp_is_empty(void)
{
	return unlinkat(store.dirfd, "tmp", AT_REMOVEDIR) == 0 &&
	       mkdirat(store.dirfd, "tmp", 0755) == 0;
}

Test(store_layer, a_draft_is_invisible_until_it_is_committed)
{
	struct digest id = digest_of_hex(
		"abababababababababababababababababababababababababababababababab");
	struct layer_draft draft;
	struct layer_info read;

	cr_assert(eq(int, store_lay_out(&store, NULL), 0));
	cr_assert(eq(int, layer_begin(&store, &draft, NULL), 0));
	cr_expect(not(layer_exists(&store, &id)));
	cr_assert(eq(int, mkdirat(draft.fsfd, "etc", 0755), 0));
	cr_assert(eq(int, layer_commit(&store, &draft, &id, &info, NULL), 0));
	cr_expect(layer_exists(&store, &id));
	cr_assert(eq(int, layer_read_info(&store, &id, &read, NULL), 0));
	cr_expect(eq(i64, read.size_bytes, 5));
	cr_expect(eq(str, read.id_mode, "range"));
	cr_expect(tmp_is_empty());
}

Test(store_layer, the_second_of_two_commits_gives_way)
{
	struct digest id = fixture_layer('a');
	struct layer_draft draft;

	cr_assert(eq(int, layer_begin(&store, &draft, NULL), 0));
	cr_assert(eq(int, layer_commit(&store, &draft, &id, &info, NULL), 0));
	cr_expect(layer_exists(&store, &id));
	cr_expect(tmp_is_empty());
}

/* The mark of a layer, whatever the file system of the fixture is. */
static void
mark_layer(const struct digest *id, const char *boot_id)
{
	cleanup_free char *path =
		xasprintf("layers/%s/unsettled", digest_hex(id));

	(void)unlinkat(store.dirfd, path, 0);
	cr_assert(eq(int, symlinkat(boot_id, store.dirfd, path), 0));
}

static bool
has_mark(const struct digest *id)
{
	cleanup_free char *path =
		xasprintf("layers/%s/unsettled", digest_hex(id));

	return faccessat(store.dirfd, path, F_OK, AT_SYMLINK_NOFOLLOW) == 0;
}

Test(store_layer, what_another_boot_did_not_write_to_disk_is_replaced)
{
	struct digest id = fixture_layer('a');
	struct layer_draft draft;

	mark_layer(&id, "11111111-2222-3333-4444-555555555555");
	cr_expect(not(layer_exists(&store, &id)));
	cr_expect(layer_is_lost(&store, &id));
	cr_assert(eq(int, layer_begin(&store, &draft, NULL), 0));
	cr_assert(eq(int, mkdirat(draft.fsfd, "new", 0755), 0));
	cr_assert(eq(int, layer_commit(&store, &draft, &id, &info, NULL), 0));
	cr_expect(layer_exists(&store, &id));
	cr_expect(tmp_is_empty());
}

Test(store_layer, settling_frees_the_layers_of_this_boot_only)
{
	struct digest ours = fixture_layer('a');
	struct digest lost = fixture_layer('b');

	mark_layer(&ours, proc_boot_id());
	mark_layer(&lost, "11111111-2222-3333-4444-555555555555");
	cr_expect(layer_exists(&store, &ours), "in use before it is on disk");
	cr_assert(eq(int, layer_settle(&store, NULL), 0));
	cr_expect(layer_exists(&store, &ours));
	cr_expect(not(has_mark(&ours)));
	cr_expect(has_mark(&lost));
}

Test(store_layer, what_a_killed_process_left_is_collected)
{
	pid_t pid;

	cr_assert(eq(int, store_lay_out(&store, NULL), 0));
	pid = fork();
	if (pid == 0) {
		struct layer_draft draft;

		_exit(layer_begin(&store, &draft, NULL) < 0);
	}
	cr_assert(eq(int, waitpid(pid, NULL, 0), pid));
	cr_expect(not(tmp_is_empty()));
	store_collect_tmp(&store);
	cr_expect(tmp_is_empty());
}

Test(store_layer, nothing_is_collected_while_anybody_pins)
{
	pid_t pid;
	int pin;

	cr_assert(eq(int, store_lay_out(&store, NULL), 0));
	pid = fork();
	if (pid == 0) {
		struct layer_draft draft;

		_exit(layer_begin(&store, &draft, NULL) < 0);
	}
	cr_assert(eq(int, waitpid(pid, NULL, 0), pid));
	pin = store_pin(&store, NULL);
	cr_assert(ge(int, pin, 0));
	store_collect_tmp(&store);
	cr_expect(not(tmp_is_empty()), "its owner may be on another host");
	(void)close(pin);
	store_collect_tmp(&store);
	cr_expect(tmp_is_empty());
}

Test(store_layer, what_a_living_process_makes_is_left_alone)
{
	struct layer_draft draft;

	cr_assert(eq(int, store_lay_out(&store, NULL), 0));
	cr_assert(eq(int, layer_begin(&store, &draft, NULL), 0));
	store_collect_tmp(&store);
	cr_expect(not(tmp_is_empty()));
	layer_abort(&store, &draft);
	cr_expect(tmp_is_empty());
}

Test(store_volume, is_made_once_and_found_again)
{
	cleanup_volume struct volume volume = VOLUME_INIT;
	cleanup_volume struct volume again = VOLUME_INIT;

	cr_assert(eq(int, volume_open(&store, "data", &volume, NULL), -ENOENT));
	cr_assert(eq(int, volume_ensure(&store, "data", &volume, NULL), 1));
	cr_expect(volume.needs_copy_up);
	cr_assert(eq(int, volume_create(&store, "data", NULL, NULL, NULL),
		     -EEXIST));
	cr_assert(eq(int, volume_ensure(&store, "data", &again, NULL), 0));
}

Test(store_volume, is_filled_by_its_first_user_only)
{
	cleanup_volume struct volume first = VOLUME_INIT;
	cleanup_volume struct volume second = VOLUME_INIT;
	int lock = -1;

	cr_assert(eq(int, volume_ensure(&store, "data", &first, NULL), 1));
	cr_assert(eq(int, volume_open(&store, "data", &second, NULL), 0));
	cr_assert(eq(int, volume_begin_copy_up(&first, &lock, NULL), 1));
	cr_assert(eq(int, volume_end_copy_up(&first, NULL), 0));
	(void)close(lock);
	cr_assert(eq(int, volume_begin_copy_up(&second, &lock, NULL), 0));
}

Test(store_volume, names_cannot_leave_their_directory)
{
	static const char *const names[] = { "",    ".",   "..",  "a",  "../x",
					     "a/b", "-ab", ".ab", "a b" };

	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		cr_expect(eq(int, volume_check_name(names[i], NULL), -EINVAL),
			  "'%s'", names[i]);
	cr_expect(eq(int, volume_check_name("a.b-c_9", NULL), 0));
}

Test(store_volume, goes_with_all_it_holds)
{
	cleanup_volume struct volume volume = VOLUME_INIT;

	cr_assert(eq(int, volume_ensure(&store, "data", &volume, NULL), 1));
	cr_assert(eq(int, mkdirat(volume.datafd, "sub", 0700), 0));
	cr_assert(eq(int, volume_remove(&store, "data", NULL), 0));
	cr_expect(tmp_is_empty());
	cr_assert(eq(int, volume_remove(&store, "data", NULL), -ENOENT));
}
