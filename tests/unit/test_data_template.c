/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <errno.h>

#include "base/alloc.h"
#include "data/template.h"

static const char container_json[] =
	"{\"ID\":\"0123456789ab\",\"Name\":\"/web\",\"Count\":3,"
	"\"Share\":0.25,\"On\":true,\"Off\":false,\"Empty\":\"\","
	"\"Zero\":0,\"None\":null,\"Tags\":[\"a\",\"b\",\"c\"],"
	"\"Void\":[],\"Config\":{\"Labels\":{\"z\":\"26\",\"com.x\":\"1\"},"
	"\"Env\":[\"A=1\",\"B=2\"],\"Image\":\"debian\"},"
	"\"IPAM\":{\"Config\":[{\"Subnet\":\"10.0.0.0/8\"}]},"
	"\"Ports\":{\"80/tcp\":[{\"HostPort\":\"8080\"}]}}";

static const char *const container_maps[] = { "Labels", "Ports", NULL };

/* A method "Label" and a computed field "Size". */
static int
container_method(void *arg, const struct node *receiver, const char *name,
		 const struct node *const *args, size_t arg_count,
		 struct node **ret_value, struct err *err)
{
	const struct node *labels =
		node_get(node_get(receiver, "Config"), "Labels");

	if (!strcmp(name, "Size") && !arg_count) {
		*ret_value = node_new_str("12B");
		return 0;
	}
	if (strcmp(name, "Label") != 0)
		return -ENOENT;
	if (arg_count != 1)
		return err_set(err, EINVAL, "Label needs a key");
	*ret_value = node_new_str(
		node_str_or(node_get(labels, node_str_or(args[0], "")), ""));
	return 0;
}

static int
run_on(const char *json, const char *text, const struct template_opts *opts,
       struct strbuf *out, struct err *err)
{
	cleanup_with(template_free) struct template *tmpl = NULL;
	cleanup_node struct node *root = NULL;
	int r = node_parse_json(span_of(json), "t", &root, err);

	cr_assert(zero(int, r), "%s", err->text);
	r = template_parse(text, &tmpl, err);
	if (r < 0)
		return r;
	return template_exec(tmpl, root, opts, out, err);
}

static const struct template_opts typed = {
	.is_typed = true,
	.map_fields = container_maps,
	.method = container_method,
};

struct template_case {
	const char *text, *want;
};

static void
expect_all(const struct template_case *cases, size_t count,
	   const struct template_opts *opts)
{
	for (size_t i = 0; i < count; i++) {
		cleanup_strbuf struct strbuf out = STRBUF_INIT;
		struct err err = ERR_INIT;
		int r = run_on(container_json, cases[i].text, opts, &out, &err);

		cr_expect(zero(int, r), "%s: %s", cases[i].text, err.text);
		cr_expect(eq(str, out.buf, (char *)cases[i].want), "%s",
			  cases[i].text);
	}
}

Test(data_template, text_fields_and_trimming)
{
	static const struct template_case cases[] = {
		{ "plain", "plain" },
		{ "", "" },
		{ "{{.ID}}", "0123456789ab" },
		{ "{{ .Config.Image }}", "debian" },
		{ "a {{.Name}} b", "a /web b" },
		{ "a {{- .Name -}} b", "a/webb" },
		{ "a \n {{- .Name}}", "a/web" },
		{ "{{.Name -}} \n\t b", "/webb" },
		{ "x{{/* a comment */}}y", "xy" },
		{ "x {{- /* a }} comment */ -}} y", "xy" },
		{ "{{\"}}\"}}", "}}" },
		{ "{{(.Config).Image}}", "debian" },
		{ "{{(index .IPAM.Config 0).Subnet}}", "10.0.0.0/8" },
		{ "{{\n.Name\n}}{{$.Name}}", "/web/web" },
		{ "}} {", "}} {" },
	};

	expect_all(cases, ARRAY_LEN(cases), &typed);
}

