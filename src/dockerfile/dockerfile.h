/* SPDX-License-Identifier: Apache-2.0 */
/*
 * dockerfile/dockerfile.h - a Dockerfile as instructions and stages.
 *
 * Three layers. This file is syntax: words, flags and here-documents where
 * they stand, nothing replaced. df_scope.h holds the variables at a place.
 * df_step.h makes one instruction and one scope into a typed step:
 *
 *	dockerfile_parse(df)
 *	df_globals_init(df, inputs)          ARGs before the first FROM
 *	for each wanted stage:
 *		df_base_resolve(stage)       its image or stage, its platform
 *		df_scope_init(image env or the parent stage's scope)
 *		for each instruction:
 *			df_step_make(instruction, scope) -> typed, expanded
 *			df_scope_apply(scope, step)
 *
 * Spec: Dockerfile reference, "Format", "Parser directives".
 */
#ifndef DHOW_DOCKERFILE_DOCKERFILE_H
#define DHOW_DOCKERFILE_DOCKERFILE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "base/span.h"
#include "base/strbuf.h"
#include "data/node.h"

#define DOCKERFILE_MAX_BYTES (8U << 20)
#define DOCKERFILE_MAX_LINE 65535
#define DOCKERFILE_MAX_INSTRUCTIONS 20000

enum df_cmd {
	DF_ADD,
	DF_ARG,
	DF_CMD,
	DF_COPY,
	DF_ENTRYPOINT,
	DF_ENV,
	DF_EXPOSE,
	DF_FROM,
	DF_HEALTHCHECK,
	DF_LABEL,
	DF_MAINTAINER,
	DF_ONBUILD,
	DF_RUN,
	DF_SHELL,
	DF_STOPSIGNAL,
	DF_USER,
	DF_VOLUME,
	DF_WORKDIR,
	DF_CMD_COUNT,
};

/* Lines and columns count from 1, columns in bytes; 0: nowhere. */
struct df_range {
	int line;
	int col;
	int end_line; /* the last line that belongs to it */
};

struct df_word {
	char *text; /* as written: quotes and variables are still there */
	struct df_range range;
};

struct df_flag {
	char *name;  /* without the dashes */
	char *value; /* as written, quotes taken away; NULL: bare */
	struct df_range range;
};

struct df_heredoc {
	char *name;    /* without quotes */
	bool expand;   /* false: the name was quoted */
	bool chomp;    /* <<-: leading tabs go, df_heredoc_body() does it */
	char *content; /* the lines as they are, the last newline included */
	struct df_range range; /* of the lines */
};

/* Where a piece of the joined text stood in the file. */
struct df_piece {
	size_t offset; /* in df_instruction.text */
	int line;
	int col;
};

struct df_instruction {
	enum df_cmd cmd;
	char *keyword;         /* as written: "Run" */
	struct df_range range; /* here-documents included */
	struct df_flag *flags;
	size_t flag_count;
	bool json; /* the arguments are a JSON array's strings */
	/*
	 * RUN, CMD, ENTRYPOINT, MAINTAINER: one word, all the text, unless
	 * json. HEALTHCHECK: NONE or CMD, then the same. ENV, LABEL: "k=v"
	 * words, or "k" and the rest in the old form. Others: words.
	 */
	struct df_word *args;
	size_t arg_count;
	char *text; /* the whole of it, continued lines joined */
	struct df_heredoc *heredocs;
	size_t heredoc_count;
	struct df_instruction *inner; /* ONBUILD: what is triggered */
	char *doc;                    /* comments above it, or NULL */
	struct df_piece *pieces;      /* room only */
	size_t piece_count;
	size_t args_at; /* in text, where the arguments begin */
};

struct df_stage {
	size_t index;
	char *name;           /* lower-case; NULL: unnamed */
	char *title;          /* for people: the name, or "stage-0" */
	const char *base;     /* as written, borrowed */
	const char *platform; /* of --platform, as written; NULL: none given */
	const struct df_instruction *from;
	const struct df_instruction *items; /* those behind FROM */
	size_t len;
};

/* What the parser saw and does not like; df_lint.h makes warnings of it. */
struct df_note {
	int rule; /* enum df_rule */
	struct df_range range;
	char *detail;
};

struct dockerfile {
	char *name;   /* for messages: "Dockerfile" */
	char *text;   /* all bytes, a BOM left out */
	size_t size;  /* of them */
	char escape;  /* '\\' or '`' */
	char *syntax; /* parser directives; NULL: none */
	char *syntax_override;
	char *check;
	struct df_instruction *instructions; /* all, in order; owned */
	size_t len;
	size_t global_count; /* ARGs before the first FROM */
	struct df_stage *stages;
	size_t stage_count;
	struct df_note *notes;
	size_t note_count;
	size_t cap, stage_cap, note_cap; /* room only */
	struct df_range failed;          /* after a failure: where */
};

/* The file stays whole in memory, for excerpts. @name leads messages. */
struct dockerfile *dockerfile_new(const char *name, struct span bytes);
void dockerfile_free(struct dockerfile *df);
DEFINE_CLEANUP(struct dockerfile *, dockerfile_free);

/* BUILDKIT_SYNTAX takes the place of the file's own directive. */
void dockerfile_set_syntax(struct dockerfile *df, const char *syntax);

/*
 * Read instructions and stages. What can be known without variables is
 * checked: names, flags, arity, forms, values that hold no variable.
 *
 * Returns 0, or -EINVAL with "name:line:col: what" and df->failed; the hint
 * has the nearest valid name.
 */
int dockerfile_parse(struct dockerfile *df, struct err *err);

/*
 * Read one instruction of an image's OnBuild list: len is 1, there is no
 * stage. FROM, ONBUILD and MAINTAINER are refused.
 */
int dockerfile_parse_trigger(struct dockerfile *df, struct err *err);

/* "RUN", and the command of a name in any case or -1. */
const char *df_cmd_name(enum df_cmd cmd);
int df_cmd_find(struct span name);
/* All names, NULL-ended. */
const char *const *df_cmd_name_list(void);

/* The flag's last value, "" for a bare one, NULL when it is not there. */
const char *df_flag_get(const struct df_instruction *in, const char *name);

/* The content as a program gets it: without tabs when it is chomped. */
void df_heredoc_body(const struct df_heredoc *doc, struct strbuf *sb);

/*
 * The stage that @name (any case) or number means for an instruction of stage
 * @before: an earlier one.
 *
 * Returns 0; -ENOENT no stage has it, so it is a context or an image; -EINVAL
 * a number or name of this or a later stage.
 */
int dockerfile_find_stage(const struct dockerfile *df, const char *name,
			  size_t before, size_t *ret_stage, struct err *err);
/*
 * The stage --target asks for; NULL or "" is the last one. -ENOENT with the
 * nearest name.
 */
int dockerfile_find_target(const struct dockerfile *df, const char *target,
			   size_t *ret_stage, struct err *err);

/*
 * Append lines of the file around @range, numbered, those of the range
 * marked ">>>": as BuildKit shows where a build failed.
 */
void dockerfile_add_excerpt(const struct dockerfile *df,
			    const struct df_range *range, struct strbuf *sb);

/* An array of what was parsed, for "dhow debug dockerfile-parse". */
struct node *dockerfile_to_node(const struct dockerfile *df);

/* Start a story with "name:line:col: "; returns -code. */
int dockerfile_err(const struct dockerfile *df, const struct df_range *range,
		   struct err *err, int code, const char *fmt, ...)
	ERR_PRINTF(5, 6);

#endif
