/* SPDX-License-Identifier: Apache-2.0 */
/*
 * container/log_reader.c - what a container wrote, from its log.
 */
#include "container/log_reader.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/proc.h"
#include "container/log_file.h"
#include "spec/log_spec.h"

/* More than --log-opt max-file may ask for. */
#define LOG_READER_MAX_OLD 1000

void
log_reader_close(struct log_reader *reader)
{
	log_record_release(&reader->record);
	follow_close(&reader->follow);
	cleanup_close_p(&reader->dirfd);
	cleanup_close_p(&reader->monitorfd);
	*reader = (struct log_reader)LOG_READER_INIT;
}

/* The directory and the name of the log. */
static int
find_log(struct log_reader *reader, const struct container *container,
	 const struct log_spec *spec, const char **ret_name, struct err *err)
{
	const char *slash = spec->path ? strrchr(spec->path, '/') : NULL;
	cleanup_free char *dir =
		slash ? xstrndup(spec->path, (size_t)(slash - spec->path) + 1)
		      : NULL;

	reader->dirfd = dir ? open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
			    : fcntl(container->dirfd, F_DUPFD_CLOEXEC, 0);
	if (reader->dirfd < 0)
		return err_sys(err, "open '%s'", dir ?: "the container");
	*ret_name = slash ? slash + 1 : LOG_FILE_NAME;
	return 0;
}

/* Following needs a monitor that lives here. */
static void
hold_monitor(struct log_reader *reader, const struct container_state *state)
{
	struct proc_ident monitor = { .pid = state->monitor_pid,
				      .start_ticks = state->monitor_start };

	reader->ended = true;
	if (!container_status_is_live(state->status) || state->elsewhere ||
	    !monitor.pid)
		return;
	(void)memcpy(monitor.boot_id, state->boot_id, sizeof(monitor.boot_id));
	reader->monitorfd = proc_open_pidfd(&monitor);
	reader->ended = reader->monitorfd < 0;
}

static int
open_log(struct log_reader *reader, const struct container *container,
	 const struct log_spec *spec, struct err *err)
{
	const char *name = LOG_FILE_NAME;
	int r;

	if (spec->driver == LOG_DRIVER_NONE ||
	    spec->driver == LOG_DRIVER_PASSTHROUGH ||
	    spec->driver == LOG_DRIVER_JOURNALD) {
		(void)err_set(err, EOPNOTSUPP,
			      "the log driver '%s' keeps nothing to read",
			      log_driver_name(spec->driver));
		return -EOPNOTSUPP;
	}
	r = find_log(reader, container, spec, &name, err);
	if (r < 0)
		return r;
	r = follow_open(&reader->follow, reader->dirfd, name,
			spec->driver == LOG_DRIVER_LOCAL ? LOG_READER_MAX_OLD
							 : spec->max_files - 1,
			err);
	if (r == 0 && reader->opts.follow) {
		hold_monitor(reader, &container->state);
		r = follow_pollfd(&reader->follow, err);
	}
	if (r >= 0 && reader->opts.tail >= 0)
		r = follow_skip_to_last(&reader->follow,
					(uint64_t)reader->opts.tail, err);
	return r < 0 ? r : 0;
}

int
log_reader_open(struct log_reader *reader, const struct container *container,
		const struct log_reader_opts *opts, struct err *err)
{
	const struct node *node = node_get(container->config, "Log");
	struct log_spec spec = LOG_SPEC_INIT;
	int r = node ? log_spec_from_node(node, &spec, err) : 0;

	*reader = (struct log_reader)LOG_READER_INIT;
	reader->opts = *opts;
	if (r == 0)
		r = open_log(reader, container, &spec, err);
	log_spec_release(&spec);
	if (r < 0) {
		log_reader_close(reader);
		return err_wrap(err, r, "log of '%s'", container->name);
	}
	return 0;
}

/* Did the monitor end? Then what is there by now is all. */
static bool
has_ended(struct log_reader *reader)
{
	struct pollfd one = { .fd = reader->monitorfd, .events = POLLIN };

	return !reader->opts.follow || reader->ended || poll(&one, 1, 0) > 0;
}

/* A line: 1; 0 when there is none for now. */
static int
next_line(struct log_reader *reader, struct span *ret_line, struct err *err)
{
	int r = follow_next(&reader->follow, ret_line, err);

	if (r != 0)
		return r;
	if (!reader->ended && has_ended(reader)) {
		reader->ended = true;
		r = follow_next(&reader->follow, ret_line, err);
	}
	if (r == 0 && (reader->ended || !reader->opts.follow))
		r = follow_rest(&reader->follow, ret_line);
	return r;
}

int
log_reader_next(struct log_reader *reader, struct err *err)
{
	const struct log_reader_opts *opts = &reader->opts;
	struct span line;
	int r;

	follow_polled(&reader->follow);
	while ((r = next_line(reader, &line, err)) > 0) {
		if (log_record_parse(line, &reader->record) < 0) {
			reader->damaged++;
			continue;
		}
		if (opts->until_ns && reader->record.time_ns > opts->until_ns)
			return LOG_READER_END;
		if (reader->record.time_ns >= opts->since_ns)
			return LOG_READER_RECORD;
	}
	if (r < 0)
		return r;
	return opts->follow && !reader->ended ? LOG_READER_WAIT
					      : LOG_READER_END;
}

void
log_reader_pollfds(const struct log_reader *reader,
		   struct pollfd pollfds[LOG_READER_POLLFDS])
{
	pollfds[0] = (struct pollfd){ .fd = reader->follow.pollfd,
				      .events = POLLIN };
	pollfds[1] =
		(struct pollfd){ .fd = reader->monitorfd, .events = POLLIN };
}
