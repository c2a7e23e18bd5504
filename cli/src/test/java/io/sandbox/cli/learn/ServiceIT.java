// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.learn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sandbox.cli.testing.Child;
import io.sandbox.cli.testing.Dist;
import io.sandbox.cli.testing.Finished;
import io.sandbox.cli.testing.Learn;
import io.sandbox.cli.testing.LiveKernel;
import io.sandbox.cli.testing.MakesRecords;
import io.sandbox.cli.testing.Until;
import io.sandbox.cli.testing.Words;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Commands as systemd starts and ends them, and under restrictions of units and administrators. */
@MakesRecords
final class ServiceIT {
    @TempDir private Path folder;

    /** Makes the shell the process that systemd means, and then ours. */
    private static final String AS_SERVICE =
            "export LISTEN_PID=$$ WATCHDOG_PID=$$ SYSTEMD_EXEC_PID=1;"
                    + " export LISTEN_PIDFDID=$(python3 -c \"$ID\" $$); exec \"$@\"";

    private static final String ID =
            "import os, sys; print(os.fstat(os.pidfd_open(int(sys.argv[1]))).st_ino)";

    private static final String SHOW =
            "echo $(($$ == LISTEN_PID)) $(($$ == WATCHDOG_PID)) $SYSTEMD_EXEC_PID"
                    + " $(($(python3 -c \"$ID\" $$) == LISTEN_PIDFDID))";

    @ParameterizedTest
    @ValueSource(
            strings = {
                "sandboxify --deny acct --explain",
                "sandbox-learn -q -o /dev/null",
                "sandbox-learn -q -o /dev/null --source notify",
            })
    void variablesForTheService_nameTheProgram(String words) throws Exception {
        LiveKernel.requireRoot();
        LiveKernel.requireProgram("python3");
        List<String> command = Words.of(words + " sh -c %s", SHOW);
        Child.shell(AS_SERVICE, command).with("ID", ID).run().assertOutIs("1 1 1 1\n");
    }

    private static final String NOTE_SIGNALS =
            "trap 'echo TERM >>\"$1\"' TERM; : >\"$1\"; while [ ! -s \"$1\" ]; do sleep 0.1; done;"
                    + " sleep 1";

    /** systemctl stop sends SIGTERM to each process of a unit, the program's included. */
    @ParameterizedTest
    @ValueSource(strings = {"audit", "notify"})
    void sigtermToAll_listIsPrintedAndProgramGotIt_once(String source) throws Exception {
        assertEquals(List.of("TERM"), signalsOfProgram(source, true));
    }

    /** An administrator sends it to the process that they started. */
    @Test
    void sigtermToTheCommand_programGetsIt() throws Exception {
        assertEquals(List.of("TERM"), signalsOfProgram("auto", false));
    }

    private List<String> signalsOfProgram(String source, boolean sentToAll) throws Exception {
        LiveKernel.requireRoot();
        Path signals = folder.resolve("signals");
        Child learn = Learn.command("--source %s sh -c %s sh %s", source, NOTE_SIGNALS, signals);
        try (Child.Running running = learn.start()) {
            Until.exists(signals);
            ProcessHandle java = running.java();
            List<ProcessHandle> children = running.handle().children().toList();
            assertTrue(children.contains(java) && children.size() > 1, children::toString);
            running.handle().destroy();
            if (sentToAll) {
                children.forEach(ProcessHandle::destroy);
            }
            running.await().assertStatus(0).assertLists("openat");
        }
        return Files.readAllLines(signals);
    }

    /** To Java alone: it leaves the end to the program. */
    @Test
    void sigtermToJava_doesNothing() throws Exception {
        LiveKernel.requireRoot();
        Path signals = folder.resolve("signals");
        Child learn = Learn.command("sh -c %s sh %s", NOTE_SIGNALS, signals);
        try (Child.Running running = learn.start()) {
            Until.exists(signals);
            ProcessHandle java = running.java();
            java.destroy();
            Thread.sleep(300);
            assertTrue(java.isAlive());
            assertEquals("", Files.readString(signals));
            running.handle().destroy();
            running.await().assertStatus(0);
        }
    }

    /** Has a length that nothing else writes. */
    private static final String WITH_LOGIN_UID = "echo 7654321 >/proc/self/loginuid; exec \"$@\"";

    /** Stands for auditctl --loginuid-immutable, which only the next boot would end. */
    private static final List<String> IMMUTABLE =
            List.of(
                    Dist.command("sandboxify").toString(),
                    "-q",
                    "--deny",
                    "write(arg2==7)",
                    "--action",
                    "errno:EPERM");

    private static final List<String> WITHOUT_AUDIT_CONTROL =
            List.of("setpriv", "--bounding-set=-audit_control", "--inh-caps=-audit_control");

    private static Finished learnWithLoginUid(List<String> prefix, String source) throws Exception {
        LiveKernel.requireRoot();
        List<String> words = new ArrayList<>(prefix);
        words.addAll(Learn.words("--source %s /bin/true", source));
        return Child.shell(WITH_LOGIN_UID, words).run();
    }

