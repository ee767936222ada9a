/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cli/man.c - manual pages, made from the command table.
 *
 * What every command shares (exit status, files, environment) is written
 * here once and printed in dhow(1). Macros: man(7).
 */
#include "cli/man.h"

#include <string.h>

#include "base/alloc.h"
#include "cli/commands.h"
#include "cli/help.h"

struct entry {
	const char *term;
	const char *text;
};

static const struct entry statuses[] = {
	{ "0", "success" },
	{ "1",
	  "failure: what was named is missing or in use, or the command got too few or too many arguments" },
	{ "125",
	  "a flag is unknown, refused or has a bad value; of run: nothing was started" },
	{ "130", "stopped by the user" },
};

static const struct entry files[] = {
	{ "$XDG_DATA_HOME/dhow",
	  "images, containers and volumes, an OCI image layout (default ~/.local/share/dhow)" },
	{ "$XDG_CACHE_HOME/dhow",
	  "compiled filters and what was downloaded in part (default ~/.cache/dhow); may be removed" },
	{ "$XDG_RUNTIME_DIR/dhow",
	  "the state of running containers; without that variable a private directory below /tmp" },
	{ "~/.docker/config.json", "credentials of registries" },
	{ "~/.config/containers/registries.conf",
	  "mirrors, short names and registries without HTTPS; else /etc/containers/registries.conf" },
	{ "/etc/cdi, /var/run/cdi, ~/.config/dhow/cdi",
	  "descriptions of devices (CDI) for --device VENDOR/CLASS=NAME and --gpus" },
	{ "/etc/subuid, /etc/subgid",
	  "the ids that containers may use beside your own" },
};

static const struct entry variables[] = {
	{ "DOCKER_AUTH_CONFIG", "credentials as JSON, before any file" },
	{ "DOCKER_CONFIG",
	  "directory of config.json; --config comes before it" },
	{ "DOCKER_DEFAULT_PLATFORM",
	  "the platform where --platform is not given" },
	{ "DOCKER_HOST, DOCKER_CONTEXT, CONTAINER_HOST",
	  "ignored with a warning: there is no daemon" },
	{ "HTTP_PROXY, HTTPS_PROXY, ALL_PROXY, NO_PROXY",
	  "the way to registries, in upper or lower case" },
	{ "REGISTRY_AUTH_FILE",
	  "a file of credentials; --authfile comes before it" },
	{ "TERM, NO_COLOR",
	  "progress is drawn in place unless TERM is dumb; no colours are used" },
	{ "TMPDIR", "where large temporary files go" },
	{ "XDG_DATA_HOME, XDG_CACHE_HOME, XDG_RUNTIME_DIR", "see FILES" },
};

/* Text that troff prints as it is; a line of it never begins a request. */
static void
add_text(struct strbuf *sb, const char *text)
{
	for (bool at_start = true; *text; text++) {
		if (at_start && (*text == '.' || *text == '\''))
			strbuf_addstr(sb, "\\&");
		if (*text == '\\')
			strbuf_addstr(sb, "\\e");
		else if (*text == '-')
			strbuf_addstr(sb, "\\-");
		else
			strbuf_addch(sb, *text);
		at_start = *text == '\n';
	}
}

/* Paragraphs are separated by an empty line. */
static void
add_paragraphs(struct strbuf *sb, const char *text)
{
	for (;;) {
		const char *end = strstr(text, "\n\n");
		cleanup_free char *part =
			end ? xstrndup(text, (size_t)(end - text))
			    : xstrdup(text);

		strbuf_addstr(sb, ".PP\n");
		add_text(sb, part);
		strbuf_addch(sb, '\n');
		if (!end)
			return;
		text = end + 2;
	}
}

static void
add_entries(struct strbuf *sb, const char *heading, const struct entry *entries,
	    size_t count)
{
	strbuf_addf(sb, ".SH %s\n", heading);
	for (size_t i = 0; i < count; i++) {
		strbuf_addstr(sb, ".TP\n.B ");
		add_text(sb, entries[i].term);
		strbuf_addch(sb, '\n');
		add_text(sb, entries[i].text);
		strbuf_addch(sb, '\n');
	}
}

static void
add_flag(struct strbuf *sb, const struct flag *flag)
{
	cleanup_strbuf struct strbuf text = STRBUF_INIT;

	strbuf_addstr(sb, ".TP\n");
	if (flag->letter)
		strbuf_addf(sb, "\\fB\\-%c\\fR, ", flag->letter);
	strbuf_addstr(sb, "\\fB\\-\\-");
	add_text(sb, flag->name);
	strbuf_addstr(sb, "\\fR");
	if (flag_takes_value(flag) && flag->kind != FLAG_ALIAS) {
		strbuf_addstr(sb, flag->bare ? "[=\\fI" : " \\fI");
		add_text(sb, help_meta(flag));
		strbuf_addstr(sb, flag->bare ? "\\fR]" : "\\fR");
	}
	strbuf_addch(sb, '\n');
	help_add_text(&text, flag);
	if (flag_is_list(flag))
		strbuf_addstr(&text, "; may be given again");
	add_text(sb, text.buf);
	strbuf_addch(sb, '\n');
}

