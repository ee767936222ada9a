/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <errno.h>

#include "base/alloc.h"
#include "data/template.h"

struct parse_failure {
	const char *text, *want, *hint;
};

static const struct parse_failure failures[] = {
	{ "{{$a, $b := .Tags}}", "template:1:3: two variables only in range",
	  "" },
	{ "{{range $a, $b .Tags}}{{end}}",
	  "template:1:16: unexpected '.Tags', expected ':='", "" },
	{ "{{if 1}}{{define \"x\"}}{{end}}{{end}}",
	  "template:1:18: {{define}} within a block", "" },
	{ "{{template x}}",
	  "template:1:12: unexpected 'x', expected a template's name "
	  "in quotes",
	  "" },
	{ "{{else}}",
	  "template:1:1: unexpected '{{', expected no "
	  "'{{end}}' or '{{else}}' here",
	  "" },
	{ "{{if 1}}{{else 1}}{{end}}",
	  "template:1:16: unexpected '1', expected '}}'", "" },
	{ "{{'ab'}}", "template:1:3: bad character constant", "" },
	{ "{{/* x */ y}}", "template:1:11: comment ends before '}}'", "" },
	{ "{{0x}}", "template:1:3: bad number '0x'", "" },
	{ "{{0b12}}", "template:1:3: bad number '0b12'", "" },
	{ "{{1e999}}", "template:1:3: bad number '1e999'", "" },
	{ "{{\"x\".A}}", "template:1:6: unexpected '.A', expected a blank",
	  "" },
	{ "{{titel .}}", "template:1:3: function 'titel' is not defined",
	  "did you mean 'title'? fields start with a dot" },
	{ "{{Name}}", "template:1:3: function 'Name' is not defined",
	  "fields start with a dot: {{.Name}}" },
	{ "{{$x}}", "template:1:3: variable '$x' is not defined", "" },
	{ "{{$x = 1}}", "template:1:3: variable '$x' is not defined", "" },
	{ "{{if true}}{{$x := 1}}{{end}}{{$x}}",
	  "template:1:32: variable '$x' is not defined", "" },
	{ "{{", "template:1:3: unclosed action", "" },
	{ "{{.ID", "template:1:6: unclosed action", "" },
	{ "{{/* x", "template:1:3: unclosed comment", "" },
	{ "{{\"x}}", "template:1:3: unclosed string", "" },
	{ "{{}}", "template:1:3: unexpected '}}', expected a value", "" },
	{ "{{.ID | }}",
	  "template:1:9: unexpected '}}', expected a "
	  "value",
	  "" },
	{ "{{if true}}",
	  "template:1:12: unexpected end, expected "
	  "'{{end}}'",
	  "" },
	{ "{{end}}",
	  "template:1:1: unexpected '{{', expected no "
	  "'{{end}}' or '{{else}}' here",
	  "" },
	{ "{{break}}", "template:1:1: {{break}} outside range", "" },
	{ "{{template \"T\"}}", "template:1:1: template 'T' is not defined",
	  "" },
	{ "{{nil}}", "template:1:3: nil is not a command", "" },
	{ "{{1 | 2}}",
	  "template:1:7: after '|' a function is "
	  "expected",
	  "" },
	{ "{{.ID!}}", "template:1:6: unexpected '!' in an action", "" },
	{ "{{1x}}", "template:1:3: bad number '1x'", "" },
	{ "{{.ID\"x\"}}",
	  "template:1:6: unexpected '\"x\"', expected "
	  "a blank",
	  "" },
	{ "{{\"a\\q\"}}", "template:1:3: bad escape in a string", "" },
};

Test(data_template_parse, failures_say_where_and_what)
{
	for (size_t i = 0; i < ARRAY_LEN(failures); i++) {
		const struct parse_failure *f = &failures[i];
		struct template *tmpl = NULL;
		struct err err = ERR_INIT;

		cr_expect(eq(int, template_parse(f->text, &tmpl, &err),
			     -EINVAL),
			  "%s", f->text);
		cr_expect(eq(str, err.text, (char *)f->want), "%s", f->text);
		cr_expect(eq(str, err.hint, (char *)f->hint), "%s", f->text);
	}
}

Test(data_template_parse, nesting_ends_at_its_limit)
{
	cleanup_strbuf struct strbuf text = STRBUF_INIT;
	struct template *tmpl = NULL;

	strbuf_addstr(&text, "{{");
	strbuf_pad(&text, '(', 100000);
	strbuf_addstr(&text, "}}");
	cr_expect(eq(int, template_parse(text.buf, &tmpl, NULL), -EINVAL));
	strbuf_reset(&text);
	for (int i = 0; i < 100000; i++)
		strbuf_addstr(&text, "{{if 1}}");
	cr_expect(eq(int, template_parse(text.buf, &tmpl, NULL), -EINVAL));
}

Test(data_template_parse, a_template_knows_the_fields_it_uses)
{
	cleanup_with(template_free) struct template *tmpl = NULL;

	cr_assert(zero(int, template_parse("{{if .A.B}}{{(len $.C)}}{{end}}",
					   &tmpl, NULL)));
	cr_expect(template_uses(tmpl, "A"));
	cr_expect(template_uses(tmpl, "B"));
	cr_expect(template_uses(tmpl, "C"));
	cr_expect(not(template_uses(tmpl, "len")));
}
