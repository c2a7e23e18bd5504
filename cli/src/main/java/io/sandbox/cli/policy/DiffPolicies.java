// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.policy;

import io.sandbox.cli.options.Options;
import io.sandbox.cli.options.Usage;
import io.sandbox.cli.options.Value;
import io.sandbox.cli.output.Console;
import io.sandbox.cli.output.StandardOutput;
import io.sandbox.cli.policyfile.PolicyInput;
import io.sandbox.cli.policyfile.PolicyParts;
import io.sandbox.cli.policyfile.PolicyPlace;
import io.sandbox.cli.policyfile.ValueNames;
import io.sandbox.outcome.ExitCodes;
import io.sandbox.policy.document.PolicyDocument;
import io.sandbox.policy.meaning.ClassDifference;
import io.sandbox.policy.meaning.PolicyDifference;
import io.sandbox.policy.meaning.PolicyMeaning;
import java.util.List;
import java.util.concurrent.Callable;

/** {@code sandbox policy diff}. */
final class DiffPolicies implements Callable<Integer> {
    final Options options = new Options("diff", this, DiffPolicies::usage);

    private final Value<String> first =
            options.operand("A", "The first policy or recording. The name - means standard input.");
    private final Value<String> second =
            options.optionalOperand(
                    "B",
                    "The second policy or recording. With --pid, give only one file: the process is"
                            + " compared with it.");

    private final FilterSource process = new FilterSource(options);
    private final PolicyPlace place = new PolicyPlace(options);
    private final PolicyParts parts = new PolicyParts(options, place);

    private static Usage usage() {
        return Options.usage()
                .header("Compares the meaning of two policies of any format.")
                .synopsis(
                        "sandbox policy diff [OPTIONS] A B",
                        "sandbox policy diff [OPTIONS] --pid PROCESS FILE")
                .description(
                        "Prints a line for each difference: the call, what A says, what B says, and"
                            + " what that opens or closes, such as a new user namespace. Three"
                            + " things do not count as differences: the order of rules, comments,"
                            + " and which of its names a call has.")
                .exitStatus(
                        "0 if the policies are the same; 1 if they differ; 2 after an error or for"
                                + " wrong usage.");
    }

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
        StringBuilder lines = new StringBuilder();
        for (PolicyDifference difference : differences) {
            lines.append(difference.subject()).append(": ");
            lines.append(named(difference, difference.before())).append(" -> ");
            lines.append(named(difference, difference.after()));
            String about = classes.about(difference.subject());
            lines.append(about.isEmpty() ? "" : " (" + about + ")").append('\n');
        }
        new StandardOutput().print(lines.toString());
        return differences.isEmpty() ? ExitCodes.OK : ExitCodes.NOTHING_FOUND;
    }

    private String named(PolicyDifference difference, String text) {
        return ValueNames.in(difference.subject(), place.arch().name(), text);
    }
}
