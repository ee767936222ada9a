/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cli/cmd_top.c - dhow top: the processes of a container.
 *
 * Without options, docker's columns; words of podman's (user,pid,args) choose
 * others. Anything else goes to the host's ps(1), whose lines about the
 * container's processes are kept, as docker does.
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/fsx.h"
#include "base/io.h"
#include "base/proc.h"
#include "base/text.h"
#include "base/units.h"
#include "cli/cmd_list.h"
#include "cli/cmd_session.h"
#include "cli/say.h"
#include "cli/targets.h"
#include "container/lookup.h"
#include "container/processes.h"
#include "container/rootfs.h"
#include "spec/choice.h"
#include "ui/table.h"

#define PASSWD_MAX_BYTES (1U << 20)
#define PS_MAX_BYTES (64U << 20)
#define TTY_MAJOR_PTS 136
#define TTY_MAJOR_PTS_LAST 143
#define DEFAULT_COLUMNS "uid,hpid,hppid,c,stime,tty,time,args"

struct top {
	struct container container;
	struct container_processes processes;
	struct strbuf passwd; /* of the container */
	int64_t now_ns, boot_ns;
};

typedef void (*column_fn)(const struct top *top,
			  const struct container_process *process,
			  struct strbuf *sb);

static int64_t
cpu_seconds(const struct container_process *process)
{
	return (int64_t)process->cpu_ticks / sysconf(_SC_CLK_TCK);
}

static int64_t
started_ns(const struct top *top, const struct container_process *process)
{
	int64_t tick = UNITS_NS_PER_S / sysconf(_SC_CLK_TCK);

	return top->boot_ns + (int64_t)process->start_ticks * tick;
}

static int64_t
age_seconds(const struct top *top, const struct container_process *process)
{
	int64_t age = (top->now_ns - started_ns(top, process)) / UNITS_NS_PER_S;

	return age > 0 ? age : 0;
}

static void
column_args(const struct top *top, const struct container_process *process,
	    struct strbuf *sb)
{
	size_t count = process->args.len;

	(void)top;
	/* Who renames itself leaves empty words at the end. */
	while (count && !*process->args.v[count - 1])
		count--;
	if (!count)
		strbuf_addf(sb, "[%s]", process->comm);
	for (size_t i = 0; i < count; i++)
		strbuf_addf(sb, "%s%s", i ? " " : "", process->args.v[i]);
}

static void
column_c(const struct top *top, const struct container_process *process,
	 struct strbuf *sb)
{
	int64_t age = age_seconds(top, process);

	strbuf_addf(sb, "%d",
		    age ? (int)(cpu_seconds(process) * 100 / age) : 0);
}

static void
column_comm(const struct top *top, const struct container_process *process,
	    struct strbuf *sb)
{
	(void)top;
	strbuf_addstr(sb, process->comm);
}

/* podman: Go's duration */
static void
column_etime(const struct top *top, const struct container_process *process,
	     struct strbuf *sb)
{
	units_add_duration(sb, age_seconds(top, process) * UNITS_NS_PER_S);
}

static void
column_hpid(const struct top *top, const struct container_process *process,
	    struct strbuf *sb)
{
	(void)top;
	strbuf_addf(sb, "%d", (int)process->pid);
}

static void
column_hppid(const struct top *top, const struct container_process *process,
	     struct strbuf *sb)
{
	(void)top;
	strbuf_addf(sb, "%d", (int)process->ppid);
}

static void
column_huser(const struct top *top, const struct container_process *process,
	     struct strbuf *sb)
{
	(void)top;
	strbuf_addf(sb, "%u", process->uid);
}

static void
column_pcpu(const struct top *top, const struct container_process *process,
	    struct strbuf *sb)
{
	int64_t age = age_seconds(top, process);

	strbuf_addf(sb, "%.3f",
		    age ? (double)cpu_seconds(process) * 100 / (double)age
			: 0.0);
}

static void
column_pid(const struct top *top, const struct container_process *process,
	   struct strbuf *sb)
{
	(void)top;
	strbuf_addf(sb, "%d", (int)process->inner_pid);
}

