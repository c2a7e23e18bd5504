// SPDX-License-Identifier: Apache-2.0
package io.sandbox.recorder.run;

import io.sandbox.outcome.CommandFailure;
import io.sandbox.outcome.FileFailure;
import io.sandbox.recorder.machine.ServiceUnit;
import io.sandbox.recorder.machine.Systemd;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * All that is changed of a service while it is recorded: there is a drop-in in /run, which is gone
 * after the next boot, and beside it a folder with our socket. The unit's own files are never
 * touched.
 */
public final class ServiceDropIn implements AutoCloseable {
    private static final String NAME = "zz-sandbox-learn.conf";
    private static final String FOLDER_LINE = "# folder: ";

    private final ServiceUnit unit;
    private final Path sandboxExec;
    private final Path file;
    private final Path folder;
    private final boolean wasUp;
    private final List<String> triggers;

    /**
     * The version of the drop-in in force. The service may still run with the version before it.
     */
    private int version;

    private boolean installed;

    /**
     * Examines the unit, and removes what an earlier recording of it may have left.
     *
     * @param sandboxExec that runs the service's commands
     * @throws CommandFailure when it cannot be recorded; then nothing was changed
     */
    public ServiceDropIn(ServiceUnit unit, Path sandboxExec) {
        this.unit = unit;
        this.sandboxExec = sandboxExec;
        file = Path.of("/run/systemd/system", unit.name() + ".d", NAME);
        unit.requireRecordable(sandboxExec);
        wasUp = unit.queryState().isUp();
        triggers = unit.queryTriggers();
        try {
            folder = Files.createTempDirectory(Path.of("/run"), "sandbox-learn");
            Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx--x--x"));
        } catch (IOException e) {
            throw failure(e);
        }
    }

    /**
     * Removes what was left when a recording of the unit was killed. Call it before the unit is
     * queried.
     *
     * @return whether there was something
     * @throws CommandFailure when the unit is being recorded at this moment
     */
    public static boolean repair(String name) {
        String full = name.contains(".") ? name : name + ".service";
        Path file = Path.of("/run/systemd/system", full + ".d", NAME);
        if (!Files.exists(file)) {
            return false;
        }
        Optional<Path> folder = folderOf(file);
        if (folder.isPresent() && isListening(folder.get().resolve("socket"))) {
            throw CommandFailure.ownFailure(
                    "service " + full + ": is being recorded by somebody else");
        }
        remove(file);
        folder.ifPresent(ServiceDropIn::removeFolder);
        Systemd.begin("stop", keeper(full)).complaint();
        Systemd.run("daemon-reload");
        return true;
    }

    /** The unit that refers to the service, so that systemd does not forget what it has run. */
    private static String keeper(String name) {
        return "recorded-" + name;
    }

    private static Optional<Path> folderOf(Path file) {
        try {
            return Files.readAllLines(file).stream()
                    .filter(line -> line.startsWith(FOLDER_LINE))
                    .map(line -> Path.of(line.substring(FOLDER_LINE.length())))
                    .findFirst();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static boolean isListening(Path socket) {
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            return channel.connect(UnixDomainSocketAddress.of(socket));
        } catch (IOException e) {
            return false;
        }
    }

    ServiceUnit unit() {
        return unit;
    }

    /** The socket by which the service's commands hand over their listeners. */
    public Path socket() {
        return folder.resolve("socket");
    }

    /**
     * The name that commands give when they hand over, if they were started with the drop-in in
     * force.
     */
    String name() {
        return unit.name() + " " + version;
    }

    /** The processes of the service that must hand over, since its last start. */
    Set<Integer> queryStarted() {
        return unit.queryStarted(sandboxExec);
    }

    private String nextName() {
        version++;
        return name();
    }

    /** Starts the service anew, together with the units that can start it. */
    Systemd.Job restart() {
        if (!triggers.isEmpty()) {
            Systemd.run(words("start", triggers));
        }
        return Systemd.begin("restart", unit.name());
    }

    /** Stops the service, together with the units that would start it again. */
    Systemd.Job stop() {
        List<String> units = new ArrayList<>(triggers);
        units.add(unit.name());
        return Systemd.begin(words("stop", units));
    }

    private static String[] words(String verb, List<String> units) {
        List<String> words = new ArrayList<>(List.of(verb));
        words.addAll(units);
        return words.toArray(new String[0]);
    }

    /**
     * Makes each command of the service wait until its program is counted.
     *
     * @param lacking capabilities that they lack
     */
    void installJoining(long lacking) {
        List<String> words = handingOver();
        words.add("--join");
        install(unit.dropIn(words) + ServiceUnit.lacking(lacking));
    }

    private List<String> handingOver() {
        return new ArrayList<>(
                List.of(
                        sandboxExec.toString(),
                        "--hand-over",
                        socket().toString(),
                        "--or-run",
                        "--name",
                        nextName()));
    }

    /**
     * Makes each command of the service run under the filter of the plan and hand over its
     * listener.
     */
    void installAsking(RunPlan plan) {
        List<String> words = handingOver();
        if (!plan.filter().showsAll()) {
            Path filter = folder.resolve("filter");
            try {
                Files.write(filter, TargetFilter.asking(plan).toBytes());
            } catch (IOException e) {
                throw failure(e);
            }
            words.addAll(List.of("--filter", filter.toString()));
        }
        install(unit.dropIn(words));
    }

    /** Puts settings in force. They are removed when this object is closed. */
    public void install(String settings) {
        String text =
                "# Made for a recording, which takes it away at the end. If it is left over:\n"
                        + "# remove it, systemctl daemon-reload, and restart the unit.\n"
                        + FOLDER_LINE
                        + folder
                        + "\n"
                        + settings;
        try {
            Files.createDirectories(file.getParent());
            Files.writeString(file, text);
        } catch (IOException e) {
            throw failure(e);
        }
        if (!installed) {
            Systemd.lines(
                    "systemd-run",
                    "--quiet",
                    "--unit=" + keeper(unit.name()),
                    "--property=After=" + unit.name(),
                    "--property=RemainAfterExit=yes",
                    "true");
        }
        installed = true;
        Systemd.run("daemon-reload");
        // Otherwise systemd would refuse the fifth start within ten seconds.
        Systemd.begin("reset-failed", unit.name()).complaint();
    }

    /** Leaves the service as it was found. */
    @Override
    public void close() {
        removeFolder(folder);
        if (!installed) {
            return;
        }
        remove(file);
        Systemd.begin("stop", keeper(unit.name())).complaint();
        Systemd.run("daemon-reload");
        Systemd.begin("reset-failed", unit.name()).complaint();
        if (!triggers.isEmpty()) {
            Systemd.run(words("start", triggers));
        }
        Systemd.run(wasUp ? "restart" : "stop", unit.name());
    }

    private static void remove(Path file) {
        try {
            Files.deleteIfExists(file);
            // The folder stays if it holds other drop-ins.
            Files.delete(file.getParent());
        } catch (IOException e) {
            if (Files.exists(file)) {
                throw failure(e);
            }
        }
    }

    private static void removeFolder(Path folder) {
        for (String name : new String[] {"socket", "filter", ""}) {
            try {
                Files.deleteIfExists(folder.resolve(name));
            } catch (IOException e) {
                // Nobody reads it any more.
            }
        }
    }

    private static CommandFailure failure(IOException e) {
        return CommandFailure.ownFailure("service: " + FileFailure.reason(e));
    }
}
