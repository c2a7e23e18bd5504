// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.check;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.jr.ob.JSON;
import io.sandbox.cli.testing.Child;
import io.sandbox.cli.testing.Dist;
import io.sandbox.cli.testing.Finished;
import io.sandbox.cli.testing.Learn;
import io.sandbox.cli.testing.LiveKernel;
import io.sandbox.cli.testing.NeedsQuietLog;
import io.sandbox.cli.testing.Words;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** {@code sandbox-check} on the live kernel. */
@NeedsQuietLog
final class CheckIT {
    private static final Path EXAMPLE = Path.of("../examples/greet");
    private static final Path CI = Path.of("../examples/ci");
    private static final String ECHO = "exit_group\nwrite\n";

    @TempDir private Path folder;

    @BeforeEach
    void requireKernel() throws IOException {
        LiveKernel.requireRoot();
    }

    private Finished check(String line, Object... values) throws Exception {
        List<String> given = Words.of(line, values);
        // The short policies of these tests lack what the dynamic linker calls.
        boolean runs = given.contains("--") && !given.contains("--from");
        return Child.of("sandbox-check " + (runs ? "--from preload" : "") + " %s", given)
                .in(folder)
                .run();
    }

    private Finished checkPolicy(String policy, String line, Object... values) throws Exception {
        Files.writeString(folder.resolve("p"), policy);
        return check("--policy p " + line, values);
    }

    private Finished shell(String script) throws Exception {
        return run(Child.shell(script, List.of()));
    }

    /** Runs a child with our commands in PATH. */
    private Finished run(Child child) throws Exception {
        Path dist = Dist.command("sandbox-check").getParent();
        return child.with("PATH", dist + ":" + System.getenv("PATH")).in(folder).run();
    }

    private String policy() throws IOException {
        return Files.readString(folder.resolve("p"));
    }

    private void copyExample() throws IOException {
        try (Stream<Path> files = Files.list(EXAMPLE)) {
            for (Path file : files.toList()) {
                if (!file.endsWith("greet")) {
                    Files.copy(file, folder.resolve(file.getFileName()));
                }
            }
        }
    }

    /** Compiles a program that makes three calls, and takes a status and a descriptor. */
    private void compileSay() throws Exception {
        Files.writeString(
                folder.resolve("say.c"),
                "#include <unistd.h>\n#include <sys/syscall.h>\n#include <stdlib.h>\n"
                        + "int main(int c, char **v) {\n"
                        + " if (write(c > 2 ? atoi(v[2]) : 1, \"said\\n\", 5) < 0) return 9;\n"
                        + " syscall(SYS_getpriority, 0, 0);\n"
                        + " return c > 1 ? atoi(v[1]) : 0; }\n");
        shell("cc -o say say.c").assertStatus(0);
    }

    /** The steps of the example's README. */
    @Test
    void pullRequestThatMakesACall_isReported_updated_andPasses() throws Exception {
        LiveKernel.requireProgram("make");
        LiveKernel.requireProgram("patch");
        LiveKernel.requireProgram("git");
        copyExample();
        assertEquals(
                0,
                shell(
                                "git init -q . && git add -A && git -c user.name=x -c user.email=x"
                                        + " commit -qm x")
                        .status());
        Finished before = shell("make -s check").assertStatus(0);
        assertTrue(before.out().startsWith("greet.policy: same: no new calls; "), before::out);

        shell("patch -sp1 <pull-request.patch").assertStatus(0);
        Finished drift = shell("make -s check");
        assertEquals(2, drift.status(), "make's status for a failed command");
        drift.assertOut("\n  new: greet.policy:5: uname is not allowed (kill)\n")
                .assertErr("Error 1");
        String next = "next: after review: ";
        String command = drift.out().substring(drift.out().indexOf(next) + next.length()).strip();
        assertEquals(
                "sandbox check --update --from preload --policy greet.policy -- ./greet"
                        + " --self-test",
                command);

        shell(command).assertStatus(0);
        List<String> diff =
                shell("git diff -U0 greet.policy")
                        .out()
                        .lines()
                        .filter(line -> line.matches("[-+][^-+].*"))
                        .toList();
        assertEquals(1, diff.size(), diff::toString);
        assertTrue(diff.get(0).matches("\\+uname  # seen in .*/greet"), diff::toString);
        shell("make -s check").assertStatus(0);
    }

    @Test
    void githubStep_isRunAsItIsPrinted() throws Exception {
        Finished run = runExample(githubStep()).assertStatus(1);
        assertTrue(
                run.out().matches("::error file=greet.policy,line=5,title=System call uname::.*\n"),
                run::out);
        Path example = folder.resolve("examples/greet");
        assertTrue(
                Files.readString(example.resolve("drift.sarif"))
                        .contains("\"uri\" : \"greet.policy\""));
        assertTrue(Files.readString(example.resolve("drift.md")).contains("| `uname` |"));
    }

