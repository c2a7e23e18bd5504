// SPDX-License-Identifier: Apache-2.0
package io.sandbox.recorder.machine;

import io.sandbox.outcome.CommandFailure;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/** A manager of services, asked by its own commands: that of the system, or that of this user. */
public enum Systemd {
    SYSTEM(List.of(), Path.of("/run"), "/etc/systemd/system/", ""),
    USER(
            List.of("--user"),
            Path.of(Objects.requireNonNullElse(System.getenv("XDG_RUNTIME_DIR"), "/nowhere")),
            "$HOME/.config/systemd/user/",
            "USER_");

    private static final String NAME = "org.freedesktop.systemd1";

    private final List<String> option;
    private final Path place;
    private final String installed;
    private final String field;

    /**
     * @param option of each of its commands
     * @param place of files until the next boot, or until the user's last session ends
     * @param installed the folder of units and drop-ins for shells
     * @param field how the journal names its units, without what is common
     */
    Systemd(List<String> option, Path place, String installed, String field) {
        this.option = option;
        this.place = place;
        this.installed = installed;
        this.field = field;
    }

    /** The folder for files until the next boot, or until the user's last session ends. */
    public Path place() {
        return place;
    }

    /** The folder of drop-ins that are gone as early. */
    public Path dropIns() {
        return place.resolve("systemd").resolve(this == SYSTEM ? "system" : "user");
    }

    /** What puts a drop-in in force for good, as a shell's words. */
    public String installing(String file, String unit) {
        return String.format(
                "install -D -m 644 %s %s%s.d/sandbox.conf && %s && %s",
                file, installed, unit, systemctl("daemon-reload"), systemctl("restart " + unit));
    }

    private String systemctl(String words) {
        return String.join(" ", command("systemctl", words));
    }

    /** What the journal has of a unit, as words of journalctl(1). */
    List<String> fields(String unit) {
        return List.of("_SYSTEMD_" + field + "UNIT=" + unit, "+", field + "UNIT=" + unit);
    }

    /** A command about this manager. */
    public List<String> command(String program, String... words) {
        List<String> command = new ArrayList<>(List.of(program));
        command.addAll(option);
        command.addAll(List.of(words));
        return command;
    }

    /** A command that goes on while others do something else. Its output is short. */
    public static final class Job {
        private final Process process;

        private Job(Process process) {
            this.process = process;
        }

        /** Whether it has ended; waits a little. */
        public boolean isOver(int millis) {
            try {
                return process.waitFor(millis, TimeUnit.MILLISECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return false;
            }
        }

        /** What it said. It has ended with another status than 0 if that is not empty. */
        public String complaint() {
            try {
                String text =
                        new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
                int status = process.waitFor();
                if (status == 0) {
                    return "";
                }
                return text.isBlank() ? "status " + status : text.strip().lines().toList().get(0);
            } catch (IOException e) {
                return e.getMessage();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return "interrupted";
            }
        }
    }

    /** Runs systemctl(1). */
    public Job begin(String... words) {
        List<String> command = command("systemctl", "--no-ask-password");
        command.addAll(List.of(words));
        return new Job(start(command, true));
    }

    /** Runs systemctl(1) to its end. Throws {@link CommandFailure} when it fails. */
    public void run(String... words) {
        String complaint = begin(words).complaint();
        if (!complaint.isEmpty()) {
            throw CommandFailure.ownFailure(systemctl(String.join(" ", words)) + ": " + complaint);
        }
    }

    /**
     * Properties of a unit.
     *
     * @param path of its D-Bus object
     * @param interfaceName {@code Unit} or {@code Service}
     */
    Map<String, Object> properties(String path, String interfaceName, String... names) {
        List<String> words =
                new ArrayList<>(List.of("get-property", NAME, path, NAME + "." + interfaceName));
        words.addAll(List.of(names));
        List<Object> values = busctl(words);
        Map<String, Object> properties = new LinkedHashMap<>();
        for (int i = 0; i < names.length; i++) {
            properties.put(names[i], values.get(i));
        }
        return properties;
    }

    /** The path of a unit's object; the unit need not exist. */
    String objectPath(String unit) {
        return call("/org/freedesktop/systemd1", "Manager", "LoadUnit", "s", unit)
                .get(0)
                .toString();
    }

    /** What a method of the object at this path answers; it may have arguments. */
    List<?> call(String path, String interfaceName, String... words) {
        List<String> all = new ArrayList<>(List.of("call", NAME, path, NAME + "." + interfaceName));
        all.addAll(List.of(words));
        return (List<?>) busctl(all).get(0);
    }

    /** Each line of its answer is a value. */
    private List<Object> busctl(List<String> words) {
        List<String> command = command("busctl", "--json=short");
        command.addAll(words);
        Job job = new Job(start(command, false));
        try {
            byte[] answer = job.process.getInputStream().readAllBytes();
            List<Object> values = new ArrayList<>();
            for (String line : new String(answer, StandardCharsets.UTF_8).lines().toList()) {
                values.add(JsonObject.parse(line).get("data"));
            }
            if (job.process.waitFor() != 0 || values.isEmpty()) {
                throw CommandFailure.ownFailure(
                        "systemd does not answer ("
                                + (this == SYSTEM
                                        ? "services need root, systemd as process 1 and the system"
                                                + " bus"
                                        : "your services need your own systemd and its bus")
                                + "; try: "
                                + String.join(" ", command)
                                + ")");
            }
            return values;
        } catch (IOException e) {
            throw CommandFailure.ownFailure("busctl: " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw CommandFailure.ownFailure("busctl: interrupted");
        }
    }

    /** What a command of systemd prints; nothing if there is none. */
    public static List<String> lines(List<String> command) {
        try {
            Job job = new Job(start(command, false));
            byte[] answer = job.process.getInputStream().readAllBytes();
            return new String(answer, StandardCharsets.UTF_8).lines().toList();
        } catch (IOException e) {
            return List.of();
        }
    }

    private static Process start(List<String> command, boolean withErrors) {
        try {
            ProcessBuilder builder =
                    new ProcessBuilder(command)
                            .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")));
            if (withErrors) {
                builder.redirectErrorStream(true);
            } else {
                builder.redirectError(ProcessBuilder.Redirect.DISCARD);
            }
            return builder.start();
        } catch (IOException e) {
            throw CommandFailure.ownFailure(command.get(0) + ": " + e.getMessage());
        }
    }
}
