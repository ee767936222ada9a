/* SPDX-License-Identifier: Apache-2.0 */
#include "spec_table.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/units.h"
#include "cli/build_show.h"
#include "cli/build_words.h"

static int
show_output(const char *text, struct strbuf *sb, struct err *err)
{
	struct build_options opts = BUILD_OPTIONS_INIT;
	int r = build_words_output(&opts, text, err);

	for (size_t i = 0; r == 0 && i < opts.output_count; i++) {
		const struct build_output *out = &opts.outputs[i];

		strbuf_addf(sb, "%d %s %s%s%s%s f%lld", (int)out->kind,
			    out->dest ?: "(none)", out->name ?: "(none)",
			    out->push ? " push" : "",
			    out->tar_off ? " notar" : "",
			    opts.docker_format ? " docker" : "",
			    (long long)out->format);
	}
	build_options_release(&opts);
	return r;
}

Test(cli_build, outputs)
{
	static const struct spec_case cases[] = {
		{ "type=image", "0 (none) (none) f-1" },
		{ "type=image,name=a/b:1,push=true",
		  "0 (none) a/b:1 push f-1" },
		{ "type=registry,name=x", "0 (none) x push f-1" },
		{ "out", "1 out (none) f-1" },
		{ "type=local,dest=o", "1 o (none) f-1" },
		{ "-", "2 - (none) f-1" },
		{ "type=tar", "2 - (none) f-1" },
		{ "type=tar,dest=o.tar", "2 o.tar (none) f-1" },
		{ "type=oci,dest=o,tar=false,compression=zstd",
		  "3 o (none) notar f2" },
		{ "type=docker", "4 (none) (none) f-1" },
		{ "type=docker,\"dest=a,b\"", "4 a,b (none) f-1" },
		{ "type=cacheonly", "5 (none) (none) f-1" },
		{ "type=image,oci-mediatypes=false,rewrite-timestamp",
		  "0 (none) (none) docker f-1" },
		{ "type=local", NULL },
		{ "type=local,dest=-", NULL },
		{ "type=nope", NULL },
		{ "type=tar,dest=a,push=true", NULL },
		{ "type=image,push=perhaps", NULL },
		{ "type=image,foo=bar", NULL },
		{ "type=image,dest", NULL },
		{ "type=oci,dest=x,compression=lz4", NULL },
		{ "\"type=image", NULL },
	};

	/* Archives go to standard output only where that is no terminal. */
	cr_assert(freopen("/dev/null", "w", stdout) != NULL);
	spec_check(show_output, cases, ARRAY_LEN(cases));
}

static int
show_secret(const char *text, struct strbuf *sb, struct err *err)
{
	struct build_options opts = BUILD_OPTIONS_INIT;
	int r = build_words_secret(&opts, text, err);

	if (r == 0)
		strbuf_addf(sb, "%s file=%s env=%s", opts.secrets[0].id,
			    opts.secrets[0].file ?: "-",
			    opts.secrets[0].env ?: "-");
	build_options_release(&opts);
	return r;
}

Test(cli_build, secrets)
{
	static const struct spec_case cases[] = {
		{ "id=a,src=/etc/hostname", "a file=/etc/hostname env=-" },
		{ "id=a,source=/etc/hostname,type=file",
		  "a file=/etc/hostname env=-" },
		{ "id=a,env=SECRET_HERE", "a file=- env=SECRET_HERE" },
		{ "id=SECRET_HERE", "SECRET_HERE file=- env=SECRET_HERE" },
		{ "id=SECRET_HERE,type=env",
		  "SECRET_HERE file=- env=SECRET_HERE" },
		{ "type=env,id=a,src=SECRET_HERE", "a file=- env=SECRET_HERE" },
		{ "id=/etc/hostname",
		  "/etc/hostname file=/etc/hostname env=-" },
		{ "src=/etc/hostname", NULL },
		{ "id=a,src=/nonexistent", NULL },
		{ "id=a,src=/etc", NULL },
		{ "id=a,env=SECRET_NOT_HERE", NULL },
		{ "id=a,env=SECRET_HERE,src=/etc/hostname", NULL },
		{ "id=a,type=vault,src=/etc/hostname", NULL },
		{ "id=a,foo=b", NULL },
		{ "id", NULL },
	};

	(void)setenv("SECRET_HERE", "x", 1);
	(void)unsetenv("SECRET_NOT_HERE");
	spec_check(show_secret, cases, ARRAY_LEN(cases));
}

static int
show_ssh(const char *text, struct strbuf *sb, struct err *err)
{
	struct build_options opts = BUILD_OPTIONS_INIT;
	int r = build_words_ssh(&opts, text, err);

	if (r == 0) {
		strbuf_addf(sb, "%s:", opts.ssh[0].id);
		spec_add_list(sb, &opts.ssh[0].paths);
	}
	build_options_release(&opts);
	return r;
}

static int
show_cache(const char *text, struct strbuf *sb, struct err *err)
{
	struct build_options opts = BUILD_OPTIONS_INIT;
	int r = build_words_cache_to(&opts, text, err);

	if (r == 0)
		strbuf_addf(sb, "%d %s%s", (int)opts.cache_to[0].kind,
			    opts.cache_to[0].where ?: "-",
			    opts.cache_to[0].max ? " max" : "");
	build_options_release(&opts);
	return r;
}

