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
import io.sandbox.cli.testing.Signals;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code sandbox-learn --args} makes lists with conditions, which are correct. */
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

    private Finished learn(String option, String... words) throws Exception {
        List<String> all = new ArrayList<>(List.of(option, "-o", list().toString()));
        all.addAll(List.of(words));
        return Learn.command(all).in(folder).run();
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
        Finished run = learn("--args", "--from", from, "--to", format, "perl", sockets(), "1", "2");
        assertEquals(0, run.status(), run::toString);
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
        Finished refused = enforced(command.replaceFirst(" 1 2$", " 1 16"));
        assertEquals(128 + Signals.number("SYS"), refused.status(), refused::toString);
    }

    private Finished enforced(String command) throws Exception {
        String path = "PATH=\"" + Dist.command("sandboxify").getParent() + ":$PATH\"; ";
        return Child.shell("ulimit -c 0; " + path + command, List.of()).in(folder).run();
    }

    /** What was learned is in the recording: convert, merge, show and check know it. */
    @Test
    void recording_isAsGoodAsTheList() throws Exception {
        String file = folder.resolve("recording").toString();
        assertEquals(0, learn("--args", "--recording", file, "perl", sockets(), "1", "2").status());
        Path policy = folder.resolve("policy.json");
        Finished converted =
                command("sandbox-policy", "convert", file, "--to", "json", "-o", policy.toString());
        assertEquals(0, converted.status(), converted::toString);
        assertEquals(
                0,
                command("sandbox-policy", "diff", list().toString(), policy.toString()).status());
        String shown = command("sandbox-policy", "show", policy.toString()).out();
        assertTrue(shown.contains("arg0&0xffffffff==2 (AF_INET)"), shown);
        String checked = policy.toString();
        assertEquals(0, command("sandbox-check", "--policy", checked, "--evidence", file).status());
    }

    private Finished command(String name, String... words) throws Exception {
        List<String> all = new ArrayList<>(List.of(Dist.command(name).toString()));
        all.addAll(List.of(words));
        return Child.of(all).in(folder).run();
    }

    @Test
    void moreThanN_anyIsAllowed() throws Exception {
        String script = sockets();
        assertEquals(
                0, learn("--args", "--max-values", "2", "perl", script, "1", "2", "16").status());
        assertEquals(Set.of("socket"), entriesOf("socket"));
        assertEquals(
                0, learn("--args", "--max-values", "3", "perl", script, "1", "2", "16").status());
        assertEquals(Set.of(socket(1), socket(2), socket(16)), entriesOf("socket"));
    }

    /** Further values of a later run are added to the list through the recording. */
    @Test
    void mergedRuns_valuesOfBoth() throws Exception {
        String script = sockets();
        String file = folder.resolve("recording").toString();
        assertEquals(0, learn("--args", "--recording", file, "perl", script, "1").status());
        Finished run = learn("--args", "--merge", file, "perl", script, "2");
        assertEquals(0, run.status(), run::toString);
        assertEquals(Set.of(socket(1), socket(2)), entriesOf("socket"));
    }

    /** Values that were not recorded cannot be in a condition, and that is said. */
    @Test
    void mergedRunWithoutArguments_theCallsAreNamed() throws Exception {
        String script = sockets();
        String file = folder.resolve("recording").toString();
        assertEquals(0, learn("-q", "--recording", file, "perl", script, "1").status());
        String both = folder.resolve("both").toString();
        Finished run = learn("--args", "--merge", file, "--recording", both, "perl", script, "2");
        assertEquals(0, run.status(), run::toString);
        assertEquals(Set.of("socket"), entriesOf("socket"));
        String said =
                run.err()
                        .lines()
                        .filter(line -> line.contains("because runs without --args"))
                        .findFirst()
                        .orElseThrow(() -> new AssertionError(run.toString()));
        assertTrue(said.contains(" socket"), said);
        assertFalse(said.contains(" read"), said);
        Finished converted = command("sandbox-policy", "convert", both, "--to", "list");
        assertTrue(converted.err().contains("socket: gets any arguments"), converted::toString);
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
        Finished run = learn("--args", "--until-quiet", "--verify", "sh", "-c", "exec " + command);
        assertEquals(0, run.status(), run::toString);
        assertTrue(run.err().contains("verified: "), run::toString);
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
        Finished run = learn(option, other, "touch", "ran");
        assertEquals(125, run.status(), run::toString);
        assertEquals(1, run.err().lines().count(), run::toString);
        assertTrue(run.err().contains(reason), run::toString);
        assertFalse(Files.exists(folder.resolve("ran")), "the program ran");
        assertFalse(Files.exists(list()), "there is a list");
    }
}
