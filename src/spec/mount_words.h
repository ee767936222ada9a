/* SPDX-License-Identifier: Apache-2.0 */
/*
 * spec/mount_words.h - what the three mount grammars share; room only.
 */
#ifndef DHOW_SPEC_MOUNT_WORDS_H
#define DHOW_SPEC_MOUNT_WORDS_H

#include "base/span.h"
#include "spec/mount_spec.h"

#define MOUNT_KIND_BIT(kind) (1U << (kind))

/* Which kinds take the options of -v; the others are those of --tmpfs. */
#define MOUNT_KINDS_VOLUME \
	(MOUNT_KIND_BIT(MOUNT_BIND) | MOUNT_KIND_BIT(MOUNT_VOLUME))
#define MOUNT_KINDS_MEMORY \
	(MOUNT_KIND_BIT(MOUNT_TMPFS) | MOUNT_KIND_BIT(MOUNT_RAMFS))
#define MOUNT_KINDS_ALL ((1U << MOUNT_KIND_COUNT) - 1)

extern const char *const mount_kind_names[MOUNT_KIND_COUNT + 1];
extern const char *const mount_propagation_names[MOUNT_PROPAGATION_COUNT + 1];

/*
 * Apply one option, "ro" or "size=64m". @io_groups remembers what was said
 * about the same thing before. -EINVAL: unknown, said twice, or not for
 * @spec->kind.
 */
int mount_words_apply(struct mount_spec *spec, const char *word,
		      unsigned int *io_groups, struct err *err);
/* A list of them between commas. */
int mount_words_apply_all(struct mount_spec *spec, const char *words,
			  struct err *err);

/* Check and set the target. */
int mount_spec_set_target(struct mount_spec *spec, const char *target,
			  struct err *err);
/* What no single option can see: pairs, names, references. */
int mount_spec_check(const struct mount_spec *spec, struct err *err);

#endif
