/* SPDX-License-Identifier: Apache-2.0 */
/*
 * dockerfile/df_step.h - an instruction with its variables replaced, typed.
 *
 * The rules of expansion differ per instruction; they are all applied here.
 * Paths stay words: what they mean inside a context or an image is for who
 * opens them (rule R1). A relative WORKDIR, COPY destination or mount target
 * is to be joined to the working directory at hand.
 */
#ifndef DHOW_DOCKERFILE_DF_STEP_H
#define DHOW_DOCKERFILE_DF_STEP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/strbuf.h"
#include "base/strvec.h"
#include "dockerfile/df_lint.h"
#include "dockerfile/df_mount.h"
#include "dockerfile/df_scope.h"
#include "dockerfile/dockerfile.h"

/* RUN, CMD, ENTRYPOINT, HEALTHCHECK CMD. */
struct df_command {
	bool is_shell;      /* argv is one text for the SHELL */
	struct strvec argv; /* empty: nothing was given */
};

/* A file made of a here-document. */
struct df_file {
	char *name;
	char *content;
};

enum df_network {
	DF_NETWORK_DEFAULT,
	DF_NETWORK_HOST,
	DF_NETWORK_NONE,
	DF_NETWORK_COUNT,
};

struct df_run {
	struct df_command command; /* here-documents are part of the text */
	/*
	 * A here-document that starts with "#!": to be seen, 0755, at
	 * /dev/pipes/<name>, which is what command runs. name NULL: none.
	 */
	struct df_file script;
	struct df_mount *mounts; /* owned */
	size_t mount_count;
	enum df_network network;
	bool insecure; /* --security=insecure */
};

/* COPY and ADD. */
struct df_copy {
	struct strvec sources; /* as words; wildcards not looked at */
	struct df_file *files; /* here-documents, owned, in order */
	size_t file_count;
	char *dest;     /* as a word: a last slash means something */
	char *from;     /* COPY --from: stage, context or image; or NULL */
	char *chown;    /* "U[:G]" or NULL */
	char *chmod;    /* checked by df_chmod_check(), or NULL */
	char *checksum; /* ADD: "sha256:…" or a commit; or NULL */
	struct strvec excludes;
	bool link;
	bool parents;
	bool keep_git_dir;
	int unpack; /* ADD: -1 not said, 0, 1 */
};

struct df_pair {
	char *key;
	char *value; /* ARG without any value: NULL */
};

struct df_pairs {
	struct df_pair *items; /* owned */
	size_t len;
};

struct df_healthcheck {
	bool is_none;
	struct df_command test;
	int64_t interval_ns, timeout_ns, start_period_ns, start_interval_ns;
	int64_t retries; /* 0 everywhere: as the runtime has it */
};

struct df_step {
	const struct df_instruction *from;
	enum df_cmd cmd;
	union {
		struct df_run run;
		struct df_copy copy;       /* COPY, ADD */
		struct df_command command; /* CMD, ENTRYPOINT */
		struct df_pairs pairs;     /* ARG, ENV, LABEL */
		struct df_healthcheck health;
		struct strvec words; /* EXPOSE "80/tcp", VOLUME,
					SHELL */
		char *word;          /* USER, WORKDIR, STOPSIGNAL, MAINTAINER,
					ONBUILD (the instruction's text) */
	};
	char *title; /* for progress: "RUN make $X", unset names literal */
};

/*
 * Make the step of one instruction of a stage (not FROM).
 *
 * @globals: for ARG, which takes --build-arg and global values; the names it
 *           declares are noted
 * @lint:    may be NULL
 *
 * Returns 0, or -EINVAL with "name:line:col: what".
 */
int df_step_make(const struct dockerfile *df, const struct df_instruction *in,
		 const struct df_scope *scope, struct df_globals *globals,
		 struct df_step *ret_step, struct df_lint *lint,
		 struct err *err);
void df_step_release(struct df_step *step);

/* What ARG and ENV change for the instructions that follow. */
void df_scope_apply(struct df_scope *scope, const struct df_step *step);

/* The argv of @command with @shell ("/bin/sh" "-c" when empty) in front. */
void df_command_argv(const struct df_command *command,
		     const struct strvec *shell, struct strvec *argv);

/*
 * Append the history entry's created_by, as BuildKit writes it:
 * "RUN |1 V=1 /bin/sh -c make # buildkit". @argv: of RUN, CMD, ENTRYPOINT with
 * the shell in front; @workdir: of WORKDIR, joined. Either may be NULL else.
 */
void df_step_add_history(const struct df_step *step,
			 const struct df_scope *scope,
			 const struct strvec *argv, const char *workdir,
			 struct strbuf *sb);
/* Metadata only: the history entry has no layer. WORKDIR is not. */
bool df_cmd_is_metadata(enum df_cmd cmd);

#endif
