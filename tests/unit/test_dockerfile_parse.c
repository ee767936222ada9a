/* SPDX-License-Identifier: Apache-2.0 */
#include "spec_table.h"

#include "base/text.h"
#include "dockerfile/dockerfile.h"

/* "cmd [--flag] json? 'arg' <<name(expand,chomp)content @line-end" */
static void
show_instruction(const struct df_instruction *in, struct strbuf *sb)
{
	strbuf_addf(sb, "%s%s", sb->len ? "; " : "", df_cmd_name(in->cmd));
	for (size_t i = 0; i < in->flag_count; i++)
		strbuf_addf(sb, " --%s=%s", in->flags[i].name,
			    in->flags[i].value ?: "(bare)");
	if (in->json)
		strbuf_addstr(sb, " json");
	for (size_t i = 0; i < in->arg_count; i++)
		strbuf_addf(sb, " |%s|", in->args[i].text);
	for (size_t i = 0; i < in->heredoc_count; i++)
		strbuf_addf(sb, " <<%s%s%s{%s}",
			    in->heredocs[i].chomp ? "-" : "",
			    in->heredocs[i].expand ? "" : "raw:",
			    in->heredocs[i].name, in->heredocs[i].content);
}

/* What follows the first line, which the cases leave out. */
static int
show_stage(const char *text, struct strbuf *sb, struct err *err)
{
	cleanup_free char *whole = xasprintf("FROM x\n%s", text);
	cleanup_with(dockerfile_free) struct dockerfile *df =
		dockerfile_new("f", span_of(whole));
	int r = dockerfile_parse(df, err);

	for (size_t i = 1; r == 0 && i < df->len; i++)
		show_instruction(&df->instructions[i], sb);
	return r;
}

static int
show_file(const char *text, struct strbuf *sb, struct err *err)
{
	cleanup_with(dockerfile_free) struct dockerfile *df =
		dockerfile_new("f", span_of(text));
	int r = dockerfile_parse(df, err);

	for (size_t i = 0; r == 0 && i < df->len; i++)
		show_instruction(&df->instructions[i], sb);
	return r;
}

Test(dockerfile_parse, reads_lines)
{
	static const struct spec_case cases[] = {
		{ "RUN a  b", "RUN |a  b|" },
		{ "  run a", "RUN |a|" },
		{ "Run a\t ", "RUN |a|" },
		{ "\xef\xbb\xbfRUN a", NULL },
		{ "RUN a\r\nRUN b\r\n", "RUN |a|; RUN |b|" },
		{ "RUN a \\\n  b", "RUN |a   b|" },
		{ "RUN a \\\r\n  b\r\n", "RUN |a   b|" },
		{ "RUN a \\  \t\n  b", "RUN |a   b|" },
		{ "RUN a \\\n# no\n  # no\nb", "RUN |a b|" },
		{ "RUN a \\\n\n \t\nb", "RUN |a b|" },
		{ "RUN a \\", "RUN |a|" },
		{ "RUN a \\\\\nRUN b", "RUN |a \\\\|; RUN |b|" },
		{ "RUN a # b", "RUN |a # b|" },
		{ "# a \\\nRUN b", "RUN |b|" },
		{ "RUN echo '#' \\\n#x\n y", "RUN |echo '#'  y|" },
		{ "\\\nRUN a", "RUN |a|" },
		{ "\n\n\nRUN a\n\n", "RUN |a|" },
		{ "RUN a \\\nRUN b", "RUN |a RUN b|" },
	};

	spec_check(show_stage, cases, ARRAY_LEN(cases));
}

