// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.learn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sandbox.outcome.CommandFailure;
import io.sandbox.policy.worth.DefaultProfile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ContainerCommandTest {
    @TempDir private Path folder;

    @ParameterizedTest
    @CsvSource({
        "podman --root /r run --rm image, podman --root /r run --security-opt seccomp=l --rm image",
        "/usr/bin/docker create image, /usr/bin/docker create --security-opt seccomp=l image",
        "podman-compose run web, 'start each container with --security-opt seccomp=l"
                + " (in a compose file: security_opt: [\"seccomp:l\"])'",
        "docker compose run web, 'start each container with --security-opt seccomp=l"
                + " (in a compose file: security_opt: [\"seccomp:l\"])'",
        "podman compose run web, 'start each container with --security-opt seccomp=l"
                + " (in a compose file: security_opt: [\"seccomp:l\"])'",
        "podman start web, 'start each container with --security-opt seccomp=l"
                + " (in a compose file: security_opt: [\"seccomp:l\"])'"
    })
    void enforcing_namesTheProfile(String command, String expected) throws Exception {
        Files.createFile(folder.resolve("compose.yaml"));
        assertEquals(expected, container(command).enforcing(Path.of("l")));
    }

    private ContainerCommand container(String command) {
        return new ContainerCommand(List.of(command.split(" ")), Map.of(), folder);
    }

    @ParameterizedTest
    @CsvSource({
        "podman run image, PODMAN",
        "./start-it, PODMAN", // it may start podman, and nothing else gets our profile
        "podman-compose up, PODMAN",
        "docker run image, DOCKER",
        "nerdctl run image, DOCKER"
    })
    void defaultProfile_isThatOfTheEngine(String command, DefaultProfile expected) {
        assertEquals(expected, container(command).defaultProfile());
    }

    /** Podman's is in a file. Compose would not make containers anew that are there already. */
    @ParameterizedTest
    @CsvSource({
        "docker --debug run --rm image, docker --debug run --security-opt seccomp=p --rm image",
        "docker container create image, docker container create --security-opt seccomp=p image",
        "nerdctl --namespace n run -d image,"
                + " nerdctl --namespace n run --security-opt seccomp=p -d image",
        "podman run image, podman run image",
        "podman-compose -p up up -d, podman-compose -p up up --force-recreate -d",
        "podman-compose run web, podman-compose run web",
        "podman compose up web, podman compose up --force-recreate web",
        "podman run --name compose image up, podman run --name compose image up"
    })
    void loading_addsTheProfile(String command, String expected) {
        assertEquals(
                expected, Additions.to(command, container(command).loading(Path.of("p"), folder)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "docker start web",
                "nerdctl compose up",
                "nerdctl compose run web",
                "docker"
            })
    void otherCommandsOfTheseEngines_areRefused(String command) {
        CommandFailure refused = assertThrows(CommandFailure.class, () -> container(command));
        assertTrue(refused.getMessage().contains("run and create only"), refused::getMessage);
    }
}
