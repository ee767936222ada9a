/* SPDX-License-Identifier: Apache-2.0 */
/*
 * build/step.c - one step that makes files: looked up, or made by a child.
 *
 * The child holds the lock of the step's key while it works, so that of
 * several builds one does the work. It writes to a directory of tmp/, which is
 * moved to its place when all went well, and then writes the record.
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/fsx.h"
#include "base/io.h"
#include "base/log.h"
#include "base/proc.h"
#include "base/text.h"
#include "base/units.h"
#include "build/build_priv.h"
#include "build/step_key.h"
#include "dockerfile/df_source.h"
#include "runtime/step_down.h"

bool
step_source_is_remote(const struct step_work *work, const char *source)
{
	return work->step->cmd == DF_ADD &&
	       df_source_of(source) != DF_SOURCE_LOCAL;
}

void
step_work_free(struct step_work *work)
{
	if (!work)
		return;
	chain_release(&work->chain);
	strvec_release(&work->argv);
	strvec_release(&work->env);
	strvec_release(&work->inputs);
	free(work->mounts);
	free(work->dest);
	free(work);
}

static bool
is_without_cache(const struct stage *stage)
{
	const struct build_options *opts = stage->build->opts;
	char number[16];

	(void)snprintf(number, sizeof(number), "%zu", stage->index);
	return opts->no_cache || strvec_has(&opts->no_cache_filter, number) ||
	       (stage->df->name &&
		strvec_has(&opts->no_cache_filter, stage->df->name));
}

static int
find_origins(struct step_work *work, struct err *err)
{
	const struct df_step *step = work->step;
	int r = 0;

	if (step->cmd == DF_COPY || step->cmd == DF_ADD)
		return origin_find(work->stage,
				   step->cmd == DF_COPY ? step->copy.from
							: NULL,
				   &work->from, err);
	if (step->cmd != DF_RUN)
		return 0;
	work->mounts =
		xcalloc(step->run.mount_count + 1, sizeof(*work->mounts));
	for (size_t i = 0; r == 0 && i < step->run.mount_count; i++)
		r = origin_find(work->stage, step->run.mounts[i].from,
				&work->mounts[i], err);
	return r;
}

static int
new_work(struct stage *stage, struct err *err)
{
	struct step_work *work = xcalloc(1, sizeof(*work));
	const struct df_step *step = &stage->step;
	int r;

	stage->work = work;
	work->stage = stage;
	work->build = stage->build;
	work->step = step;
	work->no_cache = is_without_cache(stage);
	chain_copy(&work->chain, &stage->chain);
	r = find_origins(work, err);
	if (r < 0)
		return r;
	if (step->cmd == DF_RUN) {
		df_command_argv(&step->run.command, &stage->draft.shell,
				&work->argv);
		strvec_add_all(&work->env, &stage->scope.env);
		strvec_sort(&work->env);
	} else {
		work->dest =
			draft_join(&stage->draft, step->cmd == DF_WORKDIR
							  ? stage->draft.workdir
							  : step->copy.dest);
	}
	return 0;
}

/* Returns 1 when all that files are taken of is there, 0, -errno. */
static int
advance_origins(struct step_work *work, struct err *err)
{
	const struct df_step *step = work->step;
	int r = 1;

	if (step->cmd == DF_COPY)
		return origin_advance(&work->from, err);
	if (step->cmd != DF_RUN)
		return 1;
	for (size_t i = 0; r > 0 && i < step->run.mount_count; i++)
		r = origin_advance(&work->mounts[i], err);
	return r;
}

static bool
is_cached(struct step_work *work, const char *key,
	  char ret_key[BLAKE2_HEX_BYTES])
{
	cleanup_step_record struct step_record record = STEP_RECORD_INIT;

	if (work->no_cache || !*key ||
	    step_cache_get(work->build->store, key, &record) < 0)
		return false;
	memcpy(ret_key, record.key, BLAKE2_HEX_BYTES);
	step_cache_touch(work->build->store, record.key);
	return true;
}

/* The child's part from here on. */

static void
room_release(struct step_room *room)
{
	struct store *store = room->work->build->store;

	view_close(&room->below);
	strvec_release(&room->lowers);
	strbuf_release(&room->owners);
	step_down_free(room->down);
	if (room->upperfd >= 0)
		(void)close(room->upperfd);
	if (room->fd < 0)
		return;
	(void)close(room->fd);
	if (room->path[0])
		(void)fsx_remove_tree(store->dirfd, room->path, NULL);
}