Test(data_template, values_print_as_go_prints_them)
{
	static const struct template_case cases[] = {
		{ "{{.Count}} {{.Share}} {{.On}} {{.None}}",
		  "3 0.25 true <nil>" },
		{ "{{.Tags}}{{.Void}}", "[a b c][]" },
		{ "{{.Config.Labels}}", "map[com.x:1 z:26]" },
		{ "{{.Config.Labels.nope}}", "<no value>" },
		{ "{{.Ports}}", "map[80/tcp:[map[HostPort:8080]]]" },
		{ "{{1}} {{-2}} {{0x1F}} {{0o17}} {{017}} {{0b11}} {{1_000}}",
		  "1 -2 31 15 15 3 1000" },
		{ "{{1.5}} {{1e3}} {{1e6}} {{123456.0}} {{1234567.5}} "
		  "{{0.0001}} {{0.00001}}",
		  "1.5 1000 1e+06 123456 1.2345675e+06 0.0001 1e-05" },
		{ "{{'a'}} {{'\\n'}} {{true}} {{false}}", "97 10 true false" },
		{ "{{\"a\\tb\\x41\\u00e9\\101\"}}", "a\tbA\xc3\xa9"
						    "A" },
		{ "{{`raw\\n`}}", "raw\\n" },
		{ "{{print nil}}", "<nil>" },
	};

	expect_all(cases, ARRAY_LEN(cases), &typed);
}

Test(data_template, branches_follow_go_truth)
{
	static const struct template_case cases[] = {
		{ "{{if .On}}y{{else}}n{{end}}", "y" },
		{ "{{if .Off}}y{{else}}n{{end}}", "n" },
		{ "{{if .Off}}y{{end}}", "" },
		{ "{{if .Empty}}y{{else if .Zero}}z{{else}}n{{end}}", "n" },
		{ "{{if .Void}}y{{else if .Count}}z{{else}}n{{end}}", "z" },
		{ "{{if .None}}y{{else}}n{{end}}", "n" },
		{ "{{if .Config}}y{{end}}", "y" },
		{ "{{if .Config.Labels.nope}}y{{else}}n{{end}}", "n" },
		{ "{{with .Config}}{{.Image}}{{end}}", "debian" },
		{ "{{with .None}}{{.}}{{else}}none{{end}}", "none" },
		{ "{{with .None}}a{{else with .Name}}{{.}}{{end}}", "/web" },
		{ "{{with $x := .Count}}{{$x}}{{.}}{{end}}", "33" },
		{ "{{if $x := .Count}}{{$x}}{{end}}", "3" },
		{ "{{if not .Off}}y{{end}}", "y" },
	};

	expect_all(cases, ARRAY_LEN(cases), &typed);
}

Test(data_template, ranges_walk_lists_maps_and_numbers)
{
	static const struct template_case cases[] = {
		{ "{{range .Tags}}<{{.}}>{{end}}", "<a><b><c>" },
		{ "{{range $t := .Tags}}{{$t}}{{$.Count}}{{end}}", "a3b3c3" },
		{ "{{range $i, $t := .Tags}}{{$i}}{{$t}}{{end}}", "0a1b2c" },
		{ "{{range $k, $v := .Config.Labels}}{{$k}}={{$v}},{{end}}",
		  "com.x=1,z=26," },
		{ "{{range .Void}}x{{else}}none{{end}}", "none" },
		{ "{{range .None}}x{{else}}none{{end}}", "none" },
		{ "{{range 3}}{{.}}{{end}}", "012" },
		{ "{{range .Tags}}{{if eq . \"b\"}}{{break}}{{end}}{{.}}"
		  "{{end}}",
		  "a" },
		{ "{{range .Tags}}{{if eq . \"b\"}}{{continue}}{{end}}{{.}}"
		  "{{end}}",
		  "ac" },
		{ "{{range $p, $b := .Ports}}{{$p}} {{(index $b 0).HostPort}}"
		  "{{end}}",
		  "80/tcp 8080" },
		{ "{{range $p, $conf := .Ports}}{{range $conf}}{{.HostPort}}"
		  "{{end}}{{end}}",
		  "8080" },
	};

	expect_all(cases, ARRAY_LEN(cases), &typed);
}

Test(data_template, variables_live_in_their_block)
{
	static const struct template_case cases[] = {
		{ "{{$x := .Name}}{{$x}}", "/web" },
		{ "{{$x := 1}}{{$x = 2}}{{$x}}", "2" },
		{ "{{$x := 0}}{{range .Tags}}{{$x = .}}{{end}}{{$x}}", "c" },
		{ "{{$x := 1}}{{if true}}{{$x := 2}}{{$x}}{{end}}{{$x}}",
		  "21" },
		{ "{{$x := 1}}{{range $x = .Tags}}{{end}}{{$x}}", "c" },
		{ "{{$x := .Config}}{{$x.Image}}", "debian" },
	};

	expect_all(cases, ARRAY_LEN(cases), &typed);
}

