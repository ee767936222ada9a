/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cli/cmd_logs.c - dhow logs: what a container wrote.
 */
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/io.h"
#include "base/units.h"
#include "cli/cmd_list.h"
#include "cli/cmd_session.h"
#include "cli/say.h"
#include "cli/targets.h"
#include "container/log_reader.h"

#define BATCH_BYTES 65536
#define SHORT_ID 12
#define COLOURS 6

static const char *const colours[COLOURS] = {
	"\033[36m", "\033[33m", "\033[32m", "\033[35m", "\033[34m", "\033[31m",
};

static const struct flag flags[] = {
	{ .name = "color",
	  .kind = FLAG_BOOL,
	  .help = "of several containers: each name in a colour of its own" },
	{ .name = "details",
	  .kind = FLAG_BOOL,
	  .help = "show what --log-opt env, labels and tag add to each line" },
	{ .name = "follow",
	  .letter = 'f',
	  .kind = FLAG_BOOL,
	  .help = "go on until the container ends" },
	TARGETS_LATEST,
	{ .name = "names",
	  .kind = FLAG_BOOL,
	  .help = "start each line with the container's name" },
	{ .name = "since",
	  .meta = "TIME",
	  .kind = FLAG_STR,
	  .help = "only what came after: 10m, 2026-01-02T15:04, Unix seconds" },
	{ .name = "tail",
	  .letter = 'n',
	  .meta = "N",
	  .kind = FLAG_STR,
	  .fallback = "all",
	  .help = "only the last N lines" },
	{ .name = "timestamps",
	  .letter = 't',
	  .kind = FLAG_BOOL,
	  .help = "start each line with its time" },
	{ .name = "until",
	  .meta = "TIME",
	  .kind = FLAG_STR,
	  .help = "only what came before" },
};

/* One container's log. */
struct source {
	struct log_reader reader;
	char *label;     /* what its lines start with, "" for nothing */
	char *name;      /* as the user typed it */
	int step;        /* what log_reader_next() said last */
	bool in_line[2]; /* of stdout and stderr: a line is not at its end */
	bool warned;
};

struct printer {
	struct source *sources;
	size_t len;
	struct source *last[2]; /* who wrote last to stdout and stderr */
	struct strbuf batch;    /* not written yet */
	int fd;                 /* where it goes */
	bool timestamps;
	bool details;
};

static void
printer_release(struct printer *printer)
{
	for (size_t i = 0; i < printer->len; i++) {
		log_reader_close(&printer->sources[i].reader);
		free(printer->sources[i].label);
		free(printer->sources[i].name);
	}
	free(printer->sources);
	strbuf_release(&printer->batch);
}

static int
flush(struct printer *printer)
{
	int r = io_write_all(printer->fd, printer->batch.buf,
			     printer->batch.len);

	strbuf_reset(&printer->batch);
	return r;
}

/* "k=v,k2=v2 " */
static void
add_details(struct strbuf *sb, struct span attrs)
{
	cleanup_node struct node *obj = NULL;

	if (attrs.len &&
	    node_parse_json(attrs, "attributes", &obj, NULL) == 0) {
		node_sort_keys(obj);
		for (size_t i = 0; i < node_len(obj); i++)
			strbuf_addf(sb, "%s%s=%s", i ? "," : "",
				    node_key_at(obj, i),
				    node_str_or(node_value_at(obj, i), ""));
	}
	strbuf_addch(sb, ' ');
}

static void
begin_line(struct printer *printer, const struct source *source)
{
	const struct log_record *record = &source->reader.record;

	strbuf_addstr(&printer->batch, source->label);
	if (printer->timestamps) {
		units_add_nano_time(&printer->batch, record->time_ns, false);
		strbuf_addch(&printer->batch, ' ');
	}
	if (printer->details)
		add_details(&printer->batch, record->attrs);
}

/* What another one left without an end is ended: lines never mix. */
static void
take_turn(struct printer *printer, struct source *source, bool is_stderr)
{
	struct source *last = printer->last[is_stderr];

	if (last && last != source && last->in_line[is_stderr]) {
		strbuf_addch(&printer->batch, '\n');
		last->in_line[is_stderr] = false;
	}
	printer->last[is_stderr] = source;
}

