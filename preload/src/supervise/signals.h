/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <sys/signalfd.h>

#include "supervise/state.h"

/* Handles a signal that was sent to us. */
void handle_signal(struct supervisor *self,
		   const struct signalfd_siginfo *info);

/* Java got @signal too: whoever sent it means all processes. */
void note_signal_of_java(struct user_signals *self, int signal);

/* Milliseconds until pass_held_signal() is due, -1 if it is not. */
int held_signal_timeout(const struct user_signals *self);

/* Passes on the signal that is held back, once it is time. */
void pass_held_signal(struct supervisor *self);
