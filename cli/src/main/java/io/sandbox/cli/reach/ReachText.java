// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.reach;

import static java.util.stream.Collectors.joining;

import io.sandbox.cli.output.Console;
import io.sandbox.cli.output.Styled;
import io.sandbox.cli.output.WrappedWords;
import io.sandbox.syscalldb.Risk;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** The answer for people: at most forty lines, or a few more if it is about nearly all calls. */
final class ReachText {
    private static final int MOST_LINES = 40;
    private static final int LEAST_GROUPS = 10;
    private static final int WIDTH = 100;
    private static final String WHERE_ALL = " (--format json has all)";

    /** Of a function that starts programs, these are named first, the last one before all. */
    private static final List<String> STARTING = List.of("clone", "clone3", "execve");

    private final ReachReview review;
    private final Styled styled;

    /** Whether a line had no room for all of its calls. */
    private boolean leavesOut;

    ReachText(ReachReview review, Styled styled) {
        this.review = review;
        this.styled = styled;
    }

    String text() {
        List<String> end = end();
        Optional<String> language = review.result().language();
        List<String> lines = new ArrayList<>();
        language.ifPresent(
                name ->
                        lines.add(
                                "An interpreter can make nearly every call. For what tests did not"
                                        + " reach in a program of "
                                        + name
                                        + ", use a coverage tool too."));
        lines.add(title());
        boolean isInterpreter = language.isPresent() || review.result().interpreter().isPresent();
        List<String> groups = isInterpreter ? names(review.open()) : groups();
        int room = MOST_LINES - end.size() - lines.size();
        if (!isInterpreter && (leavesOut || groups.size() > room)) {
            List<String> names = review.openNames().stream().sorted().toList();
            end.addAll(0, wrapped("all of these: ", names));
            room = Math.max(LEAST_GROUPS, MOST_LINES - end.size() - lines.size());
        }
        if (groups.size() > room) {
            lines.addAll(groups.subList(0, room - 1));
            lines.add(
                    "... and "
                            + (groups.size() - room + 1)
                            + " more lines (--format json has all)");
        } else {
            lines.addAll(groups);
        }
        lines.addAll(end);
        return String.join("\n", lines) + "\n";
    }

    private String title() {
        Optional<Path> interpreter = review.result().interpreter();
        String script = interpreter.map(path -> " is a script. Its interpreter " + path).orElse("");
        String who = Console.printable(review.result().program() + script);
        int count = review.openNames().size();
        String what = count == 0 ? "no call" : count == 1 ? "a call" : count + " calls";
        String why =
                review.policy().isPresent() && review.hasRecording()
                        ? " that the policy does not allow and no recorded run made"
                        : review.policy().isPresent()
                                ? " that the policy does not allow"
                                : review.hasRecording()
                                        ? " that no recorded run made"
                                        : " that not every program reaches";
        int floor = review.unasked().size();
        String all = " of the floor, the " + review.floor() + " that every program reaches)";
        String beside = floor == 0 ? "" : " (beside " + floor + all;
        String title = who + " can reach " + what + why + beside;
        return count == 0 ? title : styled.bold(title + ":");
    }

    /** A line for each import that leads to calls, the most dangerous first. */
    private List<String> groups() {
        List<ReviewedCall> open = new ArrayList<>(review.open());
        open.sort(
                Comparator.comparing((ReviewedCall each) -> each.risk().level())
                        .thenComparing(
                                each -> each.exercise().isEmpty() || each.call().isIndirect())
                        .thenComparing(ReviewedCall::risk)
                        .thenComparing(each -> each.call().name()));
        Map<String, List<ReviewedCall>> byOrigin = new LinkedHashMap<>();
        open.forEach(
                each ->
                        byOrigin.computeIfAbsent(each.origin(), key -> new ArrayList<>())
                                .add(each));
        List<String> lines = new ArrayList<>();
        byOrigin.forEach((origin, calls) -> lines.add(line(origin, calls)));
        return lines;
    }

    /**
     * Of an interpreter, no line can say what to exercise: that depends on the script. So there are
     * names only, those of each file that begins a path apart.
     */
    private List<String> names(List<ReviewedCall> open) {
        Path program = review.result().program();
        Map<String, Set<String>> byPlace = new TreeMap<>();
        for (ReviewedCall each : open) {
            Path file = each.call().path().get(0).file();
            boolean own = review.result().interpreter().orElse(program).equals(file);
            byPlace.computeIfAbsent(
                            each.risk().level().ordinal()
                                    + String.format("%-6s", each.risk().level().word())
                                    + (own ? "" : "  " + file + ":"),
                            key -> new TreeSet<>())
                    .add(each.call().name());
        }
        List<String> lines = new ArrayList<>();
        byPlace.forEach(
                (place, calls) -> {
                    String first = Console.printable(place.substring(1)) + "  ";
                    WrappedWords.of(first, "        ", List.copyOf(calls), WIDTH)
                            .lines()
                            .forEach(lines::add);
                });
        return lines;
    }

