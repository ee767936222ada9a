/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cli/shell_bash.c - the completion script for bash.
 *
 * The table becomes functions that set rows of "WORD<tab>KIND<tab>TEXT"; KIND
 * is "-" for a flag without a value, else "=" and what may follow.
 */
#include <string.h>

#include "cli/commands.h"
#include "cli/help.h"
#include "cli/shell.h"

static const char head[] =
	"# bash completion for dhow, made by 'dhow completion bash'\n"
	"\n"
	"# The words up to the cursor, whole: readline cuts them at : and =.\n"
	"_dhow_join() {\n"
	"	local rest=$COMP_LINE word i\n"
	"	argv=()\n"
	"	for ((i = 0; i <= COMP_CWORD; i++)); do\n"
	"		word=${COMP_WORDS[i]}\n"
	"		if ((i == 0)) || [[ $rest == [[:space:]]* ]]; then\n"
	"			argv+=(\"$word\")\n"
	"		else\n"
	"			argv[${#argv[@]} - 1]+=$word\n"
	"		fi\n"
	"		rest=\"${rest#\"${rest%%[![:space:]]*}\"}\"\n"
	"		rest=${rest#\"$word\"}\n"
	"	done\n"
	"	cur=${argv[${#argv[@]} - 1]}\n"
	"}\n"
	"\n"
	"# The KIND of the flag $1: of -it, that of the letter whose value is next.\n"
	"_dhow_kind() {\n"
	"	local word=$1 rest\n"
	"	kind=-\n"
	"	if [[ $word != --* ]]; then\n"
	"		while ((${#word} > 2)); do\n"
	"			_dhow_kind \"${word:0:2}\"\n"
	"			[[ $kind == =* ]] && kind=- && return\n"
	"			word=-${word:2}\n"
	"		done\n"
	"	fi\n"
	"	[[ $rows == *$'\\n'\"$word\"$'\\t'* ]] || return\n"
	"	rest=${rows#*$'\\n'\"$word\"$'\\t'}\n"
	"	kind=${rest%%$'\\t'*}\n"
	"}\n"
	"\n"
	"# Over flags and operands from $at on; sets want, operands and ended.\n"
	"_dhow_walk() {\n"
	"	local word kind\n"
	"	want= operands=0 ended=\n"
	"	while ((at < ${#argv[@]} - 1)); do\n"
	"		word=${argv[at]}\n"
	"		if [[ -n $ended || $word != -?* ]]; then\n"
	"			operands=$((operands + 1))\n"
	"			((stop)) && return\n"
	"			at=$((at + 1))\n"
	"			continue\n"
	"		fi\n"
	"		at=$((at + 1))\n"
	"		[[ $word == -- ]] && ended=1\n"
	"		[[ $word == -- || $word == *=* ]] && continue\n"
	"		_dhow_kind \"$word\"\n"
	"		[[ $kind == =* ]] || continue\n"
	"		((at == ${#argv[@]} - 1)) && want=$kind && return\n"
	"		at=$((at + 1))\n"
	"	done\n"
	"}\n"
	"\n"
	"# Rows that begin with $1, with their texts where they are only shown.\n"
	"_dhow_choose() {\n"
	"	local line width=0 word\n"
	"	COMPREPLY=()\n"
	"	while IFS= read -r line; do\n"
	"		[[ -n $line && $line == \"$1\"* ]] || continue\n"
	"		COMPREPLY+=(\"$line\")\n"
	"		word=${line%%$'\\t'*}\n"
	"		((${#word} > width)) && width=${#word}\n"
	"	done <<<\"$rows\"\n"
	"	local i shown=0\n"
	"	[[ ${#COMPREPLY[@]} -gt 1 && $COMP_TYPE =~ ^(33|63|64)$ ]] && shown=1\n"
	"	for i in \"${!COMPREPLY[@]}\"; do\n"
	"		line=${COMPREPLY[i]}\n"
	"		word=${line%%$'\\t'*}\n"
	"		line=${line##*$'\\t'}\n"
	"		if ((shown)) && [[ -n $line ]]; then\n"
	"			printf -v word '%-*s  (%s)' \"$width\" \"$word\" \"$line\"\n"
	"			word=${word:0:${COLUMNS:-80}-2}\n"
	"		fi\n"
	"		COMPREPLY[i]=$word\n"
	"	done\n"
	"}\n"
	"\n"
	"# Names from the store; their texts are not shown.\n"
	"_dhow_ask() {\n"
	"	mapfile -t COMPREPLY < <(\"${COMP_WORDS[0]}\" __complete \"$1\" \"$2\" 2>/dev/null)\n"
	"	COMPREPLY=(\"${COMPREPLY[@]%%$'\\t'*}\")\n"
	"}\n"
	"\n"
	"# What may stand for $2, by its KIND $1.\n"
	"_dhow_offer() {\n"
	"	case $1 in\n"
	"	'') ;;\n"
	"	file | dir | volume)\n"
	"		if [[ $1 == volume && $2 != [./~]* ]]; then\n"
	"			_dhow_ask volume \"$2\"\n"
	"			return\n"
	"		fi\n"
	"		local how=-f\n"
	"		[[ $1 == dir ]] && how=-d\n"
	"		compopt -o filenames 2>/dev/null\n"
	"		mapfile -t COMPREPLY < <(compgen \"$how\" -- \"$2\")\n"
	"		;;\n"
	"	container | image | network | object) _dhow_ask \"$1\" \"$2\" ;;\n";

