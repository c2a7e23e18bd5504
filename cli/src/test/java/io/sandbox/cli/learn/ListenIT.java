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
import io.sandbox.cli.testing.Listening;
import io.sandbox.cli.testing.LiveKernel;
import io.sandbox.cli.testing.MakesRecords;
import io.sandbox.cli.testing.OciBundle;
import io.sandbox.cli.testing.Recorded;
import io.sandbox.cli.testing.SyscallNames;
import io.sandbox.cli.testing.Until;
import io.sandbox.evidence.Run;
import io.sandbox.syscalldb.testing.Table;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code sandbox listen}: containers, services and unwelcome clients of its socket. */
@MakesRecords
final class ListenIT {
    /** A script that sends a malformed message, named by argument 2, to the socket, argument 1. */
    private static final String SENDER =
            """
            import array, os, socket, sys, time
            def send(text, *fds):
              s = socket.socket(socket.AF_UNIX)
              s.connect(sys.argv[1])
              s.sendmsg([text], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array('i', fds))] if fds else [])
              return s
            state = b'{"fds": ["seccompFd"], "pid": 1, "state": {"id": "x"}}'
            what = sys.argv[2]
            null = os.open('/dev/null', os.O_RDONLY)
            if what == 'nothing': s = send(state)
            elif what == 'file': s = send(state, null)
            elif what == 'two': s = send(state, null, null)
            elif what == 'text': s = send(b'hello', null)
            elif what == 'half':
              s = send(state[:10], null)
              s.shutdown(socket.SHUT_WR)
            elif what == 'endless':
              s = send(b'{', null)
              try:
                while True: s.sendall(b' ' * 4096)
              except OSError: pass
            elif what == 'many':
              all = [send(b'{', null) for i in range(40)]
            try: s.recv(1)
            except (OSError, NameError): pass
            """;

    /** Takes the listener at one socket, and sends it to another with other words. */
    private static final String RELAY =
            """
            import os, socket, sys
            here = socket.socket(socket.AF_UNIX)
            here.bind(sys.argv[1] + '.new')
            here.listen()
            os.rename(sys.argv[1] + '.new', sys.argv[1])
            fds = socket.recv_fds(here.accept()[0], 65536, 4)[1]
            there = socket.socket(socket.AF_UNIX)
            there.connect(sys.argv[2])
            socket.send_fds(there, [sys.argv[3].encode()], fds)
            """;

    @TempDir private Path folder;

    private static Map<String, Set<String>> lists(String output) {
        Map<String, Set<String>> lists = new TreeMap<>();
        String name = "";
        for (String line : output.lines().toList()) {
            if (line.startsWith("# ")) {
                name = name.isEmpty() ? line.substring(2) : name;
            } else {
                lists.put(name, SyscallNames.parse(line + "\n"));
                name = "";
            }
        }
        return lists;
    }

    @Test
    void threeAtOnce_eachListIsItsOwn() throws Exception {
        Map<String, String> scripts =
                Map.of(
                        "names", "sleep 0.3; uname -a",
                        "files", "sleep 0.3; cat /etc/passwd | sort",
                        "daemon", "(sleep 0.5; id) & exit 3");
        try (Listening listening = Listening.in(folder, "-q --containers 3")) {
            List<Child.Running> programs = new ArrayList<>();
            for (Map.Entry<String, String> each : scripts.entrySet()) {
                programs.add(
                        Child.of(
                                        listening.handOver(
                                                each.getKey(), "/bin/sh -c %s", each.getValue()))
                                .start());
            }
            for (Child.Running program : programs) {
                program.await();
                program.close();
            }
            Finished learned = listening.running().await().assertStatus(0);
            assertEquals(List.of(), learned.messages());
            Map<String, Set<String>> lists = lists(learned.out());
            assertEquals(scripts.keySet(), lists.keySet());
            for (Map.Entry<String, String> each : scripts.entrySet()) {
                Finished alone =
                        Learn.command(
                                        "-q --source notify --from exec /bin/sh -c %s",
                                        each.getValue())
                                .run();
                assertEquals(
                        SyscallNames.parse(alone.out()), lists.get(each.getKey()), each.getKey());
            }
        }
    }

