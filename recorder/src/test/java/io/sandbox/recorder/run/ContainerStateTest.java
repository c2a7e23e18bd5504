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

    /** Up to two pieces of the state are replaced by others. */
    @Table
    void parse_state_isOfARuntimeOrNot(String pieces, String others, int peer, String expected) {
        String[] right = pieces.split(" & ");
        String[] wrong = others.split(" & ", -1);
        String text = CRUN;
        for (int i = 0; i < right.length; i++) {
            text = text.replace(right[i], wrong[i]);
        }
        assertEquals(
                "ContainerState[" + expected + "]", ContainerState.parse(text, peer).toString());
    }

    @Test
    void nameIn_ofOneThatJoins_isItsId() {
        assertEquals(
                "web.service 3",
                ContainerState.nameIn("{\"fds\":[],\"state\":{\"id\":\"web.service 3\"}}"));
        for (String text : new String[] {"{}", "[]", "null", "{\"state\":{\"id\":3}}"}) {
            assertThrows(IllegalArgumentException.class, () -> ContainerState.nameIn(text), text);
        }
    }

    @Table
    void parse_rubbish_isRefusedWithTheReason(String right, String wrong, int peer, String reason) {
        String text = CRUN.replace(right, wrong);
        IllegalArgumentException refused =
                assertThrows(
                        IllegalArgumentException.class,
                        () -> ContainerState.parse(text, peer),
                        text);
        assertTrue(refused.getMessage().startsWith(reason), refused::getMessage);
    }
}
