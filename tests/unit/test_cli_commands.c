/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <errno.h>

#include "base/text.h"
#include "cli/args_value.h"
#include "cli/commands.h"
#include "cli/help.h"

/* criterion pastes the first token: a condition needs a name. */
static bool
ok(bool condition)
{
	return condition;
}

static size_t
table_len(void)
{
	return commands_count + 1;
}

/* The global flags are held to the same rules. */
static const struct cmd *
table_at(size_t i)
{
	return i < commands_count ? commands_all[i] : &commands_global;
}

static void
expect_plain_text(const char *where, const char *name, const char *text)
{
	size_t len;

	if (!text)
		return;
	len = strlen(text);
	cr_expect(ok(len > 0), "%s %s: empty", where, name);
	cr_expect(ok(len && text[len - 1] != '.'), "%s %s: full stop", where,
		  name);
	cr_expect(ok(!text_is_upper(text[0]) || text_is_upper(text[1]) ||
		     text_is_digit(text[1])),
		  "%s %s: '%s' begins in upper case", where, name, text);
}

Test(cli_commands, the_table_is_alphabetical)
{
	for (size_t i = 1; i < commands_count; i++)
		cr_expect(ok(strcmp(commands_all[i - 1]->path,
				    commands_all[i]->path) < 0),
			  "%s", commands_all[i]->path);
}

Test(cli_commands, rows_are_alphabetical_and_letters_unique)
{
	for (size_t i = 0; i < table_len(); i++) {
		const struct cmd *cmd = table_at(i);
		bool seen[256] = { false };

		for (size_t k = 0; k < cmd->flag_count; k++) {
			const struct flag *flag = &cmd->flags[k];

			if (k)
				cr_expect(ok(strcmp(flag[-1].name, flag->name) <
					     0),
					  "%s --%s", cmd->path, flag->name);
			if (!flag->letter)
				continue;
			cr_expect(ok(!seen[(unsigned char)flag->letter]),
				  "%s -%c", cmd->path, flag->letter);
			seen[(unsigned char)flag->letter] = true;
		}
	}
}

static void
expect_whole_row(const struct cmd *cmd, const struct flag *flag)
{
	struct arg arg = { .given = false };
	struct err err = ERR_INIT;

	cr_expect(ok(flag->kind < FLAG_KIND_COUNT &&
		     flag->offer < OFFER_COUNT &&
		     flag->section < SECTION_COUNT));
	cr_expect(ok(flag->kind == FLAG_ALIAS || flag->help || flag->hidden),
		  "%s --%s has no text", cmd->path, flag->name);
	cr_expect(ok(flag->kind != FLAG_ENUM || flag->values), "%s --%s",
		  cmd->path, flag->name);
	cr_expect(ok(!flag_takes_value(flag) || flag->meta ||
		     flag->kind == FLAG_ENUM || flag->kind == FLAG_ALIAS),
		  "%s --%s: its value has no name", cmd->path, flag->name);
	expect_plain_text(cmd->path, flag->name, flag->help);
	expect_plain_text(cmd->path, flag->name, flag->refuse);
	if (flag->fallback)
		cr_expect(eq(int,
			     args_value_set(&arg, flag, flag->fallback, &err),
			     0),
			  "%s --%s: %s", cmd->path, flag->name, err.text);
	if (flag->bare)
		cr_expect(ok(flag_has_word(flag->values, flag->bare)));
	strvec_release(&arg.list);
}

Test(cli_commands, every_row_is_whole)
{
	for (size_t i = 0; i < table_len(); i++)
		for (size_t k = 0; k < table_at(i)->flag_count; k++)
			expect_whole_row(table_at(i), &table_at(i)->flags[k]);
}

Test(cli_commands, rows_name_only_rows_that_exist)
{
	for (size_t i = 0; i < table_len(); i++) {
		const struct cmd *cmd = table_at(i);

		for (size_t k = 0; k < cmd->flag_count; k++) {
			const struct flag *flag = &cmd->flags[k];
			struct span rest, word;

			if (flag->kind == FLAG_ALIAS)
				(void)flag_resolve(cmd->flags, cmd->flag_count,
						   flag);
			if (!flag->conflicts)
				continue;
			rest = span_of(flag->conflicts);
			while (span_next(&rest, '|', &word)) {
				cleanup_free char *name = span_dup(word);

				cr_expect(ok(flag_find(cmd->flags,
						       cmd->flag_count,
						       name) != NULL),
					  "%s --%s: no --%s", cmd->path,
					  flag->name, name);
			}
		}
	}
}

