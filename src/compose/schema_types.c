/* SPDX-License-Identifier: Apache-2.0 */
/*
 * compose/schema_types.c - the types that rows of the tables share.
 */
#include "compose/schema_types.h"

#include <errno.h>
#include <string.h>

#include "base/alloc.h"
#include "base/text.h"
#include "base/units.h"
#include "compose/long_form.h"
#include "spec/platform.h"
#include "spec/port_spec.h"

static int
check_duration(const char *text, struct err *err)
{
	int64_t ns;

	return units_parse_duration(text, &ns, err);
}

static int
check_bytes(const char *text, struct err *err)
{
	int64_t bytes;

	if (!strcmp(text, "-1"))
		return 0;
	return units_parse_size(text, &bytes, err);
}

static int
check_platform(const char *text, struct err *err)
{
	struct platform platform;

	return *text ? platform_parse(text, &platform, err) : 0;
}

static int
check_expose(const char *text, struct err *err)
{
	cleanup_port_list struct port_list ports = PORT_LIST_INIT;

	return port_list_expose(&ports, text, err);
}

/* "0440" and "0o440". */
static int
check_mode(const char *text, struct err *err)
{
	const char *digits = text_after(text, "0o");
	unsigned int mode;

	return units_parse_mode(digits ? digits : text, &mode, err);
}

const struct schema schema_any = { .accepts = ACCEPT_ANY };
const struct schema schema_str = { .accepts = ACCEPT_STR };
const struct schema schema_str_num = { .accepts = ACCEPT_STR | ACCEPT_NUM,
				       .canon = long_form_text };
const struct schema schema_bool = { .accepts = ACCEPT_BOOL | ACCEPT_STR,
				    .cast = CAST_BOOL,
				    .wants = "true or false" };
const struct schema schema_int = { .accepts = ACCEPT_INT | ACCEPT_STR,
				   .cast = CAST_INT,
				   .wants = "an integer" };
const struct schema schema_number_type = { .accepts = ACCEPT_NUM | ACCEPT_STR,
					   .cast = CAST_NUM,
					   .wants = "a number" };
const struct schema schema_duration = { .accepts = ACCEPT_STR,
					.check = check_duration,
					.wants = "a duration as '1m30s'",
					.canon = long_form_duration };
/* Where 0 and 100 are the ends of a scale. */
const struct schema schema_percent = { .accepts = ACCEPT_NUM | ACCEPT_STR,
				       .cast = CAST_NUM,
				       .max = 100,
				       .wants = "a number" };
const struct schema schema_bytes = { .accepts = ACCEPT_NUM | ACCEPT_STR,
				     .check = check_bytes,
				     .wants = "a size as '64m'",
				     .canon = long_form_bytes };

static const struct schema scalar = { .accepts = ACCEPT_STR | ACCEPT_NUM };

const struct schema schema_list = { .accepts = ACCEPT_LIST,
				    .item = &scalar,
				    .canon = long_form_texts };
const struct schema schema_unique = { .accepts = ACCEPT_LIST,
				      .item = &scalar,
				      .merge = MERGE_UNIQUE,
				      .canon = long_form_texts };
const struct schema schema_one_or_more = { .accepts = ACCEPT_LIST | ACCEPT_STR,
					   .item = &scalar,
					   .merge = MERGE_UNIQUE,
					   .canon = long_form_texts };

static const struct schema expose = { .accepts = ACCEPT_STR | ACCEPT_INT,
				      .max = UINT16_MAX,
				      .check = check_expose,
				      .canon = long_form_text };
const struct schema schema_expose = { .accepts = ACCEPT_LIST,
				      .item = &expose,
				      .merge = MERGE_UNIQUE };
const struct schema schema_platform = { .accepts = ACCEPT_STR,
					.check = check_platform };
const struct schema schema_platforms = { .accepts = ACCEPT_LIST,
					 .item = &schema_platform };

static const struct schema env_value = { .accepts =
						 ACCEPT_SCALAR | ACCEPT_NULL };

