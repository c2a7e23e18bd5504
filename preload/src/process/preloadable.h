/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "failure.h"
#include "process/program.h"

/*
 * Checks that the dynamic linker will load our libraries into @program: a
 * dynamic glibc executable of their architecture that runs without
 * new privileges (ld.so(8), "secure-execution mode"). Returns 0, or -1 with
 * @why filled in.
 */
int check_preloadable(const struct program *program, struct failure *why);
