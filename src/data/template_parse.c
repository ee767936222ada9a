/* SPDX-License-Identifier: Apache-2.0 */
/*
 * data/template_parse.c - tokens to statements.
 *
 * Functions and variables are known here, so a misspelt one is found before
 * anything is printed. Spec: Go text/template, "Actions", "Pipelines".
 */
#include <errno.h>
#include <string.h>

#include "base/alloc.h"
#include "base/text.h"
#include "data/template_priv.h"

struct template_parser {
	struct template *tmpl;
	const struct template_token *token;
	struct strvec vars; /* in scope, the innermost last */
	int nesting;
	int range_depth;
	struct err *err;
};

static int template_parse_pipe(struct template_parser *p, const char *end,
			       struct template_pipe **ret_pipe);
static int template_parse_list(struct template_parser *p,
			       struct template_stmt **ret_list);

static void *
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

static int
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

static bool
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
	nearest = text_nearest(name, template_func_names());
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

static void
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

static int
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

static int
template_parse_pipe(struct template_parser *p, const char *end,
		    struct template_pipe **ret_pipe)
{
	return template_parse_pipe_of(p, end, false, ret_pipe);
}

/* Statements. p->token stands after "{{" and the keyword. */

static int
template_take_close(struct template_parser *p)
{
	if (p->token->kind != TEMPLATE_TOKEN_CLOSE)
		return template_unexpected(p, "'}}'");
	p->token++;
	return 0;
}

/* True at "{{word"; then the two tokens are taken. */
static bool
template_take_action(struct template_parser *p, const char *word)
{
	if (p->token->kind != TEMPLATE_TOKEN_OPEN ||
	    p->token[1].kind != TEMPLATE_TOKEN_WORD ||
	    !span_is(p->token[1].text, word))
		return false;
	p->token += 2;
	return true;
}

static int
template_take_end(struct template_parser *p)
{
	if (!template_take_action(p, "end"))
		return template_unexpected(p, "'{{end}}'");
	return template_take_close(p);
}

static int template_parse_branch(struct template_parser *p,
				 struct template_stmt *stmt);

/* {{else}} … {{end}}, {{else if …}} … {{end}} or {{end}}. */
static int
template_parse_else(struct template_parser *p, struct template_stmt *stmt)
{
	static const struct {
		const char *word;
		enum template_stmt_kind kind;
	} chained[] = {
		{ "if", TEMPLATE_STMT_IF },
		{ "with", TEMPLATE_STMT_WITH },
	};
	int r;

	if (!template_take_action(p, "else"))
		return template_take_end(p);
	for (size_t i = 0; i < ARRAY_LEN(chained); i++) {
		if (stmt->kind != chained[i].kind ||
		    !template_at_word(p, chained[i].word))
			continue;
		stmt->other = template_alloc(p->tmpl, sizeof(*stmt));
		stmt->other->kind = stmt->kind;
		stmt->other->at = p->token->at;
		p->token++;
		return template_parse_branch(p, stmt->other);
	}
	r = template_take_close(p);
	if (r == 0)
		r = template_parse_list(p, &stmt->other);
	return r < 0 ? r : template_take_end(p);
}

static int
template_parse_branch(struct template_parser *p, struct template_stmt *stmt)
{
	bool is_range = stmt->kind == TEMPLATE_STMT_RANGE;
	size_t var_len = p->vars.len;
	int r;

	if (++p->nesting > TEMPLATE_MAX_NESTING)
		return template_fail(p->tmpl->text, stmt->at, p->err,
				     "nested more than %d deep",
				     TEMPLATE_MAX_NESTING);
	r = template_parse_pipe_of(p, NULL, is_range, &stmt->pipe);
	if (r < 0)
		return r;
	p->range_depth += is_range;
	r = template_parse_list(p, &stmt->body);
	p->range_depth -= is_range;
	if (r == 0)
		r = template_parse_else(p, stmt);
	template_leave_scope(p, var_len);
	p->nesting--;
	return r;
}

