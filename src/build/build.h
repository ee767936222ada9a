/* SPDX-License-Identifier: Apache-2.0 */
/*
 * build/build.h - from a context and a Dockerfile to an image.
 *
 *	build_source_open(opts)      the context is here, the Dockerfile read
 *	dockerfile_parse(df)         errors of syntax, --call and lint
 *	build_run(opts, source, df)  everything else
 *	build_source_close()
 *
 * build_run() makes a graph of what the target needs, looks every step up in
 * the cache, does the missing ones in child processes, several at a time, and
 * puts the outputs where they were asked for. What happens is told as events.
 *
 * The caller is outside the user namespace U and stays there; it has one
 * thread. A build that is killed leaves entries of tmp/ and finished steps.
 */
#ifndef DHOW_BUILD_BUILD_H
#define DHOW_BUILD_BUILD_H

#include <stdbool.h>
#include <stdint.h>

#include "base/strvec.h"
#include "data/node.h"
#include "dockerfile/df_lint.h"
#include "dockerfile/df_step.h"
#include "dockerfile/dockerfile.h"
#include "dockerfile/ignore.h"
#include "image/transfer.h"
#include "session/session.h"
#include "spec/digest.h"
#include "spec/limits_spec.h"
#include "spec/platform.h"
#include "spec/ulimit_spec.h"

/* --secret id=ID[,src=FILE|env=VAR]; its value is read when a step runs. */
struct build_secret {
	char *id;
	char *file; /* or NULL */
	char *env;  /* a variable of the caller, or NULL */
};

/* --ssh ID[=SOCKET|KEY,…] */
struct build_ssh {
	char *id;
	struct strvec paths; /* none: $SSH_AUTH_SOCK */
};

enum build_output_kind {
	BUILD_OUTPUT_IMAGE,  /* into the store, under the tags */
	BUILD_OUTPUT_LOCAL,  /* the files, into a directory */
	BUILD_OUTPUT_TAR,    /* the files, as an archive */
	BUILD_OUTPUT_OCI,    /* an OCI layout, as an archive */
	BUILD_OUTPUT_DOCKER, /* as docker save makes it; without dest: IMAGE */
	BUILD_OUTPUT_CACHEONLY,
	BUILD_OUTPUT_KIND_COUNT,
};

struct build_output {
	enum build_output_kind kind;
	char *dest;     /* path, "-" for fd 1; NULL for IMAGE */
	char *name;     /* further tag of this output, or NULL */
	bool push;      /* type=registry and push=true: by the caller, with
			   build_result */
	bool tar_off;   /* tar=false: a directory instead of an archive */
	int64_t format; /* enum comp_format of layers; -1: gzip */
};

enum build_cache_kind {
	BUILD_CACHE_LOCAL,    /* a directory */
	BUILD_CACHE_REGISTRY, /* an image reference */
	BUILD_CACHE_INLINE,   /* within the image itself */
	BUILD_CACHE_KIND_COUNT,
};

/* --cache-from, --cache-to */
struct build_cache_ref {
	enum build_cache_kind kind;
	char *where; /* path or reference; NULL for INLINE */
	bool max;    /* mode=max: steps of all stages */
};

enum build_pull {
	BUILD_PULL_MISSING,
	BUILD_PULL_ALWAYS,
	BUILD_PULL_NEVER,
};

/* What a build is asked for. Texts are owned; NULL: not given. */
struct build_options {
	char *context;            /* as typed: directory, URL, git URL, "-" */
	char *file;               /* -f, "-" for fd 0 */
	char *ignore_file;        /* --ignorefile */
	struct strvec build_args; /* unique "K=V" */
	struct strvec build_contexts; /* "NAME=SRC" */
	struct strvec tags;           /* references, checked */
	struct strvec labels;         /* "K=V", applied last */
	struct strvec env;          /* "K=V", as if FROM were followed by it */
	struct strvec unset_env;    /* names that the image shall not have */
	struct strvec unset_labels; /* keys not to inherit */
	struct strvec annotations;  /* "K=V" of the manifest */
	char *target;
	char *from; /* --from: instead of the first FROM's image */
	struct platform platform; /* arch "": this host's */
	bool docker_format;       /* --format docker */
	struct build_secret *secrets;
	size_t secret_count;
	struct build_ssh *ssh;
	size_t ssh_count;
	struct build_output *outputs; /* none: one IMAGE */
	size_t output_count;

	bool no_cache;
	struct strvec no_cache_filter; /* stage names */
	struct build_cache_ref *cache_from;
	size_t cache_from_count;
	struct build_cache_ref *cache_to;
	size_t cache_to_count;
	bool why; /* a step that is not cached tells what changed */
	enum build_pull pull;
	unsigned int jobs; /* steps at once; 0: as many as processors, and
			      more for those that wait */
	bool has_epoch;    /* SOURCE_DATE_EPOCH */
	int64_t epoch;

