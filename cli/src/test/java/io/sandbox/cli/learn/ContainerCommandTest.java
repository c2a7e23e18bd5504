// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.learn;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ContainerCommandTest {
    @ParameterizedTest
    @CsvSource({
        "podman --root /r run --rm image, podman --root /r run --security-opt seccomp=l --rm image",
        "/usr/bin/docker create image, /usr/bin/docker create --security-opt seccomp=l image",
        "podman-compose run web, 'start each container with --security-opt seccomp=l"
                + " (in a compose file: security_opt: [\"seccomp:l\"])'",
        "podman start web, 'start each container with --security-opt seccomp=l"
                + " (in a compose file: security_opt: [\"seccomp:l\"])'"
    })
    void enforcing_namesTheProfile(String command, String expected) {
        ContainerCommand container = new ContainerCommand(List.of(command.split(" ")), Map.of());
        assertEquals(expected, container.enforcing(Path.of("l")));
    }
}
