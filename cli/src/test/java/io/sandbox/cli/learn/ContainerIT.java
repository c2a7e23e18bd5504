// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.learn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sandbox.cli.testing.Child;
import io.sandbox.cli.testing.ContainerTrace;
import io.sandbox.cli.testing.Dist;
import io.sandbox.cli.testing.Finished;
import io.sandbox.cli.testing.LiveKernel;
import io.sandbox.cli.testing.MakesRecords;
import io.sandbox.cli.testing.OciBundle;
import io.sandbox.cli.testing.Signals;
import io.sandbox.cli.testing.SyscallNames;
import io.sandbox.cli.testing.Terminal;
import io.sandbox.cli.testing.Until;
import io.sandbox.cli.testing.Words;
import io.sandbox.evidence.RecordingReader;
import io.sandbox.evidence.Run;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code sandbox learn-container} with podman: the learned list starts the container. */
@MakesRecords
final class ContainerIT {
    private static final String IMAGE = "sandbox-it";
    private static final String SCRIPT = "uname; /bin/cat /proc/self/comm; exit 3";
    private static final String SERVER =
            """
            nginx -g 'daemon off;' & server=$!
            get() { busybox wget -q -O - http://127.0.0.1:8080/; }
            sleep 0.1; i=0
            until get 2>/dev/null; do [ $((i += 1)) -le 100 ] || exit 1; sleep 0.1; done
            nginx -s reload
            until busybox grep -q 'exited with code 0' /var/log/errors; do sleep 0.1; done
            get
            nginx -s quit
            wait $server
            """;

    @TempDir private static Path storage;
    @TempDir private Path folder;

    @BeforeAll
    static void makeImage() throws Exception {
        LiveKernel.requireRootUser();
        OciBundle busybox = OciBundle.in(storage.resolve("bundle"));
        Child.shell("tar -c . | \"$@\"", podman("runc", "import - %s", IMAGE + ":latest"))
                .with("PODMAN_IGNORE_CGROUPSV1_WARNING", "1")
                .in(busybox.rootfs())
                .run()
                .assertStatus(0);
    }

    /** Unmounts podman's storage, which could not be removed otherwise. */
    @AfterAll
    static void removeImage() throws Exception {
        Child.of(podman("runc", "system reset --force")).run();
    }

    private static List<String> podman(String runtime, String line, Object... values) {
        List<String> words =
                Words.of(
                        "%s --root %s/root --runroot %s/run --tmpdir %s/libpod --storage-driver vfs"
                                + " --cgroup-manager cgroupfs --runtime %s",
                        LiveKernel.requireProgram("podman"),
                        storage,
                        storage,
                        storage,
                        LiveKernel.requireProgram(runtime));
        words.addAll(Words.of(line, values));
        return words;
    }

    private static List<String> run(String runtime, String option) {
        return podman(
                runtime,
                "run --rm --network none %s " + option + " %s /bin/sh -c %s",
                withoutCgroups(runtime),
                IMAGE,
                SCRIPT);
    }

    private static List<String> withoutCgroups(String runtime) {
        return runtime.equals("crun") ? List.of("--cgroups=disabled") : List.of();
    }

    private Finished finish(List<String> words) throws Exception {
        boolean crun = words.stream().anyMatch(word -> word.endsWith("/crun"));
        return Child.of("%s %s", crun ? OciBundle.ownCgroups() : List.of(), words)
                .with("PODMAN_IGNORE_CGROUPSV1_WARNING", "1")
                .run();
    }

    private Finished learn(List<String> options, List<String> command) throws Exception {
        List<String> words = Words.of("%s -- %s", options, command);
        return finish(Words.of("sandbox learn-container %s", words));
    }

    @ParameterizedTest
    @ValueSource(strings = {"runc", "crun"})
    void list_startsTheContainer_andWithoutAnEntryItDoesNot(String runtime) throws Exception {
        Path list = folder.resolve("list.json");
        Path recording = folder.resolve("recording.json");
        learn(List.of("-o", list.toString(), "--recording", recording.toString()), run(runtime, ""))
                .assertStatus(3)
                .assertOutIs("Linux\ncat\n");
        Run evidence = RecordingReader.read(Files.readAllBytes(recording)).runs().get(0);
        evidence.programs().forEach(program -> assertEquals("/bin/busybox", program.executable()));
        assertFalse(evidence.runtime().isEmpty());

        finish(run(runtime, "--security-opt=seccomp=" + list))
                .assertStatus(3)
                .assertOutIs("Linux\ncat\n");

        String text = Files.readString(list);
        Files.writeString(list, text.replaceFirst("\"uname\",?", ""));
        finish(run(runtime, "--security-opt=seccomp=" + list)).assertOutLacks("Linux");
    }

