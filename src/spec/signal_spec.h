/* SPDX-License-Identifier: Apache-2.0 */
/*
 * spec/signal_spec.h - signals by name or number.
 *
 * NAME, SIGNAME, 1-64, SIGRTMIN+n, SIGRTMAX-n in any case. SIGRTMIN is 34, as
 * programs linked with glibc see it.
 */
#ifndef DHOW_SPEC_SIGNAL_SPEC_H
#define DHOW_SPEC_SIGNAL_SPEC_H

#include "base/err.h"
#include "base/strbuf.h"

#define SIGNAL_SPEC_MAX 64

/* -EINVAL with the nearest name. */
int signal_spec_parse(const char *text, int *ret_signal, struct err *err);

/* "SIGTERM", "SIGRTMIN+3", "33". */
void signal_spec_add(struct strbuf *sb, int signal);

/* Names with SIG, alphabetical, NULL-ended; for completion. */
const char *const *signal_spec_names(void);

#endif
