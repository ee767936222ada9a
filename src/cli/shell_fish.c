/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cli/shell_fish.c - the completion script for fish.
 *
 * fish knows flags, bundles and values itself; the script tells it at which
 * command the cursor is. A condition is evaluated once, however many lines
 * share it.
 */
#include <string.h>

#include "cli/commands.h"
#include "cli/shell.h"

static const char head[] =
	"# fish completion for dhow, made by 'dhow completion fish'\n"
	"\n"
	"# True when the words before the cursor name one of the commands $argv\n"
	"# (\"\": none yet), and its flags and operands are not over.\n"
	"function __dhow_at\n"
	"	set -l words (commandline -opc)[2..-1]\n"
	"	set -l path ''\n"
	"	set -l takes (__dhow_values '')\n"
	"	while set -q words[1]\n"
	"		set -l word $words[1]\n"
	"		set -e words[1]\n"
	"		if string match -q -- '-?*' $word\n"
	"			if contains -- $word $takes; and set -q words[1]\n"
	"				set -e words[1]\n"
	"			end\n"
	"		else if test -z \"$path\"\n"
	"			set path $word\n"
	"			if contains -- $word $__dhow_nouns; and set -q words[1]\n"
	"				set path \"$word $words[1]\"\n"
	"				set -e words[1]\n"
	"			end\n"
	"			set takes (__dhow_values $path)\n"
	"		else if contains -- $path $__dhow_stop\n"
	"			return 1\n"
	"		end\n"
	"	end\n"
	"	contains -- \"$path\" $argv\n"
	"end\n"
	"\n"
	"# Names from the store.\n"
	"function __dhow_ask\n"
	"	set -l dhow (commandline -opc)[1]\n"
	"	$dhow __complete $argv[1] (commandline -ct) 2>/dev/null\n"
	"end\n"
	"\n";

/* Only ' and \ are special between single quotes. */
static void
add_quoted(struct strbuf *sb, const char *text)
{
	strbuf_addch(sb, '\'');
	for (; *text; text++) {
		if (*text == '\'' || *text == '\\')
			strbuf_addch(sb, '\\');
		strbuf_addch(sb, *text);
	}
	strbuf_addch(sb, '\'');
}

/* "run" "container run" */
static void
add_names(struct strbuf *sb, const struct cmd *cmd)
{
	struct span rest = span_of(cmd->aliases ?: ""), alias;

	strbuf_addf(sb, " \"%s\"", cmd->path);
	while (span_next(&rest, '|', &alias))
		strbuf_addf(sb, " \"%.*s\"", (int)alias.len, alias.ptr);
}

/* "complete -c dhow -n '__dhow_at …'" */
static void
add_condition(struct strbuf *sb, const struct cmd *cmd)
{
	strbuf_addstr(sb, "complete -c dhow -n '__dhow_at");
	add_names(sb, cmd);
	strbuf_addch(sb, '\'');
}

/* What may be offered: " -xa 'a b c'". */
static void
add_offer(struct strbuf *sb, enum flag_offer offer, const char *values)
{
	cleanup_free char *list = NULL;

	if (values) {
		list = xstrdup(values);
		for (char *p = list; *p; p++)
			*p = *p == '|' ? ' ' : *p;
		strbuf_addf(sb, " -xa '%s'", list);
	} else if (shell_offer_words(offer)) {
		strbuf_addf(sb, " -xa '%s'", shell_offer_words(offer));
	} else if (offer == OFFER_DIR) {
		strbuf_addstr(sb, " -xa '(__fish_complete_directories)'");
	} else if (offer == OFFER_FILE) {
		strbuf_addstr(sb, " -rF");
	} else if (offer == OFFER_VOLUME) {
		strbuf_addstr(sb, " -rFa '(__dhow_ask volume)'");
	} else if (offer == OFFER_NOTHING) {
		strbuf_addstr(sb, " -x");
	} else {
		strbuf_addf(sb, " -xa '(__dhow_ask %s)'",
			    shell_offer_name(offer));
	}
}

static void
add_text(struct strbuf *sb, const char *text, bool texts)
{
	if (texts) {
		strbuf_addstr(sb, " -d ");
		add_quoted(sb, text);
	}
	strbuf_addch(sb, '\n');
}