static int
template_parse_jump(struct template_parser *p, struct template_stmt *stmt)
{
	if (!p->range_depth)
		return template_fail(p->tmpl->text, stmt->at, p->err,
				     "{{%s}} outside range",
				     stmt->kind == TEMPLATE_STMT_BREAK
					     ? "break"
					     : "continue");
	return template_take_close(p);
}

static int
template_parse_name(struct template_parser *p, const char **ret_name)
{
	if (p->token->kind != TEMPLATE_TOKEN_STRING)
		return template_unexpected(p, "a template's name in quotes");
	*ret_name = node_str(p->token->literal);
	p->token++;
	return 0;
}

static int
template_parse_call(struct template_parser *p, struct template_stmt *stmt)
{
	int r = template_parse_name(p, &stmt->name);

	if (r < 0)
		return r;
	if (p->token->kind == TEMPLATE_TOKEN_CLOSE)
		return template_take_close(p);
	return template_parse_pipe(p, NULL, &stmt->pipe);
}

/* The body of a template called @name, up to its {{end}}. */
static int
template_parse_body(struct template_parser *p, const char *name)
{
	struct strvec outer_vars = p->vars;
	int outer_depth = p->range_depth;
	struct template_stmt *body = NULL;
	int r;

	if (++p->nesting > TEMPLATE_MAX_NESTING)
		return template_fail(p->tmpl->text, p->token->at, p->err,
				     "nested more than %d deep",
				     TEMPLATE_MAX_NESTING);
	/* It sees none of the variables around it. */
	p->vars = (struct strvec)STRVEC_INIT;
	strvec_add(&p->vars, "$");
	p->range_depth = 0;
	r = template_parse_list(p, &body);
	if (r == 0)
		r = template_take_end(p);
	strvec_release(&p->vars);
	p->vars = outer_vars;
	p->range_depth = outer_depth;
	p->nesting--;
	if (r == 0 && (body || !map_has(&p->tmpl->defines, name)))
		(void)map_set(&p->tmpl->defines, name, body);
	return r;
}

static int
template_parse_define(struct template_parser *p)
{
	const char *name = NULL;
	int r;

	if (p->nesting)
		return template_fail(p->tmpl->text, p->token->at, p->err,
				     "{{define}} within a block");
	r = template_parse_name(p, &name);
	if (r == 0)
		r = template_take_close(p);
	return r < 0 ? r : template_parse_body(p, name);
}

static int
template_parse_block(struct template_parser *p, struct template_stmt *stmt)
{
	int r = template_parse_name(p, &stmt->name);

	if (r == 0)
		r = template_parse_pipe(p, NULL, &stmt->pipe);
	return r < 0 ? r : template_parse_body(p, stmt->name);
}

static int
template_parse_keyword(struct template_parser *p, struct template_stmt *stmt)
{
	static const struct {
		const char *word;
		enum template_stmt_kind kind;
		int (*parse)(struct template_parser *p,
			     struct template_stmt *stmt);
	} keywords[] = {
		{ "block", TEMPLATE_STMT_CALL, template_parse_block },
		{ "break", TEMPLATE_STMT_BREAK, template_parse_jump },
		{ "continue", TEMPLATE_STMT_CONTINUE, template_parse_jump },
		{ "if", TEMPLATE_STMT_IF, template_parse_branch },
		{ "range", TEMPLATE_STMT_RANGE, template_parse_branch },
		{ "template", TEMPLATE_STMT_CALL, template_parse_call },
		{ "with", TEMPLATE_STMT_WITH, template_parse_branch },
	};

	for (size_t i = 0; i < ARRAY_LEN(keywords); i++) {
		if (!template_at_word(p, keywords[i].word))
			continue;
		stmt->kind = keywords[i].kind;
		p->token++;
		return keywords[i].parse(p, stmt);
	}
	stmt->kind = TEMPLATE_STMT_ACTION;
	return template_parse_pipe(p, NULL, &stmt->pipe);
}

