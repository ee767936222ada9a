/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cli/compose_phases.h - what up, create and run do one after the other.
 */
#ifndef DHOW_CLI_COMPOSE_PHASES_H
#define DHOW_CLI_COMPOSE_PHASES_H

#include "cli/compose_act.h"
#include "compose/plan_images.h"

/* Pull and build what is missing. Returns 0, an exit status or -errno. */
int compose_images(struct compose *compose,
		   const struct plan_images_opts *opts);

/* The image flags of up, create and run; those a table lacks are left out. */
void compose_image_flags(const struct args *args,
			 struct plan_images_opts *opts);

/* "web=2" of --scale; the map's values are (count + 1). */
int compose_read_scale(const struct strvec *texts,
		       const struct project *project, struct map *scale,
		       struct err *err);

/* Plan and act: networks, volumes, containers, starts. */
int compose_converge(struct compose *compose, const struct act_opts *opts);

#endif
