// SPDX-License-Identifier: Apache-2.0
package io.sandbox.recorder.machine;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class NodeContainerTest {
    private static final String CRI_O =
            "'io.kubernetes.pod.name': 'web-0', 'io.kubernetes.pod.namespace': 'shop',"
                    + " 'io.kubernetes.container.name': 'nginx',"
                    + " 'io.kubernetes.cri-o.ContainerType': 'container'";

    /** CRI-O copies the annotations of a pod, which its author chooses. */
    private static final String CHOSEN =
            "'io.kubernetes.cri.sandbox-name': 'dns', 'io.kubernetes.cri.container-name': 'dns',"
                    + " 'io.kubernetes.cri.sandbox-namespace': 'kube-system',"
                    + " 'io.kubernetes.cri.container-type': 'sandbox'";

    private static Optional<NodeContainer> parse(String notes, boolean ofCriO) throws IOException {
        String text = "{'annotations': {" + notes + "}}";
        return NodeContainer.parse("1", text.replace('\'', '"').getBytes(UTF_8), ofCriO);
    }

    @Test
    void parse_annotationsOfAnotherRuntime_areNotBelieved() throws IOException {
        Optional<NodeContainer> web =
                Optional.of(new NodeContainer("1", "shop", "web-0", "nginx", "", false));
        assertEquals(web, parse(CHOSEN + ", " + CRI_O, true));
        assertEquals(Optional.empty(), parse(CHOSEN, true));
        assertEquals(Optional.empty(), parse(CRI_O, false));
    }

    @Test
    void parse_withoutNameOfContainer_hasOne() throws IOException {
        String notes = "'io.kubernetes.pod.name': 'a', 'io.kubernetes.pod.namespace': 'b'";
        assertEquals("unknown", parse(notes, true).orElseThrow().name());
    }

    @Test
    void parse_noObject_isRefused() {
        for (String text : new String[] {"null", "[]", "", "{"}) {
            assertThrows(
                    IOException.class,
                    () -> NodeContainer.parse("1", text.getBytes(UTF_8), true),
                    text);
        }
    }
}
