// SPDX-License-Identifier: Apache-2.0
package io.sandbox.recorder.machine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class ContainerRuntimeTest {
    @Test
    void features_flagIsThereOrNot() {
        assertTrue(
                ContainerRuntime.parseFeatures(
                        "{\"linux\": {\"seccomp\": {\"supportedFlags\":"
                                + " [\"SECCOMP_FILTER_FLAG_LOG\","
                                + " \"SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV\"]}}}"));
        assertFalse(
                ContainerRuntime.parseFeatures(
                        "{\"linux\": {\"seccomp\": {\"supportedFlags\": []}}}"));
    }

    /** An older runtime knows no such subcommand, or says nothing of flags. */
    @Test
    void features_ofAnotherForm_sayNothing() {
        for (String text : new String[] {"", "{}", "[]", "{\"linux\": 1}", "unknown command"}) {
            assertFalse(ContainerRuntime.parseFeatures(text), text);
        }
    }

    @Test
    void crun_asksAboutAll_othersHideSome() {
        assertEquals(List.of(), new ContainerRuntime("/usr/bin/crun", false).unseen());
        ContainerRuntime runc = new ContainerRuntime("/usr/sbin/runc", false);
        assertEquals("runc", runc.name());
        assertTrue(runc.unseen().containsAll(List.of("fcntl", "read", "rt_sigreturn", "write")));
        assertFalse(runc.asksByDefault());
    }
}
