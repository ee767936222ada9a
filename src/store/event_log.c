/* SPDX-License-Identifier: Apache-2.0 */
/*
 * store/event_log.c - what happened to the objects of a store.
 */
#include "store/event_log.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/io.h"
#include "base/lock.h"
#include "base/log.h"
#include "base/units.h"

#define EVENT_LOG_OLD_FILE EVENT_LOG_FILE ".1"
#define EVENT_LOG_LOCK EVENT_LOG_FILE ".lock"
#define EVENT_LOG_OLD_FILES 1

/* An attribute "k=v" as a member; "k" alone is empty. */
static void
event_set_attribute(struct node *obj, const char *pair)
{
	const char *eq = strchrnul(pair, '=');
	cleanup_free char *key = xstrndup(pair, (size_t)(eq - pair));

	node_set_str(obj, key, *eq ? eq + 1 : "");
}

static struct node *
event_to_node(const struct event *event)
{
	int64_t now = units_now_ns();
	struct node *doc = node_new_obj();
	struct node *actor, *attributes;

	/* Members of old, which docker keeps for these two. */
	if (!strcmp(event->type, "container") ||
	    !strcmp(event->type, "image")) {
		node_set_str(doc, "status", event->action);
		node_set_str(doc, "id", event->id);
	}
	node_set_str(doc, "Type", event->type);
	node_set_str(doc, "Action", event->action);
	actor = node_need_obj(doc, "Actor");
	node_set_str(actor, "ID", event->id);
	attributes = node_need_obj(actor, "Attributes");
	for (size_t i = 0; event->attributes && i < event->attributes->len; i++)
		event_set_attribute(attributes, event->attributes->v[i]);
	node_sort_keys(attributes);
	if (node_get_str(doc, "status") && node_get_str(attributes, "image"))
		node_set_str(doc, "from", node_get_str(attributes, "image"));
	node_set_str(doc, "scope", "local");
	node_set_int(doc, "time", now / UNITS_NS_PER_S);
	node_set_int(doc, "timeNano", now);
	return doc;
}

/* One process rotates; the others go on writing meanwhile. */
static void
event_log_rotate(struct store *store)
{
	cleanup_close int lockfd = lock_try(store->dirfd, EVENT_LOG_LOCK, NULL);
	struct stat st;

	if (lockfd < 0 || fstatat(store->dirfd, EVENT_LOG_FILE, &st, 0) < 0 ||
	    st.st_size < EVENT_LOG_MAX_BYTES)
		return;
	if (renameat(store->dirfd, EVENT_LOG_FILE, store->dirfd,
		     EVENT_LOG_OLD_FILE) < 0)
		log_debug("rotate '%s': %s", EVENT_LOG_FILE, strerror(errno));
}

void
event_log_add_all(struct store *store, const struct event *events, size_t count)
{
	cleanup_strbuf struct strbuf lines = STRBUF_INIT;
	cleanup_close int fd = -EBADF;
	struct stat st;
	int r;

	for (size_t i = 0; i < count; i++) {
		cleanup_node struct node *doc = event_to_node(&events[i]);

		node_write_json(&lines, doc, NODE_COMPACT);
		strbuf_addch(&lines, '\n');
	}
	fd = openat(store->dirfd, EVENT_LOG_FILE,
		    O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW,
		    0600);
	r = fd < 0 ? -errno : io_write_all(fd, lines.buf, lines.len);
	if (r < 0)
		log_debug("write '%s': %s", EVENT_LOG_FILE, strerror(-r));
	else if (fstat(fd, &st) == 0 && st.st_size >= EVENT_LOG_MAX_BYTES)
		event_log_rotate(store);
}

void
event_log_add(struct store *store, const struct event *event)
{
	event_log_add_all(store, event, 1);
}

int
event_log_open(struct store *store, struct follow *ret_follow, struct err *err)
{
	return follow_open(ret_follow, store->dirfd, EVENT_LOG_FILE,
			   EVENT_LOG_OLD_FILES, err);
}

int
event_log_next(struct follow *follow, struct node **ret_event, struct err *err)
{
	struct span line;
	int r;

	while ((r = follow_next(follow, &line, err)) > 0) {
		struct node *event = NULL;

		if (node_parse_json(line, EVENT_LOG_FILE, &event, NULL) == 0 &&
		    node_get_str(event, "Type") &&
		    node_get_str(event, "Action")) {
			*ret_event = event;
			return 1;
		}
		node_free(event);
		log_debug("'%s' has a damaged line", EVENT_LOG_FILE);
	}
	return r;
}
