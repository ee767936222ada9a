/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cli/cmd_events.c - dhow events: what happens, and what happened.
 */
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "base/text.h"
#include "base/units.h"
#include "cli/cmd_list.h"
#include "cli/cmd_session.h"
#include "cli/event_text.h"
#include "cli/say.h"
#include "compose/world.h"
#include "data/template.h"
#include "spec/filter.h"
#include "store/event_log.h"

static const struct flag flags[] = {
	{ .name = "compose",
	  .kind = FLAG_BOOL,
	  .hidden = true,
	  .help = "as compose events tells it" },
	{ .name = "filter",
	  .letter = 'f',
	  .meta = "KEY=VALUE",
	  .kind = FLAG_LIST,
	  .help = "only those that match: container, event, image, label, network, scope, secret, type, volume" },
	{ .name = "format",
	  .meta = "FORMAT",
	  .kind = FLAG_STR,
	  .help = "print by a Go template, or json" },
	{ .name = "no-trunc",
	  .kind = FLAG_BOOL,
	  .ignore = "",
	  .help = "whole ids, which are printed in any case" },
	{ .name = "service",
	  .meta = "NAME",
	  .kind = FLAG_LIST,
	  .hidden = true,
	  .help = "only containers of these services of a project" },
	{ .name = "since",
	  .meta = "TIME",
	  .kind = FLAG_STR,
	  .help = "start with what happened after: 10m, 2026-01-02T15:04, Unix seconds" },
	{ .name = "stream",
	  .kind = FLAG_BOOL,
	  .fallback = "true",
	  .help = "go on with what happens; false: only what did" },
	{ .name = "until",
	  .meta = "TIME",
	  .kind = FLAG_STR,
	  .help = "end there" },
};

static const char *const filter_keys[] = {
	"container", "daemon", "event",  "image", "label",  "network",
	"plugin",    "scope",  "secret", "type",  "volume", NULL,
};

struct events {
	struct cmd_ctx *ctx;
	struct session session;
	struct follow follow;
	struct filter filter;
	struct template *template; /* NULL: text or json */
	bool is_json;
	bool of_project; /* as compose tells it */
	bool stream;
	int64_t since_ns, until_ns; /* 0: none */
};

static void
events_release(struct events *events)
{
	follow_close(&events->follow);
	filter_release(&events->filter);
	template_free(events->template);
	session_close(&events->session);
}

static const char *
attribute_of(const struct node *event, const char *name)
{
	return node_str_or(
		node_get(node_get(node_get(event, "Actor"), "Attributes"),
			 name),
		"");
}

static bool
has_action(const char *value, const void *arg)
{
	const char *action = node_get_str(arg, "Action");
	const char *rest = text_after(action, value);

	/* event=health_status is "health_status: healthy" too */
	return rest && (!*rest || *rest == ':');
}

/* The start of an id, or a name. */
static bool
is_actor(const char *value, const struct node *event)
{
	const char *id =
		node_str_or(node_get(node_get(event, "Actor"), "ID"), "");

	return text_starts(text_after(id, "sha256:") ?: id, value) ||
	       !strcmp(id, value) ||
	       !strcmp(attribute_of(event, "name"), value);
}

static bool
has_container(const char *value, const void *event)
{
	return !strcmp(node_get_str(event, "Type"), "container") &&
	       is_actor(value, event);
}

/* An image by its id or name, with or without its tag; or its containers. */
static bool
has_image(const char *value, const void *event)
{
	bool is_image = !strcmp(node_get_str(event, "Type"), "image");
	const char *name = attribute_of(event, is_image ? "name" : "image");
	const char *rest = text_after(name, value);

	return (rest && (!*rest || *rest == ':' || *rest == '@')) ||
	       (is_image && is_actor(value, event));
}

static bool
has_volume(const char *value, const void *event)
{
	return !strcmp(node_get_str(event, "Type"), "volume") &&
	       is_actor(value, event);
}

static bool
has_network(const char *value, const void *event)
{
	return !strcmp(node_get_str(event, "Type"), "network") &&
	       is_actor(value, event);
}

static bool
is_asked_for(const struct events *events, const struct node *event)
{
	static const struct {
		const char *key;
		bool (*matches)(const char *value, const void *event);
	} questions[] = {
		{ "container", has_container }, { "event", has_action },
		{ "image", has_image },         { "network", has_network },
		{ "volume", has_volume },
	};
	const struct filter *filter = &events->filter;
	const struct strvec *services = args_list(events->ctx->args, "service");
	int64_t when = node_get_int(event, "timeNano", 0);

	if (when < events->since_ns ||
	    (events->until_ns && when > events->until_ns))
		return false;
	if (services->len &&
	    !strvec_has(services, attribute_of(event, LABEL_SERVICE)))
		return false;
	for (size_t i = 0; i < ARRAY_LEN(questions); i++)
		if (!filter_match_by(filter, questions[i].key,
				     questions[i].matches, event))
			return false;
	return filter_match(filter, "type", node_get_str(event, "Type")) &&
	       filter_match(filter, "scope", "local") &&
	       filter_match_labels(filter, node_get(node_get(event, "Actor"),
						    "Attributes"));
}

