/* SPDX-License-Identifier: Apache-2.0 */
/*
 * conf/registries_priv.h - the rules in memory, for their readers.
 */
#ifndef DHOW_CONF_REGISTRIES_PRIV_H
#define DHOW_CONF_REGISTRIES_PRIV_H

#include "base/map.h"
#include "base/span.h"
#include "conf/registries.h"

enum registries_pull {
	REGISTRIES_PULL_ALL,
	REGISTRIES_PULL_DIGEST,
	REGISTRIES_PULL_TAG,
	REGISTRIES_PULL_COUNT,
};

struct registries_mirror {
	char *location;
	bool insecure;
	enum registries_pull pull;
};

struct registries_rule {
	char *prefix;   /* "host[:port][/path]" or "*.host" */
	char *location; /* what stands for the prefix; NULL: itself */
	bool insecure;
	bool blocked;
	struct registries_mirror *mirrors;
	size_t mirror_count;
	size_t mirror_cap;
};

struct registries {
	struct registries_rule *rules;
	size_t len;
	size_t cap;
	struct map aliases; /* name → owned full name */
	struct strvec search;
	struct strvec helpers;
};

void registries_rule_release(struct registries_rule *rule);

/* Take the rule over, in place of one with the same prefix. */
void registries_put(struct registries *regs, struct registries_rule *rule);
void registries_put_alias(struct registries *regs, const char *name,
			  const char *full);

/* Add what one registries.conf says; messages are led by @name. */
int registries_add_toml(struct registries *regs, struct span text,
			const char *name, struct err *err);

/* "$XDG_CONFIG_HOME" or the home's .config; NULL when unknown. */
char *registries_user_dir(const struct registries_opts *opts);

#endif
