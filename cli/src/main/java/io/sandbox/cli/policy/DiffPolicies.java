// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.policy;

import io.sandbox.cli.options.Options;
import io.sandbox.cli.options.Value;
import io.sandbox.cli.output.Console;
import io.sandbox.cli.output.StandardOutput;
import io.sandbox.cli.policyfile.PolicyInput;
import io.sandbox.cli.policyfile.PolicyParts;
import io.sandbox.cli.policyfile.PolicyPlace;
import io.sandbox.cli.policyfile.ValueNames;
import io.sandbox.evidence.IndentedJson;
import io.sandbox.evidence.drift.report.MarkdownReport;
import io.sandbox.outcome.ExitCodes;
import io.sandbox.policy.document.PolicyDocument;
import io.sandbox.policy.meaning.ClassDifference;
import io.sandbox.policy.meaning.PolicyDifference;
import io.sandbox.policy.meaning.PolicyMeaning;
import io.sandbox.policy.worth.Looser;
import io.sandbox.policy.worth.Worth;
import io.sandbox.syscalldb.Risk;
import io.sandbox.syscalldb.SyscallDb;
import io.sandbox.syscalldb.SyscallFacts;
import io.sandbox.text.VisibleText;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;

final class DiffPolicies implements Callable<Integer> {
    /** Seen with runc 1.1.15 (libcontainer/seccomp/patchbpf). */
    private static final String BY_RUNTIME =
            "runc adds that to a profile: a program then makes the older call";

    final Options options = new Options("diff", this);

    private final Value<String> first = options.operand("A");
    private final Value<String> second = options.optionalOperand("B");

    /** The forms of what is printed. */
    private enum Format {
        TEXT,
        JSON,
        MARKDOWN
    }

    private final Value<Format> format =
            options.named("--format").choice(Format.class, "FORMAT").or(Format.TEXT);

    private final FilterSource process = new FilterSource(options);
    private final PolicyPlace place = new PolicyPlace(options);
    private final PolicyParts parts = new PolicyParts(options, place);

    @Override
    public Integer call() {
        PolicyInput input = new PolicyInput(new Console("sandbox policy"), parts);
        process.requireOne(second, "B");
        PolicyDocument before =
                process.isGiven()
                        ? input.readProcess(process.get(), place)
                        : input.readPolicyOrRecording(first.get(), place.arch());
        PolicyDocument after =
                input.readPolicyOrRecording(
                        process.isGiven() ? first.get() : second.get(), place.arch());
        List<PolicyDifference> differences =
                PolicyDifference.between(before, after, place.circumstances());
        ClassDifference classes =
                new ClassDifference(
                        PolicyMeaning.of(before, place.circumstances()),
                        PolicyMeaning.of(after, place.circumstances()));
        Set<String> added = more(before, after);
        List<Row> rows =
                differences.stream().map(each -> row(each, classes.all(each.subject()))).toList();
        new StandardOutput()
                .print(
                        switch (format.get()) {
                            case TEXT ->
                                    rows.stream()
                                            .map(row -> row.line(added.contains(row.call())))
                                            .collect(Collectors.joining());
                            case JSON ->
                                    IndentedJson.write(rows.stream().map(Row::object).toList());
                            case MARKDOWN ->
                                    table(
                                            rows,
                                            side(nameBefore(), before, more(after, before)),
                                            side(nameAfter(), after, added));
                        });
        return differences.isEmpty() ? ExitCodes.OK : ExitCodes.NOTHING_FOUND;
    }

    private Row row(PolicyDifference difference, String about) {
        String call = difference.subject();
        String arch = place.arch().name();
        boolean byRuntime = process.isGiven() && call.equals(PolicyDifference.NEWER);
        return new Row(
                call,
                ValueNames.in(call, arch, difference.before()),
                ValueNames.in(call, arch, difference.after()),
                byRuntime ? BY_RUNTIME : about);
    }

    private String nameBefore() {
        return process.isGiven() ? "process " + process.get() : first.get();
    }

    private String nameAfter() {
        return process.isGiven() ? first.get() : second.get();
    }

    /** The subjects of which a policy lets more through than the other. */
    private Set<String> more(PolicyDocument other, PolicyDocument policy) {
        return Looser.between(other, policy, place.circumstances()).stream()
                .map(each -> each.difference().subject())
                .collect(Collectors.toSet());
    }

    /** One of the two policies, with what it lets through more than the other. */
    private Side side(String name, PolicyDocument policy, Set<String> more) {
        return new Side(
                escaped(name), more, Worth.of(PolicyMeaning.of(policy, place.circumstances())));
    }

    /** First what B allows more, then what A does, then what both refuse in different ways. */
    private static String table(List<Row> rows, Side a, Side b) {
        String head =
                ("%s; %s.\n\n| call | risk | <code>%s</code> | <code>%s</code> | effect |\n"
                                + "| - | - | - | - | - |\n")
                        .formatted(b.sum(), a.sum(), a.name(), b.name());
        Predicate<Row> isAdded = row -> b.more().contains(row.call());
        Predicate<Row> isOpen = isAdded.or(row -> a.more().contains(row.call()));
        return rows.stream()
                .sorted(
                        Comparator.comparing(isOpen.negate()::test)
                                .thenComparing(isAdded.negate()::test)
                                .thenComparing(row -> risk(row.call())))
                .map(row -> row.cells(isOpen.test(row)))
                .collect(Collectors.joining("", head, ""));
    }

    /** {@code more}: the subjects of which it lets more through than the other. */
    private record Side(String name, Set<String> more, Worth worth) {
        String sum() {
            long high = more.stream().filter(call -> risk(call) == Risk.Level.HIGH).count();
            return ("<code>%s</code> allows %d more, %d of high risk, and leaves %d of %d known"
                            + " exploits reachable")
                    .formatted(name, more.size(), high, worth.reachable().size(), Worth.all());
        }
    }

    private static Risk.Level risk(String call) {
        return SyscallFacts.level(SyscallDb.get().facts(call));
    }

    private static String escaped(String text) {
        return MarkdownReport.escape(VisibleText.of(text));
    }

    /** A difference, with what it opens or closes. */
    private record Row(String call, String before, String after, String about) {
        /** With the risk of the call, if more is allowed and opens no class. */
        String line(boolean added) {
            String why = about;
            if (added && about.isEmpty()) {
                why = SyscallDb.get().facts(call).flatMap(SyscallFacts::warning).orElse("");
            }
            PolicyDifference difference = new PolicyDifference(call, before, after);
            return difference.text(UnaryOperator.identity(), why) + "\n";
        }

        Map<String, Object> object() {
            return IndentedJson.object("call", call, "a", before, "b", after, "effect", about);
        }

        /** {@code open}: whether one of the two allows more; what both refuse has no risk. */
        String cells(boolean open) {
            String effect = about;
            if (open && about.isEmpty()) {
                effect = SyscallDb.get().facts(call).map(SyscallFacts::riskReason).orElse("");
            }
            return "| <code>%s</code> | %s | <code>%s</code> | <code>%s</code> | %s |\n"
                    .formatted(
                            Stream.of(call, open ? risk(call).word() : "-", before, after, effect)
                                    .map(DiffPolicies::escaped)
                                    .toArray());
        }
    }
}
