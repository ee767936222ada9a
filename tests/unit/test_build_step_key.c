/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is in the key of a step, and what is not: a line's key is compared with
 * that of another line, or of the same after a change.
 */
#include "build_plan.h"

#include "build/step_key.h"

static const char *const files[] = {
	"a=1",      "b=1",        "d/f=2",       "d/g=3", "l@a",
	"skip/x=4", "d/deep/h=5", "run.sh=echo", NULL,
};

struct keyed {
	struct tree tree;
	struct plan plan;
	struct stage *stage; /* the line's; the one before it is "src" */
};

typedef void change_fn(struct keyed *keyed);

static void
keyed_init(struct keyed *keyed, const char *line)
{
	cleanup_free char *text =
		xasprintf("FROM x AS src\nFROM y\n%s\n", line);
	struct ignore *ignore = ignore_new();
	struct stage *stage;

	(void)ignore_add(ignore, "skip", NULL);
	keyed->tree = tree_new();
	tree_fill(&keyed->tree, files);
	plan_init(&keyed->plan, text, &keyed->tree, ignore);
	plan_stages(&keyed->plan);
	stage = keyed->stage = &keyed->plan.build.stages[1];
	(void)strcpy(keyed->plan.build.stages[0].chain.id, "of src");
	(void)strcpy(stage->chain.id, "below");
	draft_init(&stage->draft, &keyed->plan.build, NULL);
	df_scope_init(&stage->scope, NULL);
	stage->state = STAGE_STEPS;
}

/* As the build would fill it, without looking anything up. */
static void
fill_work(struct keyed *keyed, struct step_work *work)
{
	struct stage *stage = keyed->stage;
	const struct df_step *step = &stage->step;

	*work = (struct step_work){ .stage = stage,
				    .build = &keyed->plan.build,
				    .step = step };
	cr_assert(df_step_make(keyed->plan.build.df, &stage->df->items[0],
			       &stage->scope, &keyed->plan.build.globals,
			       &stage->step, NULL, NULL) == 0);
	stage->step_is_made = true;
	chain_copy(&work->chain, &stage->chain);
	if (step->cmd == DF_RUN) {
		df_command_argv(&step->run.command, &stage->draft.shell,
				&work->argv);
		strvec_add_all(&work->env, &stage->scope.env);
		work->mounts = xcalloc(step->run.mount_count + 1,
				       sizeof(*work->mounts));
		for (size_t i = 0; i < step->run.mount_count; i++)
			(void)origin_find(stage, step->run.mounts[i].from,
					  &work->mounts[i], NULL);
		return;
	}
	work->dest = draft_join(&stage->draft, step->cmd == DF_WORKDIR
						       ? step->word
						       : step->copy.dest);
	(void)origin_find(stage,
			  step->cmd == DF_WORKDIR ? NULL : step->copy.from,
			  &work->from, NULL);
}

static char *
key_of(const char *line, change_fn *change)
{
	struct step_work *work = xcalloc(1, sizeof(*work));
	struct keyed keyed;
	char *key;

	keyed_init(&keyed, line);
	if (change)
		change(&keyed);
	fill_work(&keyed, work);
	step_key_begin(work);
	/* What a stage gives needs no reading when the stage is known. */
	if (work->fast_key[0])
		(void)strcpy(work->key, work->fast_key);
	else if (work->needs_content)
		cr_assert(step_key_add_content(work, NULL) == 0, "%s", line);
	if (!work->fast_key[0])
		step_key_end(work);
	key = xstrdup(work->key);
	step_work_free(work);
	ignore_free(keyed.plan.source.contexts[0].ignore);
	plan_release(&keyed.plan);
	tree_free(&keyed.tree);
	return key;
}

static void
other_parent(struct keyed *keyed)
{
	(void)strcpy(keyed->stage->chain.id, "other");
}

static void
other_source(struct keyed *keyed)
{
	(void)strcpy(keyed->plan.build.stages[0].chain.id, "other");
}

static void
other_env(struct keyed *keyed)
{
	strvec_env_set(&keyed->stage->scope.env, "A", "1");
}

static void
other_path(struct keyed *keyed)
{
	strvec_env_set(&keyed->stage->scope.env, "PATH", "/x");
}