    @Test
    void gitlabJob_isRunAsItIsPrinted() throws Exception {
        Map<?, ?> job = (Map<?, ?>) yaml("gitlab-ci.yml").get("check-system-calls");
        List<String> lines = new ArrayList<>();
        ((List<?>) job.get("script")).forEach(line -> lines.add((String) line));
        runExample(String.join("\n", lines)).assertStatus(1);
        String junit = Files.readString(folder.resolve("examples/greet/drift.xml"));
        assertTrue(junit.contains("failures=\"1\" errors=\"0\""), junit);
    }

    private static Map<?, ?> yaml(String name) throws IOException {
        String text = Files.readString(CI.resolve(name));
        return (Map<?, ?>) new Load(LoadSettings.builder().build()).loadFromString(text);
    }

    private static String githubStep() throws IOException {
        Map<?, ?> jobs = (Map<?, ?>) yaml("github-actions.yml").get("jobs");
        List<?> steps = (List<?>) ((Map<?, ?>) jobs.get("check")).get("steps");
        StringBuilder script = new StringBuilder();
        for (Object step : steps) {
            Object name = ((Map<?, ?>) step).get("name");
            if ("Build".equals(name) || "Check the policy".equals(name)) {
                script.append(((Map<?, ?>) step).get("run")).append('\n');
            }
        }
        return script.toString();
    }

    /** Runs with the pull request's change, as nobody: the jobs need no privilege. */
    private Finished runExample(String script) throws Exception {
        LiveKernel.requireProgram("make");
        LiveKernel.requireProgram("patch");
        Path example = Files.createDirectories(folder.resolve("examples/greet"));
        for (String file : List.of("greet.c", "greet.policy", "Makefile", "pull-request.patch")) {
            Files.copy(EXAMPLE.resolve(file), example.resolve(file));
        }
        shell(
                        "cd examples/greet && patch -sp1 <pull-request.patch"
                                + " && chown -R 65534:65534 ../..")
                .assertStatus(0);
        List<String> job = new ArrayList<>(Learn.nobody());
        String quietly = "set -e\nmake() { command make -s \"$@\"; }\n";
        job.addAll(List.of("/bin/sh", "-c", quietly + script));
        return run(Child.of(job));
    }

    @Test
    void program_thatDoesWhatThePolicySays_isTheSame() throws Exception {
        compileSay();
        Finished run = checkPolicy("exit_group\ngetpriority\nwrite\n", "-- ./say").assertStatus(0);
        assertTrue(run.out().startsWith("p: same: no new calls; seen: 3 calls, "), run::out);
        assertEquals("said\n", run.err(), "the program's output is not mixed with the report");
    }

    @Test
    void json_saysWhoMadeTheCallAndWhen() throws Exception {
        compileSay();
        Finished run = checkPolicy(ECHO, "--format json -- ./say");
        Map<String, Object> report = JSON.std.mapFrom(run.out().getBytes(UTF_8));
        Map<?, ?> call = (Map<?, ?>) ((List<?>) report.get("calls")).get(0);
        assertEquals("getpriority", call.get("name"));
        Map<?, ?> seen = (Map<?, ?>) ((List<?>) call.get("seen")).get(0);
        assertEquals(folder.toRealPath().resolve("say").toString(), seen.get("executable"));
        assertEquals(1, seen.get("count"));
    }

    @Test
    void recording_isComparedLikeARun() throws Exception {
        compileSay();
        Learn.command("-q -o l --recording r.json ./say").in(folder).run().assertStatus(0);
        check("--policy l --evidence r.json").assertStatus(0);
        check("--policy l --evidence r.json -- ./say").assertStatus(0);
        checkPolicy(ECHO, "--evidence r.json").assertStatus(1);
        assertEquals(
                2,
                checkPolicy("exit_group\ngetpriority\nwrite(arg0==1)\n", "--evidence r.json")
                        .status(),
                "a recording has no arguments");
    }

    @Test
    void log_isEvidenceForThoseWhoTrustIt() throws Exception {
        StringBuilder log = new StringBuilder();
        for (String call : List.of("/a 1", "/a 231", "/b 101")) {
            String[] words = call.split(" ");
            log.append("type=SECCOMP msg=audit(1.002:3): auid=0 uid=0 gid=0 ses=1 pid=1 comm=\"a\"")
                    .append(" exe=\"" + words[0] + "\" sig=0 arch=c000003e syscall=" + words[1])
                    .append(" compat=0 ip=0x1 code=0x7ffc0000\n");
        }
        Files.writeString(folder.resolve("audit.log"), log.toString());
        checkPolicy(ECHO, "--log audit.log --exe /a")
                .assertStatus(2)
                .assertOut(
                        "a log does not show what never reached it (--allow-gaps checks"
                                + " anyway)\n");
        Finished drifted = checkPolicy(ECHO, "--log audit.log").assertOut("ptrace is not allowed");
        assertFalse(drifted.out().contains("next:"), "an update would do nothing");
        checkPolicy(ECHO, "--log audit.log --exe /a --allow-gaps").assertStatus(0);
        checkPolicy(ECHO, "--log audit.log --allow-gaps")
                .assertStatus(1)
                .assertOut("ptrace is not allowed");
    }

