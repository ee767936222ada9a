/* SPDX-License-Identifier: Apache-2.0 */
/*
 * container/inspect.c - a container as docker inspect shows it.
 */
#include "container/inspect.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/text.h"
#include "base/units.h"
#include "container/inspect_parts.h"
#include "container/log_file.h"
#include "spec/platform.h"
#include "store/layer.h"

#define INSPECT_NEVER "0001-01-01T00:00:00Z"
#define INSPECT_PATH \
	"PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

struct node *
inspect_pairs(const struct strvec *pairs)
{
	struct node *obj = node_new_obj();

	for (size_t i = 0; i < pairs->len; i++) {
		const char *eq = strchrnul(pairs->v[i], '=');
		cleanup_free char *key =
			xstrndup(pairs->v[i], (size_t)(eq - pairs->v[i]));

		node_set_str(obj, key, *eq ? eq + 1 : "");
	}
	node_sort_keys(obj);
	return obj;
}

static void
set_time(struct node *obj, const char *key, int64_t ns)
{
	cleanup_strbuf struct strbuf text = STRBUF_INIT;

	if (ns)
		units_add_rfc3339(&text, ns);
	node_set_str(obj, key, ns ? text.buf : INSPECT_NEVER);
}

static struct node *
inspect_health(const struct container_health *health)
{
	struct node *obj = node_new_obj();
	struct node *log;

	node_set_str(obj, "Status", health_status_name(health->status));
	node_set_int(obj, "FailingStreak", health->failing_streak);
	log = node_set(obj, "Log", node_new_arr());
	for (size_t i = 0; i < health->log_count; i++) {
		const struct health_result *from = &health->log[i];
		struct node *one = node_push(log, node_new_obj());

		set_time(one, "Start", from->start_ns);
		set_time(one, "End", from->end_ns);
		node_set_int(one, "ExitCode", from->exit_code);
		node_set_str(one, "Output", from->output ?: "");
	}
	return obj;
}

static struct node *
inspect_state(const struct container_state *state,
	      const struct container_spec *spec)
{
	bool is_live = container_status_is_live(state->status);
	struct node *obj = node_new_obj();

	node_set_str(obj, "Status", container_status_name(state->status));
	node_set_bool(obj, "Running", is_live);
	node_set_bool(obj, "Paused", state->status == CONTAINER_PAUSED);
	node_set_bool(obj, "Restarting", state->status == CONTAINER_RESTARTING);
	node_set_bool(obj, "OOMKilled", state->oom_killed);
	node_set_bool(obj, "Dead", state->status == CONTAINER_DEAD);
	node_set_int(obj, "Pid", is_live ? state->pid : 0);
	node_set_int(obj, "ExitCode", state->exit_code);
	node_set_str(obj, "Error", state->error ?: "");
	set_time(obj, "StartedAt", state->started_ns);
	set_time(obj, "FinishedAt", state->finished_ns);
	if (health_spec_is_set(&spec->health))
		node_set(obj, "Health", inspect_health(&state->health));
	node_set_int(obj, "ConmonPid", is_live ? state->monitor_pid : 0);
	node_set_str(obj, "CgroupPath", state->cgroup ?: "");
	node_set_bool(obj, "StoppedByUser", state->stopped_by_user);
	return obj;
}

/* Docker adds what a shell cannot do without. */
static struct node *
inspect_env(const struct strvec *env)
{
	struct node *arr = node_new_arr();

	for (size_t i = 0; i < env->len; i++)
		node_push_str(arr, env->v[i]);
	if (!strvec_env_get(env, "PATH"))
		node_push_str(arr, INSPECT_PATH);
	return arr;
}

/* argv from @from to @to, or nil. */
static struct node *
inspect_argv(const struct strvec *argv, size_t from, size_t to)
{
	cleanup_strvec struct strvec part = STRVEC_INIT;

	for (size_t i = from; i < to; i++)
		strvec_add(&part, argv->v[i]);
	return inspect_list(&part);
}