static const char middle[] =
	"	*) mapfile -t COMPREPLY < <(compgen -W \"${1//|/ }\" -- \"$2\") ;;\n"
	"	esac\n"
	"}\n"
	"\n"
	"# readline replaces what follows the last : or =.\n"
	"_dhow_trim() {\n"
	"	local head= i\n"
	"	[[ $cur == *:* && $COMP_WORDBREAKS == *:* ]] && head=${1%\"${1##*:}\"}\n"
	"	[[ -n $head ]] || return\n"
	"	for i in \"${!COMPREPLY[@]}\"; do\n"
	"		COMPREPLY[i]=${COMPREPLY[i]#\"$head\"}\n"
	"	done\n"
	"}\n"
	"\n"
	"# The value of $cur, which is --flag=VALUE.\n"
	"_dhow_offer_inline() {\n"
	"	local value=${cur#*=} kind i\n"
	"	_dhow_kind \"${cur%%=*}\"\n"
	"	[[ $kind == =* ]] || return\n"
	"	_dhow_offer \"${kind#=}\" \"$value\"\n"
	"	_dhow_trim \"$value\"\n"
	"	[[ $COMP_WORDBREAKS == *=* ]] && return\n"
	"	for i in \"${!COMPREPLY[@]}\"; do\n"
	"		COMPREPLY[i]=${cur%%=*}=${COMPREPLY[i]}\n"
	"	done\n"
	"}\n"
	"\n"
	"_dhow() {\n"
	"	local argv cur at=1 rows want operands ended stop=1 operand= path\n"
	"	COMPREPLY=()\n"
	"	_dhow_join\n"
	"	_dhow_global\n"
	"	_dhow_walk\n"
	"	if [[ -z $want && $operands -gt 0 ]]; then\n"
	"		path=${argv[at]}\n"
	"		at=$((at + 1))\n"
	"		if _dhow_verbs \"$path\"; then\n"
	"			if ((at == ${#argv[@]} - 1)); then\n"
	"				_dhow_choose \"$cur\"\n"
	"				return\n"
	"			fi\n"
	"			path=\"$path ${argv[at]}\"\n"
	"			at=$((at + 1))\n"
	"		fi\n"
	"		_dhow_command \"$path\" || return\n"
	"		_dhow_walk\n"
	"		if [[ -z $want ]] && ((stop && operands)); then\n"
	"			compopt -o default 2>/dev/null\n"
	"			return\n"
	"		fi\n"
	"	elif [[ -z $want && $cur != -* ]]; then\n"
	"		_dhow_commands\n"
	"		_dhow_choose \"$cur\"\n"
	"		return\n"
	"	fi\n"
	"	if [[ -n $want ]]; then\n"
	"		_dhow_offer \"${want#=}\" \"$cur\"\n"
	"		_dhow_trim \"$cur\"\n"
	"	elif [[ -z $ended && $cur == --*=* ]]; then\n"
	"		_dhow_offer_inline\n"
	"	elif [[ -z $ended && $cur == -* ]]; then\n"
	"		_dhow_choose \"$cur\"\n"
	"	elif [[ $operand == command ]]; then\n"
	"		_dhow_commands\n"
	"		_dhow_choose \"$cur\"\n"
	"	else\n"
	"		_dhow_offer \"$operand\" \"$cur\"\n"
	"		_dhow_trim \"$cur\"\n"
	"	fi\n"
	"}\n"
	"\n"
	"complete -F _dhow dhow\n";

static void
add_row(struct strbuf *rows, const char *word, const struct flag *flag,
	const char *text)
{
	strbuf_addf(rows, "%s\t", word);
	if (!flag || !flag_takes_value(flag))
		strbuf_addch(rows, '-');
	else if (flag->values)
		strbuf_addf(rows, "=%s", flag->values);
	else
		strbuf_addf(rows, "=%s", shell_offer_name(flag->offer));
	strbuf_addf(rows, "\t%s\n", text);
}

