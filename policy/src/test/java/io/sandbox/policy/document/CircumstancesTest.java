// SPDX-License-Identifier: Apache-2.0
package io.sandbox.policy.document;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sandbox.policy.testing.Policies;
import org.junit.jupiter.api.Test;

final class CircumstancesTest {
    private static final PolicyDocument DOCUMENT =
            Policies.json(
                    "'allow', 'comments': ['a'], 'architectures': ['i386', 'x32'], 'rules': ["
                            + "{'call': 'read', 'arches': ['arm'], 'action': 'kill'},"
                            + "{'call': 'write', 'arches': ['x86_64'], 'action': 'kill'},"
                            + "{'call': 'close', 'action': 'kill'}]");

    private static Circumstances with(String... capabilities) {
        return Policies.here("x86_64", "6.1", capabilities);
    }

    @Test
    void under_scopesThatDoNotHold_areDroppedAndOthersCountAnywhere() {
        PolicyDocument under = DOCUMENT.under(with());
        assertEquals("write kill; close kill", Policies.rules(under));
        assertEquals(Scope.ANYWHERE, under.rules().get(0).scope());
        assertEquals(DOCUMENT.withRules(under.rules()), under);
    }

    @Test
    void losses_nameTheCircumstancesInOrder() {
        String decided =
                "2 rules: for some capabilities or kernels only, decided for x86_64, kernel 6.1, ";
        assertEquals(
                decided + "CAP_CHOWN CAP_KILL CAP_SYS_BOOT",
                Policies.text(
                        Loss.ofCircumstances(
                                DOCUMENT, with("CAP_SYS_BOOT", "CAP_CHOWN", "CAP_KILL"))));
        assertEquals(
                decided + "no capabilities", Policies.text(Loss.ofCircumstances(DOCUMENT, with())));
        assertEquals(
                "calls of i386, x32: are refused: the format is for one architecture",
                Policies.text(Loss.ofForeign(DOCUMENT, with())));
    }
}