Test(dockerfile_parse, reads_directives)
{
	static const struct spec_case cases[] = {
		{ "# escape=`\nFROM x\nRUN a `\n b\nRUN c\\\n",
		  "FROM |x|; RUN |a  b|; RUN |c\\|" },
		{ "# syntax=docker/dockerfile:1\n#ESCAPE = `\nFROM x `\n",
		  "FROM |x|" },
		{ "#syntax=docker.io/docker/dockerfile:1.7-labs\nFROM x",
		  "FROM |x|" },
		{ "# syntax=docker/dockerfile-upstream:master\nFROM x",
		  "FROM |x|" },
		{ "# syntax=docker/dockerfile@sha256:ab\nFROM x", "FROM |x|" },
		{ "#!/usr/bin/x\n# escape=`\nFROM x`\n", "FROM |x|" },
		{ "\xef\xbb\xbf# escape=`\nFROM x `\n", "FROM |x|" },
		/* Over after a comment, a blank line, an unknown key. */
		{ "# hi\n# escape=`\nFROM x\nRUN a \\\nb",
		  "FROM |x|; RUN |a b|" },
		{ "\n# escape=`\nFROM x\nRUN a \\\nb", "FROM |x|; RUN |a b|" },
		{ "# k=v\n# escape=`\nFROM x\nRUN a \\\nb",
		  "FROM |x|; RUN |a b|" },
		{ "# check=skip=all\nFROM x", "FROM |x|" },
		{ "# escape=x\nFROM x", NULL },
		{ "# escape=`\n# escape=`\nFROM x", NULL },
		{ "# syntax=a\n# syntax=b\nFROM x", NULL },
		{ "# syntax=tonistiigi/other\nFROM x", NULL },
		{ "# syntax=docker/dockerfiles:1\nFROM x", NULL },
		{ "// syntax=other/x\nFROM x", NULL },
		{ "{\"syntax\":\"other/x\"}", NULL },
	};

	spec_check(show_file, cases, ARRAY_LEN(cases));
}

Test(dockerfile_parse, reads_every_form)
{
	static const struct spec_case cases[] = {
		{ "ARG a b=c \"d e\"", "ARG |a| |b=c| |\"d e\"|" },
		{ "ENV a=b c='d e' f=g\\ h", "ENV |a=b| |c='d e'| |f=g\\ h|" },
		{ "ENV a  b c=d ", "ENV |a| |b c=d|" },
		{ "LABEL a=b", "LABEL |a=b|" },
		{ "LABEL a b c", "LABEL |a| |b c|" },
		{ "LABEL \"a b\"=\"c\"", "LABEL |\"a b\"=\"c\"|" },
		{ "RUN [\"a\", \"b c\"]", "RUN json |a| |b c|" },
		{ "RUN ['a', 'b']", "RUN |['a', 'b']|" },
		{ "RUN [ \"a\"", "RUN |[ \"a\"|" },
		{ "RUN [ -f x ] || y", "RUN |[ -f x ] || y|" },
		{ "RUN --network=none --mount=type=cache,target=/x [\"a\"]",
		  "RUN --network=none --mount=type=cache,target=/x json |a|" },
		{ "RUN --mount=\"type=cache,target=/a b\" x",
		  "RUN --mount=type=cache,target=/a b |x|" },
		{ "RUN -- --x", "RUN |--x|" },
		{ "RUN -x", "RUN |-x|" },
		{ "CMD a b", "CMD |a b|" },
		{ "CMD [\"a\"]", "CMD json |a|" },
		{ "CMD", "CMD" },
		{ "CMD []", "CMD json" },
		{ "ENTRYPOINT []", "ENTRYPOINT json" },
		{ "ENTRYPOINT [\"a\\u0041\"]", "ENTRYPOINT json |aA|" },
		{ "COPY a b c/", "COPY |a| |b| |c/|" },
		{ "COPY [\"a b\", \"c\"]", "COPY json |a b| |c|" },
		{ "COPY --link --from=0 a b",
		  "COPY --link=(bare) --from=0 |a| |b|" },
		{ "COPY --link=false --parents=true a b",
		  "COPY --link=false --parents=true |a| |b|" },
		{ "COPY --exclude=a --exclude=b x y",
		  "COPY --exclude=a --exclude=b |x| |y|" },
		{ "ADD --unpack=false --keep-git-dir a b",
		  "ADD --unpack=false --keep-git-dir=(bare) |a| |b|" },
		{ "EXPOSE 80 90-92/udp", "EXPOSE |80| |90-92/udp|" },
		{ "VOLUME /a /b", "VOLUME |/a| |/b|" },
		{ "VOLUME [\"/a b\"]", "VOLUME json |/a b|" },
		{ "USER a:b", "USER |a:b|" },
		{ "WORKDIR /a b", "WORKDIR |/a b|" },
		{ "STOPSIGNAL SIGINT", "STOPSIGNAL |SIGINT|" },
		{ "STOPSIGNAL 9", "STOPSIGNAL |9|" },
		{ "SHELL [\"a\", \"-c\"]", "SHELL json |a| |-c|" },
		{ "HEALTHCHECK NONE", "HEALTHCHECK |NONE|" },
		{ "HEALTHCHECK cmd a  b", "HEALTHCHECK |cmd| |a  b|" },
		{ "HEALTHCHECK --interval=1s --retries=2 CMD [\"a\"]",
		  "HEALTHCHECK --interval=1s --retries=2 json |CMD| |a|" },
		{ "ONBUILD RUN a", "ONBUILD |RUN a|" },
		{ "ONBUILD COPY --link a b", "ONBUILD |COPY --link a b|" },
		{ "MAINTAINER a b <c>", "MAINTAINER |a b <c>|" },
		{ "FROM --platform=linux/amd64 a AS b",
		  "FROM --platform=linux/amd64 |a| |AS| |b|" },
	};

	spec_check(show_stage, cases, ARRAY_LEN(cases));
}

