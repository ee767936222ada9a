/* SPDX-License-Identifier: Apache-2.0 */
/*
 * data/template_eval.c - operands and pipelines to values.
 *
 * Values are borrowed nodes: of the caller's tree, of the template's literals
 * or made on the way and kept until the run ends. Whether an object is a map
 * or a struct travels with the value, for only the way to it tells.
 */
#include <assert.h>
#include <errno.h>
#include <stdarg.h>
#include <string.h>

#include "base/alloc.h"
#include "base/text.h"
#include "data/node_priv.h"
#include "data/template_priv.h"

/* Limits and failures. */

int
template_run_fail(struct template_run *run, const char *fmt, ...)
{
	cleanup_free char *words = NULL;
	const struct template_arg *where = run->where;
	va_list args;

	va_start(args, fmt);
	words = xvasprintf(fmt, args);
	va_end(args);
	if (!where)
		return err_set(run->err, EINVAL, "template: %s", words);
	return template_fail(
		run->tmpl->text, where->at, run->err, "at <%.*s>: %s",
		where->source.len > 80 ? 80 : (int)where->source.len,
		where->source.ptr, words);
}

int
template_run_step(struct template_run *run)
{
	if (++run->step_count > TEMPLATE_MAX_STEPS)
		return err_set(run->err, EFBIG, "template: ran too long");
	if (run->out->len - run->out_start > TEMPLATE_MAX_BYTES)
		return err_set(run->err, EFBIG, "template: prints too much");
	return 0;
}

static size_t
template_node_bytes(const struct node *node)
{
	size_t bytes = sizeof(*node);

	if (node_kind(node) == NODE_STR)
		bytes += node->str_len;
	for (size_t i = 0; i < node_len(node); i++)
		bytes += template_node_bytes(node_value_at(node, i));
	return bytes;
}

int
template_run_keep(struct template_run *run, struct node *node,
		  struct template_value *ret_value)
{
	array_push(run->made, run->made_len, run->made_cap, node);
	run->made_bytes += template_node_bytes(node);
	if (run->made_bytes > TEMPLATE_MAX_BYTES)
		return err_set(run->err, EFBIG,
			       "template: its values grow too large");
	*ret_value = (struct template_value){ .node = node };
	return 0;
}

int
template_run_keep_str(struct template_run *run, const struct strbuf *sb,
		      struct template_value *ret_value)
{
	return template_run_keep(run, node_new_strn(sb->buf, sb->len),
				 ret_value);
}

/* Maps, structs and truth. */

bool
template_is_map(const struct template_run *run, struct template_value value)
{
	return !run->opts->is_typed || value.is_map;
}

bool
template_truth(const struct template_run *run, struct template_value value)
{
	switch (node_kind(value.node)) {
	case NODE_BOOL:
		return node_bool_or(value.node, false);
	case NODE_INT:
	case NODE_FLOAT:
		return node_float_or(value.node, 0) != 0;
	case NODE_STR:
		return value.node->str_len > 0;
	case NODE_ARR:
		return node_len(value.node) > 0;
	case NODE_OBJ: /* a struct is true, whatever it holds */
		return !template_is_map(run, value) || node_len(value.node) > 0;
	default:
		return false;
	}
}

void
template_sorted_keys(const struct node *obj, struct strvec *keys)
{
	for (size_t i = 0; i < node_len(obj); i++)
		strvec_add(keys, node_key_at(obj, i));
	strvec_sort(keys);
}

/* Fields. */

static int
template_no_field(struct template_run *run, const struct node *obj,
		  const char *name)
{
	cleanup_strvec struct strvec keys = STRVEC_INIT;
	cleanup_strbuf struct strbuf sb = STRBUF_INIT;
	const char *nearest;

	(void)template_run_fail(run, "there is no field '%s'", name);
	for (size_t i = 0; i < node_len(obj); i++) {
		strvec_add(&keys, node_key_at(obj, i));
		strbuf_addf(&sb, " %s", node_key_at(obj, i));
	}
	nearest = text_nearest(name, (const char *const *)strvec_argv(&keys));
	if (nearest)
		err_hint(run->err, "did you mean '%s'? fields:%s", nearest,
			 sb.buf);
	else
		err_hint(run->err, "fields:%s", sb.buf);
	return -EINVAL;
}

