// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.reach;

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
import java.util.TreeMap;

/** The answer for people: at most forty lines. */
final class ReachText {
    private static final int MOST_LINES = 40;
    private static final int WIDTH = 100;

    private final ReachReview review;
    private final Styled styled;

    ReachText(ReachReview review, Styled styled) {
        this.review = review;
        this.styled = styled;
    }

    String text() {
        List<String> end = end();
        List<String> groups =
                review.result().interpreter().isPresent() ? names(review.open()) : groups();
        int room = MOST_LINES - end.size() - 1;
        List<String> lines = new ArrayList<>();
        lines.add(title());
        if (groups.size() > room) {
            lines.addAll(groups.subList(0, room - 1));
            lines.add(
                    "... and "
                            + (groups.size() - room + 1)
                            + " more lines (--format json has all calls)");
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
        int count = review.open().size();
        String what = count == 0 ? "no call" : count == 1 ? "a call" : count + " calls";
        String why =
                review.policy().isPresent() && review.hasRecording()
                        ? " that the policy does not allow and no recorded run made"
                        : review.policy().isPresent()
                                ? " that the policy does not allow"
                                : review.hasRecording()
                                        ? " that no recorded run made"
                                        : " that not every program reaches";
        String title = who + " can reach " + what + why;
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
        Map<String, List<String>> byPlace = new TreeMap<>();
        for (ReviewedCall each : open) {
            Path file = each.call().path().get(0).file();
            boolean own = review.result().interpreter().get().equals(file);
            byPlace.computeIfAbsent(
                            each.risk().level().ordinal()
                                    + String.format("%-6s", each.risk().level().word())
                                    + (own ? "" : "  " + file + ":"),
                            key -> new ArrayList<>())
                    .add(each.call().name());
        }
        List<String> lines = new ArrayList<>();
        byPlace.forEach(
                (place, calls) -> {
                    String first = Console.printable(place.substring(1)) + "  ";
                    WrappedWords.of(first, "        ", calls, WIDTH).lines().forEach(lines::add);
                });
        return lines;
    }

    private String line(String origin, List<ReviewedCall> calls) {
        ReviewedCall worst = calls.get(0);
        String level = String.format("%-6s", worst.risk().level().word());
        String name = worst.call().name();
        StringBuilder text = new StringBuilder("  ").append(Console.printable(origin));
        if (calls.size() > 1 || !origin.equals(name)) {
            text.append(" -> ").append(name);
        }
        int shown = 1;
        String hint =
                worst.call().isIndirect()
                        ? ": through " + worst.call().path().get(1).file().getFileName()
                        : worst.exercise().map(how -> ": exercise " + how).orElse("");
        while (shown < calls.size()) {
            String next = ", " + calls.get(shown).call().name();
            if (text.length() + next.length() + hint.length() + level.length() > WIDTH - 12) {
                text.append(" and ").append(calls.size() - shown).append(" more");
                break;
            }
            text.append(next);
            shown++;
        }
        String coloured = worst.risk().level() == Risk.Level.HIGH ? styled.red(level) : level;
        return coloured + text + hint;
    }

    private List<String> end() {
        List<String> lines = new ArrayList<>();
        if (!review.unreachable().isEmpty()) {
            lines.add(
                    shortened(
                            "allowed, but not reachable on this machine (candidates to remove):",
                            review.unreachable()));
        }
        for (String remark : review.notes()) {
            lines.add("note: " + Console.printable(remark));
        }
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

    /** As many names as two lines hold, and how many are left. */
    private static String shortened(String title, List<String> names) {
        StringBuilder line = new StringBuilder(title);
        for (int i = 0; i < names.size(); i++) {
            if (line.length() + names.get(i).length() > 2 * WIDTH - 50) {
                String left = " and " + (names.size() - i) + " more (--format json has all)";
                return line.append(left).toString();
            }
            line.append(' ').append(names.get(i));
        }
        return line.toString();
    }

    private String sum() {
        StringBuilder sum = new StringBuilder();
        if (review.policy().isPresent()) {
            sum.append("allowed ").append(review.allowed()).append(", ");
        }
        if (review.hasRecording()) {
            sum.append("seen ").append(review.seen()).append(", ");
        }
        sum.append("reachable ").append(review.calls().size());
        sum.append(", floor ").append(review.floor());
        sum.append(
                review.policy().isPresent() || review.hasRecording()
                        ? ", yours and not exercised "
                        : ", yours ");
        return sum.append(review.open().size()).toString();
    }
}
