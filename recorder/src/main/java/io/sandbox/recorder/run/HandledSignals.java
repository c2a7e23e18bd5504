// SPDX-License-Identifier: Apache-2.0
package io.sandbox.recorder.run;

import io.sandbox.enforcer.launch.process.ProcessStatus;
import io.sandbox.evidence.Recording;
import io.sandbox.evidence.Run;
import io.sandbox.outcome.Signals;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The signals for which programs have handlers. What a handler does shows only in a run that sends
 * the signal: nginx starts its new version at SIGUSR2. A set of signals has a bit for each.
 */
final class HandledSignals {
    /** Those that people and service managers send. The others come from the kernel. */
    private static final long SENT_BY_PEOPLE =
            Stream.of("HUP", "QUIT", "USR1", "USR2", "TERM", "TTIN", "TTOU", "WINCH")
                    .mapToLong(name -> bit(Signals.parse(name)))
                    .sum();

    /** The runtime of Go handles all, whatever the program does. */
    private static final int MOST = 40;

    /** The handlers that these processes have now, by executable, or command. */
    static Map<String, Long> query(Stream<Integer> processes) {
        Map<String, Long> handled = new TreeMap<>();
        processes.forEach(
                process -> {
                    ProcessStatus status = ProcessStatus.query(process);
                    String name = ProcessStatus.queryExecutable(process).orElse(status.command());
                    handled.merge(name, status.handled(), (a, b) -> a | b);
                });
        handled.values().removeIf(set -> Long.bitCount(set) > MOST);
        return handled;
    }

    /**
     * The names of those that programs handle and that no run sent, by executable.
     *
     * @param all the evidence of these and of earlier runs
     * @param reload what runs sent beside the signals of states and of ends
     */
    static Map<String, Set<String>> unsent(
            Recording all, List<Recorder.Result> results, int reload) {
        if (results.stream().allMatch(result -> result.driven().handled().isEmpty())) {
            return Map.of(); // reads no states
        }
        Set<String> states = all.runs().stream().map(Run::state).collect(Collectors.toSet());
        Stream<Integer> bySteps =
                State.all().stream()
                        .filter(state -> states.contains(state.name()))
                        .flatMap(state -> state.signals().stream());
        Stream<Integer> byDrivers = results.stream().map(Recorder.Result::endSignal);
        long sent =
                Stream.of(bySteps, byDrivers, Stream.of(reload))
                        .flatMap(signals -> signals)
                        .mapToLong(HandledSignals::bit)
                        .reduce(0, (a, b) -> a | b);
        Map<String, Set<String>> unsent = new TreeMap<>();
        for (Recorder.Result result : results) {
            result.driven().handled().forEach((path, set) -> add(unsent, path, set & ~sent));
        }
        return unsent;
    }

    private static void add(Map<String, Set<String>> names, String path, long set) {
        for (long left = set & SENT_BY_PEOPLE; left != 0; left &= left - 1) {
            String name = Signals.name(Long.numberOfTrailingZeros(left) + 1);
            names.computeIfAbsent(path, each -> new TreeSet<>()).add(name);
        }
    }

    private static long bit(int signal) {
        return signal == 0 ? 0 : 1L << (signal - 1);
    }
}
