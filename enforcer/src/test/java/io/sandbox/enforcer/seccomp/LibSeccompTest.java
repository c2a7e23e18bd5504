// SPDX-License-Identifier: Apache-2.0
package io.sandbox.enforcer.seccomp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sandbox.syscalldb.Arch;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

/** Behaviour without libseccomp, or with another file in its place. */
final class LibSeccompTest {
    private static final Arch X86_64 = Filters.arch("x86_64");

    @Test
    void call_missingLibrary_showsTheSameLinkErrorEachTime() {
        LibSeccomp missing = new LibSeccomp("libno-such-seccomp.so.2");
        SeccompException first = assertThrows(SeccompException.class, missing::seccomp_version);
        SeccompException second =
                assertThrows(SeccompException.class, missing::seccomp_arch_native);
        String message = first.getMessage();
        assertTrue(
                message.startsWith("seccomp_version: cannot load libno-such-seccomp.so.2: "),
                message);
        assertTrue(message.endsWith(" (install the package libseccomp2)"), message);
        assertSame(first.getCause(), second.getCause());
    }

    @Test
    void call_libraryWithoutTheFunction_namesIt() {
        SeccompException e =
                assertThrows(
                        SeccompException.class, new LibSeccomp("libc.so.6")::seccomp_arch_native);
        assertEquals(
                "seccomp_arch_native: not in libc.so.6 (libseccomp is too old)", e.getMessage());
    }

    @Test
    void names_archThatLibseccompLacks_isEmptyWithoutACall() {
        LibSeccomp missing = new LibSeccomp("libno-such-seccomp.so.2");
        Arch riscv32 = Filters.arch("riscv32");
        assertEquals(OptionalInt.empty(), missing.numberOf(riscv32, "read"));
        assertEquals(Optional.empty(), missing.nameOf(riscv32, 63));
    }
}