    @Test
    void programThatFails_isNoEvidence() throws Exception {
        compileSay();
        String policy = "exit_group\ngetpriority\nwrite\n";
        checkPolicy(policy, "-- ./say 3").assertStatus(2).assertOut("./say ended with status 3");
        checkPolicy(policy, "--allow-failure -- ./say 3").assertStatus(0);
        checkPolicy(ECHO, "--update -- ./say 3")
                .assertStatus(2)
                .assertErr("p: not updated: the evidence does not suffice\n");
        assertEquals(ECHO, policy(), "doubtful evidence changes nothing");
    }

    @Test
    void exploits_tooFewStopped_isStatus1InEachReport() throws Exception {
        compileSay();
        String policy = "exit_group\ngetpriority\nwrite\nbpf\n";
        String stands =
                "\n  exploits: p:1: the policy leaves 8 of 79 known exploits reachable (a lower"
                        + " bound): it stops 71 at most, and %d are wanted\n"
                        + "    6 reachable: BPF programs and maps by bpf (bpf, line 4)\n";
        checkPolicy(policy, "--at-least 71 -- ./say")
                .assertStatus(0)
                .assertOut(stands.formatted(71));
        checkPolicy(policy, "--at-least 72 --report sarif=s --report junit=j -- ./say")
                .assertStatus(1)
                .assertOut("p: too open: no new calls, ", stands.formatted(72));
        String sarif = Files.readString(folder.resolve("s"));
        assertTrue(sarif.contains("\"ruleId\" : \"known-exploits\""), sarif);
        String junit = Files.readString(folder.resolve("j"));
        assertTrue(junit.contains("<failure type=\"known-exploits\" message=\"the pol"), junit);
    }

    @Test
    void badInput_isStatus2AndOneLine() throws Exception {
        Files.writeString(folder.resolve("good"), ECHO);
        Files.writeString(folder.resolve("bad"), "no policy at all");
        String mistakes =
                """
                policy: -- true
                nothing: --policy good
                none: --policy none -- true
                bad: --policy bad -- true
                not found: --policy good -- ./no-program
                recording: --policy good --evidence bad
                No such file: --policy good --evidence none
                No such file: --policy good --log none
                --exe: --policy good --exe /x -- true
                fail-on: --policy good --fail-on old -- true
                format: --policy good --format xml -- true
                FORMAT=FILE: --policy good --report json -- true
                unknown format: --policy good --report x=y -- true
                cannot write: --policy good -o none/x -- true
                --prune: --policy good --for 7d --prune --log bad
                not from 1 to 79: --policy good --at-least 80 -- true
                not from 1 to 79: --policy good --at-least 0 -- true
                --at-least: --policy good --for 7d --at-least 1 --log bad
                architecture: --policy good --arch vax --evidence bad
                --arch: --policy good --arch aarch64 -- true
                """;
        for (String mistake : mistakes.lines().toList()) {
            String[] parts = mistake.split(": ", 2);
            check(parts[1]).assertRefusedBy("sandbox check", 2, parts[0]);
        }
        try (Stream<Path> files = Files.list(folder)) {
            assertEquals(2, files.count(), "nothing is left behind");
        }
    }

    @Test
    void prune_marksUnusedRulesToWhichNoCodeLeads_andChangesNothing() throws Exception {
        compileSay();
        String policy = "SECCOMP_SYSCALL_ALLOW=\"exit_group:write:getpriority:mount:mmap\"\n";
        Finished plain = checkPolicy(policy, "--source notify -- ./say");
        Finished done =
                checkPolicy(policy, "--prune --source notify -- ./say")
                        .assertStatus(0)
                        .assertStatus(plain.status());
        String candidate = ", and no code of the program leads there: a candidate to remove";
        done.assertOut(
                "mount is allowed and not used" + candidate, "mmap is allowed and not used\n");
        plain.assertOutLacks(candidate);
        assertEquals(policy, policy());
        // An interpreter: nobody knows what it is told to do.
        checkPolicy(policy, "--prune --source notify -- perl -e %s", "exit 0")
                .assertOut("--prune: nothing can be said")
                .assertOutLacks(candidate);
    }

    @Test
    void javaThatIsMissing_isStatus2() throws Exception {
        Child.of("sandbox-check --policy p -- true")
                .with("JAVA_HOME", "/nonexistent")
                .run()
                .assertStatus(2);
    }

