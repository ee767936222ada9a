/* SPDX-License-Identifier: Apache-2.0 */
/*
 * spec/userns_spec.h - --userns: who the container's users are outside.
 */
#ifndef DHOW_SPEC_USERNS_SPEC_H
#define DHOW_SPEC_USERNS_SPEC_H

#include <stdint.h>

#include "base/cleanup.h"
#include "base/err.h"

enum userns_mode {
	USERNS_DEFAULT, /* "", private: DESIGN's rule for bind mounts */
	USERNS_HOST,    /* the ids that all containers share */
	USERNS_KEEP_ID, /* my id inside is my id outside */
	USERNS_AUTO,
	USERNS_NOMAP,     /* I am not mapped */
	USERNS_HOST_ROOT, /* container root is me, always */
	USERNS_CONTAINER, /* target: id or name */
	USERNS_PATH,      /* target: a path */
	USERNS_MODE_COUNT,
};

struct userns_spec {
	enum userns_mode mode;
	int64_t uid, gid; /* keep-id: my ids inside, -1: those outside */
	int64_t size;     /* how many ids, -1: all there are */
	char *target;
};

#define USERNS_SPEC_INIT                         \
	{                                        \
		.uid = -1, .gid = -1, .size = -1 \
	}
#define cleanup_userns_spec cleanup_release(userns_spec_release)

/* keep-id[:uid=,gid=,size=], auto[:size=], … Returns 0 or -EINVAL. */
int userns_spec_parse(const char *text, struct userns_spec *ret_spec,
		      struct err *err);
void userns_spec_release(struct userns_spec *spec);

#endif
