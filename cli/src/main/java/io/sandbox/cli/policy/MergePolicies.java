// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.policy;

import io.sandbox.cli.options.Options;
import io.sandbox.cli.options.Value;
import io.sandbox.cli.output.Console;
import io.sandbox.cli.policyfile.PolicyInput;
import io.sandbox.cli.policyfile.PolicyParts;
import io.sandbox.cli.policyfile.PolicyPlace;
import io.sandbox.outcome.CommandFailure;
import io.sandbox.outcome.ExitCodes;
import io.sandbox.policy.document.Loss;
import io.sandbox.policy.document.PolicyDocument;
import io.sandbox.policy.document.PolicyFormatException;
import io.sandbox.policy.meaning.PolicyIntersection;
import io.sandbox.policy.meaning.PolicyUnion;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.UnaryOperator;

final class MergePolicies implements Callable<Integer> {
    final Options options = new Options("merge", this);

    private final Value<List<String>> files = options.operands("FILE");

    private final Value<String> to = options.named("--to").text("FORMAT").or("env");

    private final Value<Boolean> intersect = options.named("--intersect").flag();

    private final Console console = new Console("sandbox policy");
    private final PolicyPlace place = new PolicyPlace(options);
    private final PolicyParts parts = new PolicyParts(options, place);
    private final PolicyOutput output = new PolicyOutput(options, console);

    @Override
    public Integer call() {
        PolicyInput input = new PolicyInput(console, parts);
        String first = files.get().get(0);
        List<String> others = files.get().subList(1, files.get().size());
        PolicyDocument merged = input.readPolicyOrRecording(first, place.arch());
        if (!others.isEmpty()) {
            reportDecided(first, merged, input);
        }
        for (String file : others) {
            PolicyDocument other = input.readPolicyOrRecording(file, place.arch());
            reportDecided(file, other, input);
            try {
                merged =
                        intersect.get()
                                ? PolicyIntersection.of(merged, other, place.circumstances())
                                : PolicyUnion.of(merged, other, place.circumstances());
            } catch (PolicyFormatException e) {
                throw CommandFailure.ownFailure(file + ": " + e.getMessage());
            }
        }
        output.write(merged, to.get(), place, input, UnaryOperator.identity());
        return ExitCodes.OK;
    }

    private void reportDecided(String file, PolicyDocument document, PolicyInput input) {
        input.report(file, Loss.ofCircumstances(document, place.circumstances()));
    }
}