/* As the container knows it: 0 when the parent is outside. */
static void
column_ppid(const struct top *top, const struct container_process *process,
	    struct strbuf *sb)
{
	int ppid = 0;

	for (size_t i = 0; i < top->processes.len; i++)
		if (top->processes.items[i].pid == process->ppid)
			ppid = (int)top->processes.items[i].inner_pid;
	strbuf_addf(sb, "%d", ppid);
}

static void
column_rss(const struct top *top, const struct container_process *process,
	   struct strbuf *sb)
{
	(void)top;
	strbuf_addf(sb, "%" PRId64, process->rss_bytes / 1024);
}

/* The hour of today, or the day. */
static void
column_stime(const struct top *top, const struct container_process *process,
	     struct strbuf *sb)
{
	time_t then = (time_t)(started_ns(top, process) / UNITS_NS_PER_S);
	bool recent = age_seconds(top, process) < 24 * 3600;
	char text[16] = "?";
	struct tm tm;

	if (localtime_r(&then, &tm))
		(void)strftime(text, sizeof(text), recent ? "%H:%M" : "%b%d",
			       &tm);
	strbuf_addstr(sb, text);
}

static void
column_time(const struct top *top, const struct container_process *process,
	    struct strbuf *sb)
{
	int64_t seconds = cpu_seconds(process);

	(void)top;
	strbuf_addf(sb, "%02d:%02d:%02d", (int)(seconds / 3600),
		    (int)(seconds / 60 % 60), (int)(seconds % 60));
}

static void
column_tty(const struct top *top, const struct container_process *process,
	   struct strbuf *sb)
{
	unsigned int high = major((dev_t)process->tty);

	(void)top;
	if (high >= TTY_MAJOR_PTS && high <= TTY_MAJOR_PTS_LAST)
		strbuf_addf(sb, "pts/%u",
			    (high - TTY_MAJOR_PTS) * 256 +
				    minor((dev_t)process->tty));
	else
		strbuf_addch(sb, '?');
}

/* By the container's own passwd file. */
static void
column_user(const struct top *top, const struct container_process *process,
	    struct strbuf *sb)
{
	struct span rest = span_new(top->passwd.buf, top->passwd.len), line;

	while (span_next(&rest, '\n', &line)) {
		struct span name, password, uid;
		cleanup_free char *text = NULL;

		if (!span_next(&line, ':', &name) ||
		    !span_next(&line, ':', &password) ||
		    !span_next(&line, ':', &uid))
			continue;
		text = xasprintf("%u", process->inner_uid);
		if (!span_is(uid, text))
			continue;
		strbuf_add(sb, name.ptr, name.len);
		return;
	}
	strbuf_addf(sb, "%u", process->inner_uid);
}

static const char *const column_names[] = {
	"args",  "c",    "comm", "etime", "hpid", "hppid",
	"huser", "pcpu", "pid",  "ppid",  "rss",  "stime",
	"time",  "tty",  "uid",  "user",  NULL,
};

static const struct {
	const char *heading;
	column_fn add;
} columns[] = {
	{ "CMD", column_args },     { "C", column_c },
	{ "COMMAND", column_comm }, { "ELAPSED", column_etime },
	{ "PID", column_hpid },     { "PPID", column_hppid },
	{ "HUSER", column_huser },  { "%CPU", column_pcpu },
	{ "PID", column_pid },      { "PPID", column_ppid },
	{ "RSS", column_rss },      { "STIME", column_stime },
	{ "TIME", column_time },    { "TTY", column_tty },
	{ "UID", column_user },     { "USER", column_user },
};

_Static_assert(ARRAY_LEN(columns) + 1 == ARRAY_LEN(column_names),
	       "a name for each column");

