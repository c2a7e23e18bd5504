/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <linux/seccomp.h>
#include <stdbool.h>

/* Whether a call may load a filter, or enter seccomp's strict mode. */
bool may_load_filter(const struct seccomp_notif *asked);

/*
 * Whether such a call must not be made, because the program would not get its
 * protection beside a filter of ours. Our question has precedence over a filter
 * that hands calls to a tracer, and the kernel refuses a second listener and
 * strict mode. A filter that cannot be read counts as one of these. The program
 * can make this wait for ever, since it can withhold a page of its memory.
 */
bool is_load_in_vain(const struct seccomp_notif *asked);
