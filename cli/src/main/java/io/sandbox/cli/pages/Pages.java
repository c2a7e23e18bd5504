// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.pages;

import io.sandbox.cli.Cli;
import io.sandbox.cli.check.CheckCommand;
import io.sandbox.cli.fleet.FleetCommand;
import io.sandbox.cli.learn.LearnCommand;
import io.sandbox.cli.log.LogCommand;
import io.sandbox.cli.options.CommandHelp;
import io.sandbox.cli.options.Options;
import io.sandbox.cli.policy.PolicyCommand;
import io.sandbox.cli.reach.ReachCommand;
import io.sandbox.cli.review.ReviewCommand;
import io.sandbox.cli.sandboxify.SandboxifyCommand;
import io.sandbox.cli.syscall.SyscallCommand;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Writes the manual pages and completions of all commands to the folders where programs look for
 * them.
 */
public final class Pages {
    private Pages() {}

    /**
     * @param arguments a folder with the layout of {@code /usr/share}; the date of the pages; the
     *     output of {@code sandbox-exec --help}
     */
    public static void main(String[] arguments) throws IOException {
        Path share = Path.of(arguments[0]);
        LocalDate date = LocalDate.parse(arguments[1]);
        List<CommandHelp> commands = commands(arguments[2]);
        List<String> names = commands.stream().map(CommandHelp::name).toList();
        for (CommandHelp command : commands) {
            String name = command.name();
            ManPage page = new ManPage(command, date, Cli.version(), names);
            write(share.resolve("man/man1/" + name + ".1"), page.text());
            write(
                    share.resolve("bash-completion/completions/" + name),
                    new BashCompletion(command).text());
            write(share.resolve("zsh/site-functions/_" + name), new ZshCompletion(command).text());
            write(
                    share.resolve("fish/vendor_completions.d/" + name + ".fish"),
                    new FishCompletion(command).text());
        }
    }

    static List<CommandHelp> commands(String helpOfSandboxExec) {
        List<CommandHelp> all =
                new ArrayList<>(
                        Stream.of(
                                        LearnCommand.options(),
                                        CheckCommand.options(),
                                        ReviewCommand.options(),
                                        LogCommand.options(),
                                        PolicyCommand.options(),
                                        ReachCommand.options(),
                                        FleetCommand.options(),
                                        SyscallCommand.options(),
                                        SandboxifyCommand.options())
                                .map(Options::help)
                                .toList());
        all.add(SandboxExecHelp.parse(helpOfSandboxExec));
        return all;
    }

    private static void write(Path file, String text) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }
}