static int
print_record(struct printer *printer, struct source *source)
{
	const struct log_record *record = &source->reader.record;
	bool *in_line = &source->in_line[record->is_stderr];
	int fd = record->is_stderr ? STDERR_FILENO : STDOUT_FILENO;
	int r = 0;

	if (fd != printer->fd || printer->batch.len > BATCH_BYTES)
		r = flush(printer);
	printer->fd = fd;
	take_turn(printer, source, record->is_stderr);
	if (!*in_line)
		begin_line(printer, source);
	strbuf_add(&printer->batch, record->text.buf, record->text.len);
	*in_line = record->text.len &&
		   record->text.buf[record->text.len - 1] != '\n';
	return r;
}

static void
warn_of_damage(struct source *source)
{
	if (!source->reader.damaged || source->warned)
		return;
	say_warning(
		"the log of '%s' is damaged: %llu of its records %s left out",
		source->name, (unsigned long long)source->reader.damaged,
		source->reader.damaged == 1 ? "was" : "were");
	source->warned = true;
}

/* How long to wait at most, in milliseconds; -1: for ever; 0: no more. */
static int
time_left(const struct log_reader_opts *opts)
{
	int64_t left = opts->until_ns - units_now_ns();

	if (!opts->until_ns)
		return -1;
	return left <= 0              ? 0
	       : left > 3600000000000 ? 3600000
				      : (int)(left / 1000000) + 1;
}

/* Look for the next record of who has none. 0 or -errno. */
static int
read_on(struct printer *printer, struct err *err)
{
	for (size_t i = 0; i < printer->len; i++) {
		struct source *source = &printer->sources[i];

		if (source->step == LOG_READER_RECORD ||
		    source->step == LOG_READER_END)
			continue;
		source->step = log_reader_next(&source->reader, err);
		if (source->step < 0)
			return source->step;
	}
	return 0;
}

/* The oldest record at hand, or NULL. */
static struct source *
pick_oldest(struct printer *printer)
{
	struct source *best = NULL;

	for (size_t i = 0; i < printer->len; i++) {
		struct source *source = &printer->sources[i];

		if (source->step == LOG_READER_RECORD &&
		    (!best || source->reader.record.time_ns <
				      best->reader.record.time_ns))
			best = source;
	}
	return best;
}

/* Until somebody may have more to tell. False when nobody will. */
static bool
wait_for_more(struct printer *printer, int timeout_ms)
{
	cleanup_free struct pollfd *pollfds =
		xcalloc(printer->len * LOG_READER_POLLFDS, sizeof(*pollfds));
	size_t n = 0;

	for (size_t i = 0; i < printer->len; i++) {
		struct source *source = &printer->sources[i];

		warn_of_damage(source);
		if (source->step != LOG_READER_WAIT)
			continue;
		log_reader_pollfds(&source->reader, pollfds + n);
		n += LOG_READER_POLLFDS;
	}
	if (!n || !timeout_ms)
		return false;
	return poll(pollfds, n, timeout_ms) >= 0 || errno == EINTR;
}

/* As one log, in the order of time. */
static int
print_logs(struct printer *printer, const struct log_reader_opts *opts,
	   struct err *err)
{
	for (;;) {
		int r = read_on(printer, err);
		struct source *source = r < 0 ? NULL : pick_oldest(printer);
		int written =
			source ? print_record(printer, source) : flush(printer);

		if (written < 0)
			return written == -EPIPE ? 0
						 : err_code(err, -written,
							    "write the log");
		if (source)
			source->step = LOG_READER_WAIT;
		else if (!wait_for_more(printer, time_left(opts)) || r < 0)
			return r;
	}
}

static int
read_time(const struct args *args, const char *flag, int64_t *ret_ns,
	  struct err *err)
{
	const char *text = args_str(args, flag);
	int r = text ? units_parse_time(text, units_now_ns(), ret_ns, err) : 0;

