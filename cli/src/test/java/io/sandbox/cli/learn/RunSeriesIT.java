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
import io.sandbox.cli.testing.SyscallNames;
import io.sandbox.cli.testing.Until;
import io.sandbox.evidence.CallEvidence;
import io.sandbox.evidence.ProgramEvidence;
import io.sandbox.evidence.Recording;
import io.sandbox.evidence.RecordingReader;
import io.sandbox.evidence.Run;
import io.sandbox.syscalldb.ObservedCall;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Several runs of one program, and their recordings. */
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

    private Finished learn(String... words) throws Exception {
        return Learn.command(words).in(folder).run();
    }

    private Finished learnWith(String option, String... words) throws Exception {
        List<String> all = new ArrayList<>(List.of(option));
        all.addAll(List.of(words));
        return learn(all.toArray(String[]::new));
    }

    private Recording readRecording() throws IOException {
        return RecordingReader.read(Files.readAllBytes(recording));
    }

    private static List<String> names(Run run) {
        return run.calls().stream().map(ObservedCall::displayName).toList();
    }

    private static Set<String> list(Finished run) {
        assertEquals(0, run.status(), run::toString);
        String line =
                run.out().lines().filter(text -> !text.startsWith("#")).findFirst().orElse("");
        return SyscallNames.parse(line + "\n");
    }

    @Test
    void recording_holdsWhatTheProgramDid() throws Exception {
        Finished run =
                learn(
                        "--recording",
                        recording.toString(),
                        "sh",
                        "-c",
                        "sleep 0.3; exec cat /dev/null");
        Set<String> list = list(run);
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
        list(learn("--recording", recording.toString(), "sleep", "0.5"));
        CallEvidence sleep =
                readRecording().runs().get(0).programs().get(0).calls().stream()
                        .filter(call -> call.firstMillis() < 400 && call.origin().isPresent())
                        .filter(call -> call.number() == number("clock_nanosleep"))
                        .findFirst()
                        .orElseThrow();
        assertTrue(sleep.origin().orElseThrow().module().contains("libc"), sleep::toString);
    }

    /** The dynamic linker opens libraries; what the program is for comes after its entry. */
    @Test
    void recording_fromExec_tellsTheLinkerFromTheProgram() throws Exception {
        list(learn("--from", "exec", "--recording", recording.toString(), "uname"));
        List<ProgramEvidence> programs = readRecording().runs().get(0).programs();
        assertEquals(1, programs.size(), "nothing of our own: " + programs);
        for (CallEvidence call : programs.get(0).calls()) {
            if (call.number() == number("uname") || call.number() == number("exit_group")) {
                assertEquals(0, call.beforeEntry().orElseThrow(), call::toString);
            }
            if (call.number() == number("arch_prctl")) {
                assertEquals(call.count(), call.beforeEntry().orElseThrow(), call::toString);
            }
        }
    }

    @Test
    void recording_ofAStaticProgram_hasNothingBeforeItsEntry() throws Exception {
        String calls = CProgram.compile("calls", folder, "-static", "-pthread").toString();
        list(
                learn(
                        "--from",
                        "exec",
                        "--recording",
                        recording.toString(),
                        calls,
                        "plain",
                        "-",
                        "-",
                        Integer.toString(number("getpid"))));
        for (CallEvidence call : readRecording().runs().get(0).programs().get(0).calls()) {
            assertEquals(0, call.beforeEntry().orElseThrow(), call::toString);
        }
    }

    private static int number(String name) {
        io.sandbox.syscalldb.SyscallDb db = io.sandbox.syscalldb.SyscallDb.get();
        return db.table(db.nativeArch()).byName(name).orElseThrow().number();
    }

    @Test
    void runs_areKeptOneByOneAndEstimated() throws Exception {
        Finished run =
                learn("--runs", "3", "--recording", recording.toString(), "sh", "-c", CHANGES);
        Set<String> list = list(run);
        List<Run> runs = readRecording().runs();
        assertEquals(3, runs.size());
        assertFalse(names(runs.get(0)).contains("setpriority"));
        assertTrue(names(runs.get(1)).contains("setpriority"));
        assertTrue(list.contains("setpriority"));
        assertTrue(run.err().contains("from 3 runs: the chance that another run"), run::err);
    }

    @Test
    void merge_ofTwoRecordings_isTheUnion() throws Exception {
        Path other = folder.resolve("other.json");
        Set<String> first = list(learn("--recording", recording.toString(), "nice", "true"));
        Set<String> both =
                list(
                        learn(
                                "--merge",
                                recording.toString(),
                                "--recording",
                                other.toString(),
                                "uname"));
        assertTrue(both.containsAll(first) && both.contains("uname"), both::toString);
        Recording one = readRecording();
        Recording merged = RecordingReader.read(Files.readAllBytes(other));
        assertEquals(2, merged.runs().size());
        assertEquals(merged, merged.merge(one));
    }

    /** A failure to write must not look like success. */
    @Test
    void recording_thatCannotBeWritten_isRefusedBeforeAnythingRuns() throws Exception {
        learn("--recording", "missing/recording.json", "touch", "ran")
                .assertRefused(125, "missing/recording.json", "No such file or directory");
        assertFalse(Files.exists(folder.resolve("ran")));
    }

    @Test
    void recording_diskFull_isNoListAndNoHalfFile() throws Exception {
        Finished run = learn("--recording", "/dev/full", "true");
        assertEquals(125, run.status(), run::toString);
        assertEquals("", run.out());
        assertTrue(run.err().contains("/dev/full: cannot write the result"), run::err);
    }

    @Test
    void merge_fileThatIsNoRecording_isRefusedBeforeAnythingRuns() throws Exception {
        Path file = Files.write(folder.resolve("text"), "{\n\"format\": 1}".getBytes(UTF_8));
        learn("--merge", file.toString(), "touch", "ran")
                .assertRefused(125, file.toString(), "not a recording: format: not a string");
        learn("--merge", "missing", "touch", "ran")
                .assertRefused(125, "missing", "No such file or directory");
        assertFalse(Files.exists(folder.resolve("ran")));
    }

    @Test
    void untilQuiet_stopsWhenNothingIsNew() throws Exception {
        Finished run =
                learn("--until-quiet", "--recording", recording.toString(), "sh", "-c", CHANGES);
        assertTrue(list(run).contains("setpriority"));
        List<Run> runs = readRecording().runs();
        assertEquals(9, runs.size(), "one, one with a new call, seven without");
        runs.subList(2, 9).forEach(quiet -> assertEquals(0, quiet.records()));
        assertEquals(list(run), Set.copyOf(runs.get(2).filter().allowed()));
        assertTrue(
                run.err().contains("from 9 runs: ") && run.err().contains("the last 7 showed"),
                run::err);
    }

    /** The run after the first lacks a call of one run in five, so one quiet run proves nothing. */
    @Test
    void untilQuiet_callOfOneRunInFive_isInTheList() throws Exception {
        Files.writeString(folder.resolve("n"), "0\n");
        Finished one = learn("--until-quiet", "--quiet-runs", "1", "sh", "-c", CHANCE);
        assertFalse(list(one).contains("setpriority"));
        assertTrue(one.err().contains("from 2 runs: "), one::err);
        assertTrue(one.err().contains("had a chance of 64 % not to show"), one::err);
        Files.writeString(folder.resolve("n"), "0\n");
        assertTrue(list(learn("--until-quiet", "sh", "-c", CHANCE)).contains("setpriority"));
    }

    /**
     * The fourth run under enforcement is the fifth of all. A call of the shell itself: what a
     * refused program would have called after its first call, no run without it shows.
     */
    @Test
    void verify_callOfOneRunInFive_isFoundByProvingMoreThanOnce() throws Exception {
        String chance = CHANCE.replace("nice true", "umask 0");
        Files.writeString(folder.resolve("n"), "0\n");
        Finished once = learn("--verify", "--verify-runs", "1", "sh", "-c", chance);
        assertFalse(list(once).contains("umask"));
        assertTrue(once.err().contains("verified: 1 of 1 run under the list"), once::err);
        Files.writeString(folder.resolve("n"), "0\n");
        Finished run = learn("--verify", "sh", "-c", chance);
        assertTrue(list(run).contains("umask"));
        assertTrue(run.err().contains("added: umask"), run::err);
        assertTrue(run.err().contains("verified: 5 of 5 runs under the list"), run::err);
    }

    @Test
    void quietRuns_moreThanMax_isRefusedBeforeAnythingRuns() throws Exception {
        learn("--until-quiet", "--max", "7", "touch", "ran")
                .assertRefused(125, "--max: 7: too few for 7 quiet runs");
        assertFalse(Files.exists(folder.resolve("ran")));
    }

    /** Calls are never added to a list without being asked for. */
    @Test
    void chanceCalls_ofAProgramWithThreads_areNamedAndAddedOnRequest() throws Exception {
        LiveKernel.requireProgram("python3");
        String[] threads = {
            "python3", "-c", "import threading; t = threading.Thread(); t.start(); t.join()"
        };
        Finished plain = learn(threads);
        assertFalse(list(plain).contains("sched_yield"));
        assertTrue(plain.err().contains(" has threads, and its runtime makes "), plain::err);
        assertTrue(plain.err().contains("sched_yield"), plain::err);
        assertFalse(learnWith("-q", threads).err().contains("has threads"));
        Finished added = learnWith("--chance-calls", threads);
        assertTrue(list(added).containsAll(Set.of("sched_yield", "madvise", "restart_syscall")));
        assertTrue(added.out().contains("# sched_yield: added, a thread that spins"), added::out);
        assertFalse(added.err().contains("has threads"), added::err);
    }

    @Test
    void chanceCalls_ofAProgramThatForks_areNotNamed() throws Exception {
        String bash = LiveKernel.requireProgram("bash").toString();
        Finished run = learn(bash, "-c", "ls | cat; (:); x=$(true); true & wait");
        assertFalse(run.err().contains("has threads"), run::err);
    }

    @Test
    void containerRuntime_isSaidToBeInTheList() throws Exception {
        Path runtime = folder.resolve("bwrap");
        Files.copy(LiveKernel.requireProgram("true"), runtime);
        Finished run = learn(runtime.toString());
        assertTrue(run.err().contains("bwrap runs programs in containers: "), run::err);
        assertFalse(learn("--per-exe", runtime.toString()).err().contains("containers"));
    }

    /** The printk limit keeps ten records of each run; it takes several to see all. */
    @Test
    void untilQuiet_withASourceThatLosesRecords_getsTheWholeList() throws Exception {
        LiveKernel.requireKernelLog();
        Set<String> whole = list(learn("ls", "/"));
        Finished run = learn("--source", "kmsg", "--keep-limits", "--until-quiet", "ls", "/");
        assertEquals(whole, list(run));
        assertTrue(run.err().contains("run 1: "), run::err);
        assertTrue(run.err().lines().anyMatch(line -> line.endsWith("incomplete")), run::err);
    }

    @Test
    void untilQuiet_neverQuiet_isNoList() throws Exception {
        Files.writeString(folder.resolve("n"), "0\n");
        String calls = CProgram.compile("calls", folder, "-pthread").toString();
        // Another unknown number in each run.
        String script = "read x <n; echo $((x + 1)) >n; exec \"$1\" plain - - $((5000 + x))";
        Finished run =
                learn(
                        "--until-quiet",
                        "--quiet-runs",
                        "2",
                        "--max",
                        "3",
                        "sh",
                        "-c",
                        script,
                        "sh",
                        calls);
        assertEquals(125, run.status(), run::toString);
        assertEquals("", run.out());
        assertTrue(
                run.err().contains("no list: 3 runs were too few: the last 2 must show no new"),
                run::err);
    }

    @ParameterizedTest
    @ValueSource(strings = {"preload", "exec", "entry"})
    void verify_callOfTheSecondRunOnly_isAdded(String from) throws Exception {
        Finished run =
                learn(
                        "--from",
                        from,
                        "--verify",
                        "--verify-runs",
                        "1",
                        "--recording",
                        recording.toString(),
                        "sh",
                        "-c",
                        CHANGES);
        assertTrue(list(run).contains("setpriority"));
        assertTrue(run.err().contains("under enforcement the list was not enough"), run::err);
        assertTrue(run.err().contains("verified: "), run::err);
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
        Finished run = learn("--verify", "sh", "-c", STATUS_COUNTS);
        assertEquals(125, run.status(), run::toString);
        assertEquals("", run.out());
        assertTrue(
                run.err().contains("no list: under enforcement the program ended with status 1"),
                run::err);
        Finished partial = learn("--partial", "--verify", "sh", "-c", STATUS_COUNTS);
        assertEquals(125, partial.status(), partial::toString);
        assertFalse(partial.out().isEmpty(), partial::toString);
        assertTrue(partial.err().contains("the list is not proven: under enfo"), partial::err);
        assertFalse(partial.err().contains("no list"), partial::err);
    }

    @Test
    void verifyOutput_sameOutput_isProvenAndShown() throws Exception {
        Finished run = learn("-o", "list", "--verify-output", "sh", "-c", "echo one; echo two");
        assertEquals(0, run.status(), run::toString);
        assertEquals("one\ntwo\n".repeat(6), run.out());
        assertTrue(run.err().contains("verified: "), run::err);
    }

    @Test
    void verifyOutput_otherOutput_isNoList() throws Exception {
        Files.writeString(folder.resolve("n"), "0\n");
        String script = "read x <n; echo $((x + 1)) >n; echo $x";
        Finished run = learn("-o", "list", "--verify-output", "sh", "-c", script);
        assertEquals(125, run.status(), run::toString);
        assertTrue(run.err().contains("output differed"), run::err);
        assertTrue(Files.notExists(folder.resolve("list")));
    }

    @Test
    void verifyOutput_thatCannotBeShown_isAFailure() throws Exception {
        Finished run =
                Child.shell(
                                "exec \"$@\" >/dev/full",
                                Learn.words(List.of("-o", "list", "--verify-output", "echo", "x")))
                        .in(folder)
                        .run();
        assertEquals(125, run.status(), run::toString);
        assertTrue(run.err().contains("No space left on device"), run::err);
        assertTrue(Files.notExists(folder.resolve("list")));
    }

    /** Every run reads a file on standard input from its start. */
    @Test
    void runs_eachFindTheInputFromItsStart() throws Exception {
        Finished run =
                Learn.command("-q", "-o", "list", "--runs", "3", "cat")
                        .in(folder)
                        .input("text\n".getBytes(UTF_8))
                        .run();
        assertEquals("text\ntext\ntext\n", run.out(), run::toString);
    }

    @ParameterizedTest
    @CsvSource({"audit,3,true", "notify,3,true", "bpf,3,true", "audit,1,false"})
    void runs_pipeThatTheFirstRunReads_isSaidOnce(String source, String runs, boolean said)
            throws Exception {
        List<String> words =
                Learn.words(List.of("-q", "-o", "list", "--source", source, "--runs", runs, "cat"));
        Finished run = Child.shell("echo text | \"$@\"", words).in(folder).run();
        assertEquals("text\n", run.out(), run::toString);
        assertEquals(said ? 1 : 0, run.messages().size(), run::toString);
        assertEquals(said, run.err().contains("standard input: is a pipe"), run::toString);
    }

    /** A pipe that nobody writes into is as good as /dev/null, and a file can be read again. */
    @ParameterizedTest
    @ValueSource(strings = {": | { sleep 1; \"$@\"; }", "\"$@\" <text", "\"$@\" </dev/null"})
    void runs_otherInput_isNotSaid(String script) throws Exception {
        Files.writeString(folder.resolve("text"), "text\n");
        List<String> words = Learn.words(List.of("-q", "-o", "list", "--runs", "3", "cat"));
        Finished run = Child.shell(script, words).in(folder).run();
        assertEquals(List.of(), run.messages(), run::toString);
    }

    @Test
    void duration_endsTheProgramAndTheListIsPrinted() throws Exception {
        Finished run = learn("--duration", "1", "perl", "-e", "syscall(39); sleep 1000");
        assertTrue(list(run).contains("getpid"), run::toString);
    }

    /** The duration ends a run, not the series. */
    @Test
    void duration_ofSeveralRuns_endsEachAndTheListIsProven() throws Exception {
        Finished run =
                learn(
                        "--duration",
                        "1",
                        "--until-quiet",
                        "--quiet-runs",
                        "1",
                        "--verify",
                        "--verify-runs",
                        "1",
                        "--recording",
                        recording.toString(),
                        "perl",
                        "-e",
                        "sleep 1000");
        assertFalse(list(run).isEmpty());
        assertEquals(3, readRecording().runs().size());
        assertTrue(run.err().contains("verified: "), run::err);
    }

    /** A request to end between two runs must not lose the calls of the runs before. */
    @Test
    void endRequest_atAnyMoment_leavesTheListOfTheRunsBefore() throws Exception {
        Path list = folder.resolve("list");
        for (int i = 0; i < 12; i++) {
            Files.deleteIfExists(list);
            Child learn = Learn.command("-o", list.toString(), "--runs", "200", "/bin/true");
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

    @Test
    void duration_statusOfAProgramThatEndsInOrder_isItsOwn() throws Exception {
        Finished run =
                learn("--duration", "1", "perl", "-e", "$SIG{TERM} = sub { exit 3 }; sleep 1000");
        assertEquals(3, run.status(), run::toString);
        assertFalse(run.out().isEmpty());
    }

    @Test
    void perExecutable_eachHasItsOwnList() throws Exception {
        Finished run = learn("-q", "--per-exe", "sh", "-c", "uname; nice true; :");
        assertEquals(0, run.status(), run::toString);
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
        Finished run = learn("-q", "--per-exe", program.toString());
        assertEquals(0, run.status(), run::toString);
        assertEquals(2, run.out().lines().count(), run::out);
        assertTrue(run.out().startsWith("# "), run::out);
    }

    /** The advice must work with comments in the file. */
    @Test
    void nextStep_withAListThatHasComments_isACommandThatRuns() throws Exception {
        Finished run = learn("--portable", "-o", "list", "uname");
        String advice =
                run.err()
                        .lines()
                        .filter(line -> line.contains("to enforce it: "))
                        .map(line -> line.substring(line.indexOf("it: ") + 4))
                        .findFirst()
                        .orElseThrow();
        String path = Dist.command("sandbox").getParent() + ":" + System.getenv("PATH");
        Finished enforced = Child.of("sh", "-c", advice).with("PATH", path).in(folder).run();
        assertEquals("Linux\n", enforced.out(), enforced::toString);
    }

    /** The target is free to do anything to its files while we look at them. */
    @Test
    void recording_executableReplacedByAPipe_doesNotHang() throws Exception {
        Path program = folder.resolve("self");
        Files.copy(LiveKernel.requireProgram("perl"), program);
        list(
                learn(
                        "--recording",
                        recording.toString(),
                        program.toString(),
                        "-e",
                        "unlink $^X; system('mkfifo', $^X)"));
        assertTrue(readRecording().runs().get(0).isComplete());
    }

    @Test
    void output_dash_isRefusedBeforeAnythingRuns() throws Exception {
        learn("-o", "-", "touch", "ran").assertRefused(125, "-: not the name of a file");
        assertFalse(Files.exists(folder.resolve("ran")));
    }

    /** A list is for one architecture, so the list of another program may be for another. */
    @Test
    void perExecutable_i386Helper_hasItsList() throws Exception {
        String helper = CProgram.compile("calls", folder, "-m32", "-static").toString();
        Finished run = learn("-q", "--per-exe", "sh", "-c", "\"$1\" plain - - 24; :", "sh", helper);
        assertEquals(0, run.status(), run::toString);
        List<String> lines = run.out().lines().toList();
        int at = lines.indexOf("# " + helper + " (i386)");
        assertTrue(lines.get(at + 1).contains(":getuid"), run::out);
    }

    @ParameterizedTest
    @CsvSource({",no list: these calls of i386", "--partial,not in the list: these calls of i386"})
    void i386Helper_doesNotFitIntoTheList(String option, String message) throws Exception {
        String helper = CProgram.compile("calls", folder, "-m32", "-static").toString();
        List<String> words = new ArrayList<>(option == null ? List.of() : List.of(option));
        words.addAll(List.of("sh", "-c", "\"$1\" plain - - 24; :", "sh", helper));
        Finished run = learn(words.toArray(String[]::new));
        assertEquals(125, run.status(), run::toString);
        assertTrue(run.err().contains("sandbox learn: " + message), run::err);
        assertEquals(option == null, run.out().isEmpty(), run::out);
        assertEquals(option == null, run.err().contains("--partial"), run::err);
    }

    @Test
    void portable_addsWithReasonsAndTheFileIsAPolicy() throws Exception {
        Finished run =
                learn("-q", "--from", "exec", "--portable", "-o", "list", "cat", "/dev/null");
        assertEquals(0, run.status(), run::toString);
        String text = Files.readString(folder.resolve("list"));
        assertTrue(text.contains("# open: added, made in place of openat elsewhere\n"), text);
        Finished enforced =
                Child.of(
                                Dist.command("sandboxify").toString(),
                                "--policy",
                                "list",
                                "-q",
                                "cat",
                                "/dev/null")
                        .in(folder)
                        .run();
        assertEquals(0, enforced.status(), enforced::toString);
    }

    @Test
    void programEndedByASignal_isSaidToLackItsEnd() throws Exception {
        Finished killed = learn("sh", "-c", "kill -9 $$");
        assertEquals(137, killed.status(), killed::err);
        assertTrue(killed.err().contains("signal 9 ended the program"), killed::err);
        Finished ended = learn("sh", "-c", "exit 9");
        assertFalse(ended.err().contains("ended the program"), ended::err);
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
        List<String> words = new ArrayList<>(List.of(option, value, "touch", "ran"));
        Learn.command(words).in(folder).run().assertRefused(125);
        assertFalse(Files.exists(folder.resolve("ran")));
    }
}
