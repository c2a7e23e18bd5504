// SPDX-License-Identifier: Apache-2.0
/*
 * The kernel has one time of day for all. This library, which is loaded into a program,
 * tells it another one: its clock goes back by a day, and later it is right again. What
 * waits in the kernel until a time of day then never waits for longer than it should.
 * It makes no system call: whom it asks, the vDSO answers.
 */
#include <dlfcn.h>
#include <stdlib.h>
#include <sys/time.h>
#include <time.h>

#define DAY   86400
#define SHOWN __attribute__((visibility("default")))

/* Since glibc 2.34 it has a newer version too, which older systems lack. */
#if defined(__x86_64__)
__asm__(".symver dlsym, dlsym@GLIBC_2.2.5");
#else
__asm__(".symver dlsym, dlsym@GLIBC_2.17");
#endif

/* Between these microseconds since 1970 it is a day late, in all processes. */
static long long back, right;

static int (*ask)(clockid_t clock, struct timespec *now);

/* Two numbers. Later, the program may write over its environment. */
__attribute__((constructor)) static void take_moments(void)
{
	const char *at = getenv("SANDBOX_CLOCK");

	for (; at && *at; at++) {
		if (*at == ' ') {
			back = right;
			right = 0;
		} else {
			right = right * 10 + (*at - '0');
		}
	}
}

/* Other libraries may ask before we are constructed. */
SHOWN int clock_gettime(clockid_t clock, struct timespec *now)
{
	long long micros;
	int result;

	if (!ask)
		*(void **)&ask = dlsym(RTLD_NEXT, "clock_gettime");
	result = ask(clock, now);
	if (result ||
	    (clock != CLOCK_REALTIME && clock != CLOCK_REALTIME_COARSE))
		return result;
	micros = now->tv_sec * 1000000LL + now->tv_nsec / 1000;
	if (back <= micros && micros < right)
		now->tv_sec -= DAY;
	return 0;
}

/*
 * Who wants only the zone may give no place for the time. By glibc's header that is not
 * so, and the compiler would take the test of it away; so it has another name here.
 */
SHOWN int tell_time(struct timeval *now, void *zone) __asm__("gettimeofday");

int tell_time(struct timeval *now, void *zone)
{
	struct timespec time;

	clock_gettime(CLOCK_REALTIME, &time);
	if (now)
		*now = (struct timeval){ time.tv_sec, time.tv_nsec / 1000 };
	if (zone)
		*(struct timezone *)zone = (struct timezone){ 0 };
	return 0;
}

SHOWN time_t time(time_t *now)
{
	struct timespec exact;

	clock_gettime(CLOCK_REALTIME_COARSE, &exact);
	if (now)
		*now = exact.tv_sec;
	return exact.tv_sec;
}
