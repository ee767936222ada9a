/* SPDX-License-Identifier: Apache-2.0 */
/*
 * image/import_url.h - a root file system's archive from the web.
 */
#ifndef DHOW_IMAGE_IMPORT_URL_H
#define DHOW_IMAGE_IMPORT_URL_H

#include <stdbool.h>

#include "image/engine.h"

/* "http://…" or "https://…" */
bool import_url_is(const char *input);

/* What an answer says of its body. */
struct import_url_info {
	char *name;    /* of Content-Disposition, or of the last address */
	int64_t mtime; /* Last-Modified, seconds since 1970; -1: none */
};

/*
 * Write what @text names to @fd, following redirects (never from https to
 * http). engine->request.authorization is for its origin only. Returns 0;
 * -ENOENT and -EACCES for such answers; -EPROTO for other ones; or what the
 * connection or writing failed of.
 */
int import_url_get(struct engine *engine, const char *text, int fd,
		   struct import_url_info *ret_info, struct err *err);

#endif
