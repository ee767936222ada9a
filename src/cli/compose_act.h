/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cli/compose_act.h - carry a plan out.
 *
 * Every step is a child of ours that does one command of dhow, several at a
 * time; a step starts when what it needs is done. After a failure nothing new
 * starts, and what is under way is waited for.
 */
#ifndef DHOW_CLI_COMPOSE_ACT_H
#define DHOW_CLI_COMPOSE_ACT_H

#include "cli/compose_ctx.h"
#include "compose/project_plan.h"

struct act_opts {
	const char *title;  /* "Running" */
	int64_t timeout_ns; /* give up after so long; 0: never */
	/* Others write to the terminal meanwhile: nothing is drawn again. */
	bool beside_output;
	bool quiet; /* nothing but what goes wrong */
};

/*
 * Returns 0; an exit status, 1 (what failed was told) or 130 (interrupted).
 * With --dry-run the plan is printed instead.
 */
int compose_act(struct compose *compose, const struct plan *plan,
		const struct act_opts *opts);

#endif
