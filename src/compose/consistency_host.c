/* SPDX-License-Identifier: Apache-2.0 */
/*
 * compose/consistency_host.c - what services want of a host that has it once,
 * or not at all.
 */
#include <string.h>

#include "base/alloc.h"
#include "base/text.h"
#include "compose/consistency.h"
#include "compose/schema.h"
#include "spec/ref.h"

struct claim {
	const char *service;
	const struct node *at;
};

struct host_check {
	const struct node *model;
	struct claim *ports, *names;
	size_t port_count, port_cap, name_count, name_cap;
	bool acts;
	struct diag *diag;
};

static bool
is_any_address(const char *ip)
{
	return !ip || !strcmp(ip, "0.0.0.0") || !strcmp(ip, "::");
}

static bool
do_clash(const struct node *a, const struct node *b)
{
	const char *one = node_get_str(a, "published");
	const char *two = node_get_str(b, "published");
	const char *ip1 = node_get_str(a, "host_ip");
	const char *ip2 = node_get_str(b, "host_ip");

	return one && two && !strcmp(one, two) && !strchr(one, '-') &&
	       strcmp(one, "0") != 0 &&
	       !strcmp(node_str_or(node_get(a, "protocol"), "tcp"),
		       node_str_or(node_get(b, "protocol"), "tcp")) &&
	       (is_any_address(ip1) || is_any_address(ip2) ||
		!strcmp(ip1, ip2));
}

static void
claim_ports(struct host_check *c, const char *service, const struct node *body)
{
	const struct node *ports = node_get(body, "ports");

	for (size_t i = 0; i < node_len(ports); i++) {
		const struct node *port = node_at(ports, i);

		for (size_t k = 0; k < c->port_count; k++) {
			if (!strcmp(c->ports[k].service, service) ||
			    !do_clash(c->ports[k].at, port))
				continue;
			if (!c->acts) {
				diag_warn(
					c->diag, port,
					"services '%s' and '%s' both publish port %s",
					c->ports[k].service, service,
					node_get_str(port, "published"));
				continue;
			}
			diag_at(c->diag, port,
				"services '%s' and '%s' both publish port %s",
				c->ports[k].service, service,
				node_get_str(port, "published"));
			diag_hint(c->diag,
				  "give one of them another port or address");
		}
		array_push(c->ports, c->port_count, c->port_cap,
			   (struct claim){ service, port });
	}
}

static void
claim_name(struct host_check *c, const char *service, const struct node *body)
{
	const struct node *name = node_get(body, "container_name");

	if (!node_str(name))
		return;
	for (size_t i = 0; i < c->name_count; i++) {
		if (strcmp(node_str(c->names[i].at), node_str(name)) != 0)
			continue;
		diag_at(c->diag, name,
			"services '%s' and '%s' have the same container_name '%s'",
			c->names[i].service, service, node_str(name));
		diag_hint(
			c->diag,
			"leave it out, and containers are called after project and service");
	}
	array_push(c->names, c->name_count, c->name_cap,
		   (struct claim){ service, name });
}

/* What the tables say cannot work here. */
static void
check_refused(struct host_check *c, const struct schema *schema,
	      const struct node *body, const char *path)
{
	for (size_t i = 0; i < node_len(body); i++) {
		const struct schema_key *row =
			schema_find(schema->keys, node_key_at(body, i));
		const struct node *value = node_value_at(body, i);

		if (row && row->use == USE_REFUSED && consistency_asks(value))
			diag_at(c->diag, value,
				"services.%s.%s cannot work here: %s", path,
				row->name, row->why);
	}
}

static void
check_image(struct host_check *c, const struct node *image)
{
	cleanup_ref struct ref ref = REF_INIT;
	const char *text = node_str(image);
	struct err err = ERR_INIT;

	if (!text || !*text || text_starts(text, "sha256:") ||
	    ref_parse(text, &ref, &err) == 0)
		return;
	diag_at(c->diag, image, "%s", err.text);
	if (err.hint[0])
		diag_hint(c->diag, "%s", err.hint);
}

static void
check_mounts(struct host_check *c, const char *name, const struct node *volumes)
{
	for (size_t i = 0; i < node_len(volumes); i++) {
		const struct node *one = node_at(volumes, i);
		const char *type = node_str_or(node_get(one, "type"), "volume");

		if (!strcmp(type, "npipe") || !strcmp(type, "cluster"))
			diag_at(c->diag, one,
				"services.%s: mounts of type '%s' cannot work here",
				name, type);
	}
}

/* Only secrets have a store outside of projects. */
static void
check_grants(struct host_check *c, const char *name, const char *kind,
	     const struct node *grants)
{
	const struct node *all = node_get(c->model, kind);
	bool is_secret = !strcmp(kind, "secrets");

	for (size_t i = 0; i < node_len(grants); i++) {
		const char *source = node_get_str(node_at(grants, i), "source");
		const struct node *one = source ? node_get(all, source) : NULL;

		if (node_get(one, "driver") ||
		    (!is_secret && node_get_bool(one, "external", false)))
			diag_at(c->diag, node_at(grants, i),
				"%s '%s' of services.%s: there is no store of them outside of projects",
				kind, source, name);
	}
}

static void
check_service(struct host_check *c, const char *name, const struct node *body)
{
	cleanup_free char *build = xasprintf("%s.build", name);

	check_refused(c, &schema_service, body, name);
	check_refused(c, schema_member(&schema_service, "build"),
		      node_get(body, "build"), build);
	check_image(c, node_get(body, "image"));
	check_mounts(c, name, node_get(body, "volumes"));
	check_grants(c, name, "secrets", node_get(body, "secrets"));
	check_grants(c, name, "configs", node_get(body, "configs"));
}

void
consistency_check_host(const struct node *model, const struct strvec *services,
		       bool acts, struct diag *diag)
{
	struct host_check c = { .model = model, .acts = acts, .diag = diag };

	for (size_t i = 0; i < services->len; i++) {
		const char *name = services->v[i];
		const struct node *body =
			node_get(node_get(model, "services"), name);

		if (node_kind(body) != NODE_OBJ)
			continue;
		claim_ports(&c, name, body);
		claim_name(&c, name, body);
		if (acts)
			check_service(&c, name, body);
	}
	free(c.ports);
	free(c.names);
}
