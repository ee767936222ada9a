/* SPDX-License-Identifier: Apache-2.0 */
/*
 * dockerfile/df_outline.c - what a build may be given.
 */
#include "dockerfile/df_outline.h"

#include <string.h>

#include "base/alloc.h"
#include "base/text.h"

static void
df_outline_list_release(struct df_outline_list *list)
{
	for (size_t i = 0; i < list->len; i++) {
		free(list->items[i].name);
		free(list->items[i].value);
		free(list->items[i].description);
	}
	free(list->items);
}

void
df_outline_release(struct df_outline *outline)
{
	df_outline_list_release(&outline->args);
	df_outline_list_release(&outline->secrets);
	df_outline_list_release(&outline->sshs);
	*outline = (struct df_outline)DF_OUTLINE_INIT;
}

/* The row of that name, made when there is none. */
static struct df_outline_row *
df_outline_row(struct df_outline_list *list, const char *name,
	       const struct df_range *range)
{
	for (size_t i = 0; i < list->len; i++)
		if (!strcmp(list->items[i].name, name))
			return &list->items[i];
	array_push(list->items, list->len, list->cap,
		   (struct df_outline_row){ .name = xstrdup(name),
					    .range = *range });
	return &list->items[list->len - 1];
}

char *
df_doc_of(const struct df_instruction *in, const char *name)
{
	struct span rest = span_of(in->doc ?: ""), line;
	size_t len = strlen(name);

	while (span_next(&rest, '\n', &line))
		if (line.len > len + 1 && !strncmp(line.ptr, name, len) &&
		    line.ptr[len] == ' ')
			return span_dup(span_skip(line, len + 1));
	return NULL;
}

static void
df_outline_arg(struct df_outline *outline, const struct df_instruction *in,
	       const char *name, const char *value)
{
	struct df_outline_row *row =
		df_outline_row(&outline->args, name, &in->range);

	if (!row->value)
		row->value = xstrdup_null(value);
	if (!row->description)
		row->description = df_doc_of(in, name);
}

void
df_outline_add(struct df_outline *outline, const struct df_step *step)
{
	for (size_t i = 0; step->cmd == DF_ARG && i < step->pairs.len; i++)
		df_outline_arg(outline, step->from, step->pairs.items[i].key,
			       step->pairs.items[i].value);
	for (size_t i = 0; step->cmd == DF_RUN && i < step->run.mount_count;
	     i++) {
		const struct df_mount *mount = &step->run.mounts[i];
		struct df_outline_row *row = NULL;

		if (mount->kind == DF_MOUNT_SECRET)
			row = df_outline_row(&outline->secrets, mount->id,
					     &step->from->range);
		else if (mount->kind == DF_MOUNT_SSH)
			row = df_outline_row(&outline->sshs, mount->id,
					     &step->from->range);
		if (row)
			row->required |= mount->required;
	}
}

/* "$NAME" or "${NAME" with nothing of a name behind it. */
static bool
df_outline_uses(const char *text, const char *name)
{
	size_t len = strlen(name);

	while ((text = strchr(text, '$'))) {
		text += text[1] == '{' ? 2 : 1;
		if (!strncmp(text, name, len) && !text_is_alnum(text[len]) &&
		    text[len] != '_')
			return true;
	}
	return false;
}

static bool
df_outline_is_used(const struct dockerfile *df, const bool *wanted,
		   const char *name)
{
	for (size_t i = 0; i < df->stage_count; i++)
		if (wanted[i] &&
		    df_outline_uses(df->stages[i].from->text, name))
			return true;
	return false;
}

void
df_outline_add_globals(struct df_outline *outline, const struct dockerfile *df,
		       const bool *wanted, const struct df_globals *globals)
{
	for (size_t i = 0; i < df->global_count; i++) {
		const struct df_instruction *in = &df->instructions[i];

		for (size_t j = 0; j < in->arg_count; j++) {
			const char *text = in->args[j].text;
			cleanup_free char *name =
				xstrndup(text, strcspn(text, "="));

			if (df_outline_is_used(df, wanted, name))
				df_outline_arg(outline, in, name,
					       strvec_env_get(&globals->args,
							      name));
		}
	}
}
