// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.learn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sandbox.outcome.CommandFailure;
import io.sandbox.policy.worth.DefaultProfile;
import io.sandbox.syscalldb.testing.Table;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;

final class ContainerCommandTest {
    @TempDir private Path folder;

    @Table
    void enforcing_namesTheProfile(String command, String expected) throws Exception {
        Files.createFile(folder.resolve("compose.yaml"));
        assertEquals(expected, container(command).enforcing(Path.of("l")));
    }

    private ContainerCommand container(String command) {
        return new ContainerCommand(List.of(command.split(" ")), Map.of(), folder);
    }

    @Table
    void defaultProfile_isThatOfTheEngine(String command, DefaultProfile expected) {
        assertEquals(expected, container(command).defaultProfile());
    }

    /** Podman's is in a file. Compose would not make containers anew that are there already. */
    @Table
    void loading_addsTheProfile(String command, String expected) {
        assertEquals(
                expected, Additions.to(command, container(command).loading(Path.of("p"), folder)));
    }

    @Table
    void otherCommandsOfTheseEngines_areRefused(String command) {
        CommandFailure refused = assertThrows(CommandFailure.class, () -> container(command));
        assertTrue(refused.getMessage().contains("run and create only"), refused::getMessage);
    }
}
