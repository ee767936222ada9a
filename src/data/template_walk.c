/* SPDX-License-Identifier: Apache-2.0 */
/*
 * data/template_walk.c - statements to text: one run of a template.
 */
#include <errno.h>
#include <string.h>

#include "base/alloc.h"
#include "data/template_priv.h"

/* How a list of statements ended. */
enum template_flow {
	TEMPLATE_FLOW_ON,
	TEMPLATE_FLOW_BREAK,
	TEMPLATE_FLOW_CONTINUE,
};

static int template_walk(struct template_run *run, struct template_value dot,
			 const struct template_stmt *list);

static int
template_walk_if(struct template_run *run, struct template_value dot,
		 const struct template_stmt *stmt)
{
	struct template_value value;
	int r = template_eval_pipe(run, dot, stmt->pipe, &value);

	if (r < 0)
		return r;
	if (!template_truth(run, value))
		return template_walk(run, dot, stmt->other);
	return template_walk(run,
			     stmt->kind == TEMPLATE_STMT_WITH ? value : dot,
			     stmt->body);
}

/* One turn of a range; the caller restores the variables. */
static int
template_walk_turn(struct template_run *run, const struct template_stmt *stmt,
		   struct template_value key, struct template_value value)
{
	const struct template_pipe *pipe = stmt->pipe;
	size_t var_len = run->var_len;
	int r = template_run_step(run);

	if (r < 0)
		return r;
	if (pipe->var_count == 2)
		template_set_var(run, pipe, 0, key);
	if (pipe->var_count)
		template_set_var(run, pipe, pipe->var_count - 1, value);
	r = template_walk(run, value, stmt->body);
	run->var_len = var_len;
	return r;
}

static int
template_range_obj(struct template_run *run, const struct template_stmt *stmt,
		   const struct node *obj)
{
	cleanup_strvec struct strvec keys = STRVEC_INIT;
	int flow = TEMPLATE_FLOW_ON;

	template_sorted_keys(obj, &keys);
	for (size_t i = 0; i < keys.len; i++) {
		struct template_value key;
		struct template_value value = { node_get(obj, keys.v[i]),
						false };

		flow = template_run_keep(run, node_new_str(keys.v[i]), &key);
		if (flow == 0)
			flow = template_walk_turn(run, stmt, key, value);
		if (flow < 0 || flow == TEMPLATE_FLOW_BREAK)
			break;
	}
	return flow < 0 ? flow : TEMPLATE_FLOW_ON;
}

/* The elements of an array, or the numbers below an integer. */
static int
template_range_count(struct template_run *run, const struct template_stmt *stmt,
		     const struct node *arr, int64_t count)
{
	int flow = TEMPLATE_FLOW_ON;

	for (int64_t i = 0; i < count; i++) {
		struct template_value key;
		struct template_value value = { .node = NULL };

		flow = template_run_keep(run, node_new_int(i), &key);
		value.node = arr ? node_at(arr, (size_t)i) : key.node;
		if (flow == 0)
			flow = template_walk_turn(run, stmt, key, value);
		if (flow < 0 || flow == TEMPLATE_FLOW_BREAK)
			break;
	}
	return flow < 0 ? flow : TEMPLATE_FLOW_ON;
}

static int
template_walk_range(struct template_run *run, struct template_value dot,
		    const struct template_stmt *stmt)
{
	struct template_value over;
	int r = template_eval_cmds(run, dot, stmt->pipe, &over);

	if (r < 0)
		return r;
	switch (node_kind(over.node)) {
	case NODE_NULL:
		break;
	case NODE_INT:
		if (node_int_or(over.node, 0) <= 0)
			break;
		return template_range_count(run, stmt, NULL,
					    node_int_or(over.node, 0));
	case NODE_ARR:
		if (!node_len(over.node))
			break;
		return template_range_count(run, stmt, over.node,
					    (int64_t)node_len(over.node));
	case NODE_OBJ:
		if (!node_len(over.node))
			break;
		return template_range_obj(run, stmt, over.node);
	default:
		run->where = stmt->pipe->cmds->args;
		return template_run_fail(
			run, "range cannot walk %s",
			node_kind_phrase(node_kind(over.node)));
	}
	return template_walk(run, dot, stmt->other);
}

