/* SPDX-License-Identifier: Apache-2.0 */
/*
 * build/build_priv.h - a build under way; private to this room.
 *
 * A stage is worked through instruction by instruction (stage.c). What only
 * changes the image's config is done at once. What makes files becomes a step:
 * its key is computed, the cache asked, and what is missing done by a child
 * (step.c and the step_*.c behind it). Whatever a stage waits for - a child, a
 * base image, another stage - it is tried again when any of them is done.
 */
#ifndef DHOW_BUILD_BUILD_PRIV_H
#define DHOW_BUILD_BUILD_PRIV_H

#include "base/blake2.h"
#include "base/fsx.h"
#include "base/loop.h"
#include "base/map.h"
#include "build/build.h"
#include "build/step_cache.h"
#include "build/task.h"
#include "build/walk.h"
#include "dockerfile/df_step.h"
#include "dockerfile/ignore.h"
#include "spec/image_config.h"
#include "store/image.h"

/* A directory that steps may take files of. */
struct context {
	char *name;            /* of --build-context; NULL: the main one */
	char *path;            /* absolute; NULL: there is none */
	int fd;                /* of it, -EBADF */
	bool is_fetched;       /* into tmp/: goes with the build */
	char *fetched_path;    /* below the store */
	struct ignore *ignore; /* or NULL */
	char *image;           /* instead: a reference, docker-image:// */
};

struct build_source {
	struct session *session;
	const struct build_options *opts;
	struct store *store;      /* borrowed from session */
	struct context *contexts; /* [0] is the main one */
	size_t context_count, context_cap;
	struct dockerfile *df;
	struct build_vertex **vertices; /* of the build that was run */
	size_t vertex_count;
};

/* The trees of a root file system, base first. */
struct chain {
	struct strvec items;       /* "sha256:<diff id>" or "step:<key>" */
	char id[BLAKE2_HEX_BYTES]; /* of the whole: what later keys build on */
};

void chain_copy(struct chain *to, const struct chain *from);
void chain_release(struct chain *chain);
/* Begin with the layers of an image (NULL: with nothing). */
void chain_of_image(struct chain *chain, const struct image_config *config);
void chain_add_step(struct chain *chain, const char *key, const char *id);
/*
 * Paths of the trees below the store, top first.
 * Returns 0 or -ENOENT when one is gone.
 */
int chain_paths(struct store *store, const struct chain *chain,
		struct strvec *paths, struct err *err);

struct build;

/* An image that is the base of something. */
struct base_image {
	char *name; /* as written */
	struct platform platform;
	enum {
		BASE_NEW,
		BASE_PULLING,
		BASE_READY,
	} state;
	struct image_row row;
	struct image_config config;
	struct chain chain;
	struct build_vertex *vertex;
	struct build *build;
};

/* The config of the image that a stage will be. */
struct image_draft {
	struct node *doc;  /* the image config's document, rootfs left out */
	struct strvec env; /* what ENV says, "K=V" */
	struct strvec shell;
	struct strvec onbuild; /* triggers that this stage leaves to others */
	char *workdir;         /* absolute */
	char *user;
	bool has_cmd;     /* of this stage itself */
	int64_t layer_ns; /* when the last layer was made */
};

/* Where one instruction comes from: the Dockerfile, or a base's ONBUILD. */
struct stage_item {
	struct dockerfile *df; /* of a trigger: owned; else borrowed */
	const struct df_instruction *in;
	bool is_trigger;
};

struct stage {
	struct build *build;
	const struct df_stage *df;
	size_t index;
	bool needed;
	enum {
		STAGE_BASE, /* its base is not there yet */
		STAGE_STEPS,
		STAGE_DONE,
	} state;
	struct context *replaced;     /* by a named context of its name */
	struct context *from_context; /* a directory to begin with */
	struct df_base from;
	bool from_is_known;
	struct base_image *base; /* or NULL */
	struct stage_item *items;
	size_t item_count, item_cap;
	size_t at;           /* the next item */
	struct df_step step; /* of items[at], once made */
	bool step_is_made;
	struct step_work *work; /* the step is with a child */
	struct df_scope scope;
	struct image_draft draft;
	struct chain chain;
	size_t shown; /* file steps so far, FROM included */
	size_t shown_total;
	struct build_vertex *from_vertex;
	struct build_vertex *vertex; /* of the step at hand */
};

