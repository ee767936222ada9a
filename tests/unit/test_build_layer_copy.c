/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What COPY writes, as names, modes and content of the layer's directory.
 * Owners are others' (tests/e2e): who runs this may not have the right.
 */
#include "build_help.h"

#include "build/layer_copy.h"

struct copied {
	struct tree from, below, upper;
	struct walk_source source;
	struct view seen; /* of below */
	struct strbuf owners;
	struct copy_job job;
};

static void
copied_init(struct copied *c)
{
	*c = (struct copied){ .from = tree_new(),
			      .below = tree_new(),
			      .upper = tree_new(),
			      .owners = STRBUF_INIT };
	c->source = tree_source(&c->from, NULL);
	cr_assert(view_add_fd(&c->seen, c->below.fd, NULL) == 0);
	c->job = (struct copy_job){ .below = &c->seen,
				    .upperfd = c->upper.fd,
				    .owners = &c->owners,
				    .has_epoch = true,
				    .epoch = 1000 };
}

static void
copied_release(struct copied *c)
{
	view_close(&c->source.view);
	view_close(&c->seen);
	strbuf_release(&c->owners);
	tree_free(&c->from);
	tree_free(&c->below);
	tree_free(&c->upper);
}

static int
note(void *data, const struct walk_entry *entry, struct err *err)
{
	struct strbuf *sb = data;
	const struct stat *st = &entry->node->st;
	cleanup_strbuf struct strbuf text = STRBUF_INIT;

	if (!*entry->rel)
		return 0;
	strbuf_addf(sb, "%s%s", sb->len ? " " : "", entry->rel);
	if (S_ISLNK(st->st_mode)) {
		(void)fsx_readlink(entry->node->dirfd, entry->name, &text);
		strbuf_addf(sb, "@%s", text.buf);
		return 0;
	}
	strbuf_addf(sb, "%s:%o", S_ISDIR(st->st_mode) ? "/" : "",
		    (unsigned int)st->st_mode & 07777);
	if (S_ISREG(st->st_mode) &&
	    fsx_read_file(entry->node->dirfd, entry->name, 4096, &text, NULL) ==
		    0)
		strbuf_addf(sb, "=%s", text.buf);
	return 0;
}

static int
leave(void *data, struct err *err)
{
	return 0;
}

/* "d/:755 d/f:644=content l@target", sorted. */
static char *
layer(const struct copied *c)
{
	struct walk_source source = tree_source(&c->upper, NULL);
	struct strbuf sb = STRBUF_INIT;
	struct walk_visitor visitor = {
		.enter = note, .leave = leave, .visit = note, .data = &sb
	};

	cr_assert(walk_tree(&source, "", NULL, &visitor, NULL) == 0);
	view_close(&source.view);
	return strbuf_take(&sb);
}

static void
mode_of(const struct tree *tree, const char *name, mode_t mode)
{
	cr_assert(fchmodat(tree->fd, name, mode, 0) == 0);
}

Test(build_layer_copy, a_tree_arrives_as_it_is)
{
	static const struct {
		const char *path, *dest, *chmod, *want;
	} cases[] = {
		{ "f", "x", NULL, "x:640=1" },
		{ "f", "new/dir/x", NULL,
		  "new/:755 new/dir/:755 new/dir/x:640=1" },
		{ "f", "x", "0751", "x:751=1" },
		{ "run", "x", "go-x", "x:744=3" },
		{ "l", "x", NULL, "x@f" },
		{ "d", "x", NULL, "x/:755 x/e/:711 x/e/g:644=2 x/l@../f" },
		{ "d", "x", "u=rwX,go=rX",
		  "x/:755 x/e/:755 x/e/g:644=2 x/l@../f" },
		{ "d", "", NULL, "e/:711 e/g:644=2 l@../f" },
		{ "d/e", "x/y", NULL, "x/:755 x/y/:755 x/y/g:644=2" },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		cleanup_free char *got = NULL;
		struct err err = ERR_INIT;
		struct copied c;

		copied_init(&c);
		tree_add(&c.from, "f=1");
		tree_add(&c.from, "run=3");
		tree_add(&c.from, "l@f");
		tree_add(&c.from, "d/e/g=2");
		tree_add(&c.from, "d/l@../f");
		mode_of(&c.from, "f", 0640);
		mode_of(&c.from, "run", 0755);
		mode_of(&c.from, "d", 0700);
		mode_of(&c.from, "d/e", 0711);
		c.job.chmod = cases[i].chmod;
		cr_expect(eq(int,
			     copy_tree(&c.job, &c.source, cases[i].path,
				       cases[i].dest, NULL, &err),
			     0),
			  "%s: %s", cases[i].path, err.text);
		got = layer(&c);
		cr_expect(eq(str, got, (char *)cases[i].want), "%s to %s",
			  cases[i].path, cases[i].dest);
		copied_release(&c);
	}
}

Test(build_layer_copy, directories_below_keep_their_modes)
{
	struct copied c;
	cleanup_free char *got = NULL;

	copied_init(&c);
	tree_add(&c.from, "f=1");
	tree_add(&c.from, "d/sub/f=1");
	tree_add(&c.below, "tmp/other=2");
	tree_add(&c.below, "d/sub/old=3");
	mode_of(&c.below, "tmp", 01777);
	mode_of(&c.below, "d", 0750);
	mode_of(&c.below, "d/sub", 0700);
	cr_expect(zero(int,
		       copy_tree(&c.job, &c.source, "f", "tmp/f", NULL, NULL)));
	/* A directory that is copied brings its own, but not the topmost. */
	cr_expect(
		zero(int, copy_tree(&c.job, &c.source, "d", "d", NULL, NULL)));
	got = layer(&c);
	cr_expect(eq(str, got,
		     "d/:750 d/sub/:755 d/sub/f:644=1 tmp/:1777 tmp/f:644=1"));
	copied_release(&c);
}

