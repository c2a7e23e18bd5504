// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.learn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sandbox.cli.testing.CProgram;
import io.sandbox.cli.testing.Child;
import io.sandbox.cli.testing.Dist;
import io.sandbox.cli.testing.Finished;
import io.sandbox.cli.testing.Learn;
import io.sandbox.cli.testing.LiveKernel;
import io.sandbox.cli.testing.MakesRecords;
import io.sandbox.cli.testing.Signals;
import io.sandbox.syscalldb.SyscallDb;
import io.sandbox.syscalldb.testing.Table;
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

/**
 * Lists have conditions on arguments, which are correct: coarse ones, and with --args exact ones.
 */
@MakesRecords
final class LearnedArgumentsIT {
    /**
     * Arguments: families of sockets to open, of type SOCK_DGRAM. Python would not do: where HOME
     * is unset it asks for the user's home, through a socket of libc's.
     */
    private static final String SOCKETS = "socket(my $s, $_, 2, 0) or die for @ARGV;\n";

    private static final int ENOSYS = 38;

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
        return "socket(arg0&0xffffffff==" + family + ",arg1&0xffffffff==524290,arg2&0xffffffff==0)";
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

    /** The list refuses what the bound refuses, in the way that the bound says. */
    @Test
    void atMost_learnedCallThatDockerRefuses_isTakenAwayAndSaid() throws Exception {
        SyscallDb db = SyscallDb.get();
        int unshare = db.table(db.nativeArch()).byName("unshare").orElseThrow().number();
        String script = "print syscall(" + unshare + ", 0x10000000)"; // CLONE_NEWUSER
        Learn.command("--to json -o a.json --at-most docker perl -e %s", script)
                .in(folder)
                .run()
                .assertStatus(0)
                .assertOutIs("0")
                .assertErr(
                        "sandbox learn: --at-most docker: unshare: allow if ",
                        " -> errno:EPERM if ",
                        " (closes: a new user namespace)");
        Child.of("sandboxify --policy a.json perl -e %s", script)
                .in(folder)
                .run()
                .assertOutIs("-1")
                .assertStatus(0);
        Learn.command("--at-most docker --verify true")
                .run()
                .assertRefused(125, "--at-most: no --verify");
        Learn.command("--at-most nofile true").run().assertRefused(125, "nofile");
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
        learn("-q --names --recording %s perl %s 1", file, script).assertStatus(0);
        String both = folder.resolve("both").toString();
        Finished run =
                learn("--args --merge %s --recording %s perl %s 2", file, both, script)
                        .assertStatus(0);
        assertEquals(Set.of("socket"), entriesOf("socket"));
        String said =
                run.err()
                        .lines()
                        .filter(line -> line.contains("allowed with any arguments"))
                        .findFirst()
                        .orElseThrow(() -> new AssertionError(run.toString()));
        assertTrue(said.contains(" socket"), said);
        assertFalse(said.contains(" read"), said);
        command("sandbox-policy convert %s --to list", both)
                .assertErr("socket: gets any arguments");
    }

    private static final String OPENED =
            "clone unshare netfilter crypto tls terminal tracer set-id code writable-code";

    /** Calls that the program makes, but for something else, are refused. */
    @ParameterizedTest
    @ValueSource(strings = {"audit", "notify", "bpf"})
    void classes_fromEachSource_letNothingElseThrough(String source) throws Exception {
        Path opens = CProgram.compile("opens", folder, "-pthread");
        learn("--chance-calls --source %s %s", source, opens).assertStatus(0);
        assertEquals(Set.of("clone(arg0&0x7e020000==0)"), entriesOf("clone"));
        assertEquals(Set.of("unshare(arg0&0x7e120080==0)"), entriesOf("unshare"));
        assertEquals(Set.of("chmod(arg1&0xc00==0)"), entriesOf("chmod"));
        assertEquals(Set.of("mprotect(arg2&0x4==0)"), entriesOf("mprotect"));
        assertEquals(Set.of("mmap(arg2&0x4==0)", "mmap(arg2&0x6==4)"), entriesOf("mmap"));
        assertTrue(Files.readString(list()).contains(":clone3=ENOSYS:"));
        underList(opens, "").assertStatus(0);
        underList(opens, "clone3").assertStatus(ENOSYS);
        for (String what : OPENED.split(" ")) {
            underList(opens, what).assertStatus(128 + Signals.number("SYS"));
        }
    }

    private Finished underList(Path program, String what) throws Exception {
        return command("sandbox run -q --policy %s %s %s", list(), program, what);
    }

    /** No filter sees for what clone3 is called, so the list is open for it, and says so. */
    @ParameterizedTest
    @ValueSource(strings = {"audit", "notify", "bpf"})
    void clone3ForANamespace_isOpenAndSaidSo(String source) throws Exception {
        Path opens = CProgram.compile("opens", folder, "-pthread");
        learn("--chance-calls --source %s %s clone3", source, opens).assertStatus(0);
        assertEquals(Set.of("clone3"), entriesOf("clone3"));
        assertTrue(Files.readString(list()).contains("# clone3: open for every namespace"));
        underList(opens, "clone3").assertStatus(0);
    }

    @Test
    void names_haveNoConditions() throws Exception {
        Path opens = CProgram.compile("opens", folder, "-pthread");
        learn("--names %s", opens).assertStatus(0);
        assertEquals(Set.of("clone3"), entriesOf("clone3"));
        assertEquals(Set.of("mmap"), entriesOf("mmap"));
    }

    @Table
    void everydayPrograms_runUnderTheirLists(String command) throws Exception {
        LiveKernel.requireProgram(command.substring(0, command.indexOf(' ')));
        Finished run =
                learn("--args --source notify --until-quiet --verify sh -c %s", "exec " + command)
                        .assertStatus(0)
                        .assertErr("verified: ");
        assertFalse(entriesOf("mmap").contains("mmap"), run::toString);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--args|--names|--args and --names contradict each other",
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
