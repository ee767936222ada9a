/* SPDX-License-Identifier: Apache-2.0 */
/*
 * data/template_parse.c - tokens to statements.
 *
 * Spec: Go text/template, "Actions", "Nested template definitions".
 */
#include <errno.h>
#include <string.h>

#include "base/alloc.h"
#include "data/template_parser.h"

static int template_parse_list(struct template_parser *p,
			       struct template_stmt **ret_list);

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

bool
template_uses_whole(const struct template *tmpl)
{
	for (size_t i = 0; i < tmpl->tokens.len; i++) {
		enum template_token_kind kind = tmpl->tokens.items[i].kind;

		if (kind == TEMPLATE_TOKEN_DOT || kind == TEMPLATE_TOKEN_VAR)
			return true;
	}
	return false;
}
