// SPDX-License-Identifier: Apache-2.0
package io.sandbox.recorder.machine;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * How a container has ended, as its engine remembers it, also if the container is gone.
 *
 * @param status of its first process
 */
public record ContainerEnd(int status, Instant moment, String image) {
    /** Whether a container of the same image ended in the same way. */
    public boolean isLike(ContainerEnd other) {
        return status == other.status && image.equals(other.image);
    }

    /**
     * Asks for all containers that have ended since a moment.
     *
     * @param engine podman or docker, with its own options
     * @return empty if the engine cannot tell
     */
    public static Optional<List<ContainerEnd>> query(List<String> engine, Instant since) {
        List<String> question = new ArrayList<>(engine);
        question.addAll(List.of("events", "--since", seconds(since)));
        // podman-events(1), and "docker system events" in docs.docker.com. Podman would miss some
        // with --until, and knows the nanoseconds since its version 5.
        question.addAll(
                engine.get(0).endsWith("docker")
                        ? List.of(
                                "--until=" + seconds(Instant.now()),
                                "--filter=event=die",
                                "--format",
                                "{{.Actor.Attributes.exitCode}} {{.TimeNano}}"
                                        + " {{.Actor.Attributes.image}}")
                        : List.of(
                                "--stream=false",
                                "--filter=event=died",
                                "--format",
                                "{{.ContainerExitCode}} {{.TimeNano}} {{.Image}}"));
        return RunningContainer.ask(false, question.toArray(new String[0]))
                .flatMap(lines -> parse(lines, since));
    }

    private static String seconds(Instant moment) {
        return "%d.%09d".formatted(moment.getEpochSecond(), moment.getNano());
    }

    private static Optional<List<ContainerEnd>> parse(String lines, Instant since) {
        List<ContainerEnd> ends = new ArrayList<>();
        for (String line : lines.lines().toList()) {
            String[] words = line.split(" ", 3);
            if (words.length < 3 || !(words[0] + words[1]).matches("[0-9]{1,22}")) {
                return Optional.empty();
            }
            Instant moment = Instant.ofEpochSecond(0, Long.parseLong(words[1]));
            if (moment.isAfter(since)) { // podman rounds it down to a second
                ends.add(new ContainerEnd(Integer.parseInt(words[0]), moment, words[2]));
            }
        }
        return Optional.of(ends);
    }
}