    /** Listening may go on for months, so each file is written when its container ends. */
    @Test
    void folder_getsAFileOfEachContainerAtItsEnd() throws Exception {
        Path lists = Files.createDirectory(folder.resolve("lists"));
        try (Listening listening = Listening.in(folder, "-q -o %s", lists)) {
            for (String name : List.of("a/b", "a_b", ".a b")) {
                Child.of(listening.handOver(name, "/bin/true")).run();
            }
            for (String name : List.of("a%2Fb.env", "a_b.env", "%2Ea%20b.env")) {
                Path list = lists.resolve(name);
                Until.exists(list);
                assertTrue(Files.readString(list).startsWith("# "), name);
            }
        }
    }

    @Test
    void folderThatIsNotThere_isRefused() throws Exception {
        String none = folder.resolve("none") + "/";
        List<String> words = List.of(folder.resolve("s").toString(), "-o", none);
        Child.of("sandbox listen %s", words)
                .run()
                .assertStatus(125)
                .assertErr(none + ": there is no such folder");
    }

    @ParameterizedTest
    @ValueSource(strings = {"nothing", "file", "two", "text", "half", "endless", "many"})
    void rubbish_hurtsNobodyElse(String what) throws Exception {
        LiveKernel.requireProgram("python3");
        Path sender = Files.writeString(folder.resolve("sender.py"), SENDER);
        Path go = folder.resolve("go");
        String script = "while [ ! -e " + go + " ]; do sleep 0.1; done; uname";
        try (Listening listening = Listening.in(folder, "--containers 1");
                Child.Running program =
                        Child.of(listening.handOver("good", "/bin/sh -c %s", script)).start()) {
            Child.of("python3 %s %s %s", sender, listening.socket(), what).run().assertStatus(0);
            Files.createFile(go);
            program.await().assertStatus(0);
            Finished learned = listening.running().await().assertStatus(0);
            assertTrue(lists(learned.out()).get("good").contains("uname"), learned::toString);
            learned.assertErr("refused what was handed over: ");
        }
    }

    /** The calls of a container that is turned away are made unrecorded. */
    @ParameterizedTest
    @CsvSource({"text, '', handed over what was refused", "nothing, {}, fds: not the one name"})
    void somebodyIsTurnedAwayBesideAContainer_isNotComplete(
            String what, String state, String reason) throws Exception {
        LiveKernel.requireProgram("python3");
        String script =
                """
                #!/bin/sh
                [ "$1" = info ] && { echo /usr/bin/crun; exit; }
                profile=$(grep -o 'seccomp_profile *= *"[^"]*"' "$CONTAINERS_CONF_OVERRIDE" | cut -d'"' -f2)
                socket=$(grep -o '"listenerPath" *: *"[^"]*"' "$profile" | cut -d'"' -f4)
                python3 "$SENDER" "$socket" "$WHAT"
                [ -z "$STATE" ] || {
                    python3 -c "$RELAY" between "$socket" "$STATE" &
                    socket=between
                    while [ ! -e between ]; do sleep 0.05; done
                }
                exec "$SANDBOX_EXEC" --hand-over "$socket" --name good -- uname
                """;
        Path podman = Files.writeString(folder.resolve("podman"), script);
        Files.setPosixFilePermissions(podman, PosixFilePermissions.fromString("rwx------"));
        Path sender = Files.writeString(folder.resolve("sender.py"), SENDER);
        Child.of("sandbox learn-container %s run x", podman)
                .in(folder)
                .with("SENDER", sender.toString())
                .with("WHAT", what)
                .with("RELAY", RELAY)
                .with("STATE", state)
                .with("SANDBOX_EXEC", Dist.command("sandbox-exec").toString())
                .run()
                .assertStatus(125)
                .assertErr(reason)
                .assertErrLacks("unexpectedly");
    }

