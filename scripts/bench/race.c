// SPDX-License-Identifier: Apache-2.0
/*
 * Times commands against each other: one run of each in turn, so that what
 * disturbs the machine disturbs all of them alike.
 *
 *   race RUNS NAME COMMAND... [/ NAME COMMAND...]...
 *
 * Prints for each the median and the tenth and ninetieth percentile in
 * milliseconds, and the ratio of its median to the first one's.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>

extern char **environ;

#define MAX_CONTESTANTS 16

struct contestant {
	const char *name;
	char **command;
	double *times;
};

static double now_ms(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return (double)time.tv_sec * 1e3 + (double)time.tv_nsec / 1e6;
}

static double run(const struct contestant *contestant)
{
	static posix_spawn_file_actions_t quiet;
	static int ready;
	double start;
	int status;
	pid_t pid;

	if (!ready++) {
		posix_spawn_file_actions_init(&quiet);
		posix_spawn_file_actions_addopen(&quiet, 1, "/dev/null",
						 O_WRONLY, 0);
	}
	start = now_ms();
	if (posix_spawnp(&pid, contestant->command[0], &quiet, NULL,
			 contestant->command, environ) ||
	    waitpid(pid, &status, 0) != pid || status != 0) {
		fprintf(stderr, "race: %s: failed\n", contestant->name);
		exit(1);
	}
	return now_ms() - start;
}

static int by_size(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return x < y ? -1 : x > y;
}

static int read_contestants(char **words, struct contestant *contestants)
{
	int count = 0;

	while (*words && count < MAX_CONTESTANTS) {
		contestants[count].name = words[0];
		contestants[count++].command = words + 1;
		while (*words && strcmp(*words, "/") != 0)
			words++;
		if (*words)
			*words++ = NULL;
	}
	return count;
}

int main(int argc, char **argv)
{
	struct contestant contestants[MAX_CONTESTANTS];
	int runs = argc > 3 ? atoi(argv[1]) : 0, warm_up = 2, count, i, turn;

	if (runs < 1)
		return 2;
	count = read_contestants(argv + 2, contestants);
	for (i = 0; i < count; i++)
		contestants[i].times = calloc((size_t)runs, sizeof(double));
	for (turn = -warm_up; turn < runs; turn++)
		for (i = 0; i < count; i++) {
			double time = run(&contestants[i]);

			if (turn >= 0)
				contestants[i].times[turn] = time;
		}
	printf("%-34s %9s %9s %9s %7s\n", "", "median ms", "p10", "p90",
	       "ratio");
	for (i = 0; i < count; i++) {
		double *times = contestants[i].times;

		qsort(times, (size_t)runs, sizeof(*times), by_size);
		printf("%-34s %9.2f %9.2f %9.2f %7.2f\n", contestants[i].name,
		       times[runs / 2], times[runs / 10], times[runs * 9 / 10],
		       times[runs / 2] / contestants[0].times[runs / 2]);
	}
	return 0;
}