    @Test
    void programThatChangesThePolicy_isHeldAgainstWhatItWas_andNotOverwritten() throws Exception {
        checkPolicy(ECHO, "--update -- sh -c %s", "echo 'write' >p")
                .assertStatus(2)
                .assertOut("new: p:2: ")
                .assertErr("somebody else has changed it");
        assertEquals("write\n", policy());
    }

    @Test
    void update_ofWhatARuleRefuses_leavesTheDecision() throws Exception {
        compileSay();
        String policy =
                "{\"sandboxPolicy\": 1, \"default\": \"kill\", \"rules\": [\n"
                        + "  {\"call\": \"exit_group\", \"action\": \"allow\"},\n"
                        + "  {\"call\": \"getpriority\", \"action\": \"errno:EPERM\"}]}\n";
        checkPolicy(policy, "--update -- ./say")
                .assertStatus(0)
                .assertOut(
                        "refused: p:3: getpriority is refused by",
                        "drift: 1 new call, 1 refused by decision");
        assertTrue(policy().contains("\"call\": \"write\", \"action\": \"allow\""), policy());
        assertTrue(policy().contains("errno:EPERM"), policy());
    }

    @ParameterizedTest
    @ValueSource(strings = {"env", "list", "json", "oci", "systemd"})
    void update_ofEachFormat_isReadBackAndTheSame(String format) throws Exception {
        compileSay();
        Files.writeString(folder.resolve("l"), "brk\nexit_group\nmkdir\n");
        shell("sandbox-policy convert l --to " + format + " | sed 's/$/\r/' >p").assertStatus(0);
        long before = policy().lines().count();
        check("--policy p --update --prune -- ./say").assertStatus(0);
        assertFalse(policy().contains("mkdir"), policy());
        assertTrue(Math.abs(policy().lines().count() - before) <= 1, policy());
        assertFalse(policy().replace("\r\n", "").contains("\n"), policy());
        check("--policy p -- ./say").assertStatus(0).assertOut("same: no new calls");
    }

    @Test
    void update_throughALink_changesTheFileBehindIt() throws Exception {
        compileSay();
        Path real = Files.writeString(folder.resolve("real"), "exit_group\r\nwrite");
        Files.createSymbolicLink(folder.resolve("link"), Path.of("real"));
        check("--policy link --update -- ./say").assertStatus(0);
        assertTrue(Files.isSymbolicLink(folder.resolve("link")));
        assertTrue(
                Files.readString(real)
                        .matches("exit_group\r\ngetpriority  # seen in .*/say\r\nwrite"));
        check("--policy link --update -- ./say")
                .assertStatus(0)
                .assertErr("link: not updated: there is nothing that --update could change");
    }

    @Test
    void update_whereNothingCanBeWritten_isRefusedBeforeTheRun() throws Exception {
        // Root may write anywhere but on a file system that is read-only.
        LiveKernel.requireProgram("unshare");
        shell(
                        "mkdir m && exec unshare -m sh -c 'mount -t tmpfs x m && echo write >m/p &&"
                            + " mount -o remount,ro m && exec sandbox-check --policy m/p --update"
                            + " -- touch ran'")
                .assertRefusedBy("sandbox check", 2, "m/p: cannot write the result: Read-only");
        assertFalse(Files.exists(folder.resolve("ran")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"text", "json", "junit", "sarif", "github", "markdown"})
    void hostileExecutable_injectsNothing(String format) throws Exception {
        compileSay();
        String name = "a\n::error::owned\u001b[31m<owned>|`@owned`";
        Files.copy(folder.resolve("say"), folder.resolve(name));
        Finished run =
                checkPolicy(ECHO, "--format %s -- %s", format, "./" + name)
                        .assertStatus(1)
                        .assertOut("getpriority")
                        .assertOutLacks("\n::error::owned")
                        .assertOutLacks("\u001b");
        assertFalse(format.equals("junit") && run.out().contains("<owned>"), run::out);
        assertFalse(format.equals("markdown") && run.out().contains("@owned"), run::out);
    }

    /** A JVM ends like this: normally, with a status that names the signal. */
    @Test
    void serviceEndedBySigterm_namesDuration_whichIsASuccess() throws Exception {
        String service = "trap 'exit 143' TERM; sleep 2 & wait";
        Files.writeString(
                folder.resolve("all.env"),
                Learn.command("-q --duration 1 sh -c %s", service).in(folder).run().out());
        check("--policy all.env -- sh -c %s", "kill $$; " + service)
                .assertStatus(2)
                .assertOut("ended with status 143: SIGTERM ended it", "--duration");
        check("--policy all.env --duration 1 -- sh -c %s", service).assertStatus(0);
    }
}
