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
import io.sandbox.outcome.ExitCodes;
import io.sandbox.policy.document.PolicyDocument;
import io.sandbox.policy.meaning.ClassDifference;
import io.sandbox.policy.meaning.PolicyDifference;
import io.sandbox.policy.meaning.PolicyMeaning;
import java.util.List;
import java.util.concurrent.Callable;

final class DiffPolicies implements Callable<Integer> {
    final Options options = new Options("diff", this);

    private final Value<String> first = options.operand("A");
    private final Value<String> second = options.optionalOperand("B");

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
        StringBuilder lines = new StringBuilder();
        for (PolicyDifference difference : differences) {
            lines.append(difference.subject()).append(": ");
            lines.append(named(difference, difference.before())).append(" -> ");
            lines.append(named(difference, difference.after()));
            String about = classes.all(difference.subject());
            lines.append(about.isEmpty() ? "" : " (" + about + ")").append('\n');
        }
        new StandardOutput().print(lines.toString());
        return differences.isEmpty() ? ExitCodes.OK : ExitCodes.NOTHING_FOUND;
    }

    private String named(PolicyDifference difference, String text) {
        return ValueNames.in(difference.subject(), place.arch().name(), text);
    }
}
