/* SPDX-License-Identifier: Apache-2.0 */
/*
 * spec/port_spec.c - published and exposed ports.
 *
 * A text is cut into address, host part and container part first; a struct
 * port_range pair is then checked and expanded in one place for all forms.
 */
#include "spec/port_spec.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/units.h"
#include "spec/choice.h"
#include "spec/csv.h"

#define PORT_SPEC_HINT                             \
	"write [IP:][HOST:]CONTAINER[/PROTO], as " \
	"8080:80, 127.0.0.1:8080:80/udp or [::1]::80"

static const char *const port_protos[] = { "tcp", "udp", "sctp", NULL };

_Static_assert(ARRAY_LEN(port_protos) == PORT_PROTO_COUNT + 1,
	       "every protocol has its name");

struct port_range {
	uint16_t first, last; /* 0, 0: none given */
};

/* One -p before it is expanded. */
struct port_parts {
	char *ip;   /* NULL or "": every address */
	char *host; /* NULL or "": any free port */
	char *container;
	char *proto;    /* NULL: tcp */
	uint64_t least; /* of the container's: docker exposes port 0 */
};

const char *
port_proto_name(enum port_proto proto)
{
	return port_protos[proto];
}

static int
port_parse_proto(const char *text, enum port_proto *ret_proto, struct err *err)
{
	char lower[8] = "";
	int at;

	if (strlen(text) < sizeof(lower))
		for (size_t i = 0; text[i]; i++)
			lower[i] = text[i] >= 'A' && text[i] <= 'Z'
					   ? (char)(text[i] - 'A' + 'a')
					   : text[i];
	at = choice_find("protocol", lower[0] ? lower : text, port_protos, err);
	if (at < 0)
		return at;
	*ret_proto = (enum port_proto)at;
	return 0;
}

/* "80" or "80-90"; @min is 0 where "any free port" can be meant. */
static int
port_parse_range(const char *text, uint64_t min, struct port_range *ret_range,
		 struct err *err)
{
	cleanup_free char *first = xstrdup(text);
	char *dash = strchr(first, '-');
	uint64_t from, to;

	if (dash)
		*dash = '\0';
	if (units_parse_u64(first, min, UINT16_MAX, &from, NULL) < 0 ||
	    units_parse_u64(dash ? dash + 1 : first, min, UINT16_MAX, &to,
			    NULL) < 0 ||
	    (dash && !from))
		return err_set(err, EINVAL,
			       "'%s' is not a port or range in %d-%d", text,
			       (int)min, UINT16_MAX);
	if (to < from)
		return err_set(err, EINVAL, "port range '%s' runs backwards",
			       text);
	*ret_range = (struct port_range){ (uint16_t)from, (uint16_t)to };
	return 0;
}

/* Check an address and write it as the system does; brackets are optional. */
static int
port_parse_ip(const char *text, char ret_ip[PORT_SPEC_IP_BYTES],
	      struct err *err)
{
	cleanup_free char *bare = xstrdup(text);
	size_t len = strlen(bare);
	char *start = bare;
	struct in_addr in4;
	struct in6_addr in6;
	bool bracketed = *bare == '[' && bare[len - 1] == ']';

	if (bracketed) {
		bare[len - 1] = '\0';
		start++;
	}
	if (!bracketed && inet_pton(AF_INET, start, &in4) == 1) {
		(void)inet_ntop(AF_INET, &in4, ret_ip, PORT_SPEC_IP_BYTES);
		return 0;
	}
	if (inet_pton(AF_INET6, start, &in6) == 1) {
		(void)inet_ntop(AF_INET6, &in6, ret_ip, PORT_SPEC_IP_BYTES);
		return 0;
	}
	return err_set(err, EINVAL, "'%s' is not an IP address", text);
}

static int
port_check_ranges(const struct port_range *host, const struct port_range *ctr,
		  struct err *err)
{
	int wide = ctr->last - ctr->first;

	if (!wide || !host->first || host->last - host->first == wide)
		return 0;
	return err_set(err, EINVAL,
		       "%d host ports cannot serve %d container ports",
		       host->last - host->first + 1, wide + 1);
}

