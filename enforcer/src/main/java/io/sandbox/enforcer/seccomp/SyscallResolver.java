// SPDX-License-Identifier: Apache-2.0
package io.sandbox.enforcer.seccomp;

import com.sun.jna.Pointer;
import io.sandbox.syscalldb.Arch;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Names and numbers from this machine's libseccomp, which may be older or newer than our tables.
 * Never returns pseudo numbers, which libseccomp has for parts of socketcall and ipc and for calls
 * that an arch lacks: the kernel never sees them. Stateless, safe for use by several threads. All
 * methods throw {@link SeccompException} if the library cannot be loaded.
 */
final class SyscallResolver {
    private final LibSeccomp library;

    /** Never fails: a missing library is reported at the first use. */
    SyscallResolver() {
        this(LibSeccomp.INSTANCE);
    }

    SyscallResolver(LibSeccomp library) {
        this.library = library;
    }

    /** Returns a text such as {@code 2.6.0}. */
    public String version() {
        Pointer version = library.seccomp_version();
        return version.getInt(0) + "." + version.getInt(4) + "." + version.getInt(8);
    }

    /**
     * The number of a call; empty if libseccomp knows no such call on the arch, has only a pseudo
     * number for it, or lacks the arch.
     */
    OptionalInt numberOf(Arch arch, String name) {
        if (arch.seccompToken().isEmpty() || name.indexOf('\0') >= 0) {
            return OptionalInt.empty();
        }
        int number =
                library.seccomp_syscall_resolve_name_arch(arch.seccompToken().getAsInt(), name);
        return number < 0 ? OptionalInt.empty() : OptionalInt.of(number);
    }

    /**
     * The name of a call; empty if libseccomp knows no such call on the arch, or lacks the arch.
     * Numbers of x32 have bit 30 set.
     */
    Optional<String> nameOf(Arch arch, int number) {
        if (arch.seccompToken().isEmpty() || number < 0) {
            return Optional.empty();
        }
        Pointer name =
                library.seccomp_syscall_resolve_num_arch(arch.seccompToken().getAsInt(), number);
        if (name == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(name.getString(0, "US-ASCII"));
        } finally {
            library.free(name);
        }
    }
}
