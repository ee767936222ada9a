/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cli/shell_zsh.c - the completion script for zsh.
 *
 * A function per command calls _arguments, which knows flags, bundles and
 * values.
 */
#include <string.h>

#include "cli/commands.h"
#include "cli/help.h"
#include "cli/shell.h"

static const char head[] =
	"#compdef dhow\n"
	"# zsh completion for dhow, made by 'dhow completion zsh'\n"
	"\n"
	"# Names from the store, each with a text behind a tab.\n"
	"_dhow_ask() {\n"
	"	local -a lines\n"
	"	lines=(${(f)\"$($_dhow_program __complete $1 \"$PREFIX\" 2>/dev/null)\"})\n"
	"	lines=(\"${(@)lines//:/\\\\:}\")\n"
	"	lines=(\"${(@)lines/$'\\t'/:}\")\n"
	"	_describe -t \"dhow-$1\" \"$1\" lines\n"
	"}\n"
	"\n"
	"_dhow_mount() {\n"
	"	[[ $PREFIX == [./~]* ]] && _files && return\n"
	"	_dhow_ask volume\n"
	"}\n"
	"\n";

static const char tail[] =
	"_dhow() {\n"
	"	local curcontext=$curcontext state line\n"
	"	typeset -A opt_args\n"
	"	local _dhow_program=$words[1]\n"
	"	_dhow_global\n"
	"}\n"
	"\n"
	"if [[ $zsh_eval_context[-1] == loadautofunc ]]; then\n"
	"	_dhow \"$@\"\n"
	"else\n"
	"	compdef _dhow dhow\n"
	"fi\n";

/* @text where a spec of _arguments has brackets or colons. */
static void
add_spec_text(struct strbuf *sb, const char *text)
{
	for (; *text; text++) {
		if (strchr("\\[]:", *text))
			strbuf_addch(sb, '\\');
		strbuf_addch(sb, *text);
	}
}

/* "image:_dhow_ask image" behind the colon of a spec. */
static void
add_action(struct strbuf *sb, const char *meta, enum flag_offer offer,
	   const char *values)
{
	cleanup_free char *list = NULL;

	add_spec_text(sb, meta);
	strbuf_addch(sb, ':');
	if (values) {
		list = xstrdup(values);
		for (char *p = list; *p; p++)
			*p = *p == '|' ? ' ' : *p;
		strbuf_addf(sb, "(%s)", list);
	} else if (shell_offer_words(offer)) {
		strbuf_addf(sb, "(%s)", shell_offer_words(offer));
	} else if (offer == OFFER_FILE) {
		strbuf_addstr(sb, "_files");
	} else if (offer == OFFER_DIR) {
		strbuf_addstr(sb, "_files -/");
	} else if (offer == OFFER_VOLUME) {
		strbuf_addstr(sb, "_dhow_mount");
	} else if (offer != OFFER_NOTHING) {
		strbuf_addf(sb, "_dhow_ask %s", shell_offer_name(offer));
	} else {
		strbuf_addch(sb, ' ');
	}
}

/* One form of a flag, "--env=" or "-e+", as a quoted spec. */
static void
add_form(struct strbuf *sb, const struct flag *flag, const struct flag *value,
	 bool letter, bool texts)
{
	cleanup_strbuf struct strbuf spec = STRBUF_INIT;

	if (flag_is_list(value))
		strbuf_addch(&spec, '*');
	else if (flag->letter)
		strbuf_addf(&spec, "(-%c --%s)", flag->letter, flag->name);
	if (letter)
		strbuf_addf(&spec, "-%c%s", flag->letter,
			    flag_takes_value(value) ? "+" : "");
	else
		strbuf_addf(&spec, "--%s%s", flag->name,
			    flag_takes_value(value) ? "=" : "");
	if (texts) {
		strbuf_addch(&spec, '[');
		add_spec_text(&spec, shell_flag_text(value));
		strbuf_addch(&spec, ']');
	}
	if (flag_takes_value(value)) {
		strbuf_addch(&spec, ':');
		add_action(&spec, help_meta(value), value->offer,
			   value->values);
	}
	strbuf_addstr(sb, " \\\n		");
	shell_add_quoted(sb, spec.buf);
}

static void
add_flags(struct strbuf *sb, const struct cmd *cmd, bool texts)
{
	for (size_t i = 0; i < cmd->flag_count; i++) {
		const struct flag *flag = &cmd->flags[i];
		const struct flag *value =
			flag_resolve(cmd->flags, cmd->flag_count, flag);

		if (flag->hidden)
			continue;
		add_form(sb, flag, value, false, texts);
		if (flag->letter)
			add_form(sb, flag, value, true, texts);
	}
	strbuf_addf(sb, " \\\n		'--help%s'",
		    texts ? "[explain this command]" : "");
}

