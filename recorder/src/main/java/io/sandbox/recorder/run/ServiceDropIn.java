// SPDX-License-Identifier: Apache-2.0
package io.sandbox.recorder.run;

import io.sandbox.enforcer.launch.file.WorkFolder;
import io.sandbox.outcome.CommandFailure;
import io.sandbox.outcome.FileFailure;
import io.sandbox.recorder.machine.ServiceUnit;
import io.sandbox.recorder.machine.Systemd;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * All that is changed of a service while it is recorded: there is a drop-in in /run, which is gone
 * after the next boot, and beside it a folder with our socket. The unit's own files are never
 * touched.
 */
public final class ServiceDropIn implements AutoCloseable {
    /**
     * Sorts after all that others have, so that their ExecStart= does not take the place of ours.
     */
    private static final String NAME = "~sandbox-learn.conf";

    private static final String FOLDER_LINE = "# folder: ";

    private final ServiceUnit unit;
    private final Systemd manager;
    private final Path sandboxExec;

    /** The path of sandbox-exec for the service's commands. */
    private final Path starter;

    private final Path file;
    private final WorkFolder work;
    private final Path folder;
    private final boolean wasUp;
    private final List<String> triggers;

    /** The version of the drop-in in force; the service may still have the one before. */
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
        manager = unit.manager();
        file = file(manager, unit.name());
        unit.requireRecordable(sandboxExec);
        wasUp = unit.queryState().isUp();
        triggers = unit.queryTriggers();
        try {
            work = WorkFolder.make(manager.place(), "sandbox-learn", left -> {});
            folder = work.path();
            Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx--x--x"));
            starter =
                    unit.hasOwnRoot()
                            ? Files.createFile(folder.resolve(sandboxExec.getFileName()))
                            : sandboxExec;
        } catch (IOException e) {
            throw failure(manager.place(), e);
        }
    }

    /**
     * Removes what was left when recordings were killed, of this unit and of others. Call it before
     * the unit is queried.
     *
     * @return the units of which something was left
     * @throws CommandFailure when the unit is being recorded at this moment
     */
    public static List<String> repair(Systemd manager, String name) {
        String full = ServiceUnit.fullName(name);
        List<String> repaired = new ArrayList<>();
        // Somebody may have been killed before the file was there, or after it was removed.
        if (removeFolder(file(manager, full))) {
            repaired.add(full);
        }
        try (Stream<Path> folders = Files.list(manager.dropIns())) {
            for (Path file :
                    folders.map(each -> each.resolve(NAME)).filter(Files::exists).toList()) {
                String unit = file.getParent().getFileName().toString().replaceAll("[.]d$", "");
                if (folderOf(file).filter(WorkFolder::isInUse).isEmpty()) {
                    remove(manager, unit);
                    repaired.add(unit);
                } else if (unit.equals(full)) {
                    throw CommandFailure.ownFailure(
                            "service " + full + ": is being recorded by somebody else");
                }
            }
        } catch (NoSuchFileException e) {
            // There are no drop-ins at all.
        } catch (IOException e) {
            throw failure(manager.dropIns(), e);
        }
        return repaired;
    }

    private static Path file(Systemd manager, String unit) {
        return manager.dropIns().resolve(unit + ".d").resolve(NAME);
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

    ServiceUnit unit() {
        return unit;
    }

    /** The socket by which the service's commands hand over their listeners. */
    public Path socket() {
        return folder.resolve("socket");
    }

    /** What commands call themselves at a hand-over under the drop-in in force. */
    String name() {
        return unit.name() + " " + version;
    }

    /** The processes of the service that must hand over, since its last start. */
    Set<Integer> queryStarted() {
        return unit.queryStarted(starter);
    }

    private String nextName() {
        version++;
        return name();
    }

    /** Starts the service anew, together with the units that can start it. */
    Systemd.Job restart() {
        if (!triggers.isEmpty()) {
            manager.run(words("start", triggers));
        }
        return manager.begin("restart", unit.name());
    }

    /** Stops the service, together with the units that would start it again. */
    Systemd.Job stop() {
        List<String> units = new ArrayList<>(triggers);
        units.add(unit.name());
        return manager.begin(words("stop", units));
    }

    private static String[] words(String verb, List<String> units) {
        List<String> words = new ArrayList<>(List.of(verb));
        words.addAll(units);
        return words.toArray(new String[0]);
    }

    /** Makes each command of the service wait until its program is counted. */
    void installJoining(long lacking) {
        List<String> words = handingOver();
        words.add("--join");
        install(commands(words) + ServiceUnit.lacking(lacking));
    }

    /** In a root of its own, the service gets our folder and sandbox-exec into its new /run. */
    private String commands(List<String> words) {
        return unit.dropIn(words)
                + (starter.equals(sandboxExec)
                        ? ""
                        : "BindReadOnlyPaths=%s\nBindReadOnlyPaths=%s:%s\n"
                                .formatted(folder, sandboxExec, starter));
    }

    private List<String> handingOver() {
        return new ArrayList<>(
                List.of(
                        starter.toString(),
                        "--hand-over",
                        socket().toString(),
                        "--or-run",
                        "--name",
                        nextName()));
    }

    /** Each command of the service then runs under our filter and hands over its listener. */
    void installAsking(RunPlan plan) {
        List<String> words = handingOver();
        if (!plan.filter().showsAll()) {
            Path filter = folder.resolve("filter");
            try {
                Files.write(filter, TargetFilter.asking(plan).toBytes());
            } catch (IOException e) {
                throw failure(filter, e);
            }
            words.addAll(List.of("--filter", filter.toString()));
        }
        install(commands(words));
    }

    /** Puts settings in force. They are removed when this object is closed. */
    public void install(String settings) {
        put(file, folder, settings);
        if (!installed) {
            Systemd.lines(
                    manager.command(
                            "systemd-run",
                            "--quiet",
                            "--unit=" + keeper(unit.name()),
                            "--property=After=" + unit.name(),
                            "--property=RemainAfterExit=yes",
                            "true"));
        }
        installed = true;
        manager.run("daemon-reload");
        // Otherwise systemd would refuse the fifth start within ten seconds.
        manager.begin("reset-failed", unit.name()).complaint();
    }

    private static void put(Path file, Path folder, String settings) {
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
            file.toFile().delete();
            removeFolder(file);
            throw failure(file, e);
        }
    }

    /**
     * Gives all commands of a unit a variable, as NAME=VALUE, from its next start on.
     *
     * @param folder of the process that takes it back
     */
    public static void lend(Systemd manager, String unit, Path folder, String variable) {
        String settings = "[Service]\nEnvironment=\"" + variable + "\"\n";
        put(file(manager, ServiceUnit.fullName(unit)), folder, settings);
        manager.run("daemon-reload");
    }

    public static void takeBack(Systemd manager, String unit) {
        remove(manager, ServiceUnit.fullName(unit));
    }

    /** Leaves the service as it was found. */
    @Override
    public void close() {
        work.close();
        if (!installed) {
            return;
        }
        remove(manager, unit.name());
        manager.begin("reset-failed", unit.name()).complaint();
        if (!triggers.isEmpty()) {
            manager.run(words("start", triggers));
        }
        manager.run(wasUp ? "restart" : "stop", unit.name());
    }

    /** The drop-in goes last, by which a next recording knows that there is something left. */
    private static void remove(Systemd manager, String unit) {
        manager.begin("stop", keeper(unit)).complaint();
        Path file = file(manager, unit);
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw failure(file, e);
        }
        removeFolder(file);
        manager.run("daemon-reload");
    }

    /** The folder stays if it holds other drop-ins, or is a link of somebody to his own folder. */
    private static boolean removeFolder(Path file) {
        Path folder = file.getParent();
        return Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS) && folder.toFile().delete();
    }

    private static CommandFailure failure(Path file, IOException e) {
        return CommandFailure.ownFailure(file + ": " + FileFailure.reason(e));
    }
}
