// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.learn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sandbox.outcome.CommandFailure;
import io.sandbox.policy.worth.DefaultProfile;
import io.sandbox.recorder.machine.ComposeService;
import io.sandbox.recorder.run.CommandAddition;
import io.sandbox.syscalldb.testing.Table;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
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

    @Table
    void runtime_isSeenBehindRunToo(String command) {
        assertEquals(Optional.of(Path.of("/bin/false")), container(command).runtime().file());
    }

    /** Podman's is in a file. Compose would not make containers anew that are there already. */
    @Table
    void loading_addsTheProfile(String command, String expected) {
        assertEquals(expected, with(command, container(command).loading(Path.of("p"), folder)));
    }

    @Table
    void otherCommandsOfTheseEngines_areRefused(String command) {
        CommandFailure refused = assertThrows(CommandFailure.class, () -> container(command));
        assertTrue(refused.getMessage().contains("run and create only"), refused::getMessage);
    }

    private Optional<ComposeFiles> files(String command, Map<String, String> environment) {
        List<String> words = List.of(command.split(" "));
        return ComposeFiles.of(words, words.get(0), environment, folder);
    }

    private void make(String names) throws Exception {
        for (String name : names.isEmpty() ? List.<String>of() : List.of(names.split(" "))) {
            Files.createFile(folder.resolve(name));
        }
    }

    /**
     * Ours comes last, since the folder of the first is the project's. The rules about files that
     * the command does not name are those of compose-spec.io and docs.docker.com (COMPOSE_FILE).
     */
    @Table
    void ours_comesAfterTheFilesOfTheCommand(
            String names, String environment, String command, String expected) throws Exception {
        make(names);
        Map<String, String> variables =
                Stream.of(environment.split(" "))
                        .map(variable -> variable.split("=", 2))
                        .filter(parts -> parts.length == 2)
                        .collect(Collectors.toMap(parts -> parts[0], parts -> parts[1]));
        ComposeFiles files = files(command, variables).orElseThrow();
        assertEquals(expected, with(command, files.adding(Path.of("o"))));
    }

    @Table
    void filesThatAreUncertain_mustBeNamed(String names, String command) throws Exception {
        make(names);
        assertRefused("docker compose -f FILE", () -> files(command, Map.of()));
    }

    @Test
    void filesThatEnvMayName_mustBeNamed() throws Exception {
        make("compose.yaml");
        Path env = Files.writeString(folder.resolve(".env"), "A=COMPOSE_FILE\n");
        assertTrue(files("docker compose up", Map.of()).isPresent());
        Files.writeString(env, "A=b\nexport COMPOSE_FILE = c\n");
        assertRefused("-f FILE", () -> files("docker compose up", Map.of()));
    }

    @Table
    void otherCommands_areNotOfDockerCompose(String command) {
        assertTrue(files(command, Map.of()).isEmpty());
    }

    @Test
    void override_namesTheProfileInEachService() {
        assertEquals(
                "{\"services\":{\"a\":{\"security_opt\":[\"seccomp:/p\"]},"
                        + "\"b\":{\"security_opt\":[\"seccomp:/p\"]}}}",
                ComposeFiles.override(
                                List.of(
                                        new ComposeService("a", false, false, false),
                                        new ComposeService("b", false, false, false)),
                                Path.of("/p"))
                        .replaceAll("\\s", ""));
    }

    @Table
    void serviceThatWouldNotLoadTheProfile_isRefused(
            boolean privileged, boolean own, String reason) {
        ComposeService service = new ComposeService("web", privileged, own, false);
        assertRefused(
                "the service web", () -> ComposeFiles.override(List.of(service), Path.of("/p")));
        assertRefused(reason, () -> ComposeFiles.override(List.of(service), Path.of("/p")));
    }

    private static void assertRefused(String words, Executable of) {
        String message = assertThrows(CommandFailure.class, of).getMessage();
        assertTrue(message.contains(words), message);
    }

    /** The command with the addition, as sandbox-exec puts them together. */
    private static String with(String command, CommandAddition addition) {
        List<String> words = new ArrayList<>(List.of(command.split(" ")));
        words.addAll(addition.at(), addition.words());
        return String.join(" ", words);
    }
}
