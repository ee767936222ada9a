/* SPDX-License-Identifier: Apache-2.0 */
/*
 * compose/consistency_service.c - keys of a service that do not go together.
 */
#include <math.h>
#include <string.h>

#include "base/alloc.h"
#include "base/text.h"
#include "compose/consistency.h"
#include "compose/schema.h"
#include "spec/abs_path.h"

bool
consistency_asks(const struct node *value)
{
	const char *text = node_str(value);

	return node_kind(value) != NODE_NULL &&
	       (node_kind(value) != NODE_BOOL || node_bool_or(value, false)) &&
	       (!text || strcmp(text, "false") != 0);
}

struct service_check {
	const char *name;
	const struct node *body;
	bool raw;
	struct diag *diag;
};

static void
check_image(const struct service_check *c)
{
	const struct node *image = node_get(c->body, "image");
	const struct node *build = node_get(c->body, "build");

	if (!image && !build && !node_get(c->body, "provider") &&
	    !node_get(c->body, "extends")) {
		diag_at(c->diag, c->body,
			"service '%s' has neither an image nor a build context specified",
			c->name);
		diag_hint(c->diag, "write 'image: NAME' or 'build: DIR'");
	}
	if (node_str(image) && !*node_str(image) && !build)
		diag_at(c->diag, image, "services.%s.image may not be empty",
			c->name);
}

static void
check_build(const struct service_check *c)
{
	const struct node *build = node_get(c->body, "build");
	const struct node *inlined = node_get(build, "dockerfile_inline");
	const struct node *platforms = node_get(build, "platforms");
	const char *platform = node_get_str(c->body, "platform");
	bool has_platform = !platform || !node_len(platforms);

	if (inlined && node_get(build, "dockerfile"))
		diag_at(c->diag, inlined,
			"services.%s.build: 'dockerfile' and 'dockerfile_inline' exclude each other",
			c->name);
	for (size_t i = 0; !has_platform && i < node_len(platforms); i++)
		has_platform = !strcmp(node_str_or(node_at(platforms, i), ""),
				       platform);
	if (!has_platform)
		diag_at(c->diag, platforms,
			"services.%s.build.platforms must contain the service's platform '%s'",
			c->name, platform);
}

static void
check_mode(const struct service_check *c)
{
	const struct node *mode = node_get(c->body, "network_mode");

	if (mode && node_len(node_get(c->body, "networks")))
		diag_at(c->diag, mode,
			"services.%s: 'network_mode' and 'networks' exclude each other",
			c->name);
}

static void
check_health(const struct service_check *c)
{
	static const char *const kinds[] = { "CMD", "CMD-SHELL", "NONE" };
	const struct node *health = node_get(c->body, "healthcheck");
	const struct node *head = node_at(node_get(health, "test"), 0);
	bool good = !node_str(head);

	for (size_t i = 0; !good && i < ARRAY_LEN(kinds); i++)
		good = !strcmp(node_str(head), kinds[i]);
	if (good || (c->raw && strchr(node_str(head), '$')))
		return;
	diag_at(c->diag, head,
		"services.%s.healthcheck.test begins with CMD, CMD-SHELL or NONE, not '%s'",
		c->name, node_str(head));
	diag_hint(c->diag, "write [CMD, %s, …], or all of it as one text",
		  node_str(head));
}

static void
check_scale(const struct service_check *c)
{
	const struct node *scale = node_get(c->body, "scale");
	const struct node *replicas =
		node_get(node_get(c->body, "deploy"), "replicas");
	const struct node *name = node_get(c->body, "container_name");
	int64_t count = node_int_or(scale, node_int_or(replicas, 1));

	if (node_kind(scale) == NODE_INT && node_kind(replicas) == NODE_INT &&
	    node_int_or(scale, 1) != node_int_or(replicas, 1))
		diag_at(c->diag, scale,
			"services.%s: 'scale' and 'deploy.replicas' differ",
			c->name);
	if (count < 0)
		diag_at(c->diag, scale ? scale : replicas,
			"services.%s: a service cannot have %ld replicas",
			c->name, (long)count);
	if (count > 1 && name)
		diag_at(c->diag, name,
			"services.%s: 'container_name' allows one replica only",
			c->name);
}

/* A limit that is said in two places must be the same. */
static void
check_limit(const struct service_check *c, const char *key, const char *part,
	    const char *limit)
{
	const struct node *own = node_get(c->body, key);
	const struct node *other = node_get(
		node_get(node_get(node_get(c->body, "deploy"), "resources"),
			 part),
		limit);
	double a, b;

	if (schema_number(own, &a) && schema_number(other, &b) &&
	    fabs(a - b) > 1e-9)
		diag_at(c->diag, own,
			"services.%s: '%s' and 'deploy.resources.%s.%s' differ",
			c->name, key, part, limit);
}

static void
check_limits(const struct service_check *c)
{
	check_limit(c, "cpus", "limits", "cpus");
	check_limit(c, "mem_limit", "limits", "memory");
	check_limit(c, "pids_limit", "limits", "pids");
	check_limit(c, "mem_reservation", "reservations", "memory");
}