static void
print_columns(const struct top *top, const struct strvec *words)
{
	cleanup_strbuf struct strbuf text = STRBUF_INIT;
	cleanup_strbuf struct strbuf out = STRBUF_INIT;

	for (size_t k = 0; k < words->len; k++)
		table_add_cell(&text,
			       columns[choice_find("column", words->v[k],
						   column_names, NULL)]
				       .heading,
			       k == 0);
	strbuf_addch(&text, '\n');
	for (size_t i = 0; i < top->processes.len; i++) {
		for (size_t k = 0; k < words->len; k++) {
			cleanup_strbuf struct strbuf cell = STRBUF_INIT;
			int at = choice_find("column", words->v[k],
					     column_names, NULL);

			columns[at].add(top, &top->processes.items[i], &cell);
			table_add_cell(&text, cell.buf, k == 0);
		}
		strbuf_addch(&text, '\n');
	}
	table_add(&out, span_new(text.buf, text.len));
	say_text(&out);
}

/* Are all of the words columns of ours? */
static bool
are_columns(const struct strvec *words)
{
	for (size_t i = 0; i < words->len; i++)
		if (choice_find("column", words->v[i], column_names, NULL) < 0)
			return false;
	return words->len > 0;
}

static int
run_ps(char *const *options, struct strbuf *out, struct err *err)
{
	cleanup_free char *path = proc_find_program("ps");
	cleanup_strvec struct strvec argv = STRVEC_INIT;
	cleanup_close int readfd = -EBADF, writefd = -EBADF;
	struct proc_spawn spawn = PROC_SPAWN_INIT;
	int fds[2], status, r;
	pid_t pid;

	if (!path) {
		(void)err_set(err, ENOENT, "the program ps is not here");
		err_hint(err, "leave its options out, or install procps");
		return -ENOENT;
	}
	if (pipe2(fds, O_CLOEXEC) < 0)
		return err_sys(err, "make a pipe");
	readfd = fds[0];
	writefd = fds[1];
	strvec_add(&argv, "ps");
	strvec_add_array(&argv, options);
	spawn.path = path;
	spawn.argv = argv.v;
	spawn.stdout_fd = writefd;
	r = proc_spawn(&spawn, &pid, NULL, err);
	if (r < 0)
		return r;
	(void)close(take_fd(writefd));
	r = io_read_all(readfd, PS_MAX_BYTES, out, err);
	status = proc_wait(pid);
	if (r == 0 && status != 0)
		r = err_set(err, EINVAL, "ps refused its options");
	return r;
}

/* Which blank-separated field of the first line is PID; -1: none. */
static int
pid_field(struct span heading)
{
	cleanup_free char *text = span_dup(heading);
	cleanup_strvec struct strvec words = STRVEC_INIT;

	strvec_split(&words, text, " ");
	for (size_t i = 0; i < words.len; i++)
		if (!strcmp(words.v[i], "PID"))
			return (int)i;
	return -1;
}

static bool
is_ours(const struct top *top, struct span line, int field)
{
	cleanup_free char *text = span_dup(line);
	cleanup_strvec struct strvec words = STRVEC_INIT;
	uint64_t pid;

	strvec_split(&words, text, " ");
	if ((size_t)field >= words.len ||
	    units_parse_u64(words.v[field], 1, INT32_MAX, &pid, NULL) < 0)
		return false;
	for (size_t i = 0; i < top->processes.len; i++)
		if (top->processes.items[i].pid == (pid_t)pid)
			return true;
	return false;
}

static int
print_by_ps(const struct top *top, char *const *options, struct err *err)
{
	cleanup_strbuf struct strbuf all = STRBUF_INIT;
	cleanup_strbuf struct strbuf out = STRBUF_INIT;
	struct span rest, line;
	int field, r;

	r = run_ps(options, &all, err);
	if (r < 0)
		return r;
	rest = span_new(all.buf, all.len);
	if (!span_next(&rest, '\n', &line))
		return 0;
	field = pid_field(line);
	if (field < 0) {
		(void)err_set(err, EINVAL,
			      "the options of ps leave out the column PID");
		err_hint(err, "add it, as in -o pid,comm");
		return -EINVAL;
	}
	strbuf_addf(&out, "%.*s\n", (int)line.len, line.ptr);
	while (span_next(&rest, '\n', &line))
		if (is_ours(top, line, field))
			strbuf_addf(&out, "%.*s\n", (int)line.len, line.ptr);
	say_text(&out);
	return 0;
}

