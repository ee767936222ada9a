/* SPDX-License-Identifier: Apache-2.0 */
/*
 * dockerfile/df_node.c - what was parsed, as JSON.
 */
#include "base/alloc.h"
#include "dockerfile/dockerfile.h"

static struct node *
df_node_flags(const struct df_instruction *in)
{
	struct node *array = node_new_arr();

	for (size_t i = 0; i < in->flag_count; i++) {
		const struct df_flag *flag = &in->flags[i];
		cleanup_free char *text =
			xasprintf("--%s%s%s", flag->name,
				  flag->value ? "=" : "", flag->value ?: "");

		node_push_str(array, text);
	}
	return array;
}

static struct node *
df_node_args(const struct df_instruction *in)
{
	struct node *array = node_new_arr();

	for (size_t i = 0; i < in->arg_count; i++)
		node_push_str(array, in->args[i].text);
	return array;
}

static struct node *
df_node_heredocs(const struct df_instruction *in)
{
	struct node *array = node_new_arr();

	for (size_t i = 0; i < in->heredoc_count; i++) {
		const struct df_heredoc *doc = &in->heredocs[i];
		struct node *item = node_push(array, node_new_obj());

		node_set_str(item, "name", doc->name);
		node_set_bool(item, "expand", doc->expand);
		node_set_bool(item, "chomp", doc->chomp);
		node_set_str(item, "content", doc->content);
	}
	return array;
}

static void
df_node_set_cmd(struct node *item, enum df_cmd cmd)
{
	cleanup_free char *name = xstrdup(df_cmd_name(cmd));

	for (char *p = name; *p; p++)
		*p = (char)(*p - 'A' + 'a');
	node_set_str(item, "cmd", name);
}

struct node *
dockerfile_to_node(const struct dockerfile *df)
{
	struct node *array = node_new_arr();

	for (size_t i = 0; i < df->len; i++) {
		const struct df_instruction *in = &df->instructions[i];
		struct node *item = node_push(array, node_new_obj());

		df_node_set_cmd(item, in->cmd);
		(void)node_set(item, "flags", df_node_flags(in));
		node_set_bool(item, "json", in->json);
		(void)node_set(item, "args", df_node_args(in));
		(void)node_set(item, "heredocs", df_node_heredocs(in));
		node_set_int(item, "line", in->range.line);
		node_set_int(item, "end_line", in->range.end_line);
	}
	return array;
}