Test(data_template, functions_of_go)
{
	static const struct template_case cases[] = {
		{ "{{eq 1 1}}{{eq .Name \"x\" \"/web\"}}{{eq 1 2 3}}",
		  "truetruefalse" },
		{ "{{ne 1 2}}{{lt 1 2}}{{le 2 2}}{{gt 1 2}}{{ge 2 3}}",
		  "truetruetruefalsefalse" },
		{ "{{lt \"a\" \"b\"}}{{lt 1.5 2}}{{eq 2 2.0}}",
		  "truetruetrue" },
		{ "{{eq .None nil}}{{ne .Name nil}}", "truetrue" },
		{ "{{and 1 0 (index .Tags 9)}}", "0" },
		{ "{{or 0 \"x\" (index .Tags 9)}}", "x" },
		{ "{{and .On .Name}}{{or .Off .Empty}}", "/web" },
		{ "{{.Off | or .Name}}", "/web" },
		{ "{{len .Tags}}{{len .Name}}{{len .Config.Labels}}", "342" },
		{ "{{index .Tags 1}}{{index .Config.Labels \"com.x\"}}", "b1" },
		{ "{{index .Config.Labels \"nope\"}}", "" },
		{ "{{index .Config.Labels \"nope\" | len}}", "0" },
		{ "{{index .Ports \"nope\"}}", "<nil>" },
		{ "{{index .Name 1}}{{index .Name}}", "119/web" },
		{ "{{index .Ports \"80/tcp\" 0}}", "map[HostPort:8080]" },
		{ "{{(index (index .Ports \"80/tcp\") 0).HostPort}}", "8080" },
		{ "{{slice .ID 0 4}}{{slice .Tags 1}}{{slice .ID 10}}",
		  "0123[b c]ab" },
		{ "{{slice .Tags 1 2 3}}{{slice .Tags 3}}", "[b][]" },
		{ "{{.Name | or}}{{.Off | and .On}}", "/webfalse" },
		{ "{{print html}}{{not 0 | not}}", "false" },
		{ "{{print 1 2 \"a\" \"b\" 3}}", "1 2ab3" },
		{ "{{println 1 \"a\"}}", "1 a\n" },
		{ "{{html \"<a href='x'>&\\\"\"}}",
		  "&lt;a href=&#39;x&#39;&gt;&amp;&#34;" },
		{ "{{js \"it's <b>\"}}", "it\\'s \\u003Cb\\u003E" },
		{ "{{urlquery \"a b/c?\"}}", "a+b%2Fc%3F" },
		{ "{{.Name | printf \"%s-%d\" | len}}", "17" },
		{ "{{\"x\" | printf \"%s%s\" \"y\"}}", "yx" },
	};

	expect_all(cases, ARRAY_LEN(cases), &typed);
}

Test(data_template, functions_of_docker)
{
	static const struct template_case cases[] = {
		{ "{{json .Config}}",
		  "{\"Labels\":{\"z\":\"26\",\"com.x\":\"1\"},"
		  "\"Env\":[\"A=1\",\"B=2\"],\"Image\":\"debian\"}" },
		{ "{{json \"<\"}}{{json nil}}", "\"<\"null" },
		{ "{{split \"a,b\" \",\"}}{{split \"ab\" \"\"}}",
		  "[a b][a b]" },
		{ "{{join .Tags \"; \"}}", "a; b; c" },
		{ "{{join (split \"a.b\" \".\") \"-\"}}", "a-b" },
		{ "{{title \"hello wide world\"}}", "Hello Wide World" },
		{ "{{lower \"AbC\"}}{{upper \"aBc\"}}", "abcABC" },
		{ "[{{pad \"x\" 1 2}}{{pad \"\" 1 2}}]", "[ x  ]" },
		{ "{{truncate .ID 4}}{{truncate \"ab\" 9}}", "0123ab" },
		{ "{{truncate \"a\xc3\xa9\" 2}}", "a" },
		{ "{{.Label \"com.x\"}}-{{.Size}}", "1-12B" },
		{ "{{$.Label \"z\" | printf \"%q\"}}", "\"26\"" },
		{ "{{\"z\" | .Label}}", "26" },
	};

	expect_all(cases, ARRAY_LEN(cases), &typed);
}