    /** Nobody may be left to whom an exec could hand over its listener. */
    @ParameterizedTest
    @CsvSource({
        "crun, , 0",
        "crun, $java, 127",
        "crun, $learn, 255",
        "crun, $learn $java, 255",
        "runc, , 0",
        "runc, $java, 127",
        "runc, $learn, 255",
        "runc, $learn $java, 255"
    })
    void exec_whoeverIsKilled_doesNotHang(String runtime, String killed, int status)
            throws Exception {
        String script =
                """
                "$LEARN" -- "$@" run --rm --name exec --network none $OPTION $IMAGE \
                    /bin/sleep 60 >&2 &
                learn=$!
                until [ "$("$@" inspect -f '{{.State.Status}}' exec 2>/dev/null)" = running ]; do
                    kill -0 $learn || exit 1
                    sleep 0.1
                done
                java=$(pgrep -P $learn java)
                [ -z "$KILLED" ] || eval "kill -9 $KILLED"
                timeout 60 "$@" exec exec /bin/true
                echo "exec $?"
                timeout 60 "$@" rm -f -t 0 exec >&2
                wait $learn
                """;
        Child.of(
                        "%s sh -c %s sh %s",
                        runtime.equals("crun") ? OciBundle.ownCgroups() : List.of(),
                        script,
                        podman(runtime, ""))
                .with(
                        Map.of(
                                "PODMAN_IGNORE_CGROUPSV1_WARNING",
                                "1",
                                "LEARN",
                                Dist.command("sandbox-learn-container").toString(),
                                "IMAGE",
                                IMAGE,
                                "KILLED",
                                killed == null ? "" : killed,
                                "OPTION",
                                runtime.equals("crun") ? "--cgroups=disabled" : "--quiet"))
                .run()
                .assertOutIs("exec " + status + "\n");
    }

    /** podman of another user, whose namespace has that user alone. Nothing is root's. */
    @Test
    void rootless_list_startsTheContainer() throws Exception {
        LiveKernel.requireProgram("podman");
        LiveKernel.requireProgram("crun");
        // Others cannot look into the folders of tests.
        Path home = Files.createTempDirectory("sandbox-rootless");
        Files.setOwner(
                home,
                home.getFileSystem()
                        .getUserPrincipalLookupService()
                        .lookupPrincipalByName("nobody"));
        String script =
                """
                export HOME=$PWD/home XDG_RUNTIME_DIR=$PWD/run; mkdir -m 700 home run; learn=$1
                podman="podman --root $PWD/root --runroot $PWD/state --tmpdir $PWD/tmp
                    --storage-driver vfs --cgroup-manager cgroupfs --runtime $(command -v crun)"
                trap '$podman unshare rm -rf root; $podman system migrate; rm -rf -- *' EXIT
                run="$podman run --rm --network none --cgroups=disabled"
                mkdir -p b/bin; cp "$(command -v busybox)" b/bin; ln -s busybox b/bin/sh
                tar --owner=0 --group=0 -C b -c . | $podman import - image:latest >&2
                $learn -o list.json -- $run image /bin/sh -c 'id -u; exit 3'
                echo "status $?"
                $run --security-opt seccomp=$PWD/list.json image /bin/sh -c 'id -u; exit 3'
                echo "status $?"
                $run --security-opt seccomp=$PWD/list.json image /bin/sh -c 'mkdir /x && id -u'
                """;
        List<String> words =
                Words.of(
                        "%s setpriv --reuid=65534 --regid=65534 --clear-groups",
                        OciBundle.ownCgroups());
        String learn = Dist.command("sandbox-learn-container").toString();
        words.addAll(List.of("sh", "-c", script, "sh", learn));
        Child.of(words)
                .with("PODMAN_IGNORE_CGROUPSV1_WARNING", "1")
                .in(home)
                .run()
                .assertOutIs("0\nstatus 3\n0\nstatus 3\n");
        Files.delete(home);
    }

