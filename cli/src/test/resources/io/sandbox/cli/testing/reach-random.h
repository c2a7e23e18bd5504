/* SPDX-License-Identifier: Apache-2.0 */
/* Before each part of a random program of scripts/bench/reach. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <grp.h>
#include <sched.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/file.h>
#include <sys/inotify.h>
#include <sys/mman.h>
#include <sys/personality.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/timerfd.h>
#include <sys/times.h>
#include <sys/utsname.h>
#include <unistd.h>
struct ops {
	long number;
	long (*first)(void);
	struct ops *more;
	long (*last)(void);
};
