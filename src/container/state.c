/* SPDX-License-Identifier: Apache-2.0 */
/*
 * container/state.c - what became of a container: containers/<id>/state.json.
 */
#include "container/state.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/fsx.h"
#include "base/io.h"
#include "base/units.h"
#include "container/live.h"
#include "data/node.h"

#define STATE_MAX_BYTES (1U << 20)
#define STATE_KILLED (128 + 9)
#define STATE_DRAFT CONTAINER_STATE_FILE ".new"

static const char *const status_names[] = {
	"created",  "running", "paused", "restarting",
	"removing", "exited",  "dead",
};
static_assert(ARRAY_LEN(status_names) == CONTAINER_STATUS_COUNT,
	      "one name each");

static const char *const health_names[] = {
	"none",
	"starting",
	"healthy",
	"unhealthy",
};
static_assert(ARRAY_LEN(health_names) == HEALTH_STATUS_COUNT, "one name each");

const char *
container_status_name(enum container_status status)
{
	return status_names[status];
}

bool
container_status_is_live(enum container_status status)
{
	return status == CONTAINER_RUNNING || status == CONTAINER_PAUSED ||
	       status == CONTAINER_RESTARTING;
}

const char *
health_status_name(enum health_status status)
{
	return health_names[status];
}

/* Index of @word, or 0: a word of a later version is as good as none. */
static int
state_index_of(const char *const *names, size_t count, const char *word)
{
	for (size_t i = 0; word && i < count; i++)
		if (!strcmp(names[i], word))
			return (int)i;
	return 0;
}

static void
state_release_endpoint(struct container_endpoint *endpoint)
{
	free(endpoint->network);
	free(endpoint->network_id);
	free(endpoint->endpoint_id);
	strvec_release(&endpoint->aliases);
}

void
container_state_clear_network(struct container_state *state)
{
	for (size_t i = 0; i < state->endpoint_count; i++)
		state_release_endpoint(&state->endpoints[i]);
	free(take_ptr(state->endpoints));
	state->endpoint_count = 0;
	port_list_release(&state->ports);
	state->ports = (struct port_list)PORT_LIST_INIT;
}

void
container_state_release(struct container_state *state)
{
	free(state->error);
	free(state->host);
	free(state->driver);
	free(state->cgroup);
	container_health_reset(&state->health);
	container_state_clear_network(state);
	*state = (struct container_state)CONTAINER_STATE_INIT;
}

void
container_health_reset(struct container_health *health)
{
	for (size_t i = 0; i < health->log_count; i++)
		free(health->log[i].output);
	*health = (struct container_health){ .status = HEALTH_NONE };
}

void
container_health_add(struct container_health *health, int64_t start_ns,
		     int64_t end_ns, int exit_code, const char *output)
{
	struct health_result *log = health->log;

	if (health->log_count == HEALTH_LOG_MAX) {
		free(log[0].output);
		health->log_count--;
		(void)memmove(log, log + 1, health->log_count * sizeof(*log));
	}
	log[health->log_count++] = (struct health_result){
		.start_ns = start_ns,
		.end_ns = end_ns,
		.exit_code = exit_code,
		.output = xstrdup(output),
	};
}

struct container_endpoint *
container_state_add_endpoint(struct container_state *state)
{
	size_t count = state->endpoint_count + 1;

	state->endpoints = xreallocarray(state->endpoints, count,
					 sizeof(*state->endpoints));
	state->endpoint_count = count;
	state->endpoints[count - 1] = (struct container_endpoint){ 0 };
	return &state->endpoints[count - 1];
}

static struct node *
state_health_to_node(const struct container_health *health)
{
	struct node *obj = node_new_obj();
	struct node *log = node_set(obj, "Log", node_new_arr());

	node_set_str(obj, "Status", health_names[health->status]);
	node_set_int(obj, "FailingStreak", health->failing_streak);
	for (size_t i = 0; i < health->log_count; i++) {
		const struct health_result *result = &health->log[i];
		struct node *one = node_push(log, node_new_obj());

		node_set_int(one, "Start", result->start_ns);
		node_set_int(one, "End", result->end_ns);
		node_set_int(one, "ExitCode", result->exit_code);
		node_set_str(one, "Output", result->output);
	}
	return obj;
}

static void
state_health_from_node(const struct node *obj, struct container_health *health)
{
	const struct node *log = node_get(obj, "Log");

	health->status =
		(enum health_status)state_index_of(health_names,
						   ARRAY_LEN(health_names),
						   node_get_str(obj, "Status"));
	health->failing_streak = (int)node_get_int(obj, "FailingStreak", 0);
	for (size_t i = 0; i < node_len(log); i++) {
		const struct node *one = node_at(log, i);

		container_health_add(health, node_get_int(one, "Start", 0),
				     node_get_int(one, "End", 0),
				     (int)node_get_int(one, "ExitCode", 0),
				     node_str_or(node_get(one, "Output"), ""));
	}
}

