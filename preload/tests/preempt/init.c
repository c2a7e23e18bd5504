// SPDX-License-Identifier: Apache-2.0
/*
 * The first process of a machine with one processor and a kernel with PREEMPT_RT
 * (scripts/preempt-check): it makes the kernel interrupt the bpf source in the
 * middle of its work, and prints what was counted and what was reported as lost.
 */
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mount.h>
#include <sys/reboot.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "bpf/recording.h"

#define PRIORITY      50
#define CALLS	      20000
#define SECONDS	      30
#define SHORTEST_WAIT 50000 /* nanoseconds, as the other two */
#define STEP	      7919
#define LONGEST_STEP  900000

static struct failure why;

static void end(const char *what)
{
	printf("preempt: failed: %s: %s\n", what, why.text);
	fflush(stdout);
	reboot(RB_POWER_OFF);
	exit(EXIT_FAILURE);
}

static struct recording *begin(void)
{
	struct recording *recording = begin_recording(&why);

	if (!recording)
		end("begin_recording");
	recording_orders(recording)->base = -1;
	return recording;
}

/* From now on, this process interrupts all that have no priority. */
static void take_priority(void)
{
	struct sched_param param = { .sched_priority = PRIORITY };

	if (sched_setscheduler(0, SCHED_FIFO, &param))
		end("sched_setscheduler");
}

/* Ends its wait at another point of the others' work each time. */
static void wait_a_little(unsigned i)
{
	struct timespec time = { .tv_nsec = SHORTEST_WAIT +
					    i * STEP % LONGEST_STEP };

	clock_nanosleep(CLOCK_MONOTONIC, 0, &time, NULL);
}

static void fork_once(void)
{
	pid_t pid = fork();

	if (pid == 0)
		_exit(0);
	waitpid(pid, NULL, 0);
}

static void stop(pid_t pid)
{
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
}

/*
 * While one process looks for storage, another that has priority makes calls, for
 * which storage is looked up too.
 */
static void interrupt_look_ups(void)
{
	struct recording *recording = begin();
	uint64_t counted, misses;
	pid_t other, caller, looking;
	int gate[2];
	char go;

	if (pipe(gate))
		end("pipe");
	other = fork();
	if (other == 0)
		for (;;)
			pause();
	caller = fork();
	if (caller == 0) {
		unsigned i;

		take_priority();
		if (read(gate[0], &go, 1) != 1)
			_exit(1);
		for (i = 0; i < CALLS / 2; i++) {
			wait_a_little(i);
			getppid();
		}
		_exit(0); /* one call more */
	}
	sleep(1);
	if (record_process(recording, caller, NOT_CALLED, &why))
		end("record_process");
	looking = fork();
	if (looking == 0)
		for (;;)
			record_process(recording, other, NOT_CALLED, &why);
	if (write(gate[1], "", 1) != 1)
		end("write");
	waitpid(caller, NULL, 0);
	close_recording(recording);
	stop(looking);
	stop(other);
	if (sum_up_recording(recording, &counted, &misses, &why))
		end("sum_up_recording");
	printf("preempt: calls made %d counted %llu lost_calls %llu misses %llu\n",
	       CALLS + 1, (unsigned long long)counted,
	       (unsigned long long)recording_tally(recording)->lost_calls,
	       (unsigned long long)misses);
	end_recording(recording);
}

/* While one process forks, another that has priority forks too. */
static void interrupt_forks(void)
{
	struct recording *recording = begin();
	uint64_t counted, misses;
	pid_t forking, interrupting;

	if (record_tree(recording, getpid(), &why))
		end("record_tree");
	forking = fork();
	if (forking == 0)
		for (;;)
			fork_once();
	interrupting = fork();
	if (interrupting == 0) {
		unsigned i;

		take_priority();
		for (i = 0;; i++) {
			wait_a_little(i);
			fork_once();
		}
	}
	sleep(SECONDS);
	stop(interrupting);
	stop(forking);
	close_recording(recording);
	if (sum_up_recording(recording, &counted, &misses, &why))
		end("sum_up_recording");
	printf("preempt: forks counted %llu misses %llu\n",
	       (unsigned long long)counted, (unsigned long long)misses);
}

int main(void)
{
	mkdir("/sys", S_IRWXU);
	mkdir("/proc", S_IRWXU);
	mkdir("/dev", S_IRWXU);
	if (mount("sys", "/sys", "sysfs", 0, NULL) ||
	    mount("proc", "/proc", "proc", 0, NULL) ||
	    mount("dev", "/dev", "devtmpfs", 0, NULL))
		end("mount");
	interrupt_look_ups();
	interrupt_forks();
	fflush(stdout);
	reboot(RB_POWER_OFF);
	return EXIT_SUCCESS;
}
