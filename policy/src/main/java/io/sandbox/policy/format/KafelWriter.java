// SPDX-License-Identifier: Apache-2.0
package io.sandbox.policy.format;

import io.sandbox.policy.Action;
import io.sandbox.policy.CallRef;
import io.sandbox.policy.Condition;
import io.sandbox.policy.Operator;
import io.sandbox.policy.document.Circumstances;
import io.sandbox.policy.document.Loss;
import io.sandbox.policy.document.PolicyDocument;
import io.sandbox.policy.document.Rule;
import io.sandbox.policy.meaning.CallNames;
import io.sandbox.policy.meaning.Reduction;
import io.sandbox.policy.meaning.Region;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Writes a policy in the language kafel, see {@link KafelReader}. Rules with conditions declare
 * their arguments, so that all 64 bits are compared.
 */
final class KafelWriter implements FormatWriter {
    @Override
    public Writing write(PolicyDocument document, Circumstances here) {
        List<Loss> losses = new ArrayList<>();
        CallNames names = CallNames.on(here.arch());
        StringBuilder out = new StringBuilder("POLICY policy {");
        Action last = null;
        for (List<Rule> rules : Reduction.byCall(document.under(here), names).values()) {
            for (Rule rule : rules) {
                for (List<Condition> conditions : satisfiable(rule)) {
                    boolean same = rule.action().equals(last);
                    out.append(same ? ",\n" : last == null ? "\n" : "\n  },\n");
                    if (!same) {
                        out.append("  ").append(action(rule.action())).append(" {\n");
                    }
                    out.append("    ").append(call(rule.call(), names)).append(text(conditions));
                    last = rule.action();
                }
            }
        }
        out.append(last == null ? "\n" : "\n  }\n").append("}\n");
        out.append("USE policy DEFAULT ").append(action(document.otherwise())).append('\n');
        Reduction.reportComments(document, losses);
        losses.addAll(Loss.ofForeign(document, here));
        losses.addAll(Loss.ofLogDenials(document));
        return new Writing(out.toString(), losses);
    }

    @Override
    public boolean says(Action action) {
        return true;
    }

    /** The rule's conditions, as few as possible; no alternative if they contradict each other. */
    private static List<List<Condition>> satisfiable(Rule rule) {
        return Region.product(List.of(List.of()), List.of(rule.conditions())).orElseThrow();
    }

    private static String call(CallRef call, CallNames names) {
        return names.nameOf(call)
                .map(name -> KafelReader.NAMES_OF_KAFEL.getOrDefault(name, name))
                .orElseGet(() -> "SYSCALL[" + call + "]");
    }

    private static String text(List<Condition> conditions) {
        if (conditions.isEmpty()) {
            return "";
        }
        int highest = conditions.stream().mapToInt(Condition::argument).max().orElseThrow();
        return IntStream.rangeClosed(0, highest)
                        .mapToObj(i -> "arg" + i)
                        .collect(Collectors.joining(", ", "(", ")"))
                + conditions.stream()
                        .map(KafelWriter::test)
                        .collect(Collectors.joining(" && ", " { ", " }"));
    }

    private static String test(Condition condition) {
        String argument = "arg" + condition.argument();
        boolean masked = condition.operator() == Operator.MASKED_EQ && condition.mask() != -1;
        String left = masked ? "(" + argument + " & " + hex(condition.mask()) + ")" : argument;
        return left + " " + condition.operator().symbol() + " " + hex(condition.value());
    }

    private static String hex(long value) {
        return "0x" + Long.toHexString(value);
    }

    private static String action(Action action) {
        if (action instanceof Action.Errno errno) {
            return "ERRNO(" + errno.number() + ")";
        }
        if (action instanceof Action.Trace trace) {
            return "TRACE(" + trace.number() + ")";
        }
        return switch ((Action.Plain) action) {
            case ALLOW -> "ALLOW";
            case LOG -> "LOG";
            case KILL -> "KILL_PROCESS";
            case KILL_THREAD -> "KILL";
            case TRAP -> "TRAP(0)";
            case NOTIFY -> "USER_NOTIF";
        };
    }
}