/* All checks are done: append one entry per container port. */
static void
port_expand(struct port_list *list, struct port_spec port,
	    const struct port_range *host, const struct port_range *ctr)
{
	for (unsigned int i = ctr->first; i <= ctr->last; i++) {
		unsigned int shift = i - ctr->first;

		port.container_port = (uint16_t)i;
		if (!host->first) {
			port.host_first = port.host_last = 0;
		} else if (ctr->first == ctr->last) {
			port.host_first = host->first;
			port.host_last = host->last;
		} else {
			port.host_first = (uint16_t)(host->first + shift);
			port.host_last = port.host_first;
		}
		array_push(list->items, list->len, list->cap, port);
	}
}

static int
port_add_parts(struct port_list *list, const struct port_parts *parts,
	       struct err *err)
{
	struct port_range host = { 0, 0 }, ctr;
	struct port_spec port = { .proto = PORT_PROTO_TCP };
	int r = 0;

	if (parts->proto)
		r = port_parse_proto(parts->proto, &port.proto, err);
	if (r >= 0 && parts->ip && *parts->ip)
		r = port_parse_ip(parts->ip, port.host_ip, err);
	if (r >= 0 && parts->host && *parts->host)
		r = port_parse_range(parts->host, 0, &host, err);
	if (r >= 0)
		r = port_parse_range(parts->container, parts->least, &ctr, err);
	if (r >= 0)
		r = port_check_ranges(&host, &ctr, err);
	if (r >= 0)
		port_expand(list, port, &host, &ctr);
	return r;
}

/* Cut @text, in place, at its slash and at its last two colons. */
static void
port_cut(char *text, struct port_parts *parts)
{
	char *slash = strrchr(text, '/');
	char *colon;

	if (slash) {
		*slash = '\0';
		parts->proto = slash + 1;
	}
	colon = strrchr(text, ':');
	parts->container = colon ? colon + 1 : text;
	if (!colon)
		return;
	*colon = '\0';
	colon = strrchr(text, ':');
	/* What stands in brackets is no port, though it has colons. */
	if (!colon || strchr(colon, ']')) {
		parts->host = text;
		return;
	}
	parts->host = colon + 1;
	*colon = '\0';
	parts->ip = text;
}

/* published=8080,target=80,protocol=tcp,mode=host,host_ip=… */
static int
port_cut_long(struct strvec *fields, struct port_parts *parts, struct err *err)
{
	static const char *const keys[] = { "published", "target",  "protocol",
					    "mode",      "host_ip", NULL };
	static const char *const modes[] = { "host", "ingress", NULL };
	char *mode = NULL;
	char **to[] = { &parts->host, &parts->container, &parts->proto, &mode,
			&parts->ip };

	for (size_t i = 0; i < fields->len; i++) {
		char *value = csv_cut_value(fields->v[i]);
		int at = choice_find("key", fields->v[i], keys, err);

		if (at < 0)
			return at;
		if (!value || !*value)
			return err_set(err, EINVAL, "'%s' has no value",
				       fields->v[i]);
		if (*to[at])
			return err_set(err, EINVAL, "'%s' is given twice",
				       fields->v[i]);
		*to[at] = value;
	}
	if (!parts->container)
		return err_set(err, EINVAL, "'target' is missing");
	if (mode && choice_find("mode", mode, modes, err) < 0)
		return -EINVAL;
	return 0;
}

int
port_list_publish(struct port_list *list, const char *text, struct err *err)
{
	cleanup_strvec struct strvec fields = STRVEC_INIT;
	cleanup_free char *copy = xstrdup(text);
	struct port_parts parts = { .least = 1 };
	int r = 0;

	if (strchr(text, '=')) {
		r = csv_split(text, &fields, err);
		if (r >= 0)
			r = port_cut_long(&fields, &parts, err);
	} else {
		port_cut(copy, &parts);
	}
	if (r >= 0)
		r = port_add_parts(list, &parts, err);
	if (r < 0) {
		(void)err_wrap(err, r, "published port '%s'", text);
		err_hint(err, PORT_SPEC_HINT);
	}
	return r;
}

