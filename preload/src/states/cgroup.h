/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * A cgroup of the program's own, in which the kernel kills when its memory runs out.
 * @err: 0, or why there is none
 */
struct cgroup {
	int err;
	char path[64];
};

/*
 * Makes one with so many MiB, and writes a struct cgroup to @report. Then waits for SIGTERM,
 * which is blocked, and until nobody is in the cgroup, and removes it. If the parent has
 * ended, who is in it is killed. Does not return. What an earlier one has left is removed.
 */
__attribute__((noreturn)) void keep_cgroup(long mib, int report);

/* Moves the calling process into it. Returns 0 or -errno. */
int join_cgroup(const struct cgroup *cgroup);
