// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.review;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sandbox.cli.testing.Child;
import io.sandbox.cli.testing.Finished;
import io.sandbox.cli.testing.LiveKernel;
import io.sandbox.cli.testing.Terminal;
import io.sandbox.cli.testing.Until;
import io.sandbox.cli.testing.Words;
import io.sandbox.evidence.CallEvidence;
import io.sandbox.evidence.ProgramEvidence;
import io.sandbox.evidence.Recording;
import io.sandbox.evidence.RecordingWriter;
import io.sandbox.evidence.Run;
import io.sandbox.evidence.RunFilter;
import io.sandbox.evidence.Verdict;
import io.sandbox.evidence.testing.Evidence;
import io.sandbox.syscalldb.Origin;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code sandbox-review} itself, on a terminal and with its answers from a file. */
final class ReviewIT {
    private static final String CTRL_C = "\\x03";
    private static final String CTRL_Z = "\\x1a";
    private static final String POLICY =
            "# of the shop\n\naccept4: 1\nread: 1   # it reads\nwrite:1\n\n# the end";

    @TempDir private Path folder;

    private Path policy;

    @BeforeEach
    void prepare() throws IOException {
        policy = Files.writeString(folder.resolve("p.policy"), POLICY);
        record(new Verdict.Complete(), "/usr/sbin/shop", "ptrace", "openat");
    }

    /** Writes a recording of these calls and of a socket of two families. */
    private void record(Verdict verdict, String executable, String... names) throws IOException {
        List<CallEvidence> calls = new ArrayList<>();
        for (String name : names) {
            calls.add(call(name, Optional.empty()));
        }
        calls.add(call("socket", Optional.of(List.of("arg0==1", "arg0==2"))));
        ProgramEvidence program = new ProgramEvidence(executable, Evidence.X86_64, calls);
        Run run = Evidence.run("1", RunFilter.LOG_ALL, 0, verdict, program);
        Files.write(folder.resolve("r.json"), RecordingWriter.write(Recording.of(run)));
    }

    private static CallEvidence call(String name, Optional<List<String>> arguments) {
        return new CallEvidence(
                Evidence.number(name),
                3,
                7,
                OptionalLong.empty(),
                Optional.of(new Origin("/nowhere.so", 16)),
                arguments);
    }

    private List<String> words(String line, Object... values) {
        List<String> words = Words.of("sandbox-review --policy %s", policy);
        words.addAll(Words.of(line, values));
        return words;
    }

    private List<String> review() {
        return words("--evidence %s", folder.resolve("r.json"));
    }

    private static Finished answer(String answers, List<String> words) throws Exception {
        return Child.of(words).input(answers.getBytes(UTF_8)).run();
    }

    private static Finished type(List<String> steps, List<String> words) throws Exception {
        List<String> all =
                Words.of(
                        "sh -c %s sh env TERM=dumb %s", "stty cols 80 rows 24; exec \"$@\"", words);
        return Terminal.run(steps, all);
    }

    /** What was shown, wherever the lines break. */
    private static void assertShown(Finished run, String... texts) {
        for (String text : texts) {
            assertTrue(run.out().replaceAll("\\s+", " ").contains(text), run::toString);
        }
    }

    private String text() throws IOException {
        return Files.readString(policy);
    }

    private Path kept() {
        return folder.resolve("p.policy.review");
    }

    @Test
    void answersFromAFile_areWrittenAndNothingElseChanges() throws Exception {
        Finished run =
                answer("r\n\ns\na opens its log\ny\n", review()).assertStatus(0).assertNoErr();
        String date = text().replaceAll("(?s).*reviewed ([0-9-]{10}):.*", "$1");
        assertEquals(
                "# of the shop\n\naccept4: 1\n"
                        + "openat: 1  # reviewed DATE: opens its log\n"
                        + "ptrace: return EPERM  # reviewed DATE: refused without a reason; seen 3"
                        + " times in /usr/sbin/shop\n"
                        + "read: 1   # it reads\n"
                        + "socket: arg0 == 0x1 || arg0 == 0x2  # reviewed DATE: seen 3 times in"
                        + " /usr/sbin/shop\n"
                        + "write:1\n\n# the end",
                text().replace(date, "DATE"));
        assertFalse(Files.exists(kept()));
        assertShown(run, "1 run: other runs may make more calls.");
        String next = "next: test what is refused: sandbox run --policy " + policy + " PROGRAM\n";
        run.assertOut(next);
        Finished again = answer("", review()).assertStatus(0);
        assertShown(again, "nothing to decide: the policy has an answer for each call.");
        assertShown(
                again, "Not asked about, since the policy has a rule for them: ptrace (line 5)");
    }

    /** In a minijail policy, such a comment would take the next rule in. */
    @Test
    void nameThatEndsInABackslash_takesNoRuleIn() throws Exception {
        record(new Verdict.Complete(), "/usr/sbin/shop\\", "openat");
        answer("a\na\ny\n", review()).assertStatus(0);
        assertTrue(text().contains(" in /usr/sbin/shop\\x5c\nread: 1   # it reads\n"), text());
    }

