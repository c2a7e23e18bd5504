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
import io.sandbox.cli.testing.SyscallNames;
import io.sandbox.cli.testing.Until;
import io.sandbox.evidence.CallEvidence;
import io.sandbox.evidence.ProgramEvidence;
import io.sandbox.evidence.RecordingReader;
import io.sandbox.evidence.Run;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code sandbox-learn --source bpf} lists what audit lists, and calls that audit misses. */
final class BpfIT {
    @TempDir private Path folder;

    @BeforeEach
    void requireBpf() throws Exception {
        LiveKernel.requireBpf();
    }

    private static Finished learn(String source, String... words) throws Exception {
        List<String> all = new ArrayList<>(List.of("--source", source));
        all.addAll(List.of(words));
        return Learn.command(all).run();
    }

    /** The counts of calls, by executable, architecture and number. */
    private Map<String, Long> counts(String source, String... words) throws Exception {
        Map<String, Long> counts = new TreeMap<>();
        for (ProgramEvidence program : run(source, words).programs()) {
            for (CallEvidence call : program.calls()) {
                counts.put(
                        program.executable()
                                + " "
                                + Integer.toHexString(program.auditArch())
                                + " "
                                + call.number(),
                        call.count());
            }
        }
        return counts;
    }

    private Run run(String source, String... words) throws Exception {
        Path file = folder.resolve(source + ".json");
        List<String> all = new ArrayList<>(List.of("-q", "--recording", file.toString()));
        all.addAll(List.of(words));
        Finished finished = learn(source, all.toArray(String[]::new));
        Run run = RecordingReader.read(Files.readAllBytes(file)).runs().get(0);
        assertTrue(run.isComplete(), finished::toString);
        return run;
    }

    private String compile(String name, String... options) throws Exception {
        return CProgram.compile(name, folder, options).toString();
    }

    @ParameterizedTest
    @ValueSource(strings = {"preload", "exec", "entry"})
    void countsFromAnywhere_areThoseOfAudit(String from) throws Exception {
        String[] words = {"--from", from, "/bin/sh", "-c", "ls / >/dev/null; echo done"};
        assertEquals(counts("audit", words), counts("bpf", words));
    }

    @ParameterizedTest
    @ValueSource(strings = {"-static", "-m32"})
    void programsOfOtherKinds_areThoseOfAudit(String option) throws Exception {
        String[] words = {"--from", "exec", compile("marker", option), "/dev/null"};
        assertEquals(counts("audit", words), counts("bpf", words));
    }

    /** Calls through int 0x80, calls of x32, vsyscalls, unknown and negative numbers. */
    @Test
    void oddCalls_areThoseOfAudit() throws Exception {
        String[] words = {"--from", "exec", compile("odd_calls", "-w")};
        assertEquals(counts("audit", words), counts("bpf", words));
    }

    @Test
    void threads_makeTheSameList() throws Exception {
        String program = compile("threads", "-pthread");
        assertEquals(
                SyscallNames.parse(learn("audit", program).out()),
                SyscallNames.parse(learn("bpf", program).out()));
    }

    /** The process ends long before the recorder reads where its calls came from. */
    @Test
    void origins_areThereForAllCalls() throws Exception {
        Run run = run("bpf", "--from", "exec", "/bin/true");
        for (CallEvidence call : run.programs().get(0).calls()) {
            String origin = call.origin().orElseThrow().toString();
            assertTrue(origin.matches("/.*/(libc|ld-linux).*\\.so.*\\+0x[0-9a-f]+"), origin);
        }
    }

    @Test
    void beforeEntry_isThatOfAudit() throws Exception {
        String[] words = {"--from", "exec", "/bin/ls", "/"};
        assertEquals(beforeEntry(run("audit", words)), beforeEntry(run("bpf", words)));
    }

    private static Map<Integer, Long> beforeEntry(Run run) {
        Map<Integer, Long> counts = new TreeMap<>();
        for (CallEvidence call : run.programs().get(0).calls()) {
            counts.put(call.number(), call.beforeEntry().orElseThrow());
        }
        return counts;
    }

