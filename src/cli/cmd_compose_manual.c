/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cli/cmd_compose_manual.c - dhow compose manual: the page compose(5).
 *
 * Its tables are those that files are checked by, so that they cannot tell
 * anything else.
 */
#include <string.h>

#include "base/alloc.h"
#include "base/text.h"
#include "cli/cmd_list.h"
#include "cli/compose_session.h"
#include "cli/say.h"
#include "compose/schema.h"

static const char head[] =
	".\\\" Made from the tables of src/compose by 'make docs'.\n"
	".TH COMPOSE 5 \"\" \"dhow " PACKAGE_VERSION "\" \"File formats\"\n"
	".SH NAME\n"
	"compose \\- what dhow makes of Compose files\n"
	".SH DESCRIPTION\n"
	".PP\n"
	"A Compose file describes a project: services, each one or more "
	"containers of an image, with networks, volumes, secrets and configs. "
	"The language is that of the Compose Specification; this page tells "
	"how far dhow goes with each key.\n"
	".PP\n"
	"Every mistake is told with its file, line and column, all of them in "
	"one go, before anything is changed. \\fBdhow compose config\\fR prints "
	"what the files amount to, \\fBdhow compose config \\-\\-explain "
	"NAME\\fR where a variable's value comes from, and \\fBdhow compose "
	"\\-\\-dry\\-run up \\-d\\fR what would be done, and why.\n"
	".SH WHOSE FILES\n"
	".PP\n"
	"Root in a container is you. When a service runs as another user and "
	"mounts a directory of yours that it may write to, that user is you: "
	"it reads and writes your files, and what it makes is yours.\n"
	".SH SECRETS AND CONFIGS\n"
	".PP\n"
	"A file is mounted read\\-only as it is. With \\fBmode\\fR, \\fBuid\\fR "
	"or \\fBgid\\fR, and for text from \\fBcontent\\fR or \\fBenvironment\\fR, "
	"a copy is: it belongs to root, and a \\fBuid\\fR or \\fBgid\\fR that is "
	"named gets its bits as everybody. \\fBdown\\fR removes the copies. An "
	"external secret is one of \\fBdhow secret\\fR. Configs have no "
	"store outside of projects, so external ones are refused.\n"
	".SH IN PRACTICE\n"
	".PP\n"
	".RS 4\n"
	".nf\n";

static const char after_session[] = ".fi\n"
				    ".RE\n";

static const char tail[] = ".SH SEE ALSO\n"
			   ".BR dhow\\-compose (1),\n"
			   ".BR dhow\\-compose\\-up (1),\n"
			   ".BR dhow\\-compose\\-config (1)\n";

/* What roff takes for more than text, or not every viewer can show. */
static const struct {
	const char *text, *roff;
} escapes[] = {
	{ "\\", "\\e" },     { "-", "\\-" },   { "'", "\\(aq" },
	{ "\n.", "\n\\&." }, { "✔", "\\(OK" }, { "…", "..." },
};

static void
add_literal(struct strbuf *sb, const char *text)
{
	while (*text) {
		const char *rest = NULL;

		for (size_t i = 0; !rest && i < ARRAY_LEN(escapes); i++) {
			rest = text_after(text, escapes[i].text);
			if (rest)
				strbuf_addstr(sb, escapes[i].roff);
		}
		if (!rest)
			strbuf_addch(sb, *text);
		text = rest ? rest : text + 1;
	}
}

static const char *
use_word(enum schema_use use)
{
	switch (use) {
	case USE_WORKS:
		return "works";
	case USE_DIFFERS:
		return "differs";
	case USE_IGNORED:
		return "ignored";
	case USE_REFUSED:
		return "refused";
	case USE_COUNT:
		break;
	}
	return "";
}

static void
add_table(struct strbuf *sb, const char *title, const struct schema_key *keys)
{
	strbuf_addf(sb, ".SH %s\n.TS\nlb lb lb\nl l lx.\nkey\tdhow\twhy\n",
		    title);
	for (; keys->name; keys++)
		strbuf_addf(sb, "%s\t%s\t%s\n", keys->name, use_word(keys->use),
			    keys->why ? keys->why : "");
	strbuf_addstr(sb, ".TE\n");
}

/* The tables below a key of a service. */
static void
add_nested(struct strbuf *sb, const char *title, const char *key)
{
	const struct schema_key *row = schema_find(schema_service_keys, key);

	if (row && row->schema->keys)
		add_table(sb, title, row->schema->keys);
}

static int
run(struct cmd_ctx *ctx)
{
	cleanup_strbuf struct strbuf sb = STRBUF_INIT;

	strbuf_addstr(&sb, "'\\\" t\n");
	strbuf_addstr(&sb, head);
	add_literal(&sb, compose_session);
	strbuf_addstr(&sb, after_session);
	add_table(&sb, "TOP LEVEL", schema_file_keys);
	add_table(&sb, "SERVICES", schema_service_keys);
	add_nested(&sb, "BUILD", "build");
	add_nested(&sb, "DEPLOY", "deploy");
	strbuf_addstr(&sb, tail);
	say_text(&sb);
	return 0;
}

const struct cmd cmd_compose_manual = {
	.path = "compose manual",
	.summary = "print the page compose(5)",
	.hidden = true,
	.run = run,
};
