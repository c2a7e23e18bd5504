// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.learn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sandbox.cli.testing.Child;
import io.sandbox.cli.testing.Dist;
import io.sandbox.cli.testing.Finished;
import io.sandbox.cli.testing.Learn;
import io.sandbox.cli.testing.LiveKernel;
import io.sandbox.cli.testing.MakesRecords;
import io.sandbox.cli.testing.Signals;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code sandbox-learn --args} makes lists with conditions, which are correct. */
@MakesRecords
final class LearnedArgumentsIT {
    /**
     * Arguments: families of sockets to open, of type SOCK_DGRAM. Python would not do: where HOME
     * is unset it asks for the user's home, through a socket of libc's.
     */
    private static final String SOCKETS = "socket(my $s, $_, 2, 0) or die for @ARGV;\n";

    @TempDir private Path folder;

    private Path list() {
        return folder.resolve("list.env");
    }

    private Finished learn(String line, Object... values) throws Exception {
        return Learn.command("-o list.env " + line, values).in(folder).run();
    }

    private String sockets() throws IOException {
        LiveKernel.requireProgram("perl");
        return Files.writeString(folder.resolve("sockets.pl"), SOCKETS).toString();
    }

    private Set<String> entriesOf(String call) throws IOException {
        Set<String> entries = new TreeSet<>();
        String line =
                Files.readAllLines(list()).stream()
                        .filter(each -> !each.startsWith("#"))
                        .findFirst()
                        .orElseThrow();
        for (String entry : line.substring(line.indexOf('=') + 1).replace("\"", "").split(":")) {
            if (entry.equals(call) || entry.startsWith(call + "(")) {
                entries.add(entry);
            }
        }
        return entries;
    }

    private static String socket(int family) {
        return "socket(arg0&0xffffffff==" + family + ",arg1&0xffffffff==524290)";
    }

    /** A shell runs the printed command unchanged. */
    @ParameterizedTest
    @CsvSource({"preload, env", "preload, envfile", "entry, env", "exec, envfile"})
    void twoFamilies_enforced_noThirdOneOpens(String from, String format) throws Exception {
        Finished run =
                learn("--args --from %s --to %s perl %s 1 2", from, format, sockets())
                        .assertStatus(0);
        assertEquals(Set.of(socket(1), socket(2)), entriesOf("socket"));
        assertTrue(
                Files.readString(list())
                        .contains("# " + socket(2) + ": AF_INET, SOCK_DGRAM|SOCK_CLOEXEC\n"),
                () -> "no name in the list");
        String advice = "to enforce it: ";
        String command =
                run.messages().stream()
                        .filter(line -> line.contains(advice))
                        .map(line -> line.substring(line.indexOf(advice) + advice.length()))
                        .findFirst()
                        .orElseThrow();
        assertEquals(0, enforced(command).status(), command);
        enforced(command.replaceFirst(" 1 2$", " 1 16")).assertStatus(128 + Signals.number("SYS"));
    }

    private Finished enforced(String command) throws Exception {
        String path = "PATH=\"" + Dist.command("sandboxify").getParent() + ":$PATH\"; ";
        return Child.shell("ulimit -c 0; " + path + command, List.of()).in(folder).run();
    }

    /** What was learned is in the recording: convert, merge, show and check know it. */
    @Test
    void recording_isAsGoodAsTheList() throws Exception {
        String file = folder.resolve("recording").toString();
        learn("--args --recording %s perl %s 1 2", file, sockets()).assertStatus(0);
        Path policy = folder.resolve("policy.json");
        command("sandbox-policy convert %s --to json -o %s", file, policy).assertStatus(0);
        command("sandbox-policy diff %s %s", list(), policy).assertStatus(0);
        String shown = command("sandbox-policy show %s", policy).out();
        assertTrue(shown.contains("arg0&0xffffffff==2 (AF_INET)"), shown);
        String checked = policy.toString();
        command("sandbox-check --policy %s --evidence %s", checked, file).assertStatus(0);
    }

    private Finished command(String line, Object... values) throws Exception {
        return Child.of(line, values).in(folder).run();
    }

    @Test
    void moreThanN_anyIsAllowed() throws Exception {
        String script = sockets();
        learn("--args --max-values 2 perl %s 1 2 16", script).assertStatus(0);
        assertEquals(Set.of("socket"), entriesOf("socket"));
        learn("--args --max-values 3 perl %s 1 2 16", script).assertStatus(0);
        assertEquals(Set.of(socket(1), socket(2), socket(16)), entriesOf("socket"));
    }

    /** Further values of a later run are added to the list through the recording. */
    @Test
    void mergedRuns_valuesOfBoth() throws Exception {
        String script = sockets();
        String file = folder.resolve("recording").toString();
        learn("--args --recording %s perl %s 1", file, script).assertStatus(0);
        learn("--args --merge %s perl %s 2", file, script).assertStatus(0);
        assertEquals(Set.of(socket(1), socket(2)), entriesOf("socket"));
    }

    /** Values that were not recorded cannot be in a condition, and that is said. */
    @Test
    void mergedRunWithoutArguments_theCallsAreNamed() throws Exception {
        String script = sockets();
        String file = folder.resolve("recording").toString();
        learn("-q --recording %s perl %s 1", file, script).assertStatus(0);
        String both = folder.resolve("both").toString();
        Finished run =
                learn("--args --merge %s --recording %s perl %s 2", file, both, script)
                        .assertStatus(0);
        assertEquals(Set.of("socket"), entriesOf("socket"));
        String said =
                run.err()
                        .lines()
                        .filter(line -> line.contains("because runs without --args"))
                        .findFirst()
                        .orElseThrow(() -> new AssertionError(run.toString()));
        assertTrue(said.contains(" socket"), said);
        assertFalse(said.contains(" read"), said);
        command("sandbox-policy convert %s --to list", both)
                .assertErr("socket: gets any arguments");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "python3 -c 'import json, subprocess; subprocess.run([\"true\"])'",
                "curl -s -o copy file:///etc/passwd",
                "sqlite3 x.db 'create table if not exists t(a); insert into t values (1)'",
                "bash -c 'trap \"echo got\" USR1; kill -USR1 $$; sleep 0.1 & wait; ls | sort'"
            })
    void everydayPrograms_runUnderTheirLists(String command) throws Exception {
        LiveKernel.requireProgram(command.substring(0, command.indexOf(' ')));
        Finished run =
                learn("--args --until-quiet --verify sh -c %s", "exec " + command)
                        .assertStatus(0)
                        .assertErr("verified: ");
        assertFalse(entriesOf("mmap").contains("mmap"), run::toString);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--args|--source=audit|--source audit does not tell the arguments",
                "--args|--source=kmsg|--source kmsg does not tell the arguments",
                "--args|--max-values=0|--max-values: 0: not from 1 to 32",
                "--args|--max-values=33|--max-values: 33: not from 1 to 32",
                "--args|--max-values=x|'x' is not an int",
                "--args|--max-values=|is not an int"
            })
    void whatCannotBe_isRefusedOnOneLine(String option, String other, String reason)
            throws Exception {
        Finished run = learn("%s %s touch ran", option, other).assertStatus(125);
        assertEquals(1, run.err().lines().count(), run::toString);
        run.assertErr(reason);
        assertFalse(Files.exists(folder.resolve("ran")), "the program ran");
        assertFalse(Files.exists(list()), "there is a list");
    }
}