/* Paths of anonymous volumes: an image's, or -v PATH. */
static struct node *
inspect_volumes(const struct container_spec *spec)
{
	struct node *obj = node_new_obj();

	for (size_t i = 0; i < spec->mounts.len; i++) {
		const struct mount_spec *mount = &spec->mounts.items[i];

		if (mount->kind == MOUNT_VOLUME &&
		    (!mount->source ||
		     strvec_has(&spec->anonymous, mount->source)))
			(void)node_need_obj(obj, mount->target);
	}
	if (node_len(obj))
		return obj;
	node_free(obj);
	return inspect_no_map();
}

/* What the image says and no flag changes. */
static void
add_image_members(struct node *config, const struct container_spec *spec)
{
	const struct node *image = node_get(spec->image_config->doc, "config");
	const struct node *on_build = node_get(image, "OnBuild");
	const struct node *shell = node_get(image, "Shell");

	node_set(config, "OnBuild",
		 node_len(on_build) ? node_clone(on_build)
				    : inspect_list(&(struct strvec){ 0 }));
	node_set(config, "Labels", inspect_pairs(&spec->labels));
	if (spec->stop_signal)
		node_set_str(config, "StopSignal", spec->stop_signal);
	if (spec->stop_timeout_s >= 0)
		node_set_int(config, "StopTimeout", spec->stop_timeout_s);
	if (node_len(shell))
		node_set(config, "Shell", node_clone(shell));
}

static void
add_podman_members(struct node *config, const struct container_spec *spec)
{
	cleanup_free char *mask =
		xasprintf("%04o", (unsigned int)spec->umask & 0777);

	node_set(config, "CreateCommand", inspect_list(&spec->create_command));
	node_set_str(config, "Umask", mask);
	node_set_int(config, "Timeout", spec->timeout_s);
	if (spec->timezone)
		node_set_str(config, "Timezone", spec->timezone);
	node_set(config, "Secrets", secret_spec_list_to_node(&spec->secrets));
	node_set_str(config, "HealthcheckOnFailureAction",
		     health_action_name(spec->health.on_failure));
}

static struct node *
inspect_config(const struct container_spec *spec)
{
	struct node *config = node_new_obj();
	size_t entry = (size_t)spec->entrypoint_len;

	node_set_str(config, "Hostname", spec->hostname);
	node_set_str(config, "Domainname", spec->domainname ?: "");
	node_set_str(config, "User", spec->user);
	node_set_bool(config, "AttachStdin", spec->attach[0]);
	node_set_bool(config, "AttachStdout", spec->attach[1]);
	node_set_bool(config, "AttachStderr", spec->attach[2]);
	if (spec->exposed.len || spec->ports.len) {
		struct node *ports = port_list_to_exposed(&spec->ports);
		struct node *more = port_list_to_exposed(&spec->exposed);

		for (size_t i = 0; i < node_len(more); i++)
			(void)node_need_obj(ports, node_key_at(more, i));
		node_free(more);
		node_set(config, "ExposedPorts", ports);
	}
	node_set_bool(config, "Tty", spec->tty);
	node_set_bool(config, "OpenStdin", spec->open_stdin);
	node_set_bool(config, "StdinOnce", spec->attach[0]);
	node_set(config, "Env", inspect_env(&spec->env));
	node_set(config, "Cmd",
		 inspect_argv(&spec->argv, entry, spec->argv.len));
	if (spec->health.test.len)
		node_set(config, "Healthcheck",
			 health_spec_to_node(&spec->health));
	node_set_str(config, "Image", spec->image_name);
	node_set(config, "Volumes", inspect_volumes(spec));
	node_set_str(config, "WorkingDir", spec->cwd);
	node_set(config, "Entrypoint", inspect_argv(&spec->argv, 0, entry));
	add_image_members(config, spec);
	add_podman_members(config, spec);
	return config;
}

