/* SPDX-License-Identifier: Apache-2.0 */
/*
 * compose/container_words.c - a service as the words of "dhow create".
 */
#include "compose/container_words.h"

#include <errno.h>
#include <string.h>

#include "base/alloc.h"
#include "base/text.h"
#include "compose/config_print.h"
#include "compose/container_words_priv.h"
#include "compose/normalise.h"
#include "compose/schema.h"

char *
container_words_name(const struct project *project, const char *service,
		     int number, bool underscore)
{
	const char *given = node_get_str(project_service(project, service),
					 "container_name");
	char sep = underscore ? '_' : '-';

	if (given)
		return xstrdup(given);
	return xasprintf("%s%c%s%c%d", project->name, sep, service, sep,
			 number);
}

int
container_words_scale(const struct node *service)
{
	const struct node *replicas =
		node_get(node_get(service, "deploy"), "replicas");

	return (int)node_int_or(node_get(service, "scale"),
				node_int_or(replicas, 1));
}

/*
 * Who else than root may be meant: files here are root's, so a user that is
 * named gets his bits as everybody.
 */
static unsigned int
grant_mode(const struct node *grant)
{
	unsigned int mode = 0444;

	(void)units_parse_mode(node_str_or(node_get(grant, "mode"), "0444"),
			       &mode, NULL);
	if (node_get(grant, "uid"))
		mode |= mode >> 6;
	if (node_get(grant, "gid"))
		mode |= (mode >> 3) & 07;
	return mode & 0777;
}

char *
container_words_grant_file(const char *dir, const char *project,
			   const char *kind, const struct node *grant,
			   const struct node *one, char **ret_mode)
{
	const char *source = node_str_or(node_get(grant, "source"), "");
	const char *file = node_get_str(one, "file");
	unsigned int mode = grant_mode(grant);

	if (ret_mode)
		*ret_mode = xasprintf("%04o", mode);
	if (file && !node_get(grant, "mode") && !node_get(grant, "uid") &&
	    !node_get(grant, "gid"))
		return xstrdup(file);
	return xasprintf("%s/%s/%s-%s-%04o", dir, project, kind, source, mode);
}

/* Words. */

void
words_flag(struct words *w, const char *flag, const char *value)
{
	if (!value)
		return;
	strvec_addf(w->out, "--%s", flag);
	strvec_add(w->out, value);
}

void
words_switch(struct words *w, const char *flag, const char *key)
{
	if (node_get_bool(w->body, key, false))
		strvec_addf(w->out, "--%s", flag);
}

static void
words_scalar(struct words *w, const char *flag, const char *key)
{
	cleanup_free char *text = schema_text(node_get(w->body, key));

	if (text && *text)
		words_flag(w, flag, text);
}

static void
words_list(struct words *w, const char *flag, const char *key)
{
	const struct node *list = node_get(w->body, key);

	for (size_t i = 0; i < node_len(list); i++) {
		cleanup_free char *text = schema_text(node_at(list, i));

		words_flag(w, flag, text);
	}
}

static void
words_map(struct words *w, const char *flag, const struct node *map)
{
	for (size_t i = 0; i < node_len(map); i++) {
		cleanup_free char *value = schema_text(node_value_at(map, i));
		cleanup_free char *pair = xasprintf(
			"%s=%s", node_key_at(map, i), value ? value : "");

		words_flag(w, flag, pair);
	}
}

/* A variable without a value is taken from the image's, too. */
static void
add_environment(struct words *w)
{
	const struct node *map = node_get(w->body, "environment");

	for (size_t i = 0; i < node_len(map); i++) {
		cleanup_free char *value = schema_text(node_value_at(map, i));
		cleanup_free char *pair = NULL;

		if (!value) {
			words_flag(w, "unsetenv", node_key_at(map, i));
			continue;
		}
		pair = xasprintf("%s=%s", node_key_at(map, i), value);
		words_flag(w, "env", pair);
	}
}

