package io.sandbox.recorder.cli;

import io.sandbox.recorder.ExitCodes;
import io.sandbox.syscalldb.SyscallDb;
import io.sandbox.syscalldb.SyscallFacts;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/**
 * {@code sandbox-policy explain}: the same as {@code sandbox-syscall --info}, for several calls.
 */
@Command(
        name = "explain",
        mixinStandardHelpOptions = true,
        header = "Shows what is known of a call: risk, groups, age, siblings.",
        synopsisHeading = "Usage: ",
        optionListHeading = "%nOptions:%n")
final class ExplainSyscall implements Callable<Integer> {
    @Parameters(paramLabel = "SYSCALL", arity = "1..*", description = "Names of calls.")
    private List<String> names;

    @Override
    public Integer call() {
        SyscallDb db = SyscallDb.get();
        Console console = new Console("sandbox-policy");
        List<String> screens = new ArrayList<>();
        for (String name : names) {
            Optional<SyscallFacts> facts = SyscallScreen.factsByAnyName(db, name);
            if (facts.isPresent()) {
                screens.add(SyscallScreen.of(db, facts.get(), Styled.forStandardOutput()));
            } else {
                console.say(name + ": no such system call on any architecture");
            }
        }
        try (ResultOutput output = ResultOutput.open(null)) {
            output.write(String.join("\n", screens).getBytes(StandardCharsets.UTF_8));
        }
        return screens.size() == names.size() ? ExitCodes.OK : ExitCodes.NOTHING_FOUND;
    }
}
