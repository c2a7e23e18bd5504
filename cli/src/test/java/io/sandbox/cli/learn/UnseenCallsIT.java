// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.learn;

import io.sandbox.cli.testing.CProgram;
import io.sandbox.cli.testing.Child;
import io.sandbox.cli.testing.Enforced;
import io.sandbox.cli.testing.Learn;
import io.sandbox.cli.testing.LiveKernel;
import io.sandbox.cli.testing.NeedsQuietLog;
import io.sandbox.cli.testing.SyscallNames;
import io.sandbox.cli.testing.Until;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** If known calls pass without a record, a process may leave no record at all; see escape.c. */
@NeedsQuietLog
final class UnseenCallsIT {
    private static final String HIDDEN = "getpriority";

    /** A condition that always holds: a check allows such a call without a record. */
    private static final String UNSEEN = "(arg5>=0)";

    @TempDir private Path folder;

    private Path program;
    private Path file;

    @BeforeEach
    void prepare() throws Exception {
        LiveKernel.requireRoot();
        program = CProgram.compile("escape", folder);
        file = folder.resolve("file");
    }

    private Child learn(String options, String mode) {
        return Learn.command(options + " -- %s %s %s", program, mode, file);
    }

    @Test
    void callThatIsRefusedByItself_isFoundByVerify() throws Exception {
        String list =
                learn("--verify", "refuse").run().assertStatus(0).out().replaceAll("#.*\n", "");
        Set<String> calls = SyscallNames.parse(list);
        List<String> command = List.of(program.toString(), "refuse", file.toString());
        Enforced.program(command, calls, Map.of(), folder).assertStatus(0);
        Set<String> less = SyscallNames.without(calls, Set.of("personality"));
        Enforced.program(command, less, Map.of(), folder).assertStatus(159);
    }

    /** Checks against a policy of all calls but the hidden one, which so leave no record. */
    private Child.Running startCheck(String mode) throws Exception {
        Files.createFile(file);
        String learned = learn("-q", mode).run().out();
        Files.delete(file);
        Set<String> calls = new TreeSet<>(SyscallNames.parse(learned));
        calls.add("clock_nanosleep");
        calls.remove(HIDDEN);
        String list = calls.stream().map(call -> call + UNSEEN).collect(Collectors.joining(":"));
        Path policy = folder.resolve("unseen.env");
        Files.writeString(policy, "SECCOMP_SYSCALL_ALLOW=\"" + list + "\"\n");
        Child.Running check =
                Child.of("sandbox check --policy %s -- %s %s %s", policy, program, mode, file)
                        .start();
        Until.exists(folder.resolve("file.left"));
        return check;
    }

    @Test
    void chainOfProcesses_isAwaited() throws Exception {
        try (Child.Running check = startCheck("chain")) {
            // A check that overlooks the process would end within this time.
            Thread.sleep(1000);
            Files.createFile(file);
            check.await().assertStatus(1).assertOut(HIDDEN);
        }
    }

    @Test
    void processThatLeavesItsSession_isNeverLostSilently() throws Exception {
        try (Child.Running check = startCheck("leave")) {
            Files.createFile(file);
            check.await().assertStatus(2);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"preload", "exec", "entry"})
    void condition_isChecked_whereverTheFilterBegins(String from) throws Exception {
        Path policy = folder.resolve("write.env");
        Files.writeString(policy, "SECCOMP_SYSCALL_ALLOW=exit_group:write(arg0==1)\n");
        String check = "sandbox check --policy %s --from %s --format json -- perl -e %s";
        Child.of(check, policy, from, "my $x = 'x'; syscall 1, 1, $x, 1")
                .run()
                .assertOutLacks("\"write\"");
        Child.of(check, policy, from, "my $x = 'x'; syscall 1, 2, $x, 1")
                .run()
                .assertStatus(1)
                .assertOut("\"kind\" : \"outside-conditions\"");
    }
}