const struct schema schema_env = { .accepts = ACCEPT_LIST | ACCEPT_MAP,
				   .item = &env_value,
				   .canon = long_form_map };
const struct schema schema_labels = { .accepts = ACCEPT_LIST | ACCEPT_MAP,
				      .item = &env_value,
				      .canon = long_form_labels };
const struct schema schema_options = { .accepts = ACCEPT_MAP,
				       .item = &env_value,
				       .canon = long_form_labels };
const struct schema schema_shell = { .accepts = ACCEPT_LIST | ACCEPT_STR |
						ACCEPT_NULL,
				     .item = &scalar,
				     .merge = MERGE_REPLACE,
				     .wants = "text or a list",
				     .canon = long_form_shell };

static const struct schema_key ulimit_keys[] = {
	{ .name = "hard", .schema = &schema_int, .required = true },
	{ .name = "soft", .schema = &schema_int, .required = true },
	KEY_END
};
static const struct schema ulimit = {
	.accepts = ACCEPT_INT | ACCEPT_STR | ACCEPT_MAP,
	.cast = CAST_INT,
	.merge = MERGE_REPLACE,
	.keys = ulimit_keys,
};
const struct schema schema_ulimits = { .accepts = ACCEPT_MAP, .item = &ulimit };

static const struct schema host_value = { .accepts = ACCEPT_STR | ACCEPT_LIST,
					  .item = &scalar };
const struct schema schema_extra_hosts = { .accepts = ACCEPT_LIST | ACCEPT_MAP,
					   .item = &host_value,
					   .element = &schema_str,
					   .merge = MERGE_UNIQUE,
					   .canon = long_form_hosts };

/* What a service is granted: a secret or a config, somewhere. */

static char *
grant_key(const struct node *element, const char *dir)
{
	const char *target = node_get_str(element, "target");
	const char *source = node_str_or(node_get(element, "source"), "");

	if (target && *target == '/')
		return xstrdup(target);
	return xasprintf("%s/%s", dir, target ? target : source);
}

static char *
secret_key(const struct node *element)
{
	return grant_key(element, "/run/secrets");
}

static char *
config_key(const struct node *element)
{
	return grant_key(element, "");
}

static const struct schema mode = { .accepts = ACCEPT_INT | ACCEPT_STR,
				    .wants = "a mode as 0440",
				    .max = 07777,
				    .check = check_mode,
				    .canon = long_form_mode };
const struct schema schema_mode_bits = { .accepts = ACCEPT_INT | ACCEPT_STR,
					 .wants = "a mode as 0755",
					 .max = 07777,
					 .check = check_mode,
					 .canon = long_form_mode_bits };
static const struct schema_key grant_keys[] = {
	KEY("gid", schema_str_num),         KEY("mode", mode),
	KEY_REQUIRED("source", schema_str), KEY("target", schema_str),
	KEY("uid", schema_str_num),         KEY_END
};
static const struct schema grant = { .accepts = ACCEPT_STR | ACCEPT_MAP,
				     .keys = grant_keys,
				     .canon = long_form_grant };

const struct schema schema_secrets = { .accepts = ACCEPT_LIST,
				       .item = &grant,
				       .merge = MERGE_BY_KEY,
				       .is_once = true,
				       .key_of = secret_key };
const struct schema schema_configs = { .accepts = ACCEPT_LIST,
				       .item = &grant,
				       .merge = MERGE_BY_KEY,
				       .is_once = true,
				       .key_of = config_key };

static const struct schema_key hook_keys[] = { KEY_REQUIRED("command",
							    schema_shell),
					       KEY("environment", schema_env),
					       KEY("image", schema_str),
					       KEY("per_replica", schema_bool),
					       KEY("privileged", schema_bool),
					       KEY("user", schema_str),
					       KEY("working_dir", schema_str),
					       KEY_END };
static const struct schema hook = { .accepts = ACCEPT_MAP, .keys = hook_keys };

const struct schema schema_hooks = { .accepts = ACCEPT_LIST, .item = &hook };
