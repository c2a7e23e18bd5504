// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.learn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sandbox.cli.testing.Child;
import io.sandbox.cli.testing.ContainerTrace;
import io.sandbox.cli.testing.LiveKernel;
import io.sandbox.cli.testing.MakesRecords;
import io.sandbox.cli.testing.OciBundle;
import io.sandbox.cli.testing.Podman;
import io.sandbox.cli.testing.Recorded;
import io.sandbox.cli.testing.SyscallNames;
import io.sandbox.evidence.ProgramEvidence;
import io.sandbox.evidence.Run;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code sandbox learn-container} with a server: strace is the independent observer. */
@MakesRecords
final class ContainerServerIT {
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

    @TempDir private Path folder;

    /** nginx with two workers, used, told to read its configuration again, used, and stopped. */
    @ParameterizedTest
    @ValueSource(strings = {"runc", "crun"})
    void list_isWhatStraceSees_andStartsIt(String runtime) throws Exception {
        try (Podman podman = Podman.in(folder)) {
            listIsWhatStraceSees(podman, runtime);
        }
    }

    private void listIsWhatStraceSees(Podman podman, String runtime) throws Exception {
        Path rootfs = serverImage();
        String line = "--rm %s --rootfs %s /bin/sh -c %s";
        List<String> plain = podman.run(runtime, line, List.of(), rootfs, SERVER);
        // What is made at its first start is there at all others.
        Podman.child(plain).run().assertOutIs("hello\nhello\n");
        Set<String> traced = new TreeSet<>();
        for (int i = 0; i < 2; i++) {
            ContainerTrace trace = ContainerTrace.in(folder, LiveKernel.requireProgram(runtime));
            List<String> words = podman.run(runtime, line, List.of(), rootfs, SERVER);
            words.set(words.indexOf("--runtime") + 1, trace.runtime().toString());
            Podman.child(trace.command(words)).run().assertOutIs("hello\nhello\n");
            traced.addAll(trace.calls("/bin/sh"));
        }

        Path list = folder.resolve("list.json");
        Path recording = folder.resolve("recording.json");
        Podman.learn(plain, "--runs 2 -o %s --recording %s", list, recording).assertStatus(0);
        Set<String> own = new TreeSet<>();
        // Nobody can be asked about these: they are on every list for this runtime.
        Set<String> unseen = new TreeSet<>();
        for (Run run : Recorded.in(recording).runs()) {
            run.calls().forEach(call -> own.add(call.syscall().orElseThrow().name()));
            unseen.addAll(run.filter().allowed());
            for (ProgramEvidence program : run.programs()) {
                assertTrue(Files.exists(Path.of(rootfs + program.executable())), program::toString);
            }
        }
        assertEquals(Set.of(), SyscallNames.without(own, traced), "only in the list");
        traced.removeAll(own);
        assertEquals(Set.of(), SyscallNames.without(traced, unseen), "only in strace");

        List<String> profile = List.of("--security-opt=seccomp=" + list);
        List<String> enforced = podman.run(runtime, line, profile, rootfs, SERVER);
        Podman.child(enforced).run().assertOutIs("hello\nhello\n");
        Files.writeString(list, Files.readString(list).replaceFirst("\"listen\",?", ""));
        Podman.child(enforced).run().assertOutLacks("hello");
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
}
