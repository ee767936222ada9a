/* SPDX-License-Identifier: Apache-2.0 */
/*
 * sys/caps.h - capability sets of the calling process, as 64-bit masks.
 *
 * man: capabilities(7). No function here allocates.
 */
#ifndef DHOW_SYS_CAPS_H
#define DHOW_SYS_CAPS_H

#include <stdint.h>

#include "base/err.h"

/*
 * The permitted set. In a user namespace just entered these are all that the
 * kernel knows.
 */
uint64_t caps_held(void);

/* Drop everything outside @keep from the bounding set. */
int caps_bound(uint64_t keep, struct err *err);

/*
 * Set permitted and effective; inheritable and ambient become empty
 * (CVE-2022-27649: an inheritable set is never handed on).
 */
int caps_set(uint64_t permitted, uint64_t effective, struct err *err);

#endif
