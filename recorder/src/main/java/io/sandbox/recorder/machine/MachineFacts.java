// SPDX-License-Identifier: Apache-2.0
package io.sandbox.recorder.machine;

import io.sandbox.evidence.Machine;
import io.sandbox.syscalldb.SyscallDb;
import java.util.Optional;

/** Facts about this machine, for recordings. */
public final class MachineFacts {
    private MachineFacts() {}

    public static Machine query() {
        // Java takes it from uname(2). A mount with subset=pid lacks /proc/sys.
        String kernel = System.getProperty("os.version");
        return new Machine(kernel, SyscallDb.get().nativeArch().name(), toolVersion());
    }

    /** The address of the project's page, which the build writes into the jar. */
    public static Optional<String> toolPage() {
        return Optional.ofNullable(MachineFacts.class.getPackage().getImplementationVendor());
    }

    public static String toolVersion() {
        String version = MachineFacts.class.getPackage().getImplementationVersion();
        return version == null ? "(unpackaged)" : version;
    }
}
