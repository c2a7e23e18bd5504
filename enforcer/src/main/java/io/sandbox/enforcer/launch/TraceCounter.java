// SPDX-License-Identifier: Apache-2.0
package io.sandbox.enforcer.launch;

import java.util.Locale;

/**
 * What the programs in the kernel count besides calls. {@code preload/src/exec/counters.h} has the
 * same names, and {@code struct tally} in {@code preload/src/bpf/shared.h} says what each means.
 */
public enum TraceCounter {
    ALIVE,
    MARKED,
    PROCESSES,
    /** How many different calls there are. */
    DISTINCT,
    ENTERED,
    PROGRAMS,
    PATHS,
    LOST_TASKS,
    LOST_CALLS,
    LOST_OTHERS,
    ORPHANS,
    DEEP,
    UNNAMED,
    FILTERS,
    LISTENERS,
    UNWATCHED,
    ANSWERED,
    NO_CALL_COPY,
    NO_TASK_COPY,
    TARGET_ENDED,
    LOST_USES,
    FAILED,
    /** Whether capabilities are recorded: {@code enum capability_source} in C. */
    CAPABILITIES,
    /** Whether operations of io_uring are. */
    OPERATIONS,
    CALLS,
    /** How often the kernel did not run a program at most. */
    MISSES;

    private final String word = name().toLowerCase(Locale.ROOT);

    /** Its name in C. */
    String word() {
        return word;
    }
}
