package io.sandbox.recorder.cli;

import io.sandbox.enforcer.format.PolicyDocument;
import io.sandbox.enforcer.format.PolicyTranslation;
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
        optionListHeading = "%nOptions:%n",
        footer = {
            "",
            "Our own json, in which the first rule that matches a call decides:",
            "  {\"sandboxPolicy\": 1, \"comments\": [...], \"default\": ACTION,",
            "   \"architectures\": [...] (besides the machine's own), or",
            "   \"architecturesOf\": {\"x86_64\": [\"i386\"]...},",
            "   \"missing\": \"refuse\" or \"ignore\" (names that an architecture lacks),",
            "   \"log\": true (refused calls leave audit records), \"rules\": [",
            "     {\"call\": \"socket\", \"if\": [\"arg0==1\"], \"action\": ACTION, \"reason\":"
                    + " \"...\",",
            "      \"comments\", \"arches\", \"notArches\", \"caps\", \"notCaps\": [...],",
            "      \"minKernel\", \"belowKernel\": \"4.8\"}...]}",
            "ACTION: allow, kill, kill_thread, trap, log, errno, errno:NAME or errno:NUMBER."
        })
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

    @Option(
            names = "--from-arch",
            paramLabel = "ARCH",
            description =
                    "With --arch: what FILE is for, if not this machine's. Calls that ARCH lacks"
                            + " are replaced by their siblings; it is a proposal.")
    private String fromArch;

    @Mixin private PolicyPlace place;
    @Mixin private PolicyOutput output;

    @Override
    public Integer call() {
        Console console = new Console("sandbox-policy");
        PolicyInput input = new PolicyInput(console);
        PolicyDocument document =
                input.read(file, fromFormat == null ? null : PolicyOutput.named(fromFormat));
        output.write(translated(document, console, input), to, place, input);
        return ExitCodes.OK;
    }

    private PolicyDocument translated(PolicyDocument document, Console console, PolicyInput input) {
        PolicyTranslation.Result result =
                PolicyTranslation.of(document, PolicyPlace.arch(fromArch), place.arch());
        for (String replacement : result.replacements()) {
            console.say(place.arch().name() + ": " + replacement);
        }
        input.report(place.arch().name(), result.losses());
        return result.document();
    }
}
