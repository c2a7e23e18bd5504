// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.policy;

import io.sandbox.cli.options.Options;
import io.sandbox.cli.options.Usage;
import io.sandbox.cli.options.Value;
import io.sandbox.cli.output.Console;
import io.sandbox.cli.output.StandardOutput;
import io.sandbox.cli.output.Styled;
import io.sandbox.enforcer.document.Circumstances;
import io.sandbox.enforcer.document.PolicyDocument;
import io.sandbox.enforcer.launch.ExitCodes;
import io.sandbox.enforcer.meaning.CallSummary;
import io.sandbox.enforcer.policy.Action;
import io.sandbox.enforcer.policy.PolicyText;
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
import java.util.concurrent.Callable;

/** {@code sandbox-policy show}. */
final class ShowPolicy implements Callable<Integer> {
    /** Groups of systemd that have no common purpose. */
    private static final Set<String> NO_PURPOSE =
            Set.of("@default", "@known", "@system-service", "@privileged");

    private static final String OTHER = "other";

    final Options options = new Options("show", this, ShowPolicy::usage);

    private final Value<String> file =
            options.operand("FILE", "A policy or a recording. The name - means standard input.");
    private final PolicyPlace place = new PolicyPlace(options);

    private final Styled styled = Styled.forStandardOutput();
    private final StringBuilder out = new StringBuilder();

    private static Usage usage() {
        return Options.usage()
                .header(
                        "Shows the calls of a policy by purpose, with the risk of each call and the"
                                + " reason.")
                .synopsis("sandbox-policy show [OPTIONS] FILE");
    }

    /** A call, with its facts. */
    private record Line(CallSummary call, Optional<SyscallFacts> facts) {
        Optional<Risk> risk() {
            return facts.map(SyscallFacts::risk);
        }

        String level() {
            return risk().map(risk -> risk.level().word()).orElse("unknown");
        }
    }

    @Override
    public Integer call() {
        PolicyInput input = new PolicyInput(new Console("sandbox-policy"));
        PolicyDocument document = input.readPolicyOrRecording(file.get(), place.arch());
        Circumstances here = place.circumstances();
        List<CallSummary> calls = CallSummary.of(document, here);
        Map<String, List<Line>> groups = byPurpose(calls);
        appendHead(document, calls, here);
        groups.forEach(this::appendGroup);
        new StandardOutput().print(out.toString());
        return ExitCodes.OK;
    }

    private void appendHead(PolicyDocument document, List<CallSummary> calls, Circumstances here) {
        document.comments()
                .forEach(comment -> out.append("# ").append(Console.printable(comment) + "\n"));
        long high =
                calls.stream()
                        .filter(CallSummary::mayPass)
                        .flatMap(call -> SyscallDb.get().facts(call.name()).stream())
                        .filter(facts -> facts.risk().level() == Risk.Level.HIGH)
                        .count();
        out.append(calls.size()).append(calls.size() == 1 ? " call" : " calls");
        out.append(", other calls: ").append(text(document.otherwise()));
        List<String> foreign = document.coverage().foreignOn(here.arch());
        if (!foreign.isEmpty()) {
            out.append(", also for ").append(String.join(" and ", foreign));
        }
        if (!document.treatsForeignAsUsual()) {
            Action foreignAction = document.logsForeign() ? Action.LOG : Action.KILL;
            out.append(", calls of other architectures: ").append(text(foreignAction));
        }
        if (document.otherwise() != Action.ALLOW) {
            String counted = high + " allowed of high risk";
            out.append(", ").append(high > 0 ? styled.red(counted) : counted);
        }
        out.append('\n');
    }

    private static String text(Action action) {
        return PolicyText.format(action);
    }

    /** The calls in the order of systemd's groups, each call once. */
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
}