static void
add_flag(struct strbuf *sb, const struct cmd *cmd, const struct flag *flag,
	 bool texts)
{
	const struct flag *value =
		flag_resolve(cmd->flags, cmd->flag_count, flag);

	add_condition(sb, cmd);
	if (flag->letter)
		strbuf_addf(sb, " -s %c", flag->letter);
	strbuf_addf(sb, " -l %s", flag->name);
	if (flag_takes_value(value))
		add_offer(sb, value->offer, value->values);
	else
		strbuf_addstr(sb, " -f");
	add_text(sb, shell_flag_text(value), texts);
}

static void
add_command(struct strbuf *sb, const struct cmd *cmd, bool texts)
{
	for (size_t i = 0; i < cmd->flag_count; i++)
		if (!cmd->flags[i].hidden)
			add_flag(sb, cmd, &cmd->flags[i], texts);
	add_condition(sb, cmd);
	strbuf_addstr(sb, " -l help -f");
	add_text(sb, "explain this command", texts);
	if (cmd == &commands_global)
		return;
	add_condition(sb, cmd);
	if (cmd->offer == OFFER_FILE)
		strbuf_addstr(sb, " -F\n");
	else if (cmd->offer == OFFER_COMMAND)
		strbuf_addstr(sb, " -fa '(__dhow_ask command)'\n");
	else if (cmd->offer == OFFER_NOTHING)
		strbuf_addstr(sb, " -f\n");
	else
		strbuf_addf(sb, " -fa '(__dhow_ask %s)'\n",
			    shell_offer_name(cmd->offer));
}

/* The flags of a command whose value is the next word. */
static void
add_values(struct strbuf *sb, const struct cmd *cmd)
{
	strbuf_addstr(sb, "	case");
	add_names(sb, cmd);
	strbuf_addstr(sb, "\n		printf '%s\\n'");
	for (size_t i = 0; i < cmd->flag_count; i++) {
		const struct flag *flag = &cmd->flags[i];

		if (!flag_takes_value(flag))
			continue;
		strbuf_addf(sb, " --%s", flag->name);
		if (flag->letter)
			strbuf_addf(sb, " -%c", flag->letter);
	}
	strbuf_addch(sb, '\n');
}

static void
add_tables(struct strbuf *sb, const struct strvec *nouns)
{
	strbuf_addstr(sb, "set -g __dhow_nouns");
	for (size_t i = 0; i < nouns->len; i++)
		strbuf_addf(sb, " %s", nouns->v[i]);
	strbuf_addstr(sb, "\nset -g __dhow_stop");
	for (size_t i = 0; i < commands_count; i++)
		if (commands_all[i]->stop_at_operand)
			add_names(sb, commands_all[i]);
	strbuf_addstr(sb, "\n\nfunction __dhow_values\n	switch $argv[1]\n");
	add_values(sb, &commands_global);
	for (size_t i = 0; i < commands_count; i++)
		if (commands_completes(commands_all[i]))
			add_values(sb, commands_all[i]);
	strbuf_addstr(sb, "	end\nend\n\n");
}

static void
add_words(struct strbuf *sb, const struct strvec *nouns, bool texts)
{
	static const char none[] = "complete -c dhow -n '__dhow_at \"\"' -fa ";

	for (size_t i = 0; i < commands_count; i++) {
		const struct cmd *cmd = commands_all[i];

		if (cmd->hidden || strchr(cmd->path, ' '))
			continue;
		strbuf_addf(sb, "%s%s", none, cmd->path);
		add_text(sb, cmd->summary, texts);
	}
	for (size_t i = 0; i < nouns->len; i++) {
		struct span verb;

		strbuf_addf(sb, "%s%s\n", none, nouns->v[i]);
		for (size_t k = 0; k < commands_count; k++) {
			if (!commands_completes(commands_all[k]) ||
			    !commands_verb(commands_all[k], nouns->v[i], &verb))
				continue;
			strbuf_addf(
				sb,
				"complete -c dhow -n '__dhow_at %s' -fa %.*s",
				nouns->v[i], (int)verb.len, verb.ptr);
			add_text(sb, commands_all[k]->summary, texts);
		}
	}
}

void
shell_add_fish(struct strbuf *sb, bool texts)
{
	cleanup_strvec struct strvec nouns = STRVEC_INIT;

	commands_add_nouns(&nouns);
	strbuf_addstr(sb, head);
	add_tables(sb, &nouns);
	add_words(sb, &nouns, texts);
	add_command(sb, &commands_global, texts);
	for (size_t i = 0; i < commands_count; i++)
		if (commands_completes(commands_all[i]))
			add_command(sb, commands_all[i], texts);
}
