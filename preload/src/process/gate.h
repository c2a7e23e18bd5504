/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PROCESS_GATE_H
#define PROCESS_GATE_H

#include <stdbool.h>

/*
 * Writes a byte to the pipe @gate, so that the process that reads it goes on.
 * Returns false if that has ended; SIGPIPE does not end us then.
 */
bool open_gate(int gate);

#endif
