package io.sandbox.recorder.cli;

import io.sandbox.enforcer.format.PolicyDifference;
import io.sandbox.enforcer.format.PolicyDocument;
import io.sandbox.recorder.ExitCodes;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code sandbox-policy diff}. */
@Command(
        name = "diff",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        header = "Compares two policies, of any formats, by what they mean.",
        synopsisHeading = "Usage: ",
        description =
                "%nPrints a line for each difference: the call, what the first says, what the"
                        + " second says. The order of rules, comments and other names of a call"
                        + " are no differences.",
        optionListHeading = "%nOptions:%n",
        footer = {"", "Exit status: 0 same, 1 different, 2 error or usage."})
final class DiffPolicies implements Callable<Integer> {
    @Parameters(index = "0", paramLabel = "A", description = "The first; - is standard input.")
    private String first;

    @Parameters(index = "1", paramLabel = "B", description = "The second.")
    private String second;

    @Mixin private PolicyPlace place;

    @Override
    public Integer call() {
        PolicyInput input = new PolicyInput(new Console("sandbox-policy"));
        PolicyDocument before = input.readPolicyOrRecording(first, place.arch());
        PolicyDocument after = input.readPolicyOrRecording(second, place.arch());
        List<PolicyDifference> differences =
                PolicyDifference.between(before, after, place.circumstances());
        for (PolicyDifference difference : differences) {
            System.out.println(
                    difference.subject()
                            + ": "
                            + difference.before()
                            + " -> "
                            + difference.after());
        }
        return differences.isEmpty() ? ExitCodes.OK : ExitCodes.NOTHING_FOUND;
    }
}
