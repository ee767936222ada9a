/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cli/sync_rules.c - what develop.watch says, with what is never looked at.
 */
#include "cli/sync_rules.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/fsx.h"
#include "base/text.h"
#include "cli/say.h"
#include "dockerfile/ignore.h"

void
sync_rules_release(struct sync_rules *rules)
{
	for (size_t i = 0; i < rules->len; i++)
		ignore_free(rules->items[i].ignore);
	free(rules->items);
	*rules = (struct sync_rules){ .items = NULL };
}

/* What editors and version control leave around. */
static const char *const always_ignored[] = {
	".git",
	"**/.idea",
	"**/*___jb_old___",
	"**/*___jb_tmp___",
	"**/.#*",
	"**/#*#",
	"**/4913",
	"**/*~",
	"**/.*.sw[pxon]",
	"**/.*.kate-swp",
	"**/*-go-tmp-umask",
};

static int
read_dockerignore(const struct compose *compose, struct sync_rule *rule)
{
	const struct node *build = node_get(
		project_service(&compose->project, rule->service), "build");
	const char *context = node_get_str(build, "context");
	cleanup_free char *path = NULL;
	cleanup_strbuf struct strbuf sb = STRBUF_INIT;

	if (!context || *context != '/' || strcmp(context, rule->path) != 0)
		return 0;
	path = xasprintf("%s/.dockerignore", context);
	if (fsx_read_file(AT_FDCWD, path, IGNORE_MAX_BYTES, &sb, NULL) < 0)
		return 0;
	return ignore_parse(rule->ignore, span_new(sb.buf, sb.len), path,
			    compose->ctx->err);
}

static int
add_patterns(const struct compose *compose, struct sync_rule *rule)
{
	const struct node *own = node_get(rule->node, "ignore");
	struct err *err = compose->ctx->err;
	int r = read_dockerignore(compose, rule);

	for (size_t i = 0; r == 0 && i < ARRAY_LEN(always_ignored); i++)
		r = ignore_add(rule->ignore, always_ignored[i], err);
	for (size_t i = 0; r == 0 && i < node_len(own); i++)
		r = ignore_add(rule->ignore, node_str_or(node_at(own, i), ""),
			       err);
	return r;
}

/* Does the container have that directory mounted? */
static bool
is_mounted(const struct node *service, const char *path)
{
	const struct node *volumes = node_get(service, "volumes");

	for (size_t i = 0; i < node_len(volumes); i++) {
		const char *source =
			node_get_str(node_at(volumes, i), "source");
		const char *rest = source ? text_after(path, source) : NULL;

		if (rest && (!*rest || *rest == '/') &&
		    !strcmp(node_str_or(node_get(node_at(volumes, i), "type"),
					""),
			    "bind"))
			return true;
	}
	return false;
}

int
sync_rules_add(struct sync_rules *rules, const struct compose *compose,
	       const char *service)
{
	const struct node *body = project_service(&compose->project, service);
	const struct node *list = node_get(node_get(body, "develop"), "watch");
	int r = 0;

	for (size_t i = 0; r == 0 && i < node_len(list); i++) {
		const struct node *node = node_at(list, i);
		struct sync_rule rule = {
			.service = service,
			.node = node,
			.action = node_str_or(node_get(node, "action"), ""),
			.path = node_str_or(node_get(node, "path"), ""),
			.target = node_get_str(node, "target"),
		};

		if (text_starts(rule.action, "sync") &&
		    is_mounted(body, rule.path)) {
			say_warning("%s is mounted in service %s: not copied",
				    rule.path, service);
			continue;
		}
		rule.ignore = ignore_new();
		r = add_patterns(compose, &rule);
		array_push(rules->items, rules->len, rules->cap, rule);
	}
	return r;
}

const char *
sync_rule_below(const struct sync_rule *rule, const char *path)
{
	const char *rest = text_after(path, rule->path);

	if (!rest || (*rest && *rest != '/'))
		return NULL;
	return *rest ? rest + 1 : rest;
}

bool
sync_rule_applies(const struct sync_rule *rule, const char *path)
{
	const struct node *include = node_get(rule->node, "include");
	const char *rest = sync_rule_below(rule, path);
	bool included = !node_len(include);

	if (!rest || (*rest && ignore_excludes(rule->ignore, rest)))
		return false;
	for (size_t i = 0; !included && i < node_len(include); i++)
		included = glob_match(node_str_or(node_at(include, i), ""),
				      rest) > 0;
	return included;
}

bool
sync_rules_want(const struct sync_rules *rules, const char *path)
{
	for (size_t i = 0; i < rules->len; i++) {
		const char *rest = sync_rule_below(&rules->items[i], path);

		if (rest &&
		    (!*rest || !ignore_excludes(rules->items[i].ignore, rest)))
			return true;
	}
	return false;
}
