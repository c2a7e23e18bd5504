/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Ends with a signal that shows whether the test's filter is in force: SIGILL
 * if JUDGED_CALL fails with JUDGED_ERRNO, else another. This needs no further
 * call.
 *
 * With the environment variable OUTER=NUMBER:FIRST:ACTION (hexadecimal) it
 * loads a filter that gives this action to the call with this number and first
 * argument (ffffffff for any). It does so in .preinit_array, before the
 * constructors of all libraries. The static program does not do this.
 */
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

#include "../outer_filter.h"
#include "../raw_call.h"

__attribute__((noreturn)) static void tell(void)
{
	if (raw_call(JUDGED_CALL, 0, 0, 0) == -JUDGED_ERRNO)
		END_BY_SIGILL();
	END_BY_OTHER();
	for (;;)
		;
}

#ifdef STATIC

__attribute__((noreturn)) void _start(void)
{
	tell();
}

#else

static unsigned int hexadecimal(const char **text)
{
	unsigned int value = 0;

	for (; **text && **text != ':'; ++*text)
		value = value * 16 +
			(unsigned int)(**text <= '9' ? **text - '0'
						     : **text - 'a' + 10);
	if (**text)
		++*text;
	return value;
}

static void load_outer(const char *text)
{
	unsigned int number = hexadecimal(&text);
	unsigned int first = hexadecimal(&text), action = hexadecimal(&text);
	struct sock_filter filter[] = OUTER_FILTER(number, first, action);
	struct sock_fprog program = { 6, filter };

	raw_call(SYS_prctl, PR_SET_NO_NEW_PRIVS, 1, 0);
	if (raw_call(SYS_seccomp, SECCOMP_SET_MODE_FILTER,
		     action == SECCOMP_RET_USER_NOTIF
			     ? SECCOMP_FILTER_FLAG_NEW_LISTENER
			     : 0,
		     (long)&program) < 0)
		raw_call(SYS_exit_group, UNPREPARED, 0, 0);
}

static void before_libraries(int argc, char **argv, char **environment)
{
	for (; *environment; environment++) {
		const char *text = *environment;

		if (text[0] == 'O' && text[1] == 'U' && text[2] == 'T' &&
		    text[3] == 'E' && text[4] == 'R' && text[5] == '=')
			load_outer(text + 6);
	}
}

__attribute__((section(".preinit_array"),
	       used)) static void (*const preinit)(int, char **,
						   char **) = before_libraries;

int main(void)
{
	tell();
}

#endif