    /** The program hides a call from audit in this way; see EscapeIT and escape.c. */
    @ParameterizedTest
    @ValueSource(strings = {"trace", "chain", "leave"})
    void hiddenCall_isListed(String mode) throws Exception {
        Path file = folder.resolve("file");
        List<String> words =
                List.of("--source", "bpf", "--", compile("escape"), mode, file.toString());
        try (Child.Running learning = Learn.command(words).start()) {
            if (!mode.equals("trace")) {
                Until.exists(folder.resolve("file.left"));
                Files.createFile(file);
            }
            Finished run = learning.await();
            assertEquals(0, run.status(), run::toString);
            assertTrue(SyscallNames.parse(run.out()).contains("getpriority"), run::toString);
        }
    }

    /** The first run may miss the call, and says so. */
    @Test
    void callThatIsRefusedByItself_isListedBySecondRun() throws Exception {
        Finished run = learn("bpf", "--runs", "2", compile("escape"), "refuse", "-");
        assertEquals(0, run.status(), run::toString);
        assertTrue(SyscallNames.parse(run.out()).contains("personality"), run::toString);
        assertTrue(run.err().contains(", source bpf: complete\n"), run::toString);
        assertFalse(run.err().contains("first milliseconds"), run::toString);
    }

    @Test
    void callThatIsRefusedByAnOuterFilter_isListed() throws Exception {
        List<String> words =
                new ArrayList<>(
                        List.of(
                                Dist.command("sandboxify").toString(),
                                "-q",
                                "--deny",
                                "personality",
                                "--action",
                                "errno"));
        String program = LiveKernel.requireProgram("setarch").toString();
        words.addAll(Learn.words(List.of("--source", "bpf", "--", program, "-R", "true")));
        Finished run = Child.of(words).run();
        assertTrue(SyscallNames.parse(run.out()).contains("personality"), run::toString);
    }

    @Test
    void verify_findsCallThatWasNotSeen() throws Exception {
        Path once = folder.resolve("once");
        String script = "[ -e " + once + " ] && nice true; : >" + once;
        Finished run = learn("bpf", "--verify", "/bin/sh", "-c", script);
        assertEquals(0, run.status(), run::toString);
        assertTrue(run.err().contains("under enforcement the list was not enough"), run::toString);
        assertTrue(run.out().contains(":getpriority:"), run::toString);
    }

    @Test
    void daemonThatFails_isSaid() throws Exception {
        Finished run = learn("bpf", "-q", "/bin/sh", "-c", "(sleep 0.3; exit 71) & exit 0");
        assertEquals(0, run.status(), run::toString);
        assertTrue(run.err().contains("with status 71"), run::toString);
    }

    @Test
    void twoCapabilities_suffice() throws Exception {
        String[] kinds = {"inh-caps", "ambient-caps", "bounding-set"};
        List<String> words =
                new ArrayList<>(
                        List.of(
                                LiveKernel.requireProgram("setpriv").toString(),
                                "--reuid=65534",
                                "--regid=65534",
                                "--clear-groups"));
        for (String kind : kinds) {
            words.add("--" + kind + "=-all,+bpf,+perfmon");
        }
        words.addAll(
                Learn.words(List.of("--source", "bpf", "--from", "preload", "--", "/bin/true")));
        Finished run = Child.of(words).in(Path.of("/")).run();
        assertEquals(0, run.status(), run::toString);
        assertEquals(Set.of("exit_group"), SyscallNames.parse(run.out()));
    }

    @Test
    void withoutCapabilities_isRefusedWithTheReason() throws Exception {
        List<String> words = new ArrayList<>(Learn.nobody());
        words.addAll(
                Learn.words(List.of("--source", "bpf", "--from", "preload", "--", "/bin/true")));
        Finished run = Child.of(words).in(Path.of("/")).run();
        assertEquals(125, run.status(), run::toString);
        assertTrue(run.err().contains("CAP_BPF and CAP_PERFMON are needed"), run::toString);
    }

    /** A recorder that is killed must not take the program with it. */
    @Test
    void recorderThatIsKilled_leavesTheProgramAlone() throws Exception {
        Path begun = folder.resolve("begun");
        Path made = folder.resolve("made");
        String script = ": >" + begun + "; sleep 1; : >" + made;
        try (Child.Running learning =
                Learn.command("--source", "bpf", "--", "/bin/sh", "-c", script).start()) {
            Until.exists(begun);
            learning.handle().destroyForcibly();
            Until.exists(made);
        }
    }
}
