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
                        new ComposeService("web", false, false, false),
                        new ComposeService("old", false, true, false),
                        new ComposeService("new", false, true, true),
                        new ComposeService("all", true, false, true),
                        new ComposeService("job", false, false, false)),
                ComposeService.parse(
                        """
                        {"name": "shop", "services": {
                          "web": {"image": "i", "security_opt": ["no-new-privileges"]},
                          "old": {"security_opt": ["label:disable", "seccomp:unconfined"],
                            "restart": "no"},
                          "new": {"security_opt": ["seccomp=list.json"], "privileged": false,
                            "restart": "on-failure:3"},
                          "all": {"privileged": true,
                            "deploy": {"restart_policy": {"condition": "any"}}},
                          "job": {"restart": null,
                            "deploy": {"restart_policy": {"condition": "none"}}}}}
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
