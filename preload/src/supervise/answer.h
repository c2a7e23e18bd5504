/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* What Java is told about its requests. Like set_failure(), refusals return -1. */

#include "exec/java.h"
#include "failure.h"

int refuse_request(struct failure *why, const char *text);

/* The reason is the text for @err (-errno). */
int refuse_for(struct failure *why, const char *what, int err);

/* Returns 0. */
int answer_ok(const struct java *java);

void tell_failure(const struct java *java, const struct failure *why);
