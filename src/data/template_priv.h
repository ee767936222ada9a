/* SPDX-License-Identifier: Apache-2.0 */
/*
 * data/template_priv.h - a parsed template, and one run of it.
 *
 * lex → tokens → parse → statements → eval, with func and print.
 */
#ifndef DHOW_DATA_TEMPLATE_PRIV_H
#define DHOW_DATA_TEMPLATE_PRIV_H

#include "base/map.h"
#include "base/span.h"
#include "base/strvec.h"
#include "data/template.h"

/* Tokens. */

enum template_token_kind {
	TEMPLATE_TOKEN_EOF,
	TEMPLATE_TOKEN_TEXT,
	TEMPLATE_TOKEN_OPEN,  /* {{ */
	TEMPLATE_TOKEN_CLOSE, /* }} */
	TEMPLATE_TOKEN_WORD,  /* keyword, function, true, false, nil */
	TEMPLATE_TOKEN_FIELD, /* .Name, without its dot */
	TEMPLATE_TOKEN_DOT,
	TEMPLATE_TOKEN_VAR, /* $ or $name */
	TEMPLATE_TOKEN_NUMBER,
	TEMPLATE_TOKEN_STRING, /* value decoded to a node */
	TEMPLATE_TOKEN_CHAR,   /* the same */
	TEMPLATE_TOKEN_PUNCT,  /* ( ) | , = and := */
	TEMPLATE_TOKEN_COUNT,
};

struct template_token {
	enum template_token_kind kind;
	bool is_spaced; /* blanks stand before it */
	size_t at;
	size_t end;
	struct span text;     /* of the template's text */
	struct node *literal; /* strings, characters and numbers; owned */
};

struct template_tokens {
	struct template_token *items;
	size_t len;
	size_t cap;
};

/* Cut the text into tokens; the last one is EOF. Spans borrow from it. */
int template_lex(const char *text, struct template_tokens *ret_tokens,
		 struct err *err);
void template_tokens_release(struct template_tokens *tokens);

/* Append what stands between the quotes of a Go string; false when bad. */
bool template_unquote(struct span body, struct strbuf *sb);
/* A Go number literal as a node, or NULL. */
struct node *template_number(struct span text);

/* "template:line:col: what" for a place in the text; returns -EINVAL. */
int template_fail(const char *text, size_t at, struct err *err, const char *fmt,
		  ...) ERR_PRINTF(4, 5);

/* What a template is made of; all of it lives in the template's arena. */

struct template_name {
	const char *name;
	struct template_name *next;
};

enum template_arg_kind {
	TEMPLATE_ARG_DOT,
	TEMPLATE_ARG_NIL,
	TEMPLATE_ARG_LITERAL,
	TEMPLATE_ARG_VAR,
	TEMPLATE_ARG_FUNC,
	TEMPLATE_ARG_PIPE, /* in parentheses */
	TEMPLATE_ARG_COUNT,
};

struct template_pipe;
struct template_func;

/* An operand with the fields that follow it: .A.B, $x.A, (pipe).A */
struct template_arg {
	enum template_arg_kind kind;
	size_t at;
	struct span source;
	const char *name;           /* VAR */
	const struct node *literal; /* LITERAL */
	const struct template_func *func;
	struct template_pipe *pipe;
	struct template_name *fields;
	struct template_arg *next;
};

struct template_cmd {
	struct template_arg *args; /* at least one */
	struct template_cmd *next;
};

struct template_pipe {
	size_t at;
	bool is_assign; /* "=", not ":=" */
	size_t var_count;
	const char *vars[2];
	struct template_cmd *cmds; /* at least one */
};

enum template_stmt_kind {
	TEMPLATE_STMT_TEXT,
	TEMPLATE_STMT_ACTION,
	TEMPLATE_STMT_IF,
	TEMPLATE_STMT_WITH,
	TEMPLATE_STMT_RANGE,
	TEMPLATE_STMT_BREAK,
	TEMPLATE_STMT_CONTINUE,
	TEMPLATE_STMT_CALL, /* {{template}} */
	TEMPLATE_STMT_COUNT,
};