	return r < 0 ? err_wrap(err, r, "--%s", flag) : 0;
}

static int
read_opts(const struct args *args, struct log_reader_opts *opts,
	  struct err *err)
{
	const char *tail = args_str(args, "tail");
	int r = 0;

	*opts = (struct log_reader_opts){ .tail = -1,
					  .follow = args_bool(args, "follow") };
	if (strcmp(tail, "all") != 0)
		r = units_parse_i64(tail, INT64_MIN, INT64_MAX, &opts->tail,
				    err);
	if (r < 0)
		return err_wrap(err, r, "--tail");
	r = read_time(args, "since", &opts->since_ns, err);
	return r < 0 ? r : read_time(args, "until", &opts->until_ns, err);
}

/* "name ", or the start of the id where there are several; @i counts them. */
static char *
label_of(const struct cmd_ctx *ctx, const struct container *container, size_t i,
	 size_t count)
{
	bool names = args_bool(ctx->args, "names");
	bool coloured = args_bool(ctx->args, "color") && count > 1;
	int whole = names ? (int)strlen(container->name) : SHORT_ID;

	if (!names && count == 1)
		return xstrdup("");
	return xasprintf("%s%.*s%s ", coloured ? colours[i % COLOURS] : "",
			 whole, names ? container->name : container->id,
			 coloured ? "\033[0m" : "");
}

static int
open_source(struct cmd_ctx *ctx, struct session *session,
	    const struct strvec *names, size_t i,
	    const struct log_reader_opts *opts, struct source *ret_source)
{
	cleanup_container struct container container = CONTAINER_INIT;
	struct source source = { .reader = LOG_READER_INIT,
				 .step = LOG_READER_WAIT };
	int r = container_find(session, names->v[i], &container, ctx->err);

	if (r == 0)
		r = log_reader_open(&source.reader, &container, opts, ctx->err);
	if (r < 0)
		return r;
	source.name = xstrdup(names->v[i]);
	source.label = label_of(ctx, &container, i, names->len);
	*ret_source = source;
	return 0;
}

static int
run(struct cmd_ctx *ctx)
{
	cleanup_session struct session session = SESSION_INIT;
	cleanup_strvec struct strvec names = STRVEC_INIT;
	cleanup_release(printer_release) struct printer printer = {
		.batch = STRBUF_INIT,
		.fd = STDOUT_FILENO,
		.timestamps = args_bool(ctx->args, "timestamps"),
		.details = args_bool(ctx->args, "details"),
	};
	struct log_reader_opts opts;
	int r;

	r = read_opts(ctx->args, &opts, ctx->err);
	if (r == 0)
		r = cmd_session(ctx, &session);
	if (r == 0)
		r = targets_collect(ctx, &session, targets_any, &names);
	if (r < 0)
		return r;
	printer.sources = xcalloc(names.len, sizeof(*printer.sources));
	for (size_t i = 0; r == 0 && i < names.len; i++) {
		r = open_source(ctx, &session, &names, i, &opts,
				&printer.sources[i]);
		printer.len += r == 0;
	}
	return r < 0 ? r : print_logs(&printer, &opts, ctx->err);
}

static const struct cmd_example examples[] = {
	{ "the last ten lines", "dhow logs --tail 10 web" },
	{ "what came in the last minute, with times",
	  "dhow logs --since 1m -t web" },
	{ "two containers as one", "dhow logs --names web db" },
};

const struct cmd cmd_logs = {
	.path = "logs",
	.aliases = "container logs",
	.summary = "show what a container wrote",
	.operands = "CONTAINER...",
	.about = "What it wrote to standard output comes on standard output, "
		 "and standard error likewise. Records that cannot be read, "
		 "as after a crash of the host, are left out with a warning."
		 "\n\nLogs of several containers come as one, in the order of "
		 "time; each line starts with the container's id, or, with "
		 "--names, with its name.",
	CMD_FLAGS(flags),
	CMD_EXAMPLES(examples),
	.max_operands = CMD_MANY,
	.offer = OFFER_CONTAINER,
	.run = run,
};
