/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tests/bench/race.c - run commands in turn and tell their medians.
 *
 * usage: race RUNS COMMAND [ARG...] [-- COMMAND [ARG...]]...
 *
 * A B A B …: both meet the same weather. Prints a line per command: median,
 * 10th and 90th percentile of wall time, median of processor time of the
 * command and what it waited for, all in microseconds. A command that does
 * not exit 0 ends the race with status 1.
 */
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define MAX_RACERS 8
#define WARM_UP 3

extern char **environ;

struct racer {
	char **argv;
	double *wall_us;
	double *cpu_us;
};

static double
now_us(void)
{
	struct timespec ts;

	(void)clock_gettime(CLOCK_MONOTONIC, &ts);
	return (double)ts.tv_sec * 1e6 + (double)ts.tv_nsec / 1e3;
}

static double
seconds_us(struct timeval tv)
{
	return (double)tv.tv_sec * 1e6 + (double)tv.tv_usec;
}

static void
run_once(struct racer *racer, posix_spawn_file_actions_t *actions, int slot)
{
	double start = now_us(), end;
	struct rusage usage;
	int status;
	pid_t pid;

	if (posix_spawnp(&pid, racer->argv[0], actions, NULL, racer->argv,
			 environ) != 0 ||
	    wait4(pid, &status, 0, &usage) < 0 || status != 0) {
		fprintf(stderr, "race: '%s' failed\n", racer->argv[0]);
		exit(1);
	}
	end = now_us();
	if (slot < 0)
		return;
	racer->wall_us[slot] = end - start;
	racer->cpu_us[slot] =
		seconds_us(usage.ru_utime) + seconds_us(usage.ru_stime);
}

static int
compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static void
report(struct racer *racer, int runs)
{
	qsort(racer->wall_us, (size_t)runs, sizeof(double), compare);
	qsort(racer->cpu_us, (size_t)runs, sizeof(double), compare);
	printf("%.0f %.0f %.0f %.0f\n", racer->wall_us[runs / 2],
	       racer->wall_us[runs / 10], racer->wall_us[runs * 9 / 10],
	       racer->cpu_us[runs / 2]);
}

int
main(int argc, char **argv)
{
	struct racer racers[MAX_RACERS] = { { .argv = argv + 2 } };
	posix_spawn_file_actions_t actions;
	int count = 1, runs;

	if (argc < 3 || (runs = (int)strtol(argv[1], NULL, 10)) < 1) {
		fprintf(stderr,
			"usage: race RUNS COMMAND... [-- COMMAND...]\n");
		return 2;
	}
	for (int i = 2; i < argc && count < MAX_RACERS; i++)
		if (strcmp(argv[i], "--") == 0) {
			argv[i] = NULL;
			racers[count++].argv = argv + i + 1;
		}
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
	posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0);
	for (int k = 0; k < count; k++) {
		racers[k].wall_us = calloc((size_t)runs, sizeof(double));
		racers[k].cpu_us = calloc((size_t)runs, sizeof(double));
		if (!racers[k].wall_us || !racers[k].cpu_us)
			return 1;
	}
	for (int i = -WARM_UP; i < runs; i++)
		for (int k = 0; k < count; k++)
			run_once(&racers[k], &actions, i);
	for (int k = 0; k < count; k++)
		report(&racers[k], runs);
	return 0;
}
