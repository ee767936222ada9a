/* SPDX-License-Identifier: Apache-2.0 */
/*
 * data/template_pipe.c - tokens to operands, commands and pipelines.
 *
 * Functions and variables are known here, so a misspelt one is found before
 * anything is printed. Spec: Go text/template, "Pipelines", "Variables".
 */
#include <errno.h>
#include <string.h>

#include "base/alloc.h"
#include "base/text.h"
#include "data/template_parser.h"

void *
template_alloc(struct template *tmpl, size_t size)
{
	struct template_chunk *chunk = xcalloc(1, sizeof(*chunk) + size);

	chunk->next = tmpl->chunks;
	tmpl->chunks = chunk;
	return chunk->object;
}

static char *
template_dup(struct template *tmpl, struct span text)
{
	char *copy = template_alloc(tmpl, text.len + 1);

	(void)memcpy(copy, text.ptr, text.len);
	return copy;
}

int
template_unexpected(struct template_parser *p, const char *wanted)
{
	const struct template_token *t = p->token;

	if (t->kind == TEMPLATE_TOKEN_EOF)
		return template_fail(p->tmpl->text, t->at, p->err,
				     "unexpected end, expected %s", wanted);
	return template_fail(p->tmpl->text, t->at, p->err,
			     "unexpected '%.*s', expected %s",
			     (int)(t->end - t->at), p->tmpl->text + t->at,
			     wanted);
}

static bool
template_at_punct(const struct template_parser *p, const char *text)
{
	return p->token->kind == TEMPLATE_TOKEN_PUNCT &&
	       span_is(p->token->text, text);
}

static bool
template_take_punct(struct template_parser *p, const char *text)
{
	if (!template_at_punct(p, text))
		return false;
	p->token++;
	return true;
}

bool
template_at_word(const struct template_parser *p, const char *text)
{
	return p->token->kind == TEMPLATE_TOKEN_WORD &&
	       span_is(p->token->text, text);
}

/* Operands. */

static bool
template_var_is_known(const struct template_parser *p, struct span name)
{
	for (size_t i = p->vars.len; i--;)
		if (span_is(name, p->vars.v[i]))
			return true;
	return false;
}

static int
template_parse_var(struct template_parser *p, struct template_arg *arg)
{
	struct span name = p->token->text;

	if (!template_var_is_known(p, name))
		return template_fail(p->tmpl->text, p->token->at, p->err,
				     "variable '%.*s' is not defined",
				     (int)name.len, name.ptr);
	arg->kind = TEMPLATE_ARG_VAR;
	arg->name = template_dup(p->tmpl, name);
	p->token++;
	return 0;
}

static int
template_parse_word(struct template_parser *p, struct template_arg *arg)
{
	struct span word = p->token->text;
	cleanup_strvec struct strvec names = STRVEC_INIT;
	cleanup_free char *name = NULL;
	const char *nearest;

	if (span_is(word, "nil")) {
		arg->kind = TEMPLATE_ARG_NIL;
	} else if (span_is(word, "true") || span_is(word, "false")) {
		struct template_token *token =
			&p->tmpl->tokens
				 .items[p->token - p->tmpl->tokens.items];

		token->literal = node_new_bool(*word.ptr == 't');
		arg->kind = TEMPLATE_ARG_LITERAL;
		arg->literal = token->literal;
	} else {
		arg->kind = TEMPLATE_ARG_FUNC;
		arg->func = template_func_find(word);
	}
	if (arg->kind != TEMPLATE_ARG_FUNC || arg->func) {
		p->token++;
		return 0;
	}
	(void)template_fail(p->tmpl->text, p->token->at, p->err,
			    "function '%.*s' is not defined", (int)word.len,
			    word.ptr);
	name = span_dup(word);
	template_func_names(&names);
	nearest = text_nearest(name, (const char *const *)strvec_argv(&names));
	if (nearest)
		err_hint(p->err, "did you mean '%s'? fields start with a dot",
			 nearest);
	else
		err_hint(p->err, "fields start with a dot: {{.%s}}", name);
	return -EINVAL;
}

static int
template_parse_parens(struct template_parser *p, struct template_arg *arg)
{
	int r;

	if (++p->nesting > TEMPLATE_MAX_NESTING)
		return template_fail(p->tmpl->text, p->token->at, p->err,
				     "nested more than %d deep",
				     TEMPLATE_MAX_NESTING);
	p->token++;
	arg->kind = TEMPLATE_ARG_PIPE;
	r = template_parse_pipe(p, ")", &arg->pipe);
	p->nesting--;
	return r;
}

/* The fields that follow an operand without a blank. */
static void
template_parse_fields(struct template_parser *p, struct template_name **tail)
{
	bool is_first = true;

	while (p->token->kind == TEMPLATE_TOKEN_FIELD &&
	       (is_first || !p->token->is_spaced)) {
		struct template_name *field =
			template_alloc(p->tmpl, sizeof(*field));

		field->name = template_dup(p->tmpl, p->token->text);
		if (!strvec_has(&p->tmpl->fields, field->name))
			strvec_add(&p->tmpl->fields, field->name);
		*tail = field;
		tail = &field->next;
		p->token++;
		is_first = false;
	}
}

static int
template_parse_term(struct template_parser *p, struct template_arg *arg)
{
	switch (p->token->kind) {
	case TEMPLATE_TOKEN_DOT:
		p->token++;
		return 0;
	case TEMPLATE_TOKEN_FIELD: /* of dot; taken by the caller */
		return 0;
	case TEMPLATE_TOKEN_VAR:
		return template_parse_var(p, arg);
	case TEMPLATE_TOKEN_WORD:
		return template_parse_word(p, arg);
	case TEMPLATE_TOKEN_NUMBER:
	case TEMPLATE_TOKEN_STRING:
	case TEMPLATE_TOKEN_CHAR:
		arg->kind = TEMPLATE_ARG_LITERAL;
		arg->literal = p->token->literal;
		p->token++;
		return 0;
	default:
		if (template_at_punct(p, "("))
			return template_parse_parens(p, arg);
		return template_unexpected(p, "a value");
	}
}