    @Test
    void terminal_ofEightyColumnsWithoutColour() throws Exception {
        Finished run =
                type(
                                List.of(
                                        "wait 1 of 3: ptrace",
                                        "wait > ",
                                        "send a\\n",
                                        "wait 2 of 3: socket",
                                        "wait > ",
                                        "send ?\\n",
                                        "wait > ",
                                        "send b\\n",
                                        "wait Taken back: ptrace",
                                        "wait > ",
                                        "send r\\n",
                                        "wait [EPERM] ",
                                        "send ENOSYS\\n",
                                        "wait 2 of 3: socket",
                                        "wait > ",
                                        "send s\\n",
                                        "wait 3 of 3: openat",
                                        "wait > ",
                                        "send n\\n",
                                        "wait 1 allowed, 1 refused, 1 undecided",
                                        "wait Write this",
                                        "wait > ",
                                        "send y\\n",
                                        "wait written"),
                                review())
                        .assertStatus(1);
        assertTrue(text().contains("\nptrace: return ENOSYS  # reviewed "), text());
        assertTrue(text().contains("\nsocket: arg0 == 0x1 || arg0 == 0x2  # reviewed "), text());
        assertFalse(text().contains("openat"), text());
        run.assertOutLacks("\u001b");
        run.out()
                .lines()
                .filter(line -> !line.contains("reviewed") && !line.contains("/junit"))
                .forEach(line -> assertTrue(line.strip().length() < 80, line));
    }

