// SPDX-License-Identifier: Apache-2.0
package io.sandbox.policy.format;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sandbox.policy.document.PolicyDocument;
import io.sandbox.policy.testing.Policies;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What only minijail's compiler knows. */
class MinijailTest {
    private static PolicyDocument read(String text, String arch) {
        Map<String, Long> constants = Map.of("MY_IOCTL", 0x7777L);
        Surroundings around =
                new Surroundings(arch, IncludedFiles.NONE, constants, Optional.empty());
        return PolicyFormat.readAny(text.getBytes(UTF_8), around).document();
    }

    @Test
    void read_constants_dependOnTheArchitecture() {
        String policy = "openat: arg2 == O_DIRECTORY\nioctl: arg1 == MY_IOCTL\n";
        String rules = "openat(arg2==%s) allow; ioctl(arg1==30583) allow";
        assertEquals(rules.formatted("65536"), Policies.rules(read(policy, "x86_64")));
        assertEquals(rules.formatted("16384"), Policies.rules(read(policy, "aarch64")));
    }

    /** The kernel's own names of calls that only arm has, as minijail's tables have them. */
    @Test
    void read_privateCallsOfArm_haveTheirPrefix() {
        assertEquals(
                "read allow; set_tls allow; cacheflush allow",
                Policies.rules(read("read: 1\nARM_set_tls: 1\nARM_cacheflush: 1\n", "arm")));
    }
}