    @Test
    void loginUidImmutable_autoTakesNotify() throws Exception {
        learnWithLoginUid(IMMUTABLE, "auto").assertErr("source notify: complete").assertStatus(0);
    }

    @Test
    void loginUidImmutable_auditSaysSo() throws Exception {
        learnWithLoginUid(IMMUTABLE, "audit").assertRefused(125, "--loginuid-immutable");
    }

    @Test
    void noAuditControl_autoTakesNotify() throws Exception {
        learnWithLoginUid(WITHOUT_AUDIT_CONTROL, "auto")
                .assertErr("source notify: complete")
                .assertStatus(0);
    }

    @Test
    void noAuditControl_auditSaysSo() throws Exception {
        learnWithLoginUid(WITHOUT_AUDIT_CONTROL, "audit")
                .assertRefused(125, "CAP_AUDIT_CONTROL is needed");
    }

    /** A kernel that was started with audit=0 answers so when it is asked for the socket. */
    @ParameterizedTest
    @ValueSource(strings = {"audit", "kmsg"})
    void auditSwitchedOffAtBoot_isSaid(String source) throws Exception {
        LiveKernel.requireRoot();
        List<String> words =
                Words.of(
                        "sandboxify -q --deny socket(arg0==16,arg2==9) --action"
                                + " errno:EPROTONOSUPPORT");
        words.addAll(Learn.words("--source %s /bin/true", source));
        Child.of(words).run().assertRefused(125, "audit=0");
    }

    private static final String DENY_WRITE_EXECUTE =
            "import ctypes, os, sys; failed = ctypes.CDLL(None).prctl(65, 1, 0, 0, 0);"
                    + " os.execvp('false' if failed else sys.argv[1], sys.argv[1:])";

    /** MemoryDenyWriteExecute= (PR_SET_MDWE, Linux 6.3). */
    @ParameterizedTest
    @ValueSource(strings = {"sandboxify", "sandbox-syscall"})
    void memoryDenyWriteExecute_isNamed(String command) throws Exception {
        Finished run =
                Child.of(
                                "%s -c %s %s read",
                                LiveKernel.requireProgram("python3"),
                                DENY_WRITE_EXECUTE,
                                Dist.command(command))
                        .run();
        LiveKernel.require(run.status() != 1, "the kernel has no PR_SET_MDWE");
        String name = command.equals("sandboxify") ? "sandbox run" : "sandbox syscall";
        run.assertRefusedBy(name, 125, "MemoryDenyWriteExecute=");
    }

    /** From none that starts Java to nearly enough; how many are, depends on the machine. */
    @ParameterizedTest
    @ValueSource(ints = {1, 10, 14, 15, 16, 17})
    void limitOfProcesses_isEnoughOrNamed(int limit) throws Exception {
        LiveKernel.requireRootUser();
        List<String> words = new ArrayList<>(Learn.nobody());
        words.set(words.indexOf("--reuid=65534"), "--reuid=54321");
        words.add(LiveKernel.requireProgram("prlimit").toString());
        words.addAll(List.of("--nproc=" + limit, Dist.command("sandboxify").toString()));
        words.addAll(List.of("--deny", "acct", "/bin/true"));
        Finished run = Child.of(words).in(Path.of("/")).run();
        if (limit <= 10 || run.status() != 0) {
            run.assertStatus(125)
                    .assertErr("RLIMIT_NPROC is " + limit)
                    .assertErrLacks("internal error");
        }
    }

    /** Java gets more, if it may have them; the program does not. */
    @ParameterizedTest
    @CsvSource({"8:8, 125, RLIMIT_NOFILE is 8", "20:100, 0, 20:100", "6:100, 125, Too many open"})
    void limitOfFiles_isEnoughOrNamed(String limit, int status, String said) throws Exception {
        String show = "echo $(ulimit -n):$(ulimit -Hn)";
        Finished run =
                Child.of("prlimit --nofile=%s sandboxify -q --deny acct sh -c %s", limit, show)
                        .run()
                        .assertStatus(status);
        assertTrue((run.out() + run.err()).matches(".*" + said + ".*\n"), run::toString);
    }

    /** ProcSubset=pid: there is no /proc/sys, /proc/uptime and the like. */
    @Test
    void procOfProcessesOnly_autoTakesNotifyAndAuditSaysIt() throws Exception {
        LiveKernel.requireRootUser();
        LiveKernel.requireProgram("unshare");
        Path recording = folder.resolve("recording");
        String script = "mount -t proc -o subset=pid proc /proc && exec \"$@\"";
        List<String> words = Words.of("unshare -m sh -c %s sh", script);
        words.addAll(Learn.words("--recording %s -- /bin/true", recording));
        Finished run = Child.of(words).run().assertStatus(0).assertErr("source notify: complete");
        words.set(words.indexOf("--recording"), "--source");
        words.set(words.indexOf(recording.toString()), "audit");
        Child.of(words).run().assertRefused(125, "ProcSubset=pid");
    }
}
