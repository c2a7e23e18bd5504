// SPDX-License-Identifier: Apache-2.0
package io.sandbox.enforcer.seccomp;

import com.sun.jna.Function;
import com.sun.jna.LastErrorException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A file without a name, whose descriptor native code can write to. */
final class MemoryFile implements AutoCloseable {
    // memfd_create(2)
    private static final int MFD_CLOEXEC = 1;
    private static final int MFD_NOEXEC_SEAL = 8; // since Linux 6.3
    private static final int EINVAL = 22;

    private final int descriptor;

    MemoryFile() {
        descriptor = create();
    }

    /** The first form is needed with the sysctl vm.memfd_noexec=2, the second before Linux 6.3. */
    private static int create() {
        try {
            return create(MFD_CLOEXEC | MFD_NOEXEC_SEAL);
        } catch (LastErrorException e) {
            if (e.getErrorCode() != EINVAL) {
                throw failure(e);
            }
        }
        try {
            return create(MFD_CLOEXEC);
        } catch (LastErrorException e) {
            throw failure(e);
        }
    }

    private static int create(int flags) {
        return Function.getFunction("c", "memfd_create", Function.THROW_LAST_ERROR)
                .invokeInt(new Object[] {"filter", flags});
    }

    private static SeccompException failure(LastErrorException e) {
        return new SeccompException(
                "memfd_create", e.getMessage(), "libseccomp before 2.6 needs such a file", e);
    }

    int descriptor() {
        return descriptor;
    }

    byte[] readAll() {
        try {
            // Opening the file again starts reading at its beginning.
            return Files.readAllBytes(Path.of("/proc/self/fd/" + descriptor));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        Function.getFunction("c", "close").invokeInt(new Object[] {descriptor});
    }
}