Test(dockerfile_parse, reads_here_documents)
{
	static const struct spec_case cases[] = {
		{ "RUN <<EOF\na\nb\nEOF\nRUN c",
		  "RUN |<<EOF| <<EOF{a\nb\n}; RUN |c|" },
		{ "RUN <<EOF\nEOF", "RUN |<<EOF| <<EOF{}" },
		{ "RUN <<\"EOF\"\na\nEOF", "RUN |<<\"EOF\"| <<raw:EOF{a\n}" },
		{ "RUN <<E'O'F\na\nEOF", "RUN |<<E'O'F| <<raw:EOF{a\n}" },
		{ "RUN <<-EOF\n\ta\n\t\tEOF", "RUN |<<-EOF| <<-EOF{\ta\n}" },
		{ "RUN <<EOF\n\tEOF\nEOF", "RUN |<<EOF| <<EOF{\tEOF\n}" },
		{ "RUN cat <<A - <<B\n1\nA\n2\nB",
		  "RUN |cat <<A - <<B| <<A{1\n} <<B{2\n}" },
		{ "RUN cat 3<<A\n1\nA", "RUN |cat 3<<A| <<A{1\n}" },
		{ "RUN a \\\n <<E\nx \\\n# y\n\nE",
		  "RUN |a  <<E| <<E{x \\\n# y\n\n}" },
		{ "COPY <<a <<b /x\n1\na\n2\nb",
		  "COPY |<<a| |<<b| |/x| <<a{1\n} <<b{2\n}" },
		{ "ADD <<a /x\n$y\na", "ADD |<<a| |/x| <<a{$y\n}" },
		{ "ONBUILD RUN <<E\nx\nE", "ONBUILD |RUN <<E| <<E{x\n}" },
		{ "RUN <<E\r\nx\r\nE\r\n", "RUN |<<E| <<E{x\r\n}" },
		/* None of these is one. */
		{ "RUN cat <<<x", "RUN |cat <<<x|" },
		{ "RUN \"<<E\"", "RUN |\"<<E\"|" },
		{ "RUN it's <<E", "RUN |it's <<E|" },
		{ "RUN a<<E", "RUN |a<<E|" },
		{ "RUN <<", "RUN |<<|" },
		{ "CMD <<E", "CMD |<<E|" },
		{ "RUN <<E\nx\n E\n", NULL },
		{ "RUN <<E", NULL },
		{ "COPY a <<E\nE", NULL },
	};

	spec_check(show_stage, cases, ARRAY_LEN(cases));
}

struct fault {
	const char *text, *where, *words, *hint; /* hint NULL: any */
};

static void
check_faults(const struct fault *cases, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		cleanup_with(dockerfile_free) struct dockerfile *df =
			dockerfile_new("f", span_of(cases[i].text));
		struct err err = ERR_INIT;
		int r = dockerfile_parse(df, &err);

		cr_expect(eq(int, r, -EINVAL), "%s", cases[i].text);
		cr_expect(text_starts(err.text, cases[i].where), "%s: %s",
			  cases[i].text, err.text);
		cr_expect(strstr(err.text, cases[i].words) != NULL, "%s: %s",
			  cases[i].text, err.text);
		cr_expect(cases[i].hint == NULL ||
				  strstr(err.hint, cases[i].hint) != NULL,
			  "%s: %s", cases[i].text, err.hint);
		cr_expect(ge(int, df->failed.line, 1), "%s", cases[i].text);
	}
}