static struct node *
state_endpoint_to_node(const struct container_endpoint *endpoint)
{
	struct node *obj = node_new_obj();

	node_set_str(obj, "Network", endpoint->network ?: "");
	node_set_str(obj, "NetworkId", endpoint->network_id ?: "");
	node_set_str(obj, "EndpointId", endpoint->endpoint_id ?: "");
	node_set_str(obj, "Ip", endpoint->ip);
	node_set_int(obj, "Prefix", endpoint->prefix);
	node_set_str(obj, "Gateway", endpoint->gateway);
	node_set_str(obj, "Ip6", endpoint->ip6);
	node_set_int(obj, "Prefix6", endpoint->prefix6);
	node_set_str(obj, "Gateway6", endpoint->gateway6);
	node_set_str(obj, "Mac", endpoint->mac);
	node_set_strvec(obj, "Aliases", &endpoint->aliases);
	return obj;
}

static void
state_get_text(const struct node *obj, const char *key, char *buf, size_t size)
{
	(void)snprintf(buf, size, "%s", node_str_or(node_get(obj, key), ""));
}

static void
state_endpoint_from_node(const struct node *obj,
			 struct container_endpoint *endpoint)
{
	endpoint->network = xstrdup_null(node_get_str(obj, "Network"));
	endpoint->network_id = xstrdup_null(node_get_str(obj, "NetworkId"));
	endpoint->endpoint_id = xstrdup_null(node_get_str(obj, "EndpointId"));
	state_get_text(obj, "Ip", endpoint->ip, sizeof(endpoint->ip));
	endpoint->prefix = (int)node_get_int(obj, "Prefix", 0);
	state_get_text(obj, "Gateway", endpoint->gateway,
		       sizeof(endpoint->gateway));
	state_get_text(obj, "Ip6", endpoint->ip6, sizeof(endpoint->ip6));
	endpoint->prefix6 = (int)node_get_int(obj, "Prefix6", 0);
	state_get_text(obj, "Gateway6", endpoint->gateway6,
		       sizeof(endpoint->gateway6));
	state_get_text(obj, "Mac", endpoint->mac, sizeof(endpoint->mac));
	node_get_strvec(obj, "Aliases", &endpoint->aliases);
}

static void
state_set_optional(struct node *doc, const char *key, const char *text)
{
	if (text)
		node_set_str(doc, key, text);
}

/* Who runs it. */
static void
state_add_processes(struct node *doc, const struct container_state *state)
{
	node_set_int(doc, "Pid", state->pid);
	node_set_int(doc, "PidStart", (int64_t)state->pid_start);
	node_set_int(doc, "MonitorPid", state->monitor_pid);
	node_set_int(doc, "MonitorStart", (int64_t)state->monitor_start);
	node_set_str(doc, "BootId", state->boot_id);
	state_set_optional(doc, "Host", state->host);
	state_set_optional(doc, "Driver", state->driver);
	state_set_optional(doc, "Cgroup", state->cgroup);
}

static struct node *
state_to_node(const struct container_state *state)
{
	struct node *doc = node_new_obj();

	node_set_str(doc, "Status", status_names[state->status]);
	node_set_int(doc, "ExitCode", state->exit_code);
	node_set_bool(doc, "OomKilled", state->oom_killed);
	state_set_optional(doc, "Error", state->error);
	node_set_int(doc, "Started", state->started_ns);
	node_set_int(doc, "Finished", state->finished_ns);
	node_set_int(doc, "RestartCount", state->restart_count);
	node_set_bool(doc, "StoppedByUser", state->stopped_by_user);
	state_add_processes(doc, state);
	if (state->health.status != HEALTH_NONE)
		node_set(doc, "Health", state_health_to_node(&state->health));
	if (state->endpoint_count) {
		struct node *arr = node_set(doc, "Endpoints", node_new_arr());

		for (size_t i = 0; i < state->endpoint_count; i++)
			node_push(arr,
				  state_endpoint_to_node(&state->endpoints[i]));
	}
	if (state->ports.len)
		node_set(doc, "Ports", port_list_to_bindings(&state->ports));
	return doc;
}

static int
state_from_node(const struct node *doc, struct container_state *state,
		struct err *err)
{
	const struct node *endpoints = node_get(doc, "Endpoints");
	const struct node *ports = node_get(doc, "Ports");