static int
room_open(struct step_room *room, struct err *err)
{
	struct step_work *work = room->work;
	struct store *store = work->build->store;
	char name[FSX_TMP_NAME_BYTES];
	int r;

	fsx_tmp_name("build", name);
	(void)snprintf(room->path, sizeof(room->path), "tmp/%s", name);
	if (mkdirat(store->dirfd, room->path, 0700) < 0)
		return err_sys(err, "make a directory for the step");
	room->fd = openat(store->dirfd, room->path,
			  O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (room->fd < 0 || mkdirat(room->fd, "fs", 0755) < 0 ||
	    fchmodat(room->fd, "fs", 0755, 0) < 0)
		return err_sys(err, "make a directory for the step");
	room->upperfd =
		openat(room->fd, "fs", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (room->upperfd < 0)
		return err_sys(err, "open the step's directory");
	r = chain_paths(store, &work->chain, &room->lowers, err);
	return r < 0 ? r
		     : view_add(&room->below, store->dirfd, &room->lowers, err);
}

static int
work_on(struct step_room *room, struct err *err)
{
	switch (room->work->step->cmd) {
	case DF_RUN:
		return step_run(room, err);
	case DF_ADD:
		return step_add(room, err);
	case DF_COPY:
		return step_copy(room, err);
	default:
		return step_workdir(room, err);
	}
}

static int
write_owners(struct step_room *room, struct err *err)
{
	if (!room->owners.len)
		return 0;
	return fsx_write_atomic(room->fd, "owners", room->owners.buf,
				room->owners.len, 0600, FSX_NOSYNC, err);
}

/* Only what belongs to the layer stays in the directory. */
static int
strip_room(struct step_room *room, struct err *err)
{
	static const char *const rest[] = { "upper",    "work",       "root",
					    "hosts",    "hostname",   "mounts",
					    "apt.conf", "resolv.conf" };
	int r = write_owners(room, err);

	for (size_t i = 0; r == 0 && i < ARRAY_LEN(rest); i++)
		r = fsx_remove_tree(room->fd, rest[i], err);
	return r;
}

static int
keep_room(struct step_room *room, struct err *err)
{
	struct step_work *work = room->work;
	struct store *store = work->build->store;
	cleanup_step_record struct step_record record = STEP_RECORD_INIT;
	char nonce[33];
	struct fsx_usage usage = { .disk_bytes = 0 };
	int r = strip_room(room, err);

	if (r == 0)
		r = fsx_tree_usage(room->fd, "fs", &usage, err);
	if (r == 0)
		r = step_cache_adopt(store, room->path, &record.tree, err);
	if (r < 0)
		return r;
	room->path[0] = '\0';
	text_random_hex(nonce, sizeof(nonce) - 1);
	record.key = xstrdup(work->key);
	record.id = xstrdup(work->step->cmd == DF_RUN ? nonce : work->key);
	record.boot = xstrdup(proc_boot_id());
	record.title = xstrdup(work->step->title ?: "");
	record.size = (int64_t)usage.disk_bytes;
	record.created_ns = units_now_ns();
	strvec_add_all(&record.inputs, &work->inputs);
	return step_cache_put(store, &record, err);
}

static int
make(struct step_work *work, struct task_link *link, struct node *result,
     struct err *err)
{
	cleanup_release(room_release) struct step_room room = {
		.work = work,
		.link = link,
		.fd = -EBADF,
		.upperfd = -EBADF,
		.owners = STRBUF_INIT,
	};
	int r = room_open(&room, err);

	if (r == 0)
		r = work_on(&room, err);
	if (r == 0)
		r = keep_room(&room, err);
	node_set_int(result, "exit", room.exit_code);
	return r;
}

/* Two keys for one result: by what a stage was, and by what it holds. */
static void
put_fast_key(struct step_work *work)
{
	struct step_record record = { .key = work->fast_key,
				      .same = work->key };
	struct err err = ERR_INIT;

	if (work->fast_key[0] &&
	    step_cache_put(work->build->store, &record, &err) < 0)
		log_debug("build cache: %s", err.text);
}

static int
enter(struct step_work *work, struct task_link *link, struct err *err)
{
	int r = session_enter(work->build->session, true, err);

	task_die_with_parent(link);
	(void)umask(0);
	return r;
}

/* What the key still lacks: contents. Those of stages are read inside U. */
static int
finish_key(struct step_work *work, struct task_link *link, struct err *err)
{
	bool of_stage =
		work->step->cmd == DF_COPY && origin_chain(&work->from) != NULL;
	int r = of_stage ? enter(work, link, err) : 0;

	if (r == 0 && work->step->cmd == DF_ADD)
		r = add_fetch(work, link, err);
	if (r == 0)
		r = step_key_add_content(work, err);
	step_key_end(work);
	return r;
}

static int
child_locked(struct step_work *work, struct task_link *link,
	     struct node *result, struct err *err)
{
	char found[BLAKE2_HEX_BYTES];
	int lockfd, r;

	lockfd = step_cache_lock(work->build->store, work->key, err);
	if (lockfd < 0)
		return lockfd;
	r = 0;
	if (is_cached(work, work->key, found)) {
		node_set_bool(result, "cached", true);
	} else {
		if (work->step->cmd == DF_ADD)
			r = add_unpack(work, err);
		if (r == 0)
			r = enter(work, link, err);
		if (r == 0)
			r = make(work, link, result, err);
	}
	if (r == 0)
		put_fast_key(work);
	step_cache_unlock(work->build->store, work->key, lockfd);
	return r;
}

static int
child_work(void *data, struct task_link *link, struct node *result,
	   struct err *err)
{
	struct step_work *work = data;
	char found[BLAKE2_HEX_BYTES];
	int rundirfd, r = 0;

	if (work->needs_content)
		r = finish_key(work, link, err);
	if (r == 0) {
		node_set_str(result, "key", work->key);
		if (work->needs_content && is_cached(work, work->key, found)) {
			put_fast_key(work);
			node_set_bool(result, "cached", true);
		} else {
			r = child_locked(work, link, result, err);
		}
	}
	add_clean(work);
	node_set_strvec(result, "inputs", &work->inputs);
	rundirfd = paths_open_run(&work->build->session->paths, NULL);
	if (rundirfd >= 0)
		idspace_release(rundirfd, getpid());
	return r;
}

/* The build's part. */

static void
on_output(void *data, struct span bytes)
{
	struct step_work *work = data;

	vertex_log(work->build, work->stage->vertex, bytes);
}

static void
on_status(void *data, const struct task_status *status)
{
	struct step_work *work = data;

	vertex_status(work->build, work->stage->vertex, status);
}

static void
on_end(void *data, int r, const struct node *result, const struct err *err)
{
	struct step_work *work = data;
	struct stage *stage = work->stage;
	struct build *build = work->build;
	bool cached = node_get_bool(result, "cached", false);
	cleanup_free char *key = xstrdup_null(node_get_str(result, "key"));

	build->working--;
	build_task_over(build, work->task);
	work->task = NULL;
	if (r == 0 && key) {
		memcpy(work->key, key, BLAKE2_HEX_BYTES);
		strvec_release(&work->inputs);
		node_get_strvec(result, "inputs", &work->inputs);
		if (!cached) {
			strvec_add(&build->new_keys, key);
			step_explain(work);
		}
		stage_step_done(stage, key, cached);
		build_advance(build);
		return;
	}
	build->result->exit_code = (int)node_get_int(result, "exit", 0);
	build_fail(build, r < 0 ? r : -EPROTO, err, stage->vertex,
		   stage->vertex ? stage->vertex->range : NULL);
}

static int
start_child(struct step_work *work, struct err *err)
{
	struct task_spec spec = {
		.work = child_work,
		.output = on_output,
		.status = on_status,
		.end = on_end,
		.data = work,
	};

	if (!build_may_work(work->build))
		return -EAGAIN;
	vertex_tell(work->build, work->stage->vertex, BUILD_EVENT_START, NULL);
	work->task = build_task(work->build, &spec, err);
	if (!work->task)
		return err ? -err->code : -EAGAIN;
	work->build->working++;
	return 0;
}

int
step_begin(struct stage *stage, struct err *err)
{
	char found[BLAKE2_HEX_BYTES];
	struct step_work *work;
	int r;

	if (!stage->work) {
		r = new_work(stage, err);
		if (r < 0)
			return r;
	}
	work = stage->work;
	r = advance_origins(work, err);
	if (r <= 0)
		return r < 0 ? r : -EAGAIN;
	if (!work->inputs.len) {
		step_key_begin(work);
		if (work->step->cmd == DF_ADD && work->step->copy.sources.len)
			work->needs_content = true;
		if (!work->needs_content)
			step_key_end(work);
		if (is_cached(work,
			      work->needs_content ? work->fast_key : work->key,
			      found)) {
			vertex_tell(work->build, stage->vertex,
				    BUILD_EVENT_START, NULL);
			stage_step_done(stage, found, true);
			return 1;
		}
	}
	return start_child(work, err);
}