static int
template_parse_arg(struct template_parser *p, struct template_arg **ret_arg)
{
	struct template_arg *arg = template_alloc(p->tmpl, sizeof(*arg));
	const struct template_token *start = p->token;
	bool takes_fields;
	int r;

	arg->at = start->at;
	arg->kind = TEMPLATE_ARG_DOT;
	r = template_parse_term(p, arg);
	if (r < 0)
		return r;
	takes_fields = start == p->token || !p->token->is_spaced;
	if (takes_fields && p->token->kind == TEMPLATE_TOKEN_FIELD) {
		if (start != p->token && (arg->kind == TEMPLATE_ARG_LITERAL ||
					  arg->kind == TEMPLATE_ARG_NIL ||
					  arg->kind == TEMPLATE_ARG_FUNC))
			return template_unexpected(p, "a blank");
		template_parse_fields(p, &arg->fields);
	}
	arg->source = span_new(p->tmpl->text + start->at,
			       p->token[-1].end - start->at);
	*ret_arg = arg;
	return 0;
}

static bool
template_at_cmd_end(const struct template_parser *p, const char *end)
{
	if (template_at_punct(p, "|"))
		return true;
	return end ? template_at_punct(p, end)
		   : p->token->kind == TEMPLATE_TOKEN_CLOSE;
}

static int
template_parse_cmd(struct template_parser *p, const char *end, bool is_first,
		   struct template_cmd **ret_cmd)
{
	struct template_cmd *cmd = template_alloc(p->tmpl, sizeof(*cmd));
	struct template_arg **tail = &cmd->args;

	do {
		int r = template_parse_arg(p, tail);

		if (r < 0)
			return r;
		if (!template_at_cmd_end(p, end) && !p->token->is_spaced)
			return template_unexpected(p, "a blank");
		tail = &(*tail)->next;
	} while (!template_at_cmd_end(p, end));
	if (cmd->args->kind == TEMPLATE_ARG_NIL && !cmd->args->next)
		return template_fail(p->tmpl->text, cmd->args->at, p->err,
				     "nil is not a command");
	if (!is_first && !cmd->args->fields &&
	    cmd->args->kind != TEMPLATE_ARG_FUNC)
		return template_fail(p->tmpl->text, cmd->args->at, p->err,
				     "after '|' a function is expected");
	*ret_cmd = cmd;
	return 0;
}

/* "$a := ", "$a, $b := " (range only) and "$a = ". */
static int
template_parse_decl(struct template_parser *p, struct template_pipe *pipe,
		    bool is_range)
{
	const struct template_token *t = p->token;
	size_t count = 1;

	if (t->kind != TEMPLATE_TOKEN_VAR)
		return 0;
	if (t[1].kind == TEMPLATE_TOKEN_PUNCT && span_is(t[1].text, ",") &&
	    t[2].kind == TEMPLATE_TOKEN_VAR)
		count = 2;
	p->token = t + 2 * count - 1;
	pipe->is_assign = template_at_punct(p, "=");
	if (!pipe->is_assign && !template_at_punct(p, ":=")) {
		if (count == 2)
			return template_unexpected(p, "':='");
		p->token = t;
		return 0;
	}
	if (count == 2 && !is_range)
		return template_fail(p->tmpl->text, t->at, p->err,
				     "two variables only in range");
	p->token++;
	pipe->var_count = count;
	for (size_t i = 0; i < count; i++) {
		struct span name = t[2 * i].text;

		if (pipe->is_assign && !template_var_is_known(p, name))
			return template_fail(p->tmpl->text, t[2 * i].at, p->err,
					     "variable '%.*s' is not defined",
					     (int)name.len, name.ptr);
		pipe->vars[i] = template_dup(p->tmpl, name);
	}
	return 0;
}

static void
template_declare(struct template_parser *p, const struct template_pipe *pipe)
{
	for (size_t i = 0; i < pipe->var_count && !pipe->is_assign; i++)
		strvec_add(&p->vars, pipe->vars[i]);
}

void
template_leave_scope(struct template_parser *p, size_t var_len)
{
	while (p->vars.len > var_len)
		strvec_remove(&p->vars, p->vars.len - 1);
}

/* Commands up to @end (NULL: "}}"), which is taken too. */
static int
template_parse_cmds(struct template_parser *p, const char *end,
		    struct template_pipe *pipe)
{
	struct template_cmd **tail = &pipe->cmds;

	for (;;) {
		int r = template_parse_cmd(p, end, !pipe->cmds, tail);

		if (r < 0)
			return r;
		tail = &(*tail)->next;
		if (!template_take_punct(p, "|"))
			break;
	}
	p->token++;
	return 0;
}

int
template_parse_pipe_of(struct template_parser *p, const char *end,
		       bool is_range, struct template_pipe **ret_pipe)
{
	struct template_pipe *pipe = template_alloc(p->tmpl, sizeof(*pipe));
	int r;

	pipe->at = p->token->at;
	r = template_parse_decl(p, pipe, is_range);
	if (r == 0)
		r = template_parse_cmds(p, end, pipe);
	if (r < 0)
		return r;
	template_declare(p, pipe);
	*ret_pipe = pipe;
	return 0;
}

int
template_parse_pipe(struct template_parser *p, const char *end,
		    struct template_pipe **ret_pipe)
{
	return template_parse_pipe_of(p, end, false, ret_pipe);
}