/* Templates know the members of old by their Go names. */
static int
member_method(void *arg, const struct node *receiver, const char *name,
	      const struct node *const *args, size_t arg_count,
	      struct node **ret_value, struct err *err)
{
	static const struct {
		const char *go, *json;
	} members[] = {
		{ "From", "from" },   { "ID", "id" },
		{ "Scope", "scope" }, { "Status", "status" },
		{ "Time", "time" },   { "TimeNano", "timeNano" },
	};

	(void)arg;
	(void)args;
	(void)err;
	if (arg_count || !node_get(receiver, "timeNano"))
		return -ENOENT;
	for (size_t i = 0; i < ARRAY_LEN(members); i++)
		if (!strcmp(members[i].go, name)) {
			const struct node *value =
				node_get(receiver, members[i].json);

			*ret_value =
				value ? node_clone(value) : node_new_str("");
			return 0;
		}
	return -ENOENT;
}

static int
print_event(struct events *events, const struct node *event)
{
	static const char *const maps[] = { "Attributes", NULL };
	const struct template_opts opts = { .is_typed = true,
					    .map_fields = maps,
					    .method = member_method };
	cleanup_strbuf struct strbuf out = STRBUF_INIT;
	int r = 0;

	if (events->of_project)
		event_text_add_project(&out, event, events->is_json);
	else if (events->is_json)
		node_write_json(&out, event, NODE_COMPACT);
	else if (events->template)
		r = template_exec(events->template, event, &opts, &out,
				  events->ctx->err);
	else
		event_text_add(&out, event);
	if (r < 0)
		return err_wrap(events->ctx->err, r, "template parsing error");
	strbuf_addch(&out, '\n');
	say_text(&out);
	return 0;
}

/* All there is now. */
static int
print_known(struct events *events)
{
	int r;

	for (;;) {
		cleanup_node struct node *event = NULL;

		r = event_log_next(&events->follow, &event, events->ctx->err);
		if (r <= 0)
			break;
		if (is_asked_for(events, event))
			r = print_event(events, event);
		if (r < 0)
			break;
	}
	(void)fflush(stdout);
	return r;
}

/* Milliseconds until --until; -1 without one. */
static int
time_left(const struct events *events)
{
	int64_t left = events->until_ns - units_now_ns();

	if (!events->until_ns)
		return -1;
	return left <= 0              ? 0
	       : left > 3600000000000 ? 3600000
				      : (int)(left / 1000000) + 1;
}

static int
follow_events(struct events *events)
{
	struct pollfd pollfd = { .events = POLLIN };
	int r;

	r = follow_pollfd(&events->follow, events->ctx->err);
	if (r < 0)
		return r;
	pollfd.fd = r;
	if (!events->since_ns && events->stream)
		r = follow_skip_to_last(&events->follow, 0, events->ctx->err);
	for (;;) {
		r = r < 0 ? r : print_known(events);
		if (r < 0 || !events->stream || !time_left(events))
			return r;
		if (poll(&pollfd, 1, time_left(events)) < 0 && errno != EINTR)
			return err_sys(events->ctx->err, "wait for events");
		follow_polled(&events->follow);
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
read_flags(struct events *events)
{
	const struct args *args = events->ctx->args;
	const char *format = args_str(args, "format");
	struct err *err = events->ctx->err;
	int r;

	r = read_time(args, "since", &events->since_ns, err);
	if (r == 0)
		r = read_time(args, "until", &events->until_ns, err);
	if (r == 0)
		r = filter_add_all(&events->filter, args_list(args, "filter"),
				   filter_keys, err);
	events->stream = args_bool(args, "stream");
	events->of_project = args_bool(args, "compose");
	events->is_json = format && !strcmp(format, "json");
	if (r == 0 && format && *format && !events->is_json) {
		r = template_parse(format, &events->template, err);
		if (r < 0)
			return err_wrap(err, r, "template parsing error");
	}
	return r;
}

static int
run(struct cmd_ctx *ctx)
{
	cleanup_release(events_release) struct events events = {
		.ctx = ctx,
		.session = SESSION_INIT,
		.follow = FOLLOW_INIT,
	};
	struct store *store;
	int r;

	r = read_flags(&events);
	if (r == 0)
		r = cmd_store(ctx, &events.session, &store);
	if (r == 0)
		r = event_log_open(store, &events.follow, ctx->err);
	return r < 0 ? r : follow_events(&events);
}

static const struct cmd_example examples[] = {
	{ "what happened in the last hour",
	  "dhow events --since 1h --until 0s" },
	{ "which containers ended in that time",
	  "dhow events --since 1h --until 0s -f event=die" },
};

const struct cmd cmd_events = {
	.path = "events",
	.aliases = "system events",
	.summary =
		"show what happens to containers, images, volumes and networks",
	CMD_FLAGS(flags),
	CMD_EXAMPLES(examples),
	.run = run,
};