    @Test
    void nothingIsWrittenBeforeYes() throws Exception {
        Finished run =
                type(
                                List.of(
                                        "wait > ",
                                        "send a\\n",
                                        "wait 2 of 3",
                                        "wait > ",
                                        "send a\\n",
                                        "wait 3 of 3",
                                        "wait > ",
                                        "send a\\n",
                                        "wait Write this",
                                        "wait > ",
                                        "send " + CTRL_C),
                                review())
                        .assertStatus(130);
        assertEquals(POLICY, text());
        assertShown(run, "Nothing was written to ");
        assertShown(run, "run the same command again");
        assertEquals(
                "rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(kept())));
        Finished resumed = answer("y\n", review()).assertStatus(0);
        assertShown(resumed, "3 decisions of an earlier review taken from");
        resumed.assertOutLacks(" of 3: ");
        assertTrue(text().contains("\nptrace: 1  # "), text());
    }

    @Test
    void endOfInput_leaves_andChangedEvidenceIsAskedAgain() throws Exception {
        answer("a\ns\n", review()).assertStatus(1);
        assertEquals(POLICY, text());
        record(new Verdict.Complete(), "/usr/sbin/other", "ptrace", "openat");
        Finished again = answer("", review());
        assertShown(again, "Asked again, since the policy");
        assertShown(again, "changed: ptrace, socket");
        assertShown(again, "1 of 3: ptrace");
        again.assertStatus(1);
    }

    @Test
    void quitWithoutKeeping_leavesNothingBehind() throws Exception {
        answer("a\nq\nn\n", review()).assertStatus(1);
        assertEquals(POLICY, text());
        try (Stream<Path> files = Files.list(folder)) {
            assertEquals(2, files.count(), "the policy and the recording");
        }
    }

    @Test
    void decisionsFile_isTheOneThatIsGiven() throws Exception {
        Path other = folder.resolve("d");
        List<String> words = review();
        words.addAll(List.of("--decisions", other.toString()));
        answer("a\n", words).assertStatus(1);
        record(new Verdict.Complete(), "/usr/sbin/shop", "bpf");
        Finished run = answer("a\nn\ny\n", words).assertStatus(1);
        String check = String.join(" ", review()).replaceFirst("^\\S+", "sandbox check");
        run.assertOut("next: " + check + "\n");
        assertTrue(text().contains("\nbpf: 1 "), text());
        assertTrue(Files.readString(other).contains("\"ptrace\""), "of the other evidence");
        assertFalse(Files.readString(other).contains("\"bpf\""));
        assertFalse(Files.exists(kept()));
        Files.writeString(other, "{}");
        answer("a\n", words)
                .assertRefusedBy("sandbox review", 2, "not decisions of sandbox review");
    }

    @Test
    void incompleteEvidence_isSaidAtBothEnds() throws Exception {
        record(
                new Verdict.Incomplete(5, List.of("5 records were dropped")),
                "/usr/sbin/shop",
                "bpf");
        Finished run = answer("a\na\ny\n", review()).assertStatus(0);
        assertShown(run, "NOT COMPLETE: ./x: incomplete");
        assertShown(run, "The evidence was not complete");
        assertTrue(text().contains("\nbpf: 1"), text());
    }

    @Test
    void hostileName_isShownAndWrittenAsText() throws Exception {
        record(new Verdict.Complete(), "/tmp/\u001b[31m\nread: 1\u202e", "bpf");
        Finished run = answer("w\na\na\ny\n", review()).assertStatus(0).assertOutLacks("\u001b");
        assertShown(run, "/tmp/\\x1b[31m\\x0aread:");
        assertFalse(text().contains("\u001b") || text().contains("\u202e"), text());
        assertEquals(POLICY.lines().count() + 2, text().lines().count());
    }

    @Test
    void way_isReadFromTheCodeOfTheProgram() throws Exception {
        record(new Verdict.Complete(), "/bin/true", "exit_group");
        Finished run = answer("2\nw\n", review());
        assertShown(run, "Reading the code of /bin/true ...");
        assertShown(run, " makes exit_group");
    }

    @Test
    void programThatIsRun_isAskedAboutWhenItHasEnded() throws Exception {
        LiveKernel.requireRoot();
        Finished run =
                answer(
                                "for the program\na\n",
                                words("--source notify -- sh -c %s", "read x; echo \"GOT $x\""))
                        .assertStatus(1)
                        .assertErr("GOT for the program\n");
        assertShown(run, "> a ");
        assertTrue(Files.exists(kept()));
    }

    @Test
    void policyThatSomebodyChangesMeanwhile_isNotOverwritten() throws Exception {
        LiveKernel.requireRoot();
        Finished run =
                answer(
                                "a\n".repeat(60) + "y\n",
                                words("--source notify -- sh -c %s", "echo 'read: 1' >" + policy))
                        .assertStatus(2)
                        .assertErr("somebody else has changed it meanwhile");
        assertShown(run, "run the same command again");
        assertEquals("read: 1\n", text());
        assertTrue(Files.exists(kept()));
    }

    @Test
    void keysOfTheTerminal_workAfterAProgramWasRun() throws Exception {
        LiveKernel.requireRoot();
        Finished run =
                type(
                                List.of(
                                        "wait 1 of ",
                                        "wait > ",
                                        "send a\\n",
                                        "wait 2 of ",
                                        "wait > ",
                                        "send " + CTRL_C),
                                words("--source notify -- ls"))
                        .assertStatus(130);
        assertShown(run, "run the same command again");
        assertEquals(POLICY, text());
    }

    /** Java, which ignores the signals by then, must not stay and take what is typed. */
    @Test
    void sandboxExecIsKilled_theShellGoesOn() throws Exception {
        LiveKernel.requireRoot();
        Path ended = folder.resolve("ended");
        List<String> words = words("--source notify -- touch %s", ended);
        // Java takes a moment to ask, and to end: until then it still reads.
        String killer =
                "(until [ -e "
                        + ended
                        + " ]; do sleep 0.1; done; sleep 6; kill -9 $$; sleep 6; expr 700 + 77) &";
        Terminal.runInShell(
                        "send "
                                + "sh -c '"
                                + killer
                                + " exec \"$@\"' sh "
                                + String.join(" ", words)
                                + "\\n",
                        "wait 1 of ",
                        "wait Killed",
                        "wait 777",
                        "send echo IN THE'' SHELL\\n",
                        "wait IN THE SHELL",
                        "wait $ ")
                .assertOutLacks("internal error");
        Until.noProcessHas(policy.toString());
    }

    /** Stopped, it must not take what is typed for the shell. */
    @Test
    void stopKey_stopsTheReview() throws Exception {
        Terminal.runInShell(
                "send " + String.join(" ", review()) + "\\n",
                "wait 1 of 3",
                "wait > ",
                "send " + CTRL_Z,
                "wait Stopped",
                "wait $ ",
                "send echo IN THE'' SHELL\\n",
                "wait IN THE SHELL",
                "wait $ ",
                "send fg\\n",
                "wait sandbox-review",
                "send a\\n",
                "wait 2 of 3",
                "send q\\n",
                "wait [Y/n] ",
                "send \\n",
                "wait $ ");
        assertTrue(Files.readString(kept()).contains("\"ptrace\""));
    }

    @Test
    void badInput_isStatus2AndOneLine() throws Exception {
        Files.writeString(folder.resolve("deny"), "SECCOMP_SYSCALL_DENY=mount\n");
        Files.writeString(
                folder.resolve("kafel"), "POLICY a { ALLOW { read } } USE a DEFAULT KILL\n");
        Files.writeString(
                folder.resolve("none.json"),
                "{\"format\": \"sandbox-recording\", \"version\": 1, \"runs\": []}");
        Map<String, List<String>> mistakes =
                Map.of(
                        "policy", List.of("--evidence", "r.json"),
                        "nothing", List.of("--policy", "p.policy"),
                        "No such file", List.of("--policy", "none", "--evidence", "r.json"),
                        "take calls out of it", List.of("--policy", "deny", "--evidence", "r.json"),
                        "kafel: cannot be changed",
                                List.of("--policy", "kafel", "--evidence", "r.json"),
                        "no call of any program",
                                List.of("--policy", "p.policy", "--evidence", "none.json"),
                        "cannot write",
                                List.of(
                                        "--policy",
                                        "p.policy",
                                        "--decisions",
                                        "no/d",
                                        "--evidence",
                                        "r.json"));
        for (Map.Entry<String, List<String>> mistake : mistakes.entrySet()) {
            Child.of("sandbox-review %s", mistake.getValue())
                    .in(folder)
                    .run()
                    .assertRefusedBy("sandbox review", 2, mistake.getKey());
        }
        assertEquals(POLICY, text());
    }
}