static void
other_user(struct keyed *keyed)
{
	free(keyed->stage->draft.user);
	keyed->stage->draft.user = xstrdup("me");
}

static void
other_workdir(struct keyed *keyed)
{
	free(keyed->stage->draft.workdir);
	keyed->stage->draft.workdir = xstrdup("/w");
}

static void
other_shell(struct keyed *keyed)
{
	strvec_add(&keyed->stage->draft.shell, "/bin/ash");
}

static void
other_arch(struct keyed *keyed)
{
	(void)strcpy(keyed->plan.build.target.arch, "arm64");
}

static void
other_hosts(struct keyed *keyed)
{
	strvec_add(&keyed->plan.opts.hosts, "h:1.2.3.4");
}

static void
other_rights(struct keyed *keyed)
{
	strvec_add(&keyed->plan.opts.cap_add, "NET_ADMIN");
}

static void
other_hostname(struct keyed *keyed)
{
	strvec_add(&keyed->plan.opts.build_args, "BUILDKIT_SANDBOX_HOSTNAME=h");
}

static void
other_network(struct keyed *keyed)
{
	keyed->plan.opts.network = DF_NETWORK_NONE;
}

static void
with_epoch(struct keyed *keyed)
{
	keyed->plan.opts.has_epoch = true;
	keyed->plan.opts.epoch = 1;
}

/* Of no effect on what a step makes. */
static void
other_names(struct keyed *keyed)
{
	strvec_add(&keyed->plan.opts.tags, "t");
	strvec_add(&keyed->plan.opts.labels, "a=b");
	strvec_add(&keyed->plan.opts.build_args, "HTTP_PROXY=p");
	keyed->plan.opts.secret_count = 1;
	keyed->plan.opts.secrets = xcalloc(1, sizeof(struct build_secret));
	keyed->plan.opts.secrets[0].id = xstrdup("s");
	keyed->plan.opts.secrets[0].file = xstrdup("/f");
	keyed->plan.opts.jobs = 9;
}

static void
touch_files(struct keyed *keyed)
{
	static const struct timespec old[2] = { { .tv_sec = 1 },
						{ .tv_sec = 1 } };

	cr_assert(utimensat(keyed->tree.fd, "a", old, 0) == 0);
	cr_assert(utimensat(keyed->tree.fd, "d/f", old, 0) == 0);
	cr_assert(utimensat(keyed->tree.fd, "d", old, 0) == 0);
}

static void
other_bytes(struct keyed *keyed)
{
	tree_add(&keyed->tree, "a=9");
	tree_add(&keyed->tree, "d/f=9");
}

static void
other_mode(struct keyed *keyed)
{
	cr_assert(fchmodat(keyed->tree.fd, "a", 0600, 0) == 0);
	cr_assert(fchmodat(keyed->tree.fd, "d/f", 0600, 0) == 0);
}

static void
other_ignored(struct keyed *keyed)
{
	tree_add(&keyed->tree, "skip/x=9");
	tree_add(&keyed->tree, "skip/y=9");
}

static void
other_beside(struct keyed *keyed)
{
	tree_add(&keyed->tree, "b=9");
}

static void
one_more(struct keyed *keyed)
{
	tree_add(&keyed->tree, "d/new=1");
}

static void
other_deep(struct keyed *keyed)
{
	tree_add(&keyed->tree, "d/deep/h=9");
}

struct pair {
	const char *line, *other; /* other NULL: the same line */
	change_fn *change;        /* of the second; NULL: none */
	bool same;
};

static void
check_pairs(const struct pair *pairs, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		const struct pair *pair = &pairs[i];
		cleanup_free char *one = key_of(pair->line, NULL);
		cleanup_free char *two =
			key_of(pair->other ?: pair->line, pair->change);

		cr_expect(eq(int, !strcmp(one, two), pair->same),
			  "%zu: '%s' and '%s'", i, pair->line,
			  pair->other ?: "the same, changed");
	}
}

