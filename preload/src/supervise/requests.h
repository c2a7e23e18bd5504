/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SUPERVISE_REQUESTS_H
#define SUPERVISE_REQUESTS_H

#include "supervise/state.h"

/* Answers one request. Returns false when Java has closed its end. */
bool read_request(struct supervisor *self);

#endif
