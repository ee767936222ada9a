/* SPDX-License-Identifier: Apache-2.0 */
/*
 * spec/caps_spec.h - capability names and the set a container gets.
 */
#ifndef DHOW_SPEC_CAPS_SPEC_H
#define DHOW_SPEC_CAPS_SPEC_H

#include <stdint.h>

#include "base/err.h"
#include "base/strvec.h"

#define CAPS_SPEC_COUNT 41 /* up to CAP_CHECKPOINT_RESTORE */
#define CAPS_SPEC_ALL ((UINT64_C(1) << CAPS_SPEC_COUNT) - 1)

/* Docker's 14; bit n is capability n of linux/capability.h. */
extern const uint64_t caps_spec_default;

/* "CAP_CHOWN"; NULL for a number without a name. */
const char *caps_spec_name(int cap);
/* With or without CAP_, any case. -EINVAL with the nearest name. */
int caps_spec_parse(const char *name, int *ret_cap, struct err *err);
/*
 * The set after --cap-add and --cap-drop (either may be NULL; elements may be
 * comma lists): ALL drops or adds everything first, then single names apply,
 * an added one beats a dropped one unless ALL was added.
 */
int caps_spec_resolve(uint64_t base, const struct strvec *add,
		      const struct strvec *drop, uint64_t *ret_set,
		      struct err *err);
/* Append the names of a set in the order of their numbers. */
void caps_spec_list(uint64_t set, struct strvec *names);

#endif