    /** Nobody waits for ever when there is no descriptor for the connection. */
    @Test
    void moreThanTheLimitOfFiles_areTurnedAway() throws Exception {
        List<SocketChannel> all = new ArrayList<>();
        try (Listening listening = Listening.in(folder, "")) {
            Child.of("prlimit --nofile=30: --pid %s", listening.running().handle().pid()).run();
            for (int i = 0; i < 40; i++) {
                all.add(SocketChannel.open(UnixDomainSocketAddress.of(listening.socket())));
            }
            Child.of(listening.handOver("away", "/bin/true")).run().assertStatus(137);
            String messages = listening.running().err();
            assertTrue(messages.contains("handed over: Too many open files"), messages);
            for (SocketChannel each : all) {
                each.close();
            }
            Child.of(listening.handOver("last", "/bin/true")).run().assertStatus(0);
        }
    }

    /** Others decide how many they are, and could fill a disk. Who sends nothing is none. */
    @Test
    void refusals_areShownUpToALimit() throws Exception {
        try (Listening listening = Listening.in(folder, "")) {
            UnixDomainSocketAddress address = UnixDomainSocketAddress.of(listening.socket());
            for (int i = 0; i < 100; i++) {
                SocketChannel.open(address).close();
            }
            Child.of(listening.handOver("first", "/bin/true")).run().assertStatus(0);
            assertFalse(listening.running().err().contains(": refused what"));
            for (int i = 0; i < 100; i++) {
                try (SocketChannel channel = SocketChannel.open(address)) {
                    channel.write(ByteBuffer.wrap(new byte[] {'x'}));
                }
            }
            Child.of(listening.handOver("last", "/bin/true")).run().assertStatus(0);
            String messages = listening.running().err();
            assertEquals(
                    21,
                    messages.lines().filter(line -> line.contains(": refused what")).count(),
                    messages);
        }
    }

    /** Programs connect before they are executed. None may lose its place to those after it. */
    @Test
    void manyStartAtOnce_eachIsReceived() throws Exception {
        List<SocketChannel> all = new ArrayList<>();
        try (Listening listening = Listening.in(folder, "")) {
            for (int i = 0; i < 100; i++) {
                all.add(SocketChannel.open(UnixDomainSocketAddress.of(listening.socket())));
            }
            Child.of(listening.handOver("last", "/bin/true")).run().assertStatus(0);
            for (SocketChannel each : all) {
                each.configureBlocking(false);
                assertEquals(0, each.read(ByteBuffer.allocate(1)), "its end was closed");
            }
        } finally {
            for (SocketChannel each : all) {
                each.close();
            }
        }
    }

    /** Its calls would fail otherwise, and runtimes hang. */
    @ParameterizedTest
    @ValueSource(strings = {"{}", "rubbish", "{"})
    void stateThatIsRefused_theProgramGoesOnUnrecorded(String state) throws Exception {
        LiveKernel.requireProgram("python3");
        Path between = folder.resolve("between");
        try (Listening listening = Listening.in(folder, "");
                Child.Running relay =
                        Child.of(
                                        "python3 -c %s %s %s %s",
                                        RELAY, between, listening.socket(), state)
                                .start()) {
            Until.exists(between);
            List<String> words = new ArrayList<>(listening.handOver("x", "/bin/sh -c"));
            words.set(words.indexOf(listening.socket().toString()), between.toString());
            words.add("uname; exit 7");
            Child.of(words).run().assertOutIs("Linux\n").assertStatus(7);
            relay.await().assertStatus(0);
            Until.holds(
                    "the refusal is said",
                    () -> listening.running().err().contains("refused what was handed over: "));
        }
    }