struct template_stmt {
	enum template_stmt_kind kind;
	size_t at;
	struct span text; /* TEXT */
	const char *name; /* CALL */
	struct template_pipe *pipe;
	struct template_stmt *body;
	struct template_stmt *other; /* else */
	struct template_stmt *next;
};

/* A piece of the arena; the object follows. */
struct template_chunk {
	struct template_chunk *next;
	max_align_t object[];
};

struct template
{
	char *text;
	struct template_tokens tokens;
	struct template_chunk *chunks;
	struct template_stmt *body;
	struct map defines; /* name → struct template_stmt *, may be NULL */
	struct strvec fields;
};

/* A run. */

/* node NULL: no value at all ("<no value>"). */
struct template_value {
	const struct node *node;
	bool is_map; /* an object whose keys are data, not fields */
};

struct template_var {
	const char *name;
	struct template_value value;
};

struct template_run {
	const struct template *tmpl;
	const struct template_opts *opts;
	struct template_value root;
	struct template_var *vars;
	size_t var_len, var_cap;
	struct node **made; /* values made on the way */
	size_t made_len, made_cap;
	size_t made_bytes;
	size_t step_count;
	int call_depth;
	struct strbuf *out;
	size_t out_start;
	const struct template_arg *where; /* what is being evaluated */
	struct err *err;
};

struct template_func {
	const char *name;
	size_t min_args;
	size_t max_args; /* SIZE_MAX: any number */
	/* NULL: "and" and "or", which evaluate their arguments themselves. */
	int (*call)(struct template_run *run, const struct template_value *args,
		    size_t arg_count, struct template_value *ret_value);
};

/* Those of data/template_text.c; one without a name ends them. */
extern const struct template_func template_text_funcs[];

const struct template_func *template_func_find(struct span name);
/* Append the names of all functions. */
void template_func_names(struct strvec *names);

/* An argument of the right kind, or -EINVAL. */
int template_want_str(struct template_run *run,
		      const struct template_value *arg, const char **ret_str);
int template_want_int(struct template_run *run,
		      const struct template_value *arg, int64_t *ret_value);

/* "template:line:col: at <source>: what" of run->where; returns -EINVAL. */
int template_run_fail(struct template_run *run, const char *fmt, ...)
	ERR_PRINTF(2, 3);
/* Keep a made value for the run and hand it back as a value. */
int template_run_keep(struct template_run *run, struct node *node,
		      struct template_value *ret_value);
int template_run_keep_str(struct template_run *run, const struct strbuf *sb,
			  struct template_value *ret_value);
/* Count work and output; -EFBIG past a limit. */
int template_run_step(struct template_run *run);

/*
 * The value of a pipeline, or of its commands alone: then its variables are
 * left to the caller.
 */
int template_eval_pipe(struct template_run *run, struct template_value dot,
		       const struct template_pipe *pipe,
		       struct template_value *ret_value);
int template_eval_cmds(struct template_run *run, struct template_value dot,
		       const struct template_pipe *pipe,
		       struct template_value *ret_value);
/* Give the pipeline's variable number @i its value. */
void template_set_var(struct template_run *run,
		      const struct template_pipe *pipe, size_t i,
		      struct template_value value);

bool template_is_map(const struct template_run *run,
		     struct template_value value);
bool template_truth(const struct template_run *run,
		    struct template_value value);
/* The keys of an object in order, borrowed. */
void template_sorted_keys(const struct node *obj, struct strvec *keys);

/* Go's fmt. */
void template_print(struct strbuf *sb, const struct node *node);
/* fmt.Sprint: blanks between operands that are no strings. */
void template_print_all(struct strbuf *sb, const struct template_value *args,
			size_t arg_count);
void template_printf(struct strbuf *sb, const char *format,
		     const struct template_value *args, size_t arg_count);

#endif
