/* SPDX-License-Identifier: Apache-2.0 */
/*
 * net/slirp_lib.h - libslirp, loaded when it is needed.
 *
 * The half of dhow-net that sets containers up does not wait for it, and no
 * other part of dhow loads it and what it drags along.
 */
#ifndef DHOW_NET_SLIRP_LIB_H
#define DHOW_NET_SLIRP_LIB_H

#include <libslirp.h>

#include "base/err.h"

struct slirp_lib {
	__typeof__(slirp_new) *create;
	__typeof__(slirp_cleanup) *cleanup;
	__typeof__(slirp_input) *input;
	__typeof__(slirp_pollfds_fill) *pollfds_fill;
	__typeof__(slirp_pollfds_poll) *pollfds_poll;
	__typeof__(slirp_version_string) *version_string;
};

/* Returns 0, or -EOPNOTSUPP when it is missing or too old. */
int slirp_lib_load(struct slirp_lib *ret_lib, struct err *err);

#endif
