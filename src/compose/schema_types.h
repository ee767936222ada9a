/* SPDX-License-Identifier: Apache-2.0 */
/*
 * compose/schema_types.h - the types that rows of the tables share.
 */
#ifndef DHOW_COMPOSE_SCHEMA_TYPES_H
#define DHOW_COMPOSE_SCHEMA_TYPES_H

#include "compose/schema.h"

#define KEY(key, type)                           \
	{                                        \
		.name = (key), .schema = &(type) \
	}
#define KEY_REQUIRED(key, type)                                    \
	{                                                          \
		.name = (key), .schema = &(type), .required = true \
	}
#define KEY_ZERO(key, type)                                          \
	{                                                            \
		.name = (key), .schema = &(type), .means_zero = true \
	}
#define KEY_DIFFERS(key, type, reason)                                \
	{                                                             \
		.name = (key), .schema = &(type), .use = USE_DIFFERS, \
		.why = (reason)                                       \
	}
#define KEY_IGNORED(key, type, reason)                                \
	{                                                             \
		.name = (key), .schema = &(type), .use = USE_IGNORED, \
		.why = (reason)                                       \
	}
#define KEY_REFUSED(key, type, reason)                                \
	{                                                             \
		.name = (key), .schema = &(type), .use = USE_REFUSED, \
		.why = (reason)                                       \
	}
#define KEY_END              \
	{                    \
		.name = NULL \
	}

extern const struct schema schema_any;
extern const struct schema schema_str;     /* text only */
extern const struct schema schema_str_num; /* a number becomes text */
extern const struct schema schema_bool;
extern const struct schema schema_int;
extern const struct schema schema_number_type;
extern const struct schema schema_percent; /* 0 to 100 */
extern const struct schema schema_duration;
extern const struct schema schema_bytes;
extern const struct schema schema_list;        /* of text */
extern const struct schema schema_unique;      /* the same, each once */
extern const struct schema schema_one_or_more; /* text or such a list */
extern const struct schema schema_expose;
extern const struct schema schema_platform;
extern const struct schema schema_platforms;
extern const struct schema schema_env;     /* LD; no value is null */
extern const struct schema schema_labels;  /* LD; no value is "" */
extern const struct schema schema_options; /* a map of scalars */
extern const struct schema schema_shell;   /* a command */
extern const struct schema schema_ulimits;
extern const struct schema schema_extra_hosts;
extern const struct schema schema_mode_bits; /* a mode, as a number */
extern const struct schema schema_secrets;   /* those of a service */
extern const struct schema schema_configs;
extern const struct schema schema_hooks;

/* In tables of their own. */
extern const struct schema schema_build;
extern const struct schema schema_deploy;
extern const struct schema schema_develop;
extern const struct schema schema_gpus;

#endif
