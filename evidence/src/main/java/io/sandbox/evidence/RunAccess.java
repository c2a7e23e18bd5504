// SPDX-License-Identifier: Apache-2.0
package io.sandbox.evidence;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Which files the programs of a run used, and which addresses of sockets. This is evidence alone,
 * and no part of a list: another run may use others.
 *
 * @param leftOut how often something was used for which there was no room, or which could not be
 *     read
 * @param programs by executable, each once
 */
public record RunAccess(long leftOut, List<NamesOfProgram<Use>> programs) {
    /** For what; {@code preload/src/bpf/shared.h} has the same order. */
    public enum Use {
        READ("read"),
        WRITE("written"),
        CREATE("created"),
        /** Opened, but neither to be read nor to be written. */
        LOOK_UP("opened to be looked at"),
        EXECUTE("executed"),
        BIND("bound"),
        CONNECT("connected to");

        private final String done;

        Use(String done) {
            this.done = done;
        }

        public String done() {
            return done;
        }

        boolean isOfAddress() {
            return compareTo(BIND) >= 0;
        }
    }

    public RunAccess {
        programs = NamesOfProgram.merged(programs);
    }

    /** Of several runs together; empty if there is none. */
    static Optional<RunAccess> together(List<RunAccess> known) {
        return known.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        new RunAccess(
                                known.stream().mapToLong(RunAccess::leftOut).sum(),
                                known.stream().flatMap(each -> each.programs().stream()).toList()));
    }

    /** What any program used in this way, sorted. */
    public List<String> names(Use use) {
        return NamesOfProgram.all(programs, use);
    }

    /** How many there are, in one line. */
    public String sentence() {
        return "files: %s; addresses: %s".formatted(counts(false), counts(true))
                + (leftOut == 0 ? "" : "; left out: " + leftOut);
    }

    private String counts(boolean addresses) {
        String counts =
                Stream.of(Use.values())
                        .filter(use -> use.isOfAddress() == addresses && !names(use).isEmpty())
                        .map(use -> names(use).size() + " " + use.done())
                        .collect(Collectors.joining(", "));
        return counts.isEmpty() ? "none" : counts;
    }
}