Test(cli_build, agents_and_caches)
{
	static const struct spec_case sshs[] = {
		{ "default", "default:" },
		{ "default=/run/agent", "default:/run/agent" },
		{ "id=/a,/b", "id:/a /b" },
		{ "=x", NULL },
		{ "", NULL },
	};
	static const struct spec_case caches[] = {
		{ "host/name:tag", "1 host/name:tag" },
		{ "type=registry,ref=host/name,mode=max", "1 host/name max" },
		{ "type=local,dest=/c,mode=min", "0 /c" },
		{ "type=inline", "2 -" },
		{ "type=local", NULL },
		{ "type=local,src=/c", NULL },
		{ "type=registry", NULL },
		{ "type=registry,ref=UPPER", NULL },
		{ "type=gha", NULL },
		{ "type=s3,bucket=x", NULL },
		{ "type=inline,mode=most", NULL },
	};

	(void)setenv("SSH_AUTH_SOCK", "/run/agent", 1);
	spec_check(show_ssh, sshs, ARRAY_LEN(sshs));
	spec_check(show_cache, caches, ARRAY_LEN(caches));
}

/* Two vertices whose output mixes, and one that fails. */
static void
play(struct build_show *show)
{
	struct build_sink sink = build_show_sink(show);
	struct build_vertex a = { .number = 1, .name = "[1/2] RUN a" };
	struct build_vertex b = { .number = 2, .name = "[2/2] RUN b" };
	struct build_event event = { .now_ns = UNITS_NS_PER_S };

#define SEND(vertex_, kind_, ms_, ...)                                     \
	do {                                                               \
		event = (struct build_event){ .kind = BUILD_EVENT_##kind_, \
					      .vertex = vertex_,           \
					      .now_ns = UNITS_NS_PER_S +   \
							(ms_)*1000000L,    \
					      ##__VA_ARGS__ };             \
		sink.event(sink.data, &event);                             \
	} while (0)
	SEND(&a, START, 0);
	SEND(&a, LOG, 100, .log = span_of("one\ntw"));
	SEND(&b, START, 200);
	SEND(&b, LOG, 250, .log = span_of("10%\r100%\n"));
	SEND(&a, LOG, 300, .log = span_of("o\nno end"));
	SEND(&a, DONE, 1500);
	SEND(&b, STATUS, 1600, .id = "f", .action = "got", .done = 1000,
	     .total = 2000);
	SEND(&b, STATUS, 1600, .id = "f", .action = "got", .done = 2000,
	     .total = 2000);
	SEND(&b, FAILED, 1700, .text = "exit code: 1");
	SEND(NULL, NOTE, 1700, .text = "take care");
	build_show_end(show);
	build_show_failure(show, &b);
}

static char *
played(enum build_style style)
{
	cleanup_close int fd = memfd_create("out", MFD_CLOEXEC);
	struct build_show *show = build_show_new(style, fd);
	char *text = xcalloc(1, 65536);

	play(show);
	build_show_free(show);
	cr_assert(ge(i64, pread(fd, text, 65535, 0), 0));
	return text;
}

Test(cli_build, plain_progress_names_whose_lines_these_are)
{
	cleanup_free char *out = played(BUILD_STYLE_PLAIN);

	cr_expect(eq(str, out,
		     "#1 [1/2] RUN a\n"
		     "#1 0.100 one\n"
		     "\n#2 [2/2] RUN b\n"
		     "#2 0.050 100%\n"
		     "\n#1 [1/2] RUN a\n"
		     "#1 0.300 two\n"
		     "#1 1.500 no end\n"
		     "#1 DONE 1.5s\n"
		     "\n#2 [2/2] RUN b\n"
		     "#2 f got 2kB done\n"
		     "#2 ERROR: exit code: 1\n"
		     "warning: take care\n"
		     "------\n > [2/2] RUN b:\n0.050 100%\n------\n"));
}

Test(cli_build, quiet_progress_speaks_of_failure_only)
{
	cleanup_free char *out = played(BUILD_STYLE_QUIET);

	cr_expect(
		eq(str, out, "------\n > [2/2] RUN b:\n0.050 100%\n------\n"));
}

Test(cli_build, json_progress_is_whole_objects)
{
	cleanup_free char *out = played(BUILD_STYLE_JSON);
	struct span rest = span_of(out), line;
	size_t count = 0;

	for (; span_next(&rest, '\n', &line); count++) {
		cleanup_node struct node *node = NULL;

		cr_expect(zero(int, node_parse_json(line, "j", &node, NULL)));
	}
	cr_expect(eq(sz, count, 9));
}

Test(cli_build, a_terminal_has_every_vertex_at_the_end)
{
	cleanup_free char *out = played(BUILD_STYLE_TTY);
	const char *last = strstr(out, "(2/2)");

	cr_assert(last != NULL);
	cr_expect(strstr(last, " => [1/2] RUN a") != NULL);
	cr_expect(strstr(last, " => ERROR [2/2] RUN b") != NULL);
	cr_expect(strstr(last, " => => #") == NULL);
}
