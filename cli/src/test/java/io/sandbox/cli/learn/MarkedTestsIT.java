// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.learn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sandbox.cli.testing.CProgram;
import io.sandbox.cli.testing.Child;
import io.sandbox.cli.testing.Dist;
import io.sandbox.cli.testing.Finished;
import io.sandbox.cli.testing.JUnitRun;
import io.sandbox.cli.testing.Learn;
import io.sandbox.cli.testing.LiveKernel;
import io.sandbox.cli.testing.MakesRecords;
import io.sandbox.cli.testing.Recorded;
import io.sandbox.cli.testing.StoreSubject;
import io.sandbox.cli.testing.Words;
import io.sandbox.evidence.CallTests;
import io.sandbox.evidence.TestsOfCalls;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code sandbox-learn --tests} says which test makes each call. */
@MakesRecords
final class MarkedTestsIT {
    private static final Path SHARE = Dist.learn().resolveSibling("share/sandbox-seccomp");

    @TempDir private Path folder;

    private Finished learn(String line, Object... values) throws Exception {
        return Learn.command(line, values).in(folder).run();
    }

    private Finished record(List<String> program, String options) throws Exception {
        return learn("--tests --recording r.json " + options + " -- %s", program).assertStatus(0);
    }

    private Finished recordMarks(String line, Object... values) throws Exception {
        Path program = CProgram.compile("marks", folder, "-pthread");
        return record(Words.of("%s %s", program, Words.of(line, values)), "");
    }

    private CallTests testsOf(String call) throws Exception {
        return TestsOfCalls.of(Recorded.in(folder.resolve("r.json"))).byCall().entrySet().stream()
                .filter(entry -> entry.getKey().displayName().equals(call))
                .findFirst()
                .orElseThrow()
                .getValue();
    }

    private Finished show(String line) throws Exception {
        return Child.of("sandbox-policy show " + line).in(folder).run();
    }

    @Test
    void callOfTwoTests_isOfTheSmallerOne() throws Exception {
        recordMarks("+Store.large folder child - +Store.small folder -");
        assertEquals(new CallTests(0, 2, List.of("Store.small"), true, 1), testsOf("mkdir"));
        assertEquals(List.of("Store.large"), testsOf("getppid").smallest(), "of its child");
        assertTrue(testsOf("exit_group").outside() > 0);
        String shown = show("--by-test r.json").out();
        assertTrue(shown.matches("(?s).*  mkdir +2  Store\\.small \\(1 call\\)\n.*"), shown);
    }

    @Test
    void marks_areNotInTheList() throws Exception {
        recordMarks("+a folder -").assertOutLacks("lseek").assertOut("mkdir");
    }

    @Test
    void anotherThread_isNotCertain() throws Exception {
        recordMarks("+a thread -");
        assertEquals(List.of("a"), testsOf("getpriority").smallest());
        assertFalse(testsOf("getpriority").certain());
    }

    @Test
    void parallelTests_areOneOfThese() throws Exception {
        recordMarks("parallel");
        assertEquals(
                new CallTests(0, 0, List.of("first", "second"), false, 0), testsOf("getpriority"));
        String shown = show("--by-test r.json").out();
        assertTrue(shown.contains("?  one of first, second\n"), shown);
    }

    @Test
    void hostileName_isShownAsText() throws Exception {
        recordMarks("%s folder -", "+<b>\u001b[31m\n|");
        String shown = show("--by-test r.json").out();
        assertTrue(shown.contains("<b>\\x1b[31m\\x0a|"), shown);
        assertFalse(shown.contains("\u001b[31m"), shown);
    }

    @Test
    void noPrivilege_isNeeded() throws Exception {
        LiveKernel.requireRootUser();
        Path program = CProgram.compile("marks", folder, "-pthread");
        Learn.open(folder);
        List<String> words = new ArrayList<>(Learn.nobody());
        words.addAll(Learn.words("--tests --recording r.json %s +a folder -", program));
        Child.of(words).in(folder).run().assertStatus(0);
        assertEquals(List.of("a"), testsOf("mkdir").smallest());
    }

    @Test
    void junit_eachCallIsOfItsTest() throws Exception {
        record(junit(StoreSubject.class, false), "");
        String name = StoreSubject.class.getName();
        assertEquals(List.of(name + ".links"), testsOf("link").smallest());
        assertEquals(2, testsOf("link").count());
        assertEquals(List.of(name + ".linksManyTimes"), testsOf("symlink").smallest());
    }

