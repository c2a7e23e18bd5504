package io.sandbox.recorder.evidence;

import java.util.HashSet;
import java.util.Set;

/** What filters that a program loads itself keep from a recording (seccomp(2)). */
public final class OwnFilters {
    private OwnFilters() {}

    /**
     * Whether calls may have been made that left no audit record: a filter of the program's own
     * that hands calls to a tracer has precedence over one that logs. Audit records do not show
     * what a prctl was for, so a program that traces and makes one is among them.
     */
    public static boolean mayHideCalls(Run run) {
        Set<String> names = new HashSet<>();
        for (ObservedCall call : run.calls()) {
            names.add(call.displayName());
        }
        boolean byRecords = run.source().equals("audit") || run.source().equals("kmsg");
        return byRecords
                && names.contains("ptrace")
                && (names.contains("seccomp") || names.contains("prctl"));
    }
}