Test(dockerfile_parse, tells_where_syntax_is_wrong)
{
	static const struct fault cases[] = {
		{ "", "f:1:1: ", "no instructions", NULL },
		{ "# x\n\n", "f:1:1: ", "no instructions", NULL },
		{ "ARG a", "f:1:1: ", "no FROM", NULL },
		{ "RUN x", "f:1:1: ", "no build stage", NULL },
		{ "FROM x\nRNU y", "f:2:1: ", "unknown instruction 'RNU'",
		  "'RUN'" },
		{ "FROM x\n  copi a b", "f:2:3: ", "unknown instruction",
		  "'COPY'" },
		{ "FROM x y", "f:1:1: ", "one or three", NULL },
		{ "FROM x AS", "f:1:1: ", "one or three", NULL },
		{ "FROM x AS a b", "f:1:1: ", "one or three", NULL },
		{ "FROM", "f:1:1: ", "one or three", NULL },
		{ "FROM x IS a", "f:1:8: ", "'AS'", NULL },
		{ "FROM x AS 1a", "f:1:11: ", "invalid name", NULL },
		{ "FROM x AS a/b", "f:1:11: ", "invalid name", NULL },
		{ "FROM x\nRUN --mout=a b", "f:2:5: ", "unknown flag '--mout'",
		  "'--mount'" },
		{ "FROM x\nCOPY --fron=a b c", "f:2:6: ", "--fron",
		  "'--from'" },
		{ "FROM x\nENV --a b=c", "f:2:5: ", "unknown flag", NULL },
		{ "FROM x\nCMD --a b", "f:2:5: ", "unknown flag", NULL },
		{ "FROM --platfrm=x y", "f:1:6: ", "unknown", "'--platform'" },
		{ "FROM x\nCOPY --from=a --from=b c d", "f:2:15: ", "twice",
		  NULL },
		{ "FROM x\nCOPY --from c d", "f:2:6: ", "needs a value", NULL },
		{ "FROM x\nCOPY --link=yes c d", "f:2:6: ", "'true' or 'false'",
		  NULL },
		{ "FROM x\nCOPY a", "f:2:1: ", "at least two", NULL },
		{ "FROM x\nADD", "f:2:1: ", "at least two", NULL },
		{ "FROM x\nCOPY [\"a\"]", "f:2:1: ", "at least two", NULL },
		{ "FROM x\nCOPY [\"a\", 1]", "f:2:6: ", "strings", NULL },
		{ "FROM x\nRUN [\"a\", null]", "f:2:5: ", "strings", NULL },
		{ "FROM x\nENV", "f:2:1: ", "at least one", NULL },
		{ "FROM x\nENV a", "f:2:1: ", "two arguments", NULL },
		{ "FROM x\nENV a=b c", "f:2:9: ", "name=value", NULL },
		{ "FROM x\nENV =b", "f:2:5: ", "blank", NULL },
		{ "FROM x\nLABEL =b", "f:2:7: ", "blank", NULL },
		{ "FROM x\nARG =b", "f:2:5: ", "blank", NULL },
		{ "FROM x\nARG", "f:2:1: ", "at least one", NULL },
		{ "FROM x\nEXPOSE", "f:2:1: ", "at least one", NULL },
		{ "FROM x\nVOLUME", "f:2:1: ", "at least one", NULL },
		{ "FROM x\nUSER", "f:2:1: ", "exactly one", NULL },
		{ "FROM x\nUSER a b", "f:2:1: ", "exactly one", NULL },
		{ "FROM x\nWORKDIR", "f:2:1: ", "exactly one", NULL },
		{ "FROM x\nSTOPSIGNAL", "f:2:1: ", "exactly one", NULL },
		{ "FROM x\nMAINTAINER", "f:2:1: ", "exactly one", NULL },
		{ "FROM x\nSHELL", "f:2:1: ", "at least one", NULL },
		{ "FROM x\nSHELL []", "f:2:1: ", "at least one", NULL },
		{ "FROM x\nSHELL sh -c", "f:2:7: ", "JSON", NULL },
		{ "FROM x\nHEALTHCHECK", "f:2:1: ", "at least one", NULL },
		{ "FROM x\nHEALTHCHECK FOO a", "f:2:13: ", "'FOO'", NULL },
		{ "FROM x\nHEALTHCHECK NONE a", "f:2:13: ", "no arguments",
		  NULL },
		{ "FROM x\nHEALTHCHECK CMD", "f:2:13: ", "no command", NULL },
		{ "FROM x\nHEALTHCHECK CMD []", "f:2:13: ", "no command",
		  NULL },
		{ "FROM x\nONBUILD", "f:2:1: ", "at least one", NULL },
		{ "FROM x\nONBUILD ONBUILD RUN a", "f:2:9: ", "ONBUILD", NULL },
		{ "FROM x\nONBUILD FROM a", "f:2:9: ", "FROM", NULL },
		{ "FROM x\nONBUILD MAINTAINER a", "f:2:9: ", "MAINTAINER",
		  NULL },
		{ "FROM x\nONBUILD COPI a b", "f:2:9: ", "unknown", "'COPY'" },
		{ "FROM x\nRUN <<E\na", "f:2:1: ", "'E' has no end", NULL },
		{ "FROM x\nCOPY a \\\n  --x <<E\nE", "f:3:7: ", "destination",
		  NULL },
	};

	check_faults(cases, ARRAY_LEN(cases));
}

