/* SPDX-License-Identifier: Apache-2.0 */
/*
 * container/restart.h - whether and when a container starts again.
 *
 * Docker's rules: 100 ms after the first end, twice as long each time, at most
 * a minute; who was up for ten seconds begins anew.
 */
#ifndef DHOW_CONTAINER_RESTART_H
#define DHOW_CONTAINER_RESTART_H

#include <stdbool.h>
#include <stdint.h>

#include "spec/restart_spec.h"

struct restart {
	int count;        /* restarts so far */
	int64_t delay_ns; /* before the last one; 0: none yet */
};

struct restart_end {
	int exit_code;
	bool stopped_by_user; /* stop, kill: the end that was asked for */
	int64_t up_ns;        /* how long it ran */
};

/*
 * It ended: start it again? If so, @restart counts it and @ret_delay_ns is
 * how long to wait.
 */
bool restart_decide(struct restart *restart, const struct restart_spec *spec,
		    const struct restart_end *end, int64_t *ret_delay_ns);

#endif
