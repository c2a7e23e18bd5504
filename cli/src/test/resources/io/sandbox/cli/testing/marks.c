// SPDX-License-Identifier: Apache-2.0
/*
 * Marks tests as docs/tests.md describes it, and makes calls in them. Each
 * argument is a step: +NAME begins a test, - ends it; "folder", "child" and
 * "thread" make calls there; "parallel" runs two tests, and makes a call in
 * neither of their threads while both are open.
 */
#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define NAME_PART 0
#define BEGIN	  1
#define END	  2

static uint64_t token;
static pthread_barrier_t both_open, call_made;

static void mark(uint64_t kind, uint64_t data)
{
	lseek(-1, (off_t)((1ULL << 16 | token) << 46 | kind << 40 | data),
	      SEEK_SET);
}

static void begin(const char *name, uint64_t number)
{
	uint64_t part;
	int i;

	while (*name) {
		for (part = 0, i = 0; i < 5; i++)
			part = part << 8 | (*name ? (uint8_t)*name++ : 0);
		mark(NAME_PART, part);
	}
	mark(BEGIN, number);
}

static void *ask_priority(void *unused)
{
	getpriority(PRIO_PROCESS, 0);
	return unused;
}

static void in_thread(void)
{
	pthread_t thread;

	pthread_create(&thread, NULL, ask_priority, NULL);
	pthread_join(thread, NULL);
}

static void *test(void *name)
{
	begin(name, (uint64_t)pthread_self() & 0xffffffffff);
	pthread_barrier_wait(&both_open);
	pthread_barrier_wait(&call_made);
	mark(END, (uint64_t)pthread_self() & 0xffffffffff);
	return NULL;
}

static void in_parallel(void)
{
	pthread_t first, second;

	pthread_barrier_init(&both_open, NULL, 3);
	pthread_barrier_init(&call_made, NULL, 3);
	pthread_create(&first, NULL, test, "first");
	pthread_create(&second, NULL, test, "second");
	pthread_barrier_wait(&both_open);
	getpriority(PRIO_PROCESS, 0);
	pthread_barrier_wait(&call_made);
	pthread_join(first, NULL);
	pthread_join(second, NULL);
}

int main(int argc, char **argv)
{
	const char *told = getenv("SANDBOX_TESTS");
	int i;

	if (!told)
		return 3;
	token = strtoull(told, NULL, 10);
	for (i = 1; i < argc; i++) {
		if (argv[i][0] == '+')
			begin(argv[i] + 1, 1);
		else if (strcmp(argv[i], "-") == 0)
			mark(END, 1);
		else if (strcmp(argv[i], "folder") == 0)
			mkdir("made", 0700);
		else if (strcmp(argv[i], "thread") == 0)
			in_thread();
		else if (strcmp(argv[i], "parallel") == 0)
			in_parallel();
		else if (strcmp(argv[i], "child") == 0) {
			if (fork() == 0)
				_exit(getppid() == 0);
			wait(NULL);
		}
	}
	return 0;
}
