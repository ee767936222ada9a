/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cli/compose_follow.c - the output of several containers in one stream.
 */
#include "cli/compose_follow.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/fsx.h"
#include "base/text.h"
#include "base/units.h"
#include "cli/compose_lines.h"
#include "cli/compose_show.h"
#include "container/log_reader.h"
#include "store/event_log.h"

#define FOLLOW_ID_LEN 12    /* of the old id, before the name of the new one */
#define FOLLOW_POLL_MS 1000 /* where no watch tells */

enum member_state {
	MEMBER_PENDING,
	MEMBER_FOLLOWED,
	MEMBER_ENDED,
};

struct member {
	char *id;
	char *service;
	char *label; /* "web-1" */
	bool shown;
	bool readable; /* its output is kept */
	enum member_state state;
	struct log_reader reader;
	int64_t since_ns;
	int64_t started_ns; /* of the life that was followed last */
	bool late;          /* came while others were followed */
	bool has_record;    /* read, not printed yet (dump) */
	bool told;          /* that it ended */
};

struct compose_follow {
	struct compose *compose;
	struct follow_opts opts;
	struct compose_lines lines;
	struct member *members;
	size_t len, cap;
	int watchfd;
	int events_watch; /* of the directory that has the log of events */
	bool looks_again;
};

/* What happens is written to a file there, after it happened. */
static int
watch_events(const struct compose_follow *follow)
{
	return follow->watchfd < 0
		       ? -1
		       : inotify_add_watch(follow->watchfd,
					   follow->compose->session.paths.data,
					   IN_CREATE | IN_MODIFY);
}

struct compose_follow *
compose_follow_new(struct compose *compose, const struct follow_opts *opts)
{
	struct compose_follow *follow = xcalloc(1, sizeof(*follow));

	follow->compose = compose;
	follow->opts = *opts;
	follow->lines = (struct compose_lines)COMPOSE_LINES_INIT;
	follow->lines.prefix = !opts->no_prefix;
	follow->lines.colour = !opts->no_color &&
			       compose_show_ansi(compose->ctx, STDOUT_FILENO);
	follow->watchfd = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
	follow->events_watch = opts->wants ? watch_events(follow) : -1;
	return follow;
}

void
compose_follow_free(struct compose_follow *follow)
{
	if (!follow)
		return;
	for (size_t i = 0; i < follow->len; i++) {
		struct member *m = &follow->members[i];

		if (m->state == MEMBER_FOLLOWED && m->readable)
			log_reader_close(&m->reader);
		free(m->id);
		free(m->service);
		free(m->label);
	}
	free(follow->members);
	compose_lines_release(&follow->lines);
	if (follow->watchfd >= 0)
		(void)close(follow->watchfd);
	free(follow);
}

/* The container's name without the project's. */
static const char *
short_name(const struct compose *compose, const char *name)
{
	const char *rest = text_after(name, compose->project.name);

	return rest && (*rest == '-' || *rest == '_') && rest[1] ? rest + 1
								 : name;
}

/* The life that was over before anybody looked; 0: none. */
static int64_t
last_life(struct compose_follow *follow, const struct world_container *one)
{
	cleanup_container struct container c = CONTAINER_INIT;

	if (container_find(&follow->compose->session, one->id, &c, NULL) < 0 ||
	    container_status_is_live(c.state.status))
		return 0;
	return c.state.started_ns;
}

static bool
is_temporary(const struct world_container *one)
{
	const char *replaced = world_label(&one->labels, LABEL_REPLACE);

	return replaced && strlen(one->name) > FOLLOW_ID_LEN &&
	       !strncmp(one->name, replaced, FOLLOW_ID_LEN) &&
	       one->name[FOLLOW_ID_LEN] == '_';
}

void
compose_follow_add(struct compose_follow *follow,
		   const struct world_container *one, bool shown)
{
	struct member member = {
		.id = xstrdup(one->id),
		.service = xstrdup(one->service),
		.label = xstrdup(short_name(follow->compose, one->name)),
		.shown = shown,
		.since_ns = follow->opts.since_ns,
		.started_ns =
			follow->opts.only_new ? last_life(follow, one) : 0,
	};
	size_t width = strlen(member.label);

	/* The name of one that replaces another is not its last one. */
	if (shown && width > follow->lines.width && !is_temporary(one))
		follow->lines.width = width;
	array_push(follow->members, follow->len, follow->cap, member);
}

static bool
is_member(const struct compose_follow *follow, const char *id)
{
	for (size_t i = 0; i < follow->len; i++)
		if (!strcmp(follow->members[i].id, id))
			return true;
	return false;
}

void
compose_follow_look(struct compose_follow *follow)
{
	const struct world *world = &follow->compose->world;

	for (size_t i = 0; i < world->container_count; i++) {
		const struct world_container *one = &world->containers[i];
		bool shown;

		if (!is_member(follow, one->id) &&
		    follow->opts.wants(follow->compose, one, &shown))
			compose_follow_add(follow, one, shown);
	}
}