/* Ask the caller; -ENOENT when it knows no such method. */
static int
template_call_method(struct template_run *run, const struct node *receiver,
		     const char *name, const struct template_value *args,
		     size_t arg_count, struct template_value *ret_value)
{
	cleanup_free const struct node **nodes = NULL;
	struct node *made = NULL;
	int r;

	if (!run->opts->method)
		return -ENOENT;
	nodes = xcalloc(arg_count, sizeof(*nodes));
	for (size_t i = 0; i < arg_count; i++)
		nodes[i] = args[i].node;
	r = run->opts->method(run->opts->method_arg, receiver, name, nodes,
			      arg_count, &made, run->err);
	if (r < 0)
		return r;
	if (made)
		return template_run_keep(run, made, ret_value);
	*ret_value = (struct template_value){ .node = NULL };
	return 0;
}

static bool
template_names_map(const struct template_run *run, const char *name)
{
	const char *const *names = run->opts->map_fields;

	for (; names && *names; names++)
		if (!strcmp(*names, name))
			return true;
	return false;
}

static int
template_eval_field(struct template_run *run, struct template_value of,
		    const char *name, const struct template_value *args,
		    size_t arg_count, struct template_value *ret_value)
{
	struct node *child = node_get(of.node, name);
	int r;

	if (!child || arg_count) {
		r = template_call_method(run, of.node, name, args, arg_count,
					 ret_value);
		if (r != -ENOENT)
			return r;
	}
	if (arg_count)
		return template_run_fail(run, "'%s' takes no arguments", name);
	if (child) {
		*ret_value = (struct template_value){
			child, template_names_map(run, name)
		};
		return 0;
	}
	*ret_value = (struct template_value){ .node = NULL };
	switch (node_kind(of.node)) {
	case NODE_OBJ:
		if (template_is_map(run, of))
			return 0;
		return template_no_field(run, of.node, name);
	case NODE_NULL:
		if (!of.node || !run->opts->is_typed)
			return 0;
		return template_run_fail(run, "null has no field '%s'", name);
	default:
		return template_run_fail(run, "'%s' is no field of %s", name,
					 node_kind_phrase(node_kind(of.node)));
	}
}

/* Operands. */

static struct template_value *
template_find_var(struct template_run *run, const char *name)
{
	for (size_t i = run->var_len; i--;)
		if (!strcmp(run->vars[i].name, name))
			return &run->vars[i].value;
	return NULL;
}

void
template_set_var(struct template_run *run, const struct template_pipe *pipe,
		 size_t i, struct template_value value)
{
	struct template_var var = { pipe->vars[i], value };

	if (!pipe->is_assign) {
		array_push(run->vars, run->var_len, run->var_cap, var);
		return;
	}
	/* The parser saw to it that the variable is in scope. */
	*template_find_var(run, var.name) = value;
}

static int
template_call_func(struct template_run *run, const struct template_func *func,
		   const struct template_value *args, size_t arg_count,
		   struct template_value *ret_value)
{
	if (arg_count < func->min_args)
		return template_run_fail(
			run, "%s needs %s%zu argument%s", func->name,
			func->min_args < func->max_args ? "at least " : "",
			func->min_args, func->min_args == 1 ? "" : "s");
	if (arg_count > func->max_args)
		return template_run_fail(run, "%s takes at most %zu argument%s",
					 func->name, func->max_args,
					 func->max_args == 1 ? "" : "s");
	if (!func->call) { /* "and" and "or" of a single value */
		*ret_value = args[arg_count - 1];
		return 0;
	}
	return func->call(run, args, arg_count, ret_value);
}

/* What an operand is before its fields. */
static int
template_eval_term(struct template_run *run, struct template_value dot,
		   const struct template_arg *arg,
		   struct template_value *ret_value)
{
	static const struct node nil = { .kind = NODE_NULL };

	switch (arg->kind) {
	case TEMPLATE_ARG_DOT:
		*ret_value = dot;
		return 0;
	case TEMPLATE_ARG_NIL:
		*ret_value = (struct template_value){ .node = &nil };
		return 0;
	case TEMPLATE_ARG_LITERAL:
		*ret_value = (struct template_value){ .node = arg->literal };
		return 0;
	case TEMPLATE_ARG_VAR:
		*ret_value = *template_find_var(run, arg->name);
		return 0;
	case TEMPLATE_ARG_PIPE:
		return template_eval_pipe(run, dot, arg->pipe, ret_value);
	default:
		assert(arg->kind == TEMPLATE_ARG_FUNC);
		return template_call_func(run, arg->func, NULL, 0, ret_value);
	}
}

