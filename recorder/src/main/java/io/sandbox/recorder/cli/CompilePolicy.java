package io.sandbox.recorder.cli;

import io.sandbox.recorder.ExitCodes;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code sandbox-policy compile}. */
@Command(
        name = "compile",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        header = "Writes the filter that the kernel runs, for bwrap --seccomp or sandbox-exec.",
        synopsisHeading = "Usage: ",
        optionListHeading = "%nOptions:%n")
final class CompilePolicy implements Callable<Integer> {
    @Parameters(paramLabel = "FILE", description = "The policy; - is standard input.")
    private String file;

    @Mixin private PolicyPlace place;
    @Mixin private PolicyOutput output;

    @Override
    public Integer call() {
        PolicyInput input = new PolicyInput(new Console("sandbox-policy"));
        output.write(input.read(file, null), PolicyOutput.BPF, place, input);
        return ExitCodes.OK;
    }
}