    @Test
    void otherUsers_cannotCome() throws Exception {
        LiveKernel.requireRootUser();
        try (Listening listening = Listening.in(folder, "")) {
            Learn.open(folder);
            Child.of("%s %s", Learn.nobody(), listening.handOver("other", "/bin/true"))
                    .in(Path.of("/"))
                    .run()
                    .assertRefusedBy("sandbox-exec", 125, "Permission denied");
        }
    }

    @Test
    void folderOfAll_isRefused() throws Exception {
        Learn.open(folder);
        Child.of("sandbox listen %s", folder.resolve("socket"))
                .run()
                .assertRefusedBy("sandbox listen", 125, "writable for nobody else");
    }

    /** The program goes on unrecorded, and its list says so. */
    @Test
    void listeningEnds_theProgramDoesNot() throws Exception {
        Path go = folder.resolve("go");
        String script = "uname; while [ ! -e " + go + " ]; do sleep 0.1; done; echo end; exit 7";
        try (Listening listening = Listening.in(folder, "");
                Child.Running program = listening.start(script)) {
            listening.running().handle().destroy();
            Finished learned =
                    listening.running().await().assertStatus(0).assertOut("# it still ran when");
            assertTrue(lists(learned.out()).get("long").contains("uname"), learned::toString);
            learned.assertErr("lets the calls of what still runs through");
            Files.createFile(go);
            Finished ended = program.await().assertStatus(7);
            assertTrue(ended.out().endsWith("end\n"), ended::toString);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"java", "sandbox-exec"})
    void killed_theProgramGoesOn(String victim) throws Exception {
        Path go = folder.resolve("go");
        String script = "uname; while [ ! -e " + go + " ]; do sleep 0.1; done; exit 7";
        try (Listening listening = Listening.in(folder, "");
                Child.Running program = listening.start(script)) {
            ProcessHandle own = listening.running().handle();
            ProcessHandle java = listening.running().java();
            (victim.equals("java") ? java : own).destroyForcibly();
            if (victim.equals("java")) {
                listening
                        .running()
                        .await()
                        .assertStatus(125)
                        .assertNoOut()
                        .assertErr("Java: ended unexpectedly");
                assertFalse(Files.exists(listening.socket()));
            }
            Files.createFile(go);
            program.await().assertStatus(7);
        }
    }

    // Programs with a protection of their own, see protects.c.

    private static Path protects(Path folder) throws Exception {
        return CProgram.compile("protects", folder, "-pthread");
    }

    @ParameterizedTest
    @ValueSource(strings = {"trace", "thread", "untraced", "computed", "listener", "strict"})
    void protectedProgram_isEndedBeforeTheCall(String mode) throws Exception {
        Path made = folder.resolve("made");
        String program = protects(folder).toString();
        try (Listening listening = Listening.in(folder, "--containers 1")) {
            Child.of(listening.handOver("own", "%s %s %s", program, mode, made)).run();
            Finished learned = listening.running().await();
            assertFalse(Files.exists(made), learned::toString);
            learned.assertStatus(125).assertErr("before that could happen");
        }
    }

    /** Our filter stays after the recording, and still asks about the load of another. */
    @Table
    void nobodyRecordsAnyMore_protectedProgramIsEndedBeforeTheCall(String how, String mode)
            throws Exception {
        Path made = folder.resolve("made");
        Finished program = runLater(how, mode, made);
        assertFalse(Files.exists(made), program::toString);
        assertTrue(program.out().endsWith("end\n"), program::toString);
    }

    /** Filters of which ours does not take the effect away. */
    @ParameterizedTest
    @CsvSource({"ended, errno", "java, errno", "java, trap", "java, stops"})
    void nobodyRecordsAnyMore_otherFiltersAreLoaded(String how, String mode) throws Exception {
        Path made = folder.resolve("made");
        Finished program = runLater(how, mode, made);
        assertFalse(Files.exists(made), program::toString);
        assertTrue(program.out().endsWith("0\nend\n"), program::toString);
    }

