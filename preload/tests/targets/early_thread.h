/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EARLY_THREAD_H
#define EARLY_THREAD_H

/* What getppid gave in the thread that a constructor started: 0 or errno. */
int early_thread_result(void);

#endif