int
port_list_expose(struct port_list *list, const char *text, struct err *err)
{
	cleanup_free char *copy = xstrdup(text);
	struct port_parts parts = { .container = copy };
	char *slash = strchr(copy, '/');
	int r;

	if (slash) {
		*slash = '\0';
		parts.proto = slash + 1;
	}
	r = port_add_parts(list, &parts, err);
	if (r < 0) {
		(void)err_wrap(err, r, "exposed port '%s'", text);
		err_hint(err, "write PORT[-END][/PROTO], as 80 or 53/udp");
	}
	return r;
}

bool
port_list_has(const struct port_list *list, uint16_t container_port,
	      enum port_proto proto)
{
	for (size_t i = 0; i < list->len; i++)
		if (list->items[i].container_port == container_port &&
		    list->items[i].proto == proto)
			return true;
	return false;
}

void
port_list_release(struct port_list *list)
{
	free(list->items);
	*list = (struct port_list)PORT_LIST_INIT;
}

void
port_spec_add_key(struct strbuf *sb, const struct port_spec *port)
{
	strbuf_addf(sb, "%u/%s", port->container_port,
		    port_proto_name(port->proto));
}

struct node *
port_list_to_bindings(const struct port_list *list)
{
	struct node *bindings = node_new_obj();

	for (size_t i = 0; i < list->len; i++) {
		const struct port_spec *port = &list->items[i];
		cleanup_strbuf struct strbuf key = STRBUF_INIT;
		cleanup_strbuf struct strbuf host = STRBUF_INIT;
		struct node *arr, *binding;

		port_spec_add_key(&key, port);
		if (port->host_first)
			strbuf_addf(&host, "%u", port->host_first);
		if (port->host_last > port->host_first)
			strbuf_addf(&host, "-%u", port->host_last);
		arr = node_get(bindings, key.buf)
			      ?: node_set(bindings, key.buf, node_new_arr());
		binding = node_push(arr, node_new_obj());
		node_set_str(binding, "HostIp", port->host_ip);
		node_set_str(binding, "HostPort", host.buf);
	}
	return bindings;
}

/* One {"HostIp":…,"HostPort":…} of the container port @key. */
static int
port_add_binding(struct port_list *list, const char *key,
		 const struct node *binding, struct err *err)
{
	cleanup_free char *ip =
		xstrdup(node_str_or(node_get(binding, "HostIp"), ""));
	cleanup_free char *host =
		xstrdup(node_str_or(node_get(binding, "HostPort"), ""));
	cleanup_free char *container = xstrdup(key);
	struct port_parts parts = { ip, host, container, NULL, 1 };
	char *slash = strchr(container, '/');

	if (slash) {
		*slash = '\0';
		parts.proto = slash + 1;
	}
	return port_add_parts(list, &parts, err);
}

int
port_list_from_bindings(const struct node *bindings, struct port_list *list,
			struct err *err)
{
	for (size_t i = 0; i < node_len(bindings); i++) {
		const char *key = node_key_at(bindings, i);
		const struct node *arr = node_value_at(bindings, i);

		for (size_t k = 0; k < node_len(arr); k++) {
			int r = port_add_binding(list, key, node_at(arr, k),
						 err);

			if (r < 0)
				return err_wrap(err, r, "port binding '%s'",
						key);
		}
	}
	return 0;
}

struct node *
port_list_to_exposed(const struct port_list *list)
{
	struct node *exposed = node_new_obj();

	for (size_t i = 0; i < list->len; i++) {
		cleanup_strbuf struct strbuf key = STRBUF_INIT;

		port_spec_add_key(&key, &list->items[i]);
		(void)node_need_obj(exposed, key.buf);
	}
	return exposed;
}

int
port_list_from_exposed(const struct node *exposed, struct port_list *list,
		       struct err *err)
{
	for (size_t i = 0; i < node_len(exposed); i++) {
		int r = port_list_expose(list, node_key_at(exposed, i), err);

		if (r < 0)
			return r;
	}
	return 0;
}
