// SPDX-License-Identifier: Apache-2.0
package io.sandbox.recorder.machine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ComposeServiceTest {
    @Test
    void services_haveWhatDecidesAboutTheirFilter() {
        assertEquals(
                List.of(
                        new ComposeService("web", false, false),
                        new ComposeService("old", false, true),
                        new ComposeService("new", false, true),
                        new ComposeService("all", true, false)),
                ComposeService.parse(
                        """
                        {"name": "shop", "services": {
                          "web": {"image": "i", "security_opt": ["no-new-privileges"]},
                          "old": {"security_opt": ["label:disable", "seccomp:unconfined"]},
                          "new": {"security_opt": ["seccomp=list.json"], "privileged": false},
                          "all": {"privileged": true}}}
                        """));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[]",
                "services:",
                "{}",
                "{\"services\": []}",
                "{\"services\": {\"a\": 1}}"
            })
    void otherForms_areRefused(String project) {
        assertThrows(IllegalArgumentException.class, () -> ComposeService.parse(project));
    }
}
