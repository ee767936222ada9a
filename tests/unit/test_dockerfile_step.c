/* SPDX-License-Identifier: Apache-2.0 */
#include "spec_table.h"

#include "base/text.h"
#include "dockerfile/df_check.h"
#include "dockerfile/df_chmod.h"
#include "dockerfile/df_source.h"
#include "dockerfile/df_step.h"

/* What every case may use, beside what it sets. */
static const char *const image_env[] = { "A=a",      "B=b c",        "E=",
					 "P=80 443", "N=x/y.tar.gz", NULL };

static void
add_command(struct strbuf *sb, const struct df_command *command)
{
	strbuf_addstr(sb, command->is_shell ? " sh" : " exec");
	for (size_t i = 0; i < command->argv.len; i++)
		strbuf_addf(sb, "|%s", command->argv.v[i]);
}

static void
add_mount(struct strbuf *sb, const struct df_mount *mount)
{
	static const char *const kinds[] = { "bind", "cache", "secret", "ssh",
					     "tmpfs" };

	strbuf_addf(sb, " %s(%s,%s,%s,%s,%s%s%s,%d,%o,%lld:%lld,%lld)",
		    kinds[mount->kind], mount->from ?: "", mount->source ?: "",
		    mount->target ?: "", mount->id ?: "", mount->env ?: "",
		    mount->readonly ? " ro" : " rw",
		    mount->required ? " required" : "", (int)mount->sharing,
		    (unsigned int)mount->mode, (long long)mount->uid,
		    (long long)mount->gid, (long long)mount->size_bytes);
}

static void
add_run(struct strbuf *sb, const struct df_run *run)
{
	for (size_t i = 0; i < run->mount_count; i++)
		add_mount(sb, &run->mounts[i]);
	if (run->network != DF_NETWORK_DEFAULT)
		strbuf_addf(sb, " network%d", (int)run->network);
	if (run->insecure)
		strbuf_addstr(sb, " insecure");
	add_command(sb, &run->command);
	if (run->script.name)
		strbuf_addf(sb, " %s{%s}", run->script.name,
			    run->script.content);
}

static void
add_copy(struct strbuf *sb, const struct df_copy *copy)
{
	for (size_t i = 0; i < copy->sources.len; i++)
		strbuf_addf(sb, " %s", copy->sources.v[i]);
	for (size_t i = 0; i < copy->file_count; i++)
		strbuf_addf(sb, " %s{%s}", copy->files[i].name,
			    copy->files[i].content);
	strbuf_addf(sb, " -> %s", copy->dest);
	if (copy->from)
		strbuf_addf(sb, " from=%s", copy->from);
	if (copy->chown)
		strbuf_addf(sb, " chown=%s", copy->chown);
	if (copy->chmod)
		strbuf_addf(sb, " chmod=%s", copy->chmod);
	if (copy->checksum)
		strbuf_addf(sb, " checksum=%s", copy->checksum);
	for (size_t i = 0; i < copy->excludes.len; i++)
		strbuf_addf(sb, " exclude=%s", copy->excludes.v[i]);
	strbuf_addf(sb, "%s%s%s", copy->link ? " link" : "",
		    copy->parents ? " parents" : "",
		    copy->keep_git_dir ? " git" : "");
	if (copy->unpack >= 0)
		strbuf_addf(sb, " unpack=%d", copy->unpack);
}

static void
add_pairs(struct strbuf *sb, const struct df_pairs *pairs)
{
	for (size_t i = 0; i < pairs->len; i++)
		strbuf_addf(sb, " %s=%s", pairs->items[i].key,
			    pairs->items[i].value ?: "(none)");
}

static void
add_health(struct strbuf *sb, const struct df_healthcheck *health)
{
	if (health->is_none) {
		strbuf_addstr(sb, " none");
		return;
	}
	add_command(sb, &health->test);
	strbuf_addf(sb, " %lld %lld %lld %lld %lld",
		    (long long)health->interval_ns,
		    (long long)health->timeout_ns,
		    (long long)health->start_period_ns,
		    (long long)health->start_interval_ns,
		    (long long)health->retries);
}

