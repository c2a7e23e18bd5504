// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.policy;

import io.sandbox.cli.Cli;
import io.sandbox.cli.options.Options;
import io.sandbox.outcome.ExitCodes;
import io.sandbox.policy.format.PolicyFormat;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;

/** {@code sandbox policy}: shows, converts, merges and compares policies of all formats. */
public final class PolicyCommand implements Callable<Integer> {
    /** In the order of the help. */
    private static final List<String> SUBCOMMANDS =
            List.of("show", "test", "convert", "merge", "diff", "disassemble", "report");

    private final Options options =
            new Options("sandbox policy", this).with(PolicyCommand::formats);

    /**
     * @param arguments the command line: if it begins with a subcommand, only this one is made,
     *     since each costs time
     */
    private PolicyCommand(String... arguments) {
        String first = arguments.length == 0 ? "" : arguments[0];
        for (String name : SUBCOMMANDS.contains(first) ? List.of(first) : SUBCOMMANDS) {
            options.subcommand(subcommand(name));
        }
    }

    private static Options subcommand(String name) {
        return switch (name) {
            case "show" -> new ShowPolicy().options;
            case "convert" -> new ConvertPolicy().options;
            case "merge" -> new MergePolicies().options;
            case "diff" -> new DiffPolicies().options;
            case "test" -> new TestPolicy().options;
            case "disassemble" -> new DisassembleFilter().options;
            case "report" -> new ReportRecordings().options;
            default -> throw new IllegalArgumentException(name);
        };
    }

    private static String formats() {
        List<String> lines = new ArrayList<>();
        for (PolicyFormat format : PolicyFormat.values()) {
            lines.add(format(format.toString(), format.about()));
        }
        lines.add(
                format(
                        PolicyOutput.BPF,
                        "the compiled filter, for the kernel and bwrap --seccomp"));
        return String.join("\n", lines);
    }

    private static String format(String name, String about) {
        return String.format("  %-11s  %s", name, about);
    }

    public static Options options() {
        return new PolicyCommand().options;
    }

    public static void main(String[] arguments) {
        Options options = new PolicyCommand(arguments).options;
        if (RuntimeNeeds.isWanted(arguments)) {
            Cli.runRecorder(options, ExitCodes.LOOKUP_ERROR, arguments);
        }
        System.exit(Cli.runLookup(options, arguments));
    }

    @Override
    public Integer call() {
        throw options.mistake("no command given");
    }
}
