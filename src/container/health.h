/* SPDX-License-Identifier: Apache-2.0 */
/*
 * container/health.h - what the answers of a health check mean.
 *
 * Docker's rules: one success makes it healthy, so many failures in a row make
 * it unhealthy; until its first success, failures of the start period do not
 * count.
 */
#ifndef DHOW_CONTAINER_HEALTH_H
#define DHOW_CONTAINER_HEALTH_H

#include <stdbool.h>
#include <stdint.h>

#include "base/strvec.h"
#include "container/state.h"
#include "spec/health_spec.h"

struct health_answer {
	int64_t start_ns, end_ns;
	int exit_code; /* 0: healthy */
	const char *output;
};

/*
 * Note an answer. @up_ns: how long the container has been up.
 * Returns whether the status has changed.
 */
bool health_judge(struct container_health *health,
		  const struct health_spec *spec,
		  const struct health_answer *answer, int64_t up_ns);

/* How long to wait before asking the next time. */
int64_t health_delay_ns(const struct container_health *health,
			const struct health_spec *spec, int64_t up_ns);

/* The command that asks. */
void health_add_argv(const struct health_spec *spec, struct strvec *argv);

#endif
