// SPDX-License-Identifier: Apache-2.0
package io.sandbox.evidence.testing;

import io.sandbox.evidence.CallEvidence;
import io.sandbox.evidence.Machine;
import io.sandbox.evidence.ProgramEvidence;
import io.sandbox.evidence.Recording;
import io.sandbox.evidence.Run;
import io.sandbox.evidence.RunFilter;
import io.sandbox.evidence.Verdict;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.function.BiFunction;

/**
 * Recordings as the tables of tests say them: {@code a at=2 lost: /bin/x read; /bin/y 9 // b: ...}.
 * A run has an id, then its properties, and programs with the names or numbers of calls, of which
 * {@code read=5} were made 5 times and others twice, and {@code kill(arg1==9)(arg1==15)} with these
 * arguments. Behind {@code :} may be nothing.
 *
 * <ul>
 *   <li>{@code at=MILLIS from=START by=SOURCE status=N command=A,B state=A}, of which each has a
 *       usual value
 *   <li>{@code lost}, {@code reserved=REASON}: it is incomplete, or complete with this reservation
 *   <li>{@code allowed=A,B}, {@code enforced=A,B}: the calls of its list
 *   <li>{@code marked}: what was called when a window opened is known, and has a {@code *}
 *   <li>{@code /bin/x@i386}, {@code /bin/x#aa}: another architecture, a build
 *   <li>{@code <runc}: a container runtime, and what it did before the program
 * </ul>
 */
public final class RunText {
    public static Recording recording(String text) {
        List<Run> runs = new ArrayList<>();
        for (String run : text.isEmpty() ? new String[0] : text.split(" // ")) {
            runs.add(run(run, runs.size()));
        }
        return new Recording(runs);
    }

    /** The runs of a text, each changed by its part of {@code used}; + separates the parts. */
    public static Recording recording(
            String runs, String used, BiFunction<Run, String, Run> change) {
        String[] words = used.split("\\+", -1);
        List<Run> all = new ArrayList<>();
        for (Run run : recording(runs).runs()) {
            String its = words[all.size()].strip();
            all.add(its.isEmpty() ? run : change.apply(run, its));
        }
        return new Recording(all);
    }

    private static Run run(String text, int index) {
        int colon = text.indexOf(':');
        String head = text.substring(0, colon) + " ";
        RunFilter filter = RunFilter.LOG_ALL;
        if (head.contains(" allowed=") || head.contains(" enforced=")) {
            boolean enforced = head.contains(" enforced=");
            filter =
                    new RunFilter(
                            enforced, words(value(head, enforced ? "enforced" : "allowed", "")));
        }
        Verdict verdict =
                new Verdict.Complete(words(value(head, "reserved", "").replace('_', ' ')));
        if (head.contains(" lost ")) {
            verdict = new Verdict.Incomplete(3, List.of("records were lost"));
        }
        List<ProgramEvidence> programs = new ArrayList<>();
        List<ProgramEvidence> runtime = new ArrayList<>();
        for (String program : text.substring(colon + 1).strip().split("; ")) {
            if (program.startsWith("<")) {
                runtime.add(program(program.substring(1), false));
            } else if (!program.isEmpty()) {
                programs.add(program(program, head.contains(" marked ")));
            }
        }
        return new Run(
                head.substring(0, head.indexOf(' ')),
                Instant.ofEpochMilli(Long.parseLong(value(head, "at", "" + index))),
                1,
                value(head, "by", "audit"),
                Optional.of(value(head, "from", "preload")).filter(from -> !from.isEmpty()),
                words(value(head, "command", "prog")),
                filter,
                OptionalInt.of(Integer.parseInt(value(head, "status", "0"))),
                verdict,
                new Machine("6.18", "x86_64", "0.1.0"),
                programs,
                runtime,
                value(head, "state", ""),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    private static String value(String head, String name, String usual) {
        int at = head.indexOf(" " + name + "=");
        int from = at + name.length() + 2;
        return at < 0 ? usual : head.substring(from, head.indexOf(' ', from));
    }

    private static List<String> words(String list) {
        return list.isEmpty() ? List.of() : List.of(list.split(","));
    }

    private static ProgramEvidence program(String text, boolean marked) {
        String[] words = text.split(" ");
        String[] name = words[0].split("[@#]");
        List<CallEvidence> calls = new ArrayList<>();
        for (int i = 1; i < words.length; i++) {
            String[] arguments = words[i].split("[()]+");
            String[] part = arguments[0].replace("*", "").split("=");
            String call = part[0];
            boolean number = call.matches("-?[0-9]+");
            long before = words[i].endsWith("*") ? 1 : 0;
            CallEvidence evidence =
                    new CallEvidence(
                            number ? Integer.parseInt(call) : Evidence.number(call),
                            part.length > 1 ? Long.parseLong(part[1]) : 2,
                            12,
                            marked ? OptionalLong.of(before) : OptionalLong.empty(),
                            Optional.empty());
            Optional<List<String>> known =
                    Optional.of(List.of(arguments).subList(1, arguments.length));
            calls.add(evidence.withArguments(known.filter(all -> !all.isEmpty())));
        }
        boolean foreign = words[0].contains("@");
        return new ProgramEvidence(
                name[0].equals("?") ? "" : name[0],
                foreign ? Evidence.I386 : Evidence.X86_64,
                Optional.empty(),
                words[0].contains("#") ? Optional.of(name[1]) : Optional.empty(),
                calls,
                List.of(),
                false);
    }
}
