// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.learn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sandbox.cli.testing.CProgram;
import io.sandbox.cli.testing.Child;
import io.sandbox.cli.testing.Finished;
import io.sandbox.cli.testing.Learn;
import io.sandbox.cli.testing.LiveKernel;
import io.sandbox.cli.testing.MakesRecords;
import io.sandbox.cli.testing.Recorded;
import io.sandbox.cli.testing.SyscallNames;
import io.sandbox.cli.testing.Until;
import io.sandbox.cli.testing.Words;
import io.sandbox.evidence.CallEvidence;
import io.sandbox.evidence.ProgramEvidence;
import io.sandbox.evidence.Run;
import java.nio.file.Files;
import java.nio.file.Path;
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
@MakesRecords
final class BpfIT {
    @TempDir private Path folder;

    @BeforeEach
    void requireBpf() throws Exception {
        LiveKernel.requireBpf();
    }

    private static Finished learn(String source, String line, Object... values) throws Exception {
        return Learn.command("--source " + source + " " + line, values).run();
    }

    /** The counts of calls, by executable, architecture and number. */
    private Map<String, Long> counts(String source, String line, Object... values)
            throws Exception {
        Map<String, Long> counts = new TreeMap<>();
        for (ProgramEvidence program : run(source, line, values).programs()) {
            for (CallEvidence call : program.calls()) {
                String arch = Integer.toHexString(program.auditArch());
                counts.put(program.executable() + " " + arch + " " + call.number(), call.count());
            }
        }
        return counts;
    }

    private Run run(String source, String line, Object... values) throws Exception {
        Path file = folder.resolve(source + ".json");
        Finished finished = learn(source, "-q --recording %s %s", file, Words.of(line, values));
        Run run = Recorded.firstRun(file);
        assertTrue(run.isComplete(), finished::toString);
        return run;
    }

    private String compile(String name, String options) throws Exception {
        return CProgram.compile(name, folder, options).toString();
    }

    @ParameterizedTest
    @ValueSource(strings = {"preload", "exec", "entry"})
    void countsFromAnywhere_areThoseOfAudit(String from) throws Exception {
        String words = "--from " + from + " /bin/sh -c %s";
        String script = "ls / >/dev/null; echo done";
        assertEquals(counts("audit", words, script), counts("bpf", words, script));
    }

    @ParameterizedTest
    @ValueSource(strings = {"-static", "-m32"})
    void programsOfOtherKinds_areThoseOfAudit(String option) throws Exception {
        String words = "--from exec " + compile("marker", option) + " /dev/null";
        assertEquals(counts("audit", words), counts("bpf", words));
    }

    /** Calls through int 0x80, calls of x32, vsyscalls, unknown and negative numbers. */
    @Test
    void oddCalls_areThoseOfAudit() throws Exception {
        String words = "--from exec " + compile("odd_calls", "-w");
        assertEquals(counts("audit", words), counts("bpf", words));
    }

    @Test
    void threads_makeTheSameList() throws Exception {
        String program = compile("threads", "-pthread");
        assertEquals(
                SyscallNames.parse(learn("audit", "%s", program).out()),
                SyscallNames.parse(learn("bpf", "%s", program).out()));
    }

    /** The process ends long before the recorder reads where its calls came from. */
    @Test
    void origins_areThereForAllCalls() throws Exception {
        Run run = run("bpf", "--from exec /bin/true");
        for (CallEvidence call : run.programs().get(0).calls()) {
            String origin = call.origin().orElseThrow().toString();
            assertTrue(origin.matches("/.*/(libc|ld-linux).*\\.so.*\\+0x[0-9a-f]+"), origin);
        }
    }

    @Test
    void beforeEntry_isThatOfAudit() throws Exception {
        String words = "--from exec /bin/ls /";
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
                List.of("--source", "bpf", "--", compile("escape", ""), mode, file.toString());
        try (Child.Running learning = Learn.command(words).start()) {
            if (!mode.equals("trace")) {
                Until.exists(folder.resolve("file.left"));
                Files.createFile(file);
            }
            learning.await().assertStatus(0).assertLists("getpriority");
        }
    }

    /** The first run may miss the call, and says so. */
    @Test
    void callThatIsRefusedByItself_isListedBySecondRun() throws Exception {
        learn("bpf", "--runs 2 %s refuse -", compile("escape", ""))
                .assertStatus(0)
                .assertLists("personality")
                .assertErr(", source bpf: complete\n")
                .assertErrLacks("first milliseconds");
    }

    @Test
    void callThatIsRefusedByAnOuterFilter_isListed() throws Exception {
        List<String> words = Words.of("sandboxify -q --deny personality --action errno");
        String program = LiveKernel.requireProgram("setarch").toString();
        words.addAll(Learn.words("--source bpf -- %s -R true", program));
        Child.of(words).run().assertLists("personality");
    }

    @Test
    void verify_findsCallThatWasNotSeen() throws Exception {
        Path once = folder.resolve("once");
        String script = "[ -e " + once + " ] && nice true; : >" + once;
        learn("bpf", "--verify /bin/sh -c %s", script)
                .assertStatus(0)
                .assertErr("under enforcement the list was not enough")
                .assertOut(":getpriority:");
    }

    @Test
    void daemonThatFails_isSaid() throws Exception {
        learn("bpf", "-q /bin/sh -c %s", "(sleep 0.3; exit 71) & exit 0")
                .assertStatus(0)
                .assertErr("with status 71");
    }

    @Test
    void twoCapabilities_suffice() throws Exception {
        List<String> words = Learn.asNobody();
        for (String kind : List.of("inh-caps", "ambient-caps", "bounding-set")) {
            words.add("--" + kind + "=-all,+bpf,+perfmon");
        }
        Finished run = Child.of(learnTrue(words)).in(Path.of("/")).run().assertStatus(0);
        assertEquals(Set.of("exit_group"), SyscallNames.parse(run.out()));
    }

    private static List<String> learnTrue(List<String> prefix) {
        return Words.of("%s sandbox learn --source bpf --from preload -- /bin/true", prefix);
    }

    @Test
    void withoutCapabilities_isRefusedWithTheReason() throws Exception {
        Child.of(learnTrue(Learn.nobody()))
                .in(Path.of("/"))
                .run()
                .assertStatus(125)
                .assertErr("CAP_BPF and CAP_PERFMON are needed");
    }

    /** A recorder that is killed must not take the program with it. */
    @Test
    void recorderThatIsKilled_leavesTheProgramAlone() throws Exception {
        Path begun = folder.resolve("begun");
        Path made = folder.resolve("made");
        String script = ": >" + begun + "; sleep 1; : >" + made;
        try (Child.Running learning =
                Learn.command("--source bpf -- /bin/sh -c %s", script).start()) {
            Until.exists(begun);
            learning.handle().destroyForcibly();
            Until.exists(made);
        }
    }
}
