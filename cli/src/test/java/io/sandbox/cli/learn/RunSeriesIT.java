// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.learn;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sandbox.cli.testing.CProgram;
import io.sandbox.cli.testing.Child;
import io.sandbox.cli.testing.Finished;
import io.sandbox.cli.testing.Learn;
import io.sandbox.cli.testing.LiveKernel;
import io.sandbox.cli.testing.NeedsQuietLog;
import io.sandbox.cli.testing.Recorded;
import io.sandbox.cli.testing.SyscallNames;
import io.sandbox.cli.testing.Until;
import io.sandbox.evidence.Recording;
import io.sandbox.evidence.Run;
import io.sandbox.syscalldb.ObservedCall;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Several runs of one program, and their recordings. */
@NeedsQuietLog
final class RunSeriesIT {
    /** Makes a call in its second and later runs that it does not make in its first. */
    private static final String CHANGES = "if [ -e ran ]; then nice true; fi; >ran";

    /** Makes a call in every fifth run. */
    private static final String CHANCE =
            "read x <n; x=$((x + 1)); echo $x >n; if [ $((x % 5)) = 0 ]; then nice true; fi; :";

    private static final String STATUS_COUNTS = "read x <n; echo $((x + 1)) >n; exit $x";

    @TempDir private Path folder;

    private Path recording;

    @BeforeEach
    void prepare() throws IOException {
        LiveKernel.requireRoot();
        recording = folder.resolve("recording.json");
    }

    private Finished learn(String line, Object... values) throws Exception {
        return Learn.command(line, values).in(folder).run();
    }

    private Recording readRecording() throws IOException {
        return Recorded.in(recording);
    }

    private static List<String> names(Run run) {
        return run.calls().stream().map(ObservedCall::displayName).toList();
    }

    static Set<String> list(Finished run) {
        run.assertStatus(0);
        String line =
                run.out().lines().filter(text -> !text.startsWith("#")).findFirst().orElse("");
        return SyscallNames.parse(line + "\n");
    }

    @Test
    void runs_areKeptOneByOneAndEstimated() throws Exception {
        Finished run = learn("--runs 3 --recording %s sh -c %s", recording, CHANGES);
        Set<String> list = list(run);
        List<Run> runs = readRecording().runs();
        assertEquals(3, runs.size());
        assertFalse(names(runs.get(0)).contains("setpriority"));
        assertTrue(names(runs.get(1)).contains("setpriority"));
        assertTrue(list.contains("setpriority"));
        run.assertErr("from 3 runs: the chance that another run");
    }

    @Test
    void untilQuiet_stopsWhenNothingIsNew() throws Exception {
        Finished run = learn("--until-quiet --recording %s sh -c %s", recording, CHANGES);
        assertTrue(list(run).contains("setpriority"));
        List<Run> runs = readRecording().runs();
        assertEquals(9, runs.size(), "one, one with a new call, seven without");
        runs.subList(2, 9).forEach(quiet -> assertEquals(0, quiet.records()));
        assertEquals(list(run), SyscallNames.ofEntries(runs.get(2).filter().allowed()));
        run.assertErr("from 9 runs: ", "the last 7 showed");
    }

    /** The run after the first lacks a call of one run in five, so one quiet run proves nothing. */
    @Test
    void untilQuiet_callOfOneRunInFive_isInTheList() throws Exception {
        Files.writeString(folder.resolve("n"), "0\n");
        Finished one = learn("--until-quiet --quiet-runs 1 sh -c %s", CHANCE);
        assertFalse(list(one).contains("setpriority"));
        one.assertErr("from 2 runs: ", "had a chance of 64 % not to show");
        Files.writeString(folder.resolve("n"), "0\n");
        assertTrue(list(learn("--until-quiet sh -c %s", CHANCE)).contains("setpriority"));
    }

    /**
     * The fourth run under enforcement is the fifth of all. A call of the shell itself: what a
     * refused program would have called after its first call, no run without it shows.
     */
    @Test
    void verify_callOfOneRunInFive_isFoundByProvingMoreThanOnce() throws Exception {
        String chance = CHANCE.replace("nice true", "umask 0");
        Files.writeString(folder.resolve("n"), "0\n");
        Finished once = learn("--verify --verify-runs 1 sh -c %s", chance);
        assertFalse(list(once).contains("umask"));
        once.assertErr("verified: 1 of 1 run under the list");
        Files.writeString(folder.resolve("n"), "0\n");
        Finished run = learn("--verify sh -c %s", chance);
        assertTrue(list(run).contains("umask"));
        run.assertErr("added: umask", "verified: 5 of 5 runs under the list");
    }

    @Test
    void untilQuiet_neverQuiet_isNoList() throws Exception {
        Files.writeString(folder.resolve("n"), "0\n");
        String calls = CProgram.compile("calls", folder, "-pthread").toString();
        // Another unknown number in each run.
        String script = "read x <n; echo $((x + 1)) >n; exec \"$1\" plain - - $((5000 + x))";
        learn("--until-quiet --quiet-runs 2 --max 3 sh -c %s sh %s", script, calls)
                .assertStatus(125)
                .assertNoOut()
                .assertErr("no list: 3 runs were too few: the last 2 must show no new");
    }