const char *
inspect_bind_of(const struct container_spec *spec,
		const struct mount_spec *mount)
{
	cleanup_free char *want = xasprintf(":%s", mount->target);

	for (size_t i = 0; i < spec->binds.len; i++) {
		const char *at = strchr(spec->binds.v[i], ':');
		size_t len = strlen(want);

		if (at && !strncmp(at, want, len) &&
		    (at[len] == '\0' || at[len] == ':'))
			return spec->binds.v[i];
	}
	return NULL;
}

static bool
is_short_tmpfs(const struct container_spec *spec,
	       const struct mount_spec *mount)
{
	for (size_t i = 0; i < spec->tmpfs.len; i++) {
		size_t len = strcspn(spec->tmpfs.v[i], ":");

		if (strlen(mount->target) == len &&
		    !strncmp(spec->tmpfs.v[i], mount->target, len))
			return true;
	}
	return false;
}

bool
inspect_is_long_mount(const struct container_spec *spec,
		      const struct mount_spec *mount)
{
	if (mount->kind == MOUNT_VOLUME &&
	    (!mount->source || strvec_has(&spec->anonymous, mount->source)))
		return false;
	return !inspect_bind_of(spec, mount) && !is_short_tmpfs(spec, mount);
}

/* What follows SOURCE:TARGET: of a -v. */
static const char *
mode_of(const struct container_spec *spec, const struct mount_spec *mount)
{
	const char *bind = inspect_bind_of(spec, mount);
	const char *colon = bind ? strchr(bind, ':') : NULL;

	colon = colon ? strchr(colon + 1, ':') : NULL;
	return colon ? colon + 1 : "";
}

static void
add_mount(struct node *arr, const struct container_spec *spec,
	  const struct mount_spec *mount, const char *data)
{
	struct node *obj = node_push(arr, node_new_obj());
	bool is_volume = mount->kind == MOUNT_VOLUME;
	cleanup_free char *place =
		is_volume ? xasprintf("%s/volumes/%s/_data", data,
				      mount->source ?: "")
			  : xstrdup(mount->source ?: "");
	const char *propagation = mount_propagation_name(mount->propagation);

	node_set_str(obj, "Type", mount_kind_name(mount->kind));
	if (is_volume)
		node_set_str(obj, "Name", mount->source ?: "");
	node_set_str(obj, "Source", place);
	node_set_str(obj, "Destination", mount->target);
	if (is_volume)
		node_set_str(obj, "Driver", "local");
	node_set_str(obj, "Mode", mode_of(spec, mount));
	node_set_bool(obj, "RW", !mount->readonly);
	node_set_str(obj, "Propagation",
		     mount->kind == MOUNT_BIND && !*propagation ? "rprivate"
								: propagation);
}

static struct node *
inspect_mounts(const struct container_spec *spec, const char *data)
{
	struct node *arr = node_new_arr();

	for (size_t i = 0; i < spec->mounts.len; i++)
		if (!is_short_tmpfs(spec, &spec->mounts.items[i]))
			add_mount(arr, spec, &spec->mounts.items[i], data);
	return arr;
}

/* Where its files are, as the overlay drivers of others show it. */
static struct node *
inspect_driver(const struct container *container,
	       const struct container_spec *spec, const char *data)
{
	static const struct {
		const char *member, *dir;
	} dirs[] = {
		{ "MergedDir", "root" },
		{ "UpperDir", "upper" },
		{ "WorkDir", "work" },
	};
	const struct image_config *image = spec->image_config;
	cleanup_strbuf struct strbuf lower = STRBUF_INIT;
	struct node *driver = node_new_obj();
	struct node *obj = node_need_obj(driver, "Data");
	char path[LAYER_PATH_BYTES];

	for (size_t i = image->diff_id_count; i-- > 0;)
		strbuf_addf(&lower, "%s%s/%s", lower.len ? ":" : "", data,
			    layer_path(&image->diff_ids[i], path));
	node_set_str(obj, "LowerDir", lower.buf);
	for (size_t i = 0; i < ARRAY_LEN(dirs); i++) {
		cleanup_free char *at = xasprintf("%s/containers/%s/%s", data,
						  spec->id, dirs[i].dir);

		node_set_str(obj, dirs[i].member, at);
	}
	node_set_str(driver, "Name", container->state.driver ?: "overlay");
	return driver;
}

