package io.sandbox.recorder.cli;

import io.sandbox.enforcer.format.Loss;
import io.sandbox.enforcer.format.PolicyDocument;
import io.sandbox.enforcer.format.PolicyFormatException;
import io.sandbox.enforcer.format.PolicyUnion;
import io.sandbox.recorder.ExitCodes;
import io.sandbox.recorder.LearnException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code sandbox-policy merge}. */
@Command(
        name = "merge",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        header = "Writes the policy that allows what any of the files allows.",
        synopsisHeading = "Usage: ",
        description = "%nComments and the order of the first file stay.",
        optionListHeading = "%nOptions:%n")
final class MergePolicies implements Callable<Integer> {
    @Parameters(
            paramLabel = "FILE",
            arity = "1..*",
            description = "Policies, and recordings of sandbox-learn; - is standard input.")
    private List<String> files;

    @Option(
            names = "--to",
            paramLabel = "FORMAT",
            defaultValue = "env",
            description = "As for convert; env without this.")
    private String to;

    @Mixin private PolicyPlace place;
    @Mixin private PolicyOutput output;

    @Override
    public Integer call() {
        PolicyInput input = new PolicyInput(new Console("sandbox-policy"));
        PolicyDocument union = input.readPolicyOrRecording(files.get(0), place.arch());
        if (files.size() > 1) {
            reportDecided(files.get(0), union, input);
        }
        for (String file : files.subList(1, files.size())) {
            PolicyDocument other = input.readPolicyOrRecording(file, place.arch());
            reportDecided(file, other, input);
            try {
                union = PolicyUnion.of(union, other, place.circumstances());
            } catch (PolicyFormatException e) {
                throw new LearnException(ExitCodes.LOOKUP_ERROR, file + ": " + e.getMessage());
            }
        }
        output.write(union, to, place, input);
        return ExitCodes.OK;
    }

    private void reportDecided(String file, PolicyDocument document, PolicyInput input) {
        input.report(file, Loss.ofCircumstances(document, place.circumstances()));
    }
}
