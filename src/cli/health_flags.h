/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cli/health_flags.h - flags about asking a container for its health.
 */
#ifndef DHOW_CLI_HEALTH_FLAGS_H
#define DHOW_CLI_HEALTH_FLAGS_H

#include "cli/args.h"
#include "spec/health_spec.h"

/* What --health-* and --no-healthcheck change of @health. -EINVAL. */
int health_flags_fill(struct health_spec *health, const struct args *args,
		      struct err *err);

#endif