/* Somebody made a container, or gave one its name. */
static int
look_again(struct compose_follow *follow)
{
	size_t before = follow->len;
	int r = compose_look(follow->compose);

	follow->looks_again = false;
	if (r < 0)
		return r;
	compose_follow_look(follow);
	for (size_t i = before; i < follow->len; i++)
		follow->members[i].late = true;
	return 0;
}

char *
compose_follow_prefix(const struct compose_follow *follow, const char *mark)
{
	struct strbuf sb = STRBUF_INIT;

	if (!follow->lines.prefix)
		return xstrdup("");
	strbuf_pad(&sb, ' ', follow->lines.width + 2);
	strbuf_addstr(&sb, mark);
	return strbuf_take(&sb);
}

void
compose_follow_announce(struct compose_follow *follow)
{
	cleanup_strbuf struct strbuf sb = STRBUF_INIT;

	for (size_t i = 0; i < follow->len; i++)
		if (follow->members[i].shown)
			strbuf_addf(&sb, "%s%s",
				    sb.len ? ", " : "Attaching to ",
				    follow->members[i].label);
	if (sb.len)
		compose_lines_note(&follow->lines, sb.buf);
}

static int
open_reader(struct compose_follow *follow, struct member *m,
	    const struct container *container, bool live, struct err *err)
{
	const struct log_reader_opts opts = {
		.since_ns = m->since_ns,
		.until_ns = follow->opts.until_ns,
		.tail = m->started_ns || m->late ? -1 : follow->opts.tail,
		.follow = live,
	};
	int r;

	m->reader = (struct log_reader)LOG_READER_INIT;
	r = log_reader_open(&m->reader, container, &opts, err);
	m->readable = r == 0;
	if (r == -EOPNOTSUPP)
		err_reset(err);
	return r == -EOPNOTSUPP ? 0 : r;
}

static void
print_record(struct compose_follow *follow, struct member *m)
{
	const struct log_record *record = &m->reader.record;
	cleanup_strbuf struct strbuf stamp = STRBUF_INIT;

	m->since_ns = record->time_ns + 1;
	if (!m->shown)
		return;
	if (follow->opts.timestamps) {
		units_add_nano_time(&stamp, record->time_ns, false);
		strbuf_addch(&stamp, ' ');
	}
	compose_lines_add(&follow->lines, (size_t)(m - follow->members),
			  m->label, stamp.buf,
			  span_new(record->text.buf, record->text.len),
			  record->is_stderr);
}

/* All that is there, in the order of time. */

static struct member *
next_in_time(struct compose_follow *follow, struct err *err, int *ret_error)
{
	struct member *first = NULL;

	*ret_error = 0;
	for (size_t i = 0; i < follow->len; i++) {
		struct member *m = &follow->members[i];

		if (m->state != MEMBER_FOLLOWED || !m->readable)
			continue;
		if (!m->has_record) {
			int step = log_reader_next(&m->reader, err);

			m->has_record = step == LOG_READER_RECORD;
			if (step < 0)
				*ret_error = step;
		}
		if (m->has_record &&
		    (!first ||
		     m->reader.record.time_ns < first->reader.record.time_ns))
			first = m;
	}
	return first;
}

int
compose_follow_dump(struct compose_follow *follow, struct err *err)
{
	struct member *m;
	int r = 0;

	for (size_t i = 0; r == 0 && i < follow->len; i++) {
		cleanup_container struct container c = CONTAINER_INIT;

		m = &follow->members[i];
		r = container_find(&follow->compose->session, m->id, &c, err);
		if (r == 0)
			r = open_reader(follow, m, &c, false, err);
		m->state = MEMBER_FOLLOWED;
	}
	while (r == 0 && (m = next_in_time(follow, err, &r))) {
		print_record(follow, m);
		m->has_record = false;
	}
	if (r == 0)
		r = compose_lines_flush(&follow->lines);
	return r == -EPIPE ? 0 : r;
}

/* Following. */

static bool
is_over(const struct container *c)
{
	return c->state.status == CONTAINER_EXITED ||
	       c->state.status == CONTAINER_DEAD;
}

/* A pending member whose container was started, or was and has ended. */
static int
try_open(struct compose_follow *follow, struct member *m, struct err *err)
{
	cleanup_container struct container c = CONTAINER_INIT;
	char path[FSX_FD_PATH_BYTES];
	bool live;
	int r = container_find(&follow->compose->session, m->id, &c, err);

	if (r == -ENOENT) {
		/* Removed: it will not come back. */
		err_reset(err);
		m->state = MEMBER_ENDED;
		m->told = true;
		return 0;
	}
	if (r < 0)
		return r;
	if (follow->watchfd >= 0)
		(void)inotify_add_watch(
			follow->watchfd, fsx_fd_path(c.dirfd, path),
			IN_MOVED_TO | IN_CLOSE_WRITE | IN_DELETE_SELF);
	live = container_status_is_live(c.state.status);
	if (c.state.started_ns <= m->started_ns || (!live && !is_over(&c)))
		return 0;
	/* One that replaces another was made under another name. */
	free(m->label);
	m->label = xstrdup(short_name(follow->compose, c.name));
	if (m->shown && strlen(m->label) > follow->lines.width)
		follow->lines.width = strlen(m->label);
	r = open_reader(follow, m, &c, live, err);
	if (r < 0)
		return r;
	m->started_ns = c.state.started_ns;
	m->state = MEMBER_FOLLOWED;
	m->told = false;
	return 0;
}

