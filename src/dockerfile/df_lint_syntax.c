/* SPDX-License-Identifier: Apache-2.0 */
/*
 * dockerfile/df_lint_syntax.c - warnings that need no variables.
 */
#include "dockerfile/df_lint_syntax.h"

#include <string.h>
#include <strings.h>

#include "base/alloc.h"
#include "base/text.h"
#include "dockerfile/df_form.h"

static bool
df_text_has_lower(const char *text)
{
	for (; *text; text++)
		if (text_is_lower(*text))
			return true;
	return false;
}

static bool
df_text_has_upper(const char *text)
{
	for (; *text; text++)
		if (text_is_upper(*text))
			return true;
	return false;
}

/* Most decide; one with capitals and small letters has no vote. */
static void
df_lint_casing(struct df_lint *lint, const struct dockerfile *df)
{
	size_t lower = 0, upper = 0;
	bool wants_lower;

	for (size_t i = 0; i < df->len; i++) {
		const char *word = df->instructions[i].keyword;

		lower += !df_text_has_upper(word);
		upper += !df_text_has_lower(word);
	}
	wants_lower = lower > upper;
	for (size_t i = 0; i < df->len; i++) {
		const struct df_instruction *in = &df->instructions[i];

		if (wants_lower ? df_text_has_upper(in->keyword)
				: df_text_has_lower(in->keyword))
			df_lint_add(
				lint, DF_RULE_CONSISTENT_INSTRUCTION_CASING,
				&in->range,
				"Command '%s' should match the case of the command majority (%s)",
				in->keyword,
				wants_lower ? "lowercase" : "uppercase");
	}
}

static void
df_lint_from(struct df_lint *lint, const struct dockerfile *df,
	     const struct df_stage *stage)
{
	const struct df_instruction *from = stage->from;
	const char *as, *name;

	if (!stage->name)
		return;
	as = from->args[1].text;
	name = from->args[2].text;
	if (df_text_has_upper(name))
		df_lint_add(lint, DF_RULE_STAGE_NAME_CASING, &from->range,
			    "Stage name '%s' should be lowercase", name);
	if (df_text_has_lower(from->keyword) != df_text_has_lower(as))
		df_lint_add(lint, DF_RULE_FROM_AS_CASING, &from->range,
			    "'%s' and '%s' keywords' casing do not match", as,
			    from->keyword);
	if (!strcmp(stage->name, "scratch") || !strcmp(stage->name, "context"))
		df_lint_add(
			lint, DF_RULE_RESERVED_STAGE_NAME, &from->range,
			"Stage name should not use the same name as reserved stage \"%s\"",
			stage->name);
	for (size_t i = 0; i < stage->index; i++)
		if (df->stages[i].name &&
		    !strcmp(df->stages[i].name, stage->name))
			df_lint_add(
				lint, DF_RULE_DUPLICATE_STAGE_NAME,
				&from->range,
				"Duplicate stage name \"%s\", stage names should be unique",
				stage->name);
}

/* The last one counts, so those before it are reported. */
static void
df_lint_repeated(struct df_lint *lint, const struct df_stage *stage)
{
	static const enum df_cmd once[] = { DF_CMD, DF_ENTRYPOINT,
					    DF_HEALTHCHECK };

	for (size_t i = 0; i < ARRAY_LEN(once); i++) {
		const struct df_instruction *last = NULL;

		for (size_t j = 0; j < stage->len; j++) {
			const struct df_instruction *in = &stage->items[j];

			if (in->cmd != once[i])
				continue;
			if (last)
				df_lint_add(
					lint,
					DF_RULE_MULTIPLE_INSTRUCTIONS_DISALLOWED,
					&last->range,
					"Multiple %s instructions should not be used in the same stage because only the last one will be used",
					df_cmd_name(in->cmd));
			last = in;
		}
	}
}

/* Is the name used as one: known to the builder, or "$name" anywhere? */
static bool
df_lint_is_variable(const struct dockerfile *df, const char *name)
{
	static const char *const known[] = { "TARGET", "BUILD", "SOURCE_DATE" };
	size_t len = strlen(name);

	for (size_t i = 0; i < ARRAY_LEN(known); i++)
		if (text_starts(name, known[i]))
			return true;
	for (const char *at = df->text; (at = strchr(at, '$'));) {
		at += at[1] == '{' ? 2 : 1;
		if (!strncmp(at, name, len))
			return true;
	}
	return false;
}

/* "ARG a b": b may be meant as a value, but declares another variable. */
static bool
df_lint_is_legacy(const struct dockerfile *df, const struct df_instruction *in)
{
	if (in->cmd != DF_ARG)
		return df_form_is_legacy(in);
	return in->arg_count == 2 && !strchr(in->args[0].text, '=') &&
	       !strchr(in->args[1].text, '=') &&
	       !df_lint_is_variable(df, in->args[1].text);
}

static void
df_lint_instruction(struct df_lint *lint, const struct dockerfile *df,
		    const struct df_instruction *in)
{
	const char *name = df_cmd_name(in->cmd);

	if (in->cmd == DF_MAINTAINER)
		df_lint_add(
			lint, DF_RULE_MAINTAINER_DEPRECATED, &in->range,
			"Maintainer instruction is deprecated in favor of using label");
	if (df_lint_is_legacy(df, in))
		df_lint_add(
			lint, DF_RULE_LEGACY_KEY_VALUE_FORMAT, &in->range,
			"\"%s key=value\" should be used instead of legacy \"%s key value\" format",
			name, name);
}

/* A comment above describes what is defined: "name text". */
static void
df_lint_description(struct df_lint *lint, const struct df_instruction *in,
		    const char *name)
{
	struct span rest = span_of(in->doc ?: ""), line;
	size_t len = strcspn(name, "=");

	if (!rest.len)
		return;
	while (span_next(&rest, '\n', &line))
		if (line.len > len + 1 && !strncmp(line.ptr, name, len) &&
		    line.ptr[len] == ' ')
			return;
	df_lint_add(
		lint, DF_RULE_INVALID_DEFINITION_DESCRIPTION, &in->range,
		"Comment for %s should follow the format: `# %.*s <description>`",
		in->cmd == DF_FROM ? "build stage" : "build argument", (int)len,
		name);
}

void
df_lint_syntax(struct df_lint *lint, const struct dockerfile *df)
{
	df_lint_casing(lint, df);
	for (size_t i = 0; i < df->stage_count; i++) {
		const struct df_stage *stage = &df->stages[i];

		df_lint_from(lint, df, stage);
		df_lint_repeated(lint, stage);
		if (stage->name)
			df_lint_description(lint, stage->from, stage->name);
	}
	for (size_t i = 0; i < df->len; i++) {
		const struct df_instruction *in = &df->instructions[i];

		df_lint_instruction(lint, df, in);
		if (in->cmd == DF_ARG && in->arg_count == 1)
			df_lint_description(lint, in, in->args[0].text);
	}
}
