// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.policy;

import io.sandbox.cli.options.Options;
import io.sandbox.cli.options.Usage;
import io.sandbox.cli.options.Value;
import io.sandbox.cli.output.Console;
import io.sandbox.cli.output.StandardOutput;
import io.sandbox.cli.output.Styled;
import io.sandbox.cli.syscall.SyscallScreen;
import io.sandbox.outcome.ExitCodes;
import io.sandbox.syscalldb.SyscallDb;
import io.sandbox.syscalldb.SyscallFacts;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;

/** {@code sandbox-policy explain}: like {@code sandbox-syscall --info}, for several calls. */
final class ExplainSyscall implements Callable<Integer> {
    final Options options = new Options("explain", this, ExplainSyscall::usage);

    private final Value<List<String>> names =
            options.operands("SYSCALL", "The names of the calls.");

    private static Usage usage() {
        return Options.usage()
                .header(
                        "Shows the facts about calls: risk, groups, age and siblings (calls that do"
                                + " the same job).")
                .synopsis("sandbox-policy explain SYSCALL...");
    }

    @Override
    public Integer call() {
        SyscallDb db = SyscallDb.get();
        Console console = new Console("sandbox-policy");
        List<String> screens = new ArrayList<>();
        for (String name : names.get()) {
            Optional<SyscallFacts> facts = SyscallScreen.factsByAnyName(db, name);
            if (facts.isPresent()) {
                screens.add(SyscallScreen.of(db, facts.get(), Styled.forStandardOutput()));
            } else {
                console.say(SyscallScreen.missing(name));
            }
        }
        new StandardOutput().print(String.join("\n", screens));
        return screens.size() == names.get().size() ? ExitCodes.OK : ExitCodes.NOTHING_FOUND;
    }
}