Test(build_layer_copy, a_directory_and_a_file_do_not_replace_each_other)
{
	static const struct {
		const char *below, *path, *dest;
		int r;
	} cases[] = {
		{ "x/y=1", "f", "x", -EEXIST },
		{ "x=1", "d", "x", -EEXIST },
		{ "x=1", "f", "x/y", -EEXIST },
		{ "x/e=1", "d", "x", -EEXIST },
		{ "x/e/g/h=1", "d", "x", -EEXIST },
		{ "x=1", "f", "x", 0 },
		{ "x@y", "f", "x", 0 },
		{ "x/e/g=1", "d", "x", 0 },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct copied c;
		int r;

		copied_init(&c);
		tree_add(&c.from, "f=1");
		tree_add(&c.from, "d/e/g=2");
		tree_add(&c.below, cases[i].below);
		r = copy_tree(&c.job, &c.source, cases[i].path, cases[i].dest,
			      NULL, NULL);
		cr_expect(eq(int, r, cases[i].r), "%s to %s over %s",
			  cases[i].path, cases[i].dest, cases[i].below);
		copied_release(&c);
	}
}

Test(build_layer_copy, times_and_hard_links_are_kept)
{
	static const struct timespec old[2] = {
		{ .tv_sec = 500, .tv_nsec = 7 }, { .tv_sec = 500, .tv_nsec = 7 }
	};
	struct stat one, two, dir;
	struct copied c;

	copied_init(&c);
	tree_add(&c.from, "d/one=1");
	cr_assert(linkat(c.from.fd, "d/one", c.from.fd, "d/two", 0) == 0);
	cr_assert(utimensat(c.from.fd, "d/one", old, 0) == 0);
	cr_expect(zero(int,
		       copy_tree(&c.job, &c.source, "d", "new/d", NULL, NULL)));
	cr_assert(fstatat(c.upper.fd, "new/d/one", &one, 0) == 0);
	cr_assert(fstatat(c.upper.fd, "new/d/two", &two, 0) == 0);
	cr_assert(fstatat(c.upper.fd, "new", &dir, 0) == 0);
	cr_expect(eq(ulong, one.st_ino, two.st_ino));
	cr_expect(eq(long, one.st_mtim.tv_sec, 500));
	/* What has no time of its own gets that of the epoch. */
	cr_expect(eq(long, dir.st_mtim.tv_sec, 1000));
	copied_release(&c);
}

Test(build_layer_copy, bytes_become_a_file_with_the_epochs_time)
{
	cleanup_free char *got = NULL;
	struct copied c;
	struct stat st;

	copied_init(&c);
	cr_expect(zero(int, copy_bytes(&c.job, "d/f", "ab", 2, 0644, NULL)));
	c.job.chmod = "+x";
	cr_expect(zero(int, copy_bytes(&c.job, "d/g", "", 0, 0644, NULL)));
	cr_expect(
		eq(int, copy_bytes(&c.job, "", "ab", 2, 0644, NULL), -EEXIST));
	got = layer(&c);
	cr_expect(eq(str, got, "d/:755 d/f:644=ab d/g:755="));
	cr_assert(fstatat(c.upper.fd, "d/f", &st, 0) == 0);
	cr_expect(eq(long, st.st_mtim.tv_sec, 1000));
	copied_release(&c);
}

Test(build_layer_copy, a_destinations_links_stay_inside)
{
	static const struct {
		const char *dest, *want;
		bool exists, is_dir;
	} cases[] = {
		{ "/d", "d", true, true },
		{ "/f", "f", true, false },
		{ "/none/x", "none/x", false, false },
		{ "/link", "d", true, true },
		{ "/link/x", "d/x", false, false },
		{ "/out/x", "etc/x", false, false },
		{ "/up/x", "x", false, false },
		{ "/dangling", "missing", false, false },
		{ "/", "", true, true },
		{ "/d/../f", "f", true, false },
		{ "/in-upper", "up2", true, true },
	};
	struct copied c;

	copied_init(&c);
	tree_add(&c.below, "d/x1=1");
	tree_add(&c.below, "f=1");
	tree_add(&c.below, "link@d");
	tree_add(&c.below, "out@/etc");
	tree_add(&c.below, "up@../../..");
	tree_add(&c.below, "dangling@missing");
	tree_add(&c.upper, "in-upper@/up2");
	tree_add(&c.upper, "up2/");
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct copy_dest dest = { .path = NULL };
		int r = copy_dest_find(&c.job, cases[i].dest, &dest, NULL);

		cr_assert(zero(int, r), "%s", cases[i].dest);
		cr_expect(eq(int, dest.exists, cases[i].exists), "%s",
			  cases[i].dest);
		cr_expect(eq(int, dest.is_dir, cases[i].is_dir), "%s",
			  cases[i].dest);
		cr_expect(eq(str, dest.path, (char *)cases[i].want), "%s",
			  cases[i].dest);
		free(dest.path);
	}
	copied_release(&c);
}
