/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cli/container_filter.c - --filter of ps and of what prunes containers.
 */
#include "cli/container_filter.h"

#include <errno.h>
#include <string.h>

#include "base/alloc.h"
#include "base/text.h"
#include "base/units.h"
#include "container/networks.h"
#include "store/image.h"

static const char *const keys[] = {
	"after",  "ancestor", "before",  "command",        "exited", "expose",
	"health", "id",       "is-task", "isolation",      "label",  "label!",
	"name",   "network",  "publish", "restart-policy", "since",  "status",
	"until",  "volume",   NULL,
};

static const char *const health_words[] = { "none", "starting", "healthy",
					    "unhealthy", NULL };

void
container_filter_release(struct container_filter *filter)
{
	filter_release(&filter->filter);
	strvec_release(&filter->images);
	strvec_release(&filter->bottoms);
}

static int
check_word(const char *key, const char *value, const char *const *words,
	   struct err *err)
{
	for (; *words; words++)
		if (!strcmp(*words, value))
			return 0;
	return err_set(err, EINVAL, "filter '%s' has no value '%s'", key,
		       value);
}

static int
check_status(const char *value, struct err *err)
{
	const char *names[CONTAINER_STATUS_COUNT + 1] = { NULL };

	for (int i = 0; i < CONTAINER_STATUS_COUNT; i++)
		names[i] = container_status_name((enum container_status)i);
	return check_word("status", value, names, err);
}

static int
read_created(struct session *session, const char *ref, int64_t *ret_ns,
	     struct err *err)
{
	cleanup_container struct container container = CONTAINER_INIT;
	int r = container_find(session, ref, &container, err);

	if (r == 0)
		*ret_ns = node_get_int(container.config, "Created", 0);
	return r;
}

/* An image and all that was built on it, known by its layers. */
static int
read_ancestor(struct session *session, const char *name,
	      struct container_filter *filter, struct err *err)
{
	cleanup_strbuf struct strbuf layers = STRBUF_INIT;
	struct image_row row = { .line = NULL };
	struct image_config config = { .doc = NULL };
	struct store *store;
	int r = session_store(session, &store, err);

	if (r < 0)
		return r;
	/* Docker: an image that is not here has no containers. */
	if (image_find(store, name, &row, NULL, NULL) < 0)
		return 0;
	strvec_add(&filter->images, row.id.text);
	if (image_read_config(store, &row, &config, NULL) == 0) {
		for (size_t i = 0; i < config.diff_id_count; i++)
			strbuf_addf(&layers, "%s ", config.diff_ids[i].text);
		strvec_add(&filter->bottoms, layers.buf);
		image_config_release(&config);
	}
	image_row_release(&row);
	return 0;
}

static int
read_one(struct session *session, const char *key, const char *value,
	 struct container_filter *filter, struct err *err)
{
	int64_t code;

	if (!strcmp(key, "before"))
		return read_created(session, value, &filter->before_ns, err);
	if (!strcmp(key, "since") || !strcmp(key, "after"))
		return read_created(session, value, &filter->after_ns, err);
	if (!strcmp(key, "until"))
		return units_parse_time(value, units_now_ns(),
					&filter->until_ns, err);
	if (!strcmp(key, "ancestor"))
		return read_ancestor(session, value, filter, err);
	if (!strcmp(key, "exited"))
		return units_parse_i64(value, -1, 255, &code, err);
	if (!strcmp(key, "health"))
		return check_word(key, value, health_words, err);
	if (!strcmp(key, "is-task"))
		return units_parse_bool(value, &filter->no_tasks, err);
	if (!strcmp(key, "status")) {
		filter->all = true;
		return !strcmp(value, "configured") || !strcmp(value, "stopped")
			       ? 0
			       : check_status(value, err);
	}
	return 0;
}

int
container_filter_parse(struct session *session, const struct strvec *texts,
		       struct container_filter *filter, struct err *err)
{
	const struct filter *given = &filter->filter;
	int r = filter_add_all(&filter->filter, texts, keys, err);

	for (size_t i = 0; r == 0 && i < given->keys.len; i++) {
		const char *key = given->keys.v[i];
		const char *value = given->values.v[i];

		r = read_one(session, key, value, filter, err);
		if (r < 0)
			return err_wrap(err, r, "filter '%s=%s'", key, value);
	}
	return r;
}

static bool
has_status(const char *value, const void *arg)
{
	const struct container_state *state = arg;

	/* podman's words */
	if (!strcmp(value, "configured"))
		value = "created";
	if (!strcmp(value, "stopped"))
		value = "exited";
	return !strcmp(value, container_status_name(state->status));
}

/* An exit code counts for what has ended. */
static bool
has_exited(const char *value, const void *arg)
{
	const struct container_state *state = arg;

	return state->finished_ns && !container_status_is_live(state->status) &&
	       strtoll(value, NULL, 10) == state->exit_code;
}

static bool
has_health(const char *value, const void *arg)
{
	const struct container_state *state = arg;

	return !strcmp(value, health_status_name(state->health.status));
}

static bool
has_volume(const char *value, const void *arg)
{
	const struct node *mounts = node_get(arg, "Mounts");

	for (size_t i = 0; i < node_len(mounts); i++) {
		const struct node *mount = node_at(mounts, i);

		if (!strcmp(value,
			    node_str_or(node_get(mount, "Source"), "")) ||
		    !strcmp(value, node_str_or(node_get(mount, "Target"), "")))
			return true;
	}
	return false;
}