static void
add_paths(struct node *doc, const struct container_spec *spec, const char *data)
{
	static const struct {
		const char *member, *file;
	} files[] = {
		{ "ResolvConfPath", "resolv.conf" },
		{ "HostnamePath", "hostname" },
		{ "HostsPath", "hosts" },
		{ "LogPath", LOG_FILE_NAME },
	};

	for (size_t i = 0; i < ARRAY_LEN(files); i++) {
		cleanup_free char *at = xasprintf("%s/containers/%s/%s", data,
						  spec->id, files[i].file);

		node_set_str(doc, files[i].member, at);
	}
	if (spec->log.driver == LOG_DRIVER_NONE)
		node_set_str(doc, "LogPath", "");
	else if (spec->log.path)
		node_set_str(doc, "LogPath", spec->log.path);
}

static void
add_head(struct node *doc, const struct container *container,
	 const struct container_spec *spec)
{
	set_time(doc, "Created", spec->created_ns);
	node_set_str(doc, "Path", spec->argv.v[0]);
	node_set(doc, "Args", node_new_arr());
	for (size_t i = 1; i < spec->argv.len; i++)
		node_push_str(node_get(doc, "Args"), spec->argv.v[i]);
	node_set(doc, "State", inspect_state(&container->state, spec));
	node_set_str(doc, "Image", spec->image->id.text);
}

static void
add_identity(struct node *doc, const struct container *container)
{
	static const char *const labels[] = { "MountLabel", "ProcessLabel",
					      "AppArmorProfile" };
	cleanup_free char *name = xasprintf("/%s", container->name);

	node_set_str(doc, "Name", name);
	node_set_int(doc, "RestartCount", container->state.restart_count);
	node_set_str(doc, "Driver", container->state.driver ?: "overlay");
	node_set_str(doc, "Platform", "linux");
	for (size_t i = 0; i < ARRAY_LEN(labels); i++)
		node_set_str(doc, labels[i], "");
	node_set(doc, "ExecIDs", inspect_list(&(struct strvec){ 0 }));
}

int
container_inspect(struct session *session, const struct container *container,
		  const struct container_usage *usage, struct node **ret_node,
		  struct err *err)
{
	cleanup_container_image struct container_image image;
	cleanup_container_spec struct container_spec spec;
	const char *data = session->paths.data;
	struct node *doc;
	int r;

	container_spec_init(&spec);
	image = (struct container_image){ .row = { .line = NULL } };
	r = container_load_spec(session, container, &spec, &image, err);
	if (r < 0)
		return r;
	doc = node_new_obj();
	node_set_str(doc, "Id", spec.id);
	add_head(doc, container, &spec);
	add_paths(doc, &spec, data);
	add_identity(doc, container);
	node_set(doc, "HostConfig", inspect_host_config(&spec));
	node_set(doc, "GraphDriver", inspect_driver(container, &spec, data));
	if (usage) {
		node_set_int(doc, "SizeRw", usage->written_bytes);
		node_set_int(doc, "SizeRootFs",
			     usage->written_bytes + usage->image_bytes);
	}
	node_set(doc, "Mounts", inspect_mounts(&spec, data));
	node_set(doc, "Config", inspect_config(&spec));
	node_set(doc, "NetworkSettings",
		 inspect_network_settings(container, &spec));
	node_set_str(doc, "ImageName", spec.image_name);
	*ret_node = doc;
	return 0;
}
