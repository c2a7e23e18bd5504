/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <stdbool.h>

/*
 * Namespaces in which all file systems are copies: what is written there is kept in
 * memory, and is gone when nobody is in the namespaces any more. So nothing has to
 * be put back, however we end. The same holds of shared memory, semaphores and queues
 * of System V.
 * @users: needed without privilege; -1 if not needed, or if there is no copy
 * @mounts: -1 if there is no copy
 * @ipc: of System V
 * @root: its root folder, for those who look into it from outside
 */
struct copy {
	int users;
	int mounts;
	int ipc;
	int root;
};

#define COPY_INIT { .users = -1, .mounts = -1, .ipc = -1, .root = -1 }

/* Makes a new copy in place of the one before. @full: without any space left. */
int make_copy(struct copy *copy, bool full);

void drop_copy(struct copy *copy);

/* Moves the calling process into the copy, if there is one. Returns 0 or -errno. */
int enter_copy(const struct copy *copy);
