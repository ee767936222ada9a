/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fuzz_dockerfile.c - any bytes are a Dockerfile or fail at a line of it.
 * What is read is evaluated too, with all its warnings.
 */
#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "dockerfile/df_check.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int
count_lines(const struct dockerfile *df)
{
	int lines = 1;

	for (size_t i = 0; i < df->size; i++)
		lines += df->text[i] == '\n';
	return lines;
}

static void
check_positions(const struct dockerfile *df)
{
	int last = 0, lines = count_lines(df);

	for (size_t i = 0; i < df->len; i++) {
		const struct df_instruction *in = &df->instructions[i];

		assert(in->range.line > last);
		assert(in->range.end_line >= in->range.line);
		assert(in->range.end_line <= lines);
		for (size_t j = 0; j < in->arg_count; j++)
			assert(in->args[j].range.line >= in->range.line &&
			       in->args[j].range.line <= in->range.end_line);
		last = in->range.end_line;
	}
}

static void
evaluate(const struct dockerfile *df)
{
	cleanup_with(ignore_free) struct ignore *ignore = ignore_new();
	struct df_outline outline = DF_OUTLINE_INIT;
	struct df_lint lint = DF_LINT_INIT;
	struct df_inputs inputs = { .build_args = NULL };
	struct df_check check = {
		.inputs = &inputs,
		.all_stages = true,
		.ignore = ignore,
		.lint = &lint,
		.outline = &outline,
	};
	struct err err = ERR_INIT;
	struct df_range failed;

	platform_host(&inputs.target);
	platform_host(&inputs.build);
	if (df_lint_init(&lint, df, NULL, &err) < 0)
		return;
	if (df_check_run(df, &check, &failed, &err) < 0)
		assert(err.text[0] && failed.line > 0);
	df_lint_sort(&lint);
	for (size_t i = 0; i < lint.len; i++) {
		cleanup_strbuf struct strbuf text = STRBUF_INIT;

		df_warning_add_text(&lint.items[i], df, &text);
	}
	df_lint_release(&lint);
	df_outline_release(&outline);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct span bytes = span_new((const char *)data, size);
	cleanup_with(dockerfile_free) struct dockerfile *df =
		dockerfile_new("f", bytes);
	cleanup_with(dockerfile_free) struct dockerfile *trigger =
		dockerfile_new("f", bytes);
	cleanup_node struct node *node = NULL;
	struct err err = ERR_INIT;

	(void)dockerfile_parse_trigger(trigger, NULL);
	if (dockerfile_parse(df, &err) < 0) {
		assert(err.text[0] && df->failed.line > 0);
		return 0;
	}
	assert(df->stage_count && df->len);
	check_positions(df);
	node = dockerfile_to_node(df);
	evaluate(df);
	return 0;
}
