// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.policy;

import io.sandbox.cli.output.Console;
import io.sandbox.cli.output.Styled;
import io.sandbox.policy.meaning.CallSummary;
import io.sandbox.syscalldb.Risk;
import io.sandbox.syscalldb.SyscallDb;
import io.sandbox.syscalldb.SyscallFacts;
import io.sandbox.syscalldb.SyscallGroup;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Shows calls by purpose, with the policy's action and the risk of each. */
final class PolicyScreen {
    /** The groups of systemd whose calls have no common purpose. */
    private static final Set<String> NO_PURPOSE =
            Set.of("@default", "@known", "@system-service", "@privileged");

    private static final String OTHER = "other";

    private final Styled styled;
    private final StringBuilder out = new StringBuilder();

    PolicyScreen(Styled styled) {
        this.styled = styled;
    }

    private record Line(CallSummary call, Optional<SyscallFacts> facts) {
        Optional<Risk> risk() {
            return facts.map(SyscallFacts::risk);
        }

        String level() {
            return risk().map(risk -> risk.level().word()).orElse("unknown");
        }
    }

    void append(String text) {
        out.append(text);
    }

    /**
     * Adds the number of calls and the number of allowed calls of high risk.
     *
     * @param otherwise the action for all other calls
     * @param othersPass whether all other calls are allowed; the second number is then left out
     */
    void appendCount(List<CallSummary> calls, String otherwise, boolean othersPass) {
        out.append(calls.size()).append(calls.size() == 1 ? " call" : " calls");
        out.append(", other calls: ").append(otherwise);
        if (!othersPass) {
            List<CallSummary> high =
                    calls.stream()
                            .filter(CallSummary::mayPass)
                            .filter(PolicyScreen::isHigh)
                            .toList();
            long limited = high.stream().filter(PolicyScreen::hasCondition).count();
            String counted = high.size() + " allowed of high risk";
            out.append(", ").append(high.isEmpty() ? counted : styled.red(counted));
            if (limited > 0) {
                out.append(", ").append(limited).append(" of them only with some arguments");
            }
        }
    }

    private static boolean isHigh(CallSummary call) {
        Optional<SyscallFacts> facts = SyscallDb.get().facts(call.name());
        return facts.filter(known -> known.risk().level() == Risk.Level.HIGH).isPresent();
    }

    private static boolean hasCondition(CallSummary call) {
        return call.verdict().contains(" if ");
    }

    void appendGroups(List<CallSummary> calls) {
        byPurpose(calls).forEach(this::appendGroup);
    }

    /** Groups the calls in the order of systemd's groups, each call once. */
    private Map<String, List<Line>> byPurpose(List<CallSummary> calls) {
        Map<String, List<Line>> groups = new LinkedHashMap<>();
        for (SyscallGroup group : SyscallDb.get().groups()) {
            groups.put(group.name() + "  " + group.about(), new ArrayList<>());
        }
        groups.put(OTHER, new ArrayList<>());
        for (CallSummary call : calls) {
            Optional<SyscallFacts> facts = SyscallDb.get().facts(call.name());
            groups.get(purpose(facts)).add(new Line(call, facts));
        }
        groups.values().removeIf(List::isEmpty);
        return groups;
    }

    private String purpose(Optional<SyscallFacts> facts) {
        List<String> names = facts.map(SyscallFacts::groups).orElse(List.of());
        for (SyscallGroup group : SyscallDb.get().groups()) {
            if (names.contains(group.name()) && !NO_PURPOSE.contains(group.name())) {
                return group.name() + "  " + group.about();
            }
        }
        return OTHER;
    }

    private void appendGroup(String title, List<Line> lines) {
        out.append('\n').append(styled.bold(title)).append('\n');
        lines.sort(
                Comparator.<Line>comparingInt(line -> line.risk().map(Risk::ordinal).orElse(-1))
                        .thenComparing(line -> line.call().name()));
        int width = lines.stream().mapToInt(line -> line.call().name().length()).max().orElse(0);
        for (Line line : lines) {
            out.append(String.format("  %-" + width + "s  ", line.call().name()));
            out.append(marked(line)).append("  ");
            if (!line.call().verdict().equals("allow")) {
                out.append(line.call().verdict()).append("; ");
            }
            // The risk is that of the call, and the condition may have refused just this.
            out.append(hasCondition(line.call()) ? "in full: " : "");
            out.append(line.facts().map(SyscallFacts::riskReason).orElse("not in our tables"));
            if (!line.call().reason().isEmpty()) {
                out.append("  # ").append(Console.printable(line.call().reason()));
            }
            out.append('\n');
        }
    }

    private String marked(Line line) {
        String padded = String.format("%-7s", line.level());
        if (!line.call().mayPass()) {
            return padded;
        }
        return switch (line.level()) {
            case "high" -> styled.red(padded);
            case "medium" -> styled.yellow(padded);
            default -> padded;
        };
    }

    @Override
    public String toString() {
        return out.toString();
    }
}
