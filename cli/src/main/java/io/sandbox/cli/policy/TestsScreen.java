// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.policy;

import static java.util.stream.Collectors.partitioningBy;

import io.sandbox.cli.output.Console;
import io.sandbox.cli.output.Styled;
import io.sandbox.cli.output.WrappedWords;
import io.sandbox.evidence.CallTests;
import io.sandbox.evidence.TestsOfCalls;
import io.sandbox.syscalldb.ObservedCall;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/** Shows which tests make the calls: first those that only tests make. */
final class TestsScreen {
    private static final int WIDTH = 78;

    private final Styled styled;
    private final boolean severalArchs;
    private final List<Map.Entry<ObservedCall, CallTests>> calls;
    private final StringBuilder out = new StringBuilder();

    TestsScreen(Styled styled, TestsOfCalls tests) {
        this.styled = styled;
        severalArchs =
                tests.byCall().keySet().stream().map(ObservedCall::archName).distinct().count() > 1;
        calls = new ArrayList<>(tests.byCall().entrySet());
        calls.sort(Comparator.comparing(entry -> name(entry.getKey())));
    }

    private String name(ObservedCall call) {
        return call.displayName() + (severalArchs ? " of " + call.archName() : "");
    }

    @Override
    public String toString() {
        out.setLength(0);
        Map<Boolean, List<Map.Entry<ObservedCall, CallTests>>> inTests =
                calls.stream()
                        .filter(call -> !call.getValue().isOnlyOutside())
                        .collect(partitioningBy(call -> call.getValue().outside() == 0));
        append("Only tests make these calls", inTests.get(true));
        append("Tests make these, and so do start-up and the framework", inTests.get(false));
        List<String> outside =
                calls.stream()
                        .filter(call -> call.getValue().isOnlyOutside())
                        .map(call -> name(call.getKey()))
                        .toList();
        if (!outside.isEmpty()) {
            title("No test makes these (start-up and the framework): " + outside.size());
            out.append(WrappedWords.of("  ", "  ", outside, WIDTH));
        }
        return out.toString();
    }

    private void title(String text) {
        out.append(out.isEmpty() ? "" : "\n").append(styled.bold(text)).append('\n');
    }

    private void append(String title, List<Map.Entry<ObservedCall, CallTests>> some) {
        if (some.isEmpty()) {
            return;
        }
        title(title + ": " + some.size());
        int width = some.stream().mapToInt(call -> name(call.getKey()).length()).max().orElse(0);
        width = Math.max(width, "call".length());
        out.append(String.format("  %-" + width + "s  tests  smallest of them%n", "call"));
        for (Map.Entry<ObservedCall, CallTests> call : some) {
            CallTests tests = call.getValue();
            out.append(String.format("  %-" + width + "s  ", name(call.getKey())));
            out.append(String.format("%5s  ", tests.count() == 0 ? "?" : tests.count()));
            out.append(Console.printable(tests.makers()));
            if (tests.calls() > 0) {
                out.append(" (").append(tests.calls());
                out.append(tests.calls() == 1 ? " call)" : " calls)");
            }
            out.append('\n');
        }
    }
}
