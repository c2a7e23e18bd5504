package io.sandbox.recorder.cli;

import io.sandbox.recorder.ExitCodes;
import io.sandbox.syscalldb.Arch;
import io.sandbox.syscalldb.Syscall;
import io.sandbox.syscalldb.SyscallDb;
import io.sandbox.syscalldb.SyscallTable;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code sandbox-syscall}: looks a system call up by number or name, as ausyscall does. */
@Command(
        name = "sandbox-syscall",
        mixinStandardHelpOptions = true,
        header = "Shows the name of a system call number, or the number of a name.",
        synopsisHeading = "Usage: ",
        customSynopsis = "sandbox-syscall [ARCH] NUMBER|NAME",
        description =
                "%nNames are the kernel's; the names of ausyscall(8) are understood too, and shown"
                        + " behind.%n",
        optionListHeading = "Options:%n",
        footer = {
            "",
            "Examples:",
            "  sandbox-syscall 231            exit_group",
            "  sandbox-syscall i386 write     4",
            "",
            "Exit status: 0 found, 1 not found, 2 usage or unknown architecture."
        })
public final class SyscallCommand implements Callable<Integer> {
    @Parameters(hidden = true)
    private List<String> words = List.of();

    @Spec private CommandSpec spec;

    public static void main(String[] arguments) {
        System.exit(Cli.run(new SyscallCommand(), ExitCodes.LOOKUP_ERROR, arguments));
    }

    @Override
    public Integer call() {
        if (words.isEmpty() || words.size() > 2) {
            throw new ParameterException(spec.commandLine(), "one number or name is needed");
        }
        SyscallDb db = SyscallDb.get();
        Arch arch = words.size() == 1 ? db.nativeArch() : arch(db, words.get(0));
        String wanted = words.get(words.size() - 1);
        Optional<String> answer = answer(db.table(arch), wanted);
        if (answer.isEmpty()) {
            new Console("sandbox-syscall").say(wanted + ": no such system call on " + arch.name());
            return ExitCodes.NOTHING_FOUND;
        }
        System.out.println(answer.get());
        return ExitCodes.OK;
    }

    private Arch arch(SyscallDb db, String name) {
        return db.archByName(name)
                .orElseThrow(
                        () ->
                                new ParameterException(
                                        spec.commandLine(), name + ": unknown architecture"));
    }

    private static Optional<String> answer(SyscallTable table, String wanted) {
        if (wanted.matches("[0-9]{1,10}")) {
            long number = Long.parseLong(wanted);
            return number > Integer.MAX_VALUE
                    ? Optional.empty()
                    : table.byNumber((int) number).map(SyscallCommand::nameWithAliases);
        }
        return table.byName(wanted).map(call -> Integer.toString(call.number()));
    }

    private static String nameWithAliases(Syscall call) {
        return call.aliases().isEmpty()
                ? call.name()
                : call.name() + " (audit: " + String.join(" ", call.aliases()) + ")";
    }
}