    /** A list of the program alone starts the container when the runtime's calls are added. */
    @ParameterizedTest
    @ValueSource(strings = {"runc", "crun"})
    void convertForTheRuntime_startsTheContainer(String runtime) throws Exception {
        Path list = folder.resolve("list.env");
        learn(List.of("--to", "env", "-o", list.toString()), run(runtime, "")).assertStatus(3);

        Path alone = folder.resolve("alone.json");
        convert(list, alone, "").assertStatus(0).assertErr("does not start a container");
        finish(run(runtime, "--security-opt=seccomp=" + alone)).assertOutLacks("Linux");

        Path whole = folder.resolve("whole.json");
        String program = LiveKernel.requireProgram(runtime).toString();
        convert(list, whole, "--runtime %s", program).assertStatus(0).assertNoErr();
        finish(run(runtime, "--security-opt=seccomp=" + whole))
                .assertStatus(3)
                .assertOutIs("Linux\ncat\n");
    }

    private Finished convert(Path list, Path profile, String line, Object... values)
            throws Exception {
        return Child.of(convertWords(list, profile, line, values)).run();
    }

    private static List<String> convertWords(
            Path list, Path profile, String line, Object... values) {
        List<String> words =
                Words.of(
                        "%s sandbox-policy convert %s --to oci -o %s",
                        OciBundle.ownCgroups(), list, profile);
        words.addAll(Words.of(line, values));
        return words;
    }

    @Test
    void convertForTheRuntime_allowsItsCallsWhateverThePolicySays() throws Exception {
        Path policy = Files.writeString(folder.resolve("some.list"), "read\nprctl(arg0==4)\n");
        Path profile = folder.resolve("profile.json");
        convert(policy, profile, "--runtime runc")
                .assertStatus(0)
                .assertErr("prctl: allowed now, since runc makes it before the program; was ");
        Child.of("sandbox-policy show %s", profile).run().assertOut("prctl").assertOutLacks("arg0");
    }

    /** The runtime's last calls come after it has said that the container is started. */
    @Test
    void convertForTheRuntime_slowContainer_isAwaited() throws Exception {
        String crun = LiveKernel.requireProgram("crun").toString();
        Path slow = folder.resolve("crun");
        String script =
                """
                #!/bin/sh
                case " $* " in
                *" start "*)
                    for name; do :; done
                    pid=$(CRUN --root "$2" state "$name" | sed -n 's/.*"pid": *\\([0-9]*\\).*/\\1/p')
                    kill -STOP "$pid"
                    (sleep 0.5; kill -CONT "$pid") >/dev/null 2>&1 &
                esac
                exec CRUN "$@"
                """;
        Files.writeString(slow, script.replace("CRUN", crun));
        Files.setPosixFilePermissions(slow, PosixFilePermissions.fromString("rwx------"));
        Path policy = Files.writeString(folder.resolve("some.list"), "read\n");
        Path profile = folder.resolve("profile.json");
        convert(policy, profile, "--runtime %s", slow).assertStatus(0);
        assertTrue(Files.readString(profile).contains("\"execve\""), "the last call");
    }

    @ParameterizedTest
    @ValueSource(strings = {"runc", "crun"})
    void convertForTheRuntime_signal_leavesNothing(String runtime) throws Exception {
        Path waiting = folder.resolve("waiting");
        Path wrapper = folder.resolve(runtime);
        String script =
                """
                #!/bin/sh
                case " $* " in
                *" start "*)
                    echo "$2" >WAITING.new
                    mv WAITING.new WAITING
                    sleep 2
                esac
                exec RUNTIME "$@"
                """;
        Files.writeString(
                wrapper,
                script.replace("WAITING", waiting.toString())
                        .replace("RUNTIME", LiveKernel.requireProgram(runtime).toString()));
        Files.setPosixFilePermissions(wrapper, PosixFilePermissions.fromString("rwx------"));
        Path policy = Files.writeString(folder.resolve("some.list"), "read\n");
        Path profile = folder.resolve("profile.json");
        List<String> words = convertWords(policy, profile, "--runtime %s", wrapper);
        try (Child.Running running = Child.of(words).start()) {
            Until.exists(waiting);
            running.handle().destroy();
            running.await().assertStatus(128 + Signals.number("TERM")).assertNoErr();
        }
        Path left = Path.of(Files.readString(waiting).strip()).getParent();
        assertFalse(Files.exists(left), left::toString);
        Until.noProcessHas(left.toString());
        assertFalse(Files.exists(profile));
    }