    @Test
    void junit_parallelTests_areOneOfThese() throws Exception {
        record(junit(StoreSubject.Pair.class, true), "");
        String name = StoreSubject.Pair.class.getName();
        assertEquals(List.of(name + ".left", name + ".right"), testsOf("symlink").smallest());
    }

    private static List<String> junit(Class<?> tests, boolean parallel) {
        String classes =
                System.getProperty(
                        "surefire.test.class.path", System.getProperty("java.class.path"));
        return List.of(
                Path.of(System.getProperty("java.home"), "bin/java").toString(),
                "-cp",
                classes + ":" + SHARE.resolve("sandbox-test-marks.jar"),
                JUnitRun.class.getName(),
                tests.getName(),
                String.valueOf(parallel));
    }

    @Test
    void pytest_eachCallIsOfItsTest() throws Exception {
        List<String> python = List.of("python3", "-m", "pytest", "-q", "-p", "sandbox_pytest");
        LiveKernel.require(
                Child.of("python3 -c %s", "import pytest").run().status() == 0, "pytest");
        Files.writeString(
                folder.resolve("test_store.py"),
                "import os\n\ndef test_pipe(tmp_path):\n    os.mkfifo(tmp_path / 'p')\n\n"
                        + "def test_sum():\n    assert 1 + 1 == 2\n");
        Learn.command("--tests --recording r.json -- %s", python)
                .with(Map.of("PYTHONPATH", SHARE.toString()))
                .in(folder)
                .run()
                .assertStatus(0);
        assertEquals(List.of("test_store.py::test_pipe"), testsOf("mknodat").smallest());
    }

    @Test
    void check_namesTheTestOfANewCall() throws Exception {
        String program = CProgram.compile("marks", folder, "-pthread").toString();
        Files.writeString(folder.resolve("p.list"), "exit_group\nkill(arg1==0)\n");
        check("--tests --policy p.list -- %s +S.a folder -", program)
                .assertStatus(1)
                .assertOut("mkdir is not allowed", "    by the test S.a\n");
    }

    private Finished check(String line, Object... values) throws Exception {
        return Child.of("sandbox-check " + line, values).in(folder).run();
    }

    @Test
    void check_withoutAProgramOrNotify_isRefused() throws Exception {
        Files.writeString(folder.resolve("p.list"), "exit_group\n");
        check("--tests --policy p.list --evidence r.json")
                .assertRefusedBy("sandbox check", 2, "only with a program");
        check("--tests --source audit --policy p.list true")
                .assertRefusedBy("sandbox check", 2, "does not see the marks of tests");
        Files.writeString(folder.resolve("p.list"), "exit_group\nlseek(arg2==1)\n");
        check("--tests --policy p.list true")
                .assertRefusedBy("sandbox check", 2, "allows lseek under conditions");
    }

    /** So an enforced program marks nothing. */
    @Test
    void withoutTests_thereIsNoVariable() throws Exception {
        learn("-o l.env env").assertOutLacks("SANDBOX_TESTS");
        Finished verified = record(List.of("env"), "--verify -o l.env");
        assertEquals(1, verified.out().lines().filter(l -> l.startsWith("SANDBOX_TESTS=")).count());
    }

    @Test
    void noMark_isSaid() throws Exception {
        record(List.of("true"), "").assertErr("no marked test made a call");
        assertTrue(show("--by-test r.json").out().startsWith("No test makes these"));
    }

    @ParameterizedTest
    @CsvSource({
        "--source audit --recording r.json, does not see the marks of tests",
        "--source bpf --recording r.json, does not see the marks of tests",
        "-q, add --recording FILE or --report FILE",
        "--recording r.json --until-quiet, take --runs N"
    })
    void whatDoesNotFit_isRefused(String options, String reason) throws Exception {
        learn("--tests " + options + " true").assertRefused(125, reason);
    }

    @ParameterizedTest
    @ValueSource(strings = {"--by-test --pid 1", "--by-test r.json"})
    void show_withoutTests_isRefused(String words) throws Exception {
        learn("-q --recording r.json true").assertStatus(0);
        show(words).assertStatus(2).assertErr("test");
    }
}
