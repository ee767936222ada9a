/* SPDX-License-Identifier: Apache-2.0 */
/*
 * compose/schema_service.c - the keys of a service.
 */
#include <errno.h>
#include <string.h>

#include "base/alloc.h"
#include "base/text.h"
#include "base/units.h"
#include "compose/long_form.h"
#include "compose/schema_types.h"
#include "spec/abs_path.h"
#include "spec/ns_spec.h"
#include "spec/restart_spec.h"
#include "spec/signal_spec.h"

#define FOR_WINDOWS "it is for Windows"
#define NO_DAEMON "there is no daemon whose socket could be given"
#define NEEDS_PRIVILEGES "it needs privileges of the host"

static int
check_restart(const char *text, struct err *err)
{
	struct restart_spec spec;

	return restart_spec_parse(text, &spec, err);
}

static int
check_word(const char *text, size_t min, struct err *err)
{
	size_t len = strlen(text);
	bool good = len >= min && text_is_alnum(*text);

	for (size_t i = 0; i < len; i++)
		good = good &&
		       (text_is_alnum(text[i]) || strchr("_.-", text[i]));
	return good ? 0
		    : err_set(err, EINVAL,
			      "'%s' is no name: [a-zA-Z0-9][a-zA-Z0-9_.-]+",
			      text);
}

static int
check_container_name(const char *text, struct err *err)
{
	return check_word(text, 2, err);
}

static int
check_profile(const char *text, struct err *err)
{
	return check_word(text, 1, err);
}

/* "every_12h", "every_2d": w, d, h, m and s. */
static bool
is_every(const char *text)
{
	const char *rest = text_after(text, "every_");

	if (!rest || !*rest)
		return false;
	while (*rest) {
		size_t digits = strspn(rest, "0123456789");

		if (!digits || !rest[digits] || !strchr("wdhms", rest[digits]))
			return false;
		rest += digits + 1;
	}
	return true;
}

static int
check_pull_policy(const char *text, struct err *err)
{
	static const char *const words[] = { "always",  "never",
					     "missing", "if_not_present",
					     "build",   "refresh",
					     "daily",   "weekly",
					     NULL };
	const char *near = text_nearest(text, words);
	int r;

	for (size_t i = 0; words[i]; i++)
		if (!strcmp(words[i], text))
			return 0;
	if (is_every(text))
		return 0;
	r = err_set(err, EINVAL, "unknown pull policy '%s'", text);
	if (near)
		err_hint(err, "did you mean '%s'?", near);
	return r;
}

static int
check_net_mode(const char *text, struct err *err)
{
	if (*text)
		return 0;
	return err_set(err, EINVAL, "it may not be empty");
}

/* "service:NAME" is a project's own; the rest is as on the command line. */
static int
check_ipc(const char *text, struct err *err)
{
	cleanup_ns_spec struct ns_spec spec = NS_SPEC_INIT;

	return text_starts(text, "service:")
		       ? 0
		       : ns_spec_parse_ipc(text, &spec, err);
}

static int
check_pid(const char *text, struct err *err)
{
	cleanup_ns_spec struct ns_spec spec = NS_SPEC_INIT;

	return text_starts(text, "service:")
		       ? 0
		       : ns_spec_parse_pid(text, &spec, err);
}

static int
check_signal(const char *text, struct err *err)
{
	int signal;

	return *text ? signal_spec_parse(text, &signal, err) : 0;
}

/* Microseconds, or a duration. */
static int
check_rt_time(const char *text, struct err *err)
{
	int64_t value;

	if (units_parse_i64(text, INT64_MIN, INT64_MAX, &value, NULL) == 0)
		return 0;
	return units_parse_duration(text, &value, err);
}

static const struct schema restart = { .accepts = ACCEPT_STR,
				       .check = check_restart,
				       .wants = "text (\"no\" in quotes)" };
static const struct schema container_name = { .accepts = ACCEPT_STR,
					      .check = check_container_name };
static const struct schema profile = { .accepts = ACCEPT_STR,
				       .check = check_profile };
static const struct schema profiles = { .accepts = ACCEPT_LIST,
					.item = &profile,
					.merge = MERGE_UNIQUE };
static const struct schema pull_policy = { .accepts = ACCEPT_STR,
					   .check = check_pull_policy };
static const struct schema network_mode = { .accepts = ACCEPT_STR,
					    .check = check_net_mode };
