/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The program of the kill test. It reports its progress through a pipe.
 *
 *   target probe FD SPIN
 *	'R' before a call that its filter forbids, then 'U' if the call got
 *	through, or 'E' if it failed.
 *   target first FD SPIN
 *	the same, but the forbidden call is its first one: no 'R'.
 *   target calls FD SPIN
 *	makes calls that nothing else here makes, and writes the index of each
 *	after it (see calls.h). The second half is made by a child, which may
 *	outlive its parent.
 *
 * SPIN turns of a loop come before the first call, and between calls. With BARE
 * defined there is no C library, so nothing is called before main.
 */
#include <signal.h>
#include <stdlib.h>
#include <sys/syscall.h>

#include "../raw_call.h"
#include "calls.h"

static long parse(const char *text)
{
	long number = 0;

	while (*text)
		number = number * 10 + *text++ - '0';
	return number;
}

static void spin(long turns)
{
	volatile long i;

	for (i = 0; i < turns; i++)
		;
}

/* Tries again after a signal, so that no report is lost. */
static void report(long fd, char what)
{
	while (raw_call(SYS_write, fd, (long)&what, 1) == -4)
		;
}

__attribute__((noreturn)) static void leave(void)
{
	raw_call(SYS_exit_group, 0, 0, 0);
	/* If no call works any more, this ends the process. */
	for (;;)
		__builtin_trap();
}

static void probe(long fd)
{
	report(fd, raw_call(FORBIDDEN_CALL, 0, 0, 0) >= 0 ? 'U' : 'E');
}

static void make_calls(long fd, long turns, int from, int to)
{
	static const long calls[] = { KNOWN_CALLS };

	for (int i = from; i < to; i++) {
		raw_call(calls[i], -1, -1, -1);
		report(fd, (char)(FIRST_REPORT + i));
		spin(turns);
	}
}

/* Long after the parent has ended, if that does not wait. */
static void make_late_calls(long fd, long turns)
{
	long time[2] = { 0, turns * 500 };

	raw_call(SYS_nanosleep, (long)time, 0, 0);
	make_calls(fd, turns, KNOWN_COUNT / 2, KNOWN_COUNT);
}

static void make_all_calls(long fd, long turns)
{
	long pid;

	make_calls(fd, turns, 0, KNOWN_COUNT / 2);
	pid = raw_call(SYS_clone, SIGCHLD, 0, 0);
	if (pid < 0)
		return;
	if (pid == 0)
		make_late_calls(fd, turns);
	else if (turns % 2)
		raw_call(SYS_wait4, pid, 0, 0);
}

__attribute__((noreturn)) static void run(char **argv)
{
	long fd = parse(argv[2]), turns = parse(argv[3]);

	spin(turns);
	if (argv[1][0] == 'p')
		report(fd, 'R');
	if (argv[1][0] == 'c')
		make_all_calls(fd, turns);
	else
		probe(fd);
	leave();
}

#ifdef BARE
START(begin);

__attribute__((noreturn, used)) void begin(long *stack)
{
	run((char **)(stack + 1));
}
#else
int main(int argc, char **argv)
{
	if (argc != 4)
		return 2;
	run(argv);
}
#endif
