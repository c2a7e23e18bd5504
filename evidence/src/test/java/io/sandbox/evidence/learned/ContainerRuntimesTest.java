// SPDX-License-Identifier: Apache-2.0
package io.sandbox.evidence.learned;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sandbox.evidence.Recording;
import io.sandbox.evidence.RunFilter;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ContainerRuntimesTest {
    private static Set<String> found(String command, String executable) {
        return ContainerRuntimes.in(recording(command, executable));
    }

    private static Recording recording(String command, String executable) {
        return Recordings.of(
                RunFilter.LOG_ALL, List.of(command, "podman"), executable, Map.of("write", 1L));
    }

    @Test
    void in_runtimeThatTheProgramStarted_isNamedWithoutItsFolder() {
        assertEquals(Set.of("crun"), found("./start", "/usr/bin/crun"));
    }

    @Test
    void in_runtimeThatRanACopyOfItself_isKnownByTheCommand() {
        assertEquals(Set.of("runc"), found("runc", "/memfd:runc_cloned:x"));
    }

    @Test
    void in_argumentOrPartOfAName_isNoRuntime() {
        assertEquals(Set.of(), found("/bin/echo", "/opt/podman/bin/podman-notes"));
    }

    @Test
    void in_severalRuns_areNamedOnceEach() {
        Recording both =
                recording("bwrap", "/usr/bin/bwrap").merge(recording("podman", "/usr/bin/crun"));
        assertEquals(Set.of("bwrap", "crun", "podman"), ContainerRuntimes.in(both));
    }
}
