/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PROCESS_PROCESS_LIMIT_H
#define PROCESS_PROCESS_LIMIT_H

/*
 * Which setting forbids another process or thread, and what to do, as the end
 * of a sentence. To be asked just after that has failed with EAGAIN.
 */
const char *lack_of_processes(void);

#endif