static const struct schema ipc = { .accepts = ACCEPT_STR, .check = check_ipc };
static const struct schema pid = { .accepts = ACCEPT_STR, .check = check_pid };
static const struct schema stop_signal = { .accepts = ACCEPT_STR,
					   .check = check_signal };
static const struct schema rt_time = { .accepts = ACCEPT_NUM | ACCEPT_STR,
				       .check = check_rt_time };
static const struct schema oom_score = { .accepts = ACCEPT_INT | ACCEPT_STR,
					 .cast = CAST_INT,
					 .min = -1000,
					 .max = 1000,
					 .wants = "an integer" };
static const struct schema swappiness = { .accepts = ACCEPT_INT | ACCEPT_STR,
					  .cast = CAST_INT,
					  .max = 100,
					  .wants = "an integer",
					  .canon = long_form_text };
static const char *const cgroup_words[] = { "host", "private", NULL };
static const struct schema cgroup = { .accepts = ACCEPT_STR,
				      .words = cgroup_words };
static const char *const uts_words[] = { "host", NULL };
static const struct schema uts = { .accepts = ACCEPT_STR, .words = uts_words };

/* depends_on */

static const char *const condition_words[] = { "service_started",
					       "service_healthy",
					       "service_completed_successfully",
					       NULL };
static const struct schema condition = { .accepts = ACCEPT_STR,
					 .words = condition_words };
static const struct schema_key depend_keys[] = {
	KEY_REQUIRED("condition", condition), KEY_ZERO("required", schema_bool),
	KEY("restart", schema_bool), KEY_END
};
static const struct schema depend = { .accepts = ACCEPT_MAP,
				      .needs_value = true,
				      .keys = depend_keys };
static const struct schema depends_on = { .accepts = ACCEPT_LIST | ACCEPT_MAP,
					  .item = &depend,
					  .element = &schema_str,
					  .canon = long_form_depends };

/* networks */

static const struct schema_key endpoint_keys[] = {
	KEY("aliases", schema_unique),
	KEY("driver_opts", schema_options),
	KEY("gw_priority", schema_number_type),
	KEY("interface_name", schema_str),
	KEY("ipv4_address", schema_str),
	KEY("ipv6_address", schema_str),
	KEY("link_local_ips", schema_unique),
	KEY("mac_address", schema_str),
	KEY("priority", schema_number_type),
	KEY_END
};
static const struct schema endpoint = { .accepts = ACCEPT_MAP | ACCEPT_NULL,
					.keys = endpoint_keys };
static const struct schema networks = { .accepts = ACCEPT_LIST | ACCEPT_MAP,
					.item = &endpoint,
					.element = &schema_str,
					.canon = long_form_names };

/* healthcheck */

static const struct schema test = { .accepts = ACCEPT_STR | ACCEPT_LIST,
				    .item = &schema_str,
				    .merge = MERGE_REPLACE,
				    .canon = long_form_test };
static const struct schema_key health_keys[] = {
	KEY("disable", schema_bool),
	KEY("interval", schema_duration),
	KEY_ZERO("retries", schema_int),
	KEY("start_interval", schema_duration),
	KEY("start_period", schema_duration),
	KEY("test", test),
	KEY("timeout", schema_duration),
	KEY_END
};
static const struct schema healthcheck = { .accepts = ACCEPT_MAP,
					   .keys = health_keys };

static const struct schema_key logging_keys[] = {
	KEY("driver", schema_str), KEY("options", schema_options), KEY_END
};
static const struct schema logging = { .accepts = ACCEPT_MAP,
				       .merge = MERGE_DRIVER,
				       .keys = logging_keys };

/* ports, volumes, devices */

static char *
port_key(const struct node *element)
{
	const char *ip = node_get_str(element, "host_ip");

	if (node_kind(element) != NODE_OBJ)
		return schema_text(element);
	return xasprintf("%s:%s:%ld/%s", ip ? ip : "0.0.0.0",
			 node_str_or(node_get(element, "published"), ""),
			 (long)node_get_int(element, "target", 0),
			 node_str_or(node_get(element, "protocol"), "tcp"));
}

static char *
target_key(const struct node *element)
{
	const char *target = node_get_str(element, "target");

	if (!target)
		return schema_text(element);
	return *target == '/' ? abs_path_join("/", target) : xstrdup(target);
}

static char *
env_file_key(const struct node *element)
{
	return xstrdup(node_str_or(node_get(element, "path"), ""));
}