struct build {
	struct build_source *source;
	const struct build_options *opts;
	struct session *session;
	struct store *store;
	struct dockerfile *df;
	struct df_lint *lint;
	struct build_sink sink;
	struct build_result *result;
	struct platform target, host;
	struct df_globals globals;
	struct loop *loop;
	struct stage *stages;
	size_t stage_count;
	size_t target_stage;
	struct base_image **bases;
	size_t base_count, base_cap;
	struct build_vertex **vertices;
	size_t vertex_count, vertex_cap;
	struct task **tasks; /* running ones */
	size_t task_count, task_cap;
	struct task *keeper;    /* holds the user namespace */
	size_t working;         /* steps with a child */
	struct strvec new_keys; /* steps made by this build */
	int holdfd;             /* nothing is pruned meanwhile */
	int pinfd;
	int r; /* of the first failure */
	struct err err;
	bool over;
};

/* vertex.c */
struct build_vertex *vertex_new(struct build *build, const char *stage,
				const struct df_range *range, const char *fmt,
				...) __attribute__((format(printf, 4, 5)));
void vertex_tell(struct build *build, struct build_vertex *vertex,
		 enum build_event_kind kind, const char *text);
void vertex_log(struct build *build, struct build_vertex *vertex,
		struct span bytes);
void vertex_status(struct build *build, struct build_vertex *vertex,
		   const struct task_status *status);
void vertices_free(struct build_source *source);

/* build_run.c */
/* End with this failure; the first one counts. */
void build_fail(struct build *build, int r, const struct err *err,
		struct build_vertex *vertex, const struct df_range *range);
/* Try everything that waits. */
void build_advance(struct build *build);
/* task_start() that is remembered until build_task_over(). */
struct task *build_task(struct build *build, const struct task_spec *spec,
			struct err *err);
void build_task_over(struct build *build, struct task *task);
bool build_may_work(const struct build *build);
/* What --build-arg or a global ARG says that the builder understands. */
const char *build_arg(const struct build *build, const char *name);
struct context *build_find_context(struct build_source *source,
				   const char *name);

/* base.c: images. Returns the image, whatever its state, or NULL. */
struct base_image *base_get(struct build *build, const char *name,
			    const struct platform *platform,
			    const char *stage_title);
/* Can it be an image's name or id? Returns 0 or -EINVAL. */
int base_check_name(const char *name, struct err *err);
/* Returns 1 when it is ready, 0 when it is awaited, -errno. */
int base_advance(struct base_image *base, struct err *err);
void base_free(struct base_image *base);

/* stage.c */
void stage_init(struct stage *stage, struct build *build, size_t index);
void stage_release(struct stage *stage);
/*
 * What FROM means; of all stages, also those that nobody needs, it has to make
 * sense. Returns 0 or -EINVAL with the place in result.
 */
int stage_resolve(struct stage *stage, struct err *err);
int stage_need(struct stage *stage, struct err *err);
/* Stand on the base, if that is there. Returns 0 or -errno. */
int stage_stand(struct stage *stage, struct err *err);
/* Go on as far as possible. Returns 0 or -errno. */
int stage_advance(struct stage *stage, struct err *err);
/* The child's work on its step ended well. */
void stage_step_done(struct stage *stage, const char *key, bool cached);

/*
 * preflight.c: the stage stands on its image: find what will fail, in it and
 * in those built upon it. Returns 0, or -errno with the place in result.
 */
int preflight_stage(struct stage *stage, struct err *err);

/* stage_deps.c: what an instruction takes files of. */
struct origin {
	enum {
		ORIGIN_CONTEXT,
		ORIGIN_STAGE,
		ORIGIN_IMAGE,
	} kind;
	struct context *context;
	struct stage *stage;
	struct base_image *image;
};
/*
 * What --from or from= of @stage means. NULL or "": the main context.
 * Images are looked for and stages needed from now on.
 */
int origin_find(struct stage *stage, const char *name,
		struct origin *ret_origin, struct err *err);
/* 1 ready, 0 awaited, -errno */
int origin_advance(const struct origin *origin, struct err *err);
const struct chain *origin_chain(const struct origin *origin);
/* Make the stages needed that an instruction takes files of. */
int deps_need(struct stage *stage, const struct df_instruction *in,
	      struct err *err);

