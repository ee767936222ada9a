/* SPDX-License-Identifier: Apache-2.0 */
/*
 * registry/registry_priv.h - what an open registry is made of.
 */
#ifndef DHOW_REGISTRY_REGISTRY_PRIV_H
#define DHOW_REGISTRY_REGISTRY_PRIV_H

#include "registry/endpoint.h"
#include "registry/http.h"
#include "registry/registry.h"
#include "spec/manifest.h"

#define REGISTRY_ACCEPT                                                \
	MEDIA_OCI_INDEX ", " MEDIA_DOCKER_LIST ", " MEDIA_OCI_MANIFEST \
			", " MEDIA_DOCKER_MANIFEST

struct registry {
	struct ref ref;
	struct registry_opts opts;
	char *name; /* "docker.io/library/debian", for messages */
	struct http *http;
	struct endpoint *endpoints; /* mirrors first, the registry last */
	size_t endpoint_count;
	size_t current; /* the endpoint that gave the last manifest */
};

/* The SHA-256 of bytes at hand; empty when libcrypto has none. */
struct digest registry_hash(struct span bytes);

#endif
