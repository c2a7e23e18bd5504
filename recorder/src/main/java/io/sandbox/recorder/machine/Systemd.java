// SPDX-License-Identifier: Apache-2.0
package io.sandbox.recorder.machine;

import com.fasterxml.jackson.jr.ob.JSON;
import io.sandbox.outcome.CommandFailure;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The manager of the system's services, asked by its own commands. */
public final class Systemd {
    private static final String NAME = "org.freedesktop.systemd1";

    private Systemd() {}

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
    public static Job begin(String... words) {
        List<String> command = new ArrayList<>(List.of("systemctl", "--no-ask-password"));
        command.addAll(List.of(words));
        return new Job(start(command, true));
    }

    /**
     * Runs systemctl(1) to its end.
     *
     * @throws CommandFailure when it fails
     */
    public static void run(String... words) {
        String complaint = begin(words).complaint();
        if (!complaint.isEmpty()) {
            throw CommandFailure.ownFailure(
                    "systemctl " + String.join(" ", words) + ": " + complaint);
        }
    }

    /**
     * Properties of a unit.
     *
     * @param path of its D-Bus object
     * @param interfaceName {@code Unit} or {@code Service}
     */
    static Map<String, Object> properties(String path, String interfaceName, String... names) {
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
    static String objectPath(String unit) {
        List<Object> answer =
                busctl(
                        List.of(
                                "call",
                                NAME,
                                "/org/freedesktop/systemd1",
                                NAME + ".Manager",
                                "LoadUnit",
                                "s",
                                unit));
        return ((List<?>) answer.get(0)).get(0).toString();
    }

    /** Each line of its answer is a value. */
    private static List<Object> busctl(List<String> words) {
        List<String> command = new ArrayList<>(List.of("busctl", "--json=short"));
        command.addAll(words);
        Job job = new Job(start(command, false));
        try {
            byte[] answer = job.process.getInputStream().readAllBytes();
            List<Object> values = new ArrayList<>();
            for (String line : new String(answer, StandardCharsets.UTF_8).lines().toList()) {
                values.add(JSON.std.mapFrom(line).get("data"));
            }
            if (job.process.waitFor() != 0 || values.isEmpty()) {
                throw CommandFailure.ownFailure(
                        "systemd does not answer (services need root, systemd as"
                                + " process 1 and the system bus; try: "
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
    public static List<String> lines(String... command) {
        try {
            Job job = new Job(start(List.of(command), false));
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