	/* RUN */
	bool allow_host_network; /* --allow network.host */
	bool allow_insecure;     /* --allow security.insecure */
	enum df_network network;
	struct strvec hosts; /* --add-host, by host_spec_parse() */
	struct strvec dns, dns_search, dns_options;
	int64_t shm_bytes; /* 0: the default */
	struct ulimit_list ulimits;
	struct limits_spec limits; /* of each step */
	struct strvec cap_add, cap_drop;
	struct strvec security_opts;
	struct strvec volumes; /* binds of the host, as -v of run has them */
	struct strvec devices; /* as a container's record has them */
	char *driver;          /* --storage-driver */

	/* Pulls: see image/transfer.h; name and platform are set here. */
	struct transfer_request registry;

	char *iidfile;
	char *metadata_file;
};

#define BUILD_OPTIONS_INIT                         \
	{                                          \
		.registry = TRANSFER_REQUEST_INIT, \
	}
#define cleanup_build_options cleanup_release(build_options_release)
void build_options_release(struct build_options *opts);

enum build_event_kind {
	BUILD_EVENT_START,  /* a vertex begins, or goes on after a wait */
	BUILD_EVENT_LOG,    /* bytes its command wrote */
	BUILD_EVENT_STATUS, /* something in it is at done of total */
	BUILD_EVENT_CACHED, /* it is over: nothing had to be done */
	BUILD_EVENT_DONE,   /* it is over */
	BUILD_EVENT_FAILED,
	BUILD_EVENT_WHY,  /* text: which input changed */
	BUILD_EVENT_NOTE, /* text: a warning; vertex may be NULL */
};

/* One thing to do, as it is shown. Lives until build_source_close(). */
struct build_vertex {
	size_t number;     /* 1, 2, …, in the order of their first event */
	const char *name;  /* "[builder 2/5] RUN make", "[internal] load …" */
	const char *stage; /* its title, or NULL */
	const struct df_range *range; /* in the Dockerfile, or NULL */
	void *data;                   /* the listener's own */
};

struct build_event {
	enum build_event_kind kind;
	struct build_vertex *vertex;
	int64_t now_ns; /* units_now_ns() */
	struct span log;
	const char *id; /* STATUS: of a layer, a file … */
	const char *action;
	uint64_t done, total;
	const char *text;
};

struct build_sink {
	void (*event)(void *data, const struct build_event *event);
	void *data;
	/* Called between events when nothing happens, about 10 times a
	 * second: to draw again. May be NULL. */
	void (*tick)(void *data);
};

struct build_result {
	struct digest image;    /* id; empty when no image was made */
	struct digest manifest; /* empty likewise */
	int64_t manifest_bytes;
	/* After a failure: */
	struct build_vertex *failed; /* or NULL: before any step */
	int exit_code;               /* of its command; 0: not that */
	struct df_range range;       /* line 0: not of the Dockerfile */
};

struct build_source;

/*
 * Find or fetch the context (directory, archive, repository, URL, fd 0) and
 * read the Dockerfile. Progress goes to @sink.
 *
 * @opts: borrowed until the close
 *
 * Returns 0; -EINVAL; -ENOENT when there is no Dockerfile, with what was
 * looked for; or what fetching failed of.
 */
int build_source_open(struct session *session, const struct build_options *opts,
		      const struct build_sink *sink,
		      struct build_source **ret_source, struct err *err);
void build_source_close(struct build_source *source);
DEFINE_CLEANUP(struct build_source *, build_source_close);

/* The Dockerfile, not parsed yet; borrowed. */
struct dockerfile *build_source_dockerfile(const struct build_source *source);

/* What is left out of the context, or NULL; borrowed. */
const struct ignore *build_source_ignore(const struct build_source *source);

/*
 * Build. @lint: warnings of evaluation are added; may be NULL.
 *
 * Returns 0; -EINVAL for what the Dockerfile says wrongly, with its position
 * in the story and in ret_result; -ECANCELED after SIGINT or SIGTERM; or what
 * a step failed of.
 */
int build_run(struct build_source *source, struct df_lint *lint,
	      const struct build_sink *sink, struct build_result *ret_result,
	      struct err *err);

/* What the cache holds (builder du), and removing it (builder prune). */
struct build_cache_row {
	char *id;   /* of a step or a cache mount */
	char *text; /* "RUN make", "cache mount /root/.cache" */
	bool is_mount;
	bool is_shared; /* its layer belongs to an image: costs nothing here */
	bool in_use;
	int64_t size_bytes;
	int64_t created_ns;
	int64_t used_ns;
	int64_t use_count;
};

struct build_cache_list {
	struct build_cache_row *rows; /* the least recently used first */
	size_t len, cap;
};

struct build_prune {
	bool all; /* steps and cache mounts; else only what no later step
		     needs and steps without a layer in an image */
	int64_t older_ns;   /* not used for so long; 0: whatever the age */
	int64_t keep_bytes; /* stop when no more than this is left; 0: none */
	/* Rows for which it is false stay; NULL: all may go. */
	bool (*wants)(void *arg, const struct build_cache_row *row);
	void *arg;
};

int build_cache_list(struct session *session, struct build_cache_list *list,
		     struct err *err);
void build_cache_list_release(struct build_cache_list *list);

/* @removed: rows that went. Returns 0 or -errno. */
int build_cache_prune(struct session *session, const struct build_prune *prune,
		      struct build_cache_list *removed, uint64_t *ret_bytes,
		      struct err *err);

#endif
