/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <linux/filter.h>

enum load_outcome {
	LOADED,
	PRIVS_REFUSED,	/* detail: errno */
	FILTER_REFUSED, /* detail: errno */
	THREAD_DIFFERS, /* detail: the thread; with SECCOMP_FILTER_FLAG_TSYNC */
	NOT_THE_KERNEL, /* another filter answers instead */
};

/*
 * Sets no_new_privs and loads the filter, for the calling thread or, with TSYNC
 * in @flags, for all threads. The result is certain whatever filter is already
 * in force. If it is LOADED, no call has yet been made under the filter.
 * @mark: a fourth argument for seccomp(2), which the kernel ignores
 */
enum load_outcome load_for_certain(struct sock_fprog *program,
				   unsigned long flags, unsigned long mark,
				   long *detail);