static const struct schema published = { .accepts = ACCEPT_STR | ACCEPT_INT };
static const char *const port_mode_words[] = { "ingress", "host", NULL };
static const struct schema port_mode = { .accepts = ACCEPT_STR,
					 .words = port_mode_words };
static const char *const protocol_words[] = { "tcp", "udp", "sctp", NULL };
static const struct schema protocol = { .accepts = ACCEPT_STR,
					.words = protocol_words };
static const struct schema_key port_keys[] = { KEY("app_protocol", schema_str),
					       KEY("host_ip", schema_str),
					       KEY("mode", port_mode),
					       KEY("name", schema_str),
					       KEY("protocol", protocol),
					       KEY("published", published),
					       KEY_REQUIRED("target",
							    schema_int),
					       KEY_END };
static const struct schema port = { .accepts = ACCEPT_INT | ACCEPT_STR |
					       ACCEPT_MAP,
				    .wants = "a port, quoted, or a mapping",
				    .keys = port_keys };
static const struct schema ports = { .accepts = ACCEPT_LIST,
				     .item = &port,
				     .merge = MERGE_BY_KEY,
				     .canon = long_form_ports,
				     .key_of = port_key };

static const char *const mount_words[] = { "bind",  "volume",  "tmpfs", "image",
					   "npipe", "cluster", NULL };
static const struct schema mount_type = { .accepts = ACCEPT_STR,
					  .words = mount_words };
static const char *const recursive_words[] = { "enabled", "disabled",
					       "writable", "readonly", NULL };
static const struct schema recursive = { .accepts = ACCEPT_STR,
					 .words = recursive_words };
static const char *const selinux_words[] = { "z", "Z", NULL };
static const struct schema selinux = { .accepts = ACCEPT_STR,
				       .words = selinux_words };
static const char *const propagation_words[] = {
	"private", "rprivate", "shared", "rshared", "slave", "rslave", NULL
};
static const struct schema propagation = { .accepts = ACCEPT_STR,
					   .words = propagation_words };
static const struct schema_key bind_keys[] = {
	KEY_ZERO("create_host_path", schema_bool),
	KEY("propagation", propagation), KEY("recursive", recursive),
	KEY("selinux", selinux), KEY_END
};
static const struct schema bind = { .accepts = ACCEPT_MAP, .keys = bind_keys };
static const struct schema_key mount_volume_keys[] = {
	KEY("labels", schema_labels), KEY("nocopy", schema_bool),
	KEY("subpath", schema_str), KEY_END
};
static const struct schema mount_volume = { .accepts = ACCEPT_MAP,
					    .keys = mount_volume_keys };
static const struct schema_key mount_tmpfs_keys[] = {
	KEY("mode", schema_mode_bits), KEY("size", schema_bytes), KEY_END
};
static const struct schema mount_tmpfs = { .accepts = ACCEPT_MAP,
					   .keys = mount_tmpfs_keys };
static const struct schema_key mount_image_keys[] = {
	KEY("subpath", schema_str), KEY_END
};
static const struct schema mount_image = { .accepts = ACCEPT_MAP,
					   .keys = mount_image_keys };
static const struct schema_key mount_keys[] = {
	KEY("bind", bind),           KEY("consistency", schema_str),
	KEY("image", mount_image),   KEY("read_only", schema_bool),
	KEY("source", schema_str),   KEY("target", schema_str),
	KEY("tmpfs", mount_tmpfs),   KEY_REQUIRED("type", mount_type),
	KEY("volume", mount_volume), KEY_END
};
static const struct schema mount = { .accepts = ACCEPT_STR | ACCEPT_MAP,
				     .keys = mount_keys,
				     .canon = long_form_volume };
static const struct schema volumes = { .accepts = ACCEPT_LIST,
				       .item = &mount,
				       .merge = MERGE_BY_KEY,
				       .is_once = true,
				       .key_of = target_key };

static const struct schema_key device_keys[] = {
	KEY("permissions", schema_str), KEY_REQUIRED("source", schema_str),
	KEY("target", schema_str), KEY_END
};
static const struct schema device = { .accepts = ACCEPT_STR | ACCEPT_MAP,
				      .keys = device_keys,
				      .canon = long_form_device };
static const struct schema devices = { .accepts = ACCEPT_LIST,
				       .item = &device,
				       .merge = MERGE_BY_KEY,
				       .key_of = target_key };

