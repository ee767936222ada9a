/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cli/build_show_json.c - --progress=rawjson.
 *
 * One object a line in the shape of BuildKit's SolveStatus: vertexes,
 * statuses, logs, warnings. A vertex is named by a digest there; here it is
 * its number, written as one.
 */
#include "base/alloc.h"
#include "base/units.h"
#include "cli/build_show_priv.h"
#include "conf/base64.h"
#include "data/node.h"

static void
set_time(struct node *node, const char *key, int64_t ns)
{
	cleanup_strbuf struct strbuf text = STRBUF_INIT;

	units_add_rfc3339(&text, ns);
	node_set_str(node, key, text.buf);
}

static void
set_digest(struct node *node, const char *key, const struct build_seen *seen)
{
	cleanup_free char *text =
		xasprintf("sha256:%064zx", seen->vertex->number);

	node_set_str(node, key, text);
}

static struct node *
vertex_node(const struct build_seen *seen, const struct build_event *event)
{
	struct node *node = node_new_obj();

	set_digest(node, "digest", seen);
	node_set_str(node, "name", seen->vertex->name);
	set_time(node, "started", seen->start_ns);
	if (seen->state >= BUILD_STATE_CACHED)
		set_time(node, "completed", seen->end_ns);
	if (seen->state == BUILD_STATE_CACHED)
		node_set_bool(node, "cached", true);
	if (event->kind == BUILD_EVENT_FAILED)
		node_set_str(node, "error", event->text ?: "failed");
	return node;
}

static struct node *
log_node(const struct build_seen *seen, const struct build_event *event)
{
	struct node *node = node_new_obj();
	cleanup_strbuf struct strbuf data = STRBUF_INIT;

	base64_encode(&data, event->log.ptr, event->log.len);
	set_digest(node, "vertex", seen);
	node_set_int(node, "stream", 1);
	node_set_str(node, "data", data.buf);
	set_time(node, "timestamp", event->now_ns);
	return node;
}

static struct node *
status_node(const struct build_seen *seen, const struct build_event *event)
{
	struct node *node = node_new_obj();

	node_set_str(node, "id", event->id ?: event->action ?: "");
	set_digest(node, "vertex", seen);
	node_set_str(node, "name", event->action ?: "");
	node_set_int(node, "current", (int64_t)event->done);
	node_set_int(node, "total", (int64_t)event->total);
	set_time(node, "timestamp", event->now_ns);
	return node;
}

static struct node *
warning_node(const struct build_seen *seen, const struct build_event *event)
{
	struct node *node = node_new_obj();

	set_digest(node, "vertex", seen);
	node_set_str(node, "short", event->text ?: "");
	return node;
}

void
build_json_event(struct build_show *show, struct build_seen *seen,
		 const struct build_event *event)
{
	cleanup_node struct node *root = node_new_obj();
	cleanup_strbuf struct strbuf text = STRBUF_INIT;
	struct node *item;
	const char *key;

	switch (event->kind) {
	case BUILD_EVENT_LOG:
		key = "logs";
		item = log_node(seen, event);
		break;
	case BUILD_EVENT_STATUS:
		key = "statuses";
		item = status_node(seen, event);
		break;
	case BUILD_EVENT_WHY:
	case BUILD_EVENT_NOTE:
		key = "warnings";
		item = warning_node(seen, event);
		break;
	default:
		key = "vertexes";
		item = vertex_node(seen, event);
		break;
	}
	(void)node_push(node_need_arr(root, key), item);
	node_write_json(&text, root, NODE_COMPACT);
	strbuf_addch(&text, '\n');
	build_show_write(show, &text);
}
