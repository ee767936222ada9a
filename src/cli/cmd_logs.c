/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cli/cmd_logs.c - dhow logs: what a container wrote.
 */
#include <errno.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/io.h"
#include "base/units.h"
#include "cli/cmd_list.h"
#include "cli/cmd_session.h"
#include "cli/say.h"
#include "container/log_reader.h"

#define BATCH_BYTES 65536

static const struct flag flags[] = {
	{ .name = "details",
	  .kind = FLAG_BOOL,
	  .help = "show what --log-opt env, labels and tag add to each line" },
	{ .name = "follow",
	  .letter = 'f',
	  .kind = FLAG_BOOL,
	  .help = "go on until the container ends" },
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

struct printer {
	struct log_reader reader;
	struct strbuf batch; /* not written yet */
	int fd;              /* where it goes */
	bool in_line[2]; /* of stdout and stderr: a line is not at its end */
	bool timestamps;
	bool details;
	bool warned;
	const char *name;
};

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

static int
print_record(struct printer *printer)
{
	const struct log_record *record = &printer->reader.record;
	bool *in_line = &printer->in_line[record->is_stderr];
	int fd = record->is_stderr ? STDERR_FILENO : STDOUT_FILENO;
	int r = 0;

	if (fd != printer->fd || printer->batch.len > BATCH_BYTES)
		r = flush(printer);
	printer->fd = fd;
	if (!*in_line && printer->timestamps) {
		units_add_nano_time(&printer->batch, record->time_ns, false);
		strbuf_addch(&printer->batch, ' ');
	}
	if (!*in_line && printer->details)
		add_details(&printer->batch, record->attrs);
	strbuf_add(&printer->batch, record->text.buf, record->text.len);
	*in_line = record->text.len &&
		   record->text.buf[record->text.len - 1] != '\n';
	return r;
}

static void
warn_of_damage(struct printer *printer)
{
	if (!printer->reader.damaged || printer->warned)
		return;
	say_warning(
		"the log of '%s' is damaged: %llu of its records %s left out",
		printer->name, (unsigned long long)printer->reader.damaged,
		printer->reader.damaged == 1 ? "was" : "were");
	printer->warned = true;
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

static int
print_log(struct printer *printer, const struct log_reader_opts *opts,
	  struct err *err)
{
	struct pollfd pollfds[LOG_READER_POLLFDS];
	int step, r = 0;

	for (;;) {
		step = log_reader_next(&printer->reader, err);
		if (step == LOG_READER_RECORD)
			r = print_record(printer);
		else
			r = flush(printer);
		if (r < 0)
			return r == -EPIPE ? 0
					   : err_code(err, -r, "write the log");
		if (step == LOG_READER_RECORD)
			continue;
		warn_of_damage(printer);
		if (step != LOG_READER_WAIT || !time_left(opts))
			return step < 0 ? step : 0;
		log_reader_pollfds(&printer->reader, pollfds);
		if (poll(pollfds, LOG_READER_POLLFDS, time_left(opts)) < 0 &&
		    errno != EINTR)
			return err_sys(err, "wait for the log");
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

static int
run(struct cmd_ctx *ctx)
{
	cleanup_session struct session session = SESSION_INIT;
	cleanup_container struct container container = CONTAINER_INIT;
	struct printer printer = {
		.reader = LOG_READER_INIT,
		.batch = STRBUF_INIT,
		.fd = STDOUT_FILENO,
		.timestamps = args_bool(ctx->args, "timestamps"),
		.details = args_bool(ctx->args, "details"),
		.name = args_operand(ctx->args, 0),
	};
	struct log_reader_opts opts;
	int r;

	r = read_opts(ctx->args, &opts, ctx->err);
	if (r == 0)
		r = cmd_session(ctx, &session);
	if (r == 0)
		r = container_find(&session, printer.name, &container,
				   ctx->err);
	if (r == 0)
		r = log_reader_open(&printer.reader, &container, &opts,
				    ctx->err);
	if (r == 0)
		r = print_log(&printer, &opts, ctx->err);
	log_reader_close(&printer.reader);
	strbuf_release(&printer.batch);
	return r;
}

static const struct cmd_example examples[] = {
	{ "the last ten lines", "dhow logs --tail 10 web" },
	{ "what came in the last minute, with times",
	  "dhow logs --since 1m -t web" },
};

const struct cmd cmd_logs = {
	.path = "logs",
	.aliases = "container logs",
	.summary = "show what a container wrote",
	.operands = "CONTAINER",
	.about = "What it wrote to standard output comes on standard output, "
		 "and standard error likewise. Records that cannot be read, "
		 "as after a crash of the host, are left out with a warning.",
	CMD_FLAGS(flags),
	CMD_EXAMPLES(examples),
	.min_operands = 1,
	.max_operands = 1,
	.offer = OFFER_CONTAINER,
	.run = run,
};