    @ParameterizedTest
    @ValueSource(strings = {"preload", "exec", "entry"})
    void verify_callOfTheSecondRunOnly_isAdded(String from) throws Exception {
        Finished run =
                learn(
                        "--from %s --verify --verify-runs 1 --recording %s sh -c %s",
                        from, recording, CHANGES);
        assertTrue(list(run).contains("setpriority"));
        run.assertErr("under enforcement the list was not enough", "verified: ");
        List<Run> runs = readRecording().runs();
        assertFalse(runs.get(0).filter().enforced());
        assertTrue(runs.get(1).filter().enforced() && runs.get(1).records() > 0);
        assertEquals(
                4,
                runs.size(),
                "one, one that is refused a call, one to see more, one that passes");
    }

    @Test
    void verify_otherStatusUnderEnforcement_isNoList() throws Exception {
        Files.writeString(folder.resolve("n"), "0\n");
        learn("--verify sh -c %s", STATUS_COUNTS)
                .assertStatus(125)
                .assertNoOut()
                .assertErr("no list: under enforcement the program ended with status 1");
        Finished partial = learn("--partial --verify sh -c %s", STATUS_COUNTS).assertStatus(125);
        assertFalse(partial.out().isEmpty(), partial::toString);
        partial.assertErr("the list is not proven: under enfo").assertErrLacks("no list");
    }

    @Test
    void verifyOutput_sameOutput_isProvenAndShown() throws Exception {
        learn("-o list --verify-output sh -c %s", "echo one; echo two")
                .assertStatus(0)
                .assertOutIs("one\ntwo\n".repeat(6))
                .assertErr("verified: ");
    }

    @Test
    void verifyOutput_otherOutput_isNoList() throws Exception {
        Files.writeString(folder.resolve("n"), "0\n");
        String script = "read x <n; echo $((x + 1)) >n; echo $x";
        learn("-o list --verify-output sh -c %s", script)
                .assertStatus(125)
                .assertErr("output differed");
        assertTrue(Files.notExists(folder.resolve("list")));
    }

    @Test
    void verifyOutput_thatCannotBeShown_isAFailure() throws Exception {
        Child.shell("exec \"$@\" >/dev/full", Learn.words("-o list --verify-output echo x"))
                .in(folder)
                .run()
                .assertStatus(125)
                .assertErr("No space left on device");
        assertTrue(Files.notExists(folder.resolve("list")));
    }

    /** Every run reads a file on standard input from its start. */
    @Test
    void runs_eachFindTheInputFromItsStart() throws Exception {
        Learn.command("-q -o list --runs 3 cat")
                .in(folder)
                .input("text\n".getBytes(UTF_8))
                .run()
                .assertOutIs("text\ntext\ntext\n");
    }

    @ParameterizedTest
    @CsvSource({"audit,3,true", "notify,3,true", "bpf,3,true", "audit,1,false"})
    void runs_pipeThatTheFirstRunReads_isSaidOnce(String source, String runs, boolean said)
            throws Exception {
        List<String> words = Learn.words("-q -o list --source %s --runs %s cat", source, runs);
        Finished run =
                Child.shell("echo text | \"$@\"", words).in(folder).run().assertOutIs("text\n");
        assertEquals(said ? 1 : 0, run.messages().size(), run::toString);
        assertEquals(said, run.err().contains("standard input: is a pipe"), run::toString);
    }

    /** A pipe that nobody writes into is as good as /dev/null, and a file can be read again. */
    @ParameterizedTest
    @ValueSource(strings = {": | { sleep 1; \"$@\"; }", "\"$@\" <text", "\"$@\" </dev/null"})
    void runs_otherInput_isNotSaid(String script) throws Exception {
        Files.writeString(folder.resolve("text"), "text\n");
        List<String> words = Learn.words("-q -o list --runs 3 cat");
        Finished run = Child.shell(script, words).in(folder).run();
        assertEquals(List.of(), run.messages(), run::toString);
    }

    /** The duration ends a run, not the series. */
    @Test
    void duration_ofSeveralRuns_endsEachAndTheListIsProven() throws Exception {
        Finished run =
                learn(
                        "--duration 1 --until-quiet --quiet-runs 1 --verify --verify-runs 1"
                                + " --recording %s perl -e %s",
                        recording, "sleep 1000");
        assertFalse(list(run).isEmpty());
        assertEquals(3, readRecording().runs().size());
        run.assertErr("verified: ");
    }

    /** A request to end between two runs must not lose the calls of the runs before. */
    @Test
    void endRequest_atAnyMoment_leavesTheListOfTheRunsBefore() throws Exception {
        Path list = folder.resolve("list");
        for (int i = 0; i < 12; i++) {
            Files.deleteIfExists(list);
            Child learn = Learn.command("-o %s --runs 200 /bin/true", list);
            try (Child.Running running = learn.in(folder).start()) {
                Until.holds("runs have ended", () -> running.err().contains("run 3:"));
                Thread.sleep(7L * i);
                running.handle().destroy();
                Finished run = running.await();
                assertTrue(
                        Set.of(0, 143).contains(run.status()) && Files.exists(list),
                        () -> run.status() + ": " + run.err());
            }
        }
        try (java.util.stream.Stream<Path> files = Files.list(folder)) {
            assertEquals(List.of(list), files.toList(), "temporary files");
        }
    }
}
