// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.policy;

import io.sandbox.cli.Cli;
import io.sandbox.cli.options.Options;
import io.sandbox.cli.options.Usage;
import io.sandbox.policy.format.PolicyFormat;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;

/** {@code sandbox policy}: shows, converts, merges and compares policies of all formats. */
public final class PolicyCommand implements Callable<Integer> {
    /** In the order of the help. */
    private static final List<String> SUBCOMMANDS =
            List.of("show", "test", "convert", "merge", "diff", "disassemble", "report");

    private final Options options = new Options("sandbox policy", this, PolicyCommand::usage);

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

    private static Usage usage() {
        return Options.usage()
                .header("Shows, converts, merges and compares policies of many formats.")
                .synopsis("sandbox policy COMMAND [OPTIONS] ARGUMENT...")
                .description(
                        "The format of a policy is recognised from its content. The file name -"
                                + " means standard input. If a format cannot express a part of a"
                                + " policy, a line on standard error says what is lost.")
                .section("Formats", formats())
                .examples(
                        "sandbox policy show prog.env",
                        "sandbox policy convert prog.env --to oci -o prog.json",
                        "sandbox policy merge first.env second.env --to list",
                        "sandbox policy diff prog.env prog.json",
                        "sandbox policy test prog.env clone3 'socket(AF_ALG)'",
                        "sandbox policy show --pid $(pgrep -n prog)",
                        "sandbox policy report tests.json -o tests.html")
                .exitStatus(
                        "0 on success, or if the policies are the same; 1 if they differ, if a call"
                            + " is unknown, or if test --refused finds what is not refused; 2 after"
                            + " an error or for wrong usage.");
    }

    private static String[] formats() {
        List<String> lines = new ArrayList<>();
        for (PolicyFormat format : PolicyFormat.values()) {
            lines.add(format(format.toString(), format.about()));
        }
        lines.add(
                format(
                        PolicyOutput.BPF,
                        "the compiled filter, for the kernel and bwrap --seccomp"));
        return lines.toArray(new String[0]);
    }

    private static String format(String name, String about) {
        return String.format("  %-11s  %s", name, about);
    }

    public static Options options() {
        return new PolicyCommand().options;
    }

    public static void main(String[] arguments) {
        System.exit(Cli.runLookup(new PolicyCommand(arguments).options, arguments));
    }

    @Override
    public Integer call() {
        throw options.mistake("no command given");
    }
}
