/* SPDX-License-Identifier: Apache-2.0 */
/*
 * sys/spread.c - two processes that work together, on two processors.
 *
 * What fails here only costs time.
 */
#include "sys/spread.h"

bool
spread_begin(pid_t pid, struct spread *ret_spread)
{
	struct spread spread;
	cpu_set_t others;
	int here = sched_getcpu();

	if (here < 0 ||
	    sched_getaffinity(0, sizeof(spread.all), &spread.all) < 0)
		return false;
	others = spread.all;
	CPU_CLR((size_t)here, &others);
	if (!CPU_COUNT(&others))
		return false;
	CPU_ZERO(&spread.here);
	CPU_SET((size_t)here, &spread.here);
	/* The other reads it when it is free again. */
	*ret_spread = spread;
	return sched_setaffinity(pid, sizeof(others), &others) == 0;
}

void
spread_stay(const struct spread *spread)
{
	(void)sched_setaffinity(0, sizeof(spread->here), &spread->here);
}

void
spread_end(const struct spread *spread)
{
	(void)sched_setaffinity(0, sizeof(spread->all), &spread->all);
}