    @ParameterizedTest
    @CsvSource({
        "no-such-runtime, not found",
        "/bin/false, cannot start an empty container",
    })
    void convertForTheRuntime_thatCannotBeMeasured_isRefused(String runtime, String reason)
            throws Exception {
        Path policy = Files.writeString(folder.resolve("some.list"), "read\n");
        Path profile = folder.resolve("profile.json");
        Finished refused = convert(policy, profile, "--runtime %s", runtime).assertStatus(2);
        assertEquals(1, refused.err().lines().count(), refused::toString);
        refused.assertErr(reason);
        assertFalse(Files.exists(profile));
    }

    private static List<String> runServer(String runtime, Path rootfs, String option) {
        return podman(
                runtime,
                "run --rm --network none %s " + option + " --rootfs %s /bin/sh -c %s",
                withoutCgroups(runtime),
                rootfs,
                SERVER);
    }

    /** nginx with two workers, used, told to read its configuration again, used, and stopped. */
    @ParameterizedTest
    @ValueSource(strings = {"runc", "crun"})
    void listOfAServer_isWhatStraceSees_andStartsIt(String runtime) throws Exception {
        Path rootfs = serverImage();
        // What is made at its first start is there at all others.
        finish(runServer(runtime, rootfs, "")).assertOutIs("hello\nhello\n");
        Set<String> traced = new TreeSet<>();
        for (int i = 0; i < 2; i++) {
            ContainerTrace trace = ContainerTrace.in(folder, LiveKernel.requireProgram(runtime));
            List<String> words = runServer(runtime, rootfs, "");
            words.set(words.indexOf("--runtime") + 1, trace.runtime().toString());
            finish(trace.command(words)).assertOutIs("hello\nhello\n");
            traced.addAll(trace.calls("/bin/sh"));
        }

        Path list = folder.resolve("list.json");
        Path recording = folder.resolve("recording.json");
        learn(
                        List.of(
                                "--runs",
                                "2",
                                "-o",
                                list.toString(),
                                "--recording",
                                recording.toString()),
                        runServer(runtime, rootfs, ""))
                .assertStatus(0);
        Set<String> own = new TreeSet<>();
        // Nobody can be asked about these: they are on every list for this runtime.
        Set<String> unseen = new TreeSet<>();
        for (Run run : RecordingReader.read(Files.readAllBytes(recording)).runs()) {
            run.calls().forEach(call -> own.add(call.syscall().orElseThrow().name()));
            unseen.addAll(run.filter().allowed());
            run.programs()
                    .forEach(
                            program ->
                                    assertTrue(
                                            Files.exists(Path.of(rootfs + program.executable())),
                                            program::toString));
        }
        assertEquals(Set.of(), SyscallNames.without(own, traced), "only in the list");
        assertEquals(
                Set.of(),
                SyscallNames.without(SyscallNames.without(traced, own), unseen),
                "only in strace");

        String profile = "seccomp=" + list;
        finish(runServer(runtime, rootfs, "--security-opt=" + profile))
                .assertOutIs("hello\nhello\n");
        Files.writeString(list, Files.readString(list).replaceFirst("\"listen\",?", ""));
        finish(runServer(runtime, rootfs, "--security-opt=" + profile)).assertOutLacks("hello");
    }

    /** busybox and nginx, with the libraries that it has here. */
    private Path serverImage() throws Exception {
        Path rootfs = OciBundle.in(folder.resolve("server")).rootfs();
        Child.shell(
                        """
                        set -e
                        ldd "$1" | sed -n 's|^[^/]*\\(/[^ ]*\\) (0x.*|\\1|p' |
                            xargs cp --parents -L -t .
                        cp --parents "$1" .
                        mkdir -p etc/nginx run srv var/log/nginx var/lib/nginx
                        echo hello >srv/index.html
                        echo 'types { text/html html; }' >etc/nginx/mime.types
                        echo 'root:x:0:0:root:/root:/bin/sh' >etc/passwd
                        getent passwd www-data >>etc/passwd
                        getent group www-data >etc/group
                        echo 'passwd: files' >etc/nsswitch.conf
                        echo 'group: files' >>etc/nsswitch.conf
                        cat >etc/nginx/nginx.conf <<END
                        user www-data; worker_processes 2;
                        error_log /var/log/errors notice; pid /run/nginx.pid;
                        events { worker_connections 64; }
                        http { include mime.types; access_log /var/log/access;
                          server { listen 127.0.0.1:8080; root /srv; } }
                        END
                        ln -s "$1" bin/nginx
                        """,
                        List.of(LiveKernel.requireProgram("nginx").toString()))
                .in(rootfs)
                .run()
                .assertStatus(0);
        return rootfs;
    }

