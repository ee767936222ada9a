/* SPDX-License-Identifier: Apache-2.0 */
/*
 * sys/spread.c - work for two, on two processors.
 *
 * Kernels of virtual machines may keep processes together on few processors
 * (seen with two: a new process ran beside its busy parent in one start of
 * five, which makes the start longer by a fifth).
 */
#include "sys/spread.h"

#include <sched.h>

void
spread_from_us(pid_t pid)
{
	int here = sched_getcpu();
	cpu_set_t all, others;

	if (here < 0 || sched_getaffinity(0, sizeof(all), &all) < 0)
		return;
	others = all;
	CPU_CLR((size_t)here, &others);
	/* It moves at the first call; the second makes it free again. */
	if (CPU_COUNT(&others) &&
	    sched_setaffinity(pid, sizeof(others), &others) == 0)
		(void)sched_setaffinity(pid, sizeof(all), &all);
}
