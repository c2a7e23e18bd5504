// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.learn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sandbox.cli.testing.Child;
import io.sandbox.cli.testing.Finished;
import io.sandbox.cli.testing.LiveKernel;
import io.sandbox.cli.testing.MakesRecords;
import io.sandbox.cli.testing.OciBundle;
import io.sandbox.cli.testing.Podman;
import io.sandbox.cli.testing.Signals;
import io.sandbox.cli.testing.Until;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A list of a program starts its container when the calls of the runtime are added. */
@MakesRecords
final class RuntimeProfileIT {
    @TempDir private Path folder;

    private Path list;
    private Path profile;

    @BeforeEach
    void prepare() throws Exception {
        LiveKernel.requireRootUser();
        list = Files.writeString(folder.resolve("some.list"), "read\nprctl(arg0==4)\n");
        profile = folder.resolve("profile.json");
    }

    private Child convert(String options) {
        return Child.of(
                "%s sandbox policy convert %s --to oci -o %s " + options,
                OciBundle.ownCgroups(),
                list,
                profile);
    }

    @ParameterizedTest
    @ValueSource(strings = {"runc", "crun"})
    void profile_startsTheContainer(String runtime) throws Exception {
        String script = "uname; exit 3";
        String line = "--rm %s %s /bin/sh -c %s";
        try (Podman podman = Podman.in(folder)) {
            list = folder.resolve("list.env");
            List<String> plain = podman.run(runtime, line, List.of(), Podman.IMAGE, script);
            Podman.learn(plain, "--to env -o %s", list).assertStatus(3);

            List<String> option = List.of("--security-opt=seccomp=" + profile);
            List<String> enforced = podman.run(runtime, line, option, Podman.IMAGE, script);
            convert("").run().assertStatus(0).assertErr("does not start a container");
            Podman.child(enforced).run().assertOutLacks("Linux");

            convert("--runtime " + LiveKernel.requireProgram(runtime))
                    .run()
                    .assertStatus(0)
                    .assertNoErr();
            Podman.child(enforced).run().assertStatus(3).assertOutIs("Linux\n");
        }
    }

    /** For what it makes them, and for nothing else. */
    @Test
    void callsOfTheRuntime_areAllowedWhateverThePolicySays() throws Exception {
        convert("--runtime runc").run().assertStatus(0);
        Child.of("sandbox policy show %s", profile)
                .run()
                .assertOut("prctl", "(PR_CAPBSET_DROP)", "otherwise");
    }

    /** The runtime's last calls come after it has said that the container is started. */
    @Test
    void slowContainer_isAwaited() throws Exception {
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
        String crun = LiveKernel.requireProgram("crun").toString();
        Path slow = Podman.script(folder, "crun", script.replace("CRUN", crun));
        convert("--runtime " + slow).run().assertStatus(0);
        assertTrue(Files.readString(profile).contains("\"execve\""), "the last call");
    }

    @ParameterizedTest
    @ValueSource(strings = {"runc", "crun"})
    void signal_leavesNothing(String runtime) throws Exception {
        Path waiting = folder.resolve("waiting");
        String script =
                """
                #!/bin/sh
                case " $* " in
                *" start "*)
                    echo "$2" >%1$s.new
                    mv %1$s.new %1$s
                    sleep 2
                esac
                exec %2$s "$@"
                """;
        String real = LiveKernel.requireProgram(runtime).toString();
        Path wrapper = Podman.script(folder, runtime, script.formatted(waiting, real));
        try (Child.Running running = convert("--runtime " + wrapper).start()) {
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
    void runtimeThatCannotBeMeasured_isRefused(String runtime, String reason) throws Exception {
        Finished refused = convert("--runtime " + runtime).run().assertStatus(2).assertErr(reason);
        assertEquals(1, refused.err().lines().count(), refused::toString);
        assertFalse(Files.exists(profile));
    }
}