Test(dockerfile_parse, tells_which_values_are_wrong)
{
	static const struct fault cases[] = {
		{ "FROM x\nSTOPSIGNAL SIGTRM", "f:2:12: ", "SIGTRM",
		  "SIGTERM" },
		{ "FROM x\nSTOPSIGNAL 99", "f:2:12: ", "99", NULL },
		{ "FROM x\nEXPOSE 70000", "f:2:8: ", "70000", NULL },
		{ "FROM x\nEXPOSE 80/foo", "f:2:8: ", "foo", NULL },
		{ "FROM x\nEXPOSE 80 90-80", "f:2:11: ", "90-80", NULL },
		{ "FROM x\nEXPOSE a", "f:2:8: ", "a", NULL },
		{ "FROM x\nVOLUME [\"\"]", "f:2:8: ", "empty", NULL },
		{ "FROM x\nVOLUME []", "f:2:1: ", "at least one", NULL },
		{ "FROM x\nCOPY --chmod=888 a b", "f:2:6: ", "chmod", NULL },
		{ "FROM x\nCOPY --link --chmod=u+q a b", "f:2:13: ", "chmod",
		  NULL },
		{ "FROM x\nCOPY --from=$a b c", "f:2:6: ", "expansion", NULL },
		{ "FROM x\nCOPY https://a/b c", "f:2:6: ", "URL", NULL },
		{ "FROM x\nCOPY git@a:b c", "f:2:6: ", "git", NULL },
		{ "FROM x\nADD --checksum=sha256:1 https://a/b c",
		  "f:2:5: ", "checksum", NULL },
		{ "FROM x\nADD --checksum=sha256:1 a c",
		  "f:2:5: ", "HTTP(S) and git", NULL },
		{ "FROM x\nCOPY --exclude=b --exclude=[ a b",
		  "f:2:18: ", "malformed", NULL },
		{ "FROM x\nHEALTHCHECK --interval=x CMD a",
		  "f:2:13: ", "--interval", NULL },
		{ "FROM x\nHEALTHCHECK --interval=1us CMD a", "f:2:13: ", "1ms",
		  NULL },
		{ "FROM x\nHEALTHCHECK --retries=-1 CMD a",
		  "f:2:13: ", "negative", NULL },
		{ "FROM x\nENV a='b", "f:2:7: ", "quote", NULL },
		{ "FROM x\nENV a=\"b", "f:2:7: ", "quote", NULL },
		{ "FROM x\nRUN --network=nine a", "f:2:5: ", "nine", "'none'" },
		{ "FROM x\nRUN --security=x a", "f:2:5: ", "--security", NULL },
		{ "FROM x\nRUN --mount=type=bnd,target=/x a", "f:2:5: ", "bnd",
		  "'bind'" },
		{ "FROM x\nRUN --mount=type=cache,targt=/x a",
		  "f:2:5: ", "targt", "'target'" },
	};

	check_faults(cases, ARRAY_LEN(cases));
}

Test(dockerfile_parse, refuses_lines_and_bytes_no_file_has)
{
	cleanup_strbuf struct strbuf sb = STRBUF_INIT;
	struct dockerfile *df;
	struct err err = ERR_INIT;

	strbuf_addstr(&sb, "FROM x\nRUN ");
	strbuf_pad(&sb, 'a', DOCKERFILE_MAX_LINE - 4);
	df = dockerfile_new("f", span_new(sb.buf, sb.len));
	cr_expect(zero(int, dockerfile_parse(df, &err)), "%s", err.text);
	dockerfile_free(df);
	strbuf_addch(&sb, 'a');
	df = dockerfile_new("f", span_new(sb.buf, sb.len));
	cr_expect(eq(int, dockerfile_parse(df, &err), -EINVAL));
	cr_expect(eq(int, df->failed.line, 2));
	dockerfile_free(df);
	df = dockerfile_new("f", span_new("FROM x\nRUN a\0b", 14));
	cr_expect(eq(int, dockerfile_parse(df, &err), -EINVAL));
	dockerfile_free(df);
}

