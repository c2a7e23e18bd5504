/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SUPERVISE_REFUSAL_H
#define SUPERVISE_REFUSAL_H

/* Why a request of Java is refused. Like set_failure() these return -1. */

#include "failure.h"

int refuse_request(struct failure *why, const char *text);

/* The reason is the text for @err (-errno). */
int refuse_for(struct failure *why, const char *what, int err);

#endif
