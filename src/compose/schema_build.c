/* SPDX-License-Identifier: Apache-2.0 */
/*
 * compose/schema_build.c - how a service is built, deployed and developed.
 */
#include <errno.h>
#include <string.h>

#include "base/units.h"
#include "compose/long_form.h"
#include "compose/schema_types.h"

#define NO_ATTESTATION "builds attach no attestations"
#define NO_SCHEDULER "containers run on this host only"

static const struct schema bool_or_str = { .accepts = ACCEPT_BOOL | ACCEPT_STR,
					   .canon = long_form_text };
static const struct schema ssh = { .accepts = ACCEPT_LIST | ACCEPT_MAP,
				   .canon = long_form_map };

static const struct schema_key build_keys[] = {
	KEY("additional_contexts", schema_env),
	KEY("args", schema_env),
	KEY("cache_from", schema_list),
	KEY("cache_to", schema_list),
	KEY("context", schema_str),
	KEY("dockerfile", schema_str),
	KEY("dockerfile_inline", schema_str),
	KEY_IGNORED("entitlements", schema_list,
		    "a build has the rights of a container of yours"),
	KEY("extra_hosts", schema_extra_hosts),
	KEY_IGNORED("isolation", schema_str, "it is for Windows"),
	KEY("labels", schema_labels),
	KEY("network", schema_str),
	KEY("no_cache", schema_bool),
	KEY("no_cache_filter", schema_one_or_more),
	KEY("platforms", schema_platforms),
	KEY_REFUSED("privileged", schema_bool,
		    "a build step has no more rights than a container"),
	KEY_IGNORED("provenance", bool_or_str, NO_ATTESTATION),
	KEY("pull", schema_bool),
	KEY_IGNORED("sbom", bool_or_str, NO_ATTESTATION),
	KEY("secrets", schema_secrets),
	KEY("shm_size", schema_bytes),
	KEY("ssh", ssh),
	KEY("tags", schema_unique),
	KEY("target", schema_str),
	KEY("ulimits", schema_ulimits),
	KEY_END
};
const struct schema schema_build = { .accepts = ACCEPT_STR | ACCEPT_MAP,
				     .keys = build_keys,
				     .canon = long_form_build };

/* Devices. */

static int
check_count(const char *text, struct err *err)
{
	int64_t count;

	if (!strcmp(text, "all") ||
	    units_parse_i64(text, -1, INT32_MAX, &count, NULL) == 0)
		return 0;
	return err_set(err, EINVAL, "'%s' is neither a number nor 'all'", text);
}

static const struct schema count = { .accepts = ACCEPT_INT | ACCEPT_STR,
				     .check = check_count };

#define REQUEST_KEYS                                              \
	KEY_ZERO("count", count), KEY("device_ids", schema_list), \
		KEY("driver", schema_str), KEY("options", schema_env), KEY_END

static const struct schema_key device_keys[] = {
	KEY_REQUIRED("capabilities", schema_list), REQUEST_KEYS
};
static const struct schema_key gpu_keys[] = { KEY("capabilities", schema_list),
					      REQUEST_KEYS };
static const struct schema device = { .accepts = ACCEPT_MAP,
				      .keys = device_keys,
				      .canon = long_form_request };
static const struct schema devices = { .accepts = ACCEPT_LIST,
				       .item = &device };
static const struct schema gpu = { .accepts = ACCEPT_MAP,
				   .keys = gpu_keys,
				   .canon = long_form_request };

static const char *const all_word[] = { "all", NULL };

const struct schema schema_gpus = { .accepts = ACCEPT_LIST | ACCEPT_STR,
				    .words = all_word,
				    .item = &gpu,
				    .canon = long_form_gpus };

/* Deploy. */

static const struct schema cpus = { .accepts = ACCEPT_NUM | ACCEPT_STR,
				    .cast = CAST_NUM };

static const struct schema_key limit_keys[] = { KEY("cpus", cpus),
						KEY("memory", schema_bytes),
						KEY("pids", schema_int),
						KEY_END };
static const struct schema limits = { .accepts = ACCEPT_MAP,
				      .keys = limit_keys };

static const struct schema_key discrete_keys[] = { KEY("kind", schema_str),
						   KEY("value", schema_int),
						   KEY_END };
static const struct schema discrete = { .accepts = ACCEPT_MAP,
					.keys = discrete_keys };
static const struct schema_key generic_keys[] = {
	KEY("discrete_resource_spec", discrete), KEY_END
};
static const struct schema generic = { .accepts = ACCEPT_MAP,
				       .keys = generic_keys };
static const struct schema generic_resources = { .accepts = ACCEPT_LIST,
						 .item = &generic };

static const struct schema_key reservation_keys[] = {
	KEY_IGNORED("cpus", cpus, "processors are shared, not reserved"),
	KEY("devices", devices),
	KEY_IGNORED("generic_resources", generic_resources, NO_SCHEDULER),
	KEY("memory", schema_bytes), KEY_END
};
static const struct schema reservations = { .accepts = ACCEPT_MAP,
					    .keys = reservation_keys };