static void
add_step(struct strbuf *sb, const struct df_step *step)
{
	strbuf_addf(sb, "%s%s", sb->len ? "; " : "", df_cmd_name(step->cmd));
	switch (step->cmd) {
	case DF_ADD:
	case DF_COPY:
		add_copy(sb, &step->copy);
		break;
	case DF_ARG:
	case DF_ENV:
	case DF_LABEL:
		add_pairs(sb, &step->pairs);
		break;
	case DF_CMD:
	case DF_ENTRYPOINT:
		add_command(sb, &step->command);
		break;
	case DF_EXPOSE:
	case DF_SHELL:
	case DF_VOLUME:
		for (size_t i = 0; i < step->words.len; i++)
			strbuf_addf(sb, " %s", step->words.v[i]);
		break;
	case DF_HEALTHCHECK:
		add_health(sb, &step->health);
		break;
	case DF_RUN:
		add_run(sb, &step->run);
		break;
	default:
		strbuf_addf(sb, " %s", step->word);
		break;
	}
}

enum show {
	SHOW_STEPS,
	SHOW_HISTORY,
	SHOW_TITLES
};

static int
show_stage(const char *text, enum show show, struct strbuf *sb, struct err *err)
{
	cleanup_free char *whole = xasprintf("FROM x\n%s", text);
	cleanup_with(dockerfile_free) struct dockerfile *df =
		dockerfile_new("f", span_of(whole));
	struct df_globals globals = DF_GLOBALS_INIT;
	cleanup_strvec struct strvec env = STRVEC_INIT;
	struct df_scope scope;
	struct df_inputs inputs = { .build_args = NULL };
	int r = dockerfile_parse(df, err);

	if (r < 0)
		return r;
	strvec_add_array(&env, (char *const *)image_env);
	platform_host(&inputs.target);
	platform_host(&inputs.build);
	r = df_globals_init(df, &inputs, &globals, NULL, err);
	df_scope_init(&scope, &env);
	for (size_t i = 0; r == 0 && i < df->stages[0].len; i++) {
		struct df_step step;

		r = df_step_make(df, &df->stages[0].items[i], &scope, &globals,
				 &step, NULL, err);
		if (r < 0)
			break;
		df_scope_apply(&scope, &step);
		if (show == SHOW_STEPS) {
			add_step(sb, &step);
		} else if (show == SHOW_TITLES) {
			strbuf_addf(sb, "%s%s", sb->len ? "; " : "",
				    step.title);
		} else {
			cleanup_strvec struct strvec argv = STRVEC_INIT;

			if (step.cmd == DF_RUN || step.cmd == DF_CMD ||
			    step.cmd == DF_ENTRYPOINT)
				df_command_argv(step.cmd == DF_RUN
							? &step.run.command
							: &step.command,
						NULL, &argv);
			strbuf_addstr(sb, sb->len ? "; " : "");
			df_step_add_history(&step, &scope, &argv, NULL, sb);
		}
		df_step_release(&step);
	}
	df_scope_release(&scope);
	df_globals_release(&globals);
	return r;
}

static int
show_steps(const char *text, struct strbuf *sb, struct err *err)
{
	return show_stage(text, SHOW_STEPS, sb, err);
}

static int
show_history(const char *text, struct strbuf *sb, struct err *err)
{
	return show_stage(text, SHOW_HISTORY, sb, err);
}

static int
show_titles(const char *text, struct strbuf *sb, struct err *err)
{
	return show_stage(text, SHOW_TITLES, sb, err);
}

