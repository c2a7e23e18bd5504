// SPDX-License-Identifier: Apache-2.0
package io.sandbox.policy.document;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sandbox.syscalldb.KernelVersion;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ScopeTest {
    /**
     * {@code arch=A not-arch=A cap=C not-cap=C from=KERNEL below=KERNEL}, each optional, with a
     * plus between several values.
     */
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

    private static final Circumstances HERE =
            new Circumstances(
                    "x86_64",
                    Set.of("SYS_ADMIN", "KILL"),
                    KernelVersion.parse("6.1").orElseThrow());

    @ParameterizedTest
    @CsvSource({
        "'', true",
        "arch=x86_64, true",
        "arch=x86_64+arm, true",
        "arch=arm, false",
        "not-arch=x86_64, false",
        "not-arch=arm, true",
        "cap=KILL, true",
        "cap=KILL+SYS_ADMIN, true",
        "cap=KILL+SYS_BOOT, false",
        "not-cap=KILL, false",
        "not-cap=KILL+SYS_BOOT, false",
        "not-cap=SYS_BOOT, true",
        "from=6.0, true",
        "from=6.1, true",
        "from=6.2, false",
        "below=6.0, false",
        "below=6.1, false",
        "below=6.2, true",
    })
    void includes_circumstances_isWhetherAllPartsOfTheScopeHold(String scope, boolean counts) {
        assertEquals(counts, scope(scope).includes(HERE));
    }

    @ParameterizedTest
    @CsvSource({
        "'', '', false",
        "arch=arm, '', false",
        "arch=arm, arch=arm, false",
        "arch=arm, arch=x86_64, true",
        "arch=arm, arch=x86_64+arm, false",
        "arch=arm, not-arch=arm, true",
        "arch=arm, not-arch=x86_64, false",
        "arch=arm+x86_64, not-arch=arm, false",
        "not-arch=arm, not-arch=arm, false",
        "'', not-arch=arm, false",
        "cap=KILL, cap=SYS_BOOT, false",
        "cap=KILL, not-cap=KILL, true",
        "cap=KILL, not-cap=SYS_BOOT, false",
        "cap=KILL+SYS_BOOT, not-cap=KILL, true",
        "from=6.1, below=6.0, true",
        "from=6.1, below=6.1, true",
        "from=6.1, below=6.2, false",
        "from=6.1, from=6.2, false",
        "below=6.1, below=6.0, false",
        "from=6.1, '', false",
        "below=6.1, '', false",
    })
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