/* env_file */

static const char *const format_words[] = { "raw", NULL };
static const struct schema format = { .accepts = ACCEPT_STR,
				      .words = format_words };
static const struct schema_key env_file_keys[] = {
	KEY("format", format), KEY_REQUIRED("path", schema_str),
	KEY_ZERO("required", schema_bool), KEY_END
};
static const struct schema env_file_item = { .accepts = ACCEPT_STR | ACCEPT_MAP,
					     .keys = env_file_keys };
static const struct schema env_file = { .accepts = ACCEPT_STR | ACCEPT_LIST,
					.item = &env_file_item,
					.merge = MERGE_BY_KEY,
					.canon = long_form_env_files,
					.key_of = env_file_key };

static const struct schema_key extends_keys[] = {
	KEY("file", schema_str), KEY_REQUIRED("service", schema_str), KEY_END
};
static const struct schema extends = { .accepts = ACCEPT_STR | ACCEPT_MAP,
				       .keys = extends_keys,
				       .canon = long_form_service };

static const struct schema_key storage_keys[] = { KEY("size", schema_str_num),
						  KEY_END };
static const struct schema storage_opt = { .accepts = ACCEPT_MAP,
					   .keys = storage_keys };
static const struct schema_key provider_keys[] = {
	KEY("options", schema_any), KEY_REQUIRED("type", schema_str), KEY_END
};
static const struct schema provider = { .accepts = ACCEPT_MAP,
					.keys = provider_keys };

static const struct schema_key weight_keys[] = { KEY("path", schema_str),
						 KEY("weight", schema_int),
						 KEY_END };
static const struct schema weight = { .accepts = ACCEPT_MAP,
				      .keys = weight_keys };
static const struct schema weights = { .accepts = ACCEPT_LIST,
				       .item = &weight };
static const struct schema_key rate_keys[] = { KEY("path", schema_str),
					       KEY("rate", schema_bytes),
					       KEY_END };
static const struct schema rate = { .accepts = ACCEPT_MAP, .keys = rate_keys };
static const struct schema rates = { .accepts = ACCEPT_LIST, .item = &rate };
static const struct schema_key blkio_keys[] = { KEY("device_read_bps", rates),
						KEY("device_read_iops", rates),
						KEY("device_write_bps", rates),
						KEY("device_write_iops", rates),
						KEY("weight", schema_int),
						KEY("weight_device", weights),
						KEY_END };
static const struct schema blkio = { .accepts = ACCEPT_MAP,
				     .keys = blkio_keys };
static const struct schema_key credential_keys[] = {
	KEY("config", schema_str), KEY("file", schema_str),
	KEY("registry", schema_str), KEY_END
};
static const struct schema credential_spec = { .accepts = ACCEPT_MAP,
					       .keys = credential_keys };
static const struct schema_key model_keys[] = { KEY("endpoint_var", schema_str),
						KEY("model_var", schema_str),
						KEY_END };
static const struct schema service_model = { .accepts = ACCEPT_MAP,
					     .keys = model_keys };

static const struct schema models = { .accepts = ACCEPT_LIST | ACCEPT_MAP,
				      .item = &service_model,
				      .element = &schema_str,
				      .canon = long_form_names };

