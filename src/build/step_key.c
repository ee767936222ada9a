/* SPDX-License-Identifier: Apache-2.0 */
/*
 * build/step_key.c - what goes into the key of a step.
 *
 * Everything that its files can depend on, by value or content, never by time;
 * values of secrets and contents of cache mounts are no inputs.
 */
#include "build/step_key.h"

#include <errno.h>
#include <string.h>

#include "base/alloc.h"
#include "base/text.h"
#include "build/content.h"

#define STEP_KEY_VERSION "dhow step 1"

static void
add_list(struct blake2 *hash, const struct strvec *list)
{
	blake2_add_number(hash, list->len);
	for (size_t i = 0; i < list->len; i++)
		blake2_add_text(hash, list->v[i]);
}

/* For --why: @what and a digest of what was added to @one. */
static void
note(struct step_work *work, const char *what, struct blake2 *one)
{
	char hex[BLAKE2_HEX_BYTES];

	blake2_end_hex(one, hex);
	strvec_addf(&work->inputs, "%s=%.16s", what, hex);
	blake2_add_text(&work->hash, hex);
}

static void
note_text(struct step_work *work, const char *what, const char *text)
{
	struct blake2 one;

	blake2_init(&one);
	blake2_add_text(&one, text);
	note(work, what, &one);
}

static void
note_env(struct step_work *work)
{
	for (size_t i = 0; i < work->env.len; i++) {
		cleanup_free char *name = xstrdup(work->env.v[i]);
		cleanup_free char *what = NULL;
		char *eq = strchr(name, '=');

		if (eq)
			*eq = '\0';
		what = xasprintf("variable %s", name);
		note_text(work, what, eq ? eq + 1 : "");
	}
}

static void
add_mount(struct step_work *work, const struct df_mount *mount,
	  const struct origin *origin)
{
	const struct chain *chain = mount->kind == DF_MOUNT_BIND || mount->from
					    ? origin_chain(origin)
					    : NULL;
	cleanup_free char *what = NULL;
	struct blake2 one;

	blake2_init(&one);
	blake2_add_number(&one, mount->kind);
	blake2_add_text(&one, mount->target);
	blake2_add_text(&one, mount->source);
	blake2_add_text(&one, mount->id);
	blake2_add_text(&one, mount->env);
	blake2_add_number(&one, mount->readonly);
	blake2_add_number(&one, mount->required);
	blake2_add_number(&one, mount->sharing);
	blake2_add_number(&one, (uint64_t)mount->mode);
	blake2_add_number(&one, (uint64_t)mount->uid);
	blake2_add_number(&one, (uint64_t)mount->gid);
	blake2_add_number(&one, (uint64_t)mount->size_bytes);
	blake2_add_text(&one, chain ? chain->id : NULL);
	what = xasprintf("mount %s", mount->target ?: mount->id ?: "");
	note(work, what, &one);
	if (mount->kind == DF_MOUNT_BIND && !chain)
		work->needs_content = true;
}

static void
add_limits(struct step_work *work)
{
	const struct build_options *opts = work->build->opts;
	struct blake2 one;

	blake2_init(&one);
	add_list(&one, &opts->hosts);
	add_list(&one, &opts->cap_add);
	add_list(&one, &opts->cap_drop);
	add_list(&one, &opts->security_opts);
	add_list(&one, &opts->volumes);
	add_list(&one, &opts->devices);
	blake2_add_number(&one, (uint64_t)opts->shm_bytes);
	for (size_t i = 0; i < opts->ulimits.len; i++) {
		const struct ulimit_spec *limit = &opts->ulimits.items[i];

		blake2_add_text(&one, limit->name);
		blake2_add_number(&one, limit->soft);
		blake2_add_number(&one, limit->hard);
	}
	note(work, "options of the build", &one);
}

static void
key_run(struct step_work *work)
{
	const struct df_run *run = &work->step->run;
	const struct build *build = work->build;
	struct blake2 one;

	blake2_init(&one);
	add_list(&one, &work->argv);
	blake2_add_text(&one, run->script.name);
	blake2_add_text(&one, run->script.content);
	note(work, "command", &one);
	note_env(work);
	note_text(work, "working directory", work->stage->draft.workdir);
	note_text(work, "user", work->stage->draft.user);
	blake2_init(&one);
	blake2_add_number(&one, run->network ?: build->opts->network);
	blake2_add_number(&one, run->insecure);
	blake2_add_text(&one, build->target.arch);
	blake2_add_text(&one, build->target.variant);
	blake2_add_text(&one, build_arg(build, "BUILDKIT_SANDBOX_HOSTNAME"));
	note(work, "network, security, platform or host name", &one);
	add_limits(work);
	for (size_t i = 0; i < run->mount_count; i++)
		add_mount(work, &run->mounts[i], &work->mounts[i]);
}

static void
add_epoch(struct step_work *work)
{
	const struct build_options *opts = work->build->opts;

	blake2_add_number(&work->hash,
			  opts->has_epoch ? (uint64_t)opts->epoch + 1 : 0);
}

