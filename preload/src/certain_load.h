/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CERTAIN_LOAD_H
#define CERTAIN_LOAD_H

#include <linux/filter.h>

enum load_outcome {
	LOADED,
	PRIVS_REFUSED,	/* detail: errno */
	FILTER_REFUSED, /* detail: errno */
	THREAD_DIFFERS, /* detail: the thread; with SECCOMP_FILTER_FLAG_TSYNC */
	NOT_THE_KERNEL, /* another filter answers in its place */
};

/*
 * no_new_privs and the filter, on the calling thread, or on all with TSYNC in
 * @flags; for certain, whatever filter is in force already. After LOADED no
 * call has been made that the filter could judge.
 * @mark: a fourth argument of seccomp(2), which the kernel does not look at
 */
enum load_outcome load_for_certain(struct sock_fprog *program,
				   unsigned long flags, unsigned long mark,
				   long *detail);

#endif