static void
add_options(struct strbuf *sb, const struct cmd *cmd)
{
	bool headed = false;

	for (int section = 0; section < SECTION_COUNT; section++) {
		bool sub_headed = section == SECTION_OPTIONS;

		for (size_t i = 0; i < cmd->flag_count; i++) {
			const struct flag *flag = &cmd->flags[i];

			if (flag->hidden || flag->section != section)
				continue;
			if (!headed)
				strbuf_addstr(sb, ".SH OPTIONS\n");
			if (!sub_headed)
				strbuf_addf(sb, ".SS %s\n",
					    help_section(section));
			headed = sub_headed = true;
			add_flag(sb, flag);
		}
	}
}

static void
add_examples(struct strbuf *sb, const struct cmd *cmd)
{
	if (!cmd->example_count)
		return;
	strbuf_addstr(sb, ".SH EXAMPLES\n");
	for (size_t i = 0; i < cmd->example_count; i++) {
		strbuf_addstr(sb, ".PP\nTo ");
		add_text(sb, cmd->examples[i].does);
		strbuf_addstr(sb, ":\n.PP\n.RS 4\n.nf\n");
		add_text(sb, cmd->examples[i].line);
		strbuf_addstr(sb, "\n.fi\n.RE\n");
	}
}

/* "dhow-image-inspect", "dhow" */
static void
add_page_name(struct strbuf *sb, const char *path)
{
	strbuf_addstr(sb, path[0] ? "dhow-" : "dhow");
	for (; *path; path++)
		strbuf_addch(sb, *path == ' ' ? '-' : *path);
}

static void
add_head(struct strbuf *sb, const struct cmd *cmd)
{
	cleanup_strbuf struct strbuf name = STRBUF_INIT;
	cleanup_strbuf struct strbuf usage = STRBUF_INIT;

	add_page_name(&name, cmd->path);
	strbuf_addstr(sb, ".\\\" Made from the command table by 'make docs'.\n"
			  ".TH ");
	for (const char *p = name.buf; *p; p++)
		strbuf_addch(sb, *p >= 'a' && *p <= 'z' ? *p - 'a' + 'A' : *p);
	strbuf_addf(sb, " 1 \"\" \"dhow %s\" \"User commands\"\n.SH NAME\n",
		    PACKAGE_VERSION);
	add_text(sb, name.buf);
	strbuf_addstr(sb, " \\- ");
	add_text(sb, cmd->summary);
	help_add_usage(&usage, cmd);
	strbuf_addstr(sb, "\n.SH SYNOPSIS\n");
	add_text(sb, usage.buf);
	strbuf_addch(sb, '\n');
}

static void
add_description(struct strbuf *sb, const struct cmd *cmd)
{
	struct span rest = span_of(cmd->aliases ?: ""), alias;

	if (!cmd->about && !cmd->aliases)
		return;
	strbuf_addstr(sb, ".SH DESCRIPTION\n");
	if (cmd->about)
		add_paragraphs(sb, cmd->about);
	if (!cmd->aliases)
		return;
	strbuf_addstr(sb, ".PP\nIt may also be written");
	for (const char *glue = " "; span_next(&rest, '|', &alias);
	     glue = ", ") {
		cleanup_free char *name = span_dup(alias);

		strbuf_addf(sb, "%s\\fBdhow ", glue);
		add_text(sb, name);
		strbuf_addstr(sb, "\\fR");
	}
	strbuf_addstr(sb, ".\n");
}

static void
add_commands(struct strbuf *sb)
{
	strbuf_addstr(sb, ".SH COMMANDS\n");
	for (size_t i = 0; i < commands_count; i++) {
		const struct cmd *cmd = commands_all[i];
		cleanup_strbuf struct strbuf name = STRBUF_INIT;

		if (cmd->hidden)
			continue;
		add_page_name(&name, cmd->path);
		strbuf_addstr(sb, ".TP\n.BR ");
		add_text(sb, name.buf);
		strbuf_addstr(sb, " (1)\n");
		add_text(sb, cmd->summary);
		strbuf_addch(sb, '\n');
	}
}

void
man_add(struct strbuf *sb, const struct cmd *cmd)
{
	add_head(sb, cmd);
	add_description(sb, cmd);
	if (cmd == &commands_global)
		add_commands(sb);
	add_options(sb, cmd);
	if (cmd == &commands_global) {
		add_entries(sb, "EXIT STATUS", statuses, ARRAY_LEN(statuses));
		add_entries(sb, "FILES", files, ARRAY_LEN(files));
		add_entries(sb, "ENVIRONMENT", variables, ARRAY_LEN(variables));
		return;
	}
	strbuf_addstr(sb, ".SH EXIT STATUS\n");
	add_paragraphs(sb, cmd->exits ?: "As described in dhow(1).");
	add_examples(sb, cmd);
	strbuf_addstr(sb, ".SH SEE ALSO\n.BR dhow (1)\n");
}