static void
key_copy(struct step_work *work)
{
	const struct df_copy *copy = &work->step->copy;
	const struct chain *chain = origin_chain(&work->from);
	struct blake2 one;

	blake2_init(&one);
	add_list(&one, &copy->sources);
	blake2_add_text(&one, copy->dest);
	blake2_add_text(&one, work->dest);
	blake2_add_text(&one, copy->chown);
	blake2_add_text(&one, copy->chmod);
	blake2_add_text(&one, copy->checksum);
	add_list(&one, &copy->excludes);
	blake2_add_number(&one, (uint64_t)(copy->link | copy->parents << 1 |
					   copy->keep_git_dir << 2));
	blake2_add_number(&one, (uint64_t)copy->unpack);
	note(work, "instruction", &one);
	for (size_t i = 0; i < copy->file_count; i++) {
		note_text(work, "name of a here-document", copy->files[i].name);
		note_text(work, "here-document", copy->files[i].content);
	}
	if (copy->file_count)
		add_epoch(work);
	work->needs_content = copy->sources.len > 0;
	if (!chain || !copy->sources.len)
		return;
	/* The same stage gives the same files: nothing need be read. */
	one = work->hash;
	blake2_add_text(&one, "from");
	blake2_add_text(&one, chain->id);
	blake2_end_hex(&one, work->fast_key);
}

/* With --link, what is below says at most who a name is. */
static bool
is_apart(const struct df_step *step)
{
	const struct df_copy *copy = &step->copy;

	return (step->cmd == DF_COPY || step->cmd == DF_ADD) && copy->link &&
	       (!copy->chown ||
		copy->chown[strspn(copy->chown, "0123456789:")] == '\0');
}

void
step_key_begin(struct step_work *work)
{
	const struct df_step *step = work->step;
	bool apart = is_apart(step);

	blake2_init(&work->hash);
	blake2_add_text(&work->hash, STEP_KEY_VERSION);
	blake2_add_text(&work->hash, df_cmd_name(step->cmd));
	note_text(work, "an earlier step", apart ? "" : work->chain.id);
	switch (step->cmd) {
	case DF_RUN:
		key_run(work);
		break;
	case DF_WORKDIR:
		note_text(work, "directory", work->dest);
		note_text(work, "user", work->stage->draft.user);
		add_epoch(work);
		break;
	default:
		key_copy(work);
		break;
	}
}

void
step_key_end(struct step_work *work)
{
	blake2_end_hex(&work->hash, work->key);
}

/* What one source of a COPY or a bind mount holds. */
static int
add_path(struct step_work *work, const struct walk_source *source,
	 const char *path, const struct ignore *exclude,
	 struct stat_cache *cache, struct err *err)
{
	cleanup_free char *what = xasprintf("files of /%s", path);
	const char *slash = strrchr(path, '/');
	struct blake2 one;
	int r;

	blake2_init(&one);
	blake2_add_text(&one,
			work->step->cmd != DF_RUN && work->step->copy.parents
				? path
				: (slash ? slash + 1 : path));
	r = content_add(source, path, exclude, cache, &one, err);
	if (r == 0)
		note(work, what, &one);
	return r;
}

static int
add_sources(struct step_work *work, const struct walk_source *source,
	    struct stat_cache *cache, struct err *err)
{
	const struct df_copy *copy = &work->step->copy;
	cleanup_with(ignore_free) struct ignore *exclude = copy_excludes(copy);
	int r = 0;

	for (size_t i = 0; r == 0 && i < copy->sources.len; i++) {
		cleanup_strvec struct strvec paths = STRVEC_INIT;

		if (step_source_is_remote(work, copy->sources.v[i]))
			continue;
		r = walk_match(source, copy->sources.v[i], copy->parents,
			       &paths, err);
		for (size_t k = 0; r == 0 && k < paths.len; k++)
			r = add_path(work, source, paths.v[k], exclude, cache,
				     err);
	}
	return r;
}

static bool
has_local_source(const struct step_work *work)
{
	const struct strvec *sources = &work->step->copy.sources;

	for (size_t i = 0; i < sources->len; i++)
		if (!step_source_is_remote(work, sources->v[i]))
			return true;
	return false;
}

static int
add_mounts(struct step_work *work, struct stat_cache *cache, struct err *err)
{
	const struct df_run *run = &work->step->run;
	int r = 0;

	for (size_t i = 0; r == 0 && i < run->mount_count; i++) {
		cleanup_strvec struct strvec paths = STRVEC_INIT;
		struct walk_source source;

		if (run->mounts[i].kind != DF_MOUNT_BIND ||
		    origin_chain(&work->mounts[i]))
			continue;
		r = origin_open(&work->mounts[i], work->build->store, &source,
				err);
		if (r == 0)
			r = walk_match(&source, run->mounts[i].source ?: "",
				       false, &paths, err);
		if (r == 0 && paths.len)
			r = add_path(work, &source, paths.v[0], NULL, cache,
				     err);
		view_close(&source.view);
	}
	return r;
}

/* One file of digests per context. */
static struct stat_cache *
open_stat_cache(struct step_work *work)
{
	const struct context *context = work->from.context;
	char hex[BLAKE2_HEX_BYTES];
	cleanup_free char *name = NULL;
	struct blake2 hash;

	if (!context && work->step->cmd == DF_RUN)
		context = &work->build->source->contexts[0];
	if (!context || !context->path || context->is_fetched)
		return NULL;
	blake2_init(&hash);
	blake2_add_text(&hash, context->path);
	blake2_end_hex(&hash, hex);
	name = xasprintf("build/contexts/%.32s", hex);
	return stat_cache_open(work->build->store->dirfd, name);
}

int
step_key_add_content(struct step_work *work, struct err *err)
{
	cleanup_with(stat_cache_close) struct stat_cache *cache =
		open_stat_cache(work);
	struct walk_source source;
	int r;

	if (work->step->cmd == DF_RUN)
		return add_mounts(work, cache, err);
	if (!has_local_source(work))
		return 0;
	r = origin_open(&work->from, work->build->store, &source, err);
	if (r == 0)
		r = add_sources(work, &source, cache, err);
	view_close(&source.view);
	return r;
}
