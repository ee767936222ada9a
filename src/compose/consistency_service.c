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
#include "spec/host_spec.h"

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
check_networks(const struct service_check *c)
{
	static const char *const keys[] = { "ipv4_address", "ipv6_address" };
	const struct node *mode = node_get(c->body, "network_mode");
	const struct node *networks = node_get(c->body, "networks");

	if (mode && node_len(networks))
		diag_at(c->diag, mode,
			"services.%s: 'network_mode' and 'networks' exclude each other",
			c->name);
	for (size_t i = 0; i < node_len(networks); i++)
		for (size_t k = 0; k < ARRAY_LEN(keys); k++) {
			const struct node *ip =
				node_get(node_value_at(networks, i), keys[k]);
			const char *text = node_str(ip);

			if (text && !host_spec_is_ip(text) &&
			    !(c->raw && strchr(text, '$')))
				diag_at(c->diag, ip,
					"'%s' is not an IP address", text);
		}
}

static void
check_hosts(const struct service_check *c)
{
	const struct node *ports = node_get(c->body, "ports");
	const struct node *hosts = node_get(c->body, "extra_hosts");
	const struct node *dns = node_get(c->body, "dns");

	for (size_t i = 0; i < node_len(ports); i++) {
		const struct node *ip = node_get(node_at(ports, i), "host_ip");
		const char *text = node_str(ip);

		if (text && *text && !host_spec_is_ip(text) && !c->raw)
			diag_at(c->diag, ip, "'%s' is not an IP address", text);
	}
	for (size_t i = 0; i < node_len(hosts); i++) {
		const char *text = node_str_or(node_at(hosts, i), "");
		const char *ip = strchr(text, '=');

		if (ip && strcmp(ip + 1, HOST_SPEC_GATEWAY) != 0 &&
		    !host_spec_is_ip(ip + 1) && !c->raw)
			diag_at(c->diag, node_at(hosts, i),
				"'%s' is not an IP address", ip + 1);
	}
	for (size_t i = 0; i < node_len(dns); i++) {
		const char *text = node_str_or(node_at(dns, i), "");

		if (!host_spec_is_ip(text) && !c->raw)
			diag_at(c->diag, node_at(dns, i),
				"'%s' is not an IP address", text);
	}
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

/* What has no meaning here is said once, and why. */
static void
check_ignored(const struct service_check *c)
{
	for (size_t i = 0; i < node_len(c->body); i++) {
		const struct schema_key *row = schema_find(
			schema_service_keys, node_key_at(c->body, i));
		const struct node *value = node_value_at(c->body, i);

		if (row && row->use == USE_IGNORED &&
		    node_kind(value) != NODE_NULL)
			diag_warn(c->diag, value,
				  "services.%s.%s is ignored: %s", c->name,
				  row->name, row->why);
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
	check_networks(&c);
	check_hosts(&c);
	check_scale(&c);
	check_limits(&c);
	check_devices(&c, node_get(service, "gpus"));
	check_devices(&c,
		      node_get(node_get(node_get(node_get(service, "deploy"),
						 "resources"),
					"reservations"),
			       "devices"));
	check_watch(&c);
	check_labels(&c);
	check_ignored(&c);
	check_targets(&c);
}
