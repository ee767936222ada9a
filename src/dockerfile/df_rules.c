/* SPDX-License-Identifier: Apache-2.0 */
/*
 * dockerfile/df_rules.c - names, pages and descriptions of the build checks.
 */
#include <string.h>
#include <strings.h>

#include "base/alloc.h"
#include "dockerfile/df_lint.h"

#define DF_RULE_PAGE "https://docs.docker.com/go/dockerfile/rule/"

static const struct {
	const char *name;
	const char *url;
	const char *description;
} df_rules[DF_RULE_COUNT] = {
	[DF_RULE_CONSISTENT_INSTRUCTION_CASING] = {
		"ConsistentInstructionCasing",
		DF_RULE_PAGE "consistent-instruction-casing/",
		"All commands within the Dockerfile should use the same casing (either upper or lower)",
	},
	[DF_RULE_COPY_IGNORED_FILE] = {
		"CopyIgnoredFile",
		DF_RULE_PAGE "copy-ignored-file/",
		"Attempting to COPY or ADD a file that is excluded by .dockerignore",
	},
	[DF_RULE_DUPLICATE_STAGE_NAME] = {
		"DuplicateStageName",
		DF_RULE_PAGE "duplicate-stage-name/",
		"Stage names should be unique",
	},
	[DF_RULE_EXPOSE_INVALID_FORMAT] = {
		"ExposeInvalidFormat",
		DF_RULE_PAGE "expose-invalid-format/",
		"IP address and host-port mapping should not be used in EXPOSE",
	},
	[DF_RULE_EXPOSE_PROTO_CASING] = {
		"ExposeProtoCasing",
		DF_RULE_PAGE "expose-proto-casing/",
		"The protocol in EXPOSE should be lowercase",
	},
	[DF_RULE_FROM_AS_CASING] = {
		"FromAsCasing",
		DF_RULE_PAGE "from-as-casing/",
		"The 'as' keyword should match the case of the 'from' keyword",
	},
	[DF_RULE_FROM_PLATFORM_FLAG_CONST_DISALLOWED] = {
		"FromPlatformFlagConstDisallowed",
		DF_RULE_PAGE "from-platform-flag-const-disallowed/",
		"The FROM --platform flag should not have a constant value",
	},
	[DF_RULE_INVALID_BASE_IMAGE_PLATFORM] = {
		"InvalidBaseImagePlatform",
		DF_RULE_PAGE "invalid-base-image-platform/",
		"The base image should be of the platform that is built for",
	},
	[DF_RULE_INVALID_DEFAULT_ARG_IN_FROM] = {
		"InvalidDefaultArgInFrom",
		DF_RULE_PAGE "invalid-default-arg-in-from/",
		"The defaults of global ARGs should make a valid base image name",
	},
	[DF_RULE_INVALID_DEFINITION_DESCRIPTION] = {
		"InvalidDefinitionDescription",
		DF_RULE_PAGE "invalid-definition-description/",
		"A comment that describes a stage or an argument starts with its name",
	},
	[DF_RULE_JSON_ARGS_RECOMMENDED] = {
		"JSONArgsRecommended",
		DF_RULE_PAGE "json-args-recommended/",
		"JSON arguments keep a shell from standing between signals and ENTRYPOINT or CMD",
	},
	[DF_RULE_LEGACY_KEY_VALUE_FORMAT] = {
		"LegacyKeyValueFormat",
		DF_RULE_PAGE "legacy-key-value-format/",
		"The format with a blank between key and value should not be used",
	},
	[DF_RULE_MAINTAINER_DEPRECATED] = {
		"MaintainerDeprecated",
		DF_RULE_PAGE "maintainer-deprecated/",
		"MAINTAINER is deprecated, a label names the author",
	},
	[DF_RULE_MULTIPLE_INSTRUCTIONS_DISALLOWED] = {
		"MultipleInstructionsDisallowed",
		DF_RULE_PAGE "multiple-instructions-disallowed/",
		"Only the last of several CMD, ENTRYPOINT or HEALTHCHECK of a stage counts",
	},
	[DF_RULE_NO_EMPTY_CONTINUATION] = {
		"NoEmptyContinuation",
		DF_RULE_PAGE "no-empty-continuation/",
		"Empty continuation lines should not be there",
	},
	[DF_RULE_REDUNDANT_TARGET_PLATFORM] = {
		"RedundantTargetPlatform",
		DF_RULE_PAGE "redundant-target-platform/",
		"The target platform is FROM's default",
	},
	[DF_RULE_RESERVED_STAGE_NAME] = {
		"ReservedStageName",
		DF_RULE_PAGE "reserved-stage-name/",
		"Reserved words should not be used as stage names",
	},
	[DF_RULE_SECRETS_USED_IN_ARG_OR_ENV] = {
		"SecretsUsedInArgOrEnv",
		DF_RULE_PAGE "secrets-used-in-arg-or-env/",
		"Sensitive data should not be in ARG or ENV",
	},
	[DF_RULE_STAGE_NAME_CASING] = {
		"StageNameCasing",
		DF_RULE_PAGE "stage-name-casing/",
		"Stage names should be lowercase",
	},
	[DF_RULE_UNDEFINED_ARG_IN_FROM] = {
		"UndefinedArgInFrom",
		DF_RULE_PAGE "undefined-arg-in-from/",
		"FROM should use declared ARGs only",
	},
	[DF_RULE_UNDEFINED_VAR] = {
		"UndefinedVar",
		DF_RULE_PAGE "undefined-var/",
		"Variables should be defined before their use",
	},
	[DF_RULE_WORKDIR_RELATIVE_PATH] = {
		"WorkdirRelativePath",
		DF_RULE_PAGE "workdir-relative-path/",
		"A relative WORKDIR depends on the base image",
	},
};

const char *
df_rule_name(enum df_rule rule)
{
	return df_rules[rule].name;
}

const char *
df_rule_url(enum df_rule rule)
{
	return df_rules[rule].url;
}

const char *
df_rule_description(enum df_rule rule)
{
	return df_rules[rule].description;
}

int
df_rule_find(struct span name)
{
	for (int i = 0; i < DF_RULE_COUNT; i++)
		if (name.len == strlen(df_rules[i].name) &&
		    !strncasecmp(name.ptr, df_rules[i].name, name.len))
			return i;
	return -1;
}
