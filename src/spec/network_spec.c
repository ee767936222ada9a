/* SPDX-License-Identifier: Apache-2.0 */
/*
 * spec/network_spec.c - --network: modes, networks and endpoint options.
 */
#include "spec/network_spec.h"

#include <arpa/inet.h>
#include <errno.h>
#include <net/if.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/text.h"
#include "base/units.h"
#include "spec/choice.h"
#include "spec/csv.h"
#include "spec/name_spec.h"
#include "spec/node_check.h"

#define NETWORK_MAC_OCTETS 6
#define NETWORK_MAC_BYTES (3 * NETWORK_MAC_OCTETS)

static const struct {
	const char *word;
	enum network_mode mode;
} network_words[] = {
	{ NETWORK_SPEC_BRIDGE, NETWORK_BRIDGE },
	{ "", NETWORK_BRIDGE },
	{ "default", NETWORK_BRIDGE },
	{ "host", NETWORK_HOST },
	{ "none", NETWORK_NONE },
	{ "pasta", NETWORK_BRIDGE },
	{ "podman", NETWORK_BRIDGE },
	{ "private", NETWORK_BRIDGE },
	{ "slirp4netns", NETWORK_BRIDGE },
};

static int
network_set_text(char **member, const char *value)
{
	free(*member);
	*member = xstrdup(value);
	return 0;
}

int
network_spec_set_ip(struct network_spec *spec, const char *text,
		    struct err *err)
{
	char shown[INET6_ADDRSTRLEN];
	struct in6_addr in6;
	struct in_addr in4;

	if (inet_pton(AF_INET, text, &in4) == 1)
		return network_set_text(&spec->ip4,
					inet_ntop(AF_INET, &in4, shown,
						  sizeof(shown)));
	if (inet_pton(AF_INET6, text, &in6) == 1)
		return network_set_text(&spec->ip6,
					inet_ntop(AF_INET6, &in6, shown,
						  sizeof(shown)));
	return err_set(err, EINVAL, "'%s' is not an IP address", text);
}

int
network_spec_set_mac(struct network_spec *spec, const char *text,
		     struct err *err)
{
	char mac[NETWORK_MAC_BYTES];
	size_t len = strlen(text);

	for (size_t i = 0; i < len && len == sizeof(mac) - 1; i++) {
		char c = text_is_upper(text[i]) ? (char)(text[i] - 'A' + 'a')
						: text[i];

		if (i % 3 == 2 ? c != ':' && c != '-' : !text_is_hex(c))
			len = 0;
		mac[i] = i % 3 == 2 ? ':' : c;
	}
	if (len != sizeof(mac) - 1) {
		(void)err_set(err, EINVAL, "'%s' is not a MAC address", text);
		err_hint(err, "write it as 02:42:ac:11:00:02");
		return -EINVAL;
	}
	mac[len] = '\0';
	return network_set_text(&spec->mac, mac);
}

static int
network_set_name(struct network_spec *spec, const char *text, struct err *err)
{
	const char *container = text_after(text, "container:");
	const char *path = text_after(text, "ns:");

	for (size_t i = 0; i < ARRAY_LEN(network_words); i++) {
		if (strcmp(text, network_words[i].word) != 0)
			continue;
		spec->mode = network_words[i].mode;
		return 0;
	}
	spec->name = xstrdup(container ?: path ?: text);
	if (container) {
		spec->mode = NETWORK_CONTAINER;
		return name_spec_check("container name", container, err);
	}
	if (path) {
		spec->mode = NETWORK_PATH;
		return *path == '/'
			       ? 0
			       : err_set(err, EINVAL,
					 "path '%s' is not absolute", path);
	}
	spec->mode = NETWORK_NAMED;
	return name_spec_check_network(text, err);
}

static int
network_set_interface(struct network_spec *spec, const char *value,
		      struct err *err)
{
	if (strlen(value) >= IF_NAMESIZE || strpbrk(value, "/: \t") ||
	    !strcmp(value, ".") || !strcmp(value, ".."))
		return err_set(err, EINVAL,
			       "'%s' is not the name of an interface", value);
	return network_set_text(&spec->interface_name, value);
}

