/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SUPERVISE_RUN_REQUESTS_H
#define SUPERVISE_RUN_REQUESTS_H

#include "supervise/state.h"

/* The requests that prepare the program; the last has no word. */
extern const struct request_handler run_requests[];

/* Only a process that becomes the program can be filtered from "here". */
bool parse_from(const char *word, enum filter_start *from);

#endif
