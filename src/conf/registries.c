/* SPDX-License-Identifier: Apache-2.0 */
/*
 * conf/registries.c - what the site says about registries: the rules.
 */
#include "conf/registries.h"

#include <errno.h>
#include <string.h>

#include "base/alloc.h"
#include "base/text.h"
#include "conf/registries_priv.h"

void
registries_rule_release(struct registries_rule *rule)
{
	for (size_t i = 0; i < rule->mirror_count; i++)
		free(rule->mirrors[i].location);
	free(rule->mirrors);
	free(rule->prefix);
	free(rule->location);
	*rule = (struct registries_rule){ .prefix = NULL };
}

void
registries_free(struct registries *regs)
{
	if (!regs)
		return;
	for (size_t i = 0; i < regs->len; i++)
		registries_rule_release(&regs->rules[i]);
	free(regs->rules);
	for (map_each(entry, &regs->aliases))
		free(entry->value);
	map_release(&regs->aliases);
	strvec_release(&regs->search);
	strvec_release(&regs->helpers);
	free(regs);
}

void
registries_put(struct registries *regs, struct registries_rule *rule)
{
	for (size_t i = 0; i < regs->len; i++)
		if (!strcmp(regs->rules[i].prefix, rule->prefix)) {
			registries_rule_release(&regs->rules[i]);
			regs->rules[i] = *rule;
			*rule = (struct registries_rule){ .prefix = NULL };
			return;
		}
	array_push(regs->rules, regs->len, regs->cap, *rule);
	*rule = (struct registries_rule){ .prefix = NULL };
}

void
registries_put_alias(struct registries *regs, const char *name,
		     const char *full)
{
	free(map_set(&regs->aliases, name, xstrdup(full)));
}

const char *
registries_alias(const struct registries *regs, const char *name)
{
	const char *full = regs ? map_get(&regs->aliases, name) : NULL;

	/* An empty one takes back what an earlier file said. */
	return full && *full ? full : NULL;
}

const struct strvec *
registries_search(const struct registries *regs)
{
	static const struct strvec none = STRVEC_INIT;

	return regs ? &regs->search : &none;
}

const struct strvec *
registries_helpers(const struct registries *regs)
{
	static const struct strvec none = STRVEC_INIT;

	return regs ? &regs->helpers : &none;
}

void
registries_endpoints_release(struct registries_endpoints *list)
{
	for (size_t i = 0; i < list->len; i++) {
		free(list->items[i].domain);
		free(list->items[i].path);
	}
	free(list->items);
	*list = (struct registries_endpoints)REGISTRIES_ENDPOINTS_INIT;
}

/* Bytes of @name that @prefix stands for; 0 when it does not fit. */
static size_t
registries_match(const char *prefix, const char *name)
{
	size_t len = strlen(prefix), host = strcspn(name, "/");

	if (prefix[0] == '*')
		return host > len - 1 && !strncmp(name + host - (len - 1),
						  prefix + 1, len - 1)
			       ? host
			       : 0;
	if (strncmp(name, prefix, len) || (name[len] && name[len] != '/'))
		return 0;
	return len;
}

/* The rule with the longest prefix that fits. */
static const struct registries_rule *
registries_rule_for(const struct registries *regs, const char *name,
		    size_t *ret_matched)
{
	const struct registries_rule *best = NULL;

	for (size_t i = 0; regs && i < regs->len; i++) {
		const struct registries_rule *rule = &regs->rules[i];
		size_t matched = registries_match(rule->prefix, name);

		if (!matched ||
		    (best && strlen(rule->prefix) < strlen(best->prefix)))
			continue;
		best = rule;
		*ret_matched = matched;
	}
	return best;
}

/* Add @location plus what follows the prefix as a place to ask. */
static int
registries_add_place(struct registries_endpoints *list, const char *location,
		     const char *rest, bool insecure, bool mirror,
		     struct err *err)
{
	cleanup_free char *full = xasprintf("%s%s", location, rest);
	size_t host = strcspn(full, "/");

	if (!host || !full[host] || !full[host + 1])
		return err_set(err, EINVAL,
			       "location '%s' leads to no repository", full);
	array_push(list->items, list->len, list->cap,
		   (struct registries_endpoint){
			   .domain = xstrndup(full, host),
			   .path = xstrdup(full + host + 1),
			   .insecure = insecure,
			   .mirror = mirror,
		   });
	return 0;
}

static int
registries_add_mirrors(struct registries_endpoints *list,
		       const struct registries_rule *rule, const char *rest,
		       bool by_digest, struct err *err)
{
	for (size_t i = 0; i < rule->mirror_count; i++) {
		const struct registries_mirror *mirror = &rule->mirrors[i];
		enum registries_pull other = by_digest ? REGISTRIES_PULL_TAG
						       : REGISTRIES_PULL_DIGEST;
		int r;

		if (mirror->pull == other)
			continue;
		r = registries_add_place(list, mirror->location, rest,
					 mirror->insecure, true, err);
		if (r < 0)
			return r;
	}
	return 0;
}

int
registries_resolve(const struct registries *regs, const char *domain,
		   const char *path, bool by_digest,
		   struct registries_endpoints *ret_list, struct err *err)
{
	cleanup_endpoints struct registries_endpoints list =
		REGISTRIES_ENDPOINTS_INIT;
	cleanup_free char *name = xasprintf("%s/%s", domain, path);
	const struct registries_rule *rule;
	size_t matched = 0;
	int r = 0;

	rule = registries_rule_for(regs, name, &matched);
	if (rule && rule->blocked) {
		err_set(err, EACCES, "registry '%s' is blocked", rule->prefix);
		err_hint(err, "this host's registries.conf or config.yaml "
			      "says so");
		return -EACCES;
	}
	if (rule)
		r = registries_add_mirrors(&list, rule, name + matched,
					   by_digest, err);
	if (!r && rule && rule->location)
		r = registries_add_place(&list, rule->location, name + matched,
					 rule->insecure, false, err);
	else if (!r)
		r = registries_add_place(&list, name, "",
					 rule && rule->insecure, false, err);
	if (r < 0)
		return r;
	*ret_list = list;
	list = (struct registries_endpoints)REGISTRIES_ENDPOINTS_INIT;
	return 0;
}
