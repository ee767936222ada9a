/* SPDX-License-Identifier: Apache-2.0 */
/*
 * conf/base64.h - the standard alphabet, as "user:password" is kept in.
 */
#ifndef DHOW_CONF_BASE64_H
#define DHOW_CONF_BASE64_H

#include <stddef.h>

#include "base/span.h"
#include "base/strbuf.h"

/* Append @data as base64 with padding. Spec: RFC 4648, section 4. */
void base64_encode(struct strbuf *sb, const void *data, size_t len);

/*
 * Append what @text stands for. Padding may be left out; white space and
 * other alphabets are -EINVAL, and then @sb is as it was.
 */
int base64_decode(struct strbuf *sb, struct span text);

#endif
