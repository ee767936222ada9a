/* SPDX-License-Identifier: Apache-2.0 */
/*
 * spec/transport.c - where an image is.
 */
#include "spec/transport.h"

#include <errno.h>
#include <string.h>

#include "base/alloc.h"
#include "base/text.h"

static const struct {
	const char *prefix;
	enum transport_kind kind;
} transports[] = {
	{ "containers-storage:", TRANSPORT_STORE },
	{ "docker://", TRANSPORT_REGISTRY },
	{ "oci-archive:", TRANSPORT_OCI_ARCHIVE },
	{ "oci:", TRANSPORT_OCI },
	{ "docker-archive:", TRANSPORT_DOCKER_ARCHIVE },
	{ "dir:", TRANSPORT_DIR },
};

static const char *const unreachable[] = { "docker-daemon:", "ostree:", "sif:",
					   "tarball:" };

void
transport_release(struct transport *transport)
{
	free(take_ptr(transport->path));
	free(take_ptr(transport->name));
}

/* "host:5000/oci:x" is no transport; "oci:x" without '/' could be a tag of a
 * repository called oci, but nobody means that. */
static const char *
after_prefix(const char *text, enum transport_kind *ret_kind)
{
	for (size_t i = 0; i < ARRAY_LEN(transports); i++) {
		const char *rest = text_after(text, transports[i].prefix);

		if (rest) {
			*ret_kind = transports[i].kind;
			return rest;
		}
	}
	return NULL;
}

bool
transport_is_given(const char *text)
{
	enum transport_kind kind;

	if (after_prefix(text, &kind))
		return true;
	for (size_t i = 0; i < ARRAY_LEN(unreachable); i++)
		if (text_starts(text, unreachable[i]))
			return true;
	return false;
}

int
transport_parse(const char *text, struct transport *ret_transport,
		struct err *err)
{
	struct transport transport = TRANSPORT_INIT;
	const char *rest, *colon;

	for (size_t i = 0; i < ARRAY_LEN(unreachable); i++)
		if (text_starts(text, unreachable[i]))
			return err_set(err, EOPNOTSUPP,
				       "'%s': dhow does not speak %.*s", text,
				       (int)strlen(unreachable[i]) - 1,
				       unreachable[i]);
	rest = after_prefix(text, &transport.kind) ?: text;
	if (!*rest)
		return err_set(err, EINVAL, "'%s' names nothing", text);
	if (transport.kind <= TRANSPORT_REGISTRY) {
		transport.name = xstrdup(rest);
	} else {
		colon = transport.kind == TRANSPORT_DIR ? NULL
							: strchr(rest, ':');
		if (colon == rest)
			return err_set(err, EINVAL, "'%s' has no path", text);
		transport.path = colon ? xstrndup(rest, (size_t)(colon - rest))
				       : xstrdup(rest);
		transport.name = colon && colon[1] ? xstrdup(colon + 1) : NULL;
	}
	*ret_transport = transport;
	return 0;
}
