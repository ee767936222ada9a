/* SPDX-License-Identifier: Apache-2.0 */
/*
 * spec/ref.h - image references: [domain/]path[:tag][@digest].
 *
 * Parsing normalises as Docker does: no domain is docker.io, one component
 * there is library/…, index.docker.io is docker.io, no tag and no digest is
 * "latest". Spec: distribution reference grammar.
 */
#ifndef DHOW_SPEC_REF_H
#define DHOW_SPEC_REF_H

#include <stdbool.h>

#include "base/err.h"
#include "base/strbuf.h"
#include "spec/digest.h"

#define REF_MAX_NAME 255
#define REF_MAX_TAG 128

struct ref {
	char *domain; /* "docker.io", "localhost:5000" */
	char *path;   /* "library/debian" */
	char *tag;    /* NULL only when a digest is given and no tag was */
	struct digest digest; /* empty text: none */
	bool tag_given;       /* false: "latest" was filled in */
	bool domain_given;
};

#define REF_INIT            \
	{                   \
		.tag = NULL \
	}
#define cleanup_ref cleanup_release(ref_release)

/*
 * Returns 0; -EINVAL with what is wrong and a hint (upper-case path, bare 64
 * hex digits, bad tag, …).
 */
int ref_parse(const char *text, struct ref *ret_ref, struct err *err);
void ref_release(struct ref *ref);
void ref_copy(struct ref *to, const struct ref *from);

/* "docker.io/library/debian" */
void ref_add_name(struct strbuf *sb, const struct ref *ref);
/* "docker.io/library/debian:12[@sha256:…]": the name the store files under. */
void ref_add_canonical(struct strbuf *sb, const struct ref *ref);
/* As shown: without "docker.io/" and "library/": "debian:12". */
void ref_add_familiar(struct strbuf *sb, const struct ref *ref);
/* As shown, without tag and digest: "debian". */
void ref_add_familiar_name(struct strbuf *sb, const struct ref *ref);
/* True for localhost, 127.0.0.0/8 and ::1, with or without a port. */
bool ref_is_loopback(const struct ref *ref);

#endif
