// SPDX-License-Identifier: Apache-2.0
package io.sandbox.recorder.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sandbox.syscalldb.testing.Table;
import org.junit.jupiter.api.Test;

/** Whoever hands over a listener may say anything with it. */
class ContainerStateTest {
    /** The state that crun 1.21 sends. */
    private static final String CRUN =
            "{\"ociVersion\": \"0.2.0\", \"fds\": [\"seccompFd\"], \"pid\": 60949,"
                    + " \"metadata\": \"meta\", \"state\": {\"ociVersion\": \"0.2.0\","
                    + " \"id\": \"t1\", \"status\": \"creating\", \"pid\": 60949,"
                    + " \"bundle\": \"/b\"}}";

    @Test
    void parse_ofARuntime_isNamedByItsMetadata() {
        assertEquals(
                new ContainerState("meta", 60949, false, false, true, false),
                ContainerState.parse(CRUN, 9));
        assertEquals("t1", ContainerState.parse(CRUN.replace("\"meta\"", "\"\""), 9).name());
    }

    /** crun 1.21 sends this for {@code podman exec} and health checks. */
    @Test
    void parse_ofAnExecOfCrun_isOfWhoSentIt() {
        String exec =
                CRUN.replace("60949, \"metadata\"", "0, \"metadata\"")
                        .replace("creating", "running");
        assertEquals(
                new ContainerState("meta", 9, true, true, true, false),
                ContainerState.parse(exec, 9));
        assertThrows(IllegalArgumentException.class, () -> ContainerState.parse(exec, 0));
    }

    @Test
    void parse_ofSandboxExec_hasNoRuntime() {
        String state =
                "{\"fds\":[\"seccompFd\"],\"pid\":7,\"io.sandbox.from\":\"exec\","
                        + "\"state\":{\"id\":\"nginx\"}}";
        assertEquals(
                new ContainerState("nginx", 9, false, false, false, false),
                ContainerState.parse(state, 9));
    }

    /** The author of a pod chooses annotations. */
    @Test
    void parse_ofARuntimeWithOurAnnotation_isOfARuntime() {
        String notes = "\"annotations\": {\"io.sandbox.from\": \"exec\"}, ";
        String state = CRUN.replace("\"bundle\"", notes + "\"bundle\"");
        assertTrue(ContainerState.parse(state, 9).fromRuntime());
    }

    @Test
    void nameIn_ofOneThatJoins_isItsId() {
        assertEquals(
                "web.service 3",
                ContainerState.nameIn("{\"fds\":[],\"state\":{\"id\":\"web.service 3\"}}"));
        for (String text : new String[] {"{}", "[]", "{\"state\":{\"id\":3}}"}) {
            assertThrows(IllegalArgumentException.class, () -> ContainerState.nameIn(text), text);
        }
    }

    @Table
    void parse_rubbish_isRefusedWithTheReason(String right, String wrong, String reason) {
        String text = CRUN.replace(right, wrong);
        IllegalArgumentException refused =
                assertThrows(
                        IllegalArgumentException.class, () -> ContainerState.parse(text, 9), text);
        assertTrue(refused.getMessage().startsWith(reason), refused::getMessage);
    }

    @Test
    void parse_nameThatIsTooLong_isRefused() {
        String text = CRUN.replace("meta\"", "x".repeat(256) + "\"");
        assertThrows(IllegalArgumentException.class, () -> ContainerState.parse(text, 9));
    }
}