static int
network_add_link_local(struct network_spec *spec, const char *value,
		       struct err *err)
{
	cleanup_network_spec struct network_spec probe = NETWORK_SPEC_INIT;
	int r = network_spec_set_ip(&probe, value, err);

	if (r >= 0)
		strvec_add(&spec->link_local_ips, probe.ip4 ?: probe.ip6);
	return r;
}

static int
network_add_driver_opt(struct network_spec *spec, const char *value,
		       struct err *err)
{
	if (*value == '=' || !strchr(value, '='))
		return err_set(err, EINVAL, "'%s' is not KEY=VALUE", value);
	strvec_add(&spec->driver_opts, value);
	return 0;
}

static int
network_add_alias(struct network_spec *spec, const char *value, struct err *err)
{
	int r = name_spec_check_network(value, err);

	if (r >= 0 && !strvec_has(&spec->aliases, value))
		strvec_add(&spec->aliases, value);
	return r;
}

static int
network_set_priority(struct network_spec *spec, const char *value,
		     struct err *err)
{
	int64_t number;
	int r = units_parse_i64(value, INT32_MIN, INT32_MAX, &number, err);

	if (r >= 0)
		spec->gw_priority = (int)number;
	return r;
}

static const char *const network_keys[] = {
	"alias",
	"driver-opt",
	"gw-priority",
	"interface-name",
	"interface_name",
	"ip",
	"ip6",
	"link-local-ip",
	"mac",
	"mac-address",
	"name",
	NULL,
};

static int (*const network_setters[])(struct network_spec *, const char *,
				      struct err *) = {
	network_add_alias,     network_add_driver_opt, network_set_priority,
	network_set_interface, network_set_interface,  network_spec_set_ip,
	network_spec_set_ip,   network_add_link_local, network_spec_set_mac,
	network_spec_set_mac,  network_set_name,
};

_Static_assert(ARRAY_LEN(network_keys) == ARRAY_LEN(network_setters) + 1,
	       "every key has its function");

/* alias, driver-opt and link-local-ip may be repeated. */
static bool
network_key_repeats(const char *key)
{
	return !strcmp(key, "alias") || !strcmp(key, "driver-opt") ||
	       !strcmp(key, "link-local-ip");
}

static int
network_read_options(struct network_spec *spec, const char *text, bool has_name,
		     struct err *err)
{
	cleanup_strvec struct strvec fields = STRVEC_INIT;
	unsigned int seen = 0;
	int r = csv_split(text, &fields, err);

	for (size_t i = 0; r >= 0 && i < fields.len; i++) {
		char *value = csv_cut_value(fields.v[i]);
		int at = choice_find("option", fields.v[i], network_keys, err);
		bool is_name = !strcmp(fields.v[i], "name");

		if (at < 0)
			return at;
		if (!value || !*value)
			return err_set(err, EINVAL, "'%s' has no value",
				       fields.v[i]);
		if ((is_name && has_name) ||
		    (seen & (1U << at) && !network_key_repeats(fields.v[i])))
			return err_set(err, EINVAL, "'%s' is given twice",
				       fields.v[i]);
		seen |= 1U << at;
		has_name |= is_name;
		r = network_setters[at](spec, value, err);
	}
	return r >= 0 && !has_name ? err_set(err, EINVAL, "'name' is missing")
				   : r;
}

/* "NET:alias=a,ip=x" has its colon before the first '='. */
static int
network_read(struct network_spec *spec, const char *text, struct err *err)
{
	size_t colon = strcspn(text, ":");
	size_t equals = strcspn(text, "=");
	cleanup_free char *name = xstrndup(text, colon);
	int r;

	if (!text[equals] || text_starts(text, "ns:"))
		return network_set_name(spec, text, err);
	if (equals < colon)
		return network_read_options(spec, text, false, err);
	r = network_set_name(spec, name, err);
	return r < 0 ? r
		     : network_read_options(spec, text + colon + 1, true, err);
}

int
network_spec_parse(const char *text, struct network_spec *ret_spec,
		   struct err *err)
{
	struct network_spec spec = NETWORK_SPEC_INIT;
	int r = network_read(&spec, text, err);

