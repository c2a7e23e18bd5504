// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.learn;

import static java.nio.charset.StandardCharsets.UTF_8;
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
import io.sandbox.cli.testing.Recorded;
import io.sandbox.cli.testing.SyscallNames;
import io.sandbox.cli.testing.Until;
import io.sandbox.evidence.CallEvidence;
import io.sandbox.evidence.ProgramEvidence;
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

/** One run of a program: its list and its recording. */
@MakesRecords
final class OneRunIT {
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

    @Test
    void recording_holdsWhatTheProgramDid() throws Exception {
        Finished run = learn("--recording %s sh -c %s", recording, "sleep 0.3; exec cat /dev/null");
        Set<String> list = RunSeriesIT.list(run);
        Run only = readRecording().runs().get(0);
        assertEquals(list, Set.copyOf(names(only)));
        assertEquals(List.of("sh", "-c", "sleep 0.3; exec cat /dev/null"), only.command());
        assertTrue(only.isComplete());
        assertEquals(0, only.status().orElseThrow());
        assertTrue(only.millis() >= 300, () -> "took ms: " + only.millis());
        List<String> executables =
                only.programs().stream().map(ProgramEvidence::executable).toList();
        assertEquals(
                Set.of("sh", "sleep", "cat"),
                executables.stream()
                        .map(path -> Path.of(path).getFileName().toString())
                        .map(name -> name.equals("dash") ? "sh" : name)
                        .collect(java.util.stream.Collectors.toSet()));
        for (ProgramEvidence program : only.programs()) {
            assertTrue(program.libc().orElse("").startsWith("glibc "), program::toString);
            assertTrue(program.buildId().orElse("").matches("[0-9a-f]{40}"), program::toString);
        }
    }

    /** The program runs until the call has been examined. */
    @Test
    void recording_namesTheLibraryThatMakesTheCall() throws Exception {
        RunSeriesIT.list(learn("--recording %s sleep 0.5", recording));
        CallEvidence sleep =
                readRecording().runs().get(0).programs().get(0).calls().stream()
                        .filter(call -> call.firstMillis() < 400 && call.origin().isPresent())
                        .filter(call -> call.number() == SyscallNames.number("clock_nanosleep"))
                        .findFirst()
                        .orElseThrow();
        assertTrue(sleep.origin().orElseThrow().module().contains("libc"), sleep::toString);
    }

    /** The dynamic linker opens libraries; what the program is for comes after its entry. */
    @Test
    void recording_fromExec_tellsTheLinkerFromTheProgram() throws Exception {
        RunSeriesIT.list(learn("--from exec --recording %s uname", recording));
        List<ProgramEvidence> programs = readRecording().runs().get(0).programs();
        assertEquals(1, programs.size(), "nothing of our own: " + programs);
        for (CallEvidence call : programs.get(0).calls()) {
            if (call.number() == SyscallNames.number("uname")
                    || call.number() == SyscallNames.number("exit_group")) {
                assertEquals(0, call.beforeEntry().orElseThrow(), call::toString);
            }
            if (call.number() == SyscallNames.number("arch_prctl")) {
                assertEquals(call.count(), call.beforeEntry().orElseThrow(), call::toString);
            }
        }
    }

    @Test
    void recording_ofAStaticProgram_hasNothingBeforeItsEntry() throws Exception {
        String calls = CProgram.compile("calls", folder, "-static -pthread").toString();
        RunSeriesIT.list(
                learn(
                        "--from exec --recording %s %s plain - - %s",
                        recording, calls, SyscallNames.number("getpid")));
        for (CallEvidence call : readRecording().runs().get(0).programs().get(0).calls()) {
            assertEquals(0, call.beforeEntry().orElseThrow(), call::toString);
        }
    }

    @Test
    void merge_ofTwoRecordings_isTheUnion() throws Exception {
        Path other = folder.resolve("other.json");
        Set<String> first = RunSeriesIT.list(learn("--recording %s nice true", recording));
        Set<String> both =
                RunSeriesIT.list(learn("--merge %s --recording %s uname", recording, other));
        assertTrue(both.containsAll(first) && both.contains("uname"), both::toString);
        Recording one = readRecording();
        Recording merged = Recorded.in(other);
        assertEquals(2, merged.runs().size());
        assertEquals(merged, merged.merge(one));
    }

    /** A failure to write must not look like success. */
    @Test
    void recording_thatCannotBeWritten_isRefusedBeforeAnythingRuns() throws Exception {
        learn("--recording missing/recording.json touch ran")
                .assertRefused(125, "missing/recording.json", "No such file or directory");
        assertFalse(Files.exists(folder.resolve("ran")));
    }

    @Test
    void recording_diskFull_isNoListAndNoHalfFile() throws Exception {
        learn("--recording /dev/full true")
                .assertStatus(125)
                .assertNoOut()
                .assertErr("/dev/full: cannot write the result");
    }

