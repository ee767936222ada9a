/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <errno.h>

#include "base/alloc.h"
#include "ui/format.h"

static const struct format_field fields[] = {
	{ "ID", "IMAGE ID" },
	{ "Repository", "REPOSITORY" },
	{ "Size", "SIZE" },
};

static const struct format_listing listing = {
	.fields = fields,
	.field_count = ARRAY_LEN(fields),
	.columns = "Repository|ID|Size",
	.raw = "repository: {{.Repository}}\nimage_id: {{.ID}}\n",
	.quiet = "ID",
};

static struct node *
make_rows(void)
{
	static const char text[] =
		"[{\"Repository\":\"debian\",\"ID\":\"aaaaaaaaaaaa\",\"Size\":\"77.9MB\"},"
		"{\"Repository\":\"a\\u001b[2J\\tb\",\"ID\":\"b\",\"Size\":\"<1B\"}]";
	struct node *rows = NULL;

	cr_assert(eq(int, node_parse_json(span_of(text), "rows", &rows, NULL),
		     0));
	return rows;
}

static char *
list(const char *format, bool is_quiet, bool no_heading)
{
	struct format_request request = { format, NULL, is_quiet, no_heading };
	cleanup_strbuf struct strbuf sb = STRBUF_INIT;
	cleanup_node struct node *rows = make_rows();
	struct err err = ERR_INIT;

	cr_expect(eq(int, format_rows(&listing, &request, rows, &sb, &err), 0),
		  "%s", err.text);
	return strbuf_take(&sb);
}

#define TABLE                                  \
	"REPOSITORY   IMAGE ID       SIZE\n"   \
	"debian       aaaaaaaaaaaa   77.9MB\n" \
	"a?[2J?b      b              <1B\n"

Test(ui_format, listings_print_as_docker_does)
{
	static const struct {
		const char *format;
		bool is_quiet;
		bool no_heading;
		const char *want;
	} cases[] = {
		{ NULL, false, false, TABLE },
		{ "table", false, false, TABLE },
		{ NULL, true, false, "aaaaaaaaaaaa\nb\n" },
		{ "table", true, false, "aaaaaaaaaaaa\nb\n" },
		{ NULL, false, true,
		  "debian    aaaaaaaaaaaa   77.9MB\n"
		  "a?[2J?b   b              <1B\n" },
		{ "{{.ID}}", false, false, "aaaaaaaaaaaa\nb\n" },
		{ "{{.Size}}", true, false, "77.9MB\n<1B\n" },
		{ "{{.ID}}\\t{{.Size}}", false, false,
		  "aaaaaaaaaaaa\t77.9MB\nb\t<1B\n" },
		{ "table {{.ID}}\\t{{.Size}}", false, false,
		  "IMAGE ID       SIZE\n"
		  "aaaaaaaaaaaa   77.9MB\n"
		  "b              <1B\n" },
		{ "raw", false, false,
		  "repository: debian\nimage_id: aaaaaaaaaaaa\n\n"
		  "repository: a\033[2J\tb\nimage_id: b\n\n" },
		{ "json", false, false,
		  "{\"ID\":\"aaaaaaaaaaaa\",\"Repository\":\"debian\",\"Size\":\"77.9MB\"}\n"
		  "{\"ID\":\"b\",\"Repository\":\"a\\u001b[2J\\tb\",\"Size\":\"<1B\"}\n" },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		cleanup_free char *out =
			list(cases[i].format, cases[i].is_quiet,
			     cases[i].no_heading);

		cr_expect(eq(str, out, (char *)cases[i].want), "case %zu", i);
	}
}

Test(ui_format, a_bad_template_prints_nothing)
{
	static const char *const cases[] = { "{{.ID", "{{.Nope}}",
					     "table {{.Nope}}" };

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct format_request request = { .format = cases[i] };
		cleanup_strbuf struct strbuf sb = STRBUF_INIT;
		cleanup_node struct node *rows = make_rows();
		struct err err = ERR_INIT;

		cr_expect(eq(int,
			     format_rows(&listing, &request, rows, &sb, &err),
			     -EINVAL),
			  "%s", cases[i]);
		cr_expect(eq(int,
			     strncmp(err.text, "template parsing error: ", 24),
			     0),
			  "%s", err.text);
		cr_expect(eq(sz, sb.len, 0));
	}
}

