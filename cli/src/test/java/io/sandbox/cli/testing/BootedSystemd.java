// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.testing;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Objects;

/** A systemd that runs services of tests, in namespaces of its own, on a copy of this system. */
public final class BootedSystemd implements AutoCloseable {
    private static final Path UNITS = Path.of("/etc/systemd/system");

    private final Path folder;
    private final Child.Running boot;

    private BootedSystemd(Path folder, Child.Running boot) {
        this.folder = folder;
        this.boot = boot;
    }

    /**
     * Returns once it is up.
     *
     * @param folder which it has as /mnt
     */
    public static BootedSystemd boot(Path folder) throws Exception {
        LiveKernel.requireRootUser();
        LiveKernel.requireProgram("busctl");
        LiveKernel.requireProgram("dbus-daemon");
        Path script = copy("boot-systemd.sh", folder);
        Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
        BootedSystemd system =
                new BootedSystemd(
                        folder,
                        Child.of("%s %s %s", script, folder, Dist.learn().getParent()).start());
        Until.holds(
                "systemd is up",
                () -> {
                    if (!system.boot.handle().isAlive()) {
                        throw new AssertionError(system.boot.err());
                    }
                    return system.process() != 0
                            && system.run("systemctl is-system-running --wait").status() == 0;
                });
        return system;
    }

    private static Path copy(String resource, Path folder) throws IOException {
        Path copy = folder.resolve(resource);
        try (InputStream text = BootedSystemd.class.getResourceAsStream(resource)) {
            Files.copy(Objects.requireNonNull(text), copy);
        }
        return copy;
    }

    /** Its process 1; 0 if it is not there yet. */
    private long process() {
        return boot.handle().children().mapToLong(ProcessHandle::pid).findFirst().orElse(0);
    }

    /** What runs a command in it. */
    public Child command(List<String> words) {
        return Child.of("nsenter --target %s -m -u -i -n -p -C -r -w -- %s", "" + process(), words)
                .with("LC_ALL", "C.UTF-8");
    }

    public Finished run(String line, Object... values) throws IOException, InterruptedException {
        return command(Words.of(line, values)).run();
    }

    /** Runs a command that has to succeed. */
    public String output(String line, Object... values) throws IOException, InterruptedException {
        return run(line, values).assertStatus(0).out();
    }

    /** Adds a unit. */
    public void addUnit(String name, String... lines) throws IOException, InterruptedException {
        Files.write(folder.resolve(name), List.of(lines));
        output("cp %s %s", "/mnt/" + name, UNITS.resolve(name));
        output("systemctl daemon-reload");
    }

    @Override
    public void close() throws IOException {
        boot.handle().children().forEach(ProcessHandle::destroyForcibly);
        boot.close();
    }
}