/* An operand; the arguments go to its last field. */
static int
template_eval_arg(struct template_run *run, struct template_value dot,
		  const struct template_arg *arg,
		  const struct template_value *args, size_t arg_count,
		  struct template_value *ret_value)
{
	const struct template_arg *outer = run->where;
	struct template_value value;
	int r = template_run_step(run);

	run->where = arg;
	if (r == 0)
		r = template_eval_term(run, dot, arg, &value);
	run->where = arg;
	for (const struct template_name *f = arg->fields; r == 0 && f;
	     f = f->next)
		r = template_eval_field(run, value, f->name,
					f->next ? NULL : args,
					f->next ? 0 : arg_count, &value);
	run->where = outer;
	if (r == 0)
		*ret_value = value;
	return r;
}

/* Commands and pipelines. */

/* "and" and "or": the first value that decides, the others untouched. */
static int
template_eval_logic(struct template_run *run, struct template_value dot,
		    const struct template_cmd *cmd,
		    const struct template_value *final,
		    struct template_value *ret_value)
{
	bool stop_at = cmd->args->func->name[0] == 'o';
	const struct template_arg *arg = cmd->args->next;
	bool is_any = false;

	for (; arg; arg = arg->next, is_any = true) {
		int r = template_eval_arg(run, dot, arg, NULL, 0, ret_value);

		if (r < 0 || template_truth(run, *ret_value) == stop_at)
			return r;
	}
	if (final)
		*ret_value = *final;
	else if (!is_any)
		return template_run_fail(run, "%s needs at least 1 argument",
					 cmd->args->func->name);
	return 0;
}

static int
template_eval_cmd_with(struct template_run *run, struct template_value dot,
		       const struct template_cmd *cmd,
		       const struct template_value *args, size_t arg_count,
		       struct template_value *ret_value)
{
	const struct template_arg *first = cmd->args;

	if (first->kind == TEMPLATE_ARG_FUNC) {
		run->where = first;
		return template_call_func(run, first->func, args, arg_count,
					  ret_value);
	}
	if (arg_count && !first->fields) {
		run->where = first;
		return template_run_fail(run, "only functions take arguments");
	}
	return template_eval_arg(run, dot, first, args, arg_count, ret_value);
}

static int
template_eval_cmd(struct template_run *run, struct template_value dot,
		  const struct template_cmd *cmd,
		  const struct template_value *final,
		  struct template_value *ret_value)
{
	const struct template_arg *first = cmd->args, *outer = run->where;
	cleanup_free struct template_value *args = NULL;
	size_t len = 0, cap = 0;
	int r = template_run_step(run);

	run->where = first;
	if (r == 0 && first->kind == TEMPLATE_ARG_FUNC && !first->func->call) {
		r = template_eval_logic(run, dot, cmd, final, ret_value);
		run->where = outer;
		return r;
	}
	for (const struct template_arg *arg = first->next; r == 0 && arg;
	     arg = arg->next) {
		struct template_value value = { .node = NULL };

		r = template_eval_arg(run, dot, arg, NULL, 0, &value);
		array_push(args, len, cap, value);
	}
	if (r == 0 && final)
		array_push(args, len, cap, *final);
	if (r == 0)
		r = template_eval_cmd_with(run, dot, cmd, args, len, ret_value);
	run->where = outer;
	return r;
}

int
template_eval_cmds(struct template_run *run, struct template_value dot,
		   const struct template_pipe *pipe,
		   struct template_value *ret_value)
{
	struct template_value value = { .node = NULL };

	for (const struct template_cmd *cmd = pipe->cmds; cmd;
	     cmd = cmd->next) {
		struct template_value before = value;
		int r = template_eval_cmd(run, dot, cmd,
					  cmd == pipe->cmds ? NULL : &before,
					  &value);

		if (r < 0)
			return r;
	}
	*ret_value = value;
	return 0;
}

int
template_eval_pipe(struct template_run *run, struct template_value dot,
		   const struct template_pipe *pipe,
		   struct template_value *ret_value)
{
	int r = template_eval_cmds(run, dot, pipe, ret_value);

	if (r == 0 && pipe->var_count)
		template_set_var(run, pipe, 0, *ret_value);
	return r;
}
