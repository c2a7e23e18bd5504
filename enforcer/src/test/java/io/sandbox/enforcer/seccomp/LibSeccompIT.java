// SPDX-License-Identifier: Apache-2.0
package io.sandbox.enforcer.seccomp;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.sun.jna.Function;
import io.sandbox.policy.ErrnoNames;
import io.sandbox.syscalldb.SyscallDb;
import io.sandbox.syscalldb.testing.Table;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EmptySource;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(Filters.class)
final class LibSeccompIT {
    private static final LibSeccomp LIBRARY = LibSeccomp.INSTANCE;

    @Test
    void archNative_isThatOfTheJvm() {
        assertEquals(
                SyscallDb.get().nativeArch().seccompToken(),
                OptionalInt.of(LibSeccomp.INSTANCE.seccomp_arch_native()));
    }

    @Test
    void numberOf_sameNameOnThreeArches_givesThreeNumbers() {
        assertEquals(OptionalInt.of(59), LIBRARY.numberOf(Filters.arch("x86_64"), "execve"));
        assertEquals(OptionalInt.of(0x40000208), LIBRARY.numberOf(Filters.arch("x32"), "execve"));
        assertEquals(OptionalInt.of(221), LIBRARY.numberOf(Filters.arch("aarch64"), "execve"));
    }

    @Table
    @EmptySource
    void numberOf_notAName_isEmpty(String name) {
        assertEquals(OptionalInt.empty(), LIBRARY.numberOf(Filters.arch("x86_64"), name));
    }

    @Test
    void numberOf_pseudoNumber_isEmpty() {
        assertEquals(
                OptionalInt.empty(),
                LIBRARY.numberOf(Filters.arch("i386"), "socket")); // -101, a part of socketcall
        assertEquals(
                OptionalInt.empty(),
                LIBRARY.numberOf(
                        Filters.arch("aarch64"), "open")); // -10001 or below, not on this arch
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, -101, Integer.MIN_VALUE, 336, 100_000, Integer.MAX_VALUE})
    void nameOf_noSuchCall_isEmpty(int number) {
        assertEquals(Optional.empty(), LIBRARY.nameOf(Filters.arch("x86_64"), number));
    }

    // It is not beside ErrnoNames, because it calls native code.

    @Test
    void nameOf_everyNumber_isWhatTheCLibrarySays() {
        Function strerrorname = find();
        for (int number = 1; number < 200; number++) {
            String name = strerrorname.invokeString(new Object[] {number}, false);
            // glibc may choose the other of two names.
            String ours = ErrnoNames.nameOf(number).orElse(null);
            assertEquals(name == null, ours == null, "errno " + number);
            if (name != null) {
                assertEquals(number, ErrnoNames.numberOf(name).orElse(0), name);
            }
        }
    }

    /** Since glibc 2.32. */
    private static Function find() {
        try {
            return Function.getFunction("c", "strerrorname_np");
        } catch (UnsatisfiedLinkError e) {
            return Assumptions.abort("no strerrorname_np: " + e.getMessage());
        }
    }
}