/* {{template}}: its own dot, and no variable but $. */
static int
template_walk_call(struct template_run *run, struct template_value dot,
		   const struct template_stmt *stmt)
{
	const struct template_stmt *body =
		map_get(&run->tmpl->defines, stmt->name);
	struct template_var root = { "$", { .node = NULL } };
	int r = 0;

	if (++run->call_depth > TEMPLATE_MAX_CALLS)
		return err_set(run->err, EFBIG,
			       "template: '%s' calls itself too deep",
			       stmt->name);
	if (stmt->pipe)
		r = template_eval_pipe(run, dot, stmt->pipe, &root.value);
	if (r == 0) {
		/* Names are looked up from the end: this $ hides the other. */
		array_push(run->vars, run->var_len, run->var_cap, root);
		r = template_walk(run, root.value, body);
	}
	run->call_depth--;
	return r;
}

static int
template_walk_action(struct template_run *run, struct template_value dot,
		     const struct template_stmt *stmt)
{
	struct template_value value;
	int r = template_eval_pipe(run, dot, stmt->pipe, &value);

	if (r < 0 || stmt->pipe->var_count)
		return r;
	if (value.node)
		template_print(run->out, value.node);
	else
		strbuf_addstr(run->out, "<no value>");
	return 0;
}

/* Returns a template_flow or -errno. */
static int
template_walk_stmt(struct template_run *run, struct template_value dot,
		   const struct template_stmt *stmt)
{
	size_t var_len = run->var_len;
	int r;

	switch (stmt->kind) {
	case TEMPLATE_STMT_TEXT:
		strbuf_add(run->out, stmt->text.ptr, stmt->text.len);
		return TEMPLATE_FLOW_ON;
	case TEMPLATE_STMT_ACTION: /* its variables live on */
		return template_walk_action(run, dot, stmt);
	case TEMPLATE_STMT_BREAK:
		return TEMPLATE_FLOW_BREAK;
	case TEMPLATE_STMT_CONTINUE:
		return TEMPLATE_FLOW_CONTINUE;
	case TEMPLATE_STMT_RANGE:
		r = template_walk_range(run, dot, stmt);
		break;
	case TEMPLATE_STMT_CALL:
		r = template_walk_call(run, dot, stmt);
		break;
	default:
		r = template_walk_if(run, dot, stmt);
		break;
	}
	run->var_len = var_len;
	return r;
}

static int
template_walk(struct template_run *run, struct template_value dot,
	      const struct template_stmt *list)
{
	size_t var_len = run->var_len;
	int flow = TEMPLATE_FLOW_ON;

	for (; list && flow == TEMPLATE_FLOW_ON; list = list->next) {
		flow = template_run_step(run);
		if (flow == 0)
			flow = template_walk_stmt(run, dot, list);
	}
	run->var_len = var_len;
	return flow;
}

int
template_exec(const struct template *tmpl, const struct node *root,
	      const struct template_opts *opts, struct strbuf *out,
	      struct err *err)
{
	static const struct template_opts untyped = { .is_typed = false };
	struct template_var dollar = { "$", { .node = root } };
	struct template_run run = {
		.tmpl = tmpl,
		.opts = opts ? opts : &untyped,
		.root = dollar.value,
		.out = out,
		.out_start = out->len,
		.err = err,
	};
	int r;

	array_push(run.vars, run.var_len, run.var_cap, dollar);
	r = template_walk(&run, run.root, tmpl->body);
	for (size_t i = 0; i < run.made_len; i++)
		node_free(run.made[i]);
	free(run.made);
	free(run.vars);
	return r < 0 ? r : 0;
}