/* The image's, where nobody outside may look into the container's root: the
 * kernel says so of what FUSE mounted. */
static void
read_image_passwd(struct top *top, struct session *session)
{
	cleanup_container_image struct container_image image = {
		.row = { .line = NULL }
	};
	cleanup_container_spec struct container_spec spec;
	struct store *store;

	container_spec_init(&spec);
	if (session_store(session, &store, NULL) == 0 &&
	    container_load_spec(session, &top->container, &spec, &image,
				NULL) == 0)
		(void)rootfs_peek(store, &spec, "etc/passwd", PASSWD_MAX_BYTES,
				  &top->passwd);
}

/* The container's passwd, by its own root. */
static void
read_passwd(struct top *top, struct session *session)
{
	cleanup_free char *root =
		xasprintf("/proc/%d/root", (int)top->container.state.pid);
	cleanup_close int rootfd = open(root, O_PATH | O_DIRECTORY | O_CLOEXEC);

	if (rootfd < 0 ||
	    fsx_read_in_root(rootfd, "etc/passwd", PASSWD_MAX_BYTES,
			     &top->passwd, NULL) < 0)
		read_image_passwd(top, session);
}

static int
read_top(struct top *top, struct session *session, struct err *err)
{
	if (top->container.state.elsewhere)
		return err_set(err, EOPNOTSUPP, "container '%s' runs on '%s'",
			       top->container.name, top->container.state.host);
	if (!container_status_is_live(top->container.state.status) ||
	    !top->container.state.pid)
		return err_set(err, EINVAL, "container '%s' is not running",
			       top->container.name);
	top->now_ns = units_now_ns();
	top->boot_ns = top->now_ns - units_boottime_ns();
	read_passwd(top, session);
	return container_processes_read(&top->container.state, &top->processes,
					err);
}

static int
run(struct cmd_ctx *ctx)
{
	cleanup_session struct session session = SESSION_INIT;
	cleanup_strvec struct strvec words = STRVEC_INIT;
	struct top top = { .container = CONTAINER_INIT, .passwd = STRBUF_INIT };
	char *const *options = strvec_argv(&ctx->args->operands);
	size_t used = 0;
	int r;

	r = cmd_session(ctx, &session);
	if (r == 0)
		r = targets_find_one(ctx, &session, &top.container, &used);
	for (options += used; r == 0 && *options; options++)
		strvec_split(&words, *options, ", ");
	options = strvec_argv(&ctx->args->operands) + used;
	if (!words.len)
		strvec_split(&words, DEFAULT_COLUMNS, ",");
	if (r == 0)
		r = read_top(&top, &session, ctx->err);
	if (r == 0 && are_columns(&words))
		print_columns(&top, &words);
	else if (r == 0)
		r = print_by_ps(&top, options, ctx->err);
	container_processes_release(&top.processes);
	strbuf_release(&top.passwd);
	container_release(&top.container);
	return r;
}

static const struct flag flags[] = { TARGETS_LATEST };

static const struct cmd_example examples[] = {
	{ "the processes of a container", "dhow top web" },
	{ "with the ids they have inside", "dhow top web user,pid,args" },
};

const struct cmd cmd_top = {
	.path = "top",
	.aliases = "container top",
	.summary = "show the processes of a container",
	.operands = "CONTAINER [COLUMN...|PS OPTIONS]",
	.about = "Columns: args, c, comm, etime, hpid, hppid, huser, pcpu, "
		 "pid, ppid, rss, stime, time, tty, uid, user; pid and ppid "
		 "are those inside, hpid and hppid the host's. Other options "
		 "are those of ps(1) on the host.",
	CMD_FLAGS(flags),
	CMD_EXAMPLES(examples),
	.max_operands = CMD_MANY,
	.offer = OFFER_CONTAINER,
	.stop_at_operand = true,
	.run = run,
};
