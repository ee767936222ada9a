/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cli/sync_rules.h - what develop.watch says, with what is never looked at.
 *
 * A directory that a container has mounted itself needs no copy and is passed
 * over. Spec: compose-spec, develop.md.
 */
#ifndef DHOW_CLI_SYNC_RULES_H
#define DHOW_CLI_SYNC_RULES_H

#include "cli/compose_ctx.h"

struct sync_rule {
	const char *service;
	const struct node *node;
	const char *action;
	const char *path;   /* absolute */
	const char *target; /* in the container, or NULL */
	struct ignore *ignore;
};

struct sync_rules {
	struct sync_rule *items;
	size_t len, cap;
};

/* Append the rules of a service. -EINVAL for a malformed pattern. */
int sync_rules_add(struct sync_rules *rules, const struct compose *compose,
		   const char *service);
void sync_rules_release(struct sync_rules *rules);
/* Is there a rule about what is below this directory? */
bool sync_rules_want(const struct sync_rules *rules, const char *path);

/* What a path is called below a rule's, "" for itself; or NULL. */
const char *sync_rule_below(const struct sync_rule *rule, const char *path);
bool sync_rule_applies(const struct sync_rule *rule, const char *path);

#endif