/* Keys that are a flag, and nothing else. */

static const struct {
	const char *key, *flag;
} scalars[] = {
	{ "cpu_period", "cpu-period" },
	{ "cpu_quota", "cpu-quota" },
	{ "cpu_shares", "cpu-shares" },
	{ "cpuset", "cpuset-cpus" },
	{ "domainname", "domainname" },
	{ "hostname", "hostname" },
	{ "memswap_limit", "memory-swap" },
	{ "oom_score_adj", "oom-score-adj" },
	{ "shm_size", "shm-size" },
	{ "stop_signal", "stop-signal" },
	{ "user", "user" },
	{ "userns_mode", "userns" },
	{ "uts", "uts" },
	{ "working_dir", "workdir" },
};

static const struct {
	const char *key, *flag;
} lists[] = {
	{ "cap_add", "cap-add" },
	{ "cap_drop", "cap-drop" },
	{ "dns", "dns" },
	{ "dns_opt", "dns-option" },
	{ "dns_search", "dns-search" },
	{ "expose", "expose" },
	{ "extra_hosts", "add-host" },
	{ "group_add", "group-add" },
	{ "security_opt", "security-opt" },
	{ "tmpfs", "tmpfs" },
};

static const struct {
	const char *key, *flag;
} switches[] = {
	{ "init", "init" },
	{ "privileged", "privileged" },
	{ "read_only", "read-only" },
	{ "stdin_open", "interactive" },
	{ "tty", "tty" },
};

static void
add_plain(struct words *w)
{
	for (size_t i = 0; i < ARRAY_LEN(scalars); i++)
		words_scalar(w, scalars[i].flag, scalars[i].key);
	for (size_t i = 0; i < ARRAY_LEN(lists); i++)
		words_list(w, lists[i].flag, lists[i].key);
	for (size_t i = 0; i < ARRAY_LEN(switches); i++)
		words_switch(w, switches[i].flag, switches[i].key);
	add_environment(w);
	words_map(w, "annotation", node_get(w->body, "annotations"));
	words_map(w, "sysctl", node_get(w->body, "sysctls"));
}

/* Limits: said by the service, or by its deploy. */

static void
add_limit(struct words *w, const char *flag, const char *key, const char *part,
	  const char *limit)
{
	const struct node *resources =
		node_get(node_get(w->body, "deploy"), "resources");
	cleanup_free char *own = schema_text(node_get(w->body, key));
	cleanup_free char *other =
		schema_text(node_get(node_get(resources, part), limit));
	const char *text = own ? own : other;

	if (text && strcmp(text, "0") != 0)
		words_flag(w, flag, text);
}

static void
add_limits(struct words *w)
{
	const struct node *ulimits = node_get(w->body, "ulimits");

	add_limit(w, "cpus", "cpus", "limits", "cpus");
	add_limit(w, "memory", "mem_limit", "limits", "memory");
	add_limit(w, "pids-limit", "pids_limit", "limits", "pids");
	add_limit(w, "memory-reservation", "mem_reservation", "reservations",
		  "memory");
	for (size_t i = 0; i < node_len(ulimits); i++) {
		const struct node *one = node_value_at(ulimits, i);
		int64_t soft = node_int_or(one, node_get_int(one, "soft", 0));
		int64_t hard = node_int_or(one, node_get_int(one, "hard", 0));
		cleanup_free char *text =
			xasprintf("%s=%ld:%ld", node_key_at(ulimits, i),
				  (long)soft, (long)hard);

		words_flag(w, "ulimit", text);
	}
}

/* Life. */

