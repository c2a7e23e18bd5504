/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <stdint.h>

/* Of CLOCK_MONOTONIC. */
int64_t now_millis(void);
