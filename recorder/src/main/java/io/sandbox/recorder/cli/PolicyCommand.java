package io.sandbox.recorder.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code sandbox-policy}: policies of all formats, shown, converted, merged, compared. */
@Command(
        name = "sandbox-policy",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        header = "Shows, converts, merges and compares policies of many formats.",
        synopsisHeading = "Usage: ",
        synopsisSubcommandLabel = "COMMAND",
        description = {
            "%nFormats: env and envfile (as sandbox-learn writes them), list (a call on each line),"
                    + " json (ours, says everything), oci (Docker, Podman), spo (Kubernetes"
                    + " Security Profiles Operator), systemd (drop-in), firejail, minijail, and"
                    + " bpf (compiled, only to be written). The format of a file shows by its"
                    + " content; - is standard input. What a format cannot say is reported on"
                    + " standard error, a line for each loss.%n"
        },
        subcommands = {
            ShowPolicy.class,
            ConvertPolicy.class,
            MergePolicies.class,
            DiffPolicies.class,
            CompilePolicy.class,
            ExplainSyscall.class
        },
        commandListHeading = "%nCommands:%n",
        footerHeading = "%nExamples:%n",
        footer = {
            "  sandbox-policy show prog.env",
            "  sandbox-policy convert prog.env --to oci -o prog.json",
            "  sandbox-policy merge first.env second.env --to list",
            "  sandbox-policy diff prog.env prog.json",
            "",
            "Exit status: 0 done or same, 1 different or unknown, 2 error or usage."
        })
public final class PolicyCommand implements Callable<Integer> {
    @Spec private CommandSpec spec;

    public static void main(String[] arguments) {
        System.exit(Cli.runLookup(new PolicyCommand(), arguments));
    }

    @Override
    public Integer call() {
        throw new ParameterException(spec.commandLine(), "no command given");
    }
}