Test(dockerfile_step, replaces_variables_where_they_mean_something)
{
	static const struct spec_case cases[] = {
		{ "ENV x=$A y=${A} z=$B", "ENV x=a y=a z=b c" },
		{ "ENV x='$A' y=\"$A\" z=\\$A", "ENV x=$A y=a z=$A" },
		{ "ENV x=\"a\\\"b\\q\" y='a\\b'", "ENV x=a\"b\\q y=a\\b" },
		{ "ENV x=a\\ b", "ENV x=a b" },
		{ "ENV x $A  'b' c", "ENV x=a  b c" },
		{ "ENV $A=1", "ENV a=1" },
		{ "ENV x=${Z:-d} y=${E:-d} z=${E-d} w=${A:-d}",
		  "ENV x=d y=d z= w=a" },
		{ "ENV x=${A:+s} y=${E:+s} z=${E+s} w=${Z+s}",
		  "ENV x=s y= z=s w=" },
		{ "ENV x=${Z:-${A:-q}$A}", "ENV x=aa" },
		{ "ENV x=${N#*/} y=${N%.*} z=${N%%.*} w=${N##*.}",
		  "ENV x=y.tar.gz y=x/y.tar z=x/y w=gz" },
		{ "ENV x=${N/a/A} y=${N//r/R} z=${N/y*/}",
		  "ENV x=x/y.tAr.gz y=x/y.taR.gz z=x/" },
		{ "ENV x=$Z y=$1 z=$ w=$@$#", "ENV x= y= z=$ w=" },
		{ "ENV x=1 A=$x\nENV y=$x", "ENV x=1 A=; ENV y=1" },
		{ "ENV x=${A:?no}", "ENV x=a" },
		{ "ENV x=${Z:?no}", NULL },
		{ "ENV x=${Z?}", NULL },
		{ "ENV x=${A", NULL },
		{ "ENV x=${A:#b}", NULL },
		{ "ENV x=${A@b}", NULL },
		{ "ENV x=${}", NULL },
		{ "LABEL $A=$B c", NULL },
		{ "LABEL $A=\"$B\" c=d", "LABEL a=b c c=d" },
		{ "EXPOSE $P", "EXPOSE 443/tcp 80/tcp" },
		{ "EXPOSE 80-82/UDP 5", "EXPOSE 5/tcp 80/udp 81/udp 82/udp" },
		{ "EXPOSE 127.0.0.1:80:90/tcp", "EXPOSE 90/tcp" },
		{ "EXPOSE 0 1 65535", "EXPOSE 0/tcp 1/tcp 65535/tcp" },
		{ "EXPOSE 0-1/udp", NULL },
		{ "USER $A:$A", "USER a:a" },
		{ "WORKDIR /x/$A/$B", "WORKDIR /x/a/b c" },
		{ "WORKDIR $Z", NULL },
		{ "STOPSIGNAL ${Z:-SIGINT}", "STOPSIGNAL SIGINT" },
		{ "STOPSIGNAL $A", NULL },
		{ "VOLUME $A /x", "VOLUME a /x" },
		{ "VOLUME [\"/$A b\"]", "VOLUME /a b" },
		{ "VOLUME $Z", NULL },
		{ "CMD echo $A", "CMD sh|echo $A" },
		{ "CMD [\"$A\"]", "CMD exec|$A" },
		{ "ENTRYPOINT []", "ENTRYPOINT exec" },
		{ "SHELL [\"$A\", \"-c\"]", "SHELL $A -c" },
		{ "ONBUILD RUN $A", "ONBUILD RUN $A" },
		{ "ONBUILD RUN <<E\n$A\nE", "ONBUILD RUN <<E\n$A\nE" },
		{ "MAINTAINER $A", "MAINTAINER $A" },
		{ "HEALTHCHECK NONE", "HEALTHCHECK none" },
		{ "HEALTHCHECK --interval=1s --timeout=2ms --start-period=1m --start-interval=0s --retries=3 CMD x $A",
		  "HEALTHCHECK sh|x $A 1000000000 2000000 60000000000 0 3" },
		{ "HEALTHCHECK CMD [\"a\"]", "HEALTHCHECK exec|a 0 0 0 0 0" },
	};

	spec_check(show_steps, cases, ARRAY_LEN(cases));
}

