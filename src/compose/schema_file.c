/* SPDX-License-Identifier: Apache-2.0 */
/*
 * compose/schema_file.c - the top level of a Compose file.
 */
#include <string.h>

#include "base/alloc.h"
#include "compose/long_form.h"
#include "compose/schema_types.h"

static const struct schema_key external_keys[] = { KEY("name", schema_str),
						   KEY_END };
static const struct schema external = { .accepts = ACCEPT_BOOL | ACCEPT_STR |
						   ACCEPT_MAP,
					.keys = external_keys,
					.cast = CAST_BOOL };

static char *
subnet_key(const struct node *element)
{
	return xstrdup(node_str_or(node_get(element, "subnet"), ""));
}

static const struct schema_key pool_keys[] = {
	KEY("aux_addresses", schema_options), KEY("gateway", schema_str),
	KEY("ip_range", schema_str), KEY("subnet", schema_str), KEY_END
};
static const struct schema pool = { .accepts = ACCEPT_MAP, .keys = pool_keys };
static const struct schema pools = { .accepts = ACCEPT_LIST,
				     .item = &pool,
				     .merge = MERGE_BY_KEY,
				     .key_of = subnet_key };
static const struct schema_key ipam_keys[] = { KEY("config", pools),
					       KEY("driver", schema_str),
					       KEY("options", schema_options),
					       KEY_END };
static const struct schema ipam = { .accepts = ACCEPT_MAP, .keys = ipam_keys };

static const struct schema_key network_keys[] = {
	KEY("attachable", schema_bool),
	KEY("driver", schema_str),
	KEY("driver_opts", schema_options),
	KEY_ZERO("enable_ipv4", schema_bool),
	KEY_ZERO("enable_ipv6", schema_bool),
	KEY("external", external),
	KEY("internal", schema_bool),
	KEY("ipam", ipam),
	KEY("labels", schema_labels),
	KEY("name", schema_str),
	KEY_END
};
static const struct schema network = { .accepts = ACCEPT_MAP | ACCEPT_NULL,
				       .keys = network_keys,
				       .canon = long_form_external };

static const struct schema_key volume_keys[] = {
	KEY("driver", schema_str), KEY("driver_opts", schema_options),
	KEY("external", external), KEY("labels", schema_labels),
	KEY("name", schema_str),   KEY_END
};
static const struct schema volume = { .accepts = ACCEPT_MAP | ACCEPT_NULL,
				      .keys = volume_keys,
				      .canon = long_form_external };

static const struct schema_key secret_keys[] = {
	KEY("driver", schema_str),
	KEY("driver_opts", schema_options),
	KEY("environment", schema_str),
	KEY("external", external),
	KEY("file", schema_str),
	KEY("labels", schema_labels),
	KEY("name", schema_str),
	KEY("template_driver", schema_str),
	KEY_END
};
static const struct schema secret = { .accepts = ACCEPT_MAP,
				      .needs_value = true,
				      .keys = secret_keys,
				      .canon = long_form_external };

static const struct schema_key config_keys[] = {
	KEY_ZERO("content", schema_str),    KEY("environment", schema_str),
	KEY("external", external),          KEY("file", schema_str),
	KEY("labels", schema_labels),       KEY("name", schema_str),
	KEY("template_driver", schema_str), KEY_END
};
static const struct schema config = { .accepts = ACCEPT_MAP,
				      .needs_value = true,
				      .keys = config_keys,
				      .canon = long_form_external };

static const struct schema_key model_keys[] = {
	KEY("context_size", schema_int), KEY_REQUIRED("model", schema_str),
	KEY("name", schema_str), KEY("runtime_flags", schema_list), KEY_END
};
static const struct schema model = { .accepts = ACCEPT_MAP,
				     .keys = model_keys };

static const struct schema_key include_keys[] = {
	KEY("env_file", schema_one_or_more),
	KEY_REQUIRED("path", schema_one_or_more),
	KEY("project_directory", schema_str), KEY_END
};
static const struct schema include_item = { .accepts = ACCEPT_STR | ACCEPT_MAP,
					    .keys = include_keys,
					    .canon = long_form_include };
static const struct schema include = { .accepts = ACCEPT_LIST,
				       .item = &include_item };

static const struct schema services = { .accepts = ACCEPT_MAP,
					.item = &schema_service };
static const struct schema networks = { .accepts = ACCEPT_MAP,
					.item = &network };
static const struct schema volumes = { .accepts = ACCEPT_MAP, .item = &volume };
static const struct schema secrets = { .accepts = ACCEPT_MAP, .item = &secret };
static const struct schema configs = { .accepts = ACCEPT_MAP, .item = &config };
static const struct schema models = { .accepts = ACCEPT_MAP, .item = &model };
static const struct schema version = { .accepts = ACCEPT_STR | ACCEPT_NUM };

const struct schema_key schema_file_keys[] = {
	KEY("configs", configs),        KEY("include", include),
	KEY("models", models),          KEY("name", schema_str),
	KEY("networks", networks),      KEY("secrets", secrets),
	KEY_ZERO("services", services), KEY("version", version),
	KEY("volumes", volumes),        KEY_END
};

const struct schema schema_file = { .accepts = ACCEPT_MAP | ACCEPT_NULL,
				    .keys = schema_file_keys };