Test(cli_commands, every_command_is_whole)
{
	for (size_t i = 0; i < commands_count; i++) {
		const struct cmd *cmd = commands_all[i];

		cr_expect(ok(cmd->run != NULL), "%s", cmd->path);
		cr_expect(ok(cmd->min_operands <= cmd->max_operands), "%s",
			  cmd->path);
		cr_expect(ok(!cmd->max_operands || cmd->operands), "%s",
			  cmd->path);
		cr_assert(ok(cmd->summary != NULL), "%s", cmd->path);
		expect_plain_text(cmd->path, "summary", cmd->summary);
		for (size_t k = 0; k < cmd->example_count; k++) {
			expect_plain_text(cmd->path, "example",
					  cmd->examples[k].does);
			cr_expect(
				ok(text_starts(cmd->examples[k].line, "dhow ")),
				"%s", cmd->examples[k].line);
		}
	}
}

Test(cli_commands, a_name_means_one_command)
{
	for (size_t i = 0; i < commands_count; i++) {
		const struct cmd *cmd = commands_all[i];
		struct span rest = span_of(cmd->aliases ?: ""), alias;

		cr_expect(ok(commands_get(span_of(cmd->path)) == cmd), "%s",
			  cmd->path);
		while (span_next(&rest, '|', &alias))
			cr_expect(ok(commands_get(alias) == cmd), "%.*s",
				  (int)alias.len, alias.ptr);
	}
}

Test(cli_commands, the_longest_name_counts)
{
	char *words[] = { (char *)"buildx", (char *)"imagetools",
			  (char *)"create", (char *)"image" };
	const struct cmd *cmd = NULL;
	int used = 0;

	cr_assert(eq(int, commands_find(4, words, &cmd, &used, NULL), 0));
	cr_expect(eq(int, used, 3));
	cr_expect(
		eq(str, (char *)cmd->path, (char *)"buildx imagetools create"));
	cr_expect(eq(int, commands_find(2, words, &cmd, &used, NULL), -ENOENT));
}

Test(cli_commands, unknown_names_get_the_nearest_one)
{
	static const struct {
		char *words[2];
		const char *text, *hint;
	} cases[] = {
		{ { "verison" },
		  "unknown command 'verison'",
		  "did you mean 'dhow version'?" },
		{ { "qqqqqqqqqqq" },
		  "unknown command 'qqqqqqqqqqq'",
		  "'dhow --help' lists what there is" },
		{ { "swarm", "init" },
		  "dhow has no 'swarm': it manages a cluster of daemons",
		  "describe services in a compose file" },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct err err = ERR_INIT;
		const struct cmd *cmd;
		int words;

		cr_expect(eq(int,
			     commands_find(cases[i].words[1] ? 2 : 1,
					   cases[i].words, &cmd, &words, &err),
			     -ENOENT));
		cr_expect(eq(str, err.text, (char *)cases[i].text));
		cr_expect(eq(str, err.hint, (char *)cases[i].hint));
	}
}

static void
expect_narrow(const struct cmd *cmd)
{
	cleanup_strbuf struct strbuf sb = STRBUF_INIT;
	struct span rest, line;

	help_add_command(&sb, cmd);
	rest = span_new(sb.buf, sb.len);
	while (span_next(&rest, '\n', &line)) {
		cr_expect(ok(line.len <= 80), "%s: %.*s", cmd->path,
			  (int)line.len, line.ptr);
		cr_expect(ok(!line.len || line.ptr[line.len - 1] != ' '),
			  "%s: blank at the end", cmd->path);
	}
}

Test(cli_commands, help_fits_80_columns_and_names_every_flag)
{
	for (size_t i = 0; i < table_len(); i++) {
		const struct cmd *cmd = table_at(i);
		cleanup_strbuf struct strbuf sb = STRBUF_INIT;

		expect_narrow(cmd);
		help_add_command(&sb, cmd);
		for (size_t k = 0; k < cmd->flag_count; k++) {
			cleanup_free char *want =
				xasprintf(" --%s", cmd->flags[k].name);

			if (!cmd->flags[k].hidden)
				cr_expect(ok(strstr(sb.buf, want) != NULL),
					  "%s%s", cmd->path, want);
		}
	}
}
