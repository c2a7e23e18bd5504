package io.sandbox.recorder.cli;

import io.sandbox.enforcer.format.PolicyDocument;
import io.sandbox.recorder.ExitCodes;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code sandbox-policy convert}. */
@Command(
        name = "convert",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        header = "Writes a policy in another format.",
        synopsisHeading = "Usage: ",
        optionListHeading = "%nOptions:%n")
final class ConvertPolicy implements Callable<Integer> {
    @Parameters(paramLabel = "FILE", description = "The policy; - is standard input.")
    private String file;

    @Option(
            names = "--from-format",
            paramLabel = "FORMAT",
            description = "What FILE is; without this, its content says.")
    private String fromFormat;

    @Option(
            names = "--to",
            paramLabel = "FORMAT",
            required = true,
            description = "env, envfile, list, json, oci, spo, systemd, firejail, minijail or bpf.")
    private String to;

    @Mixin private PolicyPlace place;
    @Mixin private PolicyOutput output;

    @Override
    public Integer call() {
        PolicyInput input = new PolicyInput(new Console("sandbox-policy"));
        PolicyDocument document =
                input.read(file, fromFormat == null ? null : PolicyOutput.named(fromFormat));
        output.write(document, to, place, input);
        return ExitCodes.OK;
    }
}