Test(dockerfile_step, copies)
{
	static const struct spec_case cases[] = {
		{ "COPY $A b/ $B/", "COPY a b/ -> b c/" },
		{ "COPY [\"$A x\", \"y\"]", "COPY a x -> y" },
		{ "COPY --from=Base --chown=$A:1 --chmod=0644 --link --parents a b",
		  "COPY a -> b from=Base chown=a:1 chmod=0644 link parents" },
		{ "COPY --chmod=u=rwX,go=rX a b",
		  "COPY a -> b chmod=u=rwX,go=rX" },
		{ "COPY --chmod=$A a b", NULL },
		{ "COPY --exclude=*.$A --exclude=b a b",
		  "COPY a -> b exclude=*.a exclude=b" },
		{ "COPY --link=false a b", "COPY a -> b" },
		{ "COPY $Z b", "COPY . -> b" },
		{ "COPY b $Z", "COPY b -> ." },
		{ "COPY <<f <<\"g\" /x\n$A '$A' \"q\" \\$A \\\\\nf\n$A\ng",
		  "COPY f{a 'a' \"q\" $A \\\n} g{$A\n} -> /x" },
		{ "COPY <<-f /x\n\t\tx\n\tf", "COPY f{x\n} -> /x" },
		{ "COPY <<a/b /x\nx\na/b", NULL },
		{ "COPY https://a/b c", NULL },
		{ "COPY $A https://a/b c", NULL },
		{ "COPY github.com/a/b c", "COPY github.com/a/b -> c" },
		{ "ADD https://a/b.git#v1:x c",
		  "ADD https://a/b.git#v1:x -> c" },
		{ "ADD --unpack --keep-git-dir a c",
		  "ADD a -> c git unpack=1" },
		{ "ADD --unpack=false a c", "ADD a -> c unpack=0" },
		{ "ADD --checksum=sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855 https://a/b c",
		  "ADD https://a/b -> c checksum=sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855" },
		{ "ADD --checksum=0123456789abcdef0123456789abcdef01234567 https://a/b.git c",
		  "ADD https://a/b.git -> c checksum=0123456789abcdef0123456789abcdef01234567" },
		{ "ADD --checksum=md5:x https://a/b c", NULL },
		{ "ADD --checksum=sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855 https://a/b https://a/d c",
		  NULL },
	};

	spec_check(show_steps, cases, ARRAY_LEN(cases));
}