static void
add_restart(struct words *w)
{
	const struct node *policy =
		node_get(node_get(w->body, "deploy"), "restart_policy");
	const char *condition = node_get_str(policy, "condition");
	int64_t attempts = node_get_int(policy, "max_attempts", 0);
	cleanup_free char *text = NULL;

	if (w->from->oneoff)
		return;
	if (!policy) {
		words_scalar(w, "restart", "restart");
		return;
	}
	if (!condition || !strcmp(condition, "any"))
		condition = "always";
	else if (!strcmp(condition, "none"))
		condition = "no";
	if (attempts > 0)
		text = xasprintf("on-failure:%ld", (long)attempts);
	words_flag(w, "restart", text ? text : condition);
}

static void
add_stop(struct words *w)
{
	const char *grace = node_get_str(w->body, "stop_grace_period");
	cleanup_free char *text = NULL;
	int64_t ns;

	if (!grace || units_parse_duration(grace, &ns, NULL) < 0)
		return;
	/* Whole seconds, rounded up: half a second is not none. */
	text = xasprintf("%ld",
			 (long)((ns + UNITS_NS_PER_S - 1) / UNITS_NS_PER_S));
	words_flag(w, "stop-timeout", text);
}

static void
add_test(struct words *w, const struct node *test)
{
	const char *kind = node_str_or(node_at(test, 0), "");
	cleanup_node struct node *argv = NULL;
	cleanup_strbuf struct strbuf sb = STRBUF_INIT;

	if (!strcmp(kind, "NONE")) {
		strvec_add(w->out, "--no-healthcheck");
	} else if (!strcmp(kind, "CMD-SHELL")) {
		words_flag(w, "health-cmd", node_str_or(node_at(test, 1), ""));
	} else if (node_len(test)) {
		argv = node_clone(test);
		if (!strcmp(kind, "CMD"))
			node_del_at(argv, 0);
		node_write_json(&sb, argv, NODE_COMPACT);
		words_flag(w, "health-cmd", sb.buf);
	}
}

static void
add_health(struct words *w)
{
	static const char *const keys[][2] = {
		{ "interval", "health-interval" },
		{ "retries", "health-retries" },
		{ "start_interval", "health-start-interval" },
		{ "start_period", "health-start-period" },
		{ "timeout", "health-timeout" },
	};
	const struct node *health = node_get(w->body, "healthcheck");

	if (node_get_bool(health, "disable", false)) {
		strvec_add(w->out, "--no-healthcheck");
		return;
	}
	add_test(w, node_get(health, "test"));
	for (size_t i = 0; i < ARRAY_LEN(keys); i++) {
		cleanup_free char *text =
			schema_text(node_get(health, keys[i][0]));

		words_flag(w, keys[i][1], text);
	}
}

static void
add_logging(struct words *w)
{
	const struct node *logging = node_get(w->body, "logging");

	words_flag(w, "log-driver", node_get_str(logging, "driver"));
	words_map(w, "log-opt", node_get(logging, "options"));
}

/* Labels. */

static void
add_label(struct words *w, const char *key, const char *value)
{
	cleanup_free char *pair = xasprintf("%s=%s", key, value);

	words_flag(w, "label", pair);
}

static void
add_label_list(struct words *w, const char *key, const struct strvec *list)
{
	cleanup_strbuf struct strbuf sb = STRBUF_INIT;

	for (size_t i = 0; i < list->len; i++)
		strbuf_addf(&sb, "%s%s", i ? "," : "", list->v[i]);
	if (list->len || !strcmp(key, LABEL_FILES))
		add_label(w, key, sb.buf);
}

static void
add_depends_label(struct words *w)
{
	const struct node *depends = node_get(w->body, "depends_on");
	cleanup_strbuf struct strbuf sb = STRBUF_INIT;

	for (size_t i = 0; i < node_len(depends); i++) {
		const struct node *how = node_value_at(depends, i);

		strbuf_addf(&sb, "%s%s:%s:%s", i ? "," : "",
			    node_key_at(depends, i),
			    node_str_or(node_get(how, "condition"),
					"service_started"),
			    node_get_bool(how, "restart", false) ? "true"
								 : "false");
	}
	add_label(w, LABEL_DEPENDS, sb.buf);
}