	if (r < 0) {
		network_spec_release(&spec);
		(void)err_wrap(err, r, "network '%s'", text);
		err_hint(
			err,
			"write none, host, container:NAME, or a network's name with options as name=NET,alias=WEB");
		return r;
	}
	*ret_spec = spec;
	return 0;
}

void
network_spec_release(struct network_spec *spec)
{
	free(spec->name);
	free(spec->ip4);
	free(spec->ip6);
	free(spec->mac);
	free(spec->interface_name);
	strvec_release(&spec->aliases);
	strvec_release(&spec->link_local_ips);
	strvec_release(&spec->driver_opts);
	*spec = (struct network_spec)NETWORK_SPEC_INIT;
}

void
network_spec_copy(const struct network_spec *spec,
		  struct network_spec *ret_copy)
{
	struct network_spec copy = {
		.mode = spec->mode,
		.name = xstrdup_null(spec->name),
		.ip4 = xstrdup_null(spec->ip4),
		.ip6 = xstrdup_null(spec->ip6),
		.mac = xstrdup_null(spec->mac),
		.interface_name = xstrdup_null(spec->interface_name),
		.gw_priority = spec->gw_priority,
	};

	strvec_add_all(&copy.aliases, &spec->aliases);
	strvec_add_all(&copy.link_local_ips, &spec->link_local_ips);
	strvec_add_all(&copy.driver_opts, &spec->driver_opts);
	*ret_copy = copy;
}

void
network_spec_add_mode(struct strbuf *sb, const struct network_spec *spec)
{
	static const char *const words[NETWORK_MODE_COUNT] = {
		[NETWORK_BRIDGE] = NETWORK_SPEC_BRIDGE,
		[NETWORK_NONE] = "none",
		[NETWORK_HOST] = "host",
		[NETWORK_CONTAINER] = "container:",
		[NETWORK_PATH] = "ns:",
		[NETWORK_NAMED] = "",
	};

	strbuf_addf(sb, "%s%s", words[spec->mode], spec->name ?: "");
}

int
network_list_add(struct network_list *list, const char *text, struct err *err)
{
	struct network_spec spec;
	int r = network_spec_parse(text, &spec, err);

	if (r >= 0)
		array_push(list->items, list->len, list->cap, spec);
	return r;
}

static int
network_check_options(const struct network_spec *spec, struct err *err)
{
	cleanup_strbuf struct strbuf mode = STRBUF_INIT;
	bool wants_own = spec->aliases.len || spec->ip4 || spec->ip6 ||
			 spec->link_local_ips.len;
	bool wants_any = spec->mac || spec->driver_opts.len ||
			 spec->interface_name || spec->gw_priority;

	if (spec->mode == NETWORK_NAMED ||
	    (spec->mode == NETWORK_BRIDGE && !wants_own) ||
	    (!wants_own && !wants_any))
		return 0;
	network_spec_add_mode(&mode, spec);
	(void)err_set(err, EINVAL,
		      "network '%s' takes no aliases or fixed addresses",
		      mode.buf);
	err_hint(err, "make one with 'network create' and use that");
	return -EINVAL;
}

int
network_list_check(const struct network_list *list, struct err *err)
{
	cleanup_strvec struct strvec names = STRVEC_INIT;

	for (size_t i = 0; i < list->len; i++) {
		const struct network_spec *spec = &list->items[i];
		cleanup_strbuf struct strbuf mode = STRBUF_INIT;
		int r = network_check_options(spec, err);

		if (r < 0)
			return r;
		network_spec_add_mode(&mode, spec);
		if (list->len > 1 && spec->mode != NETWORK_NAMED)
			return err_set(err, EINVAL,
				       "network '%s' cannot be one of several",
				       mode.buf);
		if (strvec_has(&names, mode.buf))
			return err_set(err, EINVAL,
				       "network '%s' is given twice", mode.buf);
		strvec_add(&names, mode.buf);
	}
	return 0;
}

void
network_list_release(struct network_list *list)
{
	for (size_t i = 0; i < list->len; i++)
		network_spec_release(&list->items[i]);
	free(list->items);
	*list = (struct network_list)NETWORK_LIST_INIT;
}
