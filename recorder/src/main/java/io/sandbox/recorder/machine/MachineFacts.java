// SPDX-License-Identifier: Apache-2.0
package io.sandbox.recorder.machine;

import io.sandbox.recorder.evidence.Machine;
import io.sandbox.syscalldb.SyscallDb;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What a recording says about the machine that it was made on. */
public final class MachineFacts {
    private MachineFacts() {}

    public static Machine query() {
        try {
            String kernel = Files.readString(Path.of("/proc/sys/kernel/osrelease")).strip();
            return new Machine(kernel, SyscallDb.get().nativeArch().name(), toolVersion());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The version that the build wrote into the jar. */
    public static String toolVersion() {
        String version = MachineFacts.class.getPackage().getImplementationVersion();
        return version == null ? "(unpackaged)" : version;
    }
}
