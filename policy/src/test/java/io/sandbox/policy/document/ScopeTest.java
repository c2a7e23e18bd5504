// SPDX-License-Identifier: Apache-2.0
package io.sandbox.policy.document;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sandbox.policy.testing.Policies;
import io.sandbox.syscalldb.KernelVersion;
import io.sandbox.syscalldb.testing.Table;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

final class ScopeTest {
    /** {@code arch=A+B not-arch=A cap=C not-cap=C from=KERNEL below=KERNEL}, all optional. */
    private static Scope scope(String text) {
        return new Scope(
                values(text, "arch"),
                values(text, "not-arch"),
                values(text, "cap"),
                values(text, "not-cap"),
                values(text, "from").stream().findFirst().flatMap(KernelVersion::parse),
                values(text, "below").stream().findFirst().flatMap(KernelVersion::parse));
    }

    private static Set<String> values(String text, String key) {
        Optional<String> value =
                Arrays.stream(text.split(" "))
                        .filter(word -> word.startsWith(key + "="))
                        .map(word -> word.substring(key.length() + 1))
                        .findFirst();
        return value.map(some -> Set.of(some.split("\\+"))).orElse(Set.of());
    }

    private static final Circumstances HERE = Policies.here("x86_64", "6.1", "SYS_ADMIN", "KILL");

    @Table
    void includes_circumstances_isWhetherAllPartsOfTheScopeHold(String scope, boolean counts) {
        assertEquals(counts, scope(scope).includes(HERE));
    }

    @Table
    void excludes_otherScope_isTheSameInBothDirections(String one, String other, boolean excludes) {
        assertEquals(excludes, scope(one).excludes(scope(other)));
        assertEquals(excludes, scope(other).excludes(scope(one)));
    }

    @Test
    void isAnywhere_anyCircumstance_isFalse() {
        assertTrue(scope("").isAnywhere());
        for (String some :
                "arch=arm not-arch=arm cap=KILL not-cap=KILL from=6.1 below=6.1".split(" ")) {
            assertFalse(scope(some).isAnywhere(), some);
        }
    }

    @Test
    void names_whateverTheirOrder_areSorted() {
        Set<String> names = new TreeSet<>(Set.of("b", "a", "c"));
        Scope scope = scope("arch=c+a+b not-arch=b+a+c cap=a+c+b not-cap=c+b+a");
        assertEquals(names.toString(), scope.arches().toString());
        assertEquals(names.toString(), scope.notArches().toString());
        assertEquals(names.toString(), scope.capabilities().toString());
        assertEquals(names.toString(), scope.notCapabilities().toString());
    }
}