static void
check_devices(const struct service_check *c, const struct node *list)
{
	for (size_t i = 0; i < node_len(list); i++) {
		const struct node *one = node_at(list, i);

		if (node_get(one, "count") && node_get(one, "device_ids"))
			diag_at(c->diag, node_get(one, "count"),
				"services.%s: 'count' and 'device_ids' exclude each other",
				c->name);
	}
}

static void
check_watch(const struct service_check *c)
{
	const struct node *rules =
		node_get(node_get(c->body, "develop"), "watch");

	for (size_t i = 0; i < node_len(rules); i++) {
		const struct node *rule = node_at(rules, i);
		const char *action = node_get_str(rule, "action");

		if (action && text_starts(action, "sync") &&
		    !node_get(rule, "target"))
			diag_at(c->diag, rule,
				"services.%s.develop.watch: '%s' needs a target",
				c->name, action);
		if (action && !strcmp(action, "sync+exec") &&
		    !node_get(rule, "exec"))
			diag_at(c->diag, rule,
				"services.%s.develop.watch: '%s' needs 'exec'",
				c->name, action);
	}
}

static void
check_labels(const struct service_check *c)
{
	const struct node *labels = node_get(c->body, "labels");

	for (size_t i = 0; i < node_len(labels); i++)
		if (text_starts(node_key_at(labels, i), "com.docker.compose."))
			diag_at(c->diag, node_value_at(labels, i),
				"label '%s': the prefix com.docker.compose is reserved",
				node_key_at(labels, i));
}

/* What has no meaning here is said once, and why. @below: "", "build." */
static void
check_ignored(const struct service_check *c, const struct schema *schema,
	      const struct node *obj, const char *below)
{
	for (size_t i = 0; i < node_len(obj); i++) {
		const struct schema_key *row =
			schema_find(schema->keys, node_key_at(obj, i));
		const struct node *value = node_value_at(obj, i);

		if (row && row->use == USE_IGNORED && consistency_asks(value))
			diag_warn(c->diag, value,
				  "services.%s.%s%s is ignored: %s", c->name,
				  below, row->name, row->why);
	}
}

/* Targets. */

static void
claim_target(const struct service_check *c, struct map *taken,
	     const char *target, const struct node *at)
{
	cleanup_free char *path = abs_path_join("/", target);

	if (map_has(taken, path))
		diag_at(c->diag, at,
			"services.%s: target %s is already mounted", c->name,
			path);
	(void)map_set(taken, path, taken);
}

static void
claim_grants(const struct service_check *c, struct map *taken, const char *key,
	     const char *dir)
{
	const struct node *list = node_get(c->body, key);

	for (size_t i = 0; i < node_len(list); i++) {
		const struct node *one = node_at(list, i);
		const char *target = node_get_str(one, "target");

		if (!target)
			target = node_get_str(one, "source");
		if (target) {
			cleanup_free char *path = abs_path_join(dir, target);

			claim_target(c, taken, path, one);
		}
	}
}

static void
check_targets(const struct service_check *c)
{
	const struct node *volumes = node_get(c->body, "volumes");
	const struct node *tmpfs = node_get(c->body, "tmpfs");
	struct map taken = MAP_INIT;

	for (size_t i = 0; i < node_len(tmpfs); i++) {
		const char *text = node_str_or(node_at(tmpfs, i), "");
		cleanup_free char *path = xstrndup(text, strcspn(text, ":"));

		claim_target(c, &taken, path, node_at(tmpfs, i));
	}
	for (size_t i = 0; i < node_len(volumes); i++) {
		const struct node *one = node_at(volumes, i);
		const char *target = node_get_str(one, "target");
		const char *type = node_str_or(node_get(one, "type"), "");

		if ((!strcmp(type, "bind") || !strcmp(type, "image")) &&
		    !*node_str_or(node_get(one, "source"), ""))
			diag_at(c->diag, one,
				"services.%s: a mount of type '%s' needs a source",
				c->name, type);
		if (target && *target)
			claim_target(c, &taken, target, one);
		else if (node_kind(one) == NODE_OBJ && !c->diag->len)
			diag_at(c->diag, one,
				"services.%s: a volume needs a target",
				c->name);
	}
	claim_grants(c, &taken, "secrets", "/run/secrets");
	claim_grants(c, &taken, "configs", "/");
	map_release(&taken);
}

void
consistency_check_service(const char *name, const struct node *service,
			  bool raw, struct diag *diag)
{
	const struct service_check c = {
		.name = name, .body = service, .raw = raw, .diag = diag
	};

	check_image(&c);
	check_build(&c);
	check_mode(&c);
	consistency_check_addresses(service, raw, diag);
	check_scale(&c);
	check_limits(&c);
	check_devices(&c, node_get(service, "gpus"));
	check_devices(&c,
		      node_get(node_get(node_get(node_get(service, "deploy"),
						 "resources"),
					"reservations"),
			       "devices"));
	check_health(&c);
	check_watch(&c);
	check_labels(&c);
	check_ignored(&c, &schema_service, service, "");
	check_ignored(&c, schema_member(&schema_service, "build"),
		      node_get(service, "build"), "build.");
	check_targets(&c);
}