Test(data_template, printf_knows_go_verbs)
{
	static const struct template_case cases[] = {
		{ "{{printf \"%5d|%-5d|%05d|%+d\" 42 42 42 42}}",
		  "   42|42   |00042|+42" },
		{ "{{printf \"%05d\" -42}}", "-0042" },
		{ "{{printf \"%x %X %#x %o %b %c %U\" 255 255 255 8 5 65 "
		  "65}}",
		  "ff FF 0xff 10 101 A U+0041" },
		{ "{{printf \"%s|%10s|%-10s|%.2s\" \"abc\" \"abc\" \"abc\" "
		  "\"abc\"}}",
		  "abc|       abc|abc       |ab" },
		{ "{{printf \"%q %x\" \"a\\\"b\\n\" \"hi\"}}",
		  "\"a\\\"b\\n\" 6869" },
		{ "{{printf \"%q\" 'x'}}", "'x'" },
		{ "{{printf \"%t %v\" true .None}}", "true <nil>" },
		{ "{{printf \"%f %.2f %6.1f %e %g\" 1.5 1.0 2.25 1500.0 "
		  "0.1}}",
		  "1.500000 1.00    2.2 1.500000e+03 0.1" },
		{ "{{printf \"%T %T %T %T %T\" 1 \"a\" 1.5 true .Tags}}",
		  "int string float64 bool []interface {}" },
		{ "{{printf \"%v %s\" .Tags .Tags}}", "[a b c] [a b c]" },
		{ "{{printf \"%q\" .Tags}}", "[\"a\" \"b\" \"c\"]" },
		{ "{{printf \"%d\" \"x\"}}", "%!d(string=x)" },
		{ "{{printf \"%s\" 5}}", "%!s(int=5)" },
		{ "{{printf \"%d\"}}", "%!d(MISSING)" },
		{ "{{printf \"a\" 1 \"b\"}}", "a%!(EXTRA int=1, string=b)" },
		{ "{{printf \"100%%\"}}", "100%" },
		{ "{{printf \"%\"}}", "%!(NOVERB)" },
		{ "{{printf \"%*d\" 5 42}}", "   42" },
		{ "{{printf \"%z\" 1}}", "%!z(int=1)" },
		{ "{{printf \"%6.2f|\" 3.14159}}", "  3.14|" },
		{ "{{printf \"%E|%.3g|%G|%+.1f|% d\" 1500.0 0.12345 1e-7 "
		  "2.0 7}}",
		  "1.500000E+03|0.123|1E-07|+2.0| 7" },
		{ "{{printf \"%s\" 1.5}}{{printf \"%d\" true}}",
		  "%!s(float64=1.5)%!d(bool=true)" },
		{ "{{printf \"%q %q %q\" '\\'' '\"' '\\n'}}",
		  "'\\'' '\"' '\\n'" },
		{ "{{printf \"%#v|%#q|% x|%X\" \"a\" \"b\" \"cd\" \"ef\"}}",
		  "\"a\"|`b`|63 64|6566" },
		{ "{{printf \"%q\" \"\\u200b\\x01\\xff\"}}",
		  "\"\\u200b\\x01\\xff\"" },
		{ "{{printf \"%.3d|%6.3d|%06d\" 5 5 -5}}",
		  "005|   005|-00005" },
		{ "{{printf \"%10v|%-8v|\" true .None}}",
		  "      true|<nil>   |" },
		{ "{{printf \"%9999999d\" 1}}", "%!(BADWIDTH)1" },
		{ "{{printf \"%*d\" \"x\" 1}}", "%!(BADWIDTH)1" },
		{ "{{printf \"%s\" .None}}", "%!s(<nil>)" },
		{ "{{printf \"%d\" .Config.Labels}}",
		  "map[%!d(string=com.x):%!d(string=1) "
		  "%!d(string=z):%!d(string=26)]" },
	};

	expect_all(cases, ARRAY_LEN(cases), &typed);
}

