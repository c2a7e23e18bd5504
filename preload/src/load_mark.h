/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* libsandbox.so's fourth argument of seccomp(2), by which a tracer knows it. */
#define LOAD_MARK 0x73616e64626f78UL

/*
 * An additional second argument of the close(2) that the loader makes the
 * program call if its filter has a listener. That call is not the program's, so
 * the filter asks about it (EvidenceGuard in Java), and the loader answers.
 */
#define CLOSE_MARK 0x5b0c0de5UL