Test(build_step_key, of_run)
{
	static const struct pair pairs[] = {
		{ "RUN a", NULL, NULL, true },
		{ "RUN a", "run  a ", NULL, true },
		{ "RUN a", "RUN b", NULL, false },
		{ "RUN a", "RUN a \\\n  b", NULL, false },
		{ "RUN a", "RUN [\"a\"]", NULL, false },
		{ "RUN [\"a b\"]", "RUN [\"a\", \"b\"]", NULL, false },
		{ "RUN <<E\na\nE", "RUN <<E\nb\nE", NULL, false },
		{ "RUN <<E\n#!/a\nE", "RUN <<F\n#!/a\nF", NULL, false },
		{ "RUN a", "RUN --network=default a", NULL, true },
		{ "RUN a", "RUN --network=none a", NULL, false },
		{ "RUN a", "RUN --security=sandbox a", NULL, true },
		{ "RUN a", "RUN --security=insecure a", NULL, false },
		{ "RUN a", NULL, other_parent, false },
		{ "RUN a", NULL, other_env, false },
		{ "RUN a", NULL, other_path, false },
		{ "RUN a", NULL, other_user, false },
		{ "RUN a", NULL, other_workdir, false },
		{ "RUN a", NULL, other_shell, false },
		{ "RUN [\"a\"]", NULL, other_shell, true },
		{ "RUN a", NULL, other_arch, false },
		{ "RUN a", NULL, other_hosts, false },
		{ "RUN a", NULL, other_rights, false },
		{ "RUN a", NULL, other_network, false },
		{ "RUN a", NULL, other_hostname, false },
		{ "RUN a", NULL, other_names, true },
		{ "RUN a", NULL, with_epoch, true },
		{ "RUN a", NULL, other_bytes, true },
		{ "RUN a", NULL, other_source, true },
	};

	check_pairs(pairs, ARRAY_LEN(pairs));
}

Test(build_step_key, of_mounts)
{
#define M "RUN --mount="
	static const struct pair pairs[] = {
		{ "RUN a", M "target=/m a", NULL, false },
		{ M "target=/m a", M "target=/n a", NULL, false },
		{ M "target=/m a", M "target=/m,rw a", NULL, false },
		{ M "target=/m a", M "type=bind,dst=/m,ro a", NULL, true },
		{ M "target=/m,source=d a", M "target=/m,source=d/deep a", NULL,
		  false },
		/* a bind is what it shows */
		{ M "target=/m a", NULL, other_bytes, false },
		{ M "target=/m a", NULL, other_mode, false },
		{ M "target=/m a", NULL, touch_files, true },
		{ M "target=/m a", NULL, other_ignored, true },
		{ M "target=/m,source=d a", NULL, other_beside, true },
		{ M "target=/m,source=d a", NULL, one_more, false },
		{ M "target=/m,from=src a", NULL, other_source, false },
		{ M "target=/m,from=src a", NULL, other_bytes, true },
		/* the others are their options */
		{ M "type=cache,target=/c a", NULL, other_source, true },
		{ M "type=cache,target=/c a", M "type=cache,target=/c,id=/c a",
		  NULL, true },
		{ M "type=cache,target=/c a", M "type=cache,target=/c,id=i a",
		  NULL, false },
		{ M "type=cache,target=/c a",
		  M "type=cache,target=/c,sharing=locked a", NULL, false },
		{ M "type=cache,target=/c a",
		  M "type=cache,target=/c,mode=0700 a", NULL, false },
		{ M "type=cache,target=/c,from=src a", NULL, other_source,
		  false },
		{ M "type=tmpfs,target=/t a",
		  M "type=tmpfs,target=/t,size=1m a", NULL, false },
		{ M "type=secret,id=s a", NULL, other_names, true },
		{ M "type=secret,id=s a", M "type=secret,id=s,env=S a", NULL,
		  false },
		{ M "type=secret,id=s a", M "type=secret,id=s,uid=1 a", NULL,
		  false },
		{ M "type=ssh a", M "type=ssh,id=default a", NULL, true },
		{ M "type=ssh a", M "type=ssh,required a", NULL, false },
	};
#undef M

	check_pairs(pairs, ARRAY_LEN(pairs));
}