/* One statement at p->token; none (NULL) after a {{define}}. */
static int
template_parse_stmt(struct template_parser *p, struct template_stmt **ret_stmt)
{
	struct template_stmt *stmt;
	int r;

	*ret_stmt = NULL;
	if (template_take_action(p, "define"))
		return template_parse_define(p);
	stmt = template_alloc(p->tmpl, sizeof(*stmt));
	stmt->at = p->token->at;
	if (p->token->kind == TEMPLATE_TOKEN_TEXT) {
		stmt->kind = TEMPLATE_STMT_TEXT;
		stmt->text = p->token->text;
		p->token++;
	} else {
		p->token++;
		r = template_parse_keyword(p, stmt);
		if (r < 0)
			return r;
	}
	*ret_stmt = stmt;
	return 0;
}

static bool
template_at_list_end(const struct template_parser *p)
{
	const struct template_token *t = p->token;

	return t->kind == TEMPLATE_TOKEN_EOF ||
	       (t->kind == TEMPLATE_TOKEN_OPEN &&
		t[1].kind == TEMPLATE_TOKEN_WORD &&
		(span_is(t[1].text, "end") || span_is(t[1].text, "else")));
}

static int
template_parse_list(struct template_parser *p, struct template_stmt **ret_list)
{
	struct template_stmt **tail = ret_list;
	size_t var_len = p->vars.len;

	while (!template_at_list_end(p)) {
		int r = template_parse_stmt(p, tail);

		if (r < 0)
			return r;
		if (*tail)
			tail = &(*tail)->next;
	}
	template_leave_scope(p, var_len);
	return 0;
}

/* Every {{template "name"}} must name one that is defined. */
static int
template_check_calls(struct template *tmpl, const struct template_stmt *stmt,
		     struct err *err)
{
	for (; stmt; stmt = stmt->next) {
		int r = 0;

		if (stmt->kind == TEMPLATE_STMT_CALL &&
		    !map_has(&tmpl->defines, stmt->name))
			r = template_fail(tmpl->text, stmt->at, err,
					  "template '%s' is not defined",
					  stmt->name);
		if (r == 0)
			r = template_check_calls(tmpl, stmt->body, err);
		if (r == 0)
			r = template_check_calls(tmpl, stmt->other, err);
		if (r < 0)
			return r;
	}
	return 0;
}

static int
template_parse_all(struct template_parser *p)
{
	struct template *tmpl = p->tmpl;
	int r = template_parse_list(p, &tmpl->body);

	if (r == 0 && p->token->kind != TEMPLATE_TOKEN_EOF)
		r = template_unexpected(p, "no '{{end}}' or '{{else}}' here");
	if (r == 0)
		r = template_check_calls(tmpl, tmpl->body, p->err);
	if (r < 0)
		return r;
	for (map_each(e, &tmpl->defines)) {
		r = template_check_calls(tmpl, e->value, p->err);
		if (r < 0)
			return r;
	}
	return 0;
}

int
template_parse(const char *text, struct template **ret_tmpl, struct err *err)
{
	cleanup_with(template_free) struct template *tmpl =
		xcalloc(1, sizeof(*tmpl));
	struct template_parser p = { .tmpl = tmpl, .err = err };
	int r;

	tmpl->text = xstrdup(text);
	r = template_lex(tmpl->text, &tmpl->tokens, err);
	if (r < 0)
		return r;
	p.token = tmpl->tokens.items;
	strvec_add(&p.vars, "$");
	r = template_parse_all(&p);
	strvec_release(&p.vars);
	if (r < 0)
		return r;
	*ret_tmpl = take_ptr(tmpl);
	return 0;
}

void
template_free(struct template *tmpl)
{
	if (!tmpl)
		return;
	while (tmpl->chunks) {
		struct template_chunk *chunk = tmpl->chunks;

		tmpl->chunks = chunk->next;
		free(chunk);
	}
	template_tokens_release(&tmpl->tokens);
	map_release(&tmpl->defines);
	strvec_release(&tmpl->fields);
	free(tmpl->text);
	free(tmpl);
}

bool
template_uses(const struct template *tmpl, const char *name)
{
	return strvec_has(&tmpl->fields, name);
}