static const struct schema_key resource_keys[] = {
	KEY("limits", limits), KEY("reservations", reservations), KEY_END
};
static const struct schema resources = { .accepts = ACCEPT_MAP,
					 .keys = resource_keys };

static const char *const restart_words[] = {
	"none", "on-failure", "any", "no", "always", "unless-stopped", NULL
};
static const struct schema restart_condition = { .accepts = ACCEPT_STR,
						 .words = restart_words };
static const struct schema_key restart_keys[] = {
	KEY("condition", restart_condition), KEY("delay", schema_duration),
	KEY_ZERO("max_attempts", schema_int), KEY("window", schema_duration),
	KEY_END
};
static const struct schema restart_policy = { .accepts = ACCEPT_MAP,
					      .keys = restart_keys };

static const char *const failure_words[] = { "continue", "pause", "rollback",
					     NULL };
static const struct schema failure_action = { .accepts = ACCEPT_STR,
					      .words = failure_words };
static const char *const order_words[] = { "start-first", "stop-first", NULL };
static const struct schema order = { .accepts = ACCEPT_STR,
				     .words = order_words };
static const struct schema_key update_keys[] = {
	KEY("delay", schema_duration),
	KEY("failure_action", failure_action),
	KEY("max_failure_ratio", schema_number_type),
	KEY("monitor", schema_duration),
	KEY("order", order),
	KEY_ZERO("parallelism", schema_int),
	KEY_END
};
static const struct schema update_config = { .accepts = ACCEPT_MAP,
					     .keys = update_keys };

static const struct schema_key preference_keys[] = { KEY("spread", schema_str),
						     KEY_END };
static const struct schema preference = { .accepts = ACCEPT_MAP,
					  .keys = preference_keys };
static const struct schema preferences = { .accepts = ACCEPT_LIST,
					   .item = &preference };
static const struct schema_key placement_keys[] = {
	KEY("constraints", schema_list),
	KEY("max_replicas_per_node", schema_int),
	KEY("preferences", preferences), KEY_END
};
static const struct schema placement = { .accepts = ACCEPT_MAP,
					 .keys = placement_keys };

static const char *const mode_words[] = { "replicated", "global",
					  "replicated-job", "global-job",
					  NULL };
static const struct schema deploy_mode = { .accepts = ACCEPT_STR,
					   .words = mode_words };
static const char *const endpoint_words[] = { "vip", "dnsrr", NULL };
static const struct schema endpoint_mode = { .accepts = ACCEPT_STR,
					     .words = endpoint_words };

/* What only a cluster could honour is read and left alone, as elsewhere. */
static const struct schema_key deploy_keys[] = {
	KEY("endpoint_mode", endpoint_mode),
	KEY("labels", schema_labels),
	KEY("mode", deploy_mode),
	KEY("placement", placement),
	KEY_ZERO("replicas", schema_int),
	KEY("resources", resources),
	KEY("restart_policy", restart_policy),
	KEY("rollback_config", update_config),
	KEY("update_config", update_config),
	KEY_END
};
const struct schema schema_deploy = { .accepts = ACCEPT_MAP,
				      .keys = deploy_keys };

/* Develop. */

static const char *const action_words[] = { "rebuild",   "sync",
					    "restart",   "sync+restart",
					    "sync+exec", NULL };
static const struct schema action = { .accepts = ACCEPT_STR,
				      .words = action_words };
static const struct schema_key exec_keys[] = {
	KEY_REQUIRED("command", schema_shell), KEY("environment", schema_env),
	KEY("privileged", schema_bool),        KEY("user", schema_str),
	KEY("working_dir", schema_str),        KEY_END
};
static const struct schema exec_hook = { .accepts = ACCEPT_MAP,
					 .keys = exec_keys };
static int
check_blank(const char *text, struct err *err)
{
	return *text ? 0 : err_set(err, EINVAL, "it may not be blank");
}

static const struct schema watch_path = { .accepts = ACCEPT_STR,
					  .check = check_blank };
static const struct schema_key watch_keys[] = {
	KEY_REQUIRED("action", action),    KEY("exec", exec_hook),
	KEY("ignore", schema_one_or_more), KEY("include", schema_one_or_more),
	KEY("initial_sync", schema_bool),  KEY_REQUIRED("path", watch_path),
	KEY("target", schema_str),         KEY_END
};
static const struct schema watch_rule = { .accepts = ACCEPT_MAP,
					  .keys = watch_keys };
static const struct schema watch = { .accepts = ACCEPT_LIST,
				     .item = &watch_rule };
static const struct schema_key develop_keys[] = { KEY("watch", watch),
						  KEY_END };
const struct schema schema_develop = { .accepts = ACCEPT_MAP,
				       .keys = develop_keys };