Test(build_step_key, of_copy_and_add)
{
	static const struct pair pairs[] = {
		{ "COPY a /x", "COPY a /y", NULL, false },
		{ "COPY a /x", "COPY b /x", NULL, false },
		{ "COPY a /x", "ADD a /x", NULL, false },
		{ "COPY a /x", "COPY --chown=1 a /x", NULL, false },
		{ "COPY a /x", "COPY --chmod=600 a /x", NULL, false },
		{ "COPY d /x", "COPY --exclude=f d /x", NULL, false },
		{ "COPY d /x", "COPY --parents d /x", NULL, false },
		{ "COPY a /x", "COPY --link=false a /x", NULL, true },
		{ "COPY a /x", "COPY --link a /x", NULL, false },
		{ "ADD a /x", "ADD --unpack=false a /x", NULL, false },
		{ "COPY a /x", NULL, other_parent, false },
		{ "COPY --link a /x", NULL, other_parent, true },
		{ "ADD --link a /x", NULL, other_parent, true },
		{ "COPY --link --chown=1:2 a /x", NULL, other_parent, true },
		/* who that is, the files below say */
		{ "COPY --link --chown=me a /x", NULL, other_parent, false },
		{ "COPY a x", NULL, other_workdir, false },
		{ "COPY a /x", NULL, other_workdir, true },
		{ "COPY a /x", NULL, other_env, true },
		{ "COPY a /x", NULL, other_user, true },
		{ "COPY a /x", NULL, other_names, true },
		/* content, never time */
		{ "COPY a /x", NULL, other_bytes, false },
		{ "COPY a /x", NULL, other_mode, false },
		{ "COPY a d /x/", NULL, touch_files, true },
		{ "COPY a /x", NULL, other_beside, true },
		{ "COPY . /x", NULL, other_beside, false },
		{ "COPY . /x", NULL, other_ignored, true },
		{ "COPY d /x", NULL, one_more, false },
		{ "COPY d/? /x/", NULL, one_more, true },
		{ "COPY d/* /x/", NULL, one_more, false },
		{ "COPY --exclude=new d /x", NULL, one_more, true },
		{ "COPY d /x", NULL, other_deep, false },
		{ "COPY l /x", NULL, other_bytes, false },
		/* stages */
		{ "COPY --from=src / /x", NULL, other_source, false },
		{ "COPY --from=src / /x", NULL, other_bytes, true },
		{ "COPY a /x", NULL, other_source, true },
		/* here-documents */
		{ "COPY <<a /x\n1\na", "COPY <<a /x\n2\na", NULL, false },
		{ "COPY <<a /x/\n1\na", "COPY <<b /x/\n1\nb", NULL, false },
		{ "COPY <<a /x\n$A\na", NULL, other_env, false },
		{ "COPY <<\"a\" /x\n$A\na", NULL, other_env, true },
		{ "COPY <<a /x\n1\na", NULL, with_epoch, false },
		{ "COPY <<a /x\n1\na", NULL, other_bytes, true },
	};

	check_pairs(pairs, ARRAY_LEN(pairs));
}

Test(build_step_key, of_workdir)
{
	static const struct pair pairs[] = {
		{ "WORKDIR /a", "WORKDIR /a/", NULL, true },
		{ "WORKDIR /a", "WORKDIR /b", NULL, false },
		{ "WORKDIR a", NULL, other_workdir, false },
		{ "WORKDIR /a", NULL, other_user, false },
		{ "WORKDIR /a", NULL, other_parent, false },
		{ "WORKDIR /a", NULL, with_epoch, false },
		{ "WORKDIR /a", NULL, other_env, true },
		{ "WORKDIR /a", NULL, other_bytes, true },
	};

	check_pairs(pairs, ARRAY_LEN(pairs));
}

Test(build_step_key, a_chain_is_its_steps_in_order)
{
	struct chain one = { .items = STRVEC_INIT }, two, three;

	chain_of_image(&one, NULL);
	chain_copy(&two, &one);
	chain_copy(&three, &one);
	chain_add_step(&one, "k1", "i1");
	chain_add_step(&one, "k2", "i2");
	chain_add_step(&two, "k2", "i2");
	chain_add_step(&two, "k1", "i1");
	/* What a step made counts, not how it was found. */
	chain_add_step(&three, "other", "i1");
	chain_add_step(&three, "key", "i2");
	cr_expect(ne(str, one.id, two.id));
	cr_expect(eq(str, one.id, three.id));
	cr_expect(eq(sz, one.items.len, 2));
	chain_release(&one);
	chain_release(&two);
	chain_release(&three);
}