static void
add_labels(struct words *w)
{
	const struct container_words *from = w->from;
	const struct project *project = from->project;
	cleanup_free char *number = xasprintf("%d", from->number);
	char hash[HASH256_HEX_BYTES];

	words_map(w, "label", node_get(w->body, "labels"));
	config_print_hash(project, from->service, hash);
	add_label(w, LABEL_HASH, hash);
	add_label(w, LABEL_NUMBER, number);
	add_depends_label(w);
	add_label(w, LABEL_IMAGE, from->image_id ? from->image_id : "");
	add_label(w, LABEL_ONEOFF, from->oneoff ? "True" : "False");
	add_label(w, LABEL_PROJECT, project->name);
	add_label_list(w, LABEL_FILES, &project->files);
	add_label(w, LABEL_DIR, project->dir);
	add_label_list(w, LABEL_ENV_FILE, &project->env_paths);
	add_label(w, LABEL_SERVICE, from->service);
	add_label(w, LABEL_VERSION, WORDS_VERSION);
	if (from->replaces)
		add_label(w, LABEL_REPLACE, from->replaces);
	if (from->slug)
		add_label(w, LABEL_SLUG, from->slug);
}

/* Namespaces, of another service's container perhaps. */

/* "container:NAME" for "service:x". Owned; NULL when nothing was said. */
char *
words_shared(const struct words *w, const char *mode)
{
	const char *service = normalise_service_ref(mode);
	const struct world_container *found;
	cleanup_free char *name = NULL;

	if (!service)
		return xstrdup_null(mode);
	found = world_find(w->from->world, service, 0);
	if (!found)
		name = container_words_name(w->from->project, service, 1,
					    w->from->underscore);
	return xasprintf("container:%s", found ? found->name : name);
}

static void
add_namespaces(struct words *w)
{
	static const char *const keys[] = { "ipc", "pid" };
	const char *cgroup = node_get_str(w->body, "cgroup");

	for (size_t i = 0; i < ARRAY_LEN(keys); i++) {
		cleanup_free char *mode =
			words_shared(w, node_get_str(w->body, keys[i]));

		words_flag(w, keys[i], mode);
	}
	words_flag(w, "cgroupns", cgroup);
}

/* Entry point and command. */

static void
add_entrypoint(struct words *w)
{
	const struct node *entrypoint = node_get(w->body, "entrypoint");
	cleanup_strbuf struct strbuf sb = STRBUF_INIT;

	if (node_kind(entrypoint) != NODE_ARR)
		return;
	if (node_len(entrypoint))
		node_write_json(&sb, entrypoint, NODE_COMPACT);
	words_flag(w, "entrypoint", sb.buf);
}

static void
add_command(struct words *w, const struct strvec *command)
{
	const struct node *own = node_get(w->body, "command");

	if (command && command->len) {
		strvec_add_all(w->out, command);
		return;
	}
	for (size_t i = 0; !w->from->drop_command && i < node_len(own); i++) {
		cleanup_free char *text = schema_text(node_at(own, i));

		strvec_add(w->out, text ? text : "");
	}
}

void
container_words_add(const struct container_words *from,
		    const struct strvec *extra, const struct strvec *command,
		    struct strvec *words)
{
	struct words w = {
		.from = from,
		.body = project_service(from->project, from->service),
		.out = words,
	};

	words_flag(&w, "name", from->name);
	words_flag(&w, "pull", "never");
	add_labels(&w);
	add_plain(&w);
	add_limits(&w);
	add_restart(&w);
	add_stop(&w);
	add_health(&w);
	add_logging(&w);
	add_namespaces(&w);
	words_add_network(&w);
	words_add_files(&w);
	if (!from->drop_command)
		add_entrypoint(&w);
	if (extra)
		strvec_add_all(words, extra);
	strvec_add(words, from->image);
	add_command(&w, command);
}
