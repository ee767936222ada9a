/* SPDX-License-Identifier: Apache-2.0 */
#include "build_help.h"

#include "base/units.h"
#include "build/content.h"

/* The digest of all that is in the tree, as hex; the caller frees it. */
static char *
digest(const struct tree *tree, struct stat_cache *cache)
{
	struct walk_source source = tree_source(tree, NULL);
	char hex[BLAKE2_HEX_BYTES];
	struct blake2 hash;

	blake2_init(&hash);
	cr_assert(
		eq(int, content_add(&source, "", NULL, cache, &hash, NULL), 0));
	blake2_end_hex(&hash, hex);
	view_close(&source.view);
	return xstrdup(hex);
}

static void
age(const struct tree *tree, const char *name, time_t seconds)
{
	struct timespec times[2] = { { .tv_sec = seconds },
				     { .tv_sec = seconds } };

	cr_assert(utimensat(tree->fd, name, times, AT_SYMLINK_NOFOLLOW) == 0);
}

Test(build_content, names_modes_links_and_bytes_count_and_times_do_not)
{
	static const struct {
		const char *label, *remove, *add;
		mode_t mode; /* of "f" */
		bool same;
	} cases[] = {
		{ "nothing", NULL, NULL, 0, true },
		{ "written again", "f", "f=x", 0, true },
		{ "other bytes", "f", "f=y", 0, false },
		{ "no bytes", "f", "f=", 0, false },
		{ "another name", "f", "g=x", 0, false },
		{ "another mode", NULL, NULL, 0755, false },
		{ "one more", NULL, "d/h=", 0, false },
		{ "an empty directory", NULL, "e/", 0, false },
		{ "a link for a file", "f", "f@x", 0, false },
		{ "another target", "l", "l@g", 0, false },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct tree tree = tree_new();
		cleanup_free char *before = NULL;
		cleanup_free char *after = NULL;

		tree_add(&tree, "f=x");
		tree_add(&tree, "d/g=z");
		tree_add(&tree, "l@f");
		before = digest(&tree, NULL);
		if (cases[i].remove)
			cr_assert(unlinkat(tree.fd, cases[i].remove, 0) == 0);
		if (cases[i].add)
			tree_add(&tree, cases[i].add);
		if (cases[i].mode)
			cr_assert(fchmodat(tree.fd, "f", cases[i].mode, 0) ==
				  0);
		age(&tree, "d", 1000 + (time_t)i);
		after = digest(&tree, NULL);
		cr_expect(eq(int, !strcmp(before, after), cases[i].same), "%s",
			  cases[i].label);
		tree_free(&tree);
	}
}

Test(build_content, a_stat_cache_spares_reading_and_never_lies)
{
	struct tree tree = tree_new(), place = tree_new();
	cleanup_free char *plain = NULL;
	cleanup_free char *first = NULL;
	cleanup_free char *again = NULL;
	cleanup_free char *changed = NULL;
	struct stat_cache *cache;
	struct stat st;

	tree_add(&tree, "f=one");
	plain = digest(&tree, NULL);
	cache = stat_cache_open(place.fd, "cache");
	first = digest(&tree, cache);
	stat_cache_close(cache);
	cache = stat_cache_open(place.fd, "cache");
	again = digest(&tree, cache);
	cr_expect(eq(str, plain, first));
	cr_expect(eq(str, plain, again));
	/* Same size, same mtime: the inode's own time tells. */
	cr_assert(fstatat(tree.fd, "f", &st, 0) == 0);
	tree_add(&tree, "f=two");
	age(&tree, "f", st.st_mtim.tv_sec);
	changed = digest(&tree, cache);
	cr_expect(ne(str, plain, changed));
	stat_cache_close(cache);
	tree_free(&tree);
	tree_free(&place);
}

/* As if it had been written long ago, which no test can wait for. */
static struct stat
old_stat(ino_t ino, off_t size)
{
	return (struct stat){ .st_dev = 1,
			      .st_ino = ino,
			      .st_size = size,
			      .st_mtim = { .tv_sec = 5 },
			      .st_ctim = { .tv_sec = 5, .tv_nsec = 1 } };
}

Test(build_content, a_stat_cache_keeps_what_it_was_told)
{
	struct tree place = tree_new();
	struct stat_cache *cache = stat_cache_open(place.fd, "c");
	uint8_t one[BLAKE2_BYTES] = { 1 }, two[BLAKE2_BYTES] = { 2 };
	uint8_t got[BLAKE2_BYTES];
	struct stat a = old_stat(1, 10), b = old_stat(2, 10);
	struct stat fresh = old_stat(3, 10), other;

	fresh.st_ctim.tv_sec = units_now_ns() / UNITS_NS_PER_S + 1;
	stat_cache_put(cache, &b, one);
	stat_cache_put(cache, &a, one);
	stat_cache_put(cache, &fresh, one);
	stat_cache_close(cache);
	cache = stat_cache_open(place.fd, "c");
	cr_expect(stat_cache_get(cache, &a, got) && got[0] == 1);
	cr_expect(stat_cache_get(cache, &b, got) && got[0] == 1);
	/* It may still change within the same tick of a clock. */
	cr_expect(not(stat_cache_get(cache, &fresh, got)));
	other = a;
	other.st_size++;
	cr_expect(not(stat_cache_get(cache, &other, got)));
	other = a;
	other.st_ctim.tv_nsec++;
	cr_expect(not(stat_cache_get(cache, &other, got)));
	other = a;
	other.st_mtim.tv_sec++;
	cr_expect(not(stat_cache_get(cache, &other, got)));
	other = a;
	other.st_dev++;
	cr_expect(not(stat_cache_get(cache, &other, got)));
	/* What is told last wins. */
	stat_cache_put(cache, &a, two);
	stat_cache_close(cache);
	cache = stat_cache_open(place.fd, "c");
	cr_expect(stat_cache_get(cache, &a, got) && got[0] == 2);
	stat_cache_close(cache);
	/* A damaged file is no cache. */
	tree_add(&place, "c=rubbish, and more of it than a head has");
	cache = stat_cache_open(place.fd, "c");
	cr_expect(not(stat_cache_get(cache, &a, got)));
	stat_cache_close(cache);
	tree_free(&place);
}