    @Test
    void nobodyRecordsAnyMore_questionsAboutTheKernelAreAnswered() throws Exception {
        Path made = folder.resolve("made");
        Finished program = runLater("java", "probe", made);
        assertTrue(Files.exists(made), program::toString);
        assertTrue(program.out().endsWith("0\nend\n"), program::toString);
    }

    /** Ends the recording in that way, then lets the program run, and tells its status. */
    private Finished runLater(String how, String mode, Path made) throws Exception {
        Path go = folder.resolve("go");
        String script =
                "uname; while [ ! -e %s ]; do sleep 0.1; done; %s %s %s; echo $?; echo end"
                        .formatted(go, protects(folder), mode, made);
        try (Listening listening = Listening.in(folder, "");
                Child.Running program = listening.start(script)) {
            ProcessHandle own = listening.running().handle();
            if (how.equals("java")) {
                listening.running().java().destroyForcibly();
            } else {
                own.destroy();
            }
            listening.running().await();
            Files.createFile(go);
            return program.await();
        }
    }

    /** When nobody is left to answer, the program's calls fail and do not hang. */
    @Test
    void allKilled_callsFail() throws Exception {
        try (Listening listening = Listening.in(folder, "");
                Child.Running program = listening.start("uname; while :; do sleep 0.1; done")) {
            ProcessHandle own = listening.running().handle();
            ProcessHandle java = listening.running().java();
            own.destroyForcibly();
            java.destroyForcibly();
            assertTrue(program.await().status() != 0);
        }
    }

    @Test
    void nobodyListens_isRefusedOrRunUnrecorded() throws Exception {
        Path socket = folder.resolve("none");
        Child.of("sandbox-exec --hand-over %s echo hi", socket)
                .run()
                .assertRefusedBy("sandbox-exec", 125, "No such");
        Child.of("sandbox-exec --hand-over %s --or-run echo hi", socket)
                .run()
                .assertOutIs("hi\n")
                .assertStatus(0);
    }

    @ParameterizedTest
    @ValueSource(strings = {"runc", "crun"})
    void runtime_itsCallsAreKeptApart_andTheProfileStartsTheContainer(String runtime)
            throws Exception {
        LiveKernel.requireRootUser();
        OciBundle bundle = OciBundle.in(folder);
        Path profile = folder.resolve("listen.json");
        Path recording = folder.resolve("recording.json");
        String[] command = {"/bin/sh", "-c", "uname; /bin/cat /proc/self/comm; exit 3"};
        Finished learned;
        try (Listening listening =
                Listening.in(
                        folder,
                        "--containers 1 --to oci --write-profile %s --runtime %s --recording %s",
                        profile,
                        LiveKernel.requireProgram(runtime),
                        recording)) {
            bundle.configure(OciBundle.text(profile), command);
            Child.of(bundle.command(runtime, "sandbox-it-" + runtime)).run().assertStatus(3);
            learned = listening.running().await();
        }
        learned.assertStatus(0);
        Run run = Recorded.firstRun(recording);
        Set<String> own = new TreeSet<>();
        run.programs().forEach(program -> own.add(program.executable()));
        assertEquals(Set.of("/bin/busybox"), own, learned::toString);
        assertTrue(run.runtime().get(0).executable().endsWith(runtime), run::toString);
        bundle.configure(learned.out(), command);
        Finished enforced =
                Child.of(bundle.command(runtime, "sandbox-it-" + runtime))
                        .run()
                        .assertStatus(3)
                        .assertOutIs("Linux\ncat\n");
        // The profile is enforced: a call that it lacks ends the container.
        bundle.configure(learned.out(), "/bin/id");
        Finished killed = Child.of(bundle.command(runtime, "sandbox-it-" + runtime)).run();
        assertTrue(killed.status() != 0, killed::toString);
    }
}