Test(dockerfile_step, runs)
{
	static const struct spec_case cases[] = {
		{ "RUN echo $A", "RUN sh|echo $A" },
		{ "RUN [\"a\", \"$A\"]", "RUN exec|a|$A" },
		{ "RUN", NULL },
		{ "RUN []", NULL },
		{ "RUN --network=none a", "RUN network2 sh|a" },
		{ "RUN --network=host --security=insecure a",
		  "RUN network1 insecure sh|a" },
		{ "RUN --network=$A a", NULL },
		{ "RUN <<E\na\nb $A\nE", "RUN sh|a\nb $A\n" },
		{ "RUN <<-E\n\ta\n\tE", "RUN sh|a\n" },
		{ "RUN <<E\n#!/bin/x\na\nE",
		  "RUN exec|/dev/pipes/E E{#!/bin/x\na\n}" },
		{ "RUN cat <<E >/x\na\nE", "RUN sh|cat <<E >/x\na\nE" },
		{ "RUN cat <<-A <<B\n\t1\nA\n2\nB",
		  "RUN sh|cat <<-A <<B\n\t1\nA\n2\nB" },
		{ "RUN --mount=target=/x a",
		  "RUN bind(,,/x,, ro,0,0,0:0,0) sh|a" },
		{ "RUN --mount=type=bind,from=b,source=s,dst=x,rw a",
		  "RUN bind(b,s,x,, rw,0,0,0:0,0) sh|a" },
		{ "RUN --mount=type=bind,target=/x,readonly=false a",
		  "RUN bind(,,/x,, rw,0,0,0:0,0) sh|a" },
		{ "RUN --mount=TYPE=Cache,TARGET=/$A//y/ a",
		  "RUN cache(,,/a//y/,/a/y, rw,0,755,0:0,0) sh|a" },
		{ "RUN --mount=type=cache,target=x,id=i,sharing=locked,mode=0700,uid=1,gid=2,ro a",
		  "RUN cache(,,x,i, ro,2,700,1:2,0) sh|a" },
		{ "RUN --mount=type=cache,target=/x,from=b,source=/s,sharing=private a",
		  "RUN cache(b,/s,/x,/x, rw,1,755,0:0,0) sh|a" },
		{ "RUN --mount=type=tmpfs,target=/x,size=1k a",
		  "RUN tmpfs(,,/x,, rw,0,0,0:0,1024) sh|a" },
		{ "RUN --mount=type=secret,id=s a",
		  "RUN secret(,,/run/secrets/s,s, ro,0,400,0:0,0) sh|a" },
		{ "RUN --mount=type=secret,target=/a/b,required,mode=0444 a",
		  "RUN secret(,,/a/b,b, ro required,0,444,0:0,0) sh|a" },
		{ "RUN --mount=type=secret,id=s,env=X a",
		  "RUN secret(,,,s,X ro,0,400,0:0,0) sh|a" },
		{ "RUN --mount=type=secret,source=s a",
		  "RUN secret(,,/run/secrets/s,s, ro,0,400,0:0,0) sh|a" },
		{ "RUN --mount=type=ssh a",
		  "RUN ssh(,,,default, ro,0,600,0:0,0) sh|a" },
		{ "RUN --mount=type=ssh,id=x,required=true,target=/s a",
		  "RUN ssh(,,/s,x, ro required,0,600,0:0,0) sh|a" },
		{ "RUN --mount='type=cache,\"target=/a,b\"' a",
		  "RUN cache(,,/a,b,/a,b, rw,0,755,0:0,0) sh|a" },
		{ "RUN --mount=type=cache,target=/x,id=${Z:-a,b} a", NULL },
		{ "RUN --mount=type=bind a", NULL },
		{ "RUN --mount=type=cache,target=/ a", NULL },
		{ "RUN --mount=type=cache,target=/x/.. a", NULL },
		{ "RUN --mount=type=bind,target=/x,mode=1 a", NULL },
		{ "RUN --mount=type=tmpfs,target=/x,uid=1 a", NULL },
		{ "RUN --mount=type=bind,target=/x,size=1 a", NULL },
		{ "RUN --mount=type=cache,target=/x,required a", NULL },
		{ "RUN --mount=type=bind,target=/x,sharing=shared a", NULL },
		{ "RUN --mount=type=cache,target=/x,sharing=no a", NULL },
		{ "RUN --mount=type=cache,target=/x,mode=9 a", NULL },
		{ "RUN --mount=type=cache,target=/x,uid=a a", NULL },
		{ "RUN --mount=type=secret,from=x,id=a a", NULL },
		{ "RUN --mount=type=secret,source=x,id=a a", NULL },
		{ "RUN --mount=type=secret a", NULL },
		{ "RUN --mount=type=bind,from=$A,target=/x a", NULL },
		{ "RUN --mount=type=bind,target a", NULL },
		{ "RUN --mount=type=bind,target=/x,ro=maybe a", NULL },
		{ "RUN --mount= a", NULL },
	};

	spec_check(show_steps, cases, ARRAY_LEN(cases));
}

Test(dockerfile_step, history_reads_as_buildkit_writes_it)
{
	static const struct spec_case cases[] = {
		{ "RUN a b", "RUN /bin/sh -c a b # buildkit" },
		{ "ARG v=1\nARG w\nRUN a",
		  "ARG v=1; ARG w; RUN |2 v=1 w= /bin/sh -c a # buildkit" },
		{ "RUN [\"a\", \"b\"]", "RUN a b # buildkit" },
		{ "COPY --from=x --chown=1 --chmod=0644 --link a b c/",
		  "COPY --chown=1 --chmod=0644 --link a b c/ # buildkit" },
		{ "COPY <<f /x\nf", "COPY <<f /x # buildkit" },
		{ "ENV a=b c=\"d e\"", "ENV a=b c=d e" },
		{ "LABEL a=b", "LABEL a=b" },
		{ "CMD a", "CMD [\"/bin/sh\" \"-c\" \"a\"]" },
		{ "ENTRYPOINT [\"a\"]", "ENTRYPOINT [\"a\"]" },
		{ "EXPOSE 80 90/udp", "EXPOSE [80/tcp 90/udp]" },
		{ "VOLUME /a /b", "VOLUME [/a /b]" },
		{ "USER a", "USER a" },
		{ "WORKDIR /a", "WORKDIR /a" },
		{ "STOPSIGNAL 9", "STOPSIGNAL 9" },
		{ "SHELL [\"a\", \"-c\"]", "SHELL [a -c]" },
		{ "MAINTAINER a", "MAINTAINER a" },
		{ "HEALTHCHECK --interval=1m --retries=2 CMD a",
		  "HEALTHCHECK --interval=1m0s --retries=2 CMD a" },
		{ "HEALTHCHECK NONE", "HEALTHCHECK NONE" },
	};

	spec_check(show_history, cases, ARRAY_LEN(cases));
}

