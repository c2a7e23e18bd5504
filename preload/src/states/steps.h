/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "process/program.h"

/*
 * What a state of a series does to the process that becomes the program. Each step is
 * a word and perhaps a value:
 *
 *   open FD PATH       that descriptor is this file, which is made if need be
 *   broken FD          a pipe that nobody reads
 *   close FD
 *   detach             no terminal, a process group of its own, and no input
 *   bare               no environment
 *   set NAME=VALUE     in the environment
 *   limit RESOURCE N   as setrlimit(2) has them: 7 is for descriptors, 9 for bytes of
 *                      address space
 *   processor          only one of the processors
 *   user UID           another user, without capabilities
 *   offline            a network that has only the loopback device
 *   uptime SECONDS     the machine has run for so much longer (time_namespaces(7))
 *   clock MICROS MICROS
 *                      so long after its start, its time of day goes back by a day, and is
 *                      right again later (clock/clock.c)
 *   lack CAPABILITIES  without these, as a number in hex
 */

/*
 * Takes @steps, texts that end with a zero byte each, up to @end. Changes @execution.
 * Words that it does not know are for others (beside.h). Returns 0 or -errno.
 */
int take_steps(const char *steps, const char *end, struct execution *execution);
