/* SPDX-License-Identifier: Apache-2.0 */
/*
 * compose/plan_images.h - which images are pulled and which are built.
 */
#ifndef DHOW_COMPOSE_PLAN_IMAGES_H
#define DHOW_COMPOSE_PLAN_IMAGES_H

#include "compose/plan_input.h"

struct plan_images_opts {
	const char *policy; /* --pull: instead of the services' own; or NULL */
	bool build;         /* --build: also what is here */
	bool no_build;
	bool no_cache;
	bool pull_base; /* compose build --pull */
	bool check;     /* compose build --check */
	bool quiet;     /* builds say nothing */
	bool quiet_pull;
	bool ignore_failures; /* of pulls */
	const char *progress;
	const char *memory;
	const struct strvec *build_args; /* --build-arg; may be NULL */
	const struct strvec *ssh;
};

/*
 * Pulls first; what is then still missing, and can be, is built. @in->world
 * has looked the images up.
 */
void plan_pulls(const struct plan_input *in,
		const struct plan_images_opts *opts, struct plan *plan);
void plan_builds(const struct plan_input *in,
		 const struct plan_images_opts *opts, struct plan *plan);

#endif
