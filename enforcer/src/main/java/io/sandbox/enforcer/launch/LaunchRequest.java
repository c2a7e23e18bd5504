// SPDX-License-Identifier: Apache-2.0
package io.sandbox.enforcer.launch;

import java.util.Locale;
import java.util.Objects;

/**
 * What {@code sandbox-exec} is asked to start.
 *
 * @param wordCount how many of our last arguments are the program and its own arguments
 * @param output where the program's standard output goes
 * @param from when in the program's life the filter starts, and what loads it
 * @param refuses whether a call that the filter does not allow is refused, or only reported
 * @param filter in the form that {@code sandbox-exec} takes: a list for the library, BPF for the
 *     loader, or nothing to log every call
 * @param variable for the program's environment, as NAME=VALUE without blanks; empty for none
 */
public record LaunchRequest(
        int wordCount,
        Output output,
        FilterStart from,
        boolean refuses,
        byte[] filter,
        String variable) {
    public enum Output {
        STDOUT,
        STDERR,
        /** To a file until the run has ended, to be compared with the output of others. */
        KEEP;

        String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    public LaunchRequest {
        Objects.requireNonNull(output, "output");
        Objects.requireNonNull(from, "from");
        Objects.requireNonNull(filter, "filter");
        Objects.requireNonNull(variable, "variable");
    }

    public LaunchRequest(
            int wordCount, Output output, FilterStart from, boolean refuses, byte[] filter) {
        this(wordCount, output, from, refuses, filter, "");
    }

    /** This request, with a variable for the program. */
    public LaunchRequest with(String newVariable) {
        return new LaunchRequest(wordCount, output, from, refuses, filter, newVariable);
    }

    /**
     * The words that each request to start a program has.
     *
     * @param entryMark as for {@link SandboxExec#prepare}
     */
    String words(int entryMark) {
        String action = refuses ? "kill" : "log";
        String words =
                wordCount + " " + output.word() + " " + from + " " + action + " " + entryMark;
        return variable.isEmpty() ? words : words + " " + variable;
    }
}