	state->status = (enum container_status)state_index_of(
		status_names, ARRAY_LEN(status_names),
		node_get_str(doc, "Status"));
	state->exit_code = (int)node_get_int(doc, "ExitCode", 0);
	state->oom_killed = node_get_bool(doc, "OomKilled", false);
	state->error = xstrdup_null(node_get_str(doc, "Error"));
	state->started_ns = node_get_int(doc, "Started", 0);
	state->finished_ns = node_get_int(doc, "Finished", 0);
	state->restart_count = (int)node_get_int(doc, "RestartCount", 0);
	state->stopped_by_user = node_get_bool(doc, "StoppedByUser", false);
	state->pid = (pid_t)node_get_int(doc, "Pid", 0);
	state->pid_start = (uint64_t)node_get_int(doc, "PidStart", 0);
	state->monitor_pid = (pid_t)node_get_int(doc, "MonitorPid", 0);
	state->monitor_start = (uint64_t)node_get_int(doc, "MonitorStart", 0);
	state_get_text(doc, "BootId", state->boot_id, sizeof(state->boot_id));
	state->host = xstrdup_null(node_get_str(doc, "Host"));
	state->driver = xstrdup_null(node_get_str(doc, "Driver"));
	state->cgroup = xstrdup_null(node_get_str(doc, "Cgroup"));
	state_health_from_node(node_get(doc, "Health"), &state->health);
	for (size_t i = 0; i < node_len(endpoints); i++)
		state_endpoint_from_node(node_at(endpoints, i),
					 container_state_add_endpoint(state));
	return ports ? port_list_from_bindings(ports, &state->ports, err) : 0;
}

/*
 * The lock may be in another run directory (a shell without XDG_RUNTIME_DIR):
 * where there is no file at all, the monitor itself is asked for.
 */
static bool
state_has_monitor(const struct container_state *state, int rundirfd,
		  const char *id)
{
	struct proc_ident monitor = { .pid = state->monitor_pid,
				      .start_ticks = state->monitor_start };

	switch (live_test(rundirfd, id)) {
	case LIVE_HELD:
		return true;
	case LIVE_FREE:
		return false;
	case LIVE_ABSENT:
		break;
	}
	(void)memcpy(monitor.boot_id, state->boot_id, sizeof(monitor.boot_id));
	return monitor.pid > 0 && proc_is_alive(&monitor);
}

/* Say what the kernel says. */
static void
state_correct(struct container_state *state, int dirfd, int rundirfd,
	      const char *id)
{
	char host[256] = "";
	struct stat st;

	if (!container_status_is_live(state->status))
		return;
	(void)gethostname(host, sizeof(host) - 1);
	if (state->host && strcmp(state->host, host) != 0) {
		state->elsewhere = true;
		return;
	}
	if (state_has_monitor(state, rundirfd, id))
		return;
	state->status = CONTAINER_EXITED;
	state->died = true;
	state->exit_code = STATE_KILLED;
	if (fstatat(dirfd, CONTAINER_STATE_FILE, &st, 0) == 0)
		state->finished_ns =
			st.st_mtim.tv_sec * UNITS_NS_PER_S + st.st_mtim.tv_nsec;
}

int
container_state_read(int dirfd, int rundirfd, const char *id,
		     struct container_state *ret_state, struct err *err)
{
	cleanup_container_state struct container_state state =
		CONTAINER_STATE_INIT;
	cleanup_node struct node *doc = NULL;
	int r;

	r = node_read_json_file(dirfd, CONTAINER_STATE_FILE, STATE_MAX_BYTES,
				&doc, err);
	if (r == -ENOENT) {
		if (err)
			err_reset(err);
		*ret_state = state;
		return 0;
	}
	if (r == 0)
		r = state_from_node(doc, &state, err);
	if (r < 0)
		return err_wrap(err, r, "container %.12s", id);
	state_correct(&state, dirfd, rundirfd, id);
	*ret_state = state;
	state = (struct container_state)CONTAINER_STATE_INIT;
	return 0;
}

int
container_state_write(int dirfd, const struct container_state *state, bool sync,
		      struct err *err)
{
	cleanup_node struct node *doc = state_to_node(state);

	return node_write_json_file(dirfd, CONTAINER_STATE_FILE, doc, 0600,
				    sync ? 0 : FSX_NOSYNC, err);
}

int
container_state_draft(int dirfd, const struct container_state *state,
		      struct err *err)
{
	cleanup_node struct node *doc = state_to_node(state);
	cleanup_strbuf struct strbuf sb = STRBUF_INIT;
	cleanup_close int fd = -EBADF;
	int r;

	node_write_json(&sb, doc, NODE_COMPACT);
	fd = openat(dirfd, STATE_DRAFT,
		    O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC,
		    0600);
	r = fd < 0 ? -errno : io_write_all(fd, sb.buf, sb.len);
	return r < 0 ? err_code(err, -r, "write '%s'", STATE_DRAFT) : 0;
}

int
container_state_publish(int dirfd)
{
	return renameat(dirfd, STATE_DRAFT, dirfd, CONTAINER_STATE_FILE) < 0
		       ? -errno
		       : 0;
}

void
container_state_drop_draft(int dirfd)
{
	(void)unlinkat(dirfd, STATE_DRAFT, 0);
}
