/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "supervise/state.h"

/*
 * Java sleeps while a program runs of which it hardly learns anything new. Otherwise it
 * keeps a processor busy, with compilation too, and then the program makes other calls
 * than it does alone, such as sched_yield. The kernel keeps the records meanwhile.
 */

/* From now on until the program ends. */
void begin_nap(struct supervisor *self);
void end_nap(struct supervisor *self);

/* For poll(2): what wakes Java before its time; or -1. */
int nap_descriptor(const struct supervisor *self);

/* Milliseconds until take_nap() has something to do; -1 if it has nothing. */
int nap_timeout(const struct supervisor *self);

/* Wakes Java, or has it sleep, if it is time. @asked: the descriptor is ready. */
void take_nap(struct supervisor *self, bool asked);
