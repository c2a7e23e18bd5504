/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EARLY_THREAD_H
#define EARLY_THREAD_H

/* The result of getppid in the constructor's thread: 0 or errno. */
int early_thread_result(void);

#endif