    @Test
    void merge_fileThatIsNoRecording_isRefusedBeforeAnythingRuns() throws Exception {
        Path file = Files.write(folder.resolve("text"), "{\n\"format\": 1}".getBytes(UTF_8));
        learn("--merge %s touch ran", file)
                .assertRefused(125, file.toString(), "not a recording: format: not a string");
        learn("--merge missing touch ran")
                .assertRefused(125, "missing", "No such file or directory");
        assertFalse(Files.exists(folder.resolve("ran")));
    }

    @Test
    void quietRuns_moreThanMax_isRefusedBeforeAnythingRuns() throws Exception {
        learn("--until-quiet --max 7 touch ran")
                .assertRefused(125, "--max: 7: too few for 7 quiet runs");
        assertFalse(Files.exists(folder.resolve("ran")));
    }

    /** They are never added without being asked for, but a list until nothing is new asks. */
    @Test
    void chanceCalls_ofAProgramWithThreads_areNamedAndAddedOnRequest() throws Exception {
        LiveKernel.requireProgram("python3");
        String threads = "import threading; t = threading.Thread(); t.start(); t.join()";
        Finished plain = learn("python3 -c %s", threads);
        assertFalse(RunSeriesIT.list(plain).contains("sched_yield"));
        plain.assertErr(" has threads, and its runtime makes ", "sched_yield");
        assertFalse(learn("-q python3 -c %s", threads).err().contains("has threads"));
        Finished added = learn("--chance-calls python3 -c %s", threads);
        assertTrue(
                RunSeriesIT.list(added)
                        .containsAll(Set.of("sched_yield", "madvise", "restart_syscall")));
        added.assertOut("# sched_yield: added, a thread that spins").assertErrLacks("has threads");
        learn("--until-quiet --quiet-runs 1 python3 -c %s", threads)
                .assertOut("# sched_yield: added, a thread that spins")
                .assertErr(" has threads", "sched_yield", " (--exact leaves them out)");
        learn("--until-quiet --quiet-runs 1 --exact python3 -c %s", threads)
                .assertOutLacks("sched_yield")
                .assertErrLacks("has threads");
    }

    @Test
    void chanceCalls_ofAProgramThatForks_areNotNamed() throws Exception {
        String bash = LiveKernel.requireProgram("bash").toString();
        learn("%s -c %s", bash, "ls | cat; (:); x=$(true); true & wait")
                .assertErrLacks("has threads");
        learn("--until-quiet --quiet-runs 1 %s -c :", bash)
                .assertOutLacks("sched_yield")
                .assertErrLacks("has threads");
    }

    /** Its file makes the next JVM look for it by kill(2), which no usual run shows. */
    @Test
    void jvm_startsUnderItsListAfterAnotherWasKilled() throws Exception {
        String java = LiveKernel.requireProgram("java").toString();
        Path list = folder.resolve("list");
        String waits =
                "class Waits { public static void main(String[] a) throws Exception {"
                        + " Thread.sleep(60_000); } }";
        Files.writeString(folder.resolve("Waits.java"), waits);
        learn("--until-quiet --quiet-runs 1 -o %s %s -Xint -version", list, java).assertStatus(0);
        for (int i = 0; i < 3; i++) {
            try (Child.Running killed =
                    Child.of("%s -XX:+UsePerfData Waits.java", java).in(folder).start()) {
                Path file =
                        Path.of("/tmp/hsperfdata_" + System.getProperty("user.name"))
                                .resolve(Long.toString(killed.handle().pid()));
                Until.holds("the JVM has begun", () -> Files.exists(file));
                killed.handle().destroyForcibly();
                killed.await();
                assertTrue(Files.exists(file));
                Child.of("sandbox run -q --policy %s %s -Xint -version", list, java)
                        .run()
                        .assertStatus(0);
                assertFalse(Files.exists(file));
            }
        }
    }

    @Test
    void containerRuntime_isSaidToBeInTheList() throws Exception {
        Path runtime = folder.resolve("bwrap");
        Files.copy(LiveKernel.requireProgram("true"), runtime);
        learn("%s", runtime).assertErr("bwrap runs programs in containers: ");
        assertFalse(learn("--per-exe %s", runtime).err().contains("containers"));
    }

    @Test
    void duration_endsTheProgramAndTheListIsPrinted() throws Exception {
        Finished run = learn("--duration 1 perl -e %s", "syscall(39); sleep 1000");
        assertTrue(RunSeriesIT.list(run).contains("getpid"), run::toString);
    }

    @Test
    void duration_statusOfAProgramThatEndsInOrder_isItsOwn() throws Exception {
        Finished run =
                learn("--duration 1 perl -e %s", "$SIG{TERM} = sub { exit 3 }; sleep 1000")
                        .assertStatus(3);
        assertFalse(run.out().isEmpty());
    }

