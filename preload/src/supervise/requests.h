/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "supervise/state.h"

/* Answers one request. Returns false when Java has closed its end. */
bool read_request(struct supervisor *self);