/* draft.c */
void draft_init(struct image_draft *draft, const struct build *build,
		const struct image_config *config);
void draft_copy(struct image_draft *to, const struct image_draft *from);
void draft_release(struct image_draft *draft);
/* Apply what changes the config only; files are for others. */
int draft_apply(struct image_draft *draft, const struct df_step *step,
		struct err *err);
/* @path joined to the working directory; the caller frees it. */
char *draft_join(const struct image_draft *draft, const char *path);
/* @created_ns: of the step that made it; draft_time() for others. */
void draft_add_history(struct image_draft *draft, const char *created_by,
		       bool empty, int64_t created_ns);
/*
 * The time of what has none of its own: of the last layer, so that a build
 * which changes nothing makes the same image. 0: there is none yet.
 */
int64_t draft_time(const struct image_draft *draft, const struct build *build);
/* The document with all that was collected; the caller owns it. */
struct node *draft_finish(const struct image_draft *draft,
			  const struct build *build);

/* What a source of ADD became, in tmp/ of the store. */
struct added {
	char *file;   /* from the web */
	char *dir;    /* a repository, or what an archive held */
	char *subdir; /* of a repository, as it was asked for; or NULL */
	char *name;
	int64_t mtime;
};

/* step.c */
struct step_work {
	struct stage *stage;
	struct build *build;
	const struct df_step *step;
	struct chain chain; /* the step's parents */
	struct strvec argv; /* RUN */
	struct strvec env;
	struct origin from;    /* COPY --from, ADD */
	struct origin *mounts; /* RUN: of each mount */
	char *dest;            /* COPY, ADD, WORKDIR: absolute */
	bool needs_content;    /* the key is complete only with a context's */
	struct blake2 hash;    /* of the key, what is known of it */
	char key[BLAKE2_HEX_BYTES];
	char fast_key[BLAKE2_HEX_BYTES]; /* COPY of stages; or "" */
	struct strvec inputs;            /* for --why */
	bool no_cache;
	struct added *added; /* ADD: of each source, in the child */
	struct task *task;
};
/*
 * Begin the file step at hand: look it up, or start a child.
 * Returns 1 when it is found, 0 when a child has it, -EAGAIN when none may be
 * started now, -errno.
 */
int step_begin(struct stage *stage, struct err *err);
void step_work_free(struct step_work *work);
/* --why: what differs from the last time this instruction ran. */
void step_explain(struct step_work *work);

/* What a child writes its files to. */
struct step_room {
	struct step_work *work;
	struct task_link *link;
	struct strvec lowers; /* top first */
	struct view below;
	char path[FSX_TMP_NAME_BYTES + 8]; /* "tmp/…", below the store */
	int fd;
	int upperfd; /* of path/fs */
	struct strbuf owners;
	struct step_down *down; /* RUN with one id: who stepped down; or NULL */
	int exit_code;
};

/* May the step have what it asks for? Returns 0 or -EACCES. */
int step_check_allowed(const struct build *build, const struct df_run *run,
		       struct err *err);
/* step_run.c, step_copy.c, step_add.c: in the child, inside U. */
int step_run(struct step_room *room, struct err *err);
int step_copy(struct step_room *room, struct err *err);
int step_add(struct step_room *room, struct err *err);
/* Outside U: fetch what is remote, for the key; unpack, once it is known that
 * the step has to be done. */
int add_fetch(struct step_work *work, struct task_link *link, struct err *err);
int add_unpack(struct step_work *work, struct err *err);
void add_clean(struct step_work *work);
int step_workdir(struct step_room *room, struct err *err);

/* What an origin's files are read by; the view is the caller's. */
int origin_open(const struct origin *origin, struct store *store,
		struct walk_source *ret_source, struct err *err);
/* --chown, WORKDIR: ids of "U[:G]" by the files of the root. */
int step_owner(const struct view *root, const char *text, uid_t *ret_uid,
	       gid_t *ret_gid, struct err *err);
/* The patterns of --exclude; the caller frees it. */
struct ignore *copy_excludes(const struct df_copy *copy);
bool copy_dest_wants_dir(const char *dest);

/* context_layout.c: an OCI layout becomes an image of the store. */
int build_load_layout(struct build_source *source, struct context *context,
		      const char *text, struct err *err);

/* output.c */
int build_output(struct build *build, struct err *err);

#endif