Test(data_template, templates_call_templates)
{
	static const struct template_case cases[] = {
		{ "{{define \"T\"}}<{{.}}>{{end}}{{template \"T\" .Name}}",
		  "</web>" },
		{ "{{template \"T\"}}{{define \"T\"}}t{{end}}", "t" },
		{ "{{block \"B\" .Count}}[{{.}}]{{end}}", "[3]" },
		{ "{{define \"T\"}}{{$}}{{end}}{{template \"T\" 5}}", "5" },
		{ "{{define \"T\"}}{{if gt . 0}}{{.}}{{template \"U\" .}}"
		  "{{end}}{{end}}{{define \"U\"}}u{{end}}{{template \"T\" "
		  "2}}",
		  "2u" },
	};

	expect_all(cases, ARRAY_LEN(cases), &typed);
}

Test(data_template, untyped_objects_have_every_key)
{
	static const struct template_case cases[] = {
		{ "{{.Nope}}", "<no value>" },
		{ "{{.Nope.Deeper}}", "<no value>" },
		{ "{{.None.Deeper}}", "<no value>" },
		{ "{{index .Config \"Nope\"}}", "<no value>" },
		{ "{{json .Nope}}", "null" },
		{ "{{print .Nope}}", "<nil>" },
	};

	expect_all(cases, ARRAY_LEN(cases), NULL);
}

struct template_failure {
	const char *text, *want, *hint;
};

static const struct template_failure failures[] = {
	{ "{{.Nam}}",
	  "template:1:3: at <.Nam>: there is no field "
	  "'Nam'",
	  "did you mean 'Name'? fields: ID Name Count Share On Off "
	  "Empty Zero None Tags Void Config IPAM Ports" },
	{ "\n {{.Config.X}}",
	  "template:2:4: at <.Config.X>: there is no field 'X'",
	  "fields: Labels Env Image" },
	{ "{{.None.X}}", "template:1:3: at <.None.X>: null has no field 'X'",
	  "" },
	{ "{{.Name.X}}",
	  "template:1:3: at <.Name.X>: 'X' is no field of a string", "" },
	{ "{{.Name 1}}", "template:1:3: at <.Name>: 'Name' takes no arguments",
	  "" },
	{ "{{.Label}}", "Label needs a key", "" },
	{ "{{len 1}}", "template:1:3: at <len>: an integer has no length", "" },
	{ "{{index .Tags 3}}",
	  "template:1:3: at <index>: index 3 is out of range", "" },
	{ "{{index .Tags -1}}",
	  "template:1:3: at <index>: index -1 is out of range", "" },
	{ "{{eq 1 \"1\"}}",
	  "template:1:3: at <eq>: cannot compare an "
	  "integer with a string",
	  "" },
	{ "{{lt true false}}",
	  "template:1:3: at <lt>: a boolean and "
	  "a boolean have no order",
	  "" },
	{ "{{eq .Tags .Tags}}",
	  "template:1:3: at <eq>: cannot compare an array", "" },
	{ "{{eq 1}}", "template:1:3: at <eq>: eq needs at least 2 arguments",
	  "" },
	{ "{{len 1 2}}", "template:1:3: at <len>: len takes at most 1 argument",
	  "" },
	{ "{{range .Name}}{{end}}",
	  "template:1:9: at <.Name>: range cannot walk a string", "" },
	{ "{{slice 1 1}}",
	  "template:1:3: at <slice>: an integer cannot be sliced", "" },
	{ "{{slice .ID 1 2 3}}",
	  "template:1:3: at <slice>: a string has no third bound", "" },
	{ "{{slice .Tags 2 1}}", "template:1:3: at <slice>: slice bounds cross",
	  "" },
	{ "{{slice .Tags 9}}",
	  "template:1:3: at <slice>: index 9 is out of range", "" },
	{ "{{index .Tags \"a\"}}",
	  "template:1:3: at <index>: needs an integer, not a string", "" },
	{ "{{index .Config.Labels 1}}",
	  "template:1:3: at <index>: needs a string, not an integer", "" },
	{ "{{index .None 1}}",
	  "template:1:3: at <index>: null has no "
	  "index",
	  "" },
	{ "{{join 1 \"\"}}",
	  "template:1:3: at <join>: needs an array, not an integer", "" },
	{ "{{join .IPAM.Config \"\"}}",
	  "template:1:3: at <join>: needs a string, not an object", "" },
	{ "{{lower 1}}",
	  "template:1:3: at <lower>: needs a string, not an integer", "" },
	{ "{{pad \"x\" -1 0}}", "template:1:3: at <pad>: cannot pad by so many",
	  "" },
	{ "{{truncate \"x\" -1}}",
	  "template:1:3: at <truncate>: cannot truncate to -1", "" },
	{ "{{printf 1}}",
	  "template:1:3: at <printf>: needs a string, not an integer", "" },
	{ "{{and}}", "template:1:3: at <and>: and needs at least 1 argument",
	  "" },
	{ "{{call 1}}",
	  "template:1:3: at <call>: an integer is no function to call", "" },
	{ "{{1 2}}", "template:1:3: at <1>: only functions take arguments",
	  "" },
};