    /** The terminal, what is typed, and the status are those of the container. */
    @Test
    void terminal_isTheContainers() throws Exception {
        List<String> command = podman("runc", "run --rm -it --network none %s", IMAGE);
        command.addAll(List.of("/bin/sh", "-c", "test -t 0 && echo ready; read x; exit $x"));
        List<String> words = Words.of("-o %s -- %s", folder + "/l", command);
        Terminal.run(
                        List.of("wait ready", "send 7\r"),
                        Words.of("sandbox learn-container %s", words))
                .assertStatus(7)
                .assertOut("ready");
    }

    @Test
    void verify_provesTheListAsItIsPrinted() throws Exception {
        learn(
                        List.of("--verify", "--verify-runs", "2", "-o", folder + "/list.json"),
                        run("crun", ""))
                .assertStatus(3)
                .assertErr("verified: 2 of 2 runs");
    }

    /** The default profile comes with podman. What the runtime made of it means the same. */
    @ParameterizedTest
    @ValueSource(strings = {"runc", "crun"})
    void diff_containerUnderTheDefaultProfile_isWhatTheFileSays(String runtime) throws Exception {
        List<String> start = podman(runtime, "run -d --name %s --network none", runtime);
        if (runtime.equals("crun")) {
            start.add("--cgroups=disabled");
        }
        start.addAll(List.of("--cap-drop", "all", IMAGE, "/bin/sleep", "1000"));
        try {
            finish(start).assertStatus(0);
            Finished pid = finish(podman(runtime, "inspect --format {{.State.Pid}} %s", runtime));
            Finished compared =
                    Child.of(
                                    "sandbox-policy diff --pid %s"
                                            + " /usr/share/containers/seccomp.json",
                                    pid.out().strip())
                            .run();
            // libseccomp has only the lower halves of x32's arguments compared.
            compared.assertOutIs("other architectures: i386 -> i386 x32\n");
        } finally {
            finish(podman(runtime, "rm -f -t 0 %s", runtime));
        }
    }

    @Test
    void detached_isFollowedToItsEnd() throws Exception {
        List<String> command = podman("runc", "run -d --rm --network none %s", IMAGE);
        command.addAll(List.of("/bin/sh", "-c", "sleep 1; uname"));
        learn(List.of("--to", "env", "-o", folder + "/list.env"), command).assertStatus(0);
        assertTrue(Files.readString(folder.resolve("list.env")).contains(":uname:"));
    }

    /** Twice, since containers of the first time are there the second time. */
    @Test
    void podmanCompose_recordsEachService() throws Exception {
        String compose = LiveKernel.requireProgram("podman-compose").toString();
        // It takes the podman that is found.
        Path programs = Files.createDirectory(folder.resolve("bin"));
        Path podman = programs.resolve("podman");
        Files.writeString(
                podman, "#!/bin/sh\nexec " + String.join(" ", podman("runc", "")) + " \"$@\"\n");
        Files.setPosixFilePermissions(podman, PosixFilePermissions.fromString("rwx------"));
        Files.writeString(
                folder.resolve("compose.yaml"), OciBundle.composeFile("localhost/" + IMAGE, ""));
        Map<String, String> environment =
                Map.of(
                        "PATH",
                        programs + ":" + System.getenv("PATH"),
                        "PODMAN_IGNORE_CGROUPSV1_WARNING",
                        "1");
        List<String> words = Words.of("--verify --verify-runs 1 -o l -- %s up", compose);
        for (int i = 0; i < 2; i++) {
            Child.of("sandbox learn-container %s", words)
                    .with(environment)
                    .in(folder)
                    .run()
                    .assertStatus(0)
                    .assertOut("Linux")
                    .assertErr("verified: 1 of 1 run");
            for (String call : new String[] {"\"uname\"", "\"getuid\""}) {
                assertTrue(Files.readString(folder.resolve("l")).contains(call), call);
            }
        }
        Child.of("%s down", compose).with(environment).in(folder).run();
    }

    @ParameterizedTest
    @ValueSource(strings = {"--privileged", "--security-opt=seccomp=unconfined"})
    void profileThatWouldNotRecord_isRefused(String option) throws Exception {
        Finished refused = learn(List.of(), run("runc", option));
        refused.assertRefusedBy("sandbox learn-container", 125, option);
    }

    @Test
    void noContainer_isSaid() throws Exception {
        Child.of("sandbox learn-container -- /bin/true")
                .run()
                .assertStatus(125)
                .assertNoOut()
                .assertErr("no container handed over");
    }
}
