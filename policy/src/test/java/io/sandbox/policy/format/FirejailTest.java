// SPDX-License-Identifier: Apache-2.0
package io.sandbox.policy.format;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sandbox.policy.document.PolicyFormatException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Profiles as firejail 0.9.74 takes them (profile.c). */
final class FirejailTest {
    private static Reading read(String text) {
        return PolicyFormat.FIREJAIL.read(text.replace('~', '\n').getBytes(UTF_8));
    }

    @Test
    void read_otherFilters_areTold() {
        assertEquals(
                "[line 2: protocol: is not read]",
                read("seccomp.drop mount~protocol unix~seccomp.block-secondary~")
                        .losses()
                        .toString());
    }

    @Test
    void groups_holdOtherGroups() {
        FirejailGroups groups = new FirejailGroups();
        assertEquals(Optional.empty(), groups.calls("@nonsense"));
        assertEquals(
                List.of("adjtimex", "clock_adjtime", "clock_settime", "settimeofday", "stime"),
                groups.calls("@clock").orElseThrow());
        List<String> usual = groups.calls("@default-nodebuggers").orElseThrow();
        assertTrue(usual.containsAll(List.of("ptrace", "stime", "vm86")), usual.toString());
        assertTrue(usual.stream().noneMatch(call -> call.startsWith("@")), usual.toString());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "seccomp.keep read:EPERM|line 1: read:EPERM: an allowed call cannot have an action",
                "seccomp.keep :EPERM|line 1: :EPERM: an allowed call cannot have an action",
                "quiet~seccomp.drop :EPERM|line 2: not a name: \"\"",
                "quiet~seccomp~seccomp.drop a|line 3: both seccomp.drop and seccomp",
                "quiet|has neither seccomp.keep nor seccomp.drop",
            })
    void read_mistake_isRefused(String text, String expected) {
        PolicyFormatException e = assertThrows(PolicyFormatException.class, () -> read(text));
        assertEquals(expected, e.getMessage());
    }
}