Test(dockerfile_parse, names_and_numbers_find_stages)
{
	static const struct {
		const char *name;
		size_t before;
		int r;
		size_t stage;
	} cases[] = {
		{ "a", 2, 0, 0 },       { "A", 2, 0, 0 },
		{ "0", 1, 0, 0 },       { "1", 2, 0, 1 },
		{ "1", 1, -EINVAL, 0 }, { "9", 2, -EINVAL, 0 },
		{ "c", 2, -EINVAL, 0 }, { "x", 2, -ENOENT, 0 },
		{ "a", 4, 0, 3 },
	};
	cleanup_with(dockerfile_free) struct dockerfile *df = dockerfile_new(
		"f", span_of("ARG x\nFROM x AS A\nFROM x\nRUN y\nFROM x AS c\n"
			     "FROM x AS a\n"));
	struct err err = ERR_INIT;
	size_t stage = 9;

	cr_assert(zero(int, dockerfile_parse(df, &err)), "%s", err.text);
	cr_assert(eq(sz, df->stage_count, 4));
	cr_expect(eq(sz, df->global_count, 1));
	cr_expect(eq(str, df->stages[0].name, "a"));
	cr_expect(eq(str, df->stages[1].title, "stage-1"));
	cr_expect(eq(sz, df->stages[1].len, 1));
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		int r = dockerfile_find_stage(df, cases[i].name,
					      cases[i].before, &stage, &err);

		cr_expect(eq(int, r, cases[i].r), "%s", cases[i].name);
		if (r == 0)
			cr_expect(eq(sz, stage, cases[i].stage), "%s",
				  cases[i].name);
	}
	cr_expect(zero(int, dockerfile_find_target(df, NULL, &stage, &err)));
	cr_expect(eq(sz, stage, 3));
	cr_expect(zero(int, dockerfile_find_target(df, "C", &stage, &err)));
	cr_expect(eq(sz, stage, 2));
	cr_expect(eq(int, dockerfile_find_target(df, "cc", &stage, &err),
		     -ENOENT));
	cr_expect(strstr(err.hint, "'c'") != NULL, "%s", err.hint);
}

Test(dockerfile_parse, an_excerpt_marks_the_lines)
{
	cleanup_with(dockerfile_free) struct dockerfile *df = dockerfile_new(
		"f", span_of("FROM x\r\n\nRUN a \\\n  b\nRUN c\n"));
	cleanup_strbuf struct strbuf sb = STRBUF_INIT;
	struct err err = ERR_INIT;

	cr_assert(zero(int, dockerfile_parse(df, &err)));
	dockerfile_add_excerpt(df, &df->instructions[1].range, &sb);
	cr_expect(eq(str, sb.buf,
		     "f:3\n--------------------\n"
		     "   1 |     FROM x\n   2 |     \n   3 | >>> RUN a \\\n"
		     "   4 | >>>   b\n   5 |     RUN c\n"
		     "--------------------\n"));
}

static int
show_trigger(const char *text, struct strbuf *sb, struct err *err)
{
	cleanup_with(dockerfile_free) struct dockerfile *df =
		dockerfile_new("onbuild", span_of(text));
	int r = dockerfile_parse_trigger(df, err);

	if (r == 0)
		show_instruction(&df->instructions[0], sb);
	return r;
}

Test(dockerfile_parse, reads_triggers_of_images)
{
	static const struct spec_case cases[] = {
		{ "RUN a", "RUN |a|" },
		{ "COPY . /x", "COPY |.| |/x|" },
		{ "RUN <<E\na\nE", "RUN |<<E| <<E{a\n}" },
		{ "", NULL },
		{ "RUN a\nRUN b", NULL },
		{ "FROM x", NULL },
		{ "ONBUILD RUN a", NULL },
		{ "MAINTAINER a", NULL },
		{ "NOPE", NULL },
	};

	spec_check(show_trigger, cases, ARRAY_LEN(cases));
}