/* Read what there is; false when it is over. */
static int
drain(struct compose_follow *follow, struct member *m, bool *ret_over,
      struct err *err)
{
	int step;

	*ret_over = false;
	if (!m->readable) {
		cleanup_container struct container c = CONTAINER_INIT;
		int r = container_find(&follow->compose->session, m->id, &c,
				       err);

		*ret_over = r < 0 || is_over(&c);
		err_reset(err);
		return 0;
	}
	while ((step = log_reader_next(&m->reader, err)) == LOG_READER_RECORD)
		print_record(follow, m);
	*ret_over = step == LOG_READER_END;
	return step < 0 ? step : 0;
}

static int
end_member(struct compose_follow *follow, struct member *m, int *ret_code)
{
	cleanup_container struct container c = CONTAINER_INIT;
	cleanup_free char *text = NULL;

	if (m->readable)
		log_reader_close(&m->reader);
	m->state = MEMBER_ENDED;
	m->told = true;
	*ret_code = 0;
	if (container_find(&follow->compose->session, m->id, &c, NULL) == 0) {
		*ret_code = c.state.exit_code;
		text = xasprintf("%s exited with code %d", m->label, *ret_code);
	} else {
		text = xasprintf("%s was removed", m->label);
	}
	if (follow->opts.notices && m->shown)
		compose_lines_note(&follow->lines, text);
	return 0;
}

static bool
is_news(const struct compose_follow *follow, const struct inotify_event *event)
{
	return (event->mask & IN_Q_OVERFLOW) ||
	       (event->wd == follow->events_watch && event->len &&
		!strcmp(event->name, EVENT_LOG_FILE));
}

static void
read_changes(struct compose_follow *follow)
{
	char events[4096]
		__attribute__((aligned(_Alignof(struct inotify_event))));
	ssize_t len;

	while (follow->watchfd >= 0 &&
	       (len = read(follow->watchfd, events, sizeof(events))) > 0)
		for (const char *at = events; at < events + len;) {
			const struct inotify_event *event = (const void *)at;

			follow->looks_again |= is_news(follow, event);
			at += sizeof(*event) + event->len;
		}
}

static void
wait_changes(struct compose_follow *follow, int fd)
{
	cleanup_free struct pollfd *fds =
		xcalloc(follow->len * LOG_READER_POLLFDS + 2, sizeof(*fds));
	size_t count = 0;
	int timeout_ms = -1;

	fds[count++] =
		(struct pollfd){ .fd = follow->watchfd, .events = POLLIN };
	fds[count++] = (struct pollfd){ .fd = fd, .events = POLLIN };
	for (size_t i = 0; i < follow->len; i++) {
		struct member *m = &follow->members[i];

		if (m->state != MEMBER_FOLLOWED)
			continue;
		if (!m->readable) {
			timeout_ms = FOLLOW_POLL_MS;
			continue;
		}
		log_reader_pollfds(&m->reader, fds + count);
		count += LOG_READER_POLLFDS;
	}
	if (follow->watchfd < 0)
		timeout_ms = FOLLOW_POLL_MS;
	(void)poll(fds, count, timeout_ms);
	read_changes(follow);
}

static bool
all_over(const struct compose_follow *follow, bool starting)
{
	for (size_t i = 0; i < follow->len; i++) {
		const struct member *m = &follow->members[i];
		bool awaited =
			starting || (m->late && follow->opts.waits_for_new);

		if (m->state == MEMBER_FOLLOWED ||
		    (m->state == MEMBER_PENDING && awaited))
			return false;
	}
	return !starting;
}

static bool
is_readable(int fd)
{
	struct pollfd pollfd = { .fd = fd, .events = POLLIN };

	return fd >= 0 && poll(&pollfd, 1, 0) > 0;
}

int
compose_follow_step(struct compose_follow *follow, int fd, bool starting,
		    enum follow_event *ret_event, const char **ret_service,
		    int *ret_code, struct err *err)
{
	for (;;) {
		if (follow->looks_again) {
			int r = look_again(follow);

			if (r < 0)
				return r;
		}
		for (size_t i = 0; i < follow->len; i++) {
			struct member *m = &follow->members[i];
			bool over = false;
			int r = 0;

			if (m->state != MEMBER_FOLLOWED)
				r = try_open(follow, m, err);
			if (r == 0 && m->state == MEMBER_FOLLOWED)
				r = drain(follow, m, &over, err);
			if (r < 0)
				return r;
			if (!over)
				continue;
			*ret_event = FOLLOW_ENDED;
			*ret_service = m->service;
			return end_member(follow, m, ret_code);
		}
		(void)compose_lines_flush(&follow->lines);
		*ret_event = all_over(follow, starting) ? FOLLOW_ALL_ENDED
							: FOLLOW_NOTHING;
		if (*ret_event == FOLLOW_ALL_ENDED || is_readable(fd))
			return 0;
		wait_changes(follow, fd);
	}
}