Test(data_template, failures_say_where_and_what)
{
	for (size_t i = 0; i < ARRAY_LEN(failures); i++) {
		const struct template_failure *f = &failures[i];
		cleanup_strbuf struct strbuf out = STRBUF_INIT;
		struct err err = ERR_INIT;

		cr_expect(
			eq(int,
			   run_on(container_json, f->text, &typed, &out, &err),
			   -EINVAL),
			"%s", f->text);
		cr_expect(eq(str, err.text, (char *)f->want), "%s", f->text);
		cr_expect(eq(str, err.hint, (char *)f->hint), "%s", f->text);
	}
}

Test(data_template, endless_templates_end)
{
	static const char *const cases[] = {
		"{{define \"T\"}}{{template \"T\"}}{{end}}{{template \"T\"}}",
		"{{range 1000000000}}{{end}}",
		"{{$x := \"0123456789\"}}{{range 64}}{{$x = print $x $x}}"
		"{{end}}{{$x}}",
		"{{range 100000}}{{printf \"%99999d\" 1}}{{end}}",
		"{{$x := printf \"%999999d\" 1}}{{range 999}}{{$x}}{{end}}",
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		cleanup_strbuf struct strbuf out = STRBUF_INIT;
		struct err err = ERR_INIT;

		cr_expect(eq(int, run_on("{}", cases[i], NULL, &out, &err),
			     -EFBIG),
			  "%s", cases[i]);
	}
}

Test(data_template, typed_nulls_print_as_their_tag)
{
	cleanup_with(template_free) struct template *tmpl = NULL;
	cleanup_node struct node *root = node_new_obj();
	cleanup_strbuf struct strbuf out = STRBUF_INIT;

	node_set_null(root, "Cmd");
	node_set_tag(node_get(root, "Cmd"), TEMPLATE_NIL_SLICE);
	cr_assert(zero(int, template_parse("{{.Cmd}}{{len .Cmd}}{{json .Cmd}}",
					   &tmpl, NULL)));
	cr_assert(zero(int, template_exec(tmpl, root, &typed, &out, NULL)));
	cr_assert(eq(str, out.buf, "[]0null"));
}

static int
method_of_nothing(void *arg, const struct node *receiver, const char *name,
		  const struct node *const *args, size_t arg_count,
		  struct node **ret_value, struct err *err)
{
	return 0;
}

Test(data_template, a_method_may_have_no_value)
{
	struct template_opts opts = {
		.is_typed = true,
		.method = method_of_nothing,
	};
	cleanup_strbuf struct strbuf out = STRBUF_INIT;

	cr_assert(zero(int, run_on("{}", "{{.Lazy}}", &opts, &out, NULL)));
	cr_assert(eq(str, out.buf, "<no value>"));
}

Test(data_template, a_tagged_null_map_answers_as_an_empty_one)
{
	cleanup_with(template_free) struct template *tmpl = NULL;
	cleanup_node struct node *root = node_new_obj();
	cleanup_strbuf struct strbuf out = STRBUF_INIT;

	node_set_null(root, "Labels");
	node_set_tag(node_get(root, "Labels"), TEMPLATE_NIL_MAP);
	cr_assert(zero(int, template_parse("{{.Labels}}{{index .Labels \"x\"}}"
					   "{{range .Labels}}x{{end}}",
					   &tmpl, NULL)));
	cr_assert(zero(int, template_exec(tmpl, root, &typed, &out, NULL)));
	cr_assert(eq(str, out.buf, "map[]"));
}