Test(ui_format, only_what_is_shown_needs_computing)
{
	static const struct {
		const char *format;
		const char *columns;
		bool is_quiet;
		bool want_size;
	} cases[] = {
		{ NULL, NULL, false, true },
		{ NULL, "ID", false, false },
		{ NULL, NULL, true, false },
		{ "json", NULL, false, true },
		{ "raw", NULL, false, false },
		{ "{{.ID}}", NULL, false, false },
		{ "{{.ID}} {{.Size}}", NULL, true, true },
		{ "{{.ID", NULL, false, true },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct format_request request = {
			.format = cases[i].format,
			.columns = cases[i].columns,
			.is_quiet = cases[i].is_quiet,
		};
		bool shown[ARRAY_LEN(fields)];

		format_shown(&listing, &request, shown);
		cr_expect(eq(int, shown[2], cases[i].want_size), "case %zu", i);
		cr_expect(shown[0]);
	}
}

static int
inspect(const char *format, struct strbuf *sb, struct err *err)
{
	static const char text[] =
		"[{\"Id\":\"x\",\"Config\":{\"Labels\":{\"a.b\":\"<c>\"},\"Cmd\":[]}}]";
	static const char *const maps[] = { "Labels", NULL };
	static const struct format_omitted omitted[] = {
		{ "Health", "Id", "null" },
		{ "Init", "Cmd", "false" },
		{ "Name", "Id", "" },
		{ "Tmpfs", "Cmd", TEMPLATE_NIL_MAP },
		{ NULL, NULL, NULL },
	};
	cleanup_node struct node *objects = NULL;

	cr_assert(eq(int, node_parse_json(span_of(text), "o", &objects, NULL),
		     0));
	return format_inspect(format, maps, omitted, objects, sb, err);
}

Test(ui_format, inspect_prints_an_array_or_a_line_for_each)
{
	static const struct {
		const char *format;
		const char *want;
	} cases[] = {
		{ NULL,
		  "[\n    {\n        \"Id\": \"x\",\n        \"Config\": {\n"
		  "            \"Labels\": {\n                \"a.b\": \"<c>\"\n"
		  "            },\n            \"Cmd\": []\n        }\n    }\n]\n" },
		{ "json",
		  "{\"Id\":\"x\",\"Config\":{\"Labels\":{\"a.b\":\"<c>\"},\"Cmd\":[]}}\n" },
		{ "{{index .Config.Labels \"a.b\"}}", "<c>\n" },
		{ "{{.Config.Labels.nope}}", "<no value>\n" },
		{ "{{json .Config.Cmd}}", "[]\n" },
		/* what may be left out is there all the same */
		{ "{{if .Health}}a{{else}}b{{end}}{{.Health}}", "b<nil>\n" },
		{ "[{{.Name}}] {{.Config.Init}} {{.Config.Tmpfs}}",
		  "[] false map[]\n" },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		cleanup_strbuf struct strbuf sb = STRBUF_INIT;
		struct err err = ERR_INIT;

		cr_expect(eq(int, inspect(cases[i].format, &sb, &err), 0), "%s",
			  err.text);
		cr_expect(eq(str, sb.buf, (char *)cases[i].want));
	}
}

Test(ui_format, inspect_refuses_a_field_that_is_not_there)
{
	cleanup_strbuf struct strbuf sb = STRBUF_INIT;
	struct err err = ERR_INIT;

	cr_expect(eq(int, inspect("{{.Config.Nope}}", &sb, &err), -EINVAL));
	cr_expect(
		eq(int, strncmp(err.text, "template parsing error: ", 24), 0));
	cr_expect(eq(sz, sb.len, 0));
	/* Of another object it would be a mistake. */
	cr_expect(eq(int, inspect("{{.Config.Health}}", &sb, NULL), -EINVAL));
}