    @Test
    void perExecutable_eachHasItsOwnList() throws Exception {
        Finished run = learn("-q --per-exe sh -c %s", "uname; nice true; :").assertStatus(0);
        List<String> lines = run.out().lines().toList();
        int nice = lines.indexOf("# /usr/bin/nice (x86_64)");
        assertTrue(lines.get(nice + 1).contains(":setpriority"), run::out);
        int uname = lines.indexOf("# /usr/bin/uname (x86_64)");
        assertTrue(lines.get(uname + 1).contains(":uname"), run::out);
        assertFalse(lines.get(uname + 1).contains("setpriority"), run::out);
    }

    /** Text for a shell must not contain lines from a file name. */
    @Test
    void perExecutable_nameWithNewlines_staysOneComment() throws Exception {
        Path program = folder.resolve("x\necho INJECTED\n#");
        Files.copy(LiveKernel.requireProgram("true"), program);
        Finished run = learn("-q --per-exe %s", program).assertStatus(0);
        assertEquals(2, run.out().lines().count(), run::out);
        assertTrue(run.out().startsWith("# "), run::out);
    }

    /** The advice must work with comments in the file. */
    @Test
    void nextStep_withAListThatHasComments_isACommandThatRuns() throws Exception {
        Finished run = learn("--portable -o list uname");
        String advice =
                run.err()
                        .lines()
                        .filter(line -> line.contains("to enforce it: "))
                        .map(line -> line.substring(line.indexOf("it: ") + 4))
                        .findFirst()
                        .orElseThrow();
        String path = Dist.command("sandbox").getParent() + ":" + System.getenv("PATH");
        Child.of("sh -c %s", advice).with("PATH", path).in(folder).run().assertOutIs("Linux\n");
    }

    /** The target is free to do anything to its files while we look at them. */
    @Test
    void recording_executableReplacedByAPipe_doesNotHang() throws Exception {
        Path program = folder.resolve("self");
        Files.copy(LiveKernel.requireProgram("perl"), program);
        RunSeriesIT.list(
                learn(
                        "--recording %s %s -e %s",
                        recording, program, "unlink $^X; system('mkfifo', $^X)"));
        assertTrue(readRecording().runs().get(0).isComplete());
    }

    @Test
    void output_dash_isRefusedBeforeAnythingRuns() throws Exception {
        learn("-o - touch ran").assertRefused(125, "-: not the name of a file");
        assertFalse(Files.exists(folder.resolve("ran")));
    }

    /** A list is for one architecture, so the list of another program may be for another. */
    @Test
    void perExecutable_i386Helper_hasItsList() throws Exception {
        String helper = CProgram.compile("calls", folder, "-m32 -static").toString();
        Finished run =
                learn("-q --per-exe sh -c %s sh %s", "\"$1\" plain - - 24; :", helper)
                        .assertStatus(0);
        List<String> lines = run.out().lines().toList();
        int at = lines.indexOf("# " + helper + " (i386)");
        assertTrue(lines.get(at + 1).contains(":getuid"), run::out);
    }

    @ParameterizedTest
    @CsvSource({
        "'', no list: these calls of i386",
        "--partial, not in the list: these calls of i386"
    })
    void i386Helper_doesNotFitIntoTheList(String option, String message) throws Exception {
        String helper = CProgram.compile("calls", folder, "-m32 -static").toString();
        Finished run =
                learn(option + " sh -c %s sh %s", "\"$1\" plain - - 24; :", helper)
                        .assertStatus(125)
                        .assertErr("sandbox learn: " + message);
        assertEquals(option.isEmpty(), run.out().isEmpty(), run::out);
        assertEquals(option.isEmpty(), run.err().contains("--partial"), run::err);
    }

    @Test
    void portable_addsWithReasonsAndTheFileIsAPolicy() throws Exception {
        Finished run = learn("-q --from exec --portable -o list cat /dev/null").assertStatus(0);
        String text = Files.readString(folder.resolve("list"));
        assertTrue(text.contains("# open: added, made in place of openat elsewhere\n"), text);
        Child.of("sandboxify --policy list -q cat /dev/null").in(folder).run().assertStatus(0);
    }

    @Test
    void programEndedByASignal_isSaidToLackItsEnd() throws Exception {
        learn("sh -c %s", "kill -9 $$").assertStatus(137).assertErr("signal 9 ended the program");
        learn("sh -c %s", "exit 9").assertErrLacks("ended the program");
    }

    @ParameterizedTest
    @CsvSource({
        "--runs, 0",
        "--max, 1",
        "--max, 3",
        "--runs, x",
        "--duration, 0",
        "--duration, 1w",
        "--merge, ''"
    })
    void option_withABadValue_isRefused(String option, String value) throws Exception {
        Learn.command("%s %s touch ran", option, value).in(folder).run().assertRefused(125);
        assertFalse(Files.exists(folder.resolve("ran")));
    }
}
