/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <stdbool.h>
#include <stdio.h>

/* Whether /proc/PID/cgroup puts the process into the unit of systemd. */
bool names_unit(FILE *groups, const char *unit);

/*
 * Whether process @pid, which has connected, belongs to the unit. It may have
 * ended since, and another process may have its number. Its pidfd shows whether
 * that is so (Linux 6.5).
 */
bool comes_from_unit(int socket, int pid, const char *unit);