static bool
has_network(const char *value, const void *arg)
{
	const struct container *container = arg;
	const struct container_state *state = &container->state;
	cleanup_strvec struct strvec names = STRVEC_INIT;

	container_network_names(container, &names);
	if (strvec_has(&names, value))
		return true;
	for (size_t i = 0; i < state->endpoint_count; i++)
		if (*value &&
		    text_starts(state->endpoints[i].network_id ?: "", value))
			return true;
	return false;
}

/* "80", "80/tcp", "8000-8010/udp" against one list of ports. */
static bool
has_port(const char *value, const struct port_list *ports)
{
	struct port_list wanted = PORT_LIST_INIT;
	bool found = false;

	(void)port_list_expose(&wanted, value, NULL);
	for (size_t i = 0; !found && i < wanted.len; i++)
		found = port_list_has(ports, wanted.items[i].container_port,
				      wanted.items[i].proto);
	port_list_release(&wanted);
	return found;
}

static bool
has_published(const char *value, const void *arg)
{
	struct port_list ports = PORT_LIST_INIT;
	bool found;

	(void)port_list_from_bindings(node_get(arg, "Ports"), &ports, NULL);
	found = has_port(value, &ports);
	port_list_release(&ports);
	return found;
}

/* What is published is exposed. */
static bool
has_exposed(const char *value, const void *arg)
{
	struct port_list ports = PORT_LIST_INIT;
	bool found;

	(void)port_list_from_exposed(node_get(arg, "Exposed"), &ports, NULL);
	found = has_port(value, &ports) || has_published(value, arg);
	port_list_release(&ports);
	return found;
}

/* By the container's port, as docker's manual has it, or by the host's, as
 * docker does. */
static bool
has_publish(const char *value, const void *arg)
{
	const struct container *container = arg;
	const struct port_list *bound = &container->state.ports;
	struct port_list wanted = PORT_LIST_INIT;
	bool found = has_published(value, container->config);

	(void)port_list_expose(&wanted, value, NULL);
	for (size_t i = 0; i < wanted.len; i++)
		for (size_t k = 0; k < bound->len; k++)
			found |= bound->items[k].proto ==
					 wanted.items[i].proto &&
				 bound->items[k].host_first ==
					 wanted.items[i].container_port;
	port_list_release(&wanted);
	return found;
}

static bool
has_restart_policy(const char *value, const void *arg)
{
	return !strcmp(value,
		       node_str_or(node_get(node_get(arg, "Restart"), "Name"),
				   "no"));
}

/* podman: the first word of the command */
static bool
has_command(const char *value, const void *arg)
{
	const char *first = node_str(node_at(node_get(arg, "Argv"), 0));

	return first && strstr(first, value);
}

static bool
has_isolation(const char *value, const void *arg)
{
	(void)arg;
	return !strcmp(value, "default") || !*value;
}

static bool
has_ancestor(const struct container_filter *filter, const struct node *config)
{
	cleanup_strbuf struct strbuf layers = STRBUF_INIT;
	const struct node *list = node_get(config, "Layers");

	if (!filter_has(&filter->filter, "ancestor") ||
	    strvec_has(&filter->images,
		       node_str_or(node_get(config, "Image"), "")))
		return true;
	for (size_t i = 0; i < node_len(list); i++)
		strbuf_addf(&layers, "%s ", node_str_or(node_at(list, i), ""));
	for (size_t i = 0; i < filter->bottoms.len; i++)
		if (text_starts(layers.buf, filter->bottoms.v[i]))
			return true;
	return false;
}

static bool
has_labels(const struct container_filter *filter, const struct node *config)
{
	cleanup_node struct node *labels = NULL;
	cleanup_strvec struct strvec pairs = STRVEC_INIT;

	if (!filter_has(&filter->filter, "label") &&
	    !filter_has(&filter->filter, "label!"))
		return true;
	labels = node_new_obj();
	node_get_strvec(config, "Labels", &pairs);
	for (size_t i = 0; i < pairs.len; i++) {
		const char *eq = strchrnul(pairs.v[i], '=');
		cleanup_free char *key =
			xstrndup(pairs.v[i], (size_t)(eq - pairs.v[i]));

		node_set_str(labels, key, *eq ? eq + 1 : "");
	}
	return filter_match_labels(&filter->filter, labels);
}

static bool
is_of_time(const struct container_filter *filter, const struct node *config)
{
	int64_t created = node_get_int(config, "Created", 0);

	return (!filter->after_ns || created > filter->after_ns) &&
	       (!filter->before_ns || created < filter->before_ns) &&
	       (!filter->until_ns || created < filter->until_ns);
}

bool
container_filter_match(const struct container_filter *filter,
		       const struct container *container)
{
	const struct filter *given = &filter->filter;
	const struct node *config = container->config;
	const struct container_state *state = &container->state;
	const struct {
		const char *key;
		bool (*matches)(const char *value, const void *arg);
		const void *arg;
	} questions[] = {
		{ "command", has_command, config },
		{ "exited", has_exited, state },
		{ "expose", has_exposed, config },
		{ "health", has_health, state },
		{ "isolation", has_isolation, config },
		{ "network", has_network, container },
		{ "publish", has_publish, container },
		{ "restart-policy", has_restart_policy, config },
		{ "status", has_status, state },
		{ "volume", has_volume, config },
	};

	if (!given->keys.len)
		return true;
	for (size_t i = 0; i < ARRAY_LEN(questions); i++)
		if (!filter_match_by(given, questions[i].key,
				     questions[i].matches, questions[i].arg))
			return false;
	return !filter->no_tasks && is_of_time(filter, config) &&
	       filter_match_prefix(given, "id", container->id) &&
	       filter_match_name(given, "name", container->name) &&
	       has_labels(filter, config) && has_ancestor(filter, config);
}