static void
add_command(struct strbuf *sb, const struct cmd *cmd, bool texts)
{
	strbuf_addstr(sb, "_dhow__");
	shell_add_ident(sb, cmd->path);
	strbuf_addf(sb, "() {\n	_arguments -s -S%s",
		    cmd->stop_at_operand ? " -A '-*'" : "");
	add_flags(sb, cmd, texts);
	if (cmd->max_operands) {
		strbuf_addf(sb, " \\\n		'%s:",
			    cmd->stop_at_operand ? "1" : "*");
		add_action(sb, "operand", cmd->offer, NULL);
		strbuf_addch(sb, '\'');
	}
	if (cmd->stop_at_operand)
		strbuf_addstr(sb, " \\\n		'*::argument:_files'");
	strbuf_addstr(sb, "\n}\n\n");
}

static void
add_described(struct strbuf *sb, struct span word, const char *text, bool texts)
{
	cleanup_strbuf struct strbuf spec = STRBUF_INIT;

	strbuf_add(&spec, word.ptr, word.len);
	if (texts)
		strbuf_addf(&spec, ":%s", text);
	strbuf_addstr(sb, "		");
	shell_add_quoted(sb, spec.buf);
	strbuf_addch(sb, '\n');
}

static void
add_noun(struct strbuf *sb, const char *noun, bool texts)
{
	struct span verb;

	strbuf_addf(sb, "_dhow_noun_%s() {\n	local -a verbs=(\n", noun);
	for (size_t i = 0; i < commands_count; i++)
		if (commands_completes(commands_all[i]) &&
		    commands_verb(commands_all[i], noun, &verb))
			add_described(sb, verb, commands_all[i]->summary,
				      texts);
	strbuf_addf(sb,
		    "	)\n"
		    "	if ((CURRENT == 2)); then\n"
		    "		_describe -t commands 'command of %s' verbs\n"
		    "		return\n"
		    "	fi\n"
		    "	shift words\n"
		    "	((CURRENT--))\n"
		    "	_dhow_run_command \"%s $words[1]\"\n"
		    "}\n\n",
		    noun, noun);
}

static void
add_global(struct strbuf *sb, const struct strvec *nouns, bool texts)
{
	strbuf_addstr(sb, "_dhow_global() {\n	_arguments -C -s");
	add_flags(sb, &commands_global, texts);
	strbuf_addstr(
		sb,
		" \\\n		'(-):command:_dhow_commands' \\\n"
		"		'(-)*::argument:->rest'\n"
		"	[[ $state == rest ]] && _dhow_run_command $words[1]\n}\n\n"
		"_dhow_commands() {\n	local -a names=(\n");
	for (size_t i = 0; i < commands_count; i++)
		if (commands_completes(commands_all[i]) &&
		    !strchr(commands_all[i]->path, ' '))
			add_described(sb, span_of(commands_all[i]->path),
				      commands_all[i]->summary, texts);
	for (size_t i = 0; i < nouns->len; i++)
		add_described(sb, span_of(nouns->v[i]), "commands of this kind",
			      texts);
	strbuf_addstr(sb, "	)\n	_describe -t commands command names\n"
			  "}\n\n");
}

static void
add_dispatch(struct strbuf *sb, const struct strvec *nouns)
{
	strbuf_addstr(sb, "_dhow_run_command() {\n	case $1 in\n");
	for (size_t i = 0; i < nouns->len; i++)
		strbuf_addf(sb, "	%s) _dhow_noun_%s ;;\n", nouns->v[i],
			    nouns->v[i]);
	for (size_t i = 0; i < commands_count; i++) {
		const struct cmd *cmd = commands_all[i];
		struct span rest = span_of(cmd->aliases ?: ""), alias;

		if (!commands_completes(cmd))
			continue;
		strbuf_addf(sb, "	'%s'", cmd->path);
		while (span_next(&rest, '|', &alias))
			strbuf_addf(sb, " | '%.*s'", (int)alias.len, alias.ptr);
		strbuf_addstr(sb, ") _dhow__");
		shell_add_ident(sb, cmd->path);
		strbuf_addstr(sb, " ;;\n");
	}
	strbuf_addstr(sb, "	esac\n}\n\n");
}

void
shell_add_zsh(struct strbuf *sb, bool texts)
{
	cleanup_strvec struct strvec nouns = STRVEC_INIT;

	commands_add_nouns(&nouns);
	strbuf_addstr(sb, head);
	add_global(sb, &nouns, texts);
	for (size_t i = 0; i < nouns.len; i++)
		add_noun(sb, nouns.v[i], texts);
	for (size_t i = 0; i < commands_count; i++)
		if (commands_completes(commands_all[i]))
			add_command(sb, commands_all[i], texts);
	add_dispatch(sb, &nouns);
	strbuf_addstr(sb, tail);
}
