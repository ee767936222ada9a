/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cli/help.c - what --help prints, within 80 columns, made from the rows.
 */
#include "cli/help.h"

#include <assert.h>
#include <string.h>

#include "base/alloc.h"
#include "cli/commands.h"

#define HELP_WIDTH 80
#define FLAG_COLUMN 27
#define COMMAND_COLUMN 19

static const char *const sections[] = {
	[SECTION_OPTIONS] = "Options",
	[SECTION_PROCESS] = "The process",
	[SECTION_FILES] = "Files and volumes",
	[SECTION_NETWORK] = "Network",
	[SECTION_RIGHTS] = "Users and rights",
	[SECTION_RESOURCES] = "Resources",
	[SECTION_LIFE] = "Life of the container",
	[SECTION_IMAGE] = "The image",
};

static_assert(ARRAY_LEN(sections) == SECTION_COUNT, "a heading per section");

const char *
help_section(enum flag_section section)
{
	return sections[section];
}

const char *
help_meta(const struct flag *flag)
{
	if (flag->meta)
		return flag->meta;
	return flag->kind == FLAG_ENUM ? flag->values : "VALUE";
}

/* Words of @text from column @column on, lines after the first indented. */
static void
add_wrapped(struct strbuf *sb, const char *text, size_t column)
{
	size_t at = column;

	while (*text) {
		size_t len = strcspn(text, " ");

		if (at > column && at + 1 + len > HELP_WIDTH) {
			strbuf_addch(sb, '\n');
			strbuf_pad(sb, ' ', column);
			at = column;
		} else if (at > column) {
			strbuf_addch(sb, ' ');
			at++;
		}
		strbuf_add(sb, text, len);
		at += len;
		text += len;
		text += strspn(text, " ");
	}
	strbuf_addch(sb, '\n');
}

/* "  LEFT   text", the text on its own line when LEFT is long. */
static void
add_item(struct strbuf *sb, const char *left, const char *text, size_t column)
{
	size_t len = strlen(left);

	strbuf_addstr(sb, left);
	if (len + 2 > column) {
		strbuf_addch(sb, '\n');
		len = 0;
	}
	strbuf_pad(sb, ' ', column - len);
	add_wrapped(sb, text, column);
}

void
help_add_text(struct strbuf *sb, const struct flag *flag)
{
	if (flag->kind == FLAG_ALIAS) {
		strbuf_addf(sb, "same as --%s", flag->alias_of);
		return;
	}
	strbuf_addstr(sb, flag->help ? flag->help : "");
	if (flag->fallback)
		strbuf_addf(sb, " (default %s)", flag->fallback);
	if (flag->refuse)
		strbuf_addf(sb, " (refused: %s)", flag->refuse);
}

static void
add_flag(struct strbuf *sb, const struct flag *flag)
{
	cleanup_strbuf struct strbuf left = STRBUF_INIT;
	cleanup_strbuf struct strbuf text = STRBUF_INIT;

	if (flag->letter)
		strbuf_addf(&left, "  -%c, --%s", flag->letter, flag->name);
	else
		strbuf_addf(&left, "      --%s", flag->name);
	if (flag_takes_value(flag) && flag->kind != FLAG_ALIAS)
		strbuf_addf(&left, "%s%s", flag->bare ? "[=" : " ",
			    help_meta(flag));
	if (flag->bare)
		strbuf_addch(&left, ']');
	help_add_text(&text, flag);
	add_item(sb, left.buf, text.buf, FLAG_COLUMN);
}

static void
add_section(struct strbuf *sb, const struct cmd *cmd, enum flag_section section)
{
	bool headed = false;

	for (size_t i = 0; i < cmd->flag_count; i++) {
		const struct flag *flag = &cmd->flags[i];

		if (flag->hidden || flag->section != section)
			continue;
		if (!headed)
			strbuf_addf(sb, "\n%s:\n", sections[section]);
		headed = true;
		add_flag(sb, flag);
	}
}

static void
add_flags(struct strbuf *sb, const struct cmd *cmd)
{
	for (int section = 0; section < SECTION_COUNT; section++)
		add_section(sb, cmd, section);
}

void
help_add_usage(struct strbuf *sb, const struct cmd *cmd)
{
	strbuf_addf(sb, "dhow%s%s", cmd->path[0] ? " " : "", cmd->path);
	for (size_t i = 0; i < cmd->flag_count; i++)
		if (!cmd->flags[i].hidden) {
			strbuf_addstr(sb, " [OPTIONS]");
			break;
		}
	if (cmd->operands)
		strbuf_addf(sb, " %s", cmd->operands);
}

static void
add_aliases(struct strbuf *sb, const struct cmd *cmd)
{
	struct span rest = span_of(cmd->aliases), alias;

	strbuf_addstr(sb, "\nAliases:\n");
	while (span_next(&rest, '|', &alias))
		strbuf_addf(sb, "  dhow %.*s\n", (int)alias.len, alias.ptr);
}

static void
add_verbs(struct strbuf *sb, const char *noun)
{
	struct span verb;

	for (size_t i = 0; i < commands_count; i++) {
		const struct cmd *cmd = commands_all[i];
		cleanup_free char *left = NULL;

		if (cmd->hidden || !commands_verb(cmd, noun, &verb))
			continue;
		left = xasprintf("  %.*s", (int)verb.len, verb.ptr);
		add_item(sb, left, cmd->summary, COMMAND_COLUMN);
	}
}

void
help_add_command(struct strbuf *sb, const struct cmd *cmd)
{
	strbuf_addstr(sb, "Usage: ");
	help_add_usage(sb, cmd);
	strbuf_addf(sb, "\n\n%s\n", cmd->summary);
	if (cmd->aliases)
		add_aliases(sb, cmd);
	if (cmd->has_verbs) {
		strbuf_addstr(sb, "\nCommands:\n");
		add_verbs(sb, cmd->path);
	}
	add_flags(sb, cmd);
	if (!cmd->example_count)
		return;
	strbuf_addstr(sb, "\nExamples:\n");
	for (size_t i = 0; i < cmd->example_count; i++)
		strbuf_addf(sb, "  %s\n", cmd->examples[i].line);
}

void
help_add_group(struct strbuf *sb, const char *noun)
{
	strbuf_addf(sb, "Usage: dhow %s COMMAND\n\nCommands:\n", noun);
	add_verbs(sb, noun);
	strbuf_addf(sb, "\n'dhow %s COMMAND --help' tells more.\n", noun);
}

void
help_add_top(struct strbuf *sb)
{
	strbuf_addstr(sb, "Usage: ");
	help_add_usage(sb, &commands_global);
	strbuf_addf(sb, "\n\n%s\n\nCommands:\n", commands_global.summary);
	for (size_t i = 0; i < commands_count; i++) {
		const struct cmd *cmd = commands_all[i];
		cleanup_free char *left = NULL;

		if (cmd->hidden)
			continue;
		left = xasprintf("  %s", cmd->path);
		add_item(sb, left, cmd->summary, COMMAND_COLUMN);
	}
	add_flags(sb, &commands_global);
	strbuf_addstr(sb, "\n'dhow COMMAND --help' tells more.\n");
}
