// SPDX-License-Identifier: Apache-2.0
package io.sandbox.enforcer.seccomp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sandbox.syscalldb.Arch;
import io.sandbox.syscalldb.SyscallDb;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

/** Behaviour without libseccomp, or with another file in its place. */
final class LibSeccompTest {
    private static final Arch X86_64 = SyscallDb.get().archByName("x86_64").orElseThrow();

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
    void resolver_missingLibrary_throwsOnUseOnly() {
        SyscallResolver resolver = new SyscallResolver(new LibSeccomp("libno-such-seccomp.so.2"));
        assertThrows(SeccompException.class, resolver::version);
        assertThrows(SeccompException.class, () -> resolver.numberOf(X86_64, "read"));
        assertThrows(SeccompException.class, () -> resolver.nameOf(X86_64, 0));
    }

    @Test
    void resolver_archThatLibseccompLacks_isEmptyWithoutACall() {
        SyscallResolver resolver = new SyscallResolver(new LibSeccomp("libno-such-seccomp.so.2"));
        Arch riscv32 = SyscallDb.get().archByName("riscv32").orElseThrow();
        assertEquals(OptionalInt.empty(), resolver.numberOf(riscv32, "read"));
        assertEquals(Optional.empty(), resolver.nameOf(riscv32, 63));
    }
}
