// SPDX-License-Identifier: Apache-2.0
/*
 * The first process of a machine with one processor (scripts/vm preempt): it
 * makes the kernel interrupt the bpf source in the middle of its work, and prints
 * what was counted and what was reported as lost.
 */
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
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
#define CALLERS	      6
#define CALLS	      20000
#define FORKS	      3000
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

/* @copied: with as many copies of the programs as this kernel needs. */
static struct recording *begin(bool copied)
{
	struct recording *recording = load_recording(
		copied ? kernel_release() : 0, FOUND, false, &why);

	if (!recording || begin_recording(recording, &why))
		end("begin_recording");
	recording_orders(recording)->base = -1;
	return recording;
}

/* From now on, this process interrupts all that have a lower priority or none. */
static void take_priority(int priority)
{
	struct sched_param param = { .sched_priority = priority };

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

/* Prints what has become of the calls, and ends the recording. */
static void print_calls(struct recording *recording, const char *name,
			bool copied, int made)
{
	uint64_t counted, misses;

	if (sum_up_recording(recording, &counted, &misses, &why))
		end("sum_up_recording");
	printf("preempt: %s copied %d made %d counted %llu lost %llu misses "
	       "%llu\n",
	       name, copied, made, (unsigned long long)counted,
	       (unsigned long long)recording_tally(recording)->lost_calls,
	       (unsigned long long)misses);
	end_recording(recording);
}

/* While one looks for storage, another with priority makes calls, too. */
static void interrupt_look_ups(bool copied)
{
	struct recording *recording = begin(copied);
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
		take_priority(PRIORITY);
		if (read(gate[0], &go, 1) != 1)
			_exit(1);
		for (unsigned i = 0; i < CALLS / 2; i++) {
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
	print_calls(recording, "calls", copied, CALLS + 1);
}

static void make_calls(int priority)
{
	if (priority)
		take_priority(priority);
	for (unsigned int i = 0; i < CALLS / 2; i++) {
		if (priority)
			wait_a_little(i * (unsigned int)priority);
		else
			getuid();
		getppid();
	}
	_exit(0); /* one call more */
}

/*
 * More processes than processors make calls. With priorities, each interrupts
 * those before it, so that many are interrupted at the same time.
 */
static void compete(bool copied, bool priorities)
{
	struct recording *recording = begin(copied);
	pid_t callers[CALLERS];
	int gate[2];
	char go;

	if (pipe(gate))
		end("pipe");
	for (int i = 0; i < CALLERS; i++) {
		callers[i] = fork();
		if (callers[i])
			continue;
		if (read(gate[0], &go, 1) == 1)
			make_calls(priorities ? i + 1 : 0);
		_exit(1);
	}
	sleep(1);
	for (int i = 0; i < CALLERS; i++)
		if (record_process(recording, callers[i], NOT_CALLED, &why))
			end("record_process");
	for (int i = 0; i < CALLERS; i++)
		if (write(gate[1], "", 1) != 1)
			end("write");
	for (int i = 0; i < CALLERS; i++)
		waitpid(callers[i], NULL, 0);
	close_recording(recording);
	/* A process without priority makes no call to get it. */
	print_calls(recording, priorities ? "priorities" : "equals", copied,
		    CALLERS * (CALLS + 1 + priorities));
}

static void fork_often(bool priority)
{
	if (priority)
		take_priority(PRIORITY);
	for (unsigned int i = 0; i < FORKS; i++) {
		if (priority)
			wait_a_little(i);
		fork_once();
	}
	_exit(0);
}

/* While one process forks, another that has priority forks too. */
static void interrupt_forks(bool copied)
{
	struct recording *recording = begin(copied);
	const struct tally *tally = recording_tally(recording);
	uint64_t counted, misses;
	pid_t pids[2];

	if (record_tree(recording, getpid(), &why))
		end("record_tree");
	for (int i = 0; i < 2; i++) {
		pids[i] = fork();
		if (pids[i] == 0)
			fork_often(i == 1);
	}
	for (int i = 0; i < 2; i++)
		waitpid(pids[i], NULL, 0);
	close_recording(recording);
	if (sum_up_recording(recording, &counted, &misses, &why))
		end("sum_up_recording");
	printf("preempt: forks copied %d made %d counted %u lost %llu misses "
	       "%llu alive %d\n",
	       copied, 3 + 2 * FORKS, tally->processes,
	       (unsigned long long)(tally->lost_tasks + tally->lost_calls),
	       (unsigned long long)misses, tally->alive);
	end_recording(recording);
}

/* The kernel verifies other parts of the programs for each of these. */
static void load_all(void)
{
	enum members members;

	for (members = STARTED; members <= EACH_CGROUP; members++)
		for (int files = 0; files <= 1; files++) {
			struct recording *recording = load_recording(
				kernel_release(), members, files, &why);

			if (!recording)
				end("load_recording");
			end_recording(recording);
		}
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
	load_all();
	for (int copied = 0; copied <= (kernel_release() >= 702); copied++) {
		interrupt_look_ups(copied);
		compete(copied, false);
		compete(copied, true);
		interrupt_forks(copied);
	}
	fflush(stdout);
	reboot(RB_POWER_OFF);
	return EXIT_SUCCESS;
}