    private String line(String origin, List<ReviewedCall> calls) {
        Risk.Level worst = calls.get(0).risk().level();
        if (review.isStart(origin)) {
            calls.sort(Comparator.comparing(each -> -STARTING.indexOf(each.call().name())));
        }
        ReviewedCall head = calls.get(0);
        String name = head.call().name();
        boolean isNamed = calls.size() == 1 && origin.equals(name);
        String start = "  " + Console.printable(origin) + (isNamed ? "" : " -> " + name);
        String hint =
                head.call().isIndirect()
                        ? ": through " + head.call().path().get(1).file().getFileName()
                        : head.exercise().map(how -> ": exercise " + how).orElse("");
        String level = String.format("%-6s", worst.word());
        int room = WIDTH - 12 - start.length() - hint.length() - level.length();
        String coloured = worst == Risk.Level.HIGH ? styled.red(level) : level;
        return coloured + start + further(calls.subList(1, calls.size()), worst, room) + hint;
    }

    /** All that have a high risk, and as many others as there is room for. */
    private String further(List<ReviewedCall> calls, Risk.Level worst, int room) {
        StringBuilder text = new StringBuilder();
        String rest = "";
        for (int i = 0; i < calls.size(); i++) {
            boolean high = calls.get(i).risk().level() == Risk.Level.HIGH;
            boolean lower = !high && worst == Risk.Level.HIGH;
            String comma = lower && rest.isEmpty() ? ", beside " : ", ";
            String next = comma + calls.get(i).call().name();
            rest = lower ? " of lower risk" : "";
            if (!high && text.length() + next.length() > room) {
                text.append(" and ").append(calls.size() - i).append(" more");
                leavesOut = true;
                break;
            }
            text.append(next);
        }
        return text + rest;
    }

    private List<String> end() {
        List<String> lines = new ArrayList<>();
        List<String> unasked = review.unasked();
        if (!unasked.isEmpty()) {
            lines.addAll(wrapped("of what every program reaches, these kill too: ", unasked));
        }
        String restricted =
                review.calls().stream()
                        .filter(ReviewedCall::isRestricted)
                        .map(each -> " " + each.restricted(review.result().arch()))
                        .collect(joining());
        if (!restricted.isEmpty()) {
            lines.add(
                    "allowed with some arguments only, and which ones the code passes is not read:"
                            + restricted);
        }
        if (!review.unreachable().isEmpty()) {
            lines.add(
                    shortened(
                            "allowed, but not reachable on this machine (candidates to remove):",
                            review.unreachable()));
        }
        if (!review.added().isEmpty()) {
            lines.add(
                    shortened(
                            "added by sandbox learn for other machines or rare events, and not"
                                    + " reachable here:",
                            review.added()));
        }
        review.notes().forEach(remark -> lines.add("note: " + Console.printable(remark)));
        int computed = review.result().computed().size();
        if (computed > 0) {
            lines.add(
                    String.format(
                            "note: calls whose number the code computes are not known: %s places,"
                                    + " and %s that every program has",
                            computed, review.result().floorComputed()));
        }
        lines.add(sum());
        return lines;
    }

    private static List<String> wrapped(String title, List<String> names) {
        return WrappedWords.of(title, "       ", names, WIDTH).lines().toList();
    }

    /** As many names as two lines hold, and how many are left. */
    private static String shortened(String title, List<String> names) {
        StringBuilder line = new StringBuilder(title);
        for (int i = 0; i < names.size(); i++) {
            if (line.length() + names.get(i).length() > 2 * WIDTH - 50) {
                return line.append(" and " + (names.size() - i) + " more" + WHERE_ALL).toString();
            }
            line.append(' ').append(names.get(i));
        }
        return line.toString();
    }

    private String sum() {
        return (review.policy().isPresent() ? "allowed " + review.allowed() + ", " : "")
                + (review.hasRecording() ? "seen " + review.seen() + ", " : "")
                + ("reachable " + review.calls().size() + ", floor " + review.floor())
                + (review.isCompared() ? ", yours and not exercised " : ", yours ")
                + review.openNames().size();
    }
}
