// SPDX-License-Identifier: Apache-2.0
/*
 * Prints how calls that wait end when a signal comes: "restart" with a handler
 * that has SA_RESTART, "interrupt" with one that has not. With the others
 * signals come all the time while it makes calls that do not wait: "storm" two
 * calls in turn, many times; "generic" these by one instruction; "once" each of
 * the numbers 1000 to 1999, of which there is no call, one time.
 */
#include <errno.h>
#include <linux/futex.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

/*
 * In microseconds. A question takes 40 us where the machine is slow, and the
 * handler returns by a call too: with 100 the program would not get on.
 */
#define INTERVAL 250

static int fds[2];

/* Lets a read that is made again come to an end. */
static void handle(int signal)
{
	(void)signal;
	if (fds[1] && write(fds[1], "x", 1) != 1)
		_exit(1);
}

static void set_timer(long first, long interval)
{
	struct itimerval time = { { 0, interval }, { 0, first } };

	setitimer(ITIMER_REAL, &time, NULL);
}

/*
 * Without this, a signal can make exit_group fail under notify, and glibc then
 * ends the program by an instruction that is not allowed.
 */
static int stop_timer(void)
{
	static const struct itimerval off;

	while (setitimer(ITIMER_REAL, &off, NULL))
		;
	return 0;
}

static void call_each_once(void)
{
#ifdef __x86_64__
	/* endbr64: what is before it does not belong to the first call. */
	__asm__ volatile("endbr64\n"
			 ".set number, 1000\n"
			 ".rept 1000\n"
			 "mov $number, %%eax\n"
			 "syscall\n"
			 ".set number, number + 1\n"
			 ".endr\n" ::
				 : "rax", "rcx", "r11", "memory");
#endif
}

static void tell(const char *call, long result)
{
	printf("%s %ld %s\n", call, result, result < 0 ? strerror(errno) : "");
}

int main(int argc, char **argv)
{
	const char *how = argc > 1 ? argv[1] : "";
	struct sigaction action = {
		.sa_handler = handle,
		.sa_flags = strcmp(how, "restart") == 0 ? SA_RESTART : 0,
	};
	struct timespec second = { 1, 0 };
	int word = 0;
	char byte;
	long i;

	sigaction(SIGALRM, &action, NULL);
	if (strcmp(how, "storm") == 0) {
		set_timer(INTERVAL, INTERVAL);
		/* In turn, each by code of its own. */
		for (i = 0; i < 15000; i++) {
			getppid();
			getuid();
		}
		return stop_timer();
	}
	if (strcmp(how, "generic") == 0) {
		set_timer(INTERVAL, INTERVAL);
		for (i = 0; i < 15000; i++) {
			syscall(SYS_getppid);
			syscall(SYS_getuid);
		}
		return stop_timer();
	}
	if (strcmp(how, "once") == 0) {
		set_timer(INTERVAL, INTERVAL);
		call_each_once();
		return stop_timer();
	}
	set_timer(50000, 0);
	tell("poll", poll(NULL, 0, 1000));
	set_timer(50000, 0);
	tell("nanosleep", nanosleep(&second, NULL));
	set_timer(50000, 0);
	tell("futex", syscall(SYS_futex, &word, FUTEX_WAIT, 0, &second, 0, 0));
	if (pipe(fds))
		return 1;
	set_timer(50000, 0);
	tell("read", read(fds[0], &byte, 1));
	return 0;
}
