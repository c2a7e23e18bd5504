// SPDX-License-Identifier: Apache-2.0
package io.sandbox.policy.format;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sandbox.policy.testing.Policies;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Files of the Security Profiles Operator with several profiles. */
class SpoTest {
    private static String profile(String name, String base, String call) {
        return """
        kind: SeccompProfile
        metadata:
          name: %s
        spec:
          defaultAction: SCMP_ACT_ERRNO
        %s  syscalls:
          - action: SCMP_ACT_ALLOW
            names: [%s]
        ---
        """
                .formatted(name, base.isEmpty() ? "" : "  baseProfileName: " + base + "\n", call);
    }

    private static Reading read(String text, String part) {
        Surroundings around =
                new Surroundings("x86_64", IncludedFiles.NONE, Map.of(), Optional.ofNullable(part));
        return PolicyFormat.readAny(text.getBytes(UTF_8), around);
    }

    private static void assertRules(String expected, String text, String part, String losses) {
        Reading reading = read(text, part);
        assertEquals(expected, Policies.rules(reading.document()));
        assertEquals(losses, Policies.text(reading.losses()));
    }

    @Test
    void read_baseInTheSameFile_isAPart() {
        String text =
                profile("base", "", "read")
                        + "kind: ConfigMap\n---\n"
                        + profile("app", "base", "write");
        assertRules("write allow; read allow", text, null, "");
        assertRules("read allow", text, "base", "");
    }

    @Test
    void read_profilesOnEachOther_end() {
        String text = profile("a", "b", "read") + profile("b", "a", "write");
        assertRules("read allow; write allow", text, "a", "baseProfileName: a builds on itself");
    }

    @Test
    void read_severalProfiles_oneMustBeChosen() {
        String text = profile("a", "", "read") + profile("b", "", "write");
        assertRules("write allow", text, "b", "");
        assertEquals("has 2 profiles: a, b", Policies.refusal(() -> read(text, null)));
        assertEquals("c: no such profile in this file", Policies.refusal(() -> read(text, "c")));
    }
}