static void
add_flag_rows(struct strbuf *rows, const struct cmd *cmd, bool texts)
{
	for (size_t i = 0; i < cmd->flag_count; i++) {
		const struct flag *flag = &cmd->flags[i];
		const struct flag *value =
			flag_resolve(cmd->flags, cmd->flag_count, flag);
		cleanup_strbuf struct strbuf word = STRBUF_INIT;

		if (flag->hidden)
			continue;
		strbuf_addf(&word, "--%s", flag->name);
		add_row(rows, word.buf, value,
			texts ? shell_flag_text(value) : "");
		if (!flag->letter)
			continue;
		strbuf_reset(&word);
		strbuf_addf(&word, "-%c", flag->letter);
		add_row(rows, word.buf, value,
			texts ? shell_flag_text(value) : "");
	}
	add_row(rows, "--help", NULL, texts ? "explain this command" : "");
}

/* Rows begin with a newline, so that each has one on both sides. */
static void
add_rows(struct strbuf *sb, const struct strbuf *rows)
{
	strbuf_addstr(sb, "	rows=$'\\n'");
	shell_add_quoted(sb, rows->buf);
	strbuf_addch(sb, '\n');
}

static void
add_command(struct strbuf *sb, const struct cmd *cmd, bool texts)
{
	cleanup_strbuf struct strbuf rows = STRBUF_INIT;
	struct span rest = span_of(cmd->aliases ?: ""), alias;

	strbuf_addf(sb, "	'%s'", cmd->path);
	while (span_next(&rest, '|', &alias))
		strbuf_addf(sb, " | '%.*s'", (int)alias.len, alias.ptr);
	strbuf_addf(sb, ")\n	stop=%d operand=%s\n", cmd->stop_at_operand,
		    shell_offer_name(cmd->offer));
	add_flag_rows(&rows, cmd, texts);
	add_rows(sb, &rows);
	strbuf_addstr(sb, "	;;\n");
}

static void
add_commands(struct strbuf *sb, bool texts)
{
	strbuf_addstr(sb, "_dhow_command() {\n	case $1 in\n");
	for (size_t i = 0; i < commands_count; i++)
		if (commands_completes(commands_all[i]))
			add_command(sb, commands_all[i], texts);
	strbuf_addstr(sb, "	*) return 1 ;;\n	esac\n}\n\n");
}

static void
add_command_rows(struct strbuf *sb, const struct strvec *nouns, bool texts)
{
	cleanup_strbuf struct strbuf rows = STRBUF_INIT;

	for (size_t i = 0; i < commands_count; i++)
		if (commands_completes(commands_all[i]) &&
		    !strchr(commands_all[i]->path, ' '))
			add_row(&rows, commands_all[i]->path, NULL,
				texts ? commands_all[i]->summary : "");
	for (size_t i = 0; i < nouns->len; i++)
		add_row(&rows, nouns->v[i], NULL,
			texts ? "commands of this kind" : "");
	strbuf_addstr(sb, "_dhow_commands() {\n");
	add_rows(sb, &rows);
	strbuf_addstr(sb, "}\n\n");
}

static void
add_verbs(struct strbuf *sb, const struct strvec *nouns, bool texts)
{
	strbuf_addstr(sb, "_dhow_verbs() {\n	case $1 in\n");
	for (size_t i = 0; i < nouns->len; i++) {
		cleanup_strbuf struct strbuf rows = STRBUF_INIT;
		struct span verb;

		for (size_t k = 0; k < commands_count; k++) {
			cleanup_free char *word = NULL;

			if (!commands_completes(commands_all[k]) ||
			    !commands_verb(commands_all[k], nouns->v[i], &verb))
				continue;
			word = span_dup(verb);
			add_row(&rows, word, NULL,
				texts ? commands_all[k]->summary : "");
		}
		strbuf_addf(sb, "	%s)\n", nouns->v[i]);
		add_rows(sb, &rows);
		strbuf_addstr(sb, "	;;\n");
	}
	strbuf_addstr(sb, "	*) return 1 ;;\n	esac\n}\n\n");
}

static void
add_words(struct strbuf *sb)
{
	for (int offer = 0; offer < OFFER_COUNT; offer++)
		if (shell_offer_words(offer))
			strbuf_addf(
				sb,
				"	%s) mapfile -t COMPREPLY < <(compgen -W '%s' -- \"$2\") ;;\n",
				shell_offer_name(offer),
				shell_offer_words(offer));
}

void
shell_add_bash(struct strbuf *sb, bool texts)
{
	cleanup_strbuf struct strbuf rows = STRBUF_INIT;
	cleanup_strvec struct strvec nouns = STRVEC_INIT;

	commands_add_nouns(&nouns);
	strbuf_addstr(sb, head);
	add_words(sb);
	strbuf_addstr(sb, middle);
	strbuf_addstr(sb, "\n_dhow_global() {\n");
	add_flag_rows(&rows, &commands_global, texts);
	add_rows(sb, &rows);
	strbuf_addstr(sb, "}\n\n");
	add_command_rows(sb, &nouns, texts);
	add_verbs(sb, &nouns, texts);
	add_commands(sb, texts);
}
