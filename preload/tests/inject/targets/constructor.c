// SPDX-License-Identifier: Apache-2.0
/*
 * A library whose constructor does what the variable CONSTRUCTOR says. Used by
 * empty.c. With "thread", the thread calls getppid once the program runs.
 */
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

int program_runs;
int thread_is_awaited;
int thread_is_done;
static int thread_has_begun;

static void *wait_for_program(void *unused)
{
	__atomic_store_n(&thread_has_begun, 1, __ATOMIC_RELEASE);
	while (!__atomic_load_n(&program_runs, __ATOMIC_ACQUIRE))
		;
	syscall(SYS_getppid);
	__atomic_store_n(&thread_is_done, 1, __ATOMIC_RELEASE);
	for (;;)
		;
	return unused;
}

static void *sleep_a_while(void *unused)
{
	struct timespec time = { .tv_sec = 1 };

	syscall(SYS_nanosleep, &time, NULL);
	__atomic_store_n(&thread_is_done, 1, __ATOMIC_RELEASE);
	for (;;)
		;
	return unused;
}

static void outlive(void)
{
	usleep(300000);
	if (write(1, "child lives\n", 12) < 0)
		_exit(1);
	_exit(0);
}

static void *fork_in_thread(void *unused)
{
	if (fork() == 0)
		outlive();
	return unused;
}

static void *short_thread(void *unused)
{
	return unused;
}

/* Its memory has the filter, and its descriptors the listener. */
static void open_tracer(void)
{
	char line[64], path[64];
	FILE *status = fopen("/proc/self/status", "r");
	int tracer = 0;

	while (status && !tracer && fgets(line, sizeof(line), status))
		sscanf(line, "TracerPid: %d", &tracer);
	snprintf(path, sizeof(path), "/proc/%d/mem", tracer);
	puts(!tracer		       ? "no tracer"
	     : open(path, O_RDWR) >= 0 ? "the tracer is open"
				       : "the tracer is closed");
	fflush(stdout);
}

static void on_signal(int signal)
{
}

__attribute__((constructor)) static void construct(void)
{
	const char *what = getenv("CONSTRUCTOR");
	pthread_t thread;

	if (!what)
		return;
	if (strcmp(what, "thread") == 0) {
		thread_is_awaited = 1;
		pthread_create(&thread, NULL, wait_for_program, NULL);
		/* The filter need not allow how a thread begins. */
		while (!__atomic_load_n(&thread_has_begun, __ATOMIC_ACQUIRE))
			;
	} else if (strcmp(what, "sleep") == 0) {
		thread_is_awaited = 1;
		pthread_create(&thread, NULL, sleep_a_while, NULL);
		usleep(50000);
	} else if (strcmp(what, "threads") == 0) {
		for (int i = 0; i < 8; i++) {
			pthread_create(&thread, NULL, short_thread, NULL);
			if (i % 2)
				pthread_join(thread, NULL);
		}
	} else if (strcmp(what, "fork") == 0) {
		if (fork() == 0)
			outlive();
	} else if (strcmp(what, "vfork") == 0) {
		if (vfork() == 0)
			_exit(0);
	} else if (strcmp(what, "clone") == 0) {
		if (syscall(SYS_clone, 0L, 0L, 0L, 0L, 0L) == 0)
			outlive();
	} else if (strcmp(what, "thread-fork") == 0) {
		pthread_create(&thread, NULL, fork_in_thread, NULL);
		pthread_join(thread, NULL);
	} else if (strcmp(what, "exec") == 0) {
		setenv("CONSTRUCTOR", "", 1);
		execl("/proc/self/exe", "again", NULL);
	} else if (strcmp(what, "signals") == 0) {
		signal(SIGUSR1, on_signal);
		for (int i = 0; i < 3; i++)
			raise(SIGUSR1);
	} else if (strcmp(what, "tracer") == 0) {
		open_tracer();
	} else if (strcmp(what, "exit") == 0) {
		_exit(5);
	}
}
