// SPDX-License-Identifier: Apache-2.0
package io.sandbox.recorder.run;

import io.sandbox.text.Shipped;
import java.time.Duration;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What can be different for a program from one run to the next.
 *
 * @param needs what it takes to try this without a risk
 * @param runs the steps of each run for {@code sandbox-exec}, in one copy of the file systems
 * @param meaning what it does, without a full stop
 */
public record State(String name, Needs needs, List<List<String>> runs, String meaning) {
    private static final Pattern PART = Pattern.compile("(\\d+)%");

    /** What it takes. */
    public enum Needs {
        /** If there can be no copy of the file systems, it is tried without. */
        NOTHING("-"),
        /** The program could leave something that it never leaves otherwise. */
        COPY("copy"),
        /** A copy without any space. */
        FULL_COPY("full"),
        /** That the program is exercised. */
        DRIVEN("driven"),
        /** The rights of root, and a copy: what another user finds is not ours. */
        ROOT("root");

        private final String word;

        Needs(String word) {
            this.word = word;
        }

        static Needs of(String word) {
            return Stream.of(values())
                    .filter(needs -> needs.word.equals(word))
                    .findAny()
                    .orElseThrow();
        }
    }

    public State {
        runs = runs.stream().map(List::copyOf).toList();
    }

    /** All that there are, in the order in which they are tried. */
    public static List<State> all() {
        return Shipped.lines(State.class, "states.tsv")
                .map(line -> line.split("\t"))
                .map(
                        fields ->
                                new State(
                                        fields[0],
                                        Needs.of(fields[1]),
                                        Stream.of(fields[2].split("\\|"))
                                                .map(steps -> List.of(steps.split(";")))
                                                .toList(),
                                        fields[3]))
                .toList();
    }

    /** The steps of one run, if a usual run takes so long. */
    List<String> steps(int run, long millis) {
        return runs.get(run).stream()
                .map(step -> PART.matcher(step).replaceAll(part -> micros(part, millis)))
                .toList();
    }

    private static String micros(MatchResult part, long millis) {
        return Long.toString(millis * Integer.parseInt(part.group(1)) * 10);
    }

    /** About how long each of its runs takes; a server is exercised again while signals come. */
    long millis(long usual, boolean driven) {
        return usual + idle().toMillis() + (driven && isStruck() ? usual / 2 : 0);
    }

    /** How long nobody asks a server for anything. */
    public Duration idle() {
        return steps().filter(step -> step.startsWith("idle "))
                .map(step -> Duration.ofSeconds(Long.parseLong(step.substring("idle ".length()))))
                .findAny()
                .orElse(Duration.ZERO);
    }

    /** Whether a server can be reached there, and has its port for itself. */
    boolean isReachable() {
        return !has("offline|beside .*");
    }

    /** Whether signals come in the middle of its work. */
    boolean isStruck() {
        return has("strike .*");
    }

    /** Whether something comes at a moment, or disturbs it, so that it can end in many ways. */
    boolean isByChance() {
        return has("(strike|beside|cgroup|clock) .*");
    }

    /** The signals that come then. */
    List<Integer> signals() {
        return steps().filter(step -> step.startsWith("strike "))
                .flatMap(step -> Stream.of(step.split(" ")).skip(2))
                // Behind a second time comes a second signal, SIGCONT.
                .filter(word -> word.length() <= 2)
                .map(Integer::parseInt)
                .toList();
    }

    private boolean has(String step) {
        return steps().anyMatch(each -> each.matches(step));
    }

    private Stream<String> steps() {
        return runs.stream().flatMap(List::stream);
    }
}
