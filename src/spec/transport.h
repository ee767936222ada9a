/* SPDX-License-Identifier: Apache-2.0 */
/*
 * spec/transport.h - where an image is: "docker://…", "oci:DIR:TAG", a name.
 *
 * Spec: containers-transports(5).
 */
#ifndef DHOW_SPEC_TRANSPORT_H
#define DHOW_SPEC_TRANSPORT_H

#include <stdbool.h>

#include "base/cleanup.h"
#include "base/err.h"

enum transport_kind {
	TRANSPORT_NONE,           /* a plain name */
	TRANSPORT_STORE,          /* containers-storage:NAME, here */
	TRANSPORT_REGISTRY,       /* docker://NAME */
	TRANSPORT_OCI,            /* oci:DIR[:NAME] */
	TRANSPORT_OCI_ARCHIVE,    /* oci-archive:FILE[:NAME] */
	TRANSPORT_DOCKER_ARCHIVE, /* docker-archive:FILE[:NAME] */
	TRANSPORT_DIR,            /* dir:DIR */
	TRANSPORT_COUNT,
};

struct transport {
	enum transport_kind kind;
	char *path; /* of files; else NULL */
	char *name; /* or NULL */
};

#define TRANSPORT_INIT                  \
	{                               \
		.kind = TRANSPORT_NONE, \
	}
#define cleanup_transport cleanup_release(transport_release)
void transport_release(struct transport *transport);

/*
 * Returns 0; -EINVAL for one that lacks its path; -EOPNOTSUPP for one that
 * dhow cannot reach (docker-daemon:, ostree:, …).
 */
int transport_parse(const char *text, struct transport *ret_transport,
		    struct err *err);

/* Does @text begin with a transport? */
bool transport_is_given(const char *text);

#endif
