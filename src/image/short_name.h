/* SPDX-License-Identifier: Apache-2.0 */
/*
 * image/short_name.h - what a name without a registry stands for here.
 */
#ifndef DHOW_IMAGE_SHORT_NAME_H
#define DHOW_IMAGE_SHORT_NAME_H

#include "base/err.h"
#include "conf/registries.h"

/*
 * Write @text out by the [aliases] of registries.conf, keeping its tag and
 * digest.
 *
 * @regs:     NULL: what registries_load() finds
 * @ret_text: the caller frees it; NULL when no alias is meant
 *
 * Returns 0; -EINVAL when @text or the alias is no reference; as
 * registries_load().
 */
int short_name_expand(const struct registries *regs, const char *text,
		      char **ret_text, struct err *err);

#endif