const struct schema_key schema_service_keys[] = {
	KEY("annotations", schema_labels),
	KEY_ZERO("attach", schema_bool),
	KEY_IGNORED("blkio_config", blkio, NEEDS_PRIVILEGES),
	KEY("build", schema_build),
	KEY("cap_add", schema_unique),
	KEY("cap_drop", schema_unique),
	KEY_DIFFERS("cgroup", cgroup, "the namespace is the container's own"),
	KEY_IGNORED("cgroup_parent", schema_str, NEEDS_PRIVILEGES),
	KEY_ZERO("command", schema_shell),
	KEY("configs", schema_configs),
	KEY("container_name", container_name),
	KEY_IGNORED("cpu_count", schema_int, FOR_WINDOWS),
	KEY_IGNORED("cpu_percent", schema_percent, FOR_WINDOWS),
	KEY_DIFFERS("cpu_period", schema_int, "where a cgroup is yours"),
	KEY_DIFFERS("cpu_quota", schema_int, "where a cgroup is yours"),
	KEY_IGNORED("cpu_rt_period", rt_time, NEEDS_PRIVILEGES),
	KEY_IGNORED("cpu_rt_runtime", rt_time, NEEDS_PRIVILEGES),
	KEY_DIFFERS("cpu_shares", schema_number_type,
		    "where a cgroup is yours"),
	KEY_DIFFERS("cpus", schema_number_type, "where a cgroup is yours"),
	KEY_DIFFERS("cpuset", schema_str, "where a cgroup is yours"),
	KEY_IGNORED("credential_spec", credential_spec, FOR_WINDOWS),
	KEY("depends_on", depends_on),
	KEY("deploy", schema_deploy),
	KEY("develop", schema_develop),
	KEY_REFUSED("device_cgroup_rules", schema_list, NEEDS_PRIVILEGES),
	KEY_DIFFERS("devices", devices, "those that your account may open"),
	KEY("dns", schema_one_or_more),
	KEY("dns_opt", schema_unique),
	KEY("dns_search", schema_one_or_more),
	KEY("domainname", schema_str),
	KEY_ZERO("entrypoint", schema_shell),
	KEY("env_file", env_file),
	KEY("environment", schema_env),
	KEY("expose", schema_expose),
	KEY("extends", extends),
	KEY_IGNORED("external_links", schema_list,
		    "containers of one network find each other by name"),
	KEY("extra_hosts", schema_extra_hosts),
	KEY("gpus", schema_gpus),
	KEY("group_add", schema_list),
	KEY("healthcheck", healthcheck),
	KEY("hostname", schema_str),
	KEY("image", schema_str),
	KEY_ZERO("init", schema_bool),
	KEY("ipc", ipc),
	KEY_IGNORED("isolation", schema_str, FOR_WINDOWS),
	KEY("label_file", schema_one_or_more),
	KEY("labels", schema_labels),
	KEY("links", schema_unique),
	KEY("logging", logging),
	KEY("mac_address", schema_str),
	KEY_DIFFERS("mem_limit", schema_bytes, "where a cgroup is yours"),
	KEY_DIFFERS("mem_reservation", schema_bytes, "where a cgroup is yours"),
	KEY_IGNORED("mem_swappiness", swappiness, "cgroup v2 has no such knob"),
	KEY_DIFFERS("memswap_limit", schema_bytes, "where a cgroup is yours"),
	KEY_REFUSED("models", models, "no model runner is part of dhow"),
	KEY("network_mode", network_mode),
	KEY("networks", networks),
	KEY_IGNORED("oom_kill_disable", schema_bool,
		    "cgroup v2 has no such knob"),
	KEY("oom_score_adj", oom_score),
	KEY("pid", pid),
	KEY_DIFFERS("pids_limit", schema_number_type,
		    "where a cgroup is yours"),
	KEY("platform", schema_platform),
	KEY("ports", ports),
	KEY("post_start", schema_hooks),
	KEY_REFUSED("pre_start", schema_hooks,
		    "hooks before the start are not supported"),
	KEY("pre_stop", schema_hooks),
	KEY_DIFFERS("privileged", schema_bool,
		    "all capabilities of your account, none of the host's"),
	KEY("profiles", profiles),
	KEY_REFUSED("provider", provider,
		    "no program of a provider is run on the host"),
	KEY("pull_policy", pull_policy),
	KEY("pull_refresh_after", schema_str),
	KEY("read_only", schema_bool),
	KEY("restart", restart),
	KEY_IGNORED("runtime", schema_str, "dhow is the runtime"),
	KEY_ZERO("scale", schema_int),
	KEY("secrets", schema_secrets),
	KEY("security_opt", schema_list),
	KEY("shm_size", schema_bytes),
	KEY("stdin_open", schema_bool),
	KEY("stop_grace_period", schema_duration),
	KEY("stop_signal", stop_signal),
	KEY_IGNORED("storage_opt", storage_opt,
		    "a layer's size has no limit of its own"),
	KEY("sysctls", schema_env),
	KEY("tmpfs", schema_one_or_more),
	KEY("tty", schema_bool),
	KEY("ulimits", schema_ulimits),
	KEY_REFUSED("use_api_socket", schema_bool, NO_DAEMON),
	KEY("user", schema_str),
	KEY("userns_mode", schema_str),
	KEY("uts", uts),
	KEY("volumes", volumes),
	KEY("volumes_from", schema_list),
	KEY("working_dir", schema_str),
	KEY_END
};

const struct schema schema_service = {
	.accepts = ACCEPT_MAP,
	.needs_value = true,
	.keys = schema_service_keys,
};