Test(dockerfile_step, titles_keep_what_is_unset)
{
	static const struct spec_case cases[] = {
		{ "run echo  $A $Z ${Z:-x}", "RUN echo  a $Z x" },
		{ "RUN echo ${", "RUN echo ${" },
		{ "RUN <<E\nmake it\nso\nE", "RUN <<E (make it...)" },
		{ "COPY --chown=$A a b", "COPY --chown=a a b" },
	};

	spec_check(show_titles, cases, ARRAY_LEN(cases));
}

Test(dockerfile_step, chmod_is_octal_or_symbolic)
{
	static const struct {
		const char *text;
		unsigned int mode, want;
		bool is_dir;
	} cases[] = {
		{ "0644", 0777, 0644, false },
		{ "4755", 0, 04755, false },
		{ "0", 0777, 0, false },
		{ "+x", 0644, 0755, false },
		{ "+w", 0444, 0644, false },
		{ "a+w", 0444, 0666, false },
		{ "a-x", 0777, 0666, false },
		{ "u=rwX,go=rX", 0600, 0644, false },
		{ "u=rwX,go=rX", 0700, 0755, false },
		{ "u=rwX,go=rX", 0600, 0755, true },
		{ "g=u", 0740, 0770, false },
		{ "o=g,u-w", 0664, 0466, false },
		{ "go=", 0777, 0700, false },
		{ "u+s", 0755, 04755, false },
		{ "g+s,+t", 0755, 03755, false },
		{ "u+r-w", 0300, 0500, false },
	};
	static const char *const bad[] = { "",    "8",    "07778",
					   "u",   "u+q",  "+x,",
					   "z+x", "644x", "u=rw,,g=r" };

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		cr_expect(zero(int, df_chmod_check(cases[i].text, NULL)), "%s",
			  cases[i].text);
		cr_expect(eq(uint,
			     df_chmod_apply(cases[i].text, cases[i].mode,
					    cases[i].is_dir),
			     cases[i].want),
			  "%s", cases[i].text);
	}
	for (size_t i = 0; i < ARRAY_LEN(bad); i++)
		cr_expect(eq(int, df_chmod_check(bad[i], NULL), -EINVAL), "%s",
			  bad[i]);
}

Test(dockerfile_step, sources_are_told_apart)
{
	static const struct {
		const char *text;
		enum df_source kind;
	} cases[] = {
		{ "a", DF_SOURCE_LOCAL },
		{ "a@b", DF_SOURCE_LOCAL },
		{ "a/b@c:d", DF_SOURCE_LOCAL },
		{ "github.com/a/b", DF_SOURCE_LOCAL },
		{ "http://a/b", DF_SOURCE_URL },
		{ "https://a/b.tar.gz", DF_SOURCE_URL },
		{ "https://a/b.git", DF_SOURCE_GIT },
		{ "https://a/b.git#main:sub", DF_SOURCE_GIT },
		{ "https://a/b.git?ref=x", DF_SOURCE_GIT },
		{ "https://a/b#c.git", DF_SOURCE_URL },
		{ "git@h:a/b.git", DF_SOURCE_GIT },
		{ "me@h:x", DF_SOURCE_GIT },
		{ "ssh://a/b", DF_SOURCE_GIT },
		{ "git://a/b", DF_SOURCE_GIT },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		cr_expect(eq(int, df_source_of(cases[i].text), cases[i].kind),
			  "%s", cases[i].text);
}
